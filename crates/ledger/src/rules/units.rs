//! Goods known by their serial numbers: units for repair, parts removed from them, leased assets
//! (`RULES.md` 10 and 11).

use super::work::{Stop, Work};
use crate::book::{Book, Usage};
use crate::code::{BookNo, LotNo, SerialNo};
use crate::direction::{Direction, Mark};
use crate::document::{List, ListLine, NamedGoods, Provenance};
use crate::item::Item;
use crate::matrix::{Line, line_of};
use crate::movement::{Movement, MovementLine};
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Units;
use crate::unit::UnitReceipt;
use std::sync::Arc;

/// Modes in which scrap is sold at home (`domain.md` 5.5).
const SOLD_AT_HOME: [&str; 2] = ["0844", "0845"];
/// Modes in which scrap is re-exported or destroyed (`domain.md` 5.5).
const NOT_SOLD: [&str; 4] = ["0864", "0865", "0200", "0400"];

/// Which lot and unit a line moves.
pub(crate) type Tracked = (Option<LotNo>, Option<SerialNo>);

/// The lot and unit of a line of an item that is filed.
pub(crate) fn of_line(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    line: &ListLine,
    item: &Item,
) -> Result<Tracked, Stop> {
    match book.usage {
        Usage::Repair if list.mark == Mark::Residue => removed_part(work, book, list, line),
        Usage::Repair if item.tracked_by_serial => match list.direction {
            Direction::In => received(work, book, list, line),
            Direction::Out => sent(work, book, line),
        },
        Usage::Lease => leased(line, item),
        _ => Ok((item.lot.clone(), None)),
    }
}

/// The unit of a row that a line opens: a leasing book has one in each (`RULES.md` 11.1).
pub(crate) fn of_new_row(book: &Book, line: &ListLine) -> Result<Option<SerialNo>, Stop> {
    match (book.usage, &line.serial) {
        (Usage::Lease, None) => Err(refused(Reason::SerialNotInPlace, line, "a serial number").into()),
        (Usage::Lease, Some(serial)) => Ok(Some(serial.clone())),
        _ => Ok(None),
    }
}

fn refused(reason: Reason, line: &ListLine, expected: &str) -> Refusal {
    let serial = line.serial.as_ref().map_or("", |serial| serial.as_str());
    Refusal::new(reason).line(line.line).field("param2", serial).expected(expected)
}

/// 10.1: one unit, not named before in the list, neither on hand nor announced.
fn received(work: &mut Work<'_>, book: &Book, list: &List, line: &ListLine) -> Result<Tracked, Stop> {
    let taken = |expected| Err(refused(Reason::SerialExists, line, expected).into());
    let Some(serial) = &line.serial else { return taken("a serial number") };
    if line.declared != Quantity::whole(1) {
        return taken("quantity 1: one unit on a line");
    }
    let lines = list.lines.iter().take_while(|other| other.line != line.line);
    if lines.filter(|other| other.serial.as_ref() == Some(serial)).count() > 0 {
        return taken("a serial number not yet named in this list");
    }
    if is_in(work, book, serial)? {
        return taken("a unit that is neither on hand nor announced");
    }
    let lot = LotNo::of_receipt(&list.list_no, line.line)
        .map_err(|error| Refusal::new(Reason::InvalidField).field("bondInvtNo", error))?;
    Ok((Some(lot), Some(serial.clone())))
}

