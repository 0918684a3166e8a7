//! Which units may come in for repair, and to where they leave (`domain.md` 3.1 bonded repair).

mod common;

use common::build::{self, Amount, amount, filed, list, list_line, quantity, withdrawal};
use common::generate::repair_product;
use common::papers::{processing_book, row, serial};
use common::world::{self, unit_for_repair};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{BookRow, Document, List, PassageStage, Provenance};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::own_group::{OwnGroupFact, OwnGroupOrder};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::time::Date;

const UNITS: u64 = 6;
const PARTS: u64 = 1;
const ABROAD: &str = "2";
const HOME: &str = "9";

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// `W1` repairs pumps (8413500000), item 6, and has parts, item 1; the catalogue is asked for.
fn zone() -> Zone {
    let mut filing = processing_book("W1", Usage::Repair);
    filing.rows.push(row(Mark::Goods, PARTS, &world::goods(1), amount("8", "8", None)));
    let units = row(Mark::Goods, UNITS, &unit_for_repair(), Amount::default());
    filing.rows.push(BookRow { tracked_by_serial: true, ..units });
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    asked(&mut zone, "1");
    zone
}

fn asked(zone: &mut Zone, value: &str) {
    let parameter = Parameter::RepairCatalogueCheck;
    let from = day("2026-06-01");
    zone.accepts(Command::SetParameter(ParameterValue { parameter, from, value: quantity(value) }));
}

fn units(number: &str, direction: Direction, transport: &str, of: &[(&str, Provenance)]) -> Document {
    let line = |(at, (unit, provenance)): (usize, &(&str, Provenance))| {
        let line = list_line(at as u64 + 1, UNITS, &unit_for_repair(), amount("1", "1", None));
        zonebook_ledger::document::ListLine {
            serial: Some(serial(unit)),
            provenance: Some(*provenance),
            ..line
        }
    };
    filed(List {
        mode: build::mode("1371"),
        transport: transport.into(),
        lines: of.iter().enumerate().map(line).collect(),
        ..list(number, "W1", direction)
    })
}

fn own_group(number: u64, own: bool, from: &str, until: &str) -> OwnGroupOrder {
    let evidence = "trade mark certificate 7".into();
    OwnGroupOrder {
        item: build::item("W1", number),
        fact: OwnGroupFact { own, from: day(from), until: day(until), evidence },
    }
}

fn why(zone: &mut Zone, document: Document) -> Refusal {
    let taken = zone.takes(Command::File(Box::new(document)));
    taken.applied.outcome.refusal().expect("it is refused").clone()
}

fn reason(zone: &mut Zone, order: OwnGroupOrder) -> Reason {
    zone.takes(Command::OwnGroup(order)).applied.outcome.refusal().expect("it is refused").reason
}

fn arrives(zone: &mut Zone, pass_no: &str, list_no: &str) {
    zone.files(Document::Pass(build::pass(pass_no, Direction::In, &[list_no])));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(pass_no, PassageStage::Passed, at)));
}

const FOREIGN: [(&str, Provenance); 1] = [("SN1", Provenance::Foreign)];
const DOMESTIC: [(&str, Provenance); 1] = [("SN2", Provenance::Domestic)];

#[test]
fn the_catalogue_is_asked_for_from_the_day_that_a_parameter_names() {
    let mut zone = zone();
    asked(&mut zone, "0");
    zone.files(units("L01", Direction::In, ABROAD, &FOREIGN));
    zone.files(withdrawal("L01", 1));
    asked(&mut zone, "1");
    let refusal = why(&mut zone, units("L02", Direction::In, ABROAD, &FOREIGN));
    assert_eq!((refusal.reason, refusal.line), (Reason::RepairNotAllowed, Some(1)));
    assert_eq!((refusal.field.as_deref(), refusal.value.as_deref()), (Some("gdecd"), Some("8413500000")));
    let expected = refusal.expected.unwrap();
    assert!(expected.starts_with("goods of the repair catalogue on 2026-06-02"), "{expected}");

    // Not yet of it; then it is, by its heading.
    zone.accepts(repair_product("8413", day("2026-06-03"), true));
    assert_eq!(
        why(&mut zone, units("L02", Direction::In, ABROAD, &FOREIGN)).reason,
        Reason::RepairNotAllowed
    );
    zone.accepts(repair_product("8413", day("2026-06-01"), true));
    zone.files(units("L02", Direction::In, ABROAD, &FOREIGN));
}

