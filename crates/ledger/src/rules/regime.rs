//! The consumption regime of a processing book: how it is given, and when it may change (`domain.md` 3.1).

use super::work::{Stop, Work};
use crate::book::{Book, BookKind, BookingMode, Regime, Usage};
use crate::document::BookFiling;
use crate::measure::Unit;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;

/// What only some books can be.
pub(crate) fn fits(filing: &BookFiling) -> Result<(), Stop> {
    given_to_processing(filing, filing.usage)?;
    if filing.usage.is_bonded() {
        return Ok(());
    }
    let wrong = |field: &str, value: &dyn std::fmt::Display, expected: &dyn std::fmt::Display| {
        let refusal = Refusal::new(Reason::InvalidField).field(field, value).expected(expected);
        Err(refusal.document(&filing.book_no).into())
    };
    match (filing.kind, filing.booking_mode) {
        (BookKind::Processing, _) => wrong("kind", &filing.kind, &BookKind::Logistics),
        (_, BookingMode::RowPerReceipt) => {
            wrong("appendTypecd", &filing.booking_mode, &BookingMode::Accumulating)
        }
        _ => Ok(()),
    }
}

fn given_to_processing(filing: &BookFiling, usage: Usage) -> Result<(), Stop> {
    match filing.regime {
        Some(regime) if usage != Usage::Processing => Err(Refusal::new(Reason::InvalidField)
            .field("regime", regime)
            .expected(format!("none, but in a book of usage {}", Usage::Processing))
            .document(&filing.book_no)
            .into()),
        _ => Ok(()),
    }
}

/// Takes over the regime that a change says. No order may be open; and products that orders made into stock must be gone,
/// as they leave under no other regime.
pub(crate) fn change(work: &Work<'_>, book: &mut Book, filing: &BookFiling) -> Result<(), Stop> {
    given_to_processing(filing, book.usage)?;
    let Some(regime) = filing.regime.filter(|regime| *regime != book.regime) else { return Ok(()) };
    let in_use = |expected: &str| {
        Refusal::new(Reason::RegimeInUse).field("regime", regime).expected(expected).document(&book.book_no)
    };
    if book.open_orders > 0 {
        let expected = format!("{}, as work orders are open: {}", book.regime, book.open_orders);
        return Err(in_use(&expected).into());
    }
    if book.regime == Regime::WorkOrder
        && let Some((position, on_hand)) = work.product_in_stock(&book.book_no)?
    {
        let expected = format!("{}, as product {} is in stock", book.regime, position.number);
        let refusal = in_use(&expected);
        return Err(refusal.short(Some(position.place), Unit::Declared, Quantity::ZERO, on_hand).into());
    }
    book.regime = regime;
    Ok(())
}
