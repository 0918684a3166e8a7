//! Goods by status: registrations and changes of status, as a caller sends them and as they stand.

use crate::document::{each, units, units_to_wire};
use crate::field::{Field, FieldError, amount, local_time, optional, quantity, read, required};
use crate::lot;
use crate::v1;
use crate::value::{local, text, timestamp};
use zonebook_ledger::code::{
    BookNo, CustomsNo, DeclarationNo, PartNo, RegistrationNo, StatusChangeNo, TariffCode,
};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    PassType, RegistrationFiling, StatusChangeFiling, StatusChangeLine, StatusLine,
};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::status::{Registration, StatusChange};

fn line(wire: &v1::StatusGoods) -> Field<StatusLine> {
    Ok(StatusLine {
        line: wire.line,
        number: wire.number,
        part_no: read("part_no", &wire.part_no, PartNo::new)?,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        name: wire.name.as_str().into(),
        units: units("units", wire.units.as_ref())?,
        declared: quantity("quantity_declared", &wire.quantity_declared)?,
        statutory1: quantity("quantity_statutory1", &wire.quantity_statutory1)?,
        statutory2: optional("quantity_statutory2", &wire.quantity_statutory2, Quantity::parse)?,
        value_usd: amount("value_usd", &wire.value_usd)?,
    })
}

fn line_to_wire(line: &StatusLine) -> v1::StatusGoods {
    v1::StatusGoods {
        line: line.line,
        number: line.number,
        part_no: line.part_no.to_string(),
        tariff_code: line.tariff_code.to_string(),
        name: line.name.to_string(),
        units: Some(units_to_wire(&line.units)),
        quantity_declared: line.declared.to_string(),
        quantity_statutory1: line.statutory1.to_string(),
        quantity_statutory2: text(line.statutory2.as_ref()),
        value_usd: line.value_usd.to_string(),
    }
}

/// A gate registration.
///
/// # Errors
/// Names the field.
pub fn registration_filing(wire: Option<&v1::Registration>) -> Field<RegistrationFiling> {
    let wire = required("registration", wire)?;
    let inner = || -> Field<RegistrationFiling> {
        Ok(RegistrationFiling {
            registration_no: read("registration_no", &wire.registration_no, RegistrationNo::new)?,
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            pass_type: read("pass_type", &wire.pass_type, PassType::from_code)?,
            direction: read("direction", &wire.direction, Direction::from_code)?,
            vehicle_no: wire.vehicle_no.as_str().into(),
            passed_at: local_time("passed_at", &wire.passed_at)?,
            lines: each("lines", &wire.lines, line)?,
            lots: lot::named(&wire.lots)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("registration"))
}

/// A registration as it was accepted.
#[must_use]
pub fn registration(registration: &Registration) -> v1::AcceptedRegistration {
    let filed = &registration.filed;
    v1::AcceptedRegistration {
        registration: Some(v1::Registration {
            registration_no: filed.registration_no.to_string(),
            book_no: filed.book_no.to_string(),
            owner: filed.owner.to_string(),
            pass_type: filed.pass_type.to_string(),
            direction: filed.direction.to_string(),
            vehicle_no: filed.vehicle_no.to_string(),
            passed_at: local(Some(filed.passed_at)),
            lines: filed.lines.iter().map(line_to_wire).collect(),
            lots: filed.lots.iter().map(lot::name).collect(),
        }),
        posted_time: Some(timestamp(registration.posted_time)),
    }
}

/// A change of status.
///
/// # Errors
/// Names the field.
pub fn status_change_filing(wire: Option<&v1::StatusChange>) -> Field<StatusChangeFiling> {
    let wire = required("change", wire)?;
    let inner = || -> Field<StatusChangeFiling> {
        Ok(StatusChangeFiling {
            status_change_no: read("status_change_no", &wire.status_change_no, StatusChangeNo::new)?,
            from_book: read("from_book", &wire.from_book, BookNo::new)?,
            to_book: read("to_book", &wire.to_book, BookNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            declared_at: local_time("declared_at", &wire.declared_at)?,
            declaration_no: read("declaration_no", &wire.declaration_no, DeclarationNo::new)?,
            lines: each("lines", &wire.lines, |change| {
                let goods = required("goods", change.goods.as_ref())?;
                let goods = line(goods).map_err(|error| error.within("goods"))?;
                Ok(StatusChangeLine { goods, to_number: change.to_number })
            })?,
            lots: lot::named(&wire.lots)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("change"))
}

/// A change of status as it was accepted.
#[must_use]
pub fn status_change(change: &StatusChange) -> v1::AcceptedStatusChange {
    let filed = &change.filed;
    let lines = filed.lines.iter().map(|line| v1::StatusChangeLine {
        goods: Some(line_to_wire(&line.goods)),
        to_number: line.to_number,
    });
    v1::AcceptedStatusChange {
        change: Some(v1::StatusChange {
            status_change_no: filed.status_change_no.to_string(),
            from_book: filed.from_book.to_string(),
            to_book: filed.to_book.to_string(),
            owner: filed.owner.to_string(),
            declared_at: local(Some(filed.declared_at)),
            declaration_no: filed.declaration_no.to_string(),
            lines: lines.collect(),
            lots: filed.lots.iter().map(lot::name).collect(),
        }),
        posted_time: Some(timestamp(change.posted_time)),
    }
}
