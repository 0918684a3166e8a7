//! Holds on permits, slips, passes and parcels (issue 3 point 9): what customs stops does not go on, the refusal names the
//! hold, its end restores, and a release before inspection opens the gate only.

mod common;

use common::build::{self, Amount, amount, book, book_row, filed, list, list_line, passage, quantity};
use common::papers::{closing, parcel, parcel_no, permit, slip, slip_line, slip_no, slip_pass, slip_void};
use common::world::{self, goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::DocumentNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::deadline::DeadlineKind;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    Document, List, ParcelFiling, PassVoid, PassageStage, PermitFiling, PermitKind, SlipFiling,
};
use zonebook_ledger::due::{self, DueFilter};
use zonebook_ledger::hold::{DocumentOrder, HeldKind};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::passage::advise;
use zonebook_ledger::place::Place;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::standing::{Conditional, Order};
use zonebook_ledger::state::{Parcels, Passes, Slips, get};
use zonebook_ledger::time::Date;

fn same(declared: &str) -> Amount {
    amount(declared, declared, None)
}

fn ordered(kind: HeldKind, number: &str, order: Order) -> Command {
    let number = DocumentNo::new(number).unwrap();
    Command::OrderDocument(DocumentOrder { kind, number, order, reason: format!("{order} it").into() })
}

fn refused(zone: &mut Zone, command: Command) -> Refusal {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").clone()
}

/// The document stays where it is, because of the hold that is named.
fn is_held(zone: &mut Zone, document: Document, by: &str) {
    let refusal = refused(zone, Command::File(Box::new(document)));
    assert_eq!((refusal.reason, refusal.document.as_deref()), (Reason::DocumentHeld, Some(by)));
    assert_eq!(refusal.value.as_deref(), Some("HOLD it"));
}

/// Book `A1` with 1,000 of goods 1, permit `B1` of batched delivery for all of it.
fn delivery() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), same("1000")));
    zone.files(Document::Book(filing));
    zone.files(Document::Permit(batches()));
    zone
}

fn batches() -> PermitFiling {
    permit("B1", PermitKind::BatchedDelivery, "A1", &[(1, goods(1), quantity("1000"))])
}

fn batch(number: &str, declared: &str) -> SlipFiling {
    let lines = vec![slip_line(1, 1, 1, &goods(1), same(declared))];
    SlipFiling { lines, ..slip(number, "B1", Direction::Out) }
}

fn through(zone: &mut Zone, pass: &str) -> Option<DocumentState> {
    let report = passage(pass, PassageStage::Passed, world::local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(report)).outcome.state
}

fn slip_state(zone: &Zone, number: &str) -> DocumentState {
    get::<Slips>(&zone.state, slip_no(number)).unwrap().unwrap().state
}

fn pass_state(zone: &Zone, number: &str) -> DocumentState {
    get::<Passes>(&zone.state, build::pass_no(number)).unwrap().unwrap().state
}

fn consolidated(number: &str, slips: &[&str], declared: &str) -> Document {
    let lines = vec![list_line(1, 1, &goods(1), same(declared))];
    let slips = slips.iter().map(|number| slip_no(number)).collect();
    filed(List { kind: "1".into(), lines, slips, ..list(number, "A1", Direction::Out) })
}

fn shipped(zone: &Zone) -> String {
    zone.on_hand(&build::position("A1", 1, Place::ShippedUndeclared)).declared().to_string()
}

#[test]
fn nothing_new_under_a_permit_that_is_stopped() {
    let mut zone = delivery();
    zone.files(Document::Slip(batch("S1", "100")));
    zone.files(Document::Slip(batch("S2", "100")));
    zone.files(Document::Pass(slip_pass("P2", Direction::Out, "S2")));
    through(&mut zone, "P2");
    let applied = zone.accepts(ordered(HeldKind::Permit, "B1", Order::Hold));
    assert_eq!(applied.outcome.state, Some(DocumentState::Open));
    is_held(&mut zone, Document::Slip(batch("S3", "1")), "B1");
    is_held(&mut zone, Document::Permit(PermitFiling { change_no: Some(1), ..batches() }), "B1");
    is_held(&mut zone, closing("B1", 1, Vec::new()), "B1");
    is_held(&mut zone, Document::Pass(slip_pass("P1", Direction::Out, "S1")), "B1");
    is_held(&mut zone, consolidated("L01", &["S2"], "100"), "B1");
    zone.accepts(ordered(HeldKind::Permit, "B1", Order::Free));
    zone.files(Document::Slip(batch("S3", "1")));
    zone.files(Document::Pass(slip_pass("P1", Direction::Out, "S1")));
    zone.files(consolidated("L01", &["S2"], "100"));
}

