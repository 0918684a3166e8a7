//! The worked examples of `domain.md` section 6 that the ledger can tell today, by their names.

mod common;

use common::build::{
    self, Amount, amount, book, book_row, declared, declared_by_partner, filed, list, list_line, notice,
    pass, passage, quantity, withdrawal,
};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::code::LotNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Document, List, PassageStage};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::message::{Content, Label, Message};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;

fn goods(part: &str, tariff: &str, units: (&str, &str, Option<&str>)) -> Goods {
    Goods { part: part.into(), tariff: tariff.into(), units: build::units(units.0, units.1, units.2) }
}

fn numbers(measure: Measure) -> [String; 3] {
    let [declared, statutory1, statutory2, _] = measure.0;
    [declared.to_string(), statutory1.to_string(), statutory2.to_string()]
}

/// A2: 3,894 pieces of item 2255 come in over the second line with a declaration that the seller makes. They are
/// announced on 25 July and there on the 27th; in between, nothing of them can be taken.
#[test]
fn a2_posting_of_a_second_line_entry() {
    let sets = goods("2255-A", "8543709990", ("006", "006", Some("035")));
    let mut zone = Zone::opened("2024-07-25T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(2255, &sets, Amount::default()));
    zone.files(Document::Book(filing));

    zone.at("2024-07-25T11:20:47");
    let line = list_line(1, 2255, &sets, amount("3894", "3894", Some("1233.1")));
    let line = zonebook_ledger::document::ListLine {
        price: quantity("3.9"),
        total: quantity("15186.6"),
        value_usd: quantity("15186.6"),
        ..line
    };
    let entry = List {
        mode: build::mode("5000"),
        transport: "9".into(),
        declared_at: world::local("2024-07-25T11:00:00"),
        lines: vec![line],
        ..declared_by_partner(list("QD221724I000000001", "A1", Direction::In), "221720241000000001")
    };
    zone.files(filed(entry));
    zone.at("2024-07-26T10:00:00");
    zone.files(Document::Pass(pass("P221724072600001", Direction::In, &["QD221724I000000001"])));
    let through = world::local("2024-07-26T10:05:00");
    zone.files(Document::Passage(passage("P221724072600001", PassageStage::Passed, through)));

    let stock = build::position("A1", 2255, Place::Zone);
    let pending = zone.list("QD221724I000000001");
    assert_eq!((pending.state, pending.row), (DocumentState::PrePosted, MatrixRow::SecondLineIn));
    assert_eq!(zone.available(&stock), Quantity::ZERO);
    assert_eq!(zone.counters(&stock).increase_pending.declared(), quantity("3894"));

    zone.at("2024-07-27T07:41:03");
    let released = world::local("2024-07-27T07:40:00");
    zone.files(Document::Notice(notice("221720241000000001", "P", released)));

    let posted = zone.list("QD221724I000000001");
    assert_eq!(posted.state, DocumentState::Posted);
    assert_eq!(posted.prevd_time, world::moment("2024-07-25T11:20:47"));
    assert_eq!(posted.posted_time, Some(world::moment("2024-07-27T07:41:03")));
    assert_eq!(posted.release_time, Some(released));
    assert_eq!(numbers(zone.on_hand(&stock)), ["3894", "3894", "1233.1"]);
    // The value stands in the book: with it, 3.9 USD apiece.
    let value = zone.on_hand(&stock).get(zonebook_ledger::measure::Unit::Value);
    assert_eq!(value, quantity("15186.6"));
    assert_eq!(value.raw(), quantity("3.9").raw() * 3894);
    let between = Moment::Before(world::moment("2024-07-27T07:41:03"));
    let then = query::counters(&zone.state, &stock, between).unwrap();
    assert_eq!(then.available().unwrap(), Measure::ZERO);
}

/// A3: a first-line exit is audited: its goods are reserved, and still there.
#[test]
fn a3_pre_deduction_of_a_first_line_exit() {
    let parts = goods("M-100", "8708299000", ("035", "035", None));
    let mut zone = Zone::opened("2024-07-25T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &parts, amount("1000", "1000", None)));
    zone.files(Document::Book(filing));

    zone.at("2024-07-25T09:30:00");
    let exit = List {
        mode: build::mode("5034"),
        transport: "2".into(),
        declared_at: world::local("2024-07-25T09:00:00"),
        lines: vec![list_line(1, 1, &parts, amount("400", "400", None))],
        ..declared(list("QD221724E000000001", "A1", Direction::Out), "221720240000000002")
    };
    let applied = zone.files(filed(exit));

    let list = zone.list("QD221724E000000001");
    assert_eq!((list.state, list.row), (DocumentState::PrePosted, MatrixRow::FirstLineOut));
    assert_eq!(list.prevd_time, world::moment("2024-07-25T09:30:00"));
    assert_eq!((list.posted_time, list.release_time), (None, None));
    let stock = build::position("A1", 1, Place::Zone);
    assert_eq!(numbers(zone.on_hand(&stock)), ["1000", "1000", "0"]);
    assert_eq!(zone.available(&stock), quantity("600"));
    // The answer carries the balances after it.
    let told = applied.balances.iter().find(|(key, _)| *key == stock).map(|(_, counters)| *counters);
    assert_eq!(told, Some(zone.counters(&stock)));
}

/// A4: a row of 9,921,580 kg of which 175,580 are reserved has 9,746,000 left, and not a hundred-thousandth more.
#[test]
fn a4_balance_of_a_row_per_receipt() {
    let oil = goods("OIL", "2710192200", ("035", "035", None));
    let mut zone = Zone::opened("2024-07-25T08:00:00");
    let mut filing = book("R1");
    filing.rows.push(zonebook_ledger::document::BookRow {
        lot: LotNo::new("QD580121I000000011/1").ok(),
        ..book_row(1, &oil, amount("9921580", "9921580", None))
    });
    zone.files(Document::Book(filing));
    let takes = |number: &str, kilograms: &str| {
        let line = list_line(1, 1, &oil, amount(kilograms, kilograms, None));
        filed(List { lines: vec![line], ..list(number, "R1", Direction::Out) })
    };
    zone.files(takes("QD580124E000000001", "175580"));

    let row =
        PositionKey { lot: LotNo::new("QD580121I000000011/1").ok(), ..build::position("R1", 1, Place::Zone) };
    let counters = zone.counters(&row);
    assert_eq!(counters.increase_posted.declared(), quantity("9921580"));
    assert_eq!(counters.increase_pending, Measure::ZERO);
    assert_eq!(counters.decrease_posted, Measure::ZERO);
    assert_eq!(counters.decrease_pending.declared(), quantity("175580"));
    assert_eq!(zone.on_hand(&row).declared(), quantity("9921580"));
    assert_eq!(zone.available(&row), quantity("9746000"));

    assert_eq!(zone.refuses(takes("QD580124E000000002", "9746000.00001")), Reason::ShortStock);
    assert_eq!(zone.available(&row), quantity("9746000"));
    zone.files(takes("QD580124E000000002", "9746000"));
    assert_eq!(zone.available(&row), Quantity::ZERO);
}

/// A22: two lists of 60 race for 100. One gets them, the other is refused whole; taking the first back gives 100 again;
/// either message once more changes nothing.
#[test]
fn a22_race_for_the_same_goods() {
    let cotton = world::goods(1);
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &cotton, amount("100", "100", None)));
    filing.rows.push(book_row(4, &world::goods(4), amount("7", "7", None)));
    zone.files(Document::Book(filing));
    let stock = build::position("A1", 1, Place::Zone);
    let other = build::position("A1", 4, Place::Zone);
    let list_of_60 = |sequence: u64, number: &str| {
        let lines = vec![
            list_line(1, 4, &world::goods(4), amount("1", "1", None)),
            list_line(2, 1, &cotton, amount("60", "60", None)),
        ];
        message(sequence, filed(List { lines, ..list(number, "A1", Direction::Out) }))
    };

    zone.accepts(list_of_60(1, "L01"));
    assert_eq!(zone.available(&stock), quantity("40"));
    let second = zone.takes(list_of_60(2, "L02")).applied.outcome;
    let refusal = second.refusal().unwrap();
    assert_eq!(refusal.reason, Reason::ShortStock);
    assert_eq!(
        (refusal.line, refusal.wanted, refusal.available),
        (Some(2), Some(quantity("60")), Some(quantity("40")))
    );
    // Whole: its first line could have been had.
    assert_eq!((zone.available(&stock), zone.available(&other)), (quantity("40"), quantity("6")));

    zone.files(withdrawal("L01", 1));
    assert_eq!((zone.available(&stock), zone.available(&other)), (quantity("100"), quantity("7")));

    let figures = (zone.counters(&stock), zone.counters(&other));
    for (sequence, number) in [(1, "L01"), (2, "L02")] {
        // The same delivery, and the same message delivered anew.
        assert!(zone.takes(list_of_60(sequence, number)).applied.repeated);
        let Command::Receive(mut anew) = list_of_60(sequence, number) else { unreachable!() };
        anew.sequence += 100;
        let taken = zone.takes(Command::Receive(anew));
        assert_eq!(taken.applied.outcome.verdict, Verdict::Duplicate);
    }
    assert_eq!((zone.counters(&stock), zone.counters(&other)), figures);
}

/// A document as a message of its own.
fn message(sequence: u64, document: Document) -> Command {
    let business_id = document.number().as_str().into();
    Command::Receive(Box::new(Message {
        source: "customs".into(),
        sequence,
        name: "list.xml".into(),
        sha256: zonebook_ledger::digest::fingerprint(&document),
        content: Content::Keyed {
            label: Label { kind: "INV101".into(), business_id },
            key: format!("INV101/{sequence}").into(),
            filed: true,
            document: Ok(Box::new(document)),
            names: Vec::new(),
        },
        original: None,
    }))
}
