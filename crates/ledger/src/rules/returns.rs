//! Returns: a list that brings goods back takes not more than its original moved (`domain.md` 3.1, 3.4 row 27).
//!
//! `RULES.md` asks for no original, so the guard holds where one is named; a dated parameter makes naming one a duty.

use super::work::{Stop, Work};
use super::{parameters, shares};
use crate::book::Book;
use crate::code::ListNo;
use crate::document::List;
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::parameter::Parameter;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Movements, ReturnedBy};
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
    let mut left = shares::left::<ReturnedBy>(work, &original)?;
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
    }
    shares::take::<ReturnedBy>(work, original_no, "rltInvtNo", list, lines)
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
