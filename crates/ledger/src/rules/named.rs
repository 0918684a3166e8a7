//! Goods that a line names where they stand: disposals and adjustments (`domain.md` 3.4 rows 23 to 26 and 30).

use super::goods::Goods;
use super::guards::{self, Quantities};
use super::units;
use super::work::{Stop, Work};
use crate::book::Book;
use crate::direction::Mark;
use crate::disposal::OpenGoods;
use crate::document::NamedGoods;
use crate::item::{Item, ItemKey};
use crate::measure::{Measure, Unit};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::unit::UnitReceipt;
use std::sync::Arc;

/// What a line turned out to be about.
pub(crate) struct Found {
    pub(crate) item: Arc<Item>,
    pub(crate) open: OpenGoods,
    /// Of a unit or a part of one.
    pub(crate) receipt: Option<UnitReceipt>,
}

/// Goods that are in stock. Whether there is enough is tested over the whole document.
pub(crate) fn in_stock(work: &mut Work<'_>, book: &Book, named: &NamedGoods) -> Result<Found, Stop> {
    let found = find(work, book, named)?;
    let stock = goods(named, &found.open, Measure::ZERO).position(book, Place::stock(book.usage, named.mark));
    let there = work.counters(&stock)?.on_hand().ok_or_else(Stop::overflow)?;
    let second = named.statutory2.unwrap_or_default();
    guards::positive(named.line, "dclQty", Unit::Declared, named.declared)?;
    for (field, unit, given) in
        [("lawfQty", Unit::Statutory1, named.statutory1), ("secdLawfQty", Unit::Statutory2, second)]
    {
        // A stock that has nothing in a unit, such as one that was used by BOM, can be named without it.
        if !(given.is_zero() && there.get(unit).is_zero()) {
            guards::positive(named.line, field, unit, given)?;
        }
    }
    Ok(found)
}

/// Goods that a count found and the book does not have.
pub(crate) fn beyond_stock(work: &mut Work<'_>, book: &Book, named: &NamedGoods) -> Result<Found, Stop> {
    let found = find(work, book, named)?;
    quantities(named, &found.item).positive()?;
    if named.serial.is_some() && named.mark == Mark::Goods {
        let unit = goods(named, &found.open, Measure::ZERO).position(book, Place::Zone);
        if units::is_somewhere(work, &unit)? {
            return Err(Refusal::new(Reason::SerialExists)
                .line(named.line)
                .field("serial", named.serial.as_ref().map_or("", |serial| serial.as_str()))
                .expected("a unit that the book has nowhere")
                .document(&book.book_no)
                .into());
        }
    }
    Ok(found)
}

fn quantities<'a>(named: &NamedGoods, item: &'a Item) -> Quantities<'a> {
    Quantities {
        line: named.line,
        units: &item.units,
        declared: named.declared,
        statutory1: named.statutory1,
        statutory2: named.statutory2,
    }
}

fn find(work: &mut Work<'_>, book: &Book, named: &NamedGoods) -> Result<Found, Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: named.mark, number: named.number };
    let item = guards::item(work, key, named.line, "number")?;
    quantities(named, &item).agree_with_units()?;
    guards::not_negative(named.line, "value_usd", named.value_usd)?;
    if item.tracked_by_serial && named.declared != Quantity::whole(1) {
        return Err(Refusal::new(Reason::InvalidField)
            .line(named.line)
            .field("dclQty", named.declared)
            .expected("1: one unit on a line")
            .into());
    }
    let ((lot, serial), receipt) = units::named(work, book, named, &item)?;
    Ok(Found { item, open: OpenGoods { lot, serial, left: named.measure() }, receipt })
}

/// Some of the goods of a line, on their way.
pub(crate) fn goods<'a>(named: &NamedGoods, open: &'a OpenGoods, measure: Measure) -> Goods<'a> {
    Goods {
        line: named.line,
        mark: named.mark,
        number: named.number,
        lot: open.lot.as_ref(),
        serial: open.serial.as_ref(),
        measure,
    }
}
