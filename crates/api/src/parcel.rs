//! Parcels of electronic commerce: as a caller sends them, and as they stand.

use crate::document::{each, units, units_to_wire};
use crate::field::{Field, amount, optional, quantity, read};
use crate::lot;
use crate::v1;
use crate::value::{text, timestamp};
use zonebook_ledger::code::{BookNo, ParcelNo, TariffCode};
use zonebook_ledger::document::{Parcel, ParcelFiling, ParcelLine};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parcel;
use zonebook_ledger::quantity::Quantity;

/// New parcels.
///
/// # Errors
/// Names the field.
pub fn filing(wire: &v1::FileParcelsRequest) -> Field<ParcelFiling> {
    each("parcels", &wire.parcels, |parcel| {
        Ok(Parcel {
            parcel_no: read("parcel_no", &parcel.parcel_no, ParcelNo::new)?,
            book_no: read("book_no", &parcel.book_no, BookNo::new)?,
            lots: lot::named(&parcel.lots)?,
            lines: each("lines", &parcel.lines, line)?,
        })
    })
    .map(ParcelFiling::File)
}

fn line(wire: &v1::ParcelLine) -> Field<ParcelLine> {
    Ok(ParcelLine {
        line: wire.line,
        number: wire.number,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        units: units("units", wire.units.as_ref())?,
        declared: quantity("quantity_declared", &wire.quantity_declared)?,
        statutory1: quantity("quantity_statutory1", &wire.quantity_statutory1)?,
        statutory2: optional("quantity_statutory2", &wire.quantity_statutory2, Quantity::parse)?,
        price: amount("price", &wire.price)?,
    })
}

/// Parcels to take back.
///
/// # Errors
/// Names the field.
pub fn cancelling(wire: &v1::CancelParcelsRequest) -> Field<ParcelFiling> {
    each("parcel_nos", &wire.parcel_nos, |number| read("number", number, ParcelNo::new))
        .map(ParcelFiling::Cancel)
}

/// A parcel as it stands.
#[must_use]
pub fn parcel(parcel_no: &ParcelNo, parcel: &parcel::Parcel, revision: Revision) -> v1::GetParcelResponse {
    let lines = parcel.lines.iter().map(|line| {
        let filed = &line.filed;
        v1::ParcelLine {
            line: filed.line,
            number: filed.number,
            tariff_code: filed.tariff_code.to_string(),
            units: Some(units_to_wire(&filed.units)),
            quantity_declared: filed.declared.to_string(),
            quantity_statutory1: filed.statutory1.to_string(),
            quantity_statutory2: text(filed.statutory2.as_ref()),
            price: filed.price.to_string(),
        }
    });
    let filed = v1::Parcel {
        parcel_no: parcel_no.to_string(),
        book_no: parcel.book_no.to_string(),
        lots: Vec::new(),
        lines: lines.collect(),
    };
    v1::GetParcelResponse {
        revision: revision.0,
        parcel: Some(filed),
        state: parcel.state.to_string(),
        list_no: text(parcel.list_no.as_ref()),
        reserved_time: Some(timestamp(parcel.reserved_time)),
        ended_time: parcel.ended_time.map(timestamp),
    }
}
