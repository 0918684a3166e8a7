//! Returns: a list that brings goods back takes not more than its original moved (`domain.md` 3.1, 3.4 row 27).
//!
//! `RULES.md` asks for no original, so the guard holds where one is named; a dated parameter makes naming one a duty.

use super::work::{Stop, Work};
use super::{lists, parameters, undoing};
use crate::book::Book;
use crate::code::ListNo;
use crate::document::List;
use crate::limits::RETURNED_SHARES_MAX;
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::parameter::Parameter;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::returns::ReturnedShare;
use crate::state::{Movements, ReturnedBy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Claims what a list returns; the claim is kept line by line.
///
/// A line that opens a row says in `putrecSeqno` which item of the original comes back.
pub(crate) fn claim(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let Some(original_no) = &list.related_list else { return may_be_unnamed(work) };
    let original = original(work, book, list, original_no)?;
    let mut left = left_to_return(work, &original)?;
    let mut shares = work.get::<ReturnedBy>(original_no.clone())?.unwrap_or_default();
    super::guards::at_most("rltInvtNo", shares.len().saturating_add(lines.len()), RETURNED_SHARES_MAX)?;
    for line in lines {
        let filed = &line.filed;
        let Some(left) = left.get_mut(&filed.number) else {
            return Err(Refusal::new(Reason::ReturnOriginalMismatch)
                .line(filed.line)
                .field("putrecSeqno", filed.number)
                .expected(format!("an item of list {original_no}"))
                .document(original_no)
                .into());
        };
        if filed.declared > *left {
            return Err(Refusal::new(Reason::ReturnExceedsOriginal)
                .line(filed.line)
                .field("putrecSeqno", filed.number)
                .document(original_no)
                .short(None, Unit::Declared, filed.declared, *left)
                .into());
        }
        *left = left.checked_sub(filed.declared).ok_or_else(Stop::overflow)?;
        Arc::make_mut(&mut shares).push(ReturnedShare {
            list_no: list.list_no.clone(),
            line: filed.line,
            number: filed.number,
            declared: filed.declared,
        });
    }
    work.put::<ReturnedBy>(original_no.clone(), shares);
    Ok(())
}

fn may_be_unnamed(work: &Work<'_>) -> Result<(), Stop> {
    if !parameters::today(work, Parameter::ReturnOriginalRequired)?.is_positive() {
        return Ok(());
    }
    Err(Refusal::new(Reason::DocumentUnknown)
        .field("rltInvtNo", "")
        .expected("the list whose goods come back")
        .into())
}

/// The list whose goods come back: of the same book and mark, in the other direction, posted.
fn original(work: &Work<'_>, book: &Book, list: &List, original_no: &ListNo) -> Result<Arc<Movement>, Stop> {
    let Some(original) = work.get::<Movements>(original_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("rltInvtNo", original_no)
            .document(original_no)
            .into());
    };
    let mismatch = |field: &str, value: &dyn std::fmt::Display, expected: String| -> Result<_, Stop> {
        Err(Refusal::new(Reason::ReturnOriginalMismatch)
            .field(field, value)
            .expected(expected)
            .document(original_no)
            .into())
    };
    if original.book_no != book.book_no {
        return mismatch("putrecNo", &original.book_no, book.book_no.to_string());
    }
    if original.direction == list.direction {
        return mismatch("impexpMarkcd", &original.direction, "a list in the other direction".into());
    }
    if original.mark != list.mark {
        return mismatch("mtpckEndprdMarkcd", &original.mark, list.mark.to_string());
    }
    match original.state {
        DocumentState::Posted | DocumentState::Verified => Ok(original),
        other => mismatch("rltInvtNo", &other, "POSTED or VERIFIED".into()),
    }
}

/// What is left to return of each item of a list: what it moved, less what corrections undo, less earlier returns. An
/// item that is overdrawn, because corrections came later, has nothing left.
pub(crate) fn left_to_return(work: &Work<'_>, original: &Movement) -> Result<BTreeMap<u64, Quantity>, Stop> {
    let lines = lists::content(work, original)?;
    let undone = undoing::undone(work, original, &lines)?;
    let mut left: BTreeMap<u64, Quantity> = BTreeMap::new();
    for (line, undone) in lines.iter().zip(undone.iter()) {
        let undone = undone.sum().ok_or_else(Stop::overflow)?.declared();
        let moved = line.filed.declared.checked_sub(undone).ok_or_else(Stop::overflow)?;
        let sum = left.entry(line.filed.number).or_default();
        *sum = sum.checked_add(moved).ok_or_else(Stop::overflow)?;
    }
    for share in work.get::<ReturnedBy>(original.list_no.clone())?.unwrap_or_default().iter() {
        if let Some(sum) = left.get_mut(&share.number) {
            *sum = sum.checked_sub(share.declared).ok_or_else(Stop::overflow)?;
        }
    }
    Ok(left)
}

/// Gives back what a withdrawn list, or replaced lines of one, took of the original.
pub(crate) fn free(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    let Some(original_no) = &movement.original else { return Ok(()) };
    let mut shares = work.get::<ReturnedBy>(original_no.clone())?.unwrap_or_default();
    Arc::make_mut(&mut shares).retain(|share| share.list_no != movement.list_no);
    work.put::<ReturnedBy>(original_no.clone(), shares);
    Ok(())
}

/// Gives back part of what one line of a returning list took.
pub(crate) fn give_back(
    work: &mut Work<'_>,
    movement: &Movement,
    line: u64,
    declared: Quantity,
) -> Result<(), Stop> {
    let Some(original_no) = &movement.original else { return Ok(()) };
    let broken =
        || Stop::Broken(format!("line {line} of {} returns less than it gives back", movement.list_no));
    let mut shares = work.get::<ReturnedBy>(original_no.clone())?.unwrap_or_default();
    let own = |share: &&mut ReturnedShare| share.list_no == movement.list_no && share.line == line;
    let share = Arc::make_mut(&mut shares).iter_mut().find(own).ok_or_else(broken)?;
    share.declared =
        share.declared.checked_sub(declared).filter(|left| !left.is_negative()).ok_or_else(broken)?;
    work.put::<ReturnedBy>(original_no.clone(), shares);
    Ok(())
}
