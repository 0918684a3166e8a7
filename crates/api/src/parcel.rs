//! Parcels of electronic commerce: as a caller sends them, and as they stand.

use crate::document::{each, units, units_to_wire};
use crate::field::{Field, FieldError, amount, date, optional, quantity, read, required};
use crate::lot;
use crate::sale;
use crate::v1;
use crate::value::{text, timestamp};
use zonebook_ledger::code::{BookNo, ParcelNo, ReturnNo, TariffCode};
use zonebook_ledger::document::{
    BuyerHash, CitedParcel, Parcel, ParcelFiling, ParcelLine, ParcelReturnFiling, ReturnedLine, SaleCitation,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parcel;
use zonebook_ledger::quantity::Quantity;

/// New parcels; `hash` turns a buyer's identity into what the ledger may know of it.
///
/// # Errors
/// Names the field.
pub fn filing(
    wire: &v1::FileParcelsRequest,
    hash: impl Fn(&v1::BuyerIdentity) -> Field<BuyerHash>,
) -> Field<ParcelFiling> {
    each("parcels", &wire.parcels, |parcel| {
        if !parcel.buyer.is_empty() {
            let rule = "give buyer_identity: hashes are made by the server, under its key";
            return Err(FieldError::new("buyer", &parcel.buyer, rule));
        }
        let (identity, sale) = (parcel.buyer_identity.as_ref(), &parcel.sale);
        let parcel = Parcel {
            buyer: identity.map(&hash).transpose().map_err(|error| error.within("buyer_identity"))?,
            parcel_no: read("parcel_no", &parcel.parcel_no, ParcelNo::new)?,
            book_no: read("book_no", &parcel.book_no, BookNo::new)?,
            lots: lot::named(&parcel.lots)?,
            lines: each("lines", &parcel.lines, line)?,
        };
        let sale = sale.as_ref().map(sale::citation).transpose();
        Ok(CitedParcel { parcel, sale: sale.map_err(|error| error.within("sale"))? })
    })
    .map(ParcelFiling::of)
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
pub fn parcel(
    parcel_no: &ParcelNo,
    parcel: &parcel::Parcel,
    cited: Option<&SaleCitation>,
    revision: Revision,
) -> v1::GetParcelResponse {
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
        buyer_identity: None,
        buyer: text(parcel.buyer.as_ref()),
        sale: cited.map(sale::citation_to_wire),
    };
    let returned = parcel.lines.iter().filter(|line| !line.returned.declared.is_zero());
    let returned = returned.map(|line| v1::ReturnedParcelLine {
        line: line.filed.line,
        quantity_declared: line.returned.declared.to_string(),
        quantity_statutory1: line.returned.statutory1.to_string(),
        quantity_statutory2: text(line.filed.statutory2.map(|_| line.returned.statutory2).as_ref()),
    });
    v1::GetParcelResponse {
        returned: returned.collect(),
        restored: parcel.restored.to_string(),
        revision: revision.0,
        parcel: Some(filed),
        state: parcel.state.to_string(),
        list_no: text(parcel.list_no.as_ref()),
        reserved_time: Some(timestamp(parcel.reserved_time)),
        ended_time: parcel.ended_time.map(timestamp),
    }
}

/// A return of a parcel's goods.
///
/// # Errors
/// Names the field.
pub fn return_filing(wire: Option<&v1::ParcelReturn>) -> Field<ParcelReturnFiling> {
    let wire = required("parcel_return", wire)?;
    return_fields(wire).map_err(|error| error.within("parcel_return"))
}

fn return_fields(wire: &v1::ParcelReturn) -> Field<ParcelReturnFiling> {
    Ok(ParcelReturnFiling {
        return_no: read("return_no", &wire.return_no, ReturnNo::new)?,
        parcel_no: read("parcel_no", &wire.parcel_no, ParcelNo::new)?,
        applied_on: date("applied_on", &wire.applied_on)?,
        arrived_on: date("arrived_on", &wire.arrived_on)?,
        lines: each("lines", &wire.lines, |line| {
            Ok(ReturnedLine {
                line: line.line,
                declared: quantity("quantity_declared", &line.quantity_declared)?,
                statutory1: quantity("quantity_statutory1", &line.quantity_statutory1)?,
                statutory2: optional("quantity_statutory2", &line.quantity_statutory2, Quantity::parse)?,
            })
        })?,
    })
}

/// A return as it stands.
#[must_use]
pub fn parcel_return(found: &parcel::ParcelReturn, revision: Revision) -> v1::GetParcelReturnResponse {
    let filed = &found.filed;
    let lines = filed.lines.iter().map(|line| v1::ReturnedParcelLine {
        line: line.line,
        quantity_declared: line.declared.to_string(),
        quantity_statutory1: line.statutory1.to_string(),
        quantity_statutory2: text(line.statutory2.as_ref()),
    });
    v1::GetParcelReturnResponse {
        revision: revision.0,
        parcel_return: Some(v1::ParcelReturn {
            return_no: filed.return_no.to_string(),
            parcel_no: filed.parcel_no.to_string(),
            applied_on: filed.applied_on.to_string(),
            arrived_on: filed.arrived_on.to_string(),
            lines: lines.collect(),
        }),
        in_time: found.in_time,
        apply_by: found.apply_by.to_string(),
        arrive_by: found.arrive_by.to_string(),
        restored: found.restored.to_string(),
        posted_time: Some(timestamp(found.posted_time)),
    }
}

/// A buyer's hash, as replies show it.
///
/// # Errors
/// It is not 64 hexadecimal digits.
pub fn buyer(value: &str) -> Field<BuyerHash> {
    let wrong = || FieldError::new("buyer", value, "64 hexadecimal digits, as a parcel shows them");
    if value.len() != 64 || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut hash = [0; 32];
    for (slot, at) in hash.iter_mut().zip((0..).step_by(2)) {
        let digits = value.get(at..at + 2).ok_or_else(wrong)?;
        *slot = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(BuyerHash(hash))
}
