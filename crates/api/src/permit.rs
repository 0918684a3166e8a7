//! Permits and slips: as a caller sends them, and as they stand.

use crate::document::{each, units, units_to_wire};
use crate::field::{Field, FieldError, amount, date, local_time, optional, quantity, read, required};
use crate::lot;
use crate::v1;
use crate::value::{local, text, timestamp};
use std::collections::BTreeMap;
use zonebook_ledger::code::{BookNo, CustomsNo, OfficeCode, PartNo, PermitNo, SlipNo, TariffCode, UnitCode};
use zonebook_ledger::direct_exit::{
    DirectExit, DirectExitAction, DirectExitGrant, DirectExitLine, DirectExitOrder,
};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    LeftGround, LeftOutside, PermitBomLine, PermitClosing, PermitFiling, PermitKind, PermitLine, SlipFiling,
    SlipLine, SlipVoid,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::permit::{Permit, Slip};
use zonebook_ledger::quantity::{Factor, Quantity};

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
        change_no: None,
        office: read("office", &wire.office, OfficeCode::new)?,
        kind: read("kind", &wire.kind, PermitKind::from_code)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        valid_until: date("valid_until", &wire.valid_until)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        guarantee_no: wire.guarantee_no.as_str().into(),
        guarantee_amount: amount("guarantee_amount", &wire.guarantee_amount)?,
        exhibition_place: wire.exhibition_place.as_str().into(),
        bom: each("bom", &wire.bom, bom_line)?,
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

fn bom_line(wire: &v1::PermitBomLine) -> Field<PermitBomLine> {
    let factor = |field: &str, value: &str| {
        if value.is_empty() { Ok(Factor::ZERO) } else { read(field, value, Factor::parse) }
    };
    Ok(PermitBomLine {
        product_line: wire.product_line,
        material_line: wire.material_line,
        net: factor("net", &wire.net)?,
        loss: factor("loss", &wire.loss)?,
    })
}

/// A change is counted from 1.
pub(crate) fn counted(change_no: u64) -> Field<u64> {
    match change_no {
        0 => Err(FieldError::new("change_no", 0, "must be the last accepted one plus 1")),
        counted => Ok(counted),
    }
}

/// New content for a permit (`SAS101` with `dclTypecd` 2).
///
/// # Errors
/// Names the field.
pub fn change(wire: &v1::ChangePermitRequest) -> Field<PermitFiling> {
    let change_no = Some(counted(wire.change_no)?);
    Ok(PermitFiling { change_no, ..filing(wire.permit.as_ref())? })
}

/// The end of a permit (`SAS101` with `dclTypecd` 3).
///
/// # Errors
/// Names the field.
pub fn closing(wire: &v1::ClosePermitRequest) -> Field<PermitClosing> {
    Ok(PermitClosing {
        permit_no: read("permit_no", &wire.permit_no, PermitNo::new)?,
        change_no: counted(wire.change_no)?,
        left: each("left", &wire.left, |left| {
            Ok(LeftOutside {
                line: left.line,
                declared: quantity("quantity_declared", &left.quantity_declared)?,
                statutory1: quantity("quantity_statutory1", &left.quantity_statutory1)?,
                statutory2: optional("quantity_statutory2", &left.quantity_statutory2, Quantity::parse)?,
                value_usd: amount("value_usd", &left.value_usd)?,
                ground: read("ground", &left.ground, LeftGround::from_code)?,
                reference: left.reference.as_str().into(),
            })
        })?,
    })
}

fn left_to_wire(left: &LeftOutside) -> v1::LeftOutside {
    v1::LeftOutside {
        line: left.line,
        quantity_declared: left.declared.to_string(),
        quantity_statutory1: left.statutory1.to_string(),
        quantity_statutory2: text(left.statutory2.as_ref()),
        value_usd: left.value_usd.to_string(),
        ground: left.ground.to_string(),
        reference: left.reference.to_string(),
    }
}

/// An approval by which products of a permit leave from where they were made.
///
/// # Errors
/// Names the field.
pub fn direct_exit_approval(wire: &v1::ApproveDirectExitRequest) -> Field<DirectExitOrder> {
    let grant = DirectExitGrant {
        permit_no: read("permit_no", &wire.permit_no, PermitNo::new)?,
        valid_until: date("valid_until", &wire.valid_until)?,
        lines: each("lines", &wire.lines, |line| {
            Ok(DirectExitLine {
                permit_line: line.permit_line,
                number: line.number,
                quantity: quantity("quantity", &line.quantity)?,
            })
        })?,
    };
    Ok(DirectExitOrder {
        approval_no: read("approval_no", &wire.approval_no, PermitNo::new)?,
        action: DirectExitAction::Approve(grant),
        reason: wire.reason.as_str().into(),
    })
}

