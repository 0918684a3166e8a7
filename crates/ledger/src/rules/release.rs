//! The first gate: release of the declaration (`RULES.md` 8.5).

use super::posting;
use super::work::{Stop, Work};
use crate::document::DeclarationNotice;
use crate::movement::{DocumentState, Movement};
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
