//! Disposals: as a caller sends them, and as they stand.

use crate::decision::{decision, kept, named, named_to_wire, open};
use crate::document::each;
use crate::field::{Field, FieldError, amount, date, local_time, optional, quantity, read, required};
use crate::lot;
use crate::v1;
use crate::value::{local, text, timestamp};
use zonebook_ledger::code::{BookNo, CustomsNo, DisposalNo, TariffCode, UnitCode};
use zonebook_ledger::disposal::{Approval, Disposal};
use zonebook_ledger::document::{
    DestructionResidue, DisposalFiling, DisposalKind, DisposalLine, DisposalOrder, DisposalStep, Evidence,
    EvidenceKind, Execution,
};
use zonebook_ledger::message::Sha256;
use zonebook_ledger::time::Date;

/// A disposal.
///
/// # Errors
/// Names the field.
pub fn filing(wire: Option<&v1::Disposal>) -> Field<DisposalFiling> {
    let wire = required("disposal", wire)?;
    filing_fields(wire).map_err(|error| error.within("disposal"))
}

fn filing_fields(wire: &v1::Disposal) -> Field<DisposalFiling> {
    Ok(DisposalFiling {
        disposal_no: read("disposal_no", &wire.disposal_no, DisposalNo::new)?,
        kind: read("kind", &wire.kind, DisposalKind::from_code)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        event_on: optional("event_on", &wire.event_on, Date::parse)?,
        cause: wire.cause.as_str().into(),
        evidence: each("evidence", &wire.evidence, evidence)?,
        lines: each("lines", &wire.lines, |line| {
            Ok(DisposalLine { goods: named(line.goods.as_ref())?, dangerous: line.dangerous })
        })?,
        lots: lot::named(&wire.lots)?,
    })
}

pub(crate) fn evidence(wire: &v1::EvidencePiece) -> Field<Evidence> {
    Ok(Evidence {
        kind: read("kind", &wire.kind, EvidenceKind::from_code)?,
        name: wire.name.as_str().into(),
        sha256: sha256("sha256", &wire.sha256)?,
    })
}

/// SHA-256 as `sha256sum` writes it.
fn sha256(field: &str, value: &str) -> Field<Sha256> {
    let wrong = || FieldError::new(field, value, "must be 64 hexadecimal digits");
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut digest = [0; 32];
    if value.len() != 2 * digest.len() {
        return Err(wrong());
    }
    for (slot, pair) in digest.iter_mut().zip(value.as_bytes().chunks_exact(2)) {
        let &[high, low] = pair else { return Err(wrong()) };
        *slot = digit(high).ok_or_else(wrong)? << 4 | digit(low).ok_or_else(wrong)?;
    }
    Ok(digest)
}

fn step(disposal_no: &str, step: DisposalStep) -> Field<DisposalOrder> {
    Ok(DisposalOrder { disposal_no: read("disposal_no", disposal_no, DisposalNo::new)?, step })
}

/// An approval.
///
/// # Errors
/// Names the field.
pub fn approval(wire: &v1::ApproveDisposalRequest) -> Field<DisposalOrder> {
    let remark = wire.remark.as_str().into();
    step(&wire.disposal_no, DisposalStep::Approve { level: wire.level, remark })
}

/// A rejection.
///
/// # Errors
/// Names the field.
pub fn rejection(wire: &v1::RejectDisposalRequest) -> Field<DisposalOrder> {
    step(&wire.disposal_no, DisposalStep::Reject { reason: wire.reason.as_str().into() })
}

/// A withdrawal.
///
/// # Errors
/// Names the field.
pub fn withdrawal(wire: &v1::WithdrawDisposalRequest) -> Field<DisposalOrder> {
    step(&wire.disposal_no, DisposalStep::Withdraw { reason: wire.reason.as_str().into() })
}

