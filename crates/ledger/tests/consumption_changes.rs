//! Consumption slips are changed and taken back (`domain.md` 3.1: changeable) by a movement the other way and a new posting
//! in one step, until a verification covers them.

mod common;

use common::build::{self, amount, quantity};
use common::papers::{consumption, processing_book, residue, row, verification};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::ConsumptionNo;
use zonebook_ledger::command::{Command, LotMethodOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, ConsumptionChange, ConsumptionFiling, ConsumptionVoid, Document, List, PassageStage,
};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{ConsumptionStandings, get};

fn cotton() -> Goods {
    Goods { part: "COTTON".into(), tariff: "5201000001".into(), units: build::units("035", "035", None) }
}

/// Book `K1`, whose materials slips account for, with 100 of material 1.
fn workshop() -> Zone {
    furnished(Zone::opened("2026-06-02T08:00:00"))
}

fn furnished(mut zone: Zone) -> Zone {
    let mut filing = BookFiling { regime: Some(Regime::Slip), ..processing_book("K1", Usage::Processing) };
    filing.rows.push(row(Mark::Goods, 1, &cotton(), amount("100", "100", None)));
    zone.files(Document::Book(filing));
    zone
}

fn uses(declared: &str, scrap: &str) -> ConsumptionFiling {
    ConsumptionFiling {
        residues: vec![residue(1, 1, &cotton(), quantity(scrap), None)],
        ..consumption("U01", "K1", &[(1, quantity(declared))])
    }
}

fn changed(change_no: u64, filing: ConsumptionFiling) -> Document {
    Document::ConsumptionChange(ConsumptionChange { change_no, content: filing })
}

fn void(change_no: u64) -> Document {
    let consumption_no = ConsumptionNo::new("U01").unwrap();
    Document::ConsumptionVoid(ConsumptionVoid { consumption_no, change_no })
}

fn at(mark: Mark, place: Place) -> PositionKey {
    PositionKey { mark, ..build::position("K1", 1, place) }
}

fn figures(zone: &Zone) -> [String; 3] {
    [at(Mark::Goods, Place::Zone), at(Mark::Goods, Place::Consumed), at(Mark::Residue, Place::Scrap)]
        .map(|position| zone.on_hand(&position).declared().to_string())
}

fn refused(zone: &mut Zone, document: Document) -> Refusal {
    zone.takes(Command::File(Box::new(document))).applied.outcome.refusal().expect("it is refused").clone()
}

#[test]
fn a_change_takes_back_and_posts_anew_in_one_step() {
    let mut zone = workshop();
    zone.files(Document::Consumption(uses("30", "3")));
    assert_eq!(figures(&zone), ["70", "30", "3"]);
    assert_eq!(zone.refuses(Document::Consumption(uses("31", "3"))), Reason::DocumentExists);
    let applied = zone.files(changed(1, uses("45", "5")));
    assert_eq!(applied.outcome.state, Some(DocumentState::Posted));
    assert_eq!(figures(&zone), ["55", "45", "5"]);
    // More than is there without what the slip itself used, not more than there is with it.
    zone.files(changed(2, uses("100", "1")));
    assert_eq!(figures(&zone), ["0", "100", "1"]);
    let short = refused(&mut zone, changed(3, uses("100.00001", "1")));
    assert_eq!((short.reason, short.wanted), (Reason::ShortStock, Some(quantity("100.00001"))));
    let count = refused(&mut zone, changed(2, uses("1", "1")));
    assert_eq!((count.reason, count.expected.as_deref()), (Reason::ChangeCountMismatch, Some("3")));
    zone.files(void(3));
    assert_eq!(figures(&zone), ["100", "0", "0"]);
    let slip = get::<ConsumptionStandings>(&zone.state, ConsumptionNo::new("U01").unwrap()).unwrap().unwrap();
    assert_eq!((slip.state, slip.version), (DocumentState::Cancelled, 3));
    assert_eq!(refused(&mut zone, void(4)).reason, Reason::AlreadyWithdrawn);
    assert_eq!(refused(&mut zone, changed(4, uses("1", "1"))).reason, Reason::AlreadyWithdrawn);
}

#[test]
fn scrap_that_left_keeps_its_slip() {
    let mut zone = workshop();
    zone.files(Document::Consumption(uses("30", "3")));
    let line = build::list_line(1, 1, &cotton(), amount("2", "2", None));
    let sale = List {
        mark: Mark::Residue,
        mode: build::mode("0844"),
        lines: vec![line],
        ..build::list("L01", "K1", Direction::Out)
    };
    zone.files(build::filed(sale));
    zone.files(Document::Pass(build::pass("P01", Direction::Out, &["L01"])));
    let passed = build::passage("P01", PassageStage::Passed, world::local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(passed));
    let gone = refused(&mut zone, void(1));
    assert_eq!((gone.reason, gone.place), (Reason::ShortStock, Some(Place::Scrap)));
    assert_eq!(figures(&zone), ["70", "30", "1"]);
}