#[test]
fn a_slip_that_is_stopped_waits_at_the_gate_until_it_is_freed() {
    let mut zone = delivery();
    zone.files(Document::Slip(batch("S1", "100")));
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::Hold));
    is_held(&mut zone, Document::Slip(SlipFiling { change_no: Some(1), ..batch("S1", "90") }), "S1");
    is_held(&mut zone, slip_void("S1", 1), "S1");
    is_held(&mut zone, Document::Pass(slip_pass("P1", Direction::Out, "S1")), "S1");
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::Free));
    zone.files(Document::Pass(slip_pass("P1", Direction::Out, "S1")));
    // Stopped when its vehicle is under way: the passage is recorded, the goods are not out for the book.
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::Hold));
    let advice = advise(&zone.state, &build::pass_no("P1")).unwrap().unwrap();
    assert_eq!(advice.obstacles.iter().map(|why| why.reason).collect::<Vec<_>>(), [Reason::DocumentHeld]);
    assert_eq!(through(&mut zone, "P1"), Some(DocumentState::Passed));
    assert_eq!((slip_state(&zone, "S1"), shipped(&zone).as_str()), (DocumentState::Approved, "0"));
    let freed = zone.accepts(ordered(HeldKind::Slip, "S1", Order::Free));
    assert_eq!(freed.outcome.state, Some(DocumentState::Passed));
    assert_eq!((slip_state(&zone, "S1"), shipped(&zone).as_str()), (DocumentState::Passed, "100"));
    let named: Vec<&str> = freed.outcome.changed.iter().map(|named| named.document.as_str()).collect();
    assert_eq!(named, ["S1"]);
}

#[test]
fn a_slip_released_before_inspection_passes_and_is_declared_after_it() {
    let mut zone = delivery();
    zone.files(Document::Slip(batch("S1", "100")));
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::Hold));
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::ReleaseForPassage));
    zone.files(Document::Pass(slip_pass("P1", Direction::Out, "S1")));
    through(&mut zone, "P1");
    assert_eq!(slip_state(&zone, "S1"), DocumentState::Passed);
    let refusal = refused(&mut zone, Command::File(Box::new(consolidated("L01", &["S1"], "100"))));
    assert_eq!(
        (refusal.reason, refusal.value.as_deref()),
        (Reason::DocumentHeld, Some("RELEASE_FOR_PASSAGE it"))
    );
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::InspectionFailed));
    is_held_because(&mut zone, consolidated("L01", &["S1"], "100"), "INSPECTION_FAILED it");
    zone.accepts(ordered(HeldKind::Slip, "S1", Order::Free));
    zone.files(consolidated("L01", &["S1"], "100"));
    let holds = query::holds(&zone.state, false, None, 10).unwrap();
    let (_, hold) = holds.first().unwrap();
    assert_eq!((hold.conditional, hold.orders.len()), (Some(Conditional::Failed), 4));
    assert!(query::holds(&zone.state, true, None, 10).unwrap().is_empty(), "nothing is stopped any more");
}

fn is_held_because(zone: &mut Zone, document: Document, why: &str) {
    let refusal = refused(zone, Command::File(Box::new(document)));
    assert_eq!((refusal.reason, refusal.value.as_deref()), (Reason::DocumentHeld, Some(why)));
}

#[test]
fn reports_of_a_pass_that_is_stopped_take_effect_when_it_is_freed() {
    let mut zone = delivery();
    zone.files(Document::Slip(batch("S1", "100")));
    zone.files(Document::Pass(slip_pass("P1", Direction::Out, "S1")));
    zone.accepts(ordered(HeldKind::Pass, "P1", Order::Hold));
    is_held(&mut zone, Document::PassVoid(PassVoid { pass_no: build::pass_no("P1") }), "P1");
    let advice = advise(&zone.state, &build::pass_no("P1")).unwrap().unwrap();
    assert_eq!(advice.obstacles.first().map(|why| why.reason), Some(Reason::DocumentHeld));
    assert_eq!(through(&mut zone, "P1"), Some(DocumentState::Held));
    assert_eq!(pass_state(&zone, "P1"), DocumentState::Filed);
    assert_eq!(slip_state(&zone, "S1"), DocumentState::Approved);
    let freed = zone.accepts(ordered(HeldKind::Pass, "P1", Order::ReleaseForPassage));
    assert_eq!(freed.outcome.state, Some(DocumentState::Passed));
    assert_eq!((slip_state(&zone, "S1"), shipped(&zone).as_str()), (DocumentState::Passed, "100"));
    let late = refused(&mut zone, ordered(HeldKind::Pass, "P1", Order::Hold));
    assert_eq!(late.reason, Reason::OrderNotApplicable, "it has gone on");
}

