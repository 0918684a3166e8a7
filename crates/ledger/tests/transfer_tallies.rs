//! Tallies of transfers between books (issue 3 point 9): what did not come stands in the place of differences of the book
//! that it should have come to; what was not sent is amended in both lists, which keep matching (`RULES.md` 7.2).

mod common;

use common::build::{self, amount, book, book_row, declared, filed, list, list_line, list_no, quantity};
use common::correct::correction;
use common::world::{self, goods};
use common::zone::Zone;
use zonebook_ledger::code::{DecisionNo, TallyNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    Decision, DecisionLine, DecisionOutcome, Document, LinePart, List, ListLine, PassageStage, TallyDecision,
    TallyFiling,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::standing::{ListOrder, Order, TallyResult};
use zonebook_ledger::state::{Lines, get};

/// `A1` has 100 of item 1 and of item 2; `A2` knows both.
fn two_books() -> Zone {
    with_books(Zone::opened("2026-06-02T08:00:00"))
}

fn with_books(mut zone: Zone) -> Zone {
    for (number, there) in [("A1", "100"), ("A2", "0")] {
        let mut filing = book(number);
        for item in [1, 2] {
            filing.rows.push(book_row(item, &goods(1), amount(there, there, None)));
        }
        if number == "A2" {
            filing.rows.iter_mut().for_each(|row| row.opening_value = Quantity::ZERO);
        }
        zone.files(Document::Book(filing));
    }
    zone
}

fn lines(of: [&str; 2]) -> Vec<ListLine> {
    let line = |(at, of): (usize, &str)| {
        let number = at as u64 + 1;
        list_line(number, number, &goods(1), amount(of, of, None))
    };
    of.into_iter().enumerate().map(line).collect()
}

/// 60 of item 1 and 40 of item 2 on their way from `A1` to `A2`; kind 6 without declaration.
fn into(kind: &str) -> List {
    let related_book = Some(build::book_no("A1"));
    let list = List { related_book, lines: lines(["60", "40"]), ..list("L01", "A2", Direction::In) };
    if kind == "6" { List { kind: kind.into(), ..list } } else { declared(list, "D1") }
}

fn out(kind: &str) -> List {
    let list = List {
        related_book: Some(build::book_no("A2")),
        related_list: Some(list_no("L01")),
        lines: lines(["60", "40"]),
        ..list("L02", "A1", Direction::Out)
    };
    if kind == "6" { List { kind: kind.into(), ..list } } else { declared(list, "D2") }
}

fn paired() -> Zone {
    let mut zone = two_books();
    zone.files(filed(into("0")));
    zone.files(filed(out("0")));
    zone
}

fn part(line: u64, of: &str) -> LinePart {
    let of = quantity(of);
    LinePart { line, declared: of, statutory1: of, statutory2: None, value_usd: of }
}

fn tally(number: &str, list: &str, of: [&str; 2]) -> Document {
    Document::Tally(TallyFiling {
        tally_no: TallyNo::new(number).unwrap(),
        list_no: list_no(list),
        counted_at: world::local("2026-06-02T11:00:00"),
        lines: of.into_iter().enumerate().map(|(at, of)| part(at as u64 + 1, of)).collect(),
    })
}

fn ordered(list: &str, order: Order) -> Command {
    Command::OrderList(ListOrder { list_no: list_no(list), order, reason: "counted".into() })
}

fn refused(zone: &mut Zone, command: Command) -> Refusal {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").clone()
}

fn passes(zone: &mut Zone, number: &str, direction: Direction, list: &str) {
    zone.files(Document::Pass(build::pass(number, direction, &[list])));
    through(zone, number);
}

fn through(zone: &mut Zone, number: &str) {
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(number, PassageStage::Passed, at)));
}

fn released(zone: &mut Zone) {
    for declaration in ["D1", "D2"] {
        let at = world::local("2026-06-02T10:00:00");
        zone.files(Document::Notice(build::notice(declaration, "P", at)));
    }
}

