//! Differences of a count on the wire: what is asked of them, and how they stand.

use crate::disposal::{evidence, evidence_to_wire};
use crate::document::each;
use crate::field::{Field, FieldError, amount, date, optional, read, required};
use crate::v1;
use crate::value::{digits, text, timestamp};
use zonebook_ledger::code::{BookNo, DecisionNo, DeskCode, DifferenceNo, OfficeCode};
use zonebook_ledger::difference::{
    Assigned, DifferenceRef, DifferenceReport, DifferenceState, KeptDifference,
};
use zonebook_ledger::document::{DifferenceDecision, DifferenceOrder, DifferenceOutcome, DifferenceStep};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::DifferenceFilter;
use zonebook_ledger::time::Date;
use zonebook_ledger::tolerance::{Tolerance, ToleranceOrder};
use zonebook_reconcile::difference::Charge;

/// Who has to see to differences that are recorded, and by when.
///
/// # Errors
/// Names the field.
pub fn charge(owner: &str, due: &str) -> Field<Charge> {
    Ok(Charge { owner: optional("owner", owner, DeskCode::new)?, due: optional("due", due, Date::parse)? })
}

/// A difference by report and line.
///
/// # Errors
/// Names the field.
pub fn reference(difference_no: &str, line: u64) -> Field<DifferenceRef> {
    Ok(DifferenceRef { difference_no: read("difference_no", difference_no, DifferenceNo::new)?, line })
}

fn order(difference_no: &str, line: u64, step: DifferenceStep) -> Field<DifferenceOrder> {
    let DifferenceRef { difference_no, line } = reference(difference_no, line)?;
    Ok(DifferenceOrder { difference_no, line, step })
}

/// Who has to see to a difference.
///
/// # Errors
/// Names the field.
pub fn assignment(wire: &v1::AssignDifferenceRequest) -> Field<DifferenceOrder> {
    let owner = read("owner", &wire.owner, DeskCode::new)?;
    let due = optional("due", &wire.due, Date::parse)?;
    order(&wire.difference_no, wire.line, DifferenceStep::Assign { owner, due })
}

/// A decision on a difference.
///
/// # Errors
/// Names the field.
pub fn decided(wire: &v1::DecideDifferenceRequest) -> Field<DifferenceOrder> {
    let decision = required("decision", wire.decision.as_ref())?;
    let decision = decision_of(decision).map_err(|error| error.within("decision"))?;
    order(&wire.difference_no, wire.line, DifferenceStep::Decide(decision))
}

fn decision_of(wire: &v1::DifferenceDecision) -> Field<DifferenceDecision> {
    Ok(DifferenceDecision {
        decision_no: read("decision_no", &wire.decision_no, DecisionNo::new)?,
        outcome: read("outcome", &wire.outcome, DifferenceOutcome::from_code)?,
        decided_on: date("decided_on", &wire.decided_on)?,
        rates_on: optional("rates_on", &wire.rates_on, Date::parse)?,
        dutiable_value: optional("dutiable_value", &wire.dutiable_value, Quantity::parse_amount)?,
        reason: wire.reason.as_str().into(),
        evidence: each("evidence", &wire.evidence, evidence)?,
    })
}

fn decision_to_wire(decision: &DifferenceDecision) -> v1::DifferenceDecision {
    v1::DifferenceDecision {
        decision_no: decision.decision_no.to_string(),
        outcome: decision.outcome.to_string(),
        decided_on: decision.decided_on.to_string(),
        rates_on: text(decision.rates_on.as_ref()),
        dutiable_value: text(decision.dutiable_value.as_ref()),
        reason: decision.reason.to_string(),
        evidence: decision.evidence.iter().map(evidence_to_wire).collect(),
    }
}

/// What an office is to tolerate.
///
/// # Errors
/// Names the field.
pub fn tolerance_order(wire: &v1::SetToleranceRequest) -> Field<ToleranceOrder> {
    let tolerance = required("tolerance", wire.tolerance.as_ref())?;
    Ok(ToleranceOrder {
        office: read("office", &wire.office, OfficeCode::new)?,
        from: date("from", &wire.from)?,
        tolerance: tolerance_of(tolerance).map_err(|error: FieldError| error.within("tolerance"))?,
    })
}