/// A destruction that was carried out.
///
/// # Errors
/// Names the field.
pub fn execution(wire: &v1::ExecuteDisposalRequest) -> Field<DisposalOrder> {
    let execution = Execution {
        executed_on: date("executed_on", &wire.executed_on)?,
        evidence: each("evidence", &wire.evidence, evidence)?,
        residues: each("residues", &wire.residues, residue)?,
    };
    step(&wire.disposal_no, DisposalStep::Execute(execution))
}

/// A decision on a disposal.
///
/// # Errors
/// Names the field.
pub fn decided(wire: &v1::DecideDisposalRequest) -> Field<DisposalOrder> {
    step(&wire.disposal_no, DisposalStep::Decide(decision(wire.decision.as_ref())?))
}

fn residue(wire: &v1::DestructionResidue) -> Field<DestructionResidue> {
    Ok(DestructionResidue {
        line: wire.line,
        from_line: wire.from_line,
        number: wire.number,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        name: wire.name.as_str().into(),
        unit: read("unit", &wire.unit, UnitCode::new)?,
        declared: quantity("quantity_declared", &wire.quantity_declared)?,
        value_usd: amount("value_usd", &wire.value_usd)?,
    })
}

/// A disposal as it stands.
#[must_use]
pub fn status(disposal: &Disposal) -> v1::DisposalStatus {
    let lines = &disposal.filed.lines;
    let execution = disposal.execution.as_ref();
    v1::DisposalStatus {
        disposal: Some(filed(&disposal.filed)),
        state: disposal.state.to_string(),
        open: lines.iter().zip(&disposal.open).map(|(line, goods)| open(line.goods.line, goods)).collect(),
        levels: disposal.levels,
        approvals: disposal.approvals.iter().map(approved).collect(),
        approved_until: text(disposal.approved_until.as_ref()),
        executed_on: text(execution.map(|execution| execution.executed_on).as_ref()),
        execution_evidence: execution
            .map(|execution| execution.evidence.iter().map(evidence_to_wire).collect())
            .unwrap_or_default(),
        residues: execution
            .map(|execution| execution.residues.iter().map(residue_to_wire).collect())
            .unwrap_or_default(),
        decisions: disposal.decisions.iter().map(kept).collect(),
        end_reason: disposal.end_reason.to_string(),
        filed_time: Some(timestamp(disposal.filed_time)),
        ended_time: disposal.ended_time.map(timestamp),
    }
}

fn filed(filing: &DisposalFiling) -> v1::Disposal {
    let line = |line: &DisposalLine| v1::DisposalLine {
        goods: Some(named_to_wire(&line.goods)),
        dangerous: line.dangerous,
    };
    v1::Disposal {
        disposal_no: filing.disposal_no.to_string(),
        kind: filing.kind.to_string(),
        book_no: filing.book_no.to_string(),
        owner: filing.owner.to_string(),
        declared_at: local(Some(filing.declared_at)),
        event_on: text(filing.event_on.as_ref()),
        cause: filing.cause.to_string(),
        evidence: filing.evidence.iter().map(evidence_to_wire).collect(),
        lines: filing.lines.iter().map(line).collect(),
        lots: filing.lots.iter().map(lot::name).collect(),
    }
}

fn approved(approval: &Approval) -> v1::DisposalApproval {
    v1::DisposalApproval {
        by: approval.by.0.to_string(),
        time: Some(timestamp(approval.time)),
        remark: approval.remark.to_string(),
    }
}

pub(crate) fn evidence_to_wire(evidence: &Evidence) -> v1::EvidencePiece {
    v1::EvidencePiece {
        kind: evidence.kind.to_string(),
        name: evidence.name.to_string(),
        sha256: evidence.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

fn residue_to_wire(residue: &DestructionResidue) -> v1::DestructionResidue {
    v1::DestructionResidue {
        line: residue.line,
        from_line: residue.from_line,
        number: residue.number,
        tariff_code: residue.tariff_code.to_string(),
        name: residue.name.to_string(),
        unit: residue.unit.to_string(),
        quantity_declared: residue.declared.to_string(),
        value_usd: residue.value_usd.to_string(),
    }
}
