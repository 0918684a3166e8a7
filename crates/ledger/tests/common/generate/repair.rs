//! Units for repair and the parts removed from them, as chance files them.

use super::consumption::{free_consumption, twisted};
use super::list::{finished_with, free_number};
use super::reference::repair_product;
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, amount, list as blank, list_line, mode};
use crate::common::model::{BookCopy, ListCopy, PassCopy, Receipt};
use crate::common::papers::{consumption, residue, serial};
use crate::common::world::{Goods, NO_BOOK, PASSES, SERIALS, UNITS, goods_in, unit_for_repair};
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{ConsumptionFiling, Document, List, ListLine, PassageStage, Provenance};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::own_group::{OwnGroupFact, OwnGroupOrder};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

/// What lists of units and parts have wrong.
const UNIT_TWISTS: &[Twist<List>] = &[
    ("no serial", |list| list.lines.iter_mut().for_each(|line| line.serial = None)),
    ("unit of nobody", |list| list.lines.iter_mut().for_each(|line| line.serial = Some(serial("SN9")))),
    ("two of a unit", |list| {
        list.lines.iter_mut().for_each(|line| {
            line.declared = Quantity::whole(2);
            line.statutory1 = Quantity::whole(2);
        });
    }),
    ("unit twice", |list| {
        let again = list.lines.first().cloned().map(|line| ListLine { line: 9, ..line });
        list.lines.extend(again);
    }),
    ("sold at home", |list| list.mode = mode("0844")),
];

/// What registrations of own-group products have wrong.
const OWN_TWISTS: &[Twist<OwnGroupOrder>] = &[
    ("no evidence", |order| order.fact.evidence = " ".into()),
    ("ends before it begins", |order| order.fact.until = Date(order.fact.from.0 - 1)),
    ("parts", |order| order.item.mark = Mark::Residue),
    ("goods without serial numbers", |order| order.item.number = 1),
    ("book of nobody", |order| order.item.book_no = build::book_no(NO_BOOK)),
];

/// Codes under which the catalogue may have the units.
const CATALOGUE: [&str; 5] = ["8413", "841350", "84135000", "8413500000", "84135"];

/// What customs decides about which units may come in: whether the catalogue is asked for, what is of it, and what is made
/// by the group itself.
pub fn rule(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let book = workshop(scribe)?;
    let [what, which, days, yes, ..] = intent.picks;
    let from = Date(scribe.clock().date().0 - i32::from(days % 3));
    Some(match what % 8 {
        0 | 1 => Command::SetParameter(ParameterValue {
            parameter: Parameter::RepairCatalogueCheck,
            from,
            value: Quantity::whole(i64::from(!yes.is_multiple_of(3))),
        }),
        2..=4 => {
            let codes = if intent.twist.is_some() { &CATALOGUE[..] } else { &CATALOGUE[..4] };
            repair_product(codes[usize::from(which) % codes.len()], from, !yes.is_multiple_of(3))
        }
        _ => {
            let item = build::item(book.filing.book_no.as_str(), UNITS);
            let until = Date(from.0 + i32::from(which % 6));
            let fact = OwnGroupFact { own: !yes.is_multiple_of(4), from, until, evidence: "letter".into() };
            let mut order = OwnGroupOrder { item, fact };
            twist(OWN_TWISTS, &mut order, intent.twist);
            Command::OwnGroup(order)
        }
    })
}

fn workshop(scribe: &Scribe) -> Option<&BookCopy> {
    scribe.model.shelf.books.iter().find(|book| book.filing.usage == Usage::Repair)
}

fn unit_line(at: u64, number: u64, goods: &Goods, of: &str) -> ListLine {
    let line = list_line(at, number, goods, amount("1", "1", None));
    ListLine { serial: Some(serial(of)), ..line }
}

fn finished(mut list: List, intent: &Intent) -> Document {
    list.mode = match (list.mark, intent.picks[3] % 4) {
        (Mark::Residue, way) => mode(["0864", "0844", "0845", "0400"][usize::from(way)]),
        _ => mode("1371"),
    };
    finished_with(UNIT_TWISTS, list, intent)
}

/// The next step in the life of a unit: in, a part swapped, the part out, the unit out, and the gate between them.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let book = workshop(scribe)?;
    let [step, ..] = intent.picks;
    let through = through_the_gate(scribe, book);
    let step = match step % 8 {
        0 | 1 => units_in(scribe, book, intent),
        2 => unit_out(scribe, book, intent),
        3 => through.or_else(|| swap(scribe, book, intent)),
        _ => part_out(scribe, book, intent).or(through).or_else(|| swap(scribe, book, intent)),
    };
    step.or_else(|| units_in(scribe, book, intent))
}

