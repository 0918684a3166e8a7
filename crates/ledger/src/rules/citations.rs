//! What lines of an adjustment cite: differences that customs decided on. Each line is of the goods of its difference, on
//! its side of the book, and all that cite it take no more than the difference.

use super::decisions::{self, Case, Line};
use super::differences;
use super::guards;
use super::work::{Stop, Work};
use crate::book::Book;
use crate::difference::{Decided, DifferenceRef, DifferenceState, KeptDifference, Settled};
use crate::disposal::{KeptDecision, OpenGoods};
use crate::document::{AdjustmentFiling, AdjustmentLine, Decision, DecisionLine, DifferenceOutcome};
use crate::duty::share_of_value;
use crate::limits::SETTLED_MAX;
use crate::mover::Mover;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use std::collections::BTreeMap;
use std::fmt::Display;

/// The differences that an adjustment cites, as they stand once it is carried out.
pub(crate) type Cited = BTreeMap<DifferenceRef, KeptDifference>;

/// Looks up what each line cites, and takes from it what the line takes.
pub(crate) fn check(work: &Work<'_>, filing: &AdjustmentFiling) -> Result<Cited, Stop> {
    let mut cited = Cited::new();
    for line in &filing.lines {
        let Some(number) = &line.cites else { continue };
        let mut row = match cited.remove(number) {
            Some(row) => row,
            None => decided(work, number)?,
        };
        of_the_same(filing, line, number, &row)?;
        guards::at_most("adjustments of one difference", row.settled.len().saturating_add(1), SETTLED_MAX)?;
        let part = part(work, filing, line, number, &row)?;
        row.settled.push(part);
        cited.insert(number.clone(), row);
    }
    Ok(cited)
}

/// `DIFFERENCE_STATE`: customs has decided, and not all is settled.
fn decided(work: &Work<'_>, number: &DifferenceRef) -> Result<KeptDifference, Stop> {
    let row = differences::known(work, number)?;
    if row.state == DifferenceState::Decided {
        return Ok((*row).clone());
    }
    Err(differences::wrong_state(number, &row, "DECIDED: customs said what becomes of it"))
}

fn mismatch(line: &AdjustmentLine, field: &str, value: &dyn Display, expected: &dyn Display) -> Stop {
    let refusal = Refusal::new(Reason::DifferenceMismatch).line(line.goods.line).field(field, value);
    match &line.cites {
        Some(number) => refusal.expected(expected).document(number).into(),
        None => refusal.expected(expected).into(),
    }
}

fn of_the_same(
    filing: &AdjustmentFiling,
    line: &AdjustmentLine,
    number: &DifferenceRef,
    row: &KeptDifference,
) -> Result<(), Stop> {
    let goods = &line.goods;
    if filing.book_no != row.book_no {
        return Err(mismatch(line, "book_no", &filing.book_no, &row.book_no));
    }
    if (goods.mark, goods.number) != (row.filed.mark, row.filed.number) {
        let expected = format!("{} {}, of difference {number}", row.filed.mark, row.filed.number);
        return Err(mismatch(line, "number", &format!("{} {}", goods.mark, goods.number), &expected));
    }
    // What was counted as one item may be settled unit by unit.
    if let Some(serial) = row.filed.serial.as_ref().filter(|serial| goods.serial.as_ref() != Some(serial)) {
        let given = goods.serial.as_ref().map_or("none", |serial| serial.as_str());
        return Err(mismatch(line, "serial", &given, serial));
    }
    match row.filed.class.side() {
        Some(side) if side == line.difference => Ok(()),
        _ => Err(mismatch(line, "difference", &line.difference, &row.filed.class)),
    }
}

