//! Carry-over to a successor (账册结转): all that is in stock of each item leaves one book and enters the other, in one
//! step, so that the goods are never in both and never in none.

use super::goods::{self, Goods, Transfer, along, carry_lots};
use super::layers::Wishes;
use super::work::{Stop, Work};
use super::{guards, lines};
use crate::book::{Act, Book, BookingMode, Usage};
use crate::carry_over::CarryOver;
use crate::direction::{Direction, Mark, Stops};
use crate::document::{CarryOverFiling, CarryOverLine};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey};
use crate::limits::LINES_MAX;
use crate::matrix::{MatrixRow, Provenance};
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, CarryOvers, Items, LeasedUnits};
use std::sync::Arc;

/// Both sides or neither, at one revision.
pub(crate) fn file(work: &mut Work<'_>, filing: &CarryOverFiling) -> Result<(), Stop> {
    sound(filing)?;
    let number = &filing.carry_over_no;
    if work.get::<CarryOvers>(number.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("carry_over_no", number).into());
    }
    let from = guards::book_for(work, &filing.from_book, "from_book", Act::CarryOver)?;
    let mut to = (*guards::book_for(work, &filing.to_book, "to_book", Act::CarryOver)?).clone();
    for (book, direction) in [(&*from, Direction::Out), (&to, Direction::In)] {
        guards::owned_by(book, &filing.owner, "owner")?;
        guards::book_not_stopped(book, direction)?;
    }
    // The book that is succeeded may be over: that is when it is.
    guards::book_in_validity(work, &to, filing.declared_at, "declared_at")?;
    go_together(&from, &to)?;
    let mut kept = filing.clone();
    let mut carried = Vec::with_capacity(filing.lines.len());
    let (mut out, mut into) = (Vec::new(), Vec::new());
    for line in &mut kept.lines {
        let item = leaving(work, &from, line)?;
        let measure = all_in_stock(work, &from, &item, line)?;
        move_along(&from, MatrixRow::CarryOut, (line, line.number), &item, measure, &mut out)?;
        let (entered, item) = entering(work, &mut to, &item, line)?;
        line.to_number = Some(entered);
        move_along(&to, MatrixRow::CarryIn, (line, entered), &item, measure, &mut into)?;
        carried.push(measure);
    }
    let mover = Mover::from(number);
    for (row, transfers) in [(MatrixRow::CarryOut, out), (MatrixRow::CarryIn, into)] {
        let goes_on = goods::rule(row)?.provenance == Provenance::Inherited;
        let wishes = Wishes { continues: Some(&mover).filter(|_| goes_on), ..Wishes::default() };
        carry_lots(work, Action::PostAtOnce, &mover, &transfers, wishes)?;
        let document = mover.number.clone();
        work.steps.push(Step { action: Action::PostAtOnce, document, version: 0, row: Some(row) });
    }
    if to.booking_mode == BookingMode::RowPerReceipt {
        work.put::<Books>(to.book_no.clone(), Arc::new(to));
    }
    let row = CarryOver { filed: kept, carried, posted_time: work.now() };
    work.put::<CarryOvers>(number.clone(), Arc::new(row));
    work.state = Some(DocumentState::Posted);
    Ok(())
}

/// Some lines, not too many, each once and each of another item.
fn sound(filing: &CarryOverFiling) -> Result<(), Stop> {
    guards::at_most("lines", filing.lines.len(), LINES_MAX)?;
    if filing.lines.is_empty() {
        let expected = "at least one line";
        return Err(Refusal::new(Reason::InvalidField).field("lines", 0).expected(expected).into());
    }
    guards::once_each("line", filing.lines.iter().map(|line| line.line))?;
    for mark in Mark::ALL {
        let of_mark = filing.lines.iter().filter(|line| line.mark == *mark);
        guards::once_each("number", of_mark.map(|line| line.number))?;
    }
    Ok(())
}

fn mismatch(field: &str, value: impl std::fmt::Display, expected: impl std::fmt::Display) -> Refusal {
    Refusal::new(Reason::CarryOverMismatch).field(field, value).expected(expected)
}

/// Two books of one zone and one sort: what could be done with the goods before can be done after.
fn go_together(from: &Book, to: &Book) -> Result<(), Stop> {
    if from.book_no == to.book_no {
        return Err(mismatch("to_book", &to.book_no, "another book").into());
    }
    let fields = [
        ("office", to.office.to_string(), from.office.to_string()),
        ("kind", to.kind.to_string(), from.kind.to_string()),
        ("usage", to.usage.to_string(), from.usage.to_string()),
        ("regime", to.regime.to_string(), from.regime.to_string()),
        ("booking_mode", to.booking_mode.to_string(), from.booking_mode.to_string()),
    ];
    match fields.into_iter().find(|(_, to, from)| to != from) {
        None => Ok(()),
        Some((field, value, expected)) => Err(mismatch(field, value, expected).document(&to.book_no).into()),
    }
}

