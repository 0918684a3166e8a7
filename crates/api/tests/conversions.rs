//! What callers send becomes what the ledger takes, what the ledger holds comes back, and what is wrong is named.

use prost_types::Timestamp;
use zonebook_api::field::{FieldError, request_id};
use zonebook_api::{document, status, v1, value};
use zonebook_ledger::code::{BookNo, LotNo};
use zonebook_ledger::command::StopTarget;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::PassageStage;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::{Applied, Changed, Outcome, Revision, Verdict};
use zonebook_ledger::pass::Pass;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::time::{Instant, LocalTime};

fn units() -> v1::Units {
    v1::Units { declared: "007".into(), statutory1: "035".into(), statutory2: String::new() }
}

fn line(number: u64) -> v1::InventoryLine {
    v1::InventoryLine {
        line: number,
        number,
        part_no: format!("P-{number}"),
        tariff_code: "8542310000".into(),
        name: "处理器".into(),
        units: Some(units()),
        origin: "142".into(),
        quantity_declared: "12.5".into(),
        quantity_statutory1: "0.00001".into(),
        quantity_statutory2: String::new(),
        value_usd: "99999999999999999999.99999".into(),
        price: "8".into(),
        total: "100".into(),
        currency: "502".into(),
        gross_weight: "2".into(),
        net_weight: "1.5".into(),
        serial: "S-1".into(),
        bom_version: "19052201".into(),
        provenance: "3".into(),
        destination: "502".into(),
        duty_mode: "3".into(),
        declaration_line: Some(2),
        dangerous: true,
    }
}

fn list() -> v1::InventoryList {
    v1::InventoryList {
        list_no: "QD516526I000000001".into(),
        book_no: "T5165W000001".into(),
        owner: "5165960001".into(),
        declared_at: "2026-06-11 08:30:00".into(),
        direction: "I".into(),
        mark: "I".into(),
        kind: "0".into(),
        mode: "5000".into(),
        transport: "2".into(),
        declared: true,
        declaration_type: "2".into(),
        declaration_no: "516520261000000001".into(),
        lines: vec![line(1), line(2)],
        ..v1::InventoryList::default()
    }
}

fn list_error(change: impl FnOnce(&mut v1::InventoryList)) -> FieldError {
    let mut wire = list();
    change(&mut wire);
    document::list(Some(&wire)).unwrap_err()
}

fn key(lot: Option<&str>) -> PositionKey {
    PositionKey {
        book_no: BookNo::new("T5165W000001").unwrap(),
        mark: Mark::from_code("I").unwrap(),
        number: 7,
        lot: lot.map(|lot| LotNo::new(lot).unwrap()),
        serial: None,
        place: Place::Zone,
    }
}

#[test]
fn a_list_is_read_field_by_field() {
    let read = document::list(Some(&list())).unwrap();
    assert_eq!(read.list_no.as_str(), "QD516526I000000001");
    assert_eq!(read.direction, Direction::from_code("I").unwrap());
    assert_eq!(read.declared_at, LocalTime::parse("2026-06-11 08:30:00").unwrap());
    assert!(read.declared && read.related_list.is_none() && read.bill_no.is_none());
    let [first, second] = read.lines.as_slice() else { panic!("{} lines", read.lines.len()) };
    assert_eq!((first.line, second.line), (1, 2));
    assert_eq!(first.declared, Quantity::parse("12.5").unwrap());
    assert_eq!(first.statutory1.raw(), 1);
    assert_eq!(first.statutory2, None);
}

#[test]
fn a_line_comes_back_as_it_was_sent() {
    let mut second_unit = line(2);
    second_unit.quantity_statutory2 = "3".into();
    second_unit.units = Some(v1::Units { statutory2: "001".into(), ..units() });
    let wire = v1::InventoryList { lines: vec![line(1), second_unit], ..list() };
    let read = document::list(Some(&wire)).unwrap();
    let sent: Vec<_> = read.lines.iter().map(document::line_to_wire).collect();
    assert_eq!(sent, wire.lines);
}

#[test]
fn a_wrong_field_is_named_with_its_path() {
    let cases: [(&str, FieldError); 8] = [
        ("list", document::list(None).unwrap_err()),
        ("list.list_no", list_error(|list| list.list_no.clear())),
        ("list.book_no", list_error(|list| list.book_no = "T".repeat(65))),
        ("list.direction", list_error(|list| list.direction = "X".into())),
        ("list.declared_at", list_error(|list| list.declared_at = "2026-02-30 00:00:00".into())),
        ("list.declaration_type", list_error(|list| list.declaration_type = "3".into())),
        ("list.lines[1].quantity_declared", list_error(|l| l.lines[1].quantity_declared = "1e5".into())),
        ("list.lines[0].units.declared", list_error(|l| l.lines[0].units.as_mut().unwrap().declared.clear())),
    ];
    for (path, error) in cases {
        assert_eq!(error.field, path, "{error}");
        let read = status::refusal_of(&status::invalid(&error)).unwrap();
        assert_eq!((read.field.as_str(), read.value.as_str()), (path, error.value.as_str()));
        assert_eq!(read.expected, error.rule);
        assert!(!read.expected.is_empty() && !read.text_zh.is_empty(), "{path}");
    }
}

