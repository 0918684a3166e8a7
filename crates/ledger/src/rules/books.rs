//! Books: filing and change (`RULES.md` 4).

use super::guards;
use super::work::{Cause, Stop, Work};
use crate::book::{Book, BookingMode, Usage};
use crate::code::DocumentNo;
use crate::direction::{Mark, Stops};
use crate::document::{BookFiling, BookRow};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey};
use crate::limits::ROWS_MAX;
use crate::measure::Measure;
use crate::movement::DocumentState;
use crate::place::Place;
use crate::position::PositionKey;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, Items, Parts, Zones};
use std::sync::Arc;

/// `BWS101`.
pub(crate) fn file(work: &mut Work<'_>, filing: &BookFiling) -> Result<(), Stop> {
    guards::at_most("BwsDt", filing.rows.len(), ROWS_MAX)?;
    guards::once_each("gdsSeqno", filing.rows.iter().map(|row| row.number))?;
    let mut book = match filing.change_no {
        None => opened(work, filing)?,
        Some(change_no) => changed(work, filing, change_no)?,
    };
    let counts = |row: &&BookRow| filing.change_no.is_none() || row.amended;
    for row in filing.rows.iter().filter(counts) {
        file_row(work, &mut book, row)?;
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

/// 4.1
fn opened(work: &Work<'_>, filing: &BookFiling) -> Result<Book, Stop> {
    if work.get::<Books>(filing.book_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("bwsNo", &filing.book_no).into());
    }
    let Some(zone) = work.get::<Zones>(filing.office.clone())? else {
        return Err(Refusal::new(Reason::ZoneUnknown).field("masterCuscd", &filing.office).into());
    };
    if zone.kind != filing.zone_kind {
        return Err(Refusal::new(Reason::ZoneKindMismatch)
            .field("bwlTypecd", filing.zone_kind)
            .expected(zone.kind)
            .document(&filing.office)
            .into());
    }
    if filing.usage != Usage::Store {
        return Err(Refusal::new(Reason::Unsupported)
            .field("USAGE", filing.usage)
            .expected(Usage::Store)
            .into());
    }
    Ok(Book {
        book_no: filing.book_no.clone(),
        office: filing.office.clone(),
        zone_kind: filing.zone_kind,
        owner: filing.owner.clone(),
        usage: filing.usage,
        booking_mode: filing.booking_mode,
        valid_until: filing.valid_until,
        change_no: 0,
        last_item: 0,
        declared_at: filing.declared_at,
        stops: Stops::default(),
        faulted: false,
    })
}

/// 4.2
fn changed(work: &mut Work<'_>, filing: &BookFiling, change_no: u64) -> Result<Book, Stop> {
    let mut book = (*guards::book(work, &filing.book_no, "bwsNo")?).clone();
    let expected = book.change_no.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no != expected {
        return Err(Refusal::new(Reason::ChangeCountMismatch)
            .field("chgTmsCnt", change_no)
            .expected(expected)
            .into());
    }
    book.change_no = change_no;
    Ok(book)
}

/// A known item takes over the stop only, an unknown one is filed with its opening balance.
fn file_row(work: &mut Work<'_>, book: &mut Book, row: &BookRow) -> Result<(), Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: row.number };
    if let Some(known) = work.get::<Items>(key.clone())? {
        work.put::<Items>(key, Arc::new(Item { stops: row.stops, ..(*known).clone() }));
        return Ok(());
    }
    let lot = match (book.booking_mode, &row.lot) {
        (BookingMode::Accumulating, _) => None,
        (BookingMode::RowPerReceipt, Some(lot)) => Some(lot.clone()),
        (BookingMode::RowPerReceipt, None) => {
            return Err(Refusal::new(Reason::InvalidField)
                .line(row.number)
                .field("invtNo", "")
                .expected("list number and line of the receipt")
                .into());
        }
    };
    put_item(
        work,
        key.clone(),
        Item {
            part_no: row.part_no.clone(),
            tariff_code: row.tariff_code.clone(),
            name: row.name.clone(),
            units: row.units.clone(),
            lot: lot.clone(),
            stops: row.stops,
        },
    )?;
    book.last_item = book.last_item.max(row.number);
    open_balance(
        work,
        book,
        row,
        PositionKey {
            book_no: key.book_no,
            mark: key.mark,
            number: key.number,
            lot,
            serial: None,
            place: Place::Zone,
        },
    )
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
    let measure =
        Measure::new(row.opening_declared, row.opening_statutory1, row.opening_statutory2, row.opening_value);
    let document = DocumentNo::from(&book.book_no);
    let cause = Cause { document: &document, line: row.number };
    work.transfer(cause, Action::PostAtOnce, &position.at(Place::Opening), &position, &measure)
}

/// Files an item and keeps the index of part numbers, which names the lowest item of each.
pub(crate) fn put_item(work: &mut Work<'_>, key: ItemKey, item: Item) -> Result<(), Stop> {
    let part = (key.book_no.clone(), item.part_no.clone());
    let lowest = work.get::<Parts>(part.clone())?;
    if lowest.is_none_or(|lowest| key.number < lowest) {
        work.put::<Parts>(part, key.number);
    }
    work.put::<Items>(key, Arc::new(item));
    Ok(())
}
