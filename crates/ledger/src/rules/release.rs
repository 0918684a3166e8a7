//! The first gate: release of the declaration (`RULES.md` 8.5).

use super::work::{Stop, Work};
use super::{guards, lists, posting, standing};
use crate::code::{DeclarationNo, ListNo};
use crate::document::{DeclarationAssignment, DeclarationNotice};
use crate::movement::{DocumentState, Movement};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Declarations, Movements};
use std::sync::Arc;

/// `DEC_RESULT`. The first notice that releases counts; lists that come later are released on acceptance.
pub(crate) fn notice(work: &mut Work<'_>, notice: &DeclarationNotice) -> Result<(), Stop> {
    if !notice.releases {
        work.state = Some(DocumentState::Noted);
        return Ok(());
    }
    let mut declaration = work.get::<Declarations>(notice.declaration_no.clone())?.unwrap_or_default();
    let first = declaration.release_time.is_none();
    let mut waiting = 0_usize;
    for list_no in declaration.lists.clone() {
        let Some(movement) = work.get::<Movements>(list_no)? else { continue };
        if matches!(movement.state, DocumentState::Withdrawn | DocumentState::Returned) {
            continue;
        }
        waiting += 1;
        if first {
            let released = Movement { release_time: Some(notice.noticed_at), ..(*movement).clone() };
            posting::settle(work, released)?;
        }
    }
    if first {
        Arc::make_mut(&mut declaration).release_time = Some(notice.noticed_at);
        work.put::<Declarations>(notice.declaration_no.clone(), declaration);
    }
    work.state = Some(if waiting == 0 { DocumentState::Held } else { DocumentState::Released });
    Ok(())
}

/// `INV202`: a list that was accepted without the number of its declaration, or with another one, gets it. If that
/// declaration is released already, so is the list (`RULES.md` 8.5).
pub(crate) fn assign(work: &mut Work<'_>, assignment: &DeclarationAssignment) -> Result<(), Stop> {
    let list_no = &assignment.list_no;
    let Some(movement) = work.get::<Movements>(list_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("invtNo", list_no).into());
    };
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let because = |reason| Err(Refusal::new(reason).field("invtNo", list_no).into());
    match movement.state_in(&book) {
        DocumentState::PrePosted => {}
        DocumentState::Withdrawn => return because(Reason::AlreadyWithdrawn),
        DocumentState::Returned => return because(Reason::AlreadyReturned),
        DocumentState::Verified => return because(Reason::PeriodVerified),
        _ => return because(Reason::AlreadyPosted),
    }
    if !movement.declared {
        return Err(standing::not_applicable(&movement, "dclcusFlag", "2", "a list with a declaration"));
    }
    if movement.declaration_no.as_ref() != Some(&assignment.declaration_no) {
        if movement.release_time.is_some() {
            return because(Reason::AlreadyReleased);
        }
        declare(work, &movement, &assignment.declaration_no)?;
    }
    work.state = work.get::<Movements>(list_no.clone())?.map(|movement| movement.state);
    if let Some(state) = work.state {
        work.names(list_no.as_str(), state);
    }
    Ok(())
}

/// Puts a pre-posted list under a declaration, instead of the one it had; a release that came first counts.
pub(crate) fn declare(
    work: &mut Work<'_>,
    list: &Movement,
    declaration_no: &DeclarationNo,
) -> Result<(), Stop> {
    if let Some(before) = &list.declaration_no {
        unlink(work, before, &list.list_no)?;
    }
    let mut movement = Movement { declaration_no: Some(declaration_no.clone()), ..list.clone() };
    lists::link_declaration(work, &mut movement)?;
    posting::settle(work, movement)
}

/// The declaration that it had does not release it any more.
fn unlink(work: &mut Work<'_>, declaration_no: &DeclarationNo, list_no: &ListNo) -> Result<(), Stop> {
    let mut declaration = work.get::<Declarations>(declaration_no.clone())?.unwrap_or_default();
    Arc::make_mut(&mut declaration).lists.retain(|linked| linked != list_no);
    work.put::<Declarations>(declaration_no.clone(), declaration);
    Ok(())
}
