//! The end of a pass whose vehicle has not been at a gate: what it reserved may go on another one.

use super::work::{Stop, Work};
use super::{gate, holds, linked};
use crate::book::Paper;
use crate::code::PassNo;
use crate::document::{LinkedType, PassVoid};
use crate::hold::{HeldKind, Step};
use crate::movement::{DocumentState, GateProgress};
use crate::pass::Pass;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{OpenPapers, Passes, Progress, Seals};
use std::sync::Arc;

/// `SAS121` with `dclTypecd` 3.
pub(crate) fn void(work: &mut Work<'_>, void: &PassVoid) -> Result<(), Stop> {
    let number = &void.pass_no;
    let Some(pass) = work.get::<Passes>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("passportNo", number).into());
    };
    if pass.state != DocumentState::Filed {
        return Err(not_open(&pass, "FILED").document(number).into());
    }
    holds::may(work, HeldKind::Pass, number, Step::Amend)?;
    match (pass.linked_type, &pass.book_no) {
        (LinkedType::Bill, Some(book_no)) => {
            work.remove::<OpenPapers>((book_no.clone(), Paper::Pass, number.into()));
        }
        (LinkedType::Bill, None) => {}
        (LinkedType::List | LinkedType::Slip, _) => set_free(work, number, &pass)?,
    }
    let state = DocumentState::Cancelled;
    work.names(number.as_str(), state);
    work.state = Some(state);
    work.put::<Passes>(number.clone(), Arc::new(Pass { state, ..(*pass).clone() }));
    Ok(())
}

/// `PASS_NOT_OPEN`: why nothing can be done with a pass.
pub(crate) fn not_open(pass: &Pass, expected: &str) -> Refusal {
    Refusal::new(Reason::PassNotOpen).field("passportNo", pass.state).expected(expected)
}

fn set_free(work: &mut Work<'_>, pass_no: &PassNo, pass: &Pass) -> Result<(), Stop> {
    for number in &pass.linked {
        let linked = linked::find(work, pass.linked_type, number)?;
        let mut progress = linked::progress(work, pass.linked_type, number, &linked)?;
        for share in gate::shares(pass, &linked.lines) {
            let mut lines = linked.lines.iter().zip(Arc::make_mut(&mut progress));
            let found = lines.find(|(line, _)| line.number == share.line);
            let left = found.as_ref().and_then(|(_, line)| line.reserved.checked_sub(share.quantity));
            let (Some((_, line)), Some(left)) = (found, left.filter(|left| !left.is_negative())) else {
                return Err(Stop::Broken(format!("line {} of {number} was not reserved", share.line)));
            };
            line.reserved = left;
        }
        let key = (pass.linked_type, number.clone());
        // A document that no pass names may be changed, and then has other lines.
        if progress.iter().all(|line| *line == GateProgress::default()) {
            work.remove_if_there::<Progress>(key)?;
        } else {
            work.put::<Progress>(key, progress);
        }
        linked.let_go_by_a_pass(work)?;
        if let Some(list_no) = linked.transferred() {
            work.remove_if_there::<Seals>((list_no.clone(), pass_no.clone()))?;
        }
    }
    Ok(())
}
