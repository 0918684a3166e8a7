//! The gate: weights of a vehicle (`domain.md` A5), and whether a vehicle may pass.

mod common;

use common::build::{
    self, amount, book, book_row, declared, filed, list, list_line, notice, pass, passage, quantity,
};
use common::world;
use common::zone::Zone;
use zonebook_ledger::command::{Command, StopOrder, StopTarget};
use zonebook_ledger::direction::{Direction, Stops};
use zonebook_ledger::document::{Document, List, PassFiling, PassageReport, PassageStage, Weights};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::passage::{PassageAdvice, advise, advise_vehicle};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Passes, get};

fn weights(vehicle: &str, frame: &str, container: &str, goods: &str, total: &str) -> Weights {
    let [vehicle, frame, container, goods, total] = [vehicle, frame, container, goods, total].map(quantity);
    Weights { vehicle, frame, container, goods, total }
}

/// A5: vehicle, frame, container and goods make the total; the gate's own weight is compared with it.
#[test]
fn a5_gate_weights() {
    for (declared, error_of_zero) in [
        (weights("13000", "1000", "0", "292.8", "14292.8"), "14292.8"),
        (weights("13000", "1000", "0", "2245.335", "16245.335"), "16245.335"),
        (weights("13000", "1000", "0", "2674.08", "16674.08"), "16674.08"),
        (weights("23520", "5000", "16800", "25020", "70340"), "70340"),
    ] {
        assert_eq!(declared.sum(), Some(declared.total));
        assert_eq!(declared.error(Quantity::ZERO), Some(quantity(error_of_zero)));
        assert_eq!(declared.error(declared.total), Some(Quantity::ZERO));
    }
    // Whichever is more; and a total without the goods is told by its sum.
    let light = weights("9000", "500", "100.5", "399.5", "9600.5");
    assert_eq!(
        (light.error(quantity("9700")), light.error(quantity("9500"))),
        (Some(quantity("99.5")), Some(quantity("100.5")))
    );
    assert_eq!(light.sum(), Some(quantity("10000")));
}