fn on_hand(zone: &Zone, book: &str, item: u64, place: Place) -> String {
    zone.on_hand(&build::position(book, item, place)).declared().to_string()
}

fn listed(zone: &Zone, number: &str) -> Vec<(u64, String, String)> {
    let list = zone.list(number);
    let lines = get::<Lines>(&zone.state, (list.list_no, list.content_version)).unwrap().unwrap();
    let shown = |line: &zonebook_ledger::movement::MovementLine| {
        (line.filed.line, line.filed.declared.to_string(), line.filed.value_usd.to_string())
    };
    lines.iter().map(shown).collect()
}

#[test]
fn what_did_not_arrive_stands_in_the_difference_of_the_transferee() {
    let mut zone = paired();
    released(&mut zone);
    passes(&mut zone, "P01", Direction::Out, "L02");
    assert_eq!(zone.list("L02").state, DocumentState::InTransit);
    zone.files(tally("Q01", "L01", ["50", "40"]));
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted, "customs has not decided");
    let late = refused(&mut zone, ordered("L01", Order::AmendToTally));
    assert_eq!(late.reason, Reason::AlreadyPosted, "the goods left as L02 lists them");
    zone.accepts(ordered("L01", Order::AcceptTally));
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted, "what was counted is not through the gate");
    let came = [(1, quantity("50")), (2, quantity("40"))];
    zone.files(Document::Pass(build::part_pass("P02", Direction::In, "L01", &came)));
    through(&mut zone, "P02");
    assert_eq!(
        (zone.list("L01").state, zone.list("L02").state),
        (DocumentState::Posted, DocumentState::Posted)
    );
    assert_eq!(on_hand(&zone, "A2", 1, Place::Zone), "50");
    assert_eq!(on_hand(&zone, "A2", 1, Place::Difference), "10");
    assert_eq!(on_hand(&zone, "A2", 2, Place::Zone), "40");
    assert_eq!(on_hand(&zone, "A1", 1, Place::InTransit), "0");
    assert_eq!(on_hand(&zone, "A1", 1, Place::Zone), "40");
    // The two lists are no longer of the same quantity, so that line 1 is not undone; line 2 is.
    let whole = correction("K01", "L02", world::owner("A1"), &[part(1, "60")]);
    let short = refused(&mut zone, Command::File(Box::new(whole)));
    assert_eq!((short.reason, short.line), (Reason::CorrectionNotWhole, Some(1)));
    zone.files(correction("K02", "L02", world::owner("A1"), &[part(2, "40")]));
    let (outcome, measure, dutiable_value) = (DecisionOutcome::Taxed, None, None);
    let decision = Decision {
        decision_no: DecisionNo::new("K1").unwrap(),
        decided_on: world::local("2026-06-02T00:00:00").date(),
        rates_on: None,
        lines: vec![DecisionLine { line: 1, outcome, measure, dutiable_value }],
    };
    let order = TallyDecision { tally_no: TallyNo::new("Q01").unwrap(), decision };
    zone.accepts(Command::DecideTally(Box::new(order)));
    assert_eq!(on_hand(&zone, "A2", 1, Place::Difference), "0");
}

