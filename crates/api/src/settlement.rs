//! Consumption slips and verifications: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, FieldError, local_time, optional, quantity, read, required};
use crate::lot;
use crate::v1;
use crate::value::{local, text, timestamp};
use zonebook_ledger::code::{BookNo, ConsumptionNo, CustomsNo, ListNo, SerialNo, TariffCode, UnitCode};
use zonebook_ledger::document::{ConsumptionFiling, Residue, UsedMaterial, VerificationFiling};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::settlement::{Consumption, Verification};
use zonebook_ledger::time::{Date, LocalTime};

fn lists(numbers: &[String]) -> Field<Vec<ListNo>> {
    each("lists", numbers, |number| read("number", number, ListNo::new))
}

fn numbered<T>(lines: Vec<T>, number: impl Fn(&mut T) -> &mut u64) -> Vec<T> {
    let number_one = |(mut line, count): (T, u64)| {
        *number(&mut line) = count;
        line
    };
    lines.into_iter().zip(1..).map(number_one).collect()
}

/// A consumption slip (`CMB101`).
///
/// # Errors
/// Names the field.
pub fn consumption_filing(wire: Option<&v1::ConsumptionSlip>) -> Field<ConsumptionFiling> {
    let wire = required("slip", wire)?;
    consumption_fields(wire).map_err(|error| error.within("slip"))
}

fn consumption_fields(wire: &v1::ConsumptionSlip) -> Field<ConsumptionFiling> {
    let materials = each("materials", &wire.materials, |material| {
        let declared = quantity("quantity_declared", &material.quantity_declared)?;
        Ok(UsedMaterial { line: 0, number: material.number, declared })
    })?;
    let residues = each("residues", &wire.residues, |residue| {
        Ok(Residue {
            line: 0,
            number: residue.number,
            tariff_code: read("tariff_code", &residue.tariff_code, TariffCode::new)?,
            name: residue.name.as_str().into(),
            unit: read("unit", &residue.unit, UnitCode::new)?,
            declared: quantity("quantity_declared", &residue.quantity_declared)?,
            serial: optional("serial", &residue.serial, SerialNo::new)?,
        })
    })?;
    Ok(ConsumptionFiling {
        consumption_no: read("consumption_no", &wire.consumption_no, ConsumptionNo::new)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        part_swap: wire.part_swap,
        lists: lists(&wire.lists)?,
        lots: lot::named(&wire.lots)?,
        materials: numbered(materials, |material| &mut material.line),
        residues: numbered(residues, |residue| &mut residue.line),
    })
}

/// A consumption slip as it stands.
#[must_use]
pub fn consumption(slip: &Consumption, revision: Revision) -> v1::GetConsumptionResponse {
    let filed = &slip.filed;
    let materials = filed.materials.iter().map(|material| v1::UsedMaterial {
        number: material.number,
        quantity_declared: material.declared.to_string(),
    });
    let residues = filed.residues.iter().map(|residue| v1::Residue {
        number: residue.number,
        tariff_code: residue.tariff_code.to_string(),
        name: residue.name.to_string(),
        unit: residue.unit.to_string(),
        quantity_declared: residue.declared.to_string(),
        serial: text(residue.serial.as_ref()),
    });
    let wire = v1::ConsumptionSlip {
        consumption_no: filed.consumption_no.to_string(),
        book_no: filed.book_no.to_string(),
        owner: filed.owner.to_string(),
        declared_at: local(Some(filed.declared_at)),
        part_swap: filed.part_swap,
        lists: filed.lists.iter().map(ToString::to_string).collect(),
        lots: filed.lots.iter().map(lot::name).collect(),
        materials: materials.collect(),
        residues: residues.collect(),
    };
    v1::GetConsumptionResponse {
        revision: revision.0,
        slip: Some(wire),
        posted_time: Some(timestamp(slip.posted_time)),
    }
}

/// A verification (`EMS121`).
///
/// # Errors
/// Names the field.
pub fn verification_filing(wire: Option<&v1::Verification>) -> Field<VerificationFiling> {
    let wire = required("verification", wire)?;
    let inner = || -> Field<VerificationFiling> {
        Ok(VerificationFiling {
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            sequence: wire.sequence,
            begin: optional("begin", &wire.begin, Date::parse)?,
            end: optional("end", &wire.end, Date::parse)?,
            declared_at: optional("declared_at", &wire.declared_at, LocalTime::parse)?,
            lists: lists(&wire.lists)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("verification"))
}

/// A verification as it was accepted.
#[must_use]
pub fn verification(settled: &Verification, revision: Revision) -> v1::AcceptedVerification {
    let filed = &settled.filed;
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    v1::AcceptedVerification {
        verification: Some(v1::Verification {
            book_no: filed.book_no.to_string(),
            sequence: filed.sequence,
            begin: day(filed.begin),
            end: day(filed.end),
            declared_at: local(filed.declared_at),
            lists: filed.lists.iter().map(ToString::to_string).collect(),
        }),
        accepted_revision: revision.0,
        verified_time: Some(timestamp(settled.verified_time)),
    }
}
