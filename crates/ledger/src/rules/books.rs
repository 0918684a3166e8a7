//! Books: filing and change, their items and BOM versions (`RULES.md` 4).

use super::lines::undocumented;
use super::work::{Cause, Stop, Work};
use super::{guards, regime};
use crate::bom::{BomKey, BomLine};
use crate::book::{Act, Book, BookKind, BookingMode, Regime, Usage};
use crate::code::PartNo;
use crate::direction::{Mark, Stops};
use crate::document::{BomRow, BookFiling, BookRow};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey};
use crate::layer::LotMethod;
use crate::limits::{ITEM_NUMBER_MAX, MATERIALS_MAX, ROWS_MAX};
use crate::measure::Measure;
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::outcome::Revision;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Boms, Books, FormerItems, Items, Key, Parts, Zones};
use crate::zone::ZoneState;
use std::sync::Arc;

/// `BWS101`, `EMS111`
pub(crate) fn file(work: &mut Work<'_>, filing: &BookFiling) -> Result<(), Stop> {
    guards::at_most("BwsDt", filing.rows.len(), ROWS_MAX)?;
    guards::at_most("EmsPutrecUcnsDt", filing.bom.len(), ROWS_MAX)?;
    for mark in Mark::ALL {
        let of_mark = filing.rows.iter().filter(|row| row.mark == *mark);
        guards::once_each("gdsSeqno", of_mark.map(|row| row.number))?;
    }
    let mut book = match filing.change_no {
        None => opened(work, filing)?,
        Some(change_no) => changed(work, filing, change_no)?,
    };
    let counts = |row: &&BookRow| filing.change_no.is_none() || row.amended;
    for row in filing.rows.iter().filter(counts) {
        file_row(work, &mut book, row)?;
    }
    for row in filing.bom.iter().filter(|row| filing.change_no.is_none() || row.amended) {
        file_bom(work, &book, row)?;
    }
    work.steps.push(Step {
        action: Action::PostAtOnce,
        document: (&book.book_no).into(),
        version: book.change_no,
        row: None,
    });
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    work.state = Some(DocumentState::Filed);
    Ok(())
}

/// 4.1, 4.3
fn opened(work: &mut Work<'_>, filing: &BookFiling) -> Result<Book, Stop> {
    if work.get::<Books>(filing.book_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("bwsNo", &filing.book_no).into());
    }
    let Some(zone) = work.get::<Zones>(filing.office.clone())? else {
        return Err(Refusal::new(Reason::ZoneUnknown).field("masterCuscd", &filing.office).into());
    };
    let kind = zone.kind_on(work.today());
    if let Some(said) = filing.zone_kind.filter(|said| *said != kind) {
        return Err(Refusal::new(Reason::ZoneKindMismatch)
            .field("bwlTypecd", said)
            .expected(kind)
            .document(&filing.office)
            .into());
    }
    if !kind.permits(filing.kind, filing.usage) {
        return Err(Refusal::new(Reason::ZoneKindForbids)
            .field("masterCuscd", &filing.office)
            .expected(format!("a zone of a kind that allows books {} of usage {}", filing.kind, filing.usage))
            .document(format!("{kind} {}", filing.office))
            .into());
    }
    regime::fits(filing)?;
    let books = zone.books.checked_add(1).ok_or_else(Stop::overflow)?;
    work.put::<Zones>(filing.office.clone(), Arc::new(ZoneState { books, ..(*zone).clone() }));
    Ok(Book {
        book_no: filing.book_no.clone(),
        kind: filing.kind,
        office: filing.office.clone(),
        owner: filing.owner.clone(),
        usage: filing.usage,
        regime: filing.regime.unwrap_or(Regime::Bom),
        open_orders: 0,
        booking_mode: filing.booking_mode,
        lot_method: LotMethod::None,
        lots_since: Revision(0),
        valid_until: filing.valid_until,
        change_no: 0,
        last_item: 0,
        declared_at: filing.declared_at,
        filed_time: work.now(),
        verified_time: None,
        last_closed: None,
        open_adjustments: 0,
        stops: Stops::default(),
        case: None,
        cancelled: None,
        faulted: false,
    })
}