/// Book `C1` of electronic commerce with 100 of goods 1.
fn commerce() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = build::book("C1");
    filing.usage = Usage::ECommerce;
    filing.rows.push(book_row(1, &goods(1), same("100")));
    zone.files(Document::Book(filing));
    let sent = parcel("Q1", "C1", 1, &goods(1), same("2"), "10");
    zone.files(Document::Parcels(ParcelFiling::File(vec![sent])));
    zone
}

#[test]
fn a_parcel_that_is_stopped_is_neither_gathered_nor_cancelled() {
    let mut zone = commerce();
    let gathered = || {
        let lines = vec![list_line(1, 1, &goods(1), same("2"))];
        let parcels = vec![parcel_no("Q1")];
        filed(List { kind: "8".into(), lines, parcels, ..list("L01", "C1", Direction::Out) })
    };
    let cancelled = || Document::Parcels(ParcelFiling::Cancel(vec![parcel_no("Q1")]));
    zone.accepts(ordered(HeldKind::Parcel, "Q1", Order::Hold));
    is_held(&mut zone, gathered(), "Q1");
    is_held(&mut zone, cancelled(), "Q1");
    zone.accepts(ordered(HeldKind::Parcel, "Q1", Order::ReleaseForPassage));
    is_held_because(&mut zone, cancelled(), "RELEASE_FOR_PASSAGE it");
    zone.files(gathered());
    let late = refused(&mut zone, ordered(HeldKind::Parcel, "Q1", Order::Hold));
    assert_eq!((late.reason, late.value.as_deref()), (Reason::OrderNotApplicable, Some("LISTED")));
    zone.accepts(ordered(HeldKind::Parcel, "Q1", Order::InspectionPassed));
    let parcel = get::<Parcels>(&zone.state, parcel_no("Q1")).unwrap().unwrap();
    assert_eq!(parcel.state, DocumentState::Listed);
}

#[test]
fn orders_fit_where_the_document_stands_or_are_refused() {
    let mut zone = delivery();
    zone.files(Document::Slip(batch("S1", "100")));
    let mut why = |kind, number, order| refused(&mut zone, ordered(kind, number, order)).reason;
    assert_eq!(why(HeldKind::Slip, "S9", Order::Hold), Reason::DocumentUnknown);
    assert_eq!(why(HeldKind::Pass, "S1", Order::Hold), Reason::DocumentUnknown, "of its own kind only");
    assert_eq!(why(HeldKind::Slip, "S1", Order::Free), Reason::OrderNotApplicable);
    assert_eq!(why(HeldKind::Slip, "S1", Order::ReleaseForPassage), Reason::OrderNotApplicable);
    assert_eq!(why(HeldKind::Slip, "S1", Order::InspectionPassed), Reason::OrderNotApplicable);
    assert_eq!(why(HeldKind::Slip, "S1", Order::ForceGate), Reason::OrderNotApplicable);
    zone.accepts(ordered(HeldKind::Permit, "B1", Order::Hold));
    let mut why = |kind, number, order| refused(&mut zone, ordered(kind, number, order)).reason;
    assert_eq!(why(HeldKind::Permit, "B1", Order::Hold), Reason::OrderNotApplicable);
    assert_eq!(
        why(HeldKind::Permit, "B1", Order::ReleaseForPassage),
        Reason::OrderNotApplicable,
        "nothing of a permit is inspected"
    );
    let mut mute = ordered(HeldKind::Permit, "B1", Order::Free);
    if let Command::OrderDocument(order) = &mut mute {
        order.reason = " ".into();
    }
    assert_eq!(refused(&mut zone, mute).reason, Reason::InvalidField);
}

#[test]
fn a_deadline_says_that_its_document_is_stopped() {
    let mut zone = delivery();
    zone.files(Document::Slip(batch("S1", "100")));
    let filter = DueFilter { kind: Some(DeadlineKind::PermitExpiry), ..DueFilter::default() };
    let span = (Date::parse("2026-06-02").unwrap(), Date::parse("2028-06-02").unwrap());
    let held = |zone: &Zone| {
        let due = due::due(&zone.state, &filter, span, None, 10).unwrap();
        due.first().expect("the permit ends").held.clone()
    };
    assert_eq!(held(&zone), None);
    zone.accepts(ordered(HeldKind::Permit, "B1", Order::Hold));
    assert_eq!(held(&zone).as_deref(), Some("HOLD it"));
    zone.accepts(ordered(HeldKind::Permit, "B1", Order::Free));
    assert_eq!(held(&zone), None);
}