/// The end of such an approval.
///
/// # Errors
/// Names the field.
pub fn direct_exit_revocation(wire: &v1::RevokeDirectExitRequest) -> Field<DirectExitOrder> {
    Ok(DirectExitOrder {
        approval_no: read("approval_no", &wire.approval_no, PermitNo::new)?,
        action: DirectExitAction::Revoke,
        reason: wire.reason.as_str().into(),
    })
}

/// An approval as it stands.
#[must_use]
pub fn direct_exit(approval_no: &PermitNo, approval: &DirectExit) -> v1::DirectExit {
    let line = |line: &DirectExitLine| v1::DirectExitUse {
        permit_line: line.permit_line,
        number: line.number,
        quantity: line.quantity.to_string(),
        left: text(approval.left(line).as_ref()),
    };
    let revoked = approval.revoked.as_ref();
    v1::DirectExit {
        approval_no: approval_no.to_string(),
        permit_no: approval.grant.permit_no.to_string(),
        valid_until: approval.grant.valid_until.to_string(),
        lines: approval.grant.lines.iter().map(line).collect(),
        reason: approval.reason.to_string(),
        approved_time: Some(timestamp(approval.approved_time)),
        revoked_time: revoked.map(|revocation| timestamp(revocation.time)),
        revocation: revoked.map(|revocation| revocation.reason.to_string()).unwrap_or_default(),
    }
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
    let uses = permit.lines.iter().map(|used| {
        let of_item = |sums: &BTreeMap<(Mark, u64), Quantity>| {
            sums.get(&(used.filed.mark, used.filed.number)).copied().unwrap_or_default().to_string()
        };
        v1::PermitUse {
            line: used.filed.line,
            approved_out: used.approved_out.to_string(),
            approved_in: used.approved_in.to_string(),
            passed_out: used.passed_out.to_string(),
            passed_in: used.passed_in.to_string(),
            consolidated: used.consolidated.to_string(),
            used: of_item(&permit.used),
            sold: of_item(&permit.sold),
        }
    });
    let bom = permit.bom.iter().map(|part| v1::PermitBomLine {
        product_line: part.product_line,
        material_line: part.material_line,
        net: part.net.to_string(),
        loss: part.loss.to_string(),
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
        guarantee_amount: permit.guarantee_amount.to_string(),
        bom: bom.collect(),
    };
    v1::PermitStatus {
        permit: Some(filed),
        uses: uses.collect(),
        filed_time: Some(timestamp(permit.filed_time)),
        state: permit.state.to_string(),
        change_no: permit.change_no,
        extensions: permit.extensions,
        drawn: permit.drawn.to_string(),
        closed_time: permit.closed_time.map(timestamp),
        left: permit.left.iter().map(left_to_wire).collect(),
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
        change_no: None,
        related_slip: optional("related_slip", &wire.related_slip, SlipNo::new)?,
        levy_amount: amount("levy_amount", &wire.levy_amount)?,
        permit_no: read("permit_no", &wire.permit_no, PermitNo::new)?,
        direction: read("direction", &wire.direction, Direction::from_code)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        lots: lot::named(&wire.lots)?,
        lines: each("lines", &wire.lines, slip_line)?,
    })
}

/// New content for a slip (`SAS111` with `dclTypecd` 2).
///
/// # Errors
/// Names the field.
pub fn slip_change(wire: &v1::ChangeSlipRequest) -> Field<SlipFiling> {
    let change_no = Some(counted(wire.change_no)?);
    Ok(SlipFiling { change_no, ..slip_filing(wire.slip.as_ref())? })
}

/// The end of a slip (`SAS111` with `dclTypecd` 3).
///
/// # Errors
/// Names the field.
pub fn slip_void(wire: &v1::VoidSlipRequest) -> Field<SlipVoid> {
    Ok(SlipVoid {
        slip_no: read("slip_no", &wire.slip_no, SlipNo::new)?,
        change_no: counted(wire.change_no)?,
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
        related_line: wire.related_line,
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
            related_line: filed.related_line,
        }
    });
    let filed = v1::Slip {
        slip_no: slip_no.to_string(),
        permit_no: slip.permit_no.to_string(),
        direction: slip.direction.to_string(),
        declared_at: String::new(),
        lots: Vec::new(),
        lines: lines.collect(),
        related_slip: text(slip.related_slip.as_ref()),
        levy_amount: slip.levy_amount.to_string(),
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
        change_no: slip.version,
        drawn: slip.drawn.to_string(),
        returned: slip.lines.iter().map(|line| line.returned.declared().to_string()).collect(),
    }
}
