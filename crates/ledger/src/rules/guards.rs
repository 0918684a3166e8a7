//! Guards that several documents share: the book's, and those of quantities.

use super::work::{Stop, Work};
use crate::book::{Act, Book, UNDER_CASE};
use crate::code::{BookNo, CustomsNo, TariffCode, UnitCode};
use crate::direction::Direction;
use crate::item::{Item, ItemKey, Units};
use crate::measure::Unit;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, Items};
use crate::time::{Date, LocalTime};
use std::fmt::Display;
use std::sync::Arc;

/// The book, if it is there and sound.
pub(crate) fn book(work: &mut Work<'_>, book_no: &BookNo, field: &str) -> Result<Arc<Book>, Stop> {
    let Some(book) = work.get::<Books>(book_no.clone())? else {
        return Err(Refusal::new(Reason::BookUnknown).field(field, book_no).into());
    };
    work.enters(&book);
    if book.faulted {
        return Err(Refusal::new(Reason::BookFaulted).document(book_no).into());
    }
    if book.cancelled.is_some() {
        return Err(Refusal::new(Reason::BookCancelled).field(field, book_no).document(book_no).into());
    }
    Ok(book)
}

/// The book, for something new: besides, what is wanted may be done with it as customs looks at it now.
pub(crate) fn book_for(
    work: &mut Work<'_>,
    book_no: &BookNo,
    field: &str,
    act: Act,
) -> Result<Arc<Book>, Stop> {
    let book = book(work, book_no, field)?;
    match &book.case {
        Some(case) if !UNDER_CASE.contains(&(act, true)) => Err(Refusal::new(Reason::BookUnderCase)
            .field("rcaseMarkcd", &case.case_no)
            .expected(format!("no {act} while the book is under investigation"))
            .document(book_no)
            .into()),
        _ => Ok(book),
    }
}

/// The document is filed by the owner of the book.
pub(crate) fn owned_by(book: &Book, owner: &CustomsNo, field: &str) -> Result<(), Stop> {
    if *owner == book.owner {
        return Ok(());
    }
    Err(Refusal::new(Reason::BookOwnerMismatch)
        .field(field, owner)
        .expected(&book.owner)
        .document(&book.book_no)
        .into())
}

/// The book is in validity on the document's date.
pub(crate) fn book_in_validity(
    work: &Work<'_>,
    book: &Book,
    declared_at: LocalTime,
    field: &str,
) -> Result<(), Stop> {
    in_validity(work, declared_at, book.valid_until, Reason::BookExpired, field, &book.book_no)
}

/// A document's date, and live today, is not after the last day of validity of a book or permit.
pub(crate) fn in_validity(
    work: &Work<'_>,
    declared_at: LocalTime,
    valid_until: Date,
    reason: Reason,
    field: &str,
    document: impl Display,
) -> Result<(), Stop> {
    let mut dates = std::iter::once(declared_at.date()).chain(work.live_date());
    match dates.find(|date| *date > valid_until) {
        None => Ok(()),
        Some(date) => Err(Refusal::new(reason)
            .field(field, date)
            .expected(format!("not after {valid_until}"))
            .document(document)
            .into()),
    }
}

/// The book is not stopped as a whole.
pub(crate) fn book_not_stopped(book: &Book, direction: Direction) -> Result<(), Stop> {
    if book.stops.stops(direction) {
        return Err(Refusal::new(Reason::BookPaused)
            .field("impexpMarkcd", direction)
            .document(&book.book_no)
            .into());
    }
    Ok(())
}

/// `NON_BONDED_BOOK`: the document is for bonded goods.
pub(crate) fn bonded(book: &Book) -> Result<(), Stop> {
    if book.usage.is_bonded() {
        return Ok(());
    }
    Err(Refusal::new(Reason::NonBondedBook)
        .field("usage", book.usage)
        .expected("a book of bonded goods; these move by gate registration or change of status")
        .document(&book.book_no)
        .into())
}

/// The item of a line, if it is filed.
pub(crate) fn item(work: &Work<'_>, key: ItemKey, line: u64, field: &str) -> Result<Arc<Item>, Stop> {
    let (book_no, number) = (key.book_no.clone(), key.number);
    work.get::<Items>(key)?.ok_or_else(|| {
        Refusal::new(Reason::ItemNotFiled).line(line).field(field, number).document(book_no).into()
    })
}

/// `HS_MISMATCH`: the tariff code of a line is that of its item.
pub(crate) fn same_tariff_code(line: u64, given: &TariffCode, item: &Item) -> Result<(), Stop> {
    if *given == item.tariff_code {
        return Ok(());
    }
    Err(Refusal::new(Reason::HsMismatch).line(line).field("gdecd", given).expected(&item.tariff_code).into())
}

/// `ITEM_PAUSED`: customs has not stopped the item in this direction.
pub(crate) fn item_not_stopped(
    item: &Item,
    direction: Direction,
    line: u64,
    number: u64,
    book: &Book,
) -> Result<(), Stop> {
    if !item.stops.stops(direction) {
        return Ok(());
    }
    Err(Refusal::new(Reason::ItemPaused)
        .line(line)
        .field("putrecSeqno", number)
        .document(&book.book_no)
        .into())
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

/// `UNIT_MISMATCH` of the declared unit alone, where the document gives no other.
pub(crate) fn same_declared_unit(line: u64, given: &UnitCode, item: &Item) -> Result<(), Stop> {
    if *given == item.units.declared {
        return Ok(());
    }
    Err(Refusal::new(Reason::UnitMismatch)
        .line(line)
        .field("dclUnitcd", given)
        .expected(&item.units.declared)
        .into())
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

/// `INVALID_FIELD`, with what would be right.
pub(crate) fn invalid(field: &str, value: impl Display, expected: impl Display) -> Stop {
    Refusal::new(Reason::InvalidField).field(field, value).expected(expected).into()
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