#[test]
fn what_was_not_sent_is_amended_in_both_lists() {
    let mut zone = paired();
    zone.files(tally("Q01", "L02", ["45", "0"]));
    let kept = refused(&mut zone, ordered("L02", Order::AcceptTally));
    assert_eq!((kept.reason, kept.value.as_deref()), (Reason::OrderNotApplicable, Some("ACCEPT_TALLY")));
    zone.files(Document::Pass(build::pass("P01", Direction::In, &["L01"])));
    assert_eq!(refused(&mut zone, ordered("L02", Order::AmendToTally)).reason, Reason::ListOnPass);
    let void = zonebook_ledger::document::PassVoid { pass_no: build::pass_no("P01") };
    zone.files(Document::PassVoid(void));
    let amended = zone.accepts(ordered("L02", Order::AmendToTally));
    let named: Vec<&str> = amended.outcome.changed.iter().map(|named| named.document.as_str()).collect();
    assert_eq!(named, ["L01", "L02"]);
    let both = vec![(1, "45".to_owned(), "45".to_owned())];
    assert_eq!((listed(&zone, "L01"), listed(&zone, "L02")), (both.clone(), both));
    let standing = zone.list("L02").standing.unwrap();
    assert_eq!(standing.tally.map(|(_, result)| result), Some(TallyResult::Agrees));
    assert_eq!(zone.available(&build::position("A1", 1, Place::Zone)), quantity("55"));
    assert_eq!(zone.available(&build::position("A1", 2, Place::Zone)), quantity("100"));
    assert_eq!(zone.list("L02").version, 0, "nobody filed a change");
    released(&mut zone);
    passes(&mut zone, "P02", Direction::Out, "L02");
    passes(&mut zone, "P03", Direction::In, "L01");
    assert_eq!(
        (zone.list("L01").state, zone.list("L02").state),
        (DocumentState::Posted, DocumentState::Posted)
    );
    assert_eq!(on_hand(&zone, "A2", 1, Place::Zone), "45");
    assert_eq!(on_hand(&zone, "A2", 2, Place::Zone), "0");
    assert_eq!(on_hand(&zone, "A1", 2, Place::Zone), "100");
}

#[test]
fn nothing_is_amended_upwards_or_away() {
    let mut zone = paired();
    zone.files(tally("Q01", "L02", ["61", "40"]));
    let more = refused(&mut zone, ordered("L02", Order::AmendToTally));
    assert_eq!((more.reason, more.value.as_deref()), (Reason::OrderNotApplicable, Some("61")));
    zone.files(tally("Q02", "L02", ["0", "0"]));
    assert_eq!(refused(&mut zone, ordered("L02", Order::AmendToTally)).reason, Reason::OrderNotApplicable);
    // A list on its own is changed by who filed it.
    let alone = List { lines: lines(["5", "5"]), ..list("L03", "A1", Direction::Out) };
    zone.files(filed(declared(alone, "D3")));
    zone.files(tally("Q03", "L03", ["4", "5"]));
    let own = refused(&mut zone, ordered("L03", Order::AmendToTally));
    assert_eq!((own.reason, own.field.as_deref()), (Reason::OrderNotApplicable, Some("matrix_row")));
}

#[test]
fn inside_a_zone_what_comes_is_counted_before_the_other_list_posts_both() {
    let mut zone = two_books();
    zone.files(filed(into("6")));
    zone.files(tally("Q01", "L01", ["50", "40"]));
    let early = refused(&mut zone, Command::File(Box::new(filed(out("6")))));
    assert_eq!((early.reason, early.field.as_deref()), (Reason::TransferMismatch, Some("tally")));
    zone.accepts(ordered("L01", Order::AcceptTally));
    zone.files(filed(out("6")));
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(on_hand(&zone, "A2", 1, Place::Zone), "50");
    assert_eq!(on_hand(&zone, "A2", 1, Place::Difference), "10");
    assert_eq!(on_hand(&zone, "A1", 1, Place::Zone), "40");
}

#[test]
fn transfers_are_tallied_from_the_second_behaviour_on() {
    let mut zone = with_books(Zone::opened_before_behaviours("2026-06-02T08:00:00"));
    zone.files(filed(into("0")));
    zone.files(filed(out("0")));
    let counted = || Command::File(Box::new(tally("Q01", "L01", ["50", "40"])));
    assert_eq!(refused(&mut zone, counted()).reason, Reason::OrderNotApplicable);
    zone.accepts(Command::RaiseBehaviour(2));
    zone.accepts(counted());
}
