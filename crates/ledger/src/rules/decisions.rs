//! What customs decides on goods that are lost, abandoned, missing or found (`domain.md` 3.4 rows 24 to 26 and 30, 4.1).
//!
//! A line is decided on in one decision or in several. Its parts sum up to the line exactly, in every unit: the last part
//! takes the rest of each, and no earlier one takes all of a unit.

use super::goods::{Transfer, along, carry_lots};
use super::guards::{self, Quantities};
use super::layers::Wishes;
use super::named;
use super::work::{Stop, Work};
use crate::book::Book;
use crate::direction::Mark;
use crate::disposal::{KeptDecision, KeptDecisionLine, OpenGoods, TaxBasis};
use crate::document::{Decision, DecisionLine, DecisionOutcome, Matter, NamedGoods};
use crate::event::{Action, Step};
use crate::item::ItemKey;
use crate::limits::{LINES_MAX, PARTS_MAX};
use crate::matrix::{MatrixRow, Rule, outcomes_of, rule_of_decision};
use crate::measure::{Measure, Unit};
use crate::mover::Mover;
use crate::permission::Principal;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::time::Date;
use std::collections::BTreeMap;

/// The document that is decided on.
pub(crate) struct Case<'a> {
    pub(crate) mover: &'a Mover,
    pub(crate) book: &'a Book,
    pub(crate) declared_on: Date,
    /// The day whose rates apply whatever the decision says: of a loss that is not by force majeure.
    pub(crate) loss_day: Option<Date>,
    pub(crate) before: &'a [KeptDecision],
}

/// A line of it.
pub(crate) struct Line<'a> {
    pub(crate) matter: Matter,
    pub(crate) named: &'a NamedGoods,
    pub(crate) open: &'a mut OpenGoods,
}

/// Carries a decision out.
pub(crate) fn decide(
    work: &mut Work<'_>,
    by: &Principal,
    case: &Case<'_>,
    decision: &Decision,
    lines: &mut [Line<'_>],
) -> Result<KeptDecision, Stop> {
    guards::at_most("lines", decision.lines.len(), LINES_MAX)?;
    admissible(work, case, decision)?;
    let rates_on = rates_on(case, decision)?;
    let mut moves: BTreeMap<MatrixRow, Vec<Transfer>> = BTreeMap::new();
    let mut kept = Vec::with_capacity(decision.lines.len());
    for decided in &decision.lines {
        let Some(line) = lines.iter_mut().find(|line| line.named.line == decided.line) else {
            return Err(Refusal::new(Reason::InvalidField)
                .line(decided.line)
                .field("line", decided.line)
                .expected("a line of the document")
                .document(&case.mover.number)
                .into());
        };
        let rule = allowed(decided, line.matter)?;
        let measure = part(work, case.book, rule, decided, line)?;
        let tax = tax(decided, line.matter, &measure, rates_on)?;
        let goods = named::goods(line.named, line.open, measure);
        along(case.book, rule.legs, &goods, moves.entry(rule.row).or_default());
        line.open.left = line.open.left.checked_sub(&measure).ok_or_else(Stop::overflow)?;
        let partial = !line.open.left.is_zero();
        kept.push(KeptDecisionLine { line: decided.line, outcome: decided.outcome, measure, partial, tax });
    }
    let before = case.before.iter().flat_map(|decision| &decision.lines);
    let parts = before.chain(&kept).filter(|line| line.partial).count();
    guards::at_most("lines, of parts that leave something,", parts, PARTS_MAX)?;
    for (row, transfers) in &moves {
        carry_lots(work, Action::PostAtOnce, case.mover, transfers, Wishes::on_account(&case.mover.number))?;
        let (action, document) = (Action::PostAtOnce, case.mover.number.clone());
        work.steps.push(Step { action, document, version: 0, row: Some(*row) });
    }
    Ok(KeptDecision {
        decision_no: decision.decision_no.clone(),
        decided_on: decision.decided_on,
        by: by.clone(),
        time: work.now(),
        lines: kept,
    })
}

/// The decision itself: about something, new, and taken between the declaration and today.
fn admissible(work: &Work<'_>, case: &Case<'_>, decision: &Decision) -> Result<(), Stop> {
    if decision.lines.is_empty() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("lines", 0)
            .expected("at least one line")
            .into());
    }
    if case.before.iter().any(|before| before.decision_no == decision.decision_no) {
        return Err(Refusal::new(Reason::DocumentExists)
            .field("decision_no", &decision.decision_no)
            .expected("a decision that is not recorded yet")
            .document(&case.mover.number)
            .into());
    }
    between(work, "decided_on", decision.decided_on, case.declared_on)
}

/// `INVALID_FIELD`: a day is not before another one and, live, not after today.
pub(crate) fn between(work: &Work<'_>, field: &str, day: Date, first: Date) -> Result<(), Stop> {
    let last = work.live_date();
    if day >= first && last.is_none_or(|last| day <= last) {
        return Ok(());
    }
    let expected = match last {
        Some(last) => format!("from {first} to {last}"),
        None => format!("not before {first}"),
    };
    Err(Refusal::new(Reason::InvalidField).field(field, day).expected(expected).into())
}