#[test]
fn the_most_precise_entry_of_the_catalogue_decides() {
    let mut zone = zone();
    zone.accepts(repair_product("8413", day("2026-01-01"), true));
    zone.accepts(repair_product("84135000", day("2026-01-01"), false));
    assert_eq!(
        why(&mut zone, units("L01", Direction::In, ABROAD, &FOREIGN)).reason,
        Reason::RepairNotAllowed
    );
    zone.accepts(repair_product("8413500000", day("2026-01-01"), true));
    zone.files(units("L01", Direction::In, ABROAD, &FOREIGN));
    // Taken out of the catalogue: what waits goes on, what is new does not come in.
    zone.accepts(repair_product("8413500000", day("2026-06-02"), false));
    arrives(&mut zone, "P01", "L01");
    assert_eq!(why(&mut zone, units("L02", Direction::In, HOME, &DOMESTIC)).reason, Reason::RepairNotAllowed);
}

#[test]
fn own_group_products_come_from_the_domestic_side_and_go_back_there() {
    let mut zone = zone();
    zone.accepts(Command::OwnGroup(own_group(UNITS, true, "2026-06-01", "2026-12-31")));
    assert_eq!(
        why(&mut zone, units("L01", Direction::In, ABROAD, &FOREIGN)).reason,
        Reason::RepairNotAllowed
    );
    zone.files(units("L01", Direction::In, HOME, &DOMESTIC));
    arrives(&mut zone, "P01", "L01");

    let refusal = why(&mut zone, units("L02", Direction::Out, ABROAD, &DOMESTIC));
    assert_eq!(refusal.reason, Reason::RepairNotAllowed);
    assert!(refusal.expected.unwrap().contains("SN2 came from the domestic side"));
    zone.files(units("L02", Direction::Out, HOME, &DOMESTIC));
    zone.files(withdrawal("L02", 1));
    // Of the catalogue, it may go abroad as well.
    zone.accepts(repair_product("841350", day("2026-01-01"), true));
    zone.files(units("L03", Direction::Out, ABROAD, &DOMESTIC));
}

#[test]
fn of_registrations_for_a_day_the_last_one_counts() {
    let mut zone = zone();
    zone.accepts(Command::OwnGroup(own_group(UNITS, true, "2026-06-01", "2026-12-31")));
    zone.accepts(Command::OwnGroup(own_group(UNITS, false, "2026-06-02", "2026-06-30")));
    assert_eq!(why(&mut zone, units("L01", Direction::In, HOME, &DOMESTIC)).reason, Reason::RepairNotAllowed);
    zone.accepts(Command::OwnGroup(own_group(UNITS, true, "2026-06-02", "2026-06-02")));
    zone.files(units("L01", Direction::In, HOME, &DOMESTIC));
    let kept = query::own_group(&zone.state, &build::book_no("W1"), None, 10).unwrap();
    let [(item, entries)] = &kept[..] else { panic!("{kept:?}") };
    assert_eq!((item.number, entries.len()), (UNITS, 3));
    assert!(query::own_group(&zone.state, &build::book_no("W1"), Some(UNITS), 10).unwrap().is_empty());
}

#[test]
fn what_cannot_be_an_own_group_product_is_not_registered() {
    let mut zone = zone();
    let sound = || own_group(UNITS, true, "2026-06-01", "2026-12-31");
    let with = |fact: fn(&mut OwnGroupFact)| {
        let mut order = sound();
        fact(&mut order.fact);
        order
    };
    assert_eq!(reason(&mut zone, with(|fact| fact.evidence = "  ".into())), Reason::InvalidField);
    assert_eq!(reason(&mut zone, with(|fact| fact.until = day("2026-05-31"))), Reason::InvalidField);
    let other = |item: ItemKey| OwnGroupOrder { item, ..sound() };
    assert_eq!(reason(&mut zone, other(build::item("W1", PARTS))), Reason::ItemNotFiled);
    assert_eq!(reason(&mut zone, other(build::item("W1", 99))), Reason::ItemNotFiled);
    assert_eq!(reason(&mut zone, other(build::item("W9", UNITS))), Reason::BookUnknown);
    let parts = ItemKey { mark: Mark::Residue, ..build::item("W1", UNITS) };
    assert_eq!(reason(&mut zone, other(parts)), Reason::InvalidField);
    zone.files(Document::Book(build::book("A1")));
    assert_eq!(reason(&mut zone, other(build::item("A1", 1))), Reason::InvalidField);
}