/// The item that goods leave. Units known by serial number, and parts removed from them, are bound to the list that they
/// came on, which decides where they may go; they leave by list.
fn leaving(work: &Work<'_>, from: &Book, line: &CarryOverLine) -> Result<Arc<Item>, Stop> {
    let key = ItemKey { book_no: from.book_no.clone(), mark: line.mark, number: line.number };
    let item = guards::item(work, key, line.line, "number")?;
    guards::item_not_stopped(&item, Direction::Out, line.line, line.number, from)?;
    let removed = from.usage == Usage::Repair && line.mark == Mark::Residue;
    if item.tracked_by_serial || removed {
        return Err(mismatch("number", line.number, "goods other than units in repair and parts of them")
            .line(line.line)
            .document(&from.book_no)
            .into());
    }
    if let Some(lease) = work.get::<LeasedUnits>((from.book_no.clone(), line.number))? {
        return Err(Refusal::new(Reason::LeaseUnitTaken)
            .line(line.line)
            .field("number", line.number)
            .expected("an asset under no open lease")
            .document(&lease)
            .into());
    }
    Ok(item)
}

/// All that is there, if nothing waits. A value below nothing, as roundings may leave it, stays behind.
fn all_in_stock(
    work: &mut Work<'_>,
    from: &Book,
    item: &Item,
    line: &CarryOverLine,
) -> Result<Measure, Stop> {
    let place = Place::stock(from.usage, line.mark);
    let position = goods(line, line.number, item, Measure::ZERO).position(from, place);
    let counters = work.counters(&position)?;
    let blocked = |expected: &str, unit: Unit, quantity: Quantity| -> Stop {
        Refusal::new(Reason::CarryOverBlocked)
            .line(line.line)
            .field("number", line.number)
            .expected(expected)
            .document(&from.book_no)
            .short(Some(place), unit, Quantity::ZERO, quantity)
            .into()
    };
    for waiting in [counters.decrease_pending, counters.increase_pending] {
        if let Some(unit) = Unit::ALL.into_iter().find(|unit| !waiting.get(*unit).is_zero()) {
            return Err(blocked("goods at which nothing waits", unit, waiting.get(unit)));
        }
    }
    let there = counters.on_hand().ok_or_else(Stop::overflow)?;
    if !there.declared().is_positive() {
        return Err(blocked("goods that are in stock", Unit::Declared, there.declared()));
    }
    if let Some(unit) = Unit::QUANTITIES.into_iter().find(|unit| there.get(*unit).is_negative()) {
        return Err(blocked("goods of which no unit is overdrawn", unit, there.get(unit)));
    }
    let [declared, statutory1, statutory2] = Unit::QUANTITIES.map(|unit| there.get(unit));
    Ok(Measure::new(declared, statutory1, statutory2, there.get(Unit::Value).max(Quantity::ZERO)))
}

/// The item that they enter: a filed one of the same code and units, or in a book kept by receipt a new row.
fn entering(
    work: &mut Work<'_>,
    to: &mut Book,
    left: &Item,
    line: &CarryOverLine,
) -> Result<(u64, Arc<Item>), Stop> {
    match (to.booking_mode, line.to_number) {
        (BookingMode::RowPerReceipt, None) => {
            let number = lines::next_row(to, line.line)?;
            to.last_item = number;
            let item = Arc::new(Item { stops: Stops::default(), ..left.clone() });
            let key = ItemKey { book_no: to.book_no.clone(), mark: line.mark, number };
            work.put::<Items>(key, Arc::clone(&item));
            Ok((number, item))
        }
        (BookingMode::Accumulating, Some(number)) => Ok((number, filed(work, to, left, line, number)?)),
        (BookingMode::RowPerReceipt, Some(number)) => Err(Refusal::new(Reason::InvalidField)
            .line(line.line)
            .field("to_number", number)
            .expected("none: the goods open a row of their own")
            .into()),
        (BookingMode::Accumulating, None) => Err(Refusal::new(Reason::InvalidField)
            .line(line.line)
            .field("to_number", "")
            .expected("an item of the successor")
            .into()),
    }
}

fn filed(
    work: &Work<'_>,
    to: &Book,
    left: &Item,
    line: &CarryOverLine,
    number: u64,
) -> Result<Arc<Item>, Stop> {
    let key = ItemKey { book_no: to.book_no.clone(), mark: line.mark, number };
    let item = guards::item(work, key, line.line, "to_number")?;
    guards::item_not_stopped(&item, Direction::In, line.line, number, to)?;
    if item.tariff_code != left.tariff_code {
        return Err(mismatch("tariff_code", &item.tariff_code, &left.tariff_code)
            .line(line.line)
            .document(&to.book_no)
            .into());
    }
    guards::same_units(line.line, &item.units, &left.units)?;
    if item.residue != left.residue || item.tracked_by_serial {
        return Err(mismatch("to_number", number, "an item of the same sort, not tracked by serial number")
            .line(line.line)
            .document(&to.book_no)
            .into());
    }
    Ok(item)
}

fn goods<'i>(line: &CarryOverLine, number: u64, item: &'i Item, measure: Measure) -> Goods<'i> {
    Goods {
        line: line.line,
        mark: line.mark,
        number,
        lot: item.lot.as_ref(),
        serial: item.serial.as_ref(),
        measure,
    }
}

fn move_along(
    book: &Book,
    row: MatrixRow,
    (line, number): (&CarryOverLine, u64),
    item: &Item,
    measure: Measure,
    transfers: &mut Vec<Transfer>,
) -> Result<(), Stop> {
    along(book, goods::rule(row)?.legs, &goods(line, number, item, measure), transfers);
    Ok(())
}