/// What a line takes of a difference, with its part of the dutiable value.
fn part(
    work: &Work<'_>,
    filing: &AdjustmentFiling,
    line: &AdjustmentLine,
    number: &DifferenceRef,
    row: &KeptDifference,
) -> Result<Settled, Stop> {
    let declared = line.goods.declared;
    guards::positive(line.goods.line, "dclQty", crate::measure::Unit::Declared, declared)?;
    let left = row.left().ok_or_else(Stop::overflow)?;
    let after = left.checked_sub(declared).ok_or_else(Stop::overflow)?;
    if after.is_negative() {
        let expected = format!("at most {left}, what is left of difference {number}");
        return Err(mismatch(line, "dclQty", &declared, &expected));
    }
    let dutiable_value = match dutiable(row) {
        None => None,
        Some(all) => {
            // Shares of what is taken so far, so that the parts are the whole and none is below nothing.
            let size = row.filed.size().ok_or_else(Stop::overflow)?;
            let taken = size.checked_sub(after).ok_or_else(Stop::overflow)?;
            let until = share_of_value(all, size, taken).ok_or_else(Stop::overflow)?;
            let mut before = row.settled.iter().filter_map(|part| part.dutiable_value);
            Some(before.try_fold(until, Quantity::checked_sub).ok_or_else(Stop::overflow)?)
        }
    };
    let (adjustment_no, line, at) = (filing.adjustment_no.clone(), line.goods.line, work.head.revision);
    Ok(Settled { adjustment_no, line, declared, dutiable_value, at })
}

/// What duty on all of a taxed difference is computed on.
fn dutiable(row: &KeptDifference) -> Option<Quantity> {
    let decision = &row.decided()?.decision;
    let taxed = decision.outcome == DifferenceOutcome::Taxed;
    decision.dutiable_value.or(row.filed.stake.value_usd).filter(|_| taxed)
}

/// Does with the goods of each citing line what was decided on its difference, decision by decision.
pub(crate) fn carry_out(
    work: &mut Work<'_>,
    book: &Book,
    filing: &AdjustmentFiling,
    cited: Cited,
    open: &mut [OpenGoods],
) -> Result<Vec<KeptDecision>, Stop> {
    let mover = Mover::from(&filing.adjustment_no);
    let mut carried: Vec<KeptDecision> = Vec::new();
    for (decided, lines) in by_decision(filing, &cited) {
        let case = Case {
            mover: &mover,
            book,
            // It was judged in time when it was taken, before the adjustment.
            declared_on: decided.decision.decided_on,
            loss_day: None,
            before: &carried,
        };
        let decision = Decision {
            decision_no: decided.decision.decision_no.clone(),
            decided_on: decided.decision.decided_on,
            rates_on: decided.decision.rates_on,
            lines,
        };
        let line = |(line, open)| {
            let line: &AdjustmentLine = line;
            Line { matter: line.difference.matter(), named: &line.goods, open }
        };
        let mut lines: Vec<Line<'_>> = filing.lines.iter().zip(open.iter_mut()).map(line).collect();
        let kept = decisions::decide(work, &decided.by, &case, &decision, &mut lines)?;
        carried.push(kept);
    }
    for (number, mut row) in cited {
        if row.left().is_some_and(Quantity::is_zero) {
            row.state = DifferenceState::Settled;
        }
        differences::keep(work, number, row)?;
    }
    Ok(carried)
}

/// The lines under each decision, in the order of the lines. One decision may be about several differences.
fn by_decision<'a>(filing: &AdjustmentFiling, cited: &'a Cited) -> Vec<(&'a Decided, Vec<DecisionLine>)> {
    let mut found: Vec<(&Decided, Vec<DecisionLine>)> = Vec::new();
    for line in &filing.lines {
        let Some(row) = line.cites.as_ref().and_then(|number| cited.get(number)) else { continue };
        let Some(decided) = row.decided() else { continue };
        let Some(outcome) = decided.decision.outcome.settles_as() else { continue };
        let of_line =
            |part: &&Settled| (&part.adjustment_no, part.line) == (&filing.adjustment_no, line.goods.line);
        let dutiable_value = row.settled.iter().find(of_line).and_then(|part| part.dutiable_value);
        let decision_line = DecisionLine { line: line.goods.line, outcome, measure: None, dutiable_value };
        match found.iter_mut().find(|(other, _)| same(other, decided)) {
            Some((_, lines)) => lines.push(decision_line),
            None => found.push((decided, vec![decision_line])),
        }
    }
    found
}

fn same(one: &Decided, other: &Decided) -> bool {
    let of = |decided: &Decided| (decided.decision.decided_on, decided.decision.rates_on);
    one.decision.decision_no == other.decision.decision_no && of(one) == of(other) && one.by == other.by
}
