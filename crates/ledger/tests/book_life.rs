//! The life of a book, step by step: longer, stopped, under a case, ended, carried over; and zones that are converted.

mod common;

use common::build::{self, Amount, amount, filed, list, list_line};
use common::papers::{permit, processing_book};
use common::world::{self, Goods, PARK};
use common::zone::Zone;
use zonebook_ledger::book::{BookingMode, Paper, Usage};
use zonebook_ledger::code::{BookNo, CarryOverNo, CaseNo};
use zonebook_ledger::command::{BookAction, BookOrder, Command, StopOrder, StopTarget, ZoneConversion};
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::document::{
    BookFiling, CarryOverFiling, CarryOverLine, Document, ListLine, PassageStage, PermitKind,
};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::place::Place;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{BookOrders, Books, CarryOvers, Items, OpenPapers, Zones, get};
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::ZoneKind;

fn order(book: &str, action: BookAction) -> Command {
    Command::OrderBook(BookOrder { book_no: build::book_no(book), action, reason: "order 7".into() })
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn case(number: &str) -> CaseNo {
    CaseNo::new(number).unwrap()
}

fn tyres() -> Goods {
    world::goods(2)
}

fn stocked(book: &str, opening: Amount) -> BookFiling {
    BookFiling { rows: vec![build::book_row(1, &tyres(), opening)], ..build::book(book) }
}

fn hundred() -> Amount {
    amount("100", "850.5", Some("100.00001"))
}

fn out(number: &str, book: &str, quantities: Amount) -> Document {
    let line: ListLine = list_line(1, 1, &tyres(), quantities);
    filed(zonebook_ledger::document::List { lines: vec![line], ..list(number, book, Direction::Out) })
}

fn carry(number: &str, (from, to): (&str, &str), (item, to_number): (u64, Option<u64>)) -> CarryOverFiling {
    CarryOverFiling {
        carry_over_no: CarryOverNo::new(number).unwrap(),
        from_book: build::book_no(from),
        to_book: build::book_no(to),
        owner: build::customs_no(world::owner(from)),
        declared_at: world::local("2026-06-02T10:00:00"),
        lines: vec![CarryOverLine { line: 1, mark: Mark::Goods, number: item, to_number }],
    }
}

fn refused(zone: &mut Zone, document: Document) -> Refusal {
    zone.refusal("loopback", Command::File(Box::new(document)))
}

/// What a refusal says of the field at fault.
fn said(refusal: &Refusal) -> (Reason, &str, &str) {
    let text =
        |text: &Option<compact_str::CompactString>| text.as_ref().map_or(String::new(), ToString::to_string);
    let (field, value) = (text(&refusal.field), text(&refusal.value));
    (refusal.reason, Box::leak(field.into_boxed_str()), Box::leak(value.into_boxed_str()))
}

#[test]
fn a_book_is_valid_longer_by_an_order_that_is_kept() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.files(Document::Book(BookFiling { valid_until: day("2026-06-01"), ..stocked("A1", hundred()) }));
    let one = || out("L1", "A1", amount("1", "8.5", Some("1")));
    assert_eq!(zone.refuses(one()), Reason::BookExpired);
    for not_later in ["2026-06-01", "2026-05-31"] {
        let refusal = zone.refusal("customs", order("A1", BookAction::Extend(day(not_later))));
        assert_eq!(said(&refusal), (Reason::InvalidField, "valid_until", not_later));
    }
    let extend = || order("A1", BookAction::Extend(day("2026-12-31")));
    assert_eq!(zone.refusal("firm", extend()).reason, Reason::PermissionDenied);
    let revision = zone.accepts(extend()).revision;
    zone.files(one());
    let kept = get::<BookOrders>(&zone.state, (build::book_no("A1"), revision)).unwrap().unwrap();
    assert_eq!(
        (kept.action.clone(), kept.reason.as_str()),
        (BookAction::Extend(day("2026-12-31")), "order 7")
    );
    let nowhere = zone.refusal("customs", order("X9", BookAction::Extend(day("2027-12-31"))));
    assert_eq!(nowhere.reason, Reason::BookUnknown);
    let silent = BookOrder { book_no: build::book_no("A1"), action: BookAction::Cancel, reason: "".into() };
    assert_eq!(zone.refusal("customs", Command::OrderBook(silent)).field.as_deref(), Some("reason"));
}