#[test]
fn a_wrong_field_is_not_repeated_without_end() {
    let error = list_error(|list| list.lines[0].quantity_declared = "x".repeat(1_000_000));
    assert!(error.to_string().len() < 1_000, "{} bytes", error.to_string().len());
}

#[test]
fn request_ids_are_of_version_seven() {
    let id = uuid::Uuid::now_v7();
    assert_eq!(request_id(&id.to_string()).unwrap().0, *id.as_bytes());
    let offered = request_id("").unwrap_err().rule;
    let example = offered.rsplit(' ').next().unwrap();
    assert!(request_id(example).is_ok(), "{offered}");
    for wrong in ["1", "6fa459ea-ee8a-4ca4-894e-db77e160355e"] {
        assert_eq!(request_id(wrong).unwrap_err().field, "request_id", "{wrong}");
    }
}

#[test]
fn passages_and_notices_say_what_they_do() {
    let passage = |status: &str| {
        let wire = v1::ReportPassageRequest {
            pass_no: "P1".into(),
            status: status.into(),
            ..v1::ReportPassageRequest::default()
        };
        document::passage(&wire).map(|report| report.stage)
    };
    assert_eq!(passage("3").unwrap(), PassageStage::GateOne);
    assert_eq!(passage("2").unwrap(), PassageStage::Passed);
    assert_eq!(passage("4").unwrap(), PassageStage::Passed);
    assert_eq!(passage("9").unwrap(), PassageStage::Other);
    assert_eq!(passage("").unwrap_err().field, "status");
    for (channel, releases) in [("P", true), ("R", true), ("K", false), ("", false), ("p", false)] {
        let wire = v1::ReleaseDeclarationRequest {
            declaration_no: "516520261000000001".into(),
            channel: channel.into(),
            noticed_at: "2026-06-11 09:00:00".into(),
            ..v1::ReleaseDeclarationRequest::default()
        };
        assert_eq!(document::notice(&wire).unwrap().releases, releases, "{channel}");
    }
}

#[test]
fn a_stop_is_of_a_book_or_of_an_item() {
    let whole = v1::SetStopsRequest {
        book_no: "T1".into(),
        stops: Some(v1::Stops { inward: false, outward: true, changes: true }),
        ..v1::SetStopsRequest::default()
    };
    let order = document::stop_order(&whole).unwrap();
    assert!(matches!(&order.target, StopTarget::Book(book) if book.as_str() == "T1"));
    assert!(order.stops.outward && !order.stops.inward && order.stops.changes);
    let item = v1::SetStopsRequest { item: Some(v1::StoppedItem { mark: "I".into(), number: 4 }), ..whole };
    let order = document::stop_order(&item).unwrap();
    assert!(matches!(&order.target, StopTarget::Item(item) if item.number == 4), "{:?}", order.target);
}

#[test]
fn position_keys_come_back() {
    for (place, lot) in Place::ALL.iter().flat_map(|place| [(*place, None), (*place, Some("QD1/3"))]) {
        let key = PositionKey { place, ..key(lot) };
        let wire = value::position(&key, &Counters::default()).key.unwrap();
        assert_eq!(value::position_key(Some(&wire)).unwrap(), key);
    }
    assert_eq!(value::position_key(None).unwrap_err().field, "key");
    let misplaced = v1::PositionKey {
        place: "MOON".into(),
        ..value::position(&key(None), &Counters::default()).key.unwrap()
    };
    assert_eq!(value::position_key(Some(&misplaced)).unwrap_err().field, "key.place");
}

#[test]
fn counters_stand_each_in_its_own_field() {
    let of = |declared| {
        Measure::new(Quantity::whole(declared), Quantity::ZERO, Quantity::ZERO, Quantity::whole(1))
    };
    let counters = Counters {
        increase_pending: of(2),
        increase_posted: of(100),
        decrease_pending: of(30),
        decrease_posted: of(5),
    };
    let wire = value::counters(&counters);
    let declared = |measure: Option<v1::Measure>| measure.unwrap().declared;
    assert_eq!(declared(wire.increase_pending), "2");
    assert_eq!(declared(wire.increase_posted), "100");
    assert_eq!(declared(wire.decrease_pending), "30");
    assert_eq!(declared(wire.decrease_posted), "5");
    assert_eq!(declared(wire.on_hand), "95");
    assert_eq!(declared(wire.available), "65");
}

#[test]
fn instants_come_back_to_the_millisecond() {
    for milliseconds in [0, 1, -1, 999, -999, 1_781_136_000_123, -62_135_596_800_000, 253_402_300_799_999] {
        let wire = value::timestamp(Instant(milliseconds));
        assert!((0..1_000_000_000).contains(&wire.nanos), "{wire:?}");
        assert_eq!(value::instant("at", &wire).unwrap(), Instant(milliseconds));
    }
}