fn rates_on(case: &Case<'_>, decision: &Decision) -> Result<Date, Stop> {
    match (case.loss_day, decision.rates_on) {
        (Some(day), Some(given)) if given != day => Err(Refusal::new(Reason::InvalidField)
            .field("rates_on", given)
            .expected(format!("{day}, the day of the loss"))
            .into()),
        (Some(day), _) => Ok(day),
        (None, given) => Ok(given.unwrap_or(decision.decided_on)),
    }
}

/// `DECISION_NOT_ALLOWED`: the matrix has a row for it.
fn allowed(decided: &DecisionLine, matter: Matter) -> Result<&'static Rule, Stop> {
    rule_of_decision(matter, decided.outcome).ok_or_else(|| {
        let outcomes: Vec<&str> = outcomes_of(matter).map(DecisionOutcome::code).collect();
        Refusal::new(Reason::DecisionNotAllowed)
            .line(decided.line)
            .field("outcome", decided.outcome)
            .expected(format!("of {matter}: {}", outcomes.join(", ")))
            .into()
    })
}

/// How much of a line is decided on: what the decision says, or all that is left.
fn part(
    work: &Work<'_>,
    book: &Book,
    rule: &Rule,
    decided: &DecisionLine,
    line: &Line<'_>,
) -> Result<Measure, Stop> {
    let left = line.open.left;
    let place = rule.legs.first().map(|leg| leg.from.place(book.usage, line.named.mark));
    let mismatch = |unit: Unit, wanted: Quantity, expected: String| -> Stop {
        Refusal::new(Reason::DecidedSumMismatch)
            .line(decided.line)
            .field("quantity", wanted)
            .expected(expected)
            .short(place, unit, wanted, left.get(unit))
            .into()
    };
    let wanted = decided.measure.unwrap_or(left);
    if left.declared().is_zero() {
        let nothing = "a line on which something is left to decide".to_owned();
        return Err(mismatch(Unit::Declared, wanted.declared(), nothing));
    }
    guards::positive(decided.line, "dclQty", Unit::Declared, wanted.declared())?;
    let remainder = left.checked_sub(&wanted).ok_or_else(Stop::overflow)?;
    let last = remainder.declared().is_zero();
    let whole_unit = line.named.mark == Mark::Goods && line.open.serial.is_some();
    if remainder.declared().is_negative() || (whole_unit && !last) {
        let expected = if whole_unit { "the whole unit" } else { "at most" };
        return Err(mismatch(Unit::Declared, wanted.declared(), format!("{expected} {}", left.declared())));
    }
    for unit in [Unit::Statutory1, Unit::Statutory2, Unit::Value] {
        let (there, taken, rest) = (left.get(unit), wanted.get(unit), remainder.get(unit));
        guards::not_negative(decided.line, unit.name(), taken)?;
        if rest.is_negative() || (last && !rest.is_zero()) {
            let expected = if last { format!("exactly {there}") } else { format!("at most {there}") };
            return Err(mismatch(unit, taken, expected));
        }
        if unit != Unit::Value && !there.is_zero() && !last && (rest.is_zero() || taken.is_zero()) {
            return Err(mismatch(unit, taken, format!("more than 0 and less than {there}")));
        }
    }
    agrees_with_units(work, book, decided.line, line.named, &wanted)?;
    Ok(wanted)
}

/// A part has the same number in units that are the same.
fn agrees_with_units(
    work: &Work<'_>,
    book: &Book,
    line: u64,
    named: &NamedGoods,
    part: &Measure,
) -> Result<(), Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: named.mark, number: named.number };
    let item = guards::item(work, key, line, "number")?;
    let second = item.units.statutory2.is_some().then(|| part.get(Unit::Statutory2));
    let quantities = Quantities {
        line,
        units: &item.units,
        declared: part.declared(),
        statutory1: part.get(Unit::Statutory1),
        statutory2: second,
    };
    quantities.agree_with_units()
}

/// On what the duty for a part that is taxed rests.
fn tax(
    decided: &DecisionLine,
    matter: Matter,
    part: &Measure,
    rates_on: Date,
) -> Result<Option<TaxBasis>, Stop> {
    let refuse = |value: &dyn std::fmt::Display, expected: &str| -> Result<Option<TaxBasis>, Stop> {
        Err(Refusal::new(Reason::InvalidField)
            .line(decided.line)
            .field("dutiable_value", value)
            .expected(expected)
            .into())
    };
    match (decided.outcome, decided.dutiable_value) {
        (DecisionOutcome::Taxed, Some(value)) if value.is_negative() => refuse(&value, "0 or more"),
        (DecisionOutcome::Taxed, Some(dutiable_value)) => Ok(Some(TaxBasis { rates_on, dutiable_value })),
        (DecisionOutcome::Taxed, None) if matter == Matter::LossForceMajeure => {
            refuse(&"none", "the value at which customs assesses the damaged goods")
        }
        (DecisionOutcome::Taxed, None) => {
            Ok(Some(TaxBasis { rates_on, dutiable_value: part.get(Unit::Value) }))
        }
        (_, Some(value)) => refuse(&value, "none: it is not taxed"),
        (_, None) => Ok(None),
    }
}