#[test]
fn a_stop_of_changes_stops_nothing_else() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.files(Document::Book(stocked("A1", hundred())));
    let stop = |target, changes| {
        let stops = Stops { changes, ..Stops::default() };
        Command::SetStops(StopOrder { target, stops, reason: "check".into() })
    };
    let change = |change_no| BookFiling { change_no: Some(change_no), ..stocked("A1", Amount::default()) };
    zone.accepts(stop(StopTarget::Book(build::book_no("A1")), true));
    let refusal = refused(&mut zone, Document::Book(change(1)));
    assert_eq!(said(&refusal), (Reason::BookPaused, "pauseChgMarkcd", "changes"));
    zone.files(out("L1", "A1", amount("1", "8.5", Some("1"))));
    zone.accepts(stop(StopTarget::Book(build::book_no("A1")), false));
    zone.accepts(stop(StopTarget::Item(build::item("A1", 1)), true));
    let refusal = refused(&mut zone, Document::Book(change(1)));
    assert_eq!((refusal.reason, refusal.line), (Reason::ItemPaused, Some(1)));
    zone.accepts(stop(StopTarget::Item(build::item("A1", 1)), false));
    zone.files(Document::Book(change(1)));
}

#[test]
fn a_book_under_a_case_takes_nothing_new_and_what_was_accepted_goes_on() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.files(Document::Book(stocked("A1", hundred())));
    zone.files(out("L1", "A1", amount("10", "85", Some("10"))));
    zone.files(Document::Pass(build::pass("P1", Direction::Out, &["L1"])));
    zone.accepts(order("A1", BookAction::OpenCase(case("C2026-1"))));
    let refusal = refused(&mut zone, out("L2", "A1", amount("1", "8.5", Some("1"))));
    assert_eq!(said(&refusal), (Reason::BookUnderCase, "rcaseMarkcd", "C2026-1"));
    let form = permit("F1", PermitKind::BatchedDelivery, "A1", &[(1, tyres(), build::quantity("5"))]);
    assert_eq!(zone.refuses(Document::Permit(form)), Reason::BookUnderCase);
    assert_eq!(zone.refusal("customs", order("A1", BookAction::Cancel)).reason, Reason::BookUnderCase);
    let second = zone.refusal("customs", order("A1", BookAction::OpenCase(case("C2026-2"))));
    assert_eq!(second.reason, Reason::CaseMismatch);
    let passed = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P1", PassageStage::Passed, passed)));
    assert_eq!(zone.available(&build::position("A1", 1, Place::Zone)), build::quantity("90"));
    let other = zone.refusal("customs", order("A1", BookAction::LiftCase(case("C2026-2"))));
    assert_eq!(said(&other), (Reason::CaseMismatch, "case_no", "C2026-2"));
    zone.accepts(order("A1", BookAction::LiftCase(case("C2026-1"))));
    zone.files(out("L2", "A1", amount("1", "8.5", Some("1"))));
    let none = zone.refusal("customs", order("A1", BookAction::LiftCase(case("C2026-1"))));
    assert_eq!(none.reason, Reason::CaseMismatch);
}