fn units_in(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, pick, more, way, ..] = intent.picks;
    let mut list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::In);
    for at in 0..=usize::from(more % 2) {
        let unit = SERIALS[(usize::from(pick) + at) % SERIALS.len()];
        let provenance = [Provenance::Foreign, Provenance::Domestic][usize::from(way) % 2];
        let line = unit_line(at as u64 + 1, UNITS, &unit_for_repair(), unit);
        list.lines.push(ListLine { provenance: Some(provenance), ..line });
    }
    Some(finished(list, intent))
}

/// Units that came into the book: those that are there, or all.
fn units(scribe: &Scribe, book: &BookCopy, there: bool) -> Vec<Receipt> {
    let shelf = &scribe.model.shelf;
    let mut receipts = shelf.receipts(&book.filing.book_no);
    receipts.retain(|receipt| !there || shelf.figures(&receipt.unit(&book.filing.book_no)).on_hand()[0] > 0);
    receipts
}

fn unit_out(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, pick, any, ..] = intent.picks;
    let unit = choose(&units(scribe, book, !any.is_multiple_of(4)), pick)?;
    let list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::Out);
    let line = unit_line(1, unit.number, &unit_for_repair(), unit.serial.as_str());
    Some(finished(List { lines: vec![line], ..list }, intent))
}

/// A part of a unit on hand, swapped for one in stock.
fn swap(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, pick, any, ..] = intent.picks;
    let unit = choose(&units(scribe, book, !any.is_multiple_of(8)), pick)?;
    let book_no = book.filing.book_no.as_str();
    let number = u64::from(any % 3) + 1;
    let there = scribe.model.shelf.figures(&build::position(book_no, number, Place::Zone)).available()[0];
    let used = if there > 0 { vec![(number, Quantity::from_raw(there.min(100_000)))] } else { Vec::new() };
    let goods = goods_in(book_no, number);
    let filing = ConsumptionFiling {
        part_swap: true,
        residues: vec![residue(1, number, &goods, Quantity::whole(1), Some(unit.serial.as_str()))],
        ..consumption(free_consumption(scribe), book_no, &used)
    };
    Some(twisted(filing, intent))
}

/// Removed parts that leave; now and then they come back.
fn part_out(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, pick, back, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let book_no = &book.filing.book_no;
    let mut parts: Vec<(Receipt, u64)> = Vec::new();
    for receipt in units(scribe, book, false) {
        for number in 1..=3 {
            let part = receipt.position(book_no, Mark::Residue, number, Place::RemovedPart);
            if shelf.figures(&part).available()[0] > 0 {
                parts.push((receipt.clone(), number));
            }
        }
    }
    // Where no part is left, one that never was is asked for.
    let (receipt, number) = match choose(&parts, pick) {
        Some(part) => part,
        None if back.is_multiple_of(2) => {
            let residues = book.rows.iter().filter(|row| row.mark == Mark::Residue);
            let numbers: Vec<u64> = residues.map(|row| row.number).collect();
            (choose(&units(scribe, book, false), pick)?, choose(&numbers, pick)?)
        }
        None => return None,
    };
    let direction = if back.is_multiple_of(16) { Direction::In } else { Direction::Out };
    let list = blank(free_number(scribe, pick), book_no.as_str(), direction);
    let goods = goods_in(book_no.as_str(), number);
    let line = unit_line(1, number, &goods, receipt.serial.as_str());
    Some(finished(List { mark: Mark::Residue, lines: vec![line], ..list }, intent))
}

/// A pass for a list of the book that waits, or the report of one.
pub fn through_the_gate(scribe: &Scribe, book: &BookCopy) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let waits = |list: &&ListCopy| {
        list.content.book_no == book.filing.book_no && list.state == DocumentState::PrePosted
    };
    let list = &shelf.lists.iter().find(waits)?.content;
    let names = |pass: &&PassCopy| pass.carries_lists(|number| number == list.list_no.as_str());
    if let Some(pass) = shelf.passes.iter().find(names) {
        let report = build::passage(pass.filing.pass_no.as_str(), PassageStage::Passed, scribe.clock());
        return Some(Document::Passage(report));
    }
    let number = PASSES.into_iter().find(|number| shelf.pass(number).is_none())?;
    Some(Document::Pass(build::pass(number, list.direction, &[list.list_no.as_str()])))
}
