//! What customs may ask besides from a day on, and `RULES.md` does not: a lease contract behind a list, settled rent, a
//! place of display (`domain.md` 3.4 rows 13 to 15).

mod common;

use common::build::{amount, book, book_row, declared, filed, list, list_line, mode, quantity};
use common::contracts::{change, closed, contract, day, registered, rent, rent_declared, unit};
use common::papers::{permit, serial};
use common::world::goods;
use common::zone::Zone;
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    BookFiling, BookRow, Document, LeaseAction, List, ListLine, PermitFiling, PermitKind,
};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// A leasing book with two assets, `SN1` on row 1 and `SN2` on row 2.
fn leasing() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let row = |at: u64, text: &str| BookRow {
        serial: Some(serial(text)),
        ..book_row(at, &goods(1), amount("1", "1", None))
    };
    let rows = vec![row(1, "SN1"), row(2, "SN2")];
    let booking_mode = BookingMode::RowPerReceipt;
    zone.files(Document::Book(BookFiling { usage: Usage::Lease, booking_mode, rows, ..book("Y1") }));
    zone
}

fn asks(zone: &mut Zone, parameter: Parameter, from: &str) {
    zone.accepts(Command::SetParameter(ParameterValue { parameter, from: day(from), value: quantity("1") }));
}

/// The asset of a row, out or back in a mode of leasing, or bought out.
fn asset(number: &str, row: u64, direction: Direction, supervision: &str) -> List {
    let line = list_line(1, row, &goods(1), amount("1", "1", None));
    let lines = vec![ListLine { serial: Some(serial(&format!("SN{row}"))), ..line }];
    List { mode: mode(supervision), lines, ..list(number, "Y1", direction) }
}

fn refusal(zone: &mut Zone, document: Document) -> Refusal {
    zone.refusal("loopback", Command::File(Box::new(document)))
}

/// Row 13: without a contract an asset goes out only as long as nobody asks for one.
#[test]
fn an_asset_goes_out_under_an_open_lease() {
    let mut zone = leasing();
    asks(&mut zone, Parameter::LeaseContractRequired, "2026-06-03");
    zone.files(filed(asset("L01", 1, Direction::Out, "1523")));
    zone.at("2026-06-03T08:00:00");
    let found = refusal(&mut zone, filed(asset("L02", 2, Direction::Out, "1523")));
    assert_eq!((found.reason, found.line), (Reason::DocumentUnknown, Some(1)));
    assert_eq!((found.field.as_deref(), found.value.as_deref()), (Some("param2"), Some("SN2")));

    // Of the other asset there is none, nor is one that is over; what is no lease needs none.
    let of_first = contract("Y1", &[unit(2, "SN2")], &[], ("2026-06-01", "2026-12-31"));
    zone.files(registered("K1", of_first.clone()));
    zone.files(change("K1", 1, LeaseAction::Close { closed_on: day("2026-06-03") }));
    assert_eq!(
        refusal(&mut zone, filed(asset("L02", 2, Direction::Out, "1500"))).reason,
        Reason::DocumentUnknown
    );
    zone.files(registered("K2", of_first));
    zone.files(filed(asset("L02", 2, Direction::Out, "1500")));
    zone.files(common::build::withdrawal("L02", 1));
    zone.files(filed(asset("L03", 2, Direction::Out, "5034")));
}

/// Row 14: what is paid by the day of the list is declared before an asset comes back or is bought out.
#[test]
fn an_asset_comes_back_or_is_bought_out_when_its_rent_is_declared() {
    for (direction, supervision) in [(Direction::In, "1523"), (Direction::Out, "0110")] {
        let mut zone = leasing();
        asks(&mut zone, Parameter::LeaseRentSettled, "2026-06-04");
        let rents = [rent(1, "2026-06-02"), rent(2, "2026-06-05")];
        let lease = contract("Y1", &[unit(1, "SN1")], &rents, ("2026-06-01", "2026-12-31"));
        zone.files(registered("K1", lease));
        for row in [1, 2] {
            let number = format!("L0{row}");
            zone.files(filed(asset(&number, row, Direction::Out, "1523")));
            zone.files(Document::Pass(common::build::pass(&format!("P0{row}"), Direction::Out, &[&number])));
            let at = common::world::local("2026-06-02T09:00:00");
            let stage = zonebook_ledger::document::PassageStage::Passed;
            zone.files(Document::Passage(common::build::passage(&format!("P0{row}"), stage, at)));
        }
        zone.at("2026-06-04T08:00:00");
        // Declared and not released, so that it can be withdrawn.
        let ends = |number: &str, row| filed(declared(asset(number, row, direction, supervision), "D1"));
        let found = refusal(&mut zone, ends("L03", 1));
        assert_eq!((found.reason, found.line), (Reason::LeaseNotSettled, Some(1)));
        assert_eq!(found.document.as_deref(), Some("K1"));
        // An asset under no lease owes nothing.
        zone.files(ends("L04", 2));
        zone.files(rent_declared("K1", 1, 1, "2026-06-04"));
        zone.files(ends("L03", 1));
        // What falls due after the list is declared later.
        zone.files(common::build::withdrawal("L03", 1));
        zone.at("2026-06-05T08:00:00");
        let found = refusal(&mut zone, ends("L05", 1));
        assert_eq!((found.reason, found.line), (Reason::LeaseNotSettled, Some(2)));
        assert_eq!(zone.refuses(closed("K1", 2, "2026-06-05")), Reason::LeaseNotSettled);
    }
}

/// Row 15: of a permit for display the place is asked for, of no other.
#[test]
fn a_permit_for_display_says_where_goods_are_shown() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut stock = book("A1");
    stock.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    zone.files(Document::Book(stock));
    let goods_of = [(1, goods(1), quantity("10"))];
    let display = |number: &str, place: &str| {
        let filing = permit(number, PermitKind::Display, "A1", &goods_of);
        Document::Permit(PermitFiling { exhibition_place: place.into(), ..filing })
    };
    zone.files(display("E1", ""));
    asks(&mut zone, Parameter::DisplayPlaceRequired, "2026-06-02");
    for place in ["", "  "] {
        let found = refusal(&mut zone, display("E2", place));
        assert_eq!((found.reason, found.field.as_deref()), (Reason::InvalidField, Some("exhibitionPlace")));
    }
    zone.files(display("E2", "hall 3"));
    zone.files(Document::Permit(permit("E3", PermitKind::Mould, "A1", &goods_of)));
}