/// 10.1: whether a unit is on hand or announced, by any of its receipts.
fn is_in(work: &mut Work<'_>, book: &Book, serial: &SerialNo) -> Result<bool, Stop> {
    for receipt in receipts(work, &book.book_no, serial)?.iter() {
        if is_somewhere(work, &in_stock(book, receipt, serial))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// 10.1: a unit that a correction of a list E brings back in has not come in again meanwhile.
pub(crate) fn not_in_again(
    work: &mut Work<'_>,
    book: &Book,
    movement: &Movement,
    part: &MovementLine,
) -> Result<(), Stop> {
    let Some(serial) = &part.serial else { return Ok(()) };
    if book.usage != Usage::Repair || (movement.direction, movement.mark) != (Direction::Out, Mark::Goods) {
        return Ok(());
    }
    if is_in(work, book, serial)? {
        return Err(refused(
            Reason::SerialExists,
            &part.filed,
            "a unit that is neither on hand nor announced",
        )
        .into());
    }
    Ok(())
}

/// Which receipt of a unit is its latest when a correction is approved: that of a corrected list E, which is on hand
/// again; never that of a corrected list I, as long as there is another. It stays known, as parts that were removed from
/// the unit meanwhile bear its lot.
pub(crate) fn correct(
    work: &mut Work<'_>,
    book: &Book,
    movement: &Movement,
    parts: &[MovementLine],
) -> Result<(), Stop> {
    if book.usage != Usage::Repair || movement.mark != Mark::Goods {
        return Ok(());
    }
    for part in parts {
        let (Some(serial), Some(lot)) = (&part.serial, &part.lot) else { continue };
        let mut receipts = receipts(work, &book.book_no, serial)?;
        let Some(at) = receipts.iter().position(|receipt| receipt.lot == *lot) else { continue };
        let all = Arc::make_mut(&mut receipts);
        let receipt = all.remove(at);
        match movement.direction {
            Direction::In => all.insert(0, receipt),
            Direction::Out => all.push(receipt),
        }
        work.put::<Units>((book.book_no.clone(), serial.clone()), receipts);
    }
    Ok(())
}

/// Whether goods are on hand or announced anywhere inside the book.
pub(crate) fn is_somewhere(work: &mut Work<'_>, goods: &PositionKey) -> Result<bool, Stop> {
    for place in Place::ALL.iter().filter(|place| place.is_inside()) {
        let counters = work.counters(&goods.at(*place))?;
        let on_hand = counters.on_hand().ok_or_else(Stop::overflow)?.declared();
        if on_hand.is_positive() || counters.increase_pending.declared().is_positive() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// 10.2: the latest receipt of the unit.
fn sent(work: &Work<'_>, book: &Book, line: &ListLine) -> Result<Tracked, Stop> {
    let receipt = latest(work, &book.book_no, line.serial.as_ref())?;
    let receipt = receipt.ok_or_else(|| refused(Reason::SerialNotInPlace, line, "a unit that came in"))?;
    Ok((Some(receipt.lot), line.serial.clone()))
}

/// 10.2 and 10.3: the latest receipt of the unit whose part is on hand, else the latest; what was removed from a unit
/// that is not of the domestic side must not be sold at home, whatever mode says so, nor go to a book that does not know
/// where it comes from (`domain.md` 3.1: it goes abroad or is destroyed).
fn removed_part(work: &mut Work<'_>, book: &Book, list: &List, line: &ListLine) -> Result<Tracked, Stop> {
    let unknown = || refused(Reason::SerialNotInPlace, line, "a unit that came in");
    let Some(serial) = &line.serial else { return Err(unknown().into()) };
    let receipt = receipt_of_part(work, book, line.number, serial)?.ok_or_else(unknown)?;
    if stays_at_home(list) && receipt.provenance != Some(Provenance::Domestic) {
        let provenance = receipt.provenance.map_or("unknown", Provenance::code);
        let (field, given) = match &list.related_book {
            Some(book_no) => ("rltPutrecNo", book_no.as_str()),
            None => ("supvModecd", list.mode.as_str()),
        };
        return Err(Refusal::new(Reason::ForeignRemovedPart)
            .line(line.line)
            .field(field, given)
            .expected("re-export or destruction, as the unit came from abroad")
            .document(format!("{} provenance {provenance}", receipt.lot))
            .into());
    }
    Ok((Some(receipt.lot.clone()), Some(serial.clone())))
}

/// Whether residues that leave by a list stay in the country, neither abroad nor destroyed.
fn stays_at_home(list: &List) -> bool {
    let mode = list.mode.as_str();
    let elsewhere = line_of(&list.transport) == Line::First || NOT_SOLD.contains(&mode);
    let leaves = list.direction == Direction::Out;
    leaves && (list.related_book.is_some() || SOLD_AT_HOME.contains(&mode) || !elsewhere)
}

/// The latest receipt of the unit whose part is on hand, else the latest.
fn receipt_of_part(
    work: &mut Work<'_>,
    book: &Book,
    number: u64,
    serial: &SerialNo,
) -> Result<Option<UnitReceipt>, Stop> {
    let receipts = receipts(work, &book.book_no, serial)?;
    for receipt in receipts.iter().rev() {
        let part = position(book, Mark::Residue, number, receipt, serial, Place::RemovedPart);
        if work.counters(&part)?.on_hand().ok_or_else(Stop::overflow)?.declared().is_positive() {
            return Ok(Some(receipt.clone()));
        }
    }
    Ok(receipts.last().cloned())
}

/// Lot and unit of goods that a line names where they stand, and for a unit or its part the receipt of the unit.
pub(crate) fn named(
    work: &mut Work<'_>,
    book: &Book,
    goods: &NamedGoods,
    item: &Item,
) -> Result<(Tracked, Option<UnitReceipt>), Stop> {
    let refuse = |expected: &str| -> Stop {
        let serial = goods.serial.as_ref().map_or("", |serial| serial.as_str());
        Refusal::new(Reason::SerialNotInPlace)
            .line(goods.line)
            .field("serial", serial)
            .expected(expected)
            .document(&book.book_no)
            .into()
    };
    let part = book.usage == Usage::Repair && goods.mark == Mark::Residue;
    if part || item.tracked_by_serial {
        let receipt = match &goods.serial {
            Some(serial) if part => receipt_of_part(work, book, goods.number, serial)?,
            serial => latest(work, &book.book_no, serial.as_ref())?,
        };
        let receipt = receipt.ok_or_else(|| refuse("the serial number of a unit that came in"))?;
        return Ok(((Some(receipt.lot.clone()), goods.serial.clone()), Some(receipt)));
    }
    if goods.serial != item.serial {
        let own =
            item.serial.as_ref().map_or("none: units of this item have no serial number", SerialNo::as_str);
        return Err(refuse(own));
    }
    Ok(((item.lot.clone(), item.serial.clone()), None))
}

/// 11.1: row and serial number belong together.
fn leased(line: &ListLine, item: &Item) -> Result<Tracked, Stop> {
    if item.serial.is_none() || item.serial != line.serial {
        let expected = item.serial.as_ref().map_or("", |serial| serial.as_str());
        return Err(refused(Reason::SerialNotInPlace, line, expected).into());
    }
    Ok((item.lot.clone(), item.serial.clone()))
}

fn position(
    book: &Book,
    mark: Mark,
    number: u64,
    receipt: &UnitReceipt,
    serial: &SerialNo,
    place: Place,
) -> PositionKey {
    PositionKey {
        book_no: book.book_no.clone(),
        mark,
        number,
        lot: Some(receipt.lot.clone()),
        serial: Some(serial.clone()),
        place,
    }
}

fn receipts(work: &Work<'_>, book_no: &BookNo, serial: &SerialNo) -> Result<Arc<Vec<UnitReceipt>>, Stop> {
    Ok(work.get::<Units>((book_no.clone(), serial.clone()))?.unwrap_or_default())
}

/// The latest receipt of a unit.
pub(crate) fn latest(
    work: &Work<'_>,
    book_no: &BookNo,
    serial: Option<&SerialNo>,
) -> Result<Option<UnitReceipt>, Stop> {
    let Some(serial) = serial else { return Ok(None) };
    Ok(receipts(work, book_no, serial)?.last().cloned())
}

/// Where the unit of a receipt stands in stock.
pub(crate) fn in_stock(book: &Book, receipt: &UnitReceipt, serial: &SerialNo) -> PositionKey {
    position(book, Mark::Goods, receipt.number, receipt, serial, Place::Zone)
}

/// Keeps the receipts of units that a list brings.
pub(crate) fn remember(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    if book.usage != Usage::Repair || (list.direction, list.mark) != (Direction::In, Mark::Goods) {
        return Ok(());
    }
    for line in lines {
        let (Some(serial), Some(lot)) = (&line.serial, &line.lot) else { continue };
        let mut receipts = receipts(work, &book.book_no, serial)?;
        Arc::make_mut(&mut receipts).push(UnitReceipt {
            list_no: list.list_no.clone(),
            lot: lot.clone(),
            number: line.filed.number,
            provenance: line.filed.provenance,
        });
        work.put::<Units>((book.book_no.clone(), serial.clone()), receipts);
    }
    Ok(())
}

/// Forgets the receipts of a list that is withdrawn, or whose lines are replaced.
pub(crate) fn forget(
    work: &mut Work<'_>,
    book: &Book,
    movement: &Movement,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    // A part of a unit that comes back bears the lot of the unit, and is no receipt of it.
    if book.usage != Usage::Repair || (movement.direction, movement.mark) != (Direction::In, Mark::Goods) {
        return Ok(());
    }
    for line in lines {
        let (Some(serial), Some(lot)) = (&line.serial, &line.lot) else { continue };
        let mut receipts = receipts(work, &book.book_no, serial)?;
        Arc::make_mut(&mut receipts).retain(|receipt| receipt.lot != *lot);
        work.put::<Units>((book.book_no.clone(), serial.clone()), receipts);
    }
    Ok(())
}