fn tolerance_of(wire: &v1::Tolerance) -> Field<Tolerance> {
    // What is not said is not tolerated.
    let figure =
        |field: &str, value: &str| if value.is_empty() { Ok(Quantity::ZERO) } else { amount(field, value) };
    Ok(Tolerance {
        ppm: figure("ppm", &wire.ppm)?,
        quantity: figure("quantity", &wire.quantity)?,
        value_usd: figure("value_usd", &wire.value_usd)?,
    })
}

/// What an office tolerates.
#[must_use]
pub fn tolerance(tolerance: &Tolerance) -> v1::Tolerance {
    v1::Tolerance {
        ppm: tolerance.ppm.to_string(),
        quantity: tolerance.quantity.to_string(),
        value_usd: tolerance.value_usd.to_string(),
    }
}

/// Which differences are asked for.
///
/// # Errors
/// Names the field.
pub fn filter(wire: &v1::ListDifferencesRequest) -> Field<DifferenceFilter> {
    Ok(DifferenceFilter {
        difference_no: optional("difference_no", &wire.difference_no, DifferenceNo::new)?,
        book_no: optional("book_no", &wire.book_no, BookNo::new)?,
        office: optional("office", &wire.office, OfficeCode::new)?,
        state: optional("state", &wire.state, DifferenceState::from_code)?,
        owner: optional("owner", &wire.owner, DeskCode::new)?,
    })
}

/// A difference as it stands, with its history; `due` is the day by which customs decides, where one runs.
#[must_use]
pub fn difference(
    key: &DifferenceRef,
    row: &KeptDifference,
    report: &DifferenceReport,
    due: Option<Date>,
) -> v1::Difference {
    let filed = &row.filed;
    v1::Difference {
        difference_no: key.difference_no.to_string(),
        line: key.line,
        book_no: row.book_no.to_string(),
        mark: filed.mark.to_string(),
        number: filed.number,
        serial: text(filed.serial.as_ref()),
        unit: filed.unit.to_string(),
        book: filed.book.to_string(),
        counted: filed.counted.to_string(),
        explained: filed.explained.to_string(),
        difference: text(filed.difference().as_ref()),
        inflow: filed.inflow.to_string(),
        class: filed.class.to_string(),
        value_usd: text(filed.stake.value_usd.as_ref()),
        duty: text(filed.stake.duty.as_ref()),
        tax: text(filed.stake.tax.as_ref()),
        tolerance: Some(tolerance(&report.tolerance)),
        basis_revision: report.basis.revision.0,
        basis_digest: digits(&report.basis.digest),
        campaign_no: text(report.basis.campaign_no.as_ref()),
        state: row.state.to_string(),
        owner: text(row.assigned().and_then(|assigned| assigned.owner.as_ref())),
        due: text(due.as_ref()),
        left: text(row.left().as_ref()),
        history: history(row),
    }
}

/// What became of it: each kind of step comes in its own order, and all of them by revision.
fn history(row: &KeptDifference) -> Vec<v1::DifferenceStep> {
    let assigned = |(at, assigned): (usize, &Assigned)| v1::DifferenceStep {
        kind: if at == 0 { "RECORDED" } else { "ASSIGNED" }.into(),
        revision: assigned.at.0,
        time: Some(timestamp(assigned.time)),
        by: assigned.by.0.to_string(),
        owner: text(assigned.owner.as_ref()),
        due: text(assigned.due.as_ref()),
        ..Default::default()
    };
    let decided = row.decisions.iter().map(|decided| v1::DifferenceStep {
        kind: "DECIDED".into(),
        revision: decided.at.0,
        time: Some(timestamp(decided.time)),
        by: decided.by.0.to_string(),
        decision: Some(decision_to_wire(&decided.decision)),
        ..Default::default()
    });
    let settled = row.settled.iter().map(|part| v1::DifferenceStep {
        kind: "SETTLED".into(),
        revision: part.at.0,
        adjustment_no: part.adjustment_no.to_string(),
        adjustment_line: part.line,
        quantity: part.declared.to_string(),
        dutiable_value: text(part.dutiable_value.as_ref()),
        ..Default::default()
    });
    let mut steps: Vec<_> =
        row.assignments.iter().enumerate().map(assigned).chain(decided).chain(settled).collect();
    steps.sort_by_key(|step| step.revision);
    steps
}