/// 4.2, 4.3
fn changed(work: &mut Work<'_>, filing: &BookFiling, change_no: u64) -> Result<Book, Stop> {
    let mut book = (*guards::book_for(work, &filing.book_no, "bwsNo", Act::Change)?).clone();
    if book.kind != filing.kind {
        return Err(Refusal::new(Reason::BookUnknown)
            .field("bwsNo", &filing.book_no)
            .expected(format!("a book filed by {}", book.kind))
            .into());
    }
    if book.stops.changes {
        return Err(Refusal::new(Reason::BookPaused)
            .field("pauseChgMarkcd", "changes")
            .expected("a book whose changes customs has not stopped")
            .document(&book.book_no)
            .into());
    }
    let expected = book.change_no.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no != expected {
        return Err(Refusal::new(Reason::ChangeCountMismatch)
            .field("chgTmsCnt", change_no)
            .expected(expected)
            .into());
    }
    regime::change(work, &mut book, filing)?;
    book.change_no = change_no;
    Ok(book)
}

/// An unknown item is filed with its opening balance. A known one of a logistics book takes over the stop only, of a
/// processing book everything but the balance.
fn file_row(work: &mut Work<'_>, book: &mut Book, row: &BookRow) -> Result<(), Stop> {
    if row.number > ITEM_NUMBER_MAX {
        return Err(Refusal::new(Reason::InvalidField)
            .line(row.number)
            .field("gdsSeqno", row.number)
            .expected(format!("at most {ITEM_NUMBER_MAX}"))
            .into());
    }
    let key = ItemKey { book_no: book.book_no.clone(), mark: row.mark, number: row.number };
    let known = work.get::<Items>(key.clone())?;
    if known.as_ref().is_some_and(|known| known.stops.changes) {
        return Err(Refusal::new(Reason::ItemPaused)
            .line(row.number)
            .field("pauseChgMarkcd", "changes")
            .document(&book.book_no)
            .into());
    }
    if let (Some(known), BookKind::Logistics) = (&known, book.kind) {
        // 4.2: nothing else that the row says counts, so nothing else is asked of it.
        work.put::<Items>(key, Arc::new(Item { stops: row.stops, ..(**known).clone() }));
        return Ok(());
    }
    let filed = item(book, row)?;
    if let Some(known) = known {
        // What a residue is is known from what made it; a filing does not say it.
        return put_item(work, book, key, Item { residue: known.residue, ..filed });
    }
    let position = PositionKey {
        book_no: book.book_no.clone(),
        mark: row.mark,
        number: row.number,
        lot: filed.lot.clone(),
        serial: filed.serial.clone(),
        place: Place::Zone,
    };
    put_item(work, book, key, filed)?;
    book.last_item = book.last_item.max(row.number);
    open_balance(work, book, row, position)
}

fn item(book: &Book, row: &BookRow) -> Result<Item, Stop> {
    let missing = |field: &str, expected: &str| {
        let refusal = Refusal::new(Reason::InvalidField).line(row.number).field(field, "").expected(expected);
        Err(refusal.into())
    };
    let by_receipt = book.booking_mode == BookingMode::RowPerReceipt;
    if by_receipt && row.lot.is_none() {
        return missing("invtNo", "list number and line of the receipt");
    }
    let leased = by_receipt && book.usage == Usage::Lease;
    if leased && row.serial.is_none() {
        return missing("rmk", "SN= and the serial number of the row");
    }
    Ok(Item {
        part_no: row.part_no.clone(),
        tariff_code: row.tariff_code.clone(),
        name: row.name.clone(),
        units: row.units.clone(),
        lot: row.lot.clone().filter(|_| by_receipt),
        serial: row.serial.clone().filter(|_| leased),
        tracked_by_serial: row.tracked_by_serial && book.usage == Usage::Repair,
        residue: None,
        stops: row.stops,
    })
}

fn open_balance(work: &mut Work<'_>, book: &Book, row: &BookRow, position: PositionKey) -> Result<(), Stop> {
    if !row.opening_declared.is_positive() {
        return Ok(());
    }
    for (field, quantity) in [
        ("inLawfQty", row.opening_statutory1),
        ("inSecdLawfQty", row.opening_statutory2),
        ("totalAmt", row.opening_value),
    ] {
        guards::not_negative(row.number, field, quantity)?;
    }
    let (statutory1, statutory2) = match book.kind {
        BookKind::Logistics => (row.opening_statutory1, row.opening_statutory2),
        // 3.6: without quantities of a document there is no second one.
        BookKind::Processing => {
            (undocumented(work, book, row.mark, row.number, row.opening_declared)?, Quantity::ZERO)
        }
    };
    let measure = Measure::new(row.opening_declared, statutory1, statutory2, row.opening_value);
    let mover = Mover::from(&book.book_no);
    let cause = Cause { mover: &mover, line: row.number };
    work.transfer(cause, Action::PostAtOnce, &position.at(Place::Opening), &position, &measure)
}

