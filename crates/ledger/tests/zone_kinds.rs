//! What lists and permits must keep to in each kind of zone (`domain.md` 2.2), once `ZONE_FUNCTIONS_CHECK` asks for it.

mod common;

use common::build::{amount, book, book_row, filed, list, list_line, mode, office, quantity};
use common::papers::permit;
use common::world::{self, OFFICE, PARK, goods};
use common::zone::Zone;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{BookFiling, Document, List, PermitKind};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::ZoneKind;

/// `A1` in a zone of a kind has 100 of item 1.
fn zone(kind: ZoneKind) -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.accepts(Command::DefineZone(world::zone(OFFICE, kind)));
    let mut stock = BookFiling { zone_kind: Some(kind), ..book("A1") };
    stock.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    zone.files(Document::Book(stock));
    zone
}

fn asks_from(zone: &mut Zone, from: &str) {
    let (parameter, from) = (Parameter::ZoneFunctionsCheck, Date::parse(from).unwrap());
    zone.accepts(Command::SetParameter(ParameterValue { parameter, from, value: quantity("1") }));
}

fn leaving(number: &str, supervision: &str, transport: &str) -> List {
    let mut list = list(number, "A1", Direction::Out);
    list.lines.push(list_line(1, 1, &goods(1), amount("1", "1", None)));
    List { mode: mode(supervision), transport: transport.into(), ..list }
}

#[test]
fn an_export_processing_zone_has_no_retail_and_no_entrepot_trade() {
    let mut zone = zone(ZoneKind::ExportProcessing);
    zone.files(filed(leaving("L01", "1210", "2")));
    asks_from(&mut zone, "2026-06-01");
    for (number, supervision) in [("L02", "1210"), ("L03", "1239"), ("L04", "1234")] {
        let refusal =
            zone.refusal("loopback", Command::File(Box::new(filed(leaving(number, supervision, "2")))));
        assert_eq!(refusal.reason, Reason::ZoneKindForbids);
        assert_eq!(
            (refusal.field.as_deref(), refusal.value.as_deref()),
            (Some("supvModecd"), Some(supervision))
        );
    }
    zone.files(filed(leaving("L05", "5015", "2")));
}

#[test]
fn a_logistics_park_has_no_production_in_it_nor_steps_of_it_given_out() {
    let mut zone = zone(ZoneKind::LogisticsPark);
    asks_from(&mut zone, "2026-06-01");
    assert_eq!(zone.refuses(filed(leaving("L01", "5014", "2"))), Reason::ZoneKindForbids);
    assert_eq!(zone.refuses(filed(leaving("L01", "5015", "2"))), Reason::ZoneKindForbids);
    zone.files(filed(leaving("L01", "1234", "2")));
    for (number, kind) in [("E1", PermitKind::OutsourcedProcessing), ("E2", PermitKind::Display)] {
        let filing = permit(number, kind, "A1", &[(1, goods(1), quantity("10"))]);
        let command = Command::File(Box::new(Document::Permit(filing)));
        if kind == PermitKind::Display {
            zone.accepts(command);
        } else {
            assert_eq!(zone.refusal("loopback", command).reason, Reason::ZoneKindForbids);
        }
    }
}

#[test]
fn a_list_has_the_transport_code_of_its_own_kind_of_zone_or_of_none() {
    let codes = ["7", "X", "Y", "Z"];
    for (kind, own) in [
        (ZoneKind::ComprehensiveBonded, "Y"),
        (ZoneKind::Bonded, "7"),
        (ZoneKind::ExportProcessing, "Z"),
        (ZoneKind::LogisticsPark, "X"),
        (ZoneKind::BondedPort, "Y"),
    ] {
        let mut zone = zone(kind);
        asks_from(&mut zone, "2026-06-01");
        for (at, code) in codes.iter().enumerate() {
            let document = filed(leaving(&format!("L0{at}"), "5034", code));
            if *code == own {
                zone.files(document);
            } else {
                assert_eq!(zone.refuses(document), Reason::ZoneKindMismatch, "{kind} {code}");
            }
        }
        zone.files(filed(leaving("L08", "5034", "9")));
    }
    // Nobody says which code a cross-border zone has.
    let mut zone = zone(ZoneKind::CrossBorderIndustrial);
    asks_from(&mut zone, "2026-06-01");
    zone.files(filed(leaving("L01", "5034", "7")));
}

/// As in month-a, where what goes from a comprehensive bonded zone to a logistics park goes by code X.
#[test]
fn a_transfer_has_the_code_of_either_zone() {
    let mut zone = zone(ZoneKind::ComprehensiveBonded);
    asks_from(&mut zone, "2026-06-01");
    let kind = Some(ZoneKind::LogisticsPark);
    let mut other = BookFiling { office: office(PARK), zone_kind: kind, ..book("A3") };
    other.rows.push(book_row(1, &goods(1), amount("0", "0", None)));
    zone.files(Document::Book(other));
    let mut entering = List {
        book_no: common::build::book_no("A3"),
        direction: Direction::In,
        ..leaving("L01", "5000", "X")
    };
    entering.owner = common::build::customs_no(world::owner("A3"));
    entering.related_book = Some(common::build::book_no("A1"));
    zone.files(filed(entering.clone()));
    let by_other_code = List { list_no: common::build::list_no("L02"), transport: "Z".into(), ..entering };
    assert_eq!(zone.refuses(filed(by_other_code)), Reason::ZoneKindMismatch);
}

#[test]
fn what_a_zone_is_for_changes_with_its_kind_and_is_asked_from_a_day_on() {
    let mut zone = zone(ZoneKind::LogisticsPark);
    asks_from(&mut zone, "2026-06-04");
    zone.files(filed(leaving("L01", "5015", "2")));
    zone.at("2026-06-04T08:00:00");
    assert_eq!(zone.refuses(filed(leaving("L02", "5015", "2"))), Reason::ZoneKindForbids);
    zone.accepts(Command::ConvertZone(zonebook_ledger::command::ZoneConversion {
        office: office(OFFICE),
        kind: ZoneKind::ComprehensiveBonded,
        from: Date::parse("2026-06-06").unwrap(),
        reason: "letter 41".into(),
    }));
    zone.at("2026-06-06T08:00:00").files(filed(leaving("L02", "5015", "2")));
    assert_eq!(zone.refuses(filed(leaving("L03", "5015", "X"))), Reason::ZoneKindMismatch);
}