#[test]
fn a_book_ends_when_nothing_is_in_it_and_nothing_open() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.files(Document::Book(stocked("A1", hundred())));
    let cancel = || order("A1", BookAction::Cancel);
    let full = zone.refusal("customs", cancel());
    assert_eq!(said(&full), (Reason::BookNotEmpty, "number", "I 1"));
    assert_eq!((full.place, full.available), (Some(Place::Zone), Some(build::quantity("100"))));
    zone.files(out("L1", "A1", hundred()));
    assert_eq!(zone.refusal("customs", cancel()).reason, Reason::BookNotEmpty);
    zone.files(Document::Pass(build::pass("P1", Direction::Out, &["L1"])));
    let passed = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P1", PassageStage::Passed, passed)));
    let form = permit("F1", PermitKind::BatchedDelivery, "A1", &[(1, tyres(), build::quantity("5"))]);
    zone.files(Document::Permit(form));
    assert_eq!(said(&zone.refusal("customs", cancel())), (Reason::BookNotEmpty, "document", "F1"));
    zone.files(common::papers::closing("F1", 1, Vec::new()));
    zone.files(Document::Pass(build::bill_pass("P2", "A1", "BL1", &[(tyres(), build::quantity("5"))])));
    assert_eq!(said(&zone.refusal("customs", cancel())), (Reason::BookNotEmpty, "document", "P2"));
    zone.files(Document::PassVoid(zonebook_ledger::document::PassVoid { pass_no: build::pass_no("P2") }));
    let papers = (build::book_no("A1"), Paper::Pass, zonebook_ledger::code::DocumentNo::new("P2").unwrap());
    assert_eq!(get::<OpenPapers>(&zone.state, papers).unwrap(), None);
    zone.accepts(cancel());
    assert!(get::<Books>(&zone.state, build::book_no("A1")).unwrap().unwrap().cancelled.is_some());
    let change = BookFiling { change_no: Some(1), ..stocked("A1", Amount::default()) };
    assert_eq!(zone.refuses(Document::Book(change)), Reason::BookCancelled);
    assert_eq!(zone.refuses(out("L2", "A1", hundred())), Reason::BookCancelled);
    assert_eq!(zone.refusal("customs", cancel()).reason, Reason::BookCancelled);
    let stop = StopOrder {
        target: StopTarget::Book(build::book_no("A1")),
        stops: Stops::default(),
        reason: "".into(),
    };
    assert_eq!(zone.refusal("customs", Command::SetStops(stop)).reason, Reason::BookCancelled);
}

#[test]
fn all_of_an_item_goes_to_the_successor_in_one_step() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.files(Document::Book(BookFiling { valid_until: day("2026-06-01"), ..stocked("A1", hundred()) }));
    let rows = vec![build::book_row(7, &tyres(), amount("3", "25.5", Some("3")))];
    zone.files(Document::Book(BookFiling { rows, ..build::book("A3") }));
    let (old, new) = (build::position("A1", 1, Place::Zone), build::position("A3", 7, Place::Zone));
    let (before_old, before_new) = (zone.on_hand(&old), zone.on_hand(&new));
    let revision = zone.files(Document::CarryOver(carry("Z1", ("A1", "A3"), (1, Some(7))))).revision;
    assert_eq!(zone.on_hand(&old), Measure::ZERO);
    assert_eq!(zone.on_hand(&new), before_old.checked_add(&before_new).unwrap());
    let event = query::event(&zone.state, revision).unwrap().unwrap();
    let rows: Vec<_> = event.steps.iter().filter_map(|step| step.row).collect();
    assert_eq!(rows, [MatrixRow::CarryOut, MatrixRow::CarryIn]);
    let kept = get::<CarryOvers>(&zone.state, CarryOverNo::new("Z1").unwrap()).unwrap().unwrap();
    assert_eq!((kept.carried.as_slice(), kept.filed.lines[0].to_number), ([before_old].as_slice(), Some(7)));
    zone.accepts(order("A1", BookAction::Cancel));
}