/// Files an item, and keeps the index of part numbers for what may enter on a bill of lading (`RULES.md` 8.6, 2.9).
fn put_item(work: &mut Work<'_>, book: &Book, key: ItemKey, item: Item) -> Result<(), Stop> {
    if key.mark == Mark::Goods && book.booking_mode == BookingMode::Accumulating {
        let part = |part_no: &PartNo| (key.book_no.clone(), part_no.clone(), key.number);
        if let Some(known) = work.get::<Items>(key.clone())?.filter(|known| known.part_no != item.part_no) {
            work.remove::<Parts>(part(&known.part_no));
        }
        work.put::<Parts>(part(&item.part_no), ());
    }
    keep_item(work, key, item)
}

/// Puts an item in the place of what it was, which stays known: a statement of the past shows it.
pub(crate) fn keep_item(work: &mut Work<'_>, key: ItemKey, item: Item) -> Result<(), Stop> {
    if let Some(former) = work.get::<Items>(key.clone())?.filter(|former| **former != item) {
        work.put::<FormerItems>((key.clone(), work.head.revision), former);
    }
    work.put::<Items>(key, Arc::new(item));
    Ok(())
}

/// The lowest item with a part number.
pub(crate) fn item_of_part(
    work: &Work<'_>,
    book: &Book,
    part_no: &PartNo,
) -> Result<Option<(u64, Arc<Item>)>, Stop> {
    let part = |number| (book.book_no.clone(), part_no.clone(), number);
    let Some(Key::Part((book_no, _, number))) = work.first_key::<Parts>(part(0), part(u64::MAX))? else {
        return Ok(None);
    };
    let item = work.get::<Items>(ItemKey { book_no, mark: Mark::Goods, number })?;
    let item = item.ok_or_else(|| Stop::Broken(format!("item {number} of part {part_no} vanished")))?;
    Ok(Some((number, item)))
}

/// 4.4: a line of a BOM is added, or refused; none is ever replaced.
fn file_bom(work: &mut Work<'_>, book: &Book, row: &BomRow) -> Result<(), Stop> {
    let line = BomLine {
        net: row.net,
        tangible_loss: row.tangible_loss,
        intangible_loss: row.intangible_loss,
        bonded_share: row.bonded_share,
    };
    let refuse = |field: &str, value: &dyn std::fmt::Display, expected: &dyn std::fmt::Display| {
        let version = format!("product {} version {} material {}", row.product, row.version, row.material);
        Err(Refusal::new(Reason::BomInvalid).field(field, value).expected(expected).document(version).into())
    };
    if let Some((field, value, rule)) = line.flaw() {
        return refuse(field, &value, &rule);
    }
    let filed = |work: &Work<'_>, mark, number| {
        work.get::<Items>(ItemKey { book_no: book.book_no.clone(), mark, number }).map(|item| item.is_some())
    };
    if !filed(work, Mark::Product, row.product)? {
        return refuse("endprdSeqno", &row.product, &"a filed product");
    }
    if !filed(work, Mark::Goods, row.material)? {
        return refuse("mtpckSeqno", &row.material, &"a filed material");
    }
    let key = BomKey { book_no: book.book_no.clone(), product: row.product, version: row.version.clone() };
    let mut bom = work.get::<Boms>(key.clone())?.unwrap_or_default();
    if bom.contains_key(&row.material) {
        return refuse("ucnsVerno", &row.version, &"a version that does not name the material yet");
    }
    let expected = line.unit_consumption().ok_or_else(Stop::overflow)?;
    if row.unit_consumption != expected {
        return refuse("ucnsQty", &row.unit_consumption, &expected);
    }
    guards::at_most("EmsPutrecUcnsDt of a version", bom.len(), MATERIALS_MAX)?;
    Arc::make_mut(&mut bom).insert(row.material, line);
    work.put::<Boms>(key, bom);
    Ok(())
}