/// A book with 100 of goods 1, and a list of 60 on its way out.
fn zone_with_a_list() -> Zone {
    let mut zone = Zone::opened("2026-06-02T15:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &world::goods(1), amount("100", "100", None)));
    zone.files(Document::Book(filing));
    let lines = vec![list_line(1, 1, &world::goods(1), amount("60", "60", None))];
    let exit = List { lines, ..list("L01", "A1", Direction::Out) };
    zone.files(filed(declared(exit, "221720240000000002")));
    zone
}

fn weighed(number: &str) -> PassFiling {
    let weights = Some(weights("23520", "5000", "16800", "25020", "70340"));
    PassFiling { weights, vehicle_no: "沪B70340".into(), ..pass(number, Direction::Out, &["L01"]) }
}

fn advice(zone: &Zone, number: &str) -> PassageAdvice {
    advise(&zone.state, &build::pass_no(number)).unwrap().unwrap()
}

fn reasons(advice: &PassageAdvice) -> Vec<Reason> {
    advice.obstacles.iter().map(|refusal| refusal.reason).collect()
}

/// A5, its last vehicle: gate one at 16:01:31, gate two at 16:07:23, then it has passed.
#[test]
fn a5_a_vehicle_through_two_gates() {
    let mut zone = zone_with_a_list();
    zone.files(Document::Pass(weighed("Z1")));
    let report = |stage, at: &str, collected: Option<&str>| {
        let report = passage("Z1", stage, world::local(at));
        Document::Passage(PassageReport { collected: collected.map(quantity), ..report })
    };
    zone.files(report(PassageStage::GateOne, "2026-06-02T16:01:31", Some("70000")));
    assert_eq!(
        get::<Passes>(&zone.state, build::pass_no("Z1")).unwrap().unwrap().state,
        DocumentState::GateOne
    );
    zone.files(report(PassageStage::Passed, "2026-06-02T16:07:23", None));
    let passed = get::<Passes>(&zone.state, build::pass_no("Z1")).unwrap().unwrap();
    assert_eq!(passed.state, DocumentState::Passed);
    assert_eq!(passed.passed_at, Some(world::local("2026-06-02T16:07:23")));
    let error =
        passed.weights.zip(passed.collected).and_then(|(weights, collected)| weights.error(collected));
    assert_eq!(error, Some(quantity("340")), "weighed at gate one");
    // Only recorded: 340 kg more than declared keeps nothing back.
    assert_eq!(zone.list("L01").gate_time, Some(world::local("2026-06-02T16:07:23")));
    // A report after the passage changes nothing, its weight neither.
    zone.files(report(PassageStage::Passed, "2026-06-02T17:00:00", Some("1")));
    let still = get::<Passes>(&zone.state, build::pass_no("Z1")).unwrap().unwrap();
    assert_eq!(still, passed);
}

#[test]
fn a_vehicle_may_pass_while_nothing_speaks_against_it() {
    let mut zone = zone_with_a_list();
    assert!(advise(&zone.state, &build::pass_no("Z1")).unwrap().is_none());
    assert!(advise_vehicle(&zone.state, "沪B70340", 10).unwrap().is_empty());
    zone.files(Document::Pass(weighed("Z1")));
    let free = advice(&zone, "Z1");
    assert!(free.obstacles.is_empty());
    assert_eq!(
        free.unreleased.len(),
        1,
        "the declaration is not released, which stops the list and not the vehicle"
    );
    zone.files(Document::Notice(notice("221720240000000002", "P", world::local("2026-06-02T15:30:00"))));
    let free = advice(&zone, "Z1");
    assert_eq!((free.obstacles.len(), free.unreleased.len()), (0, 0));
    assert_eq!(advise_vehicle(&zone.state, "沪B70340", 10).unwrap(), [free]);
    assert!(advise_vehicle(&zone.state, "沪B7034", 10).unwrap().is_empty(), "the whole number counts");
}

#[test]
fn what_customs_stops_stays_at_the_barrier() {
    let mut zone = zone_with_a_list();
    zone.files(Document::Pass(weighed("Z1")));
    let outward = Stops { inward: false, outward: true, changes: false };
    let item = zonebook_ledger::item::ItemKey {
        book_no: build::book_no("A1"),
        mark: zonebook_ledger::direction::Mark::Goods,
        number: 1,
    };
    let mut order = |target, stops| {
        zone.accepts(Command::SetStops(StopOrder { target, stops, reason: "case 12".into() }));
        reasons(&advice(&zone, "Z1"))
    };
    assert_eq!(order(StopTarget::Item(item.clone()), outward), [Reason::ItemPaused]);
    assert_eq!(
        order(StopTarget::Book(build::book_no("A1")), outward),
        [Reason::BookPaused, Reason::ItemPaused]
    );
    assert_eq!(order(StopTarget::Item(item), Stops::default()), [Reason::BookPaused]);
    let inward = Stops { inward: true, outward: false, changes: false };
    assert!(order(StopTarget::Book(build::book_no("A1")), inward).is_empty(), "it is on its way out");
}

#[test]
fn a_pass_is_used_once() {
    let mut zone = zone_with_a_list();
    zone.files(Document::Pass(weighed("Z1")));
    let passed = passage("Z1", PassageStage::Passed, world::local("2026-06-02T16:00:00"));
    zone.files(Document::Notice(notice("221720240000000002", "P", world::local("2026-06-02T15:30:00"))));
    zone.files(Document::Passage(passed));
    let used = advice(&zone, "Z1");
    assert_eq!(
        reasons(&used),
        [Reason::LinkedDocState, Reason::LinkedDocState],
        "the pass and its list, both done"
    );
    assert!(advise_vehicle(&zone.state, "沪B70340", 10).unwrap().is_empty());
}