#[test]
fn rows_of_receipts_keep_their_lot_in_the_successor() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.files(Document::Book(stocked("R1", hundred())));
    zone.files(Document::Book(build::book("R3")));
    let wrong = refused(&mut zone, Document::CarryOver(carry("Z1", ("R1", "R3"), (1, Some(1)))));
    assert_eq!(said(&wrong), (Reason::InvalidField, "to_number", "1"));
    zone.files(Document::CarryOver(carry("Z1", ("R1", "R3"), (1, None))));
    let item = |book| get::<Items>(&zone.state, build::item(book, 1)).unwrap().unwrap();
    assert_eq!(item("R3"), item("R1"));
    let lot = item("R1").lot.clone();
    assert_eq!(lot.as_ref().map(|lot| lot.as_str()), Some("OLD/1"));
    let there = zonebook_ledger::position::PositionKey { lot, ..build::position("R3", 1, Place::Zone) };
    assert_eq!(zone.available(&there), build::quantity("100"));
}

#[test]
fn a_carry_over_is_refused_where_books_or_goods_do_not_go_together() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    let mut first = stocked("A1", hundred());
    first.rows.push(build::book_row(2, &world::goods(1), Amount::default()));
    zone.files(Document::Book(first));
    let mut second = stocked("A3", Amount::default());
    second.rows.push(build::book_row(2, &world::goods(1), Amount::default()));
    zone.files(Document::Book(second));
    for other in ["A2", "R1", "C1"] {
        zone.files(Document::Book(stocked(other, Amount::default())));
    }
    zone.files(Document::Book(processing_book("M1", Usage::Processing)));
    let cases = [
        (("A1", "A1"), (1, Some(1)), Reason::CarryOverMismatch, "to_book"),
        (("A1", "R1"), (1, None), Reason::CarryOverMismatch, "booking_mode"),
        (("A1", "C1"), (1, Some(1)), Reason::CarryOverMismatch, "usage"),
        (("A1", "M1"), (1, Some(1)), Reason::CarryOverMismatch, "kind"),
        (("A1", "A2"), (1, Some(1)), Reason::BookOwnerMismatch, "owner"),
        (("A1", "X9"), (1, Some(1)), Reason::BookUnknown, "to_book"),
        (("A1", "A3"), (9, Some(1)), Reason::ItemNotFiled, "number"),
        (("A1", "A3"), (1, Some(9)), Reason::ItemNotFiled, "to_number"),
        (("A1", "A3"), (1, Some(2)), Reason::CarryOverMismatch, "tariff_code"),
        (("A1", "A3"), (1, None), Reason::InvalidField, "to_number"),
        (("A1", "A3"), (2, Some(2)), Reason::CarryOverBlocked, "number"),
    ];
    for (books, items, reason, field) in cases {
        let refusal = refused(&mut zone, Document::CarryOver(carry("Z1", books, items)));
        assert_eq!((refusal.reason, refusal.field.as_deref()), (reason, Some(field)), "{books:?} {items:?}");
    }
    let none = CarryOverFiling { lines: Vec::new(), ..carry("Z1", ("A1", "A3"), (1, Some(1))) };
    assert_eq!(zone.refuses(Document::CarryOver(none)), Reason::InvalidField);
    let mut twice = carry("Z1", ("A1", "A3"), (1, Some(1)));
    twice.lines.push(CarryOverLine { line: 2, ..twice.lines[0] });
    assert_eq!(zone.refuses(Document::CarryOver(twice)), Reason::NamedTwice);
    zone.files(out("L1", "A1", amount("1", "8.5", Some("1"))));
    let waits = refused(&mut zone, Document::CarryOver(carry("Z1", ("A1", "A3"), (1, Some(1)))));
    assert_eq!((waits.reason, waits.available), (Reason::CarryOverBlocked, Some(build::quantity("1"))));
    zone.files(build::withdrawal("L1", 1));
    zone.files(Document::CarryOver(carry("Z1", ("A1", "A3"), (1, Some(1)))));
    let again = CarryOverFiling {
        declared_at: world::local("2026-06-02T10:00:01"),
        ..carry("Z1", ("A1", "A3"), (1, Some(1)))
    };
    assert_eq!(zone.refuses(Document::CarryOver(again)), Reason::DocumentExists);
}

