//! Goods named where they stand, and decisions of customs on them: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, FieldError, amount, date, optional, quantity, read, required};
use crate::v1;
use crate::value::{measure, text, timestamp};
use zonebook_ledger::code::{DecisionNo, SerialNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::disposal::{KeptDecision, KeptDecisionLine, OpenGoods};
use zonebook_ledger::document::{Decision, DecisionLine, DecisionOutcome, NamedGoods};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

pub(crate) fn named(wire: Option<&v1::NamedGoods>) -> Field<NamedGoods> {
    let wire = required("goods", wire)?;
    let inner = || {
        Ok(NamedGoods {
            line: wire.line,
            mark: read("mark", &wire.mark, Mark::from_code)?,
            number: wire.number,
            serial: optional("serial", &wire.serial, SerialNo::new)?,
            declared: quantity("quantity_declared", &wire.quantity_declared)?,
            statutory1: quantity("quantity_statutory1", &wire.quantity_statutory1)?,
            statutory2: optional("quantity_statutory2", &wire.quantity_statutory2, Quantity::parse)?,
            value_usd: amount("value_usd", &wire.value_usd)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("goods"))
}

pub(crate) fn named_to_wire(goods: &NamedGoods) -> v1::NamedGoods {
    v1::NamedGoods {
        line: goods.line,
        mark: goods.mark.to_string(),
        number: goods.number,
        serial: text(goods.serial.as_ref()),
        quantity_declared: goods.declared.to_string(),
        quantity_statutory1: goods.statutory1.to_string(),
        quantity_statutory2: text(goods.statutory2.as_ref()),
        value_usd: goods.value_usd.to_string(),
    }
}

/// A decision.
///
/// # Errors
/// Names the field.
pub fn decision(wire: Option<&v1::CustomsDecision>) -> Field<Decision> {
    let wire = required("decision", wire)?;
    let inner = || {
        Ok(Decision {
            decision_no: read("decision_no", &wire.decision_no, DecisionNo::new)?,
            decided_on: date("decided_on", &wire.decided_on)?,
            rates_on: optional("rates_on", &wire.rates_on, Date::parse)?,
            lines: each("lines", &wire.lines, decision_line)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("decision"))
}

fn decision_line(wire: &v1::CustomsDecisionLine) -> Field<DecisionLine> {
    Ok(DecisionLine {
        line: wire.line,
        outcome: read("outcome", &wire.outcome, DecisionOutcome::from_code)?,
        measure: wire.measure.as_ref().map(part).transpose()?,
        dutiable_value: optional("dutiable_value", &wire.dutiable_value, Quantity::parse_amount)?,
    })
}

fn part(wire: &v1::Measure) -> Field<Measure> {
    let inner = || {
        Ok(Measure::new(
            quantity("declared", &wire.declared)?,
            quantity("statutory1", &wire.statutory1)?,
            quantity("statutory2", &wire.statutory2)?,
            amount("value_usd", &wire.value_usd)?,
        ))
    };
    inner().map_err(|error: FieldError| error.within("measure"))
}

pub(crate) fn kept(decision: &KeptDecision) -> v1::KeptDecision {
    v1::KeptDecision {
        decision_no: decision.decision_no.to_string(),
        decided_on: decision.decided_on.to_string(),
        by: decision.by.0.to_string(),
        time: Some(timestamp(decision.time)),
        lines: decision.lines.iter().map(kept_line).collect(),
    }
}

fn kept_line(line: &KeptDecisionLine) -> v1::KeptDecisionLine {
    v1::KeptDecisionLine {
        line: line.line,
        outcome: line.outcome.to_string(),
        measure: Some(measure(&line.measure)),
        rates_on: text(line.tax.map(|tax| tax.rates_on).as_ref()),
        dutiable_value: text(line.tax.map(|tax| tax.dutiable_value).as_ref()),
    }
}

pub(crate) fn open(line: u64, goods: &OpenGoods) -> v1::OpenGoods {
    v1::OpenGoods {
        line,
        lot: text(goods.lot.as_ref()),
        serial: text(goods.serial.as_ref()),
        left: Some(measure(&goods.left)),
    }
}