#[test]
fn what_a_change_may_not_touch() {
    let mut zone = workshop();
    zone.files(Document::Consumption(uses("30", "3")));
    let swap = ConsumptionFiling { part_swap: true, ..uses("30", "3") };
    let other = refused(&mut zone, changed(1, swap));
    assert_eq!((other.reason, other.field.as_deref()), (Reason::EditNotAllowed, Some("cmTypecd")));
    let nobody = ConsumptionFiling { consumption_no: ConsumptionNo::new("U02").unwrap(), ..uses("1", "1") };
    assert_eq!(refused(&mut zone, changed(1, nobody)).reason, Reason::DocumentUnknown);
}

#[test]
fn what_is_verified_is_neither_changed_nor_taken_back() {
    let mut zone = workshop();
    let line = build::list_line(1, 1, &cotton(), amount("10", "10", None));
    zone.files(build::filed(List { lines: vec![line], ..build::list("L01", "K1", Direction::In) }));
    zone.files(Document::Pass(build::pass("P01", Direction::In, &["L01"])));
    let passed = build::passage("P01", PassageStage::Passed, world::local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(passed));
    zone.files(Document::Consumption(ConsumptionFiling {
        lists: vec![build::list_no("L01")],
        ..uses("30", "3")
    }));
    zone.files(Document::Verification(verification("K1", 1, &["L01"])));
    assert_eq!(refused(&mut zone, changed(1, uses("20", "2"))).reason, Reason::PeriodVerified);
    assert_eq!(refused(&mut zone, void(1)).reason, Reason::PeriodVerified);
}

#[test]
fn materials_go_back_into_the_lots_they_came_from() {
    let mut zone = workshop();
    zone.accepts(Command::SetLotMethod(LotMethodOrder {
        book_no: build::book_no("K1"),
        method: LotMethod::Fifo,
        take_over: true,
        reason: "by lot".into(),
    }));
    let line = build::list_line(1, 1, &cotton(), amount("50", "50", None));
    zone.files(build::filed(List { lines: vec![line], ..build::list("L01", "K1", Direction::In) }));
    zone.files(Document::Pass(build::pass("P01", Direction::In, &["L01"])));
    let passed = build::passage("P01", PassageStage::Passed, world::local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(passed));
    let lots = |zone: &Zone| -> Vec<String> {
        let item = Some((Mark::Goods, 1));
        let found =
            query::lots(&zone.state, &build::book_no("K1"), item, None, usize::MAX, Moment::Now).unwrap();
        let in_stock = found.iter().filter(|row| row.key.stack.place == Place::Zone);
        in_stock.map(|row| row.layer.remaining.declared().to_string()).collect()
    };
    let before = lots(&zone);
    zone.files(Document::Consumption(uses("120", "1")));
    assert_eq!(lots(&zone), ["30"]);
    zone.files(changed(1, uses("10", "1")));
    assert_eq!(lots(&zone), ["90", "50"]);
    zone.files(void(2));
    assert_eq!(lots(&zone), before);
}

/// What a slip moved was not kept before the second behaviour, so that one stays as it is; the next can be changed.
#[test]
fn a_slip_of_the_first_behaviour_stays_as_it_is() {
    let mut zone = furnished(Zone::opened_before_behaviours("2026-06-02T08:00:00"));
    zone.files(Document::Consumption(uses("30", "3")));
    let early = refused(&mut zone, changed(1, uses("40", "3")));
    assert_eq!((early.reason, early.field.as_deref()), (Reason::EditNotAllowed, Some("cmbNo")));
    zone.accepts(Command::RaiseBehaviour(2));
    for again in [changed(1, uses("40", "3")), void(1)] {
        assert_eq!(refused(&mut zone, again).reason, Reason::EditNotAllowed);
    }
    assert_eq!(figures(&zone), ["70", "30", "3"]);
    let next = ConsumptionFiling { consumption_no: ConsumptionNo::new("U02").unwrap(), ..uses("10", "1") };
    zone.files(Document::Consumption(next.clone()));
    zone.files(changed(1, ConsumptionFiling { materials: uses("20", "1").materials, ..next }));
    assert_eq!(figures(&zone), ["50", "50", "4"]);
}