#[test]
fn a_zone_becomes_comprehensive_from_a_day_on() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    let convert = |kind, from: &str| {
        let (office, from) = (build::office(PARK), day(from));
        Command::ConvertZone(ZoneConversion { office, kind, from, reason: "letter 41".into() })
    };
    let factory = |number: &str| {
        let book_no = BookNo::new(number).unwrap();
        Document::Book(BookFiling {
            book_no,
            office: build::office(PARK),
            ..processing_book("M1", Usage::Processing)
        })
    };
    let store = BookFiling {
        office: build::office(PARK),
        zone_kind: Some(ZoneKind::LogisticsPark),
        booking_mode: BookingMode::Accumulating,
        ..build::book("A3")
    };
    assert_eq!(zone.refuses(factory("M7")), Reason::ZoneKindForbids);
    zone.files(Document::Book(store));
    let redefined = zone.refusal("customs", Command::DefineZone(world::zone(PARK, ZoneKind::BondedPort)));
    assert_eq!(said(&redefined), (Reason::ZoneConversion, "kind", "N"));
    zone.accepts(Command::DefineZone(world::zone(PARK, ZoneKind::LogisticsPark)));
    assert_eq!(
        zone.refusal("customs", convert(ZoneKind::BondedPort, "2026-06-10")).reason,
        Reason::ZoneConversion
    );
    let today = zone.refusal("customs", convert(ZoneKind::ComprehensiveBonded, "2026-06-02"));
    assert_eq!(said(&today), (Reason::InvalidField, "from", "2026-06-02"));
    zone.accepts(convert(ZoneKind::ComprehensiveBonded, "2026-06-10"));
    let again = zone.refusal("customs", convert(ZoneKind::ComprehensiveBonded, "2026-06-11"));
    assert_eq!(again.reason, Reason::ZoneConversion);
    zone.at("2026-06-09T23:59:59");
    assert_eq!(zone.refuses(factory("M7")), Reason::ZoneKindForbids);
    zone.at("2026-06-10T00:00:00");
    zone.files(factory("M7"));
    let kept = get::<Zones>(&zone.state, build::office(PARK)).unwrap().unwrap();
    assert_eq!((kept.books, kept.defined.kind), (2, ZoneKind::LogisticsPark));
    assert_eq!(kept.kind_on(day("2026-06-10")), ZoneKind::ComprehensiveBonded);
}

#[test]
fn an_export_processing_zone_has_no_retail() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.accepts(Command::DefineZone(world::zone("5501", ZoneKind::ExportProcessing)));
    let in_zone =
        |number| BookFiling { office: build::office("5501"), zone_kind: None, ..build::book(number) };
    let refusal = refused(&mut zone, Document::Book(in_zone("C1")));
    assert_eq!(said(&refusal), (Reason::ZoneKindForbids, "masterCuscd", "5501"));
    zone.files(Document::Book(in_zone("A1")));
}

/// A number is one of its type: the end of a campaign does not free a book of the permit that has the same number.
#[test]
fn papers_of_two_types_do_not_meet_in_one_number() {
    use common::counting;
    use zonebook_ledger::document::CampaignStep;
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(stocked("A1", Amount::default())));
    let form = permit("F1", PermitKind::BatchedDelivery, "A1", &[(1, tyres(), build::quantity("5"))]);
    zone.files(Document::Permit(form));
    zone.accepts(counting::step("F1", CampaignStep::Open(counting::opening("A1"))));
    zone.accepts(counting::step("F1", counting::close(0)));
    let cancel = || order("A1", BookAction::Cancel);
    assert_eq!(said(&zone.refusal("customs", cancel())), (Reason::BookNotEmpty, "document", "F1"));
    zone.files(common::papers::closing("F1", 1, Vec::new()));
    zone.accepts(cancel());
}
