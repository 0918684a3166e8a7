//! Guards that several documents share: the book's, and those of quantities.

use super::work::{Stop, Work};
use crate::book::Book;
use crate::code::BookNo;
use crate::direction::Direction;
use crate::item::Units;
use crate::measure::Unit;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Books;
use crate::time::LocalTime;
use std::sync::Arc;

/// The book, if it is there and sound.
pub(crate) fn book(work: &mut Work<'_>, book_no: &BookNo, field: &str) -> Result<Arc<Book>, Stop> {
    let Some(book) = work.get::<Books>(book_no.clone())? else {
        return Err(Refusal::new(Reason::BookUnknown).field(field, book_no).into());
    };
    work.touches_book(book_no);
    if book.faulted {
        return Err(Refusal::new(Reason::BookFaulted).document(book_no).into());
    }
    Ok(book)
}

/// The book is in validity on the document's date and, live, today; and not stopped as a whole.
pub(crate) fn open_for(
    work: &Work<'_>,
    book: &Book,
    declared_at: LocalTime,
    direction: Direction,
    field: &str,
) -> Result<(), Stop> {
    let dates = std::iter::once(declared_at.date()).chain(work.live_date());
    for date in dates {
        if date > book.valid_until {
            return Err(Refusal::new(Reason::BookExpired)
                .field(field, date)
                .expected(format!("not after {}", book.valid_until))
                .document(&book.book_no)
                .into());
        }
    }
    if book.stops.stops(direction) {
        return Err(Refusal::new(Reason::BookPaused)
            .field("impexpMarkcd", direction)
            .document(&book.book_no)
            .into());
    }
    Ok(())
}

/// Declared, first and second statutory quantity of a line, with the names of their fields.
pub(crate) struct Quantities<'a> {
    pub(crate) line: u64,
    pub(crate) units: &'a Units,
    pub(crate) declared: Quantity,
    pub(crate) statutory1: Quantity,
    pub(crate) statutory2: Option<Quantity>,
}

impl Quantities<'_> {
    /// `NON_POSITIVE_QTY` (`RULES.md` 2.8, 5.3.1).
    pub(crate) fn positive(&self) -> Result<(), Stop> {
        positive(self.line, "dclQty", Unit::Declared, self.declared)?;
        positive(self.line, "lawfQty", Unit::Statutory1, self.statutory1)?;
        self.statutory2.map_or(Ok(()), |given| positive(self.line, "secdLawfQty", Unit::Statutory2, given))
    }

    /// `SECOND_QTY_MISMATCH` and `STATUTORY_QTY_MISMATCH` (`RULES.md` 2.8).
    pub(crate) fn agree_with_units(&self) -> Result<(), Stop> {
        if self.statutory2.is_some() != self.units.statutory2.is_some() {
            let (value, expected) = match self.statutory2 {
                Some(given) => (given.to_string(), "none: there is no second statutory unit".to_owned()),
                None => ("none".to_owned(), "a quantity in the second statutory unit".to_owned()),
            };
            return Err(Refusal::new(Reason::SecondQtyMismatch)
                .line(self.line)
                .field("secdLawfQty", value)
                .expected(expected)
                .into());
        }
        self.same_in_same_unit("lawfQty", self.units.statutory1 == self.units.declared, self.statutory1)?;
        let second_is_declared = self.units.statutory2.as_ref() == Some(&self.units.declared);
        self.statutory2
            .map_or(Ok(()), |given| self.same_in_same_unit("secdLawfQty", second_is_declared, given))
    }

    fn same_in_same_unit(&self, field: &str, same_unit: bool, quantity: Quantity) -> Result<(), Stop> {
        if same_unit && quantity != self.declared {
            return Err(Refusal::new(Reason::StatutoryQtyMismatch)
                .line(self.line)
                .field(field, quantity)
                .expected(self.declared)
                .into());
        }
        Ok(())
    }
}

/// `NON_POSITIVE_QTY` of one quantity.
pub(crate) fn positive(line: u64, field: &str, unit: Unit, quantity: Quantity) -> Result<(), Stop> {
    if quantity.is_positive() {
        return Ok(());
    }
    let mut refusal =
        Refusal::new(Reason::NonPositiveQty).line(line).field(field, quantity).expected("more than 0");
    refusal.unit = Some(unit);
    Err(refusal.into())
}

/// `INVALID_FIELD`: what is no guard of stock, a value or an opening balance, adds to counters all the same, and these
/// only grow.
pub(crate) fn not_negative(line: u64, field: &str, quantity: Quantity) -> Result<(), Stop> {
    if !quantity.is_negative() {
        return Ok(());
    }
    Err(Refusal::new(Reason::InvalidField).line(line).field(field, quantity).expected("0 or more").into())
}

/// `UNIT_MISMATCH`: the three units of a line are those of its item.
pub(crate) fn same_units(line: u64, given: &Units, filed: &Units) -> Result<(), Stop> {
    let none = || "none".to_owned();
    let pairs = [
        ("dclUnitcd", given.declared.to_string(), filed.declared.to_string()),
        ("lawfUnitcd", given.statutory1.to_string(), filed.statutory1.to_string()),
        (
            "secdLawfUnitcd",
            given.statutory2.as_ref().map_or_else(none, ToString::to_string),
            filed.statutory2.as_ref().map_or_else(none, ToString::to_string),
        ),
    ];
    for (field, given, filed) in pairs {
        if given != filed {
            return Err(Refusal::new(Reason::UnitMismatch)
                .line(line)
                .field(field, given)
                .expected(filed)
                .into());
        }
    }
    Ok(())
}

/// `NAMED_TWICE`: numbers of lines or rows stand once each.
pub(crate) fn once_each(field: &str, numbers: impl Iterator<Item = u64>) -> Result<(), Stop> {
    let mut seen = std::collections::BTreeSet::new();
    for number in numbers {
        if !seen.insert(number) {
            return Err(Refusal::new(Reason::NamedTwice).line(number).field(field, number).into());
        }
    }
    Ok(())
}

/// `TOO_LARGE`: not more than a step may have (`design.md` 10).
pub(crate) fn at_most(field: &str, count: usize, count_max: usize) -> Result<(), Stop> {
    if count > count_max {
        return Err(Refusal::new(Reason::TooLarge)
            .field(field, count)
            .expected(format!("at most {count_max}"))
            .into());
    }
    Ok(())
}
