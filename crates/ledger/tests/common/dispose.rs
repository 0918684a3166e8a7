//! Disposals and adjustments in few words.

use super::build::{Amount, book_no, customs_no, quantity};
use super::papers::serial;
use super::world;
use zonebook_ledger::code::{AdjustmentNo, DecisionNo, DisposalNo, TallyNo, TariffCode, UnitCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::difference::DifferenceRef;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    AdjustmentDecision, AdjustmentFiling, AdjustmentLine, Decision, DecisionLine, DecisionOutcome,
    DestructionResidue, Difference, DisposalFiling, DisposalKind, DisposalLine, DisposalOrder, DisposalStep,
    Document, Evidence, EvidenceKind, Execution, NamedGoods, TallyDecision,
};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

pub fn disposal_no(text: &str) -> DisposalNo {
    DisposalNo::new(text).unwrap()
}

pub fn adjustment_no(text: &str) -> AdjustmentNo {
    AdjustmentNo::new(text).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn evidence(kind: EvidenceKind) -> Evidence {
    Evidence { kind, name: "paper".into(), sha256: [7; 32] }
}

/// Goods of a line. Their value in US dollars is their declared quantity.
pub fn named(line: u64, mark: Mark, number: u64, amount: Amount) -> NamedGoods {
    NamedGoods {
        line,
        mark,
        number,
        serial: None,
        declared: amount.declared,
        statutory1: amount.statutory1,
        statutory2: amount.statutory2,
        value_usd: amount.declared,
    }
}

/// The same of a unit.
pub fn of_unit(goods: NamedGoods, unit: &str) -> NamedGoods {
    NamedGoods { serial: Some(serial(unit)), ..goods }
}

/// A disposal with all that its kind needs.
pub fn disposal(number: &str, kind: DisposalKind, book: &str, goods: Vec<NamedGoods>) -> DisposalFiling {
    DisposalFiling {
        lots: Vec::new(),
        disposal_no: disposal_no(number),
        kind,
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        declared_at: world::local("2026-06-02T09:00:00"),
        event_on: Some(day("2026-06-01")),
        cause: "flood".into(),
        evidence: vec![evidence(EvidenceKind::OfficialProof)],
        lines: goods.into_iter().map(|goods| DisposalLine { goods, dangerous: false }).collect(),
    }
}

fn order(number: &str, step: DisposalStep) -> Command {
    Command::OrderDisposal(Box::new(DisposalOrder { disposal_no: disposal_no(number), step }))
}

pub fn approve(number: &str, level: u64) -> Command {
    order(number, DisposalStep::Approve { level, remark: "".into() })
}

pub fn reject(number: &str) -> Command {
    order(number, DisposalStep::Reject { reason: "no need".into() })
}

pub fn withdraw(number: &str) -> Command {
    order(number, DisposalStep::Withdraw { reason: "used after all".into() })
}

pub fn execute(number: &str, executed_on: &str, residues: Vec<DestructionResidue>) -> Command {
    let evidence = vec![evidence(EvidenceKind::Video)];
    order(number, DisposalStep::Execute(Execution { executed_on: day(executed_on), evidence, residues }))
}

pub fn decide(number: &str, decision: Decision) -> Command {
    order(number, DisposalStep::Decide(decision))
}

pub fn decide_adjustment(number: &str, decision: Decision) -> Command {
    let adjustment_no = adjustment_no(number);
    Command::DecideAdjustment(Box::new(AdjustmentDecision { adjustment_no, decision }))
}

pub fn decide_tally(number: &str, decision: Decision) -> Command {
    let tally_no = TallyNo::new(number).unwrap();
    Command::DecideTally(Box::new(TallyDecision { tally_no, decision }))
}

/// A decision of the day on which documents are filed.
pub fn decision(number: &str, lines: Vec<DecisionLine>) -> Decision {
    Decision {
        decision_no: DecisionNo::new(number).unwrap(),
        decided_on: day("2026-06-02"),
        rates_on: None,
        lines,
    }
}

/// All that is left of a line.
pub fn rest(line: u64, outcome: DecisionOutcome) -> DecisionLine {
    DecisionLine { line, outcome, measure: None, dutiable_value: None }
}

/// A part of a line: declared, first statutory, second statutory, value.
pub fn part(line: u64, outcome: DecisionOutcome, parts: [&str; 4]) -> DecisionLine {
    DecisionLine { measure: Some(Measure(parts.map(quantity))), ..rest(line, outcome) }
}

/// What is left of a destroyed line: of a tariff code and in kilograms.
pub fn left_over(line: u64, from_line: u64, number: u64, declared: Quantity) -> DestructionResidue {
    DestructionResidue {
        line,
        from_line,
        number,
        tariff_code: TariffCode::new("7404000090").unwrap(),
        name: "copper".into(),
        unit: UnitCode::new("035").unwrap(),
        declared,
        value_usd: quantity("12.5"),
    }
}

/// An adjustment of a verification.
pub fn adjustment(
    number: &str,
    book: &str,
    verification: u64,
    lines: Vec<(Difference, NamedGoods)>,
) -> AdjustmentFiling {
    let line = |(difference, goods)| AdjustmentLine {
        difference,
        goods,
        cause: "miscounted issue".into(),
        cites: None,
    };
    AdjustmentFiling {
        lots: Vec::new(),
        adjustment_no: adjustment_no(number),
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        verification: Some(verification),
        declared_at: world::local("2026-06-02T09:00:00"),
        lines: lines.into_iter().map(line).collect(),
    }
}

/// The same, each line of a decided difference.
pub fn citing(
    number: &str,
    book: &str,
    lines: Vec<(&DifferenceRef, Difference, NamedGoods)>,
) -> AdjustmentFiling {
    let line = |(cites, difference, goods): (&DifferenceRef, _, _)| AdjustmentLine {
        difference,
        goods,
        cause: "as decided".into(),
        cites: Some(cites.clone()),
    };
    AdjustmentFiling {
        verification: None,
        lines: lines.into_iter().map(line).collect(),
        ..adjustment(number, book, 0, Vec::new())
    }
}

/// Sets a parameter from long ago on.
pub fn set(parameter: Parameter, value: &str) -> Command {
    let from = day("2026-01-01");
    Command::SetParameter(ParameterValue { parameter, from, value: quantity(value) })
}

pub fn filed(filing: DisposalFiling) -> Command {
    Command::File(Box::new(Document::Disposal(filing)))
}

pub fn filed_adjustment(filing: AdjustmentFiling) -> Command {
    Command::File(Box::new(Document::Adjustment(filing)))
}
