//! Bills of lading: what came in before its list, and who claims it (`RULES.md` 8.6).

use super::work::{Stop, Work};
use crate::book::{Book, BookingMode};
use crate::code::BillNo;
use crate::document::List;
use crate::measure::Unit;
use crate::movement::{Movement, MovementLine};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Bills;

/// Per item not more than entered the book on that bill and is not claimed by another list; the claim is kept.
pub(crate) fn claim(work: &mut Work<'_>, book: &Book, list: &List) -> Result<(), Stop> {
    if book.booking_mode == BookingMode::RowPerReceipt {
        return Err(Refusal::new(Reason::Unsupported)
            .field("appendTypecd", book.booking_mode)
            .expected("an accumulating book for goods that entered on a bill of lading")
            .into());
    }
    for line in &list.lines {
        let short = |entered: Quantity| -> Stop {
            Refusal::new(Reason::SuspenseExceeded)
                .line(line.line)
                .field("applyNo", list.bill_no.as_ref().map_or("", |bill| bill.as_str()))
                .document(&book.book_no)
                .short(Some(Place::SuspenseIn), Unit::Declared, line.declared, entered)
                .into()
        };
        let Some(bill_no) = &list.bill_no else { return Err(short(Quantity::ZERO)) };
        let key = (book.book_no.clone(), bill_no.clone(), line.number);
        let mut bill = work.get::<Bills>(key.clone())?.unwrap_or_default();
        let free = bill.entered.checked_sub(bill.claimed).ok_or_else(Stop::overflow)?;
        if line.declared > free {
            return Err(short(free));
        }
        bill.claimed = bill.claimed.checked_add(line.declared).ok_or_else(Stop::overflow)?;
        work.put::<Bills>(key, bill);
    }
    Ok(())
}

/// Gives the claims of a withdrawn list back.
pub(crate) fn free(work: &mut Work<'_>, movement: &Movement, lines: &[MovementLine]) -> Result<(), Stop> {
    let Some(bill_no) = &movement.bill_no else { return Ok(()) };
    for line in lines {
        let key = (movement.book_no.clone(), bill_no.clone(), line.filed.number);
        let mut bill = work.get::<Bills>(key.clone())?.unwrap_or_default();
        bill.claimed = bill
            .claimed
            .checked_sub(line.filed.declared)
            .filter(|claimed| !claimed.is_negative())
            .ok_or_else(|| Stop::Broken(format!("bill {bill_no} gives back more than was claimed")))?;
        work.put::<Bills>(key, bill);
    }
    Ok(())
}

/// Goods that came in on a bill.
pub(crate) fn enter(
    work: &mut Work<'_>,
    book: &Book,
    bill_no: &BillNo,
    number: u64,
    quantity: Quantity,
) -> Result<(), Stop> {
    let key = (book.book_no.clone(), bill_no.clone(), number);
    let mut bill = work.get::<Bills>(key.clone())?.unwrap_or_default();
    bill.since = bill.since.or(Some(work.now()));
    bill.entered = bill.entered.checked_add(quantity).ok_or_else(Stop::overflow)?;
    work.put::<Bills>(key, bill);
    Ok(())
}
