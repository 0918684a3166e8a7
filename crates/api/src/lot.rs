//! Lots on the wire: as lines name them, as they were taken, as they stand.

use crate::document::each;
use crate::field::{Field, date, read};
use crate::v1;
use crate::value::{measure, text, timestamp};
use zonebook_ledger::code::{BookNo, DocumentNo, LotNo};
use zonebook_ledger::command::LotMethodOrder;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::{AllocationKey, Expiry, Lot, LotMethod, LotShare, LotsTaken, NamedLot};
use zonebook_ledger::query::{LotRow, TakenLot};

pub(crate) fn named(wire: &[v1::NamedLot]) -> Field<Vec<NamedLot>> {
    each("lots", wire, |named| {
        let lot = read("lot", &named.lot, LotNo::new)?;
        Ok(NamedLot { line: named.line, material: named.material, lot })
    })
}

pub(crate) fn name(named: &NamedLot) -> v1::NamedLot {
    v1::NamedLot { line: named.line, material: named.material, lot: named.lot.to_string() }
}

pub(crate) fn expiries(wire: &[v1::Expiry]) -> Field<Vec<Expiry>> {
    each("expiries", wire, |expiry| Ok(Expiry { line: expiry.line, date: date("date", &expiry.date)? }))
}

/// An order of lots.
///
/// # Errors
/// Names the field.
pub fn method_order(wire: &v1::SetLotMethodRequest) -> Field<LotMethodOrder> {
    Ok(LotMethodOrder {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        method: read("method", &wire.method, LotMethod::from_code)?,
        take_over: wire.take_over,
        reason: wire.reason.as_str().into(),
    })
}

/// The document whose lots are asked for.
///
/// # Errors
/// Names the field.
pub fn document(wire: &v1::GetTakenLotsRequest) -> Field<DocumentNo> {
    read("document", &wire.document, DocumentNo::new)
}

fn taken_of(key: &AllocationKey, share: &LotShare, posted: bool) -> v1::LotTaken {
    v1::LotTaken {
        document: key.mover.number.to_string(),
        document_type: key.mover.kind.to_string(),
        event_no: key.mover.event,
        line: key.line,
        mark: key.from.mark.to_string(),
        number: key.from.number,
        place: key.from.place.to_string(),
        to_place: key.to.to_string(),
        lot: share.layer.lot.to_string(),
        holder: text(share.layer.holder.as_ref()),
        measure: Some(measure(&share.measure)),
        posted,
    }
}

/// What a line took, lot by lot.
pub(crate) fn taken(lots: &LotsTaken) -> impl Iterator<Item = v1::LotTaken> {
    let allocation = &lots.allocation;
    allocation.shares.iter().map(|share| taken_of(&lots.key, share, allocation.posted))
}

/// What a lot came in with.
#[must_use]
pub fn lot(lot: &Lot) -> v1::Lot {
    v1::Lot {
        document: lot.mover.number.to_string(),
        document_type: lot.mover.kind.to_string(),
        event_no: lot.mover.event,
        line: lot.line,
        carried_from: lot.carried_from.as_ref().map(carried_from),
        tariff_code: lot.tariff_code.to_string(),
        part_no: lot.part_no.to_string(),
        origin: lot.origin.to_string(),
        mode: text(lot.mode.as_ref()),
        price: lot.price.to_string(),
        currency: lot.currency.to_string(),
        expires: text(lot.expires.as_ref()),
        received: Some(measure(&lot.received)),
        received_revision: lot.received_at.map_or(0, |(revision, _)| revision.0),
        received_time: lot.received_at.map(|(_, time)| timestamp(time)),
    }
}

fn carried_from(item: &ItemKey) -> v1::CarriedFrom {
    v1::CarriedFrom { book_no: item.book_no.to_string(), mark: item.mark.to_string(), number: item.number }
}

/// What a line took of a lot, and where that came from.
#[must_use]
pub fn traced(taken: &TakenLot) -> v1::TracedLot {
    v1::TracedLot {
        taken: Some(taken_of(&taken.key, &taken.share, taken.posted)),
        lot: Some(lot(&taken.lot)),
    }
}

/// Goods of a lot in a place.
#[must_use]
pub fn stored(row: &LotRow) -> v1::StoredLot {
    v1::StoredLot {
        mark: row.key.stack.mark.to_string(),
        number: row.key.stack.number,
        place: row.key.stack.place.to_string(),
        lot: row.key.id.lot.to_string(),
        holder: text(row.key.id.holder.as_ref()),
        remaining: Some(measure(&row.layer.remaining)),
        reserved: Some(measure(&row.layer.reserved)),
        origin: Some(lot(&row.lot)),
    }
}
