//! Differences of counts in few words.

use super::build::{book_no, customs_no, quantity};
use super::dispose::day;
use super::world;
use zonebook_ledger::code::{DecisionNo, DeskCode, DifferenceNo, OfficeCode, UnitCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::difference::{Class, DifferenceRef};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    DifferenceDecision, DifferenceFiling, DifferenceLine, DifferenceOrder, DifferenceOutcome, DifferenceStep,
    Document, Stake,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::tolerance::{Tolerance, ToleranceOrder};

pub fn difference_no(text: &str) -> DifferenceNo {
    DifferenceNo::new(text).unwrap()
}

pub fn difference(number: &str, line: u64) -> DifferenceRef {
    DifferenceRef { difference_no: difference_no(number), line }
}

pub fn desk(text: &str) -> DeskCode {
    DeskCode::new(text).unwrap()
}

/// Material of a book in kilograms: what it has and what was counted, worth a dollar each, of a hundred times as much that
/// came in.
pub fn line(line: u64, number: u64, book: &str, counted: &str) -> DifferenceLine {
    let (book, counted) = (quantity(book), quantity(counted));
    let size = counted.checked_sub(book).unwrap().raw().abs();
    let size = zonebook_ledger::quantity::Quantity::from_raw(size);
    DifferenceLine {
        line,
        mark: Mark::Goods,
        number,
        serial: None,
        unit: UnitCode::new("035").unwrap(),
        book,
        counted,
        explained: quantity("0"),
        inflow: zonebook_ledger::quantity::Quantity::from_raw(size.raw() * 100),
        class: if counted < book { Class::Shortage } else { Class::Surplus },
        stake: Stake { value_usd: Some(size), duty: None, tax: None },
        owner: None,
        due: None,
    }
}

/// The first part of a report about a book as it was after a revision.
pub fn report(number: &str, book: &str, revision: u64, lines: Vec<DifferenceLine>) -> DifferenceFiling {
    DifferenceFiling {
        difference_no: difference_no(number),
        part: 1,
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        revision: Revision(revision),
        digest: None,
        campaign_no: None,
        tolerance: Tolerance::default(),
        lines,
    }
}

pub fn recorded(filing: DifferenceFiling) -> Command {
    Command::File(Box::new(Document::Differences(filing)))
}

fn order(number: &str, line: u64, step: DifferenceStep) -> Command {
    let difference_no = difference_no(number);
    Command::OrderDifference(Box::new(DifferenceOrder { difference_no, line, step }))
}

pub fn assign(number: &str, line: u64, owner: &str, due: Option<&str>) -> Command {
    order(number, line, DifferenceStep::Assign { owner: desk(owner), due: due.map(day) })
}

/// A decision of the day on which documents are filed.
pub fn says(decision: &str, outcome: DifferenceOutcome) -> DifferenceDecision {
    DifferenceDecision {
        decision_no: DecisionNo::new(decision).unwrap(),
        outcome,
        decided_on: day("2026-06-02"),
        rates_on: None,
        dutiable_value: None,
        reason: "the count was attended".into(),
        evidence: Vec::new(),
    }
}

pub fn decide(number: &str, line: u64, decision: DifferenceDecision) -> Command {
    order(number, line, DifferenceStep::Decide(decision))
}

/// What an office tolerates from a day on: parts of a million, declared quantity, US dollars.
pub fn tolerates(office: &str, from: &str, [ppm, declared, value_usd]: [&str; 3]) -> Command {
    let office = OfficeCode::new(office).unwrap();
    let tolerance =
        Tolerance { ppm: quantity(ppm), quantity: quantity(declared), value_usd: quantity(value_usd) };
    Command::SetTolerance(ToleranceOrder { office, from: day(from), tolerance })
}
