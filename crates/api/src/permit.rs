//! Permits and slips: as a caller sends them, and as they stand.

use crate::document::{each, units, units_to_wire};
use crate::field::{Field, amount, date, local_time, optional, quantity, read, required};
use crate::lot;
use crate::v1;
use crate::value::{local, text, timestamp};
use zonebook_ledger::code::{BookNo, CustomsNo, OfficeCode, PartNo, PermitNo, SlipNo, TariffCode, UnitCode};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{PermitFiling, PermitKind, PermitLine, SlipFiling, SlipLine};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::permit::{Permit, Slip};
use zonebook_ledger::quantity::Quantity;

/// A permit (`SAS101`).
///
/// # Errors
/// Names the field.
pub fn filing(wire: Option<&v1::Permit>) -> Field<PermitFiling> {
    let wire = required("permit", wire)?;
    permit_fields(wire).map_err(|error| error.within("permit"))
}

fn permit_fields(wire: &v1::Permit) -> Field<PermitFiling> {
    Ok(PermitFiling {
        permit_no: read("permit_no", &wire.permit_no, PermitNo::new)?,
        office: read("office", &wire.office, OfficeCode::new)?,
        kind: read("kind", &wire.kind, PermitKind::from_code)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        valid_until: date("valid_until", &wire.valid_until)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        guarantee_no: wire.guarantee_no.as_str().into(),
        exhibition_place: wire.exhibition_place.as_str().into(),
        lines: each("lines", &wire.lines, |line| {
            Ok(PermitLine {
                line: line.line,
                mark: read("mark", &line.mark, Mark::from_code)?,
                number: line.number,
                unit: read("unit", &line.unit, UnitCode::new)?,
                declared: quantity("quantity_declared", &line.quantity_declared)?,
            })
        })?,
    })
}

/// A permit as it stands.
#[must_use]
pub fn status(permit_no: &PermitNo, permit: &Permit) -> v1::PermitStatus {
    let line = |filed: &PermitLine| v1::PermitLine {
        line: filed.line,
        mark: filed.mark.to_string(),
        number: filed.number,
        unit: filed.unit.to_string(),
        quantity_declared: filed.declared.to_string(),
    };
    let uses = permit.lines.iter().map(|used| v1::PermitUse {
        line: used.filed.line,
        approved_out: used.approved_out.to_string(),
        approved_in: used.approved_in.to_string(),
        passed_out: used.passed_out.to_string(),
    });
    let filed = v1::Permit {
        permit_no: permit_no.to_string(),
        office: String::new(),
        kind: permit.kind.to_string(),
        book_no: permit.book_no.to_string(),
        owner: permit.owner.to_string(),
        valid_until: permit.valid_until.to_string(),
        declared_at: String::new(),
        guarantee_no: permit.guarantee_no.to_string(),
        exhibition_place: permit.exhibition_place.to_string(),
        lines: permit.lines.iter().map(|used| line(&used.filed)).collect(),
    };
    v1::PermitStatus {
        permit: Some(filed),
        uses: uses.collect(),
        filed_time: Some(timestamp(permit.filed_time)),
    }
}

/// A slip (`SAS111`).
///
/// # Errors
/// Names the field.
pub fn slip_filing(wire: Option<&v1::Slip>) -> Field<SlipFiling> {
    let wire = required("slip", wire)?;
    slip_fields(wire).map_err(|error| error.within("slip"))
}

fn slip_fields(wire: &v1::Slip) -> Field<SlipFiling> {
    Ok(SlipFiling {
        slip_no: read("slip_no", &wire.slip_no, SlipNo::new)?,
        permit_no: read("permit_no", &wire.permit_no, PermitNo::new)?,
        direction: read("direction", &wire.direction, Direction::from_code)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        lots: lot::named(&wire.lots)?,
        lines: each("lines", &wire.lines, slip_line)?,
    })
}

fn slip_line(wire: &v1::SlipLine) -> Field<SlipLine> {
    Ok(SlipLine {
        line: wire.line,
        permit_line: wire.permit_line,
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

/// A slip as it stands.
#[must_use]
pub fn slip(slip_no: &SlipNo, slip: &Slip, revision: Revision) -> v1::GetSlipResponse {
    let lines = slip.lines.iter().map(|line| {
        let filed = &line.filed;
        v1::SlipLine {
            line: filed.line,
            permit_line: filed.permit_line,
            number: filed.number,
            part_no: filed.part_no.to_string(),
            tariff_code: filed.tariff_code.to_string(),
            name: filed.name.to_string(),
            units: Some(units_to_wire(&filed.units)),
            quantity_declared: filed.declared.to_string(),
            quantity_statutory1: filed.statutory1.to_string(),
            quantity_statutory2: text(filed.statutory2.as_ref()),
            value_usd: filed.value_usd.to_string(),
        }
    });
    let filed = v1::Slip {
        slip_no: slip_no.to_string(),
        permit_no: slip.permit_no.to_string(),
        direction: slip.direction.to_string(),
        declared_at: String::new(),
        lots: Vec::new(),
        lines: lines.collect(),
    };
    v1::GetSlipResponse {
        revision: revision.0,
        slip: Some(filed),
        state: slip.state.to_string(),
        matrix_row: slip.row.to_string(),
        list_no: text(slip.list_no.as_ref()),
        ungated: slip.ungated.to_string(),
        approved_time: Some(timestamp(slip.approved_time)),
        gate_time: local(slip.gate_time),
        posted_time: slip.posted_time.map(timestamp),
    }
}