#[test]
fn times_that_cannot_be_are_refused() {
    for (seconds, nanos) in [
        (i64::MAX, 0),
        (i64::MIN, 0),
        (253_402_300_800, 0),
        (-62_135_596_801, 0),
        (0, -1),
        (0, 1_000_000_000),
    ] {
        let error = value::instant("as_of.time", &Timestamp { seconds, nanos }).unwrap_err();
        assert_eq!(error.field, "as_of.time", "{seconds} {nanos}");
    }
}

#[test]
fn moments_are_now_after_or_before() {
    use v1::as_of::Moment as Wire;
    let read = |moment| value::moment(Some(&v1::AsOf { moment })).unwrap();
    assert!(matches!(value::moment(None).unwrap(), Moment::Now));
    assert!(matches!(read(None), Moment::Now));
    assert!(matches!(read(Some(Wire::Revision(9))), Moment::After(Revision(9))));
    let time = Timestamp { seconds: 12, nanos: 345_000_000 };
    assert!(matches!(read(Some(Wire::Time(time))), Moment::Before(Instant(12_345))));
}

fn applied(verdict: Verdict) -> Applied {
    let changed = vec![Changed { document: "QD1".into(), state: DocumentState::PrePosted }];
    let outcome = Outcome { verdict, document: Some("QD1".into()), state: None, changed };
    Applied {
        lots: Vec::new(),
        revision: Revision(5),
        repeated: true,
        record_time: Instant(2_000),
        ledger_time: Instant(1_000),
        outcome,
        balances: vec![(key(None), Counters::default())],
    }
}

#[test]
fn outcomes_say_verdict_revision_and_times() {
    let refusal = Refusal::new(Reason::ShortStock).line(2);
    for (verdict, wire, refused) in [
        (Verdict::Accepted, v1::Verdict::Accepted, false),
        (Verdict::Duplicate, v1::Verdict::Duplicate, false),
        (Verdict::Refused(Box::new(refusal.clone())), v1::Verdict::Refused, true),
    ] {
        let outcome = value::outcome(&applied(verdict));
        assert_eq!(outcome.verdict(), wire);
        assert_eq!((outcome.revision, outcome.repeated_request), (5, true));
        assert_eq!(outcome.record_time.unwrap().seconds, 2);
        assert_eq!(outcome.ledger_time.unwrap().seconds, 1);
        assert_eq!((outcome.document.as_str(), outcome.changed.len(), outcome.balances.len()), ("QD1", 1, 1));
        assert_eq!(outcome.refusal.map(|refusal| refusal.reason), refused.then(|| "SHORT_STOCK".into()));
    }
}

#[test]
fn a_pass_reads_and_comes_back_with_times_in_the_form_of_documents() {
    let sent = v1::Pass {
        pass_no: "P5165001".into(),
        office: "5165".into(),
        direction: "I".into(),
        binding: "3".into(),
        linked_type: "1".into(),
        linked: vec!["QD516526I000000001".into()],
        vehicle_no: "豫A12345".into(),
        declared_at: "2026-06-11 10:00:00".into(),
        lines: vec![v1::PassLine {
            line: 1,
            linked_line: Some(2),
            quantity_declared: "3".into(),
            ..v1::PassLine::default()
        }],
        weights: Some(v1::PassWeights {
            vehicle: "13000".into(),
            frame: "1000".into(),
            container: "0".into(),
            goods: "2245.335".into(),
            total: "14000".into(),
        }),
        seal_no: "E-0001".into(),
        ..v1::Pass::default()
    };
    let filing = document::pass(Some(&sent)).unwrap();
    let pass = Pass {
        state: DocumentState::Passed,
        direction: filing.direction,
        binding: filing.binding,
        linked_type: filing.linked_type,
        linked: filing.linked,
        book_no: filing.book_no,
        vehicle_no: filing.vehicle_no,
        seal_no: filing.seal_no,
        weights: filing.weights,
        collected: Some(Quantity::whole(13_990)),
        lines: filing.lines,
        items: Vec::new(),
        filed_time: Instant(0),
        passed_at: Some(LocalTime::parse("2026-06-11 10:30:05").unwrap()),
        passed_time: Some(Instant(1_000)),
    };
    let reply = value::pass("P5165001", &pass, Revision(3));
    assert_eq!(reply.passed_at, "2026-06-11 10:30:05");
    assert_eq!((reply.revision, reply.state.as_str()), (3, "PASSED"));
    let weights = [reply.collected_weight, reply.weight_error, reply.weight_sum];
    assert_eq!(weights, ["13990", "10", "16245.335"], "domain.md A5: goods belong to the total");
    let kept = v1::Pass { office: String::new(), declared_at: String::new(), ..sent };
    assert_eq!(reply.pass, Some(kept));
}
