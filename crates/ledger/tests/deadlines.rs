//! Deadlines: the worked examples of `domain.md` section 6 by name, each kind of the table, ticks, the calendar.

mod common;

use common::build::{self, Amount, amount, book, book_row, filed, list, list_line, quantity};
use common::contracts::{
    bonded_unit, change, closed, contract, day, observation, registered, rent, rent_declared, unit,
};
use common::counting::kilos_in_stock;
use common::dispose;
use common::papers::{
    disposed, guarantee, opened_for, parcel, permit, permit_no, processing_book, serial, slip, slip_line,
    slip_pass, verification,
};
use common::world::{self, goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{GuaranteeNo, ParcelNo};
use zonebook_ledger::command::{CalendarOrder, Command};
use zonebook_ledger::deadline::{DeadlineKind, Standing};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, DecisionOutcome, Difference, DisposalKind, Document, LeaseAction, LeaseContract, List,
    ListLine, ParcelFiling, PassageStage, PermitFiling, PermitKind, RentedUnit,
};
use zonebook_ledger::due::{self, DueFilter};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Guarantees, Leases, Lines, get};

/// Open deadlines of some kinds: kind, document, part, first day, last day.
fn open(zone: &Zone, kinds: &[DeadlineKind]) -> Vec<String> {
    let first = day("1900-01-01");
    let all = due::due(&zone.state, &DueFilter::default(), (first, day("9999-12-31")), None, 1_000).unwrap();
    let of_kinds = all.iter().filter(|deadline| kinds.contains(&deadline.key.kind));
    of_kinds
        .map(|deadline| {
            let key = &deadline.key;
            format!("{} {} {} {} {}", key.kind, key.document, key.part, deadline.row.since, deadline.falls_on)
        })
        .collect()
}

fn overdue(zone: &Zone, as_of: &str) -> Vec<String> {
    let all = due::overdue(&zone.state, &DueFilter::default(), day(as_of), None, 1_000).unwrap();
    all.iter().map(|deadline| format!("{} {}", deadline.key.kind, deadline.key.document)).collect()
}

fn sets(zone: &mut Zone, parameter: Parameter, from: &str, value: &str) {
    let wanted = ParameterValue { parameter, from: day(from), value: quantity(value) };
    zone.accepts(Command::SetParameter(wanted));
}

fn refused(zone: &mut Zone, command: Command) -> Reason {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").reason
}

fn passes(zone: &mut Zone, number: &str, pass: zonebook_ledger::document::PassFiling, at: &str) {
    zone.files(Document::Pass(pass));
    zone.files(Document::Passage(build::passage(number, PassageStage::Passed, world::local(at))));
}

/// A zone at a time, with a storage book of 2,000 of the first item.
fn stocked(at: &str) -> Zone {
    with_stock(Zone::opened(at))
}

fn with_stock(mut zone: Zone) -> Zone {
    let mut filing = BookFiling { valid_until: day("2099-12-31"), ..book("A1") };
    filing.rows.push(book_row(1, &goods(1), amount("2000", "2000", None)));
    zone.files(Document::Book(filing));
    zone
}

fn list_of(number: &str, direction: Direction, declared: &str) -> List {
    let lines = vec![list_line(1, 1, &goods(1), amount(declared, declared, None))];
    List { lines, ..list(number, "A1", direction) }
}

/// A18: a parcel that is delivered on 2025-11-11 may be given back until 2025-12-11 and must arrive by 2025-12-26.
#[test]
fn a18_days_of_a_return() {
    for (delivered, apply_by, arrive_by) in [
        ("2025-11-11", "2025-12-11", "2025-12-26"),
        ("2026-01-31", "2026-03-02", "2026-03-17"),
        ("2028-02-01", "2028-03-02", "2028-03-17"),
    ] {
        let mut zone = Zone::opened(&format!("{delivered}T09:00:00"));
        let mut filing = BookFiling { usage: Usage::ECommerce, valid_until: day("2099-12-31"), ..book("C1") };
        filing.rows.push(book_row(1, &goods(1), amount("10", "10", None)));
        zone.files(Document::Book(filing));
        let one = amount("1", "1", None);
        let parcels = vec![parcel("T01", "C1", 1, &goods(1), one, "89")];
        zone.files(Document::Parcels(ParcelFiling::File(parcels)));
        let number = ParcelNo::new("T01").unwrap();
        assert_eq!(due::return_window(&zone.state, &number).unwrap(), None);
        let lines = vec![list_line(1, 1, &goods(1), one)];
        let out = list("L01", "C1", Direction::Out);
        zone.files(filed(List { kind: "8".into(), parcels: vec![number.clone()], lines, ..out }));
        let pass = build::pass("P01", Direction::Out, &["L01"]);
        passes(&mut zone, "P01", pass, "2025-11-11T10:00:00");
        let window = due::return_window(&zone.state, &number).unwrap().unwrap();
        assert_eq!(window.delivered, day(delivered));
        assert_eq!((window.apply_by, window.arrive_by), (Some(day(apply_by)), Some(day(arrive_by))));
        // What the law changes later is for later parcels.
        zone.at(&format!("{delivered}T10:00:00"));
        sets(&mut zone, Parameter::ReturnApplyDays, "2099-01-01", "7");
        assert_eq!(due::return_window(&zone.state, &number).unwrap(), Some(window));
    }
}

/// A leasing book with two assets, `SN1` on row 1 and `SN2` on row 2.
fn leasing(number: &str, at: &str) -> Zone {
    let mut zone = Zone::opened(at);
    assets(&mut zone, number);
    zone
}

fn assets(zone: &mut Zone, number: &str) {
    let row = |at: u64, text: &str| zonebook_ledger::document::BookRow {
        serial: Some(serial(text)),
        ..book_row(at, &goods(1), amount("1", "1", None))
    };
    let mut filing = BookFiling { usage: Usage::Lease, valid_until: day("2099-12-31"), ..book(number) };
    filing.booking_mode = zonebook_ledger::book::BookingMode::RowPerReceipt;
    filing.rows = vec![row(1, "SN1"), row(2, "SN2")];
    zone.files(Document::Book(filing));
}

const LEASE: [DeadlineKind; 2] = [DeadlineKind::LeaseRent, DeadlineKind::LeaseEnd];

/// A20: rent paid on 2025-03-31 is declared by 2025-04-15; a lease that ends on 2030-12-31 is closed by 2031-01-30.
#[test]
fn a20_leasing() {
    let mut zone = leasing("Y1", "2025-01-02T09:00:00");
    let rents = [rent(1, "2025-03-31"), rent(2, "2026-02-28"), rent(3, "2028-02-20")];
    let contract = contract("Y1", &[unit(1, "SN1")], &rents, ("2025-01-01", "2030-12-31"));
    let declared_at = world::local("2025-01-02T09:00:00");
    zone.files(registered("K1", zonebook_ledger::document::LeaseContract { declared_at, ..contract }));
    let all = [
        "LEASE_RENT K1 1 2025-03-31 2025-04-15",
        "LEASE_RENT K1 2 2026-02-28 2026-03-15",
        "LEASE_RENT K1 3 2028-02-20 2028-03-06",
        "LEASE_END K1 0 2030-12-31 2031-01-30",
    ];
    assert_eq!(open(&zone, &LEASE), all);
    assert_eq!(overdue(&zone, "2025-04-15"), [] as [&str; 0]);
    assert_eq!(overdue(&zone, "2025-04-16"), ["LEASE_RENT K1"]);

    zone.files(rent_declared("K1", 1, 1, "2025-04-20"));
    assert_eq!(open(&zone, &LEASE), all[1..]);
    let status = get::<Leases>(&zone.state, common::contracts::lease_no("K1")).unwrap().unwrap();
    assert_eq!(status.rents[0].declare_by, Some(day("2025-04-15")));
    assert_eq!(status.rents[0].declared.as_ref().unwrap().declared_on, day("2025-04-20"));

    // Other days are for what is agreed from then on: here, the payments and the end of the extension.
    sets(&mut zone, Parameter::LeaseRentDays, "2025-02-01", "20");
    sets(&mut zone, Parameter::LeaseEndDays, "2025-02-01", "0");
    zone.at("2025-02-03T09:00:00");
    let (end, rents) = (day("2031-06-30"), vec![rent(4, "2031-01-31")]);
    zone.files(change("K1", 2, LeaseAction::Extend { end, rents }));
    assert_eq!(open(&zone, &LEASE), [all[1], all[2], "LEASE_RENT K1 4 2031-01-31 2031-02-20"]);
}

#[test]
fn a_lease_ends_when_its_rent_is_declared_and_its_assets_are_back() {
    let mut zone = leasing("Y1", "2026-06-02T09:00:00");
    let of = |units: &[_]| contract("Y1", units, &[rent(1, "2026-06-10")], ("2026-06-01", "2026-06-30"));
    zone.files(registered("K1", of(&[unit(1, "SN1")])));
    assert_eq!(zone.refuses(registered("K1", of(&[unit(2, "SN2")]))), Reason::DocumentExists);
    assert_eq!(zone.refuses(registered("K2", of(&[unit(1, "SN1")]))), Reason::LeaseUnitTaken);
    let out = |number: &str, direction, mode: &str| {
        let line = list_line(1, 1, &goods(1), amount("1", "1", None));
        let lines = vec![ListLine { serial: Some(serial("SN1")), ..line }];
        filed(List { mode: build::mode(mode), lines, ..list(number, "Y1", direction) })
    };
    zone.files(out("L01", Direction::Out, "1523"));
    zone.files(rent_declared("K1", 1, 1, "2026-06-11"));
    // Announced is as good as out.
    assert_eq!(zone.refuses(closed("K1", 2, "2026-06-30")), Reason::LeaseNotSettled);
    passes(&mut zone, "P01", build::pass("P01", Direction::Out, &["L01"]), "2026-06-02T10:00:00");
    assert_eq!(zone.refuses(closed("K1", 2, "2026-06-30")), Reason::LeaseNotSettled);
    zone.files(out("L02", Direction::Out, "0110"));
    zone.files(closed("K1", 2, "2026-06-30"));
    assert_eq!(open(&zone, &LEASE), [] as [&str; 0]);
    assert_eq!(zone.refuses(rent_declared("K1", 3, 1, "2026-06-11")), Reason::LeaseClosed);
    // The asset is free for another lease, were it still there.
    zone.files(registered("K2", of(&[unit(1, "SN1")])));
}

/// Row 13 and A23: an asset binds its duty from the list that takes it out until it is back, or until that list is taken
/// back; what one lessor secured is free when another takes over.
#[test]
fn an_asset_on_lease_binds_its_duty_while_it_is_out() {
    let mut zone = leasing("Y1", "2026-06-02T09:00:00");
    assets(&mut zone, "Y2");
    let under = |number: &str, units: &[RentedUnit], guarantee: &str| {
        let lease = contract("Y1", units, &[], ("2026-06-01", "2026-06-30"));
        registered(number, LeaseContract { guarantee_no: guarantee.into(), ..lease })
    };
    let both = [bonded_unit(1, "SN1", "60"), bonded_unit(2, "SN2", "50")];
    assert_eq!(zone.refuses(under("K1", &both, "G01")), Reason::GuaranteeUnknown);
    zone.accepts(guarantee("G01", opened_for("Y2", "100", "2026-06-20")));
    zone.accepts(guarantee("G02", opened_for("Y1", "100", "2026-06-20")));
    assert_eq!(zone.refuses(under("K1", &both, "G01")), Reason::GuaranteeUnknown, "of another lessor");
    assert_eq!(zone.refuses(under("K1", &[bonded_unit(1, "SN1", "-1")], "G02")), Reason::InvalidField);
    zone.files(under("K1", &both, "G02"));
    let free = |zone: &Zone, number: &str| {
        let account = get::<Guarantees>(&zone.state, GuaranteeNo::new(number).unwrap()).unwrap().unwrap();
        account.available().unwrap().to_string()
    };
    assert_eq!(free(&zone, "G02"), "100", "nothing is out");
    let moved = |number: &str, row: u64, direction| {
        let line = list_line(1, row, &goods(1), amount("1", "1", None));
        let lines = vec![ListLine { serial: Some(serial(&format!("SN{row}"))), ..line }];
        filed(List { mode: build::mode("1523"), lines, ..list(number, "Y1", direction) })
    };
    zone.files(moved("L01", 1, Direction::Out));
    assert_eq!(free(&zone, "G02"), "40", "announced is as good as out");
    assert_eq!(zone.refuses(moved("L02", 2, Direction::Out)), Reason::GuaranteeExceeded);
    zone.files(build::withdrawal("L01", 1));
    assert_eq!(free(&zone, "G02"), "100");
    zone.files(moved("L03", 2, Direction::Out));
    passes(&mut zone, "P01", build::pass("P01", Direction::Out, &["L03"]), "2026-06-02T10:00:00");
    assert_eq!(free(&zone, "G02"), "50");
    zone.files(moved("L04", 2, Direction::In));
    assert_eq!(free(&zone, "G02"), "50", "on its way back is still out");
    passes(&mut zone, "P02", build::pass("P02", Direction::In, &["L04"]), "2026-06-02T11:00:00");
    assert_eq!(free(&zone, "G02"), "100");

    zone.files(moved("L05", 1, Direction::Out));
    let to = |change_no, units: &[RentedUnit], guarantee: &str| {
        let (book_no, owner) = (build::book_no("Y2"), build::customs_no(world::owner("Y2")));
        let (units, guarantee_no) = (units.to_vec(), guarantee.into());
        change("K1", change_no, LeaseAction::ChangeLessor { book_no, owner, units, guarantee_no })
    };
    // What is out goes to the new lessor first, by a pair of lists; it stays where it is.
    assert_eq!(zone.refuses(to(1, &both, "G01")), Reason::LeaseNotSettled);
    passes(&mut zone, "P03", build::pass("P03", Direction::Out, &["L05"]), "2026-06-02T12:00:00");
    assert_eq!(zone.refuses(to(1, &both, "G01")), Reason::LeaseNotSettled);
    let pair = |number: &str, book: &str, other: &str, direction, of: Option<&str>, asset: &str| {
        let line = list_line(1, 1, &goods(1), amount("1", "1", None));
        filed(List {
            kind: "6".into(),
            mode: build::mode("1523"),
            related_book: Some(build::book_no(other)),
            related_list: of.map(build::list_no),
            lines: vec![ListLine { serial: Some(serial(asset)), ..line }],
            ..list(number, book, direction)
        })
    };
    zone.files(pair("L07", "Y2", "Y1", Direction::In, None, "SN1"));
    let refusal = zone.refusal(
        "loopback",
        Command::File(Box::new(pair("L08", "Y1", "Y2", Direction::Out, Some("L07"), "SN2"))),
    );
    assert_eq!(refusal.reason, Reason::SerialNotInPlace);
    zone.files(pair("L08", "Y1", "Y2", Direction::Out, Some("L07"), "SN1"));
    assert_eq!(free(&zone, "G02"), "100", "the old lessor has nothing out");
    assert_eq!(zone.list("L07").state, DocumentState::Posted);
    let opened = &get::<Lines>(&zone.state, (build::list_no("L07"), 0)).unwrap().unwrap()[0];
    let taken_over = opened.filed.number;
    let new = [bonded_unit(taken_over, "SN1", "60"), bonded_unit(2, "SN2", "50")];
    assert_eq!(zone.refuses(to(1, &new, "G02")), Reason::GuaranteeUnknown);
    zone.files(to(1, &new, "G01"));
    assert_eq!((free(&zone, "G01"), free(&zone, "G02")), ("40".into(), "100".into()));
    let out = build::position("Y2", taken_over, Place::LeasedOut);
    let out = PositionKey { lot: opened.lot.clone(), serial: opened.serial.clone(), ..out };
    assert_eq!(zone.on_hand(&out).declared().to_string(), "1");

    zone.at("2026-06-21T09:00:00").files(under("K2", &[bonded_unit(2, "SN2", "50")], "G02"));
    assert_eq!(zone.refuses(moved("L06", 2, Direction::Out)), Reason::GuaranteeExpired);
}

/// Aircraft and ships: the zone keeps the book, no gate sees the asset (`domain.md` 3.1, delegated supervision).
#[test]
fn assets_that_never_enter_the_zone_pass_no_gate() {
    let mut zone = leasing("Y1", "2026-06-02T09:00:00");
    let ship = contract("Y1", &[unit(1, "SN1")], &[], ("2026-06-01", "2026-06-30"));
    zone.files(registered("K1", LeaseContract { never_enters: true, ..ship }));
    let moved = |number: &str, row: u64, direction| {
        let line = list_line(1, row, &goods(1), amount("1", "1", None));
        let lines = vec![ListLine { serial: Some(serial(&format!("SN{row}"))), ..line }];
        List { mode: build::mode("1523"), lines, ..list(number, "Y1", direction) }
    };
    let state = |zone: &Zone, number: &str| zone.list(number).state;
    // Declared, it waits for its release alone.
    zone.files(filed(build::declared(moved("L01", 1, Direction::Out), "D1")));
    assert_eq!(state(&zone, "L01"), DocumentState::PrePosted);
    zone.files(Document::Notice(build::notice("D1", "P", world::local("2026-06-02T10:00:00"))));
    assert_eq!(state(&zone, "L01"), DocumentState::Posted);
    zone.files(filed(moved("L02", 1, Direction::In)));
    assert_eq!(state(&zone, "L02"), DocumentState::Posted);
    // One under no such lease still waits for the gate.
    zone.files(filed(moved("L03", 2, Direction::Out)));
    assert_eq!(state(&zone, "L03"), DocumentState::PrePosted);
}

#[test]
fn what_is_wrong_with_a_lease_is_said() {
    let mut zone = leasing("Y1", "2026-06-02T09:00:00");
    let mut store = book("A1");
    store.rows.push(book_row(1, &goods(1), Amount::default()));
    zone.files(Document::Book(store));
    let good = || {
        contract(
            "Y1",
            &[unit(1, "SN1")],
            &[rent(1, "2026-06-10"), rent(2, "2026-07-10")],
            ("2026-06-01", "2026-12-31"),
        )
    };
    type Change = fn(&mut zonebook_ledger::document::LeaseContract);
    let wrong: &[(Reason, Change)] = &[
        (Reason::BookUnknown, |lease| lease.book_no = build::book_no("A1")),
        (Reason::BookUnknown, |lease| lease.book_no = build::book_no("X9")),
        (Reason::BookOwnerMismatch, |lease| lease.owner = build::customs_no("2217960009")),
        (Reason::BookExpired, |lease| lease.declared_at = world::local("2100-01-01T00:00:00")),
        (Reason::InvalidField, |lease| lease.end = day("2026-05-31")),
        (Reason::InvalidField, |lease| lease.units.clear()),
        (Reason::NamedTwice, |lease| lease.units.push(unit(1, "SN1"))),
        (Reason::ItemNotFiled, |lease| lease.units.push(unit(77, "SN1"))),
        (Reason::SerialNotInPlace, |lease| lease.units.push(unit(2, "SN1"))),
        (Reason::NamedTwice, |lease| lease.rents.push(rent(1, "2026-08-10"))),
        (Reason::NonPositiveQty, |lease| lease.rents[1].amount = quantity("0")),
        (Reason::InvalidField, |lease| lease.rents[1].paid_on = day("2027-01-01")),
        (Reason::InvalidField, |lease| lease.rents[1].currency = "US".into()),
    ];
    for (reason, change) in wrong {
        let mut contract = good();
        change(&mut contract);
        assert_eq!(zone.refuses(registered("K1", contract.clone())), *reason, "{contract:?}");
    }
    assert_eq!(zone.refuses(rent_declared("K1", 1, 1, "2026-06-10")), Reason::DocumentUnknown);
    zone.files(registered("K1", good()));
    assert_eq!(zone.refuses(rent_declared("K1", 2, 1, "2026-06-10")), Reason::ChangeCountMismatch);
    assert_eq!(zone.refuses(rent_declared("K1", 1, 9, "2026-06-10")), Reason::InvalidField);
    assert_eq!(zone.refuses(rent_declared("K1", 1, 1, "2026-06-09")), Reason::InvalidField);
    zone.files(rent_declared("K1", 1, 1, "2026-06-10"));
    assert_eq!(zone.refuses(rent_declared("K1", 2, 1, "2026-06-10")), Reason::RentDeclared);
    assert_eq!(zone.refuses(closed("K1", 2, "2026-07-10")), Reason::LeaseNotSettled);
    assert_eq!(zone.refuses(closed("K1", 2, "2026-05-31")), Reason::InvalidField);
    let extend = |end: &str, rents| change("K1", 2, LeaseAction::Extend { end: day(end), rents });
    assert_eq!(zone.refuses(extend("2026-12-31", Vec::new())), Reason::InvalidField);
    assert_eq!(zone.refuses(extend("2027-12-31", vec![rent(2, "2027-01-10")])), Reason::NamedTwice);
    let observe = |from| change("K1", 2, LeaseAction::Observe(observation(from)));
    assert_eq!(zone.refuses(observe("2217")), Reason::InvalidField);
    zone.files(observe("3107"));
    let status = get::<Leases>(&zone.state, common::contracts::lease_no("K1")).unwrap().unwrap();
    assert_eq!((status.location.as_str(), status.observations.len()), ("Apron 7", 1));
}

/// Row 14: the assets stay where they are, the contract and its deadlines go to the book of the new lessor.
#[test]
fn another_lessor_takes_the_deadlines_over() {
    let mut zone = leasing("Y1", "2026-06-02T09:00:00");
    assets(&mut zone, "Y2");
    zone.files(registered(
        "K1",
        contract("Y1", &[unit(1, "SN1")], &[rent(1, "2026-06-10")], ("2026-06-01", "2026-12-31")),
    ));
    let to = |book: &str, units: Vec<_>| {
        let owner = build::customs_no(world::owner(book));
        change(
            "K1",
            1,
            LeaseAction::ChangeLessor {
                book_no: build::book_no(book),
                owner,
                units,
                guarantee_no: "".into(),
            },
        )
    };
    assert_eq!(zone.refuses(to("Y1", vec![unit(1, "SN1")])), Reason::InvalidField);
    assert_eq!(zone.refuses(to("Y2", vec![unit(2, "SN2")])), Reason::InvalidField);
    assert_eq!(zone.refuses(to("Y2", vec![unit(2, "SN1")])), Reason::SerialNotInPlace);
    zone.files(to("Y2", vec![unit(1, "SN1")]));
    let filter = |book| DueFilter {
        book_no: Some(build::book_no(book)),
        kind: Some(LEASE[0]),
        ..DueFilter::default()
    };
    let days = (day("2026-01-01"), day("2027-12-31"));
    let found = |filter| due::due(&zone.state, &filter, days, None, 10).unwrap();
    assert!(found(filter("Y1")).is_empty());
    let [taken] = &found(filter("Y2"))[..] else { panic!("one payment") };
    assert_eq!(taken.party.as_str(), world::owner("Y2"));
    assert_eq!(found(DueFilter { party: Some(taken.party.clone()), ..DueFilter::default() }).len(), 2);
    assert!(found(DueFilter { office: Some(build::office(world::PARK)), ..DueFilter::default() }).is_empty());
}

#[test]
fn a_list_is_posted_within_its_days() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let kinds = [DeadlineKind::ListNotPosted];
    zone.files(filed(list_of("L01", Direction::Out, "10")));
    zone.files(filed(list_of("L02", Direction::Out, "10")));
    let (one, two) =
        ("LIST_NOT_POSTED L01 0 2026-06-02 2026-06-16", "LIST_NOT_POSTED L02 0 2026-06-02 2026-06-16");
    assert_eq!(open(&zone, &kinds), [one, two]);
    passes(&mut zone, "P01", build::pass("P01", Direction::Out, &["L01"]), "2026-06-02T10:00:00");
    assert_eq!(open(&zone, &kinds), [two]);
    zone.files(build::withdrawal("L02", 1));
    assert_eq!(open(&zone, &kinds), [] as [&str; 0]);
    // A change keeps the day of acceptance.
    zone.files(filed(build::declared(list_of("L03", Direction::Out, "10"), "D1")));
    zone.at("2026-06-05T09:00:00");
    let changed = build::declared(list_of("L03", Direction::Out, "20"), "D1");
    zone.files(build::change(changed, 1));
    assert_eq!(open(&zone, &kinds), ["LIST_NOT_POSTED L03 0 2026-06-02 2026-06-16"]);
}

#[test]
fn new_days_are_for_new_documents_and_none_are_off() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let kinds = [DeadlineKind::ListNotPosted];
    zone.files(filed(list_of("L01", Direction::Out, "10")));
    sets(&mut zone, Parameter::ListPostDays, "2026-06-03", "5");
    sets(&mut zone, Parameter::ListPostDays, "2026-06-04", "0");
    let set = |from: &str, value: &str| {
        let wanted =
            ParameterValue { parameter: Parameter::ListPostDays, from: day(from), value: quantity(value) };
        Command::SetParameter(wanted)
    };
    assert_eq!(refused(&mut zone, set("2026-06-02", "7")), Reason::InvalidField);
    assert_eq!(refused(&mut zone, set("2026-06-09", "7.5")), Reason::InvalidField);
    assert_eq!(refused(&mut zone, set("2026-06-09", "36501")), Reason::InvalidField);
    zone.at("2026-06-03T09:00:00").files(filed(list_of("L02", Direction::Out, "10")));
    zone.at("2026-06-04T09:00:00").files(filed(list_of("L03", Direction::Out, "10")));
    assert_eq!(
        open(&zone, &kinds),
        ["LIST_NOT_POSTED L02 0 2026-06-03 2026-06-08", "LIST_NOT_POSTED L01 0 2026-06-02 2026-06-16"]
    );
    zone.files(build::withdrawal("L01", 1));
    zone.files(build::withdrawal("L02", 1));
    zone.files(build::withdrawal("L03", 1));
    assert_eq!(open(&zone, &kinds), [] as [&str; 0]);
}

/// 3.2.5 and 3.4 rows 15, 16, 19: from the approval of a slip to the end of what went out under it.
#[test]
fn batches_are_declared_and_what_is_out_comes_back() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let kinds = [
        DeadlineKind::SlipNotPassed,
        DeadlineKind::BatchNotDeclared,
        DeadlineKind::TemporaryExit,
        DeadlineKind::PermitExpiry,
    ];
    let lines = |of: &str| [(1, goods(1), quantity(of))];
    let slip_of = |number: &str, permit: &str, direction, declared: &str| {
        let mut filing = slip(number, permit, direction);
        filing.lines.push(slip_line(1, 1, 1, &goods(1), amount(declared, declared, None)));
        Document::Slip(filing)
    };
    zone.files(Document::Permit(permit("F01", PermitKind::BatchedDelivery, "A1", &lines("300"))));
    let f01 = "PERMIT_EXPIRY F01 0 2026-06-02 2026-12-31";
    zone.files(slip_of("S01", "F01", Direction::Out, "100"));
    assert_eq!(open(&zone, &kinds), ["SLIP_NOT_PASSED S01 0 2026-06-02 2026-06-16", f01]);
    zone.at("2026-06-30T09:00:00");
    passes(&mut zone, "P01", slip_pass("P01", Direction::Out, "S01"), "2026-06-30T09:00:00");
    assert_eq!(open(&zone, &kinds), ["BATCH_NOT_DECLARED S01 0 2026-06-30 2026-07-31", f01]);
    let declares = |number: &str| {
        let of = list_of(number, Direction::Out, "100");
        let slips = vec![common::papers::slip_no("S01")];
        filed(List { kind: "1".into(), slips, declared: true, ..build::declared(of, "D7") })
    };
    zone.files(declares("L01"));
    assert_eq!(open(&zone, &kinds), [f01]);
    zone.files(build::withdrawal("L01", 1));
    assert_eq!(open(&zone, &kinds), ["BATCH_NOT_DECLARED S01 0 2026-06-30 2026-07-31", f01]);
    zone.files(declares("L02"));

    // A mould is out for 60 days, or until its permit ends.
    let mut mould = permit("F02", PermitKind::Mould, "A1", &lines("10"));
    mould.valid_until = day("2026-08-01");
    zone.files(Document::Permit(mould));
    zone.files(slip_of("S02", "F02", Direction::Out, "10"));
    zone.at("2026-07-01T09:00:00");
    passes(&mut zone, "P02", slip_pass("P02", Direction::Out, "S02"), "2026-07-01T09:00:00");
    let exit = "TEMPORARY_EXIT F02 0 2026-07-01 2026-08-01";
    assert_eq!(open(&zone, &kinds), ["PERMIT_EXPIRY F02 0 2026-06-30 2026-08-01", exit, f01]);
    zone.files(slip_of("S03", "F02", Direction::In, "4"));
    let back = "SLIP_NOT_PASSED S03 0 2026-07-01 2026-07-15";
    assert_eq!(open(&zone, &kinds), [back, "PERMIT_EXPIRY F02 0 2026-06-30 2026-08-01", exit, f01]);
    zone.files(slip_of("S04", "F02", Direction::In, "6"));
    passes(&mut zone, "P03", slip_pass("P03", Direction::In, "S03"), "2026-07-01T09:00:00");
    passes(&mut zone, "P04", slip_pass("P04", Direction::In, "S04"), "2026-07-01T09:00:00");
    // The permit runs until it is closed.
    assert_eq!(open(&zone, &kinds), ["PERMIT_EXPIRY F02 0 2026-06-30 2026-08-01", f01]);

    // On display for 180 days, counted anew when all of it was back in between.
    zone.files(Document::Permit(permit("F03", PermitKind::Display, "A1", &lines("10"))));
    zone.files(slip_of("S05", "F03", Direction::Out, "1"));
    passes(&mut zone, "P05", slip_pass("P05", Direction::Out, "S05"), "2026-07-01T09:00:00");
    let shown = |zone: &Zone| open(zone, &[DeadlineKind::TemporaryExit]);
    assert_eq!(shown(&zone), ["TEMPORARY_EXIT F03 0 2026-07-01 2026-12-28"]);
    zone.at("2026-07-03T09:00:00").files(slip_of("S06", "F03", Direction::Out, "1"));
    passes(&mut zone, "P06", slip_pass("P06", Direction::Out, "S06"), "2026-07-01T09:00:00");
    assert_eq!(shown(&zone), ["TEMPORARY_EXIT F03 0 2026-07-01 2026-12-28"]);
    let sold =
        List { kind: "5".into(), permit_no: Some(permit_no("F03")), ..list_of("L05", Direction::Out, "2") };
    zone.files(filed(sold));
    assert_eq!(shown(&zone), [] as [&str; 0]);
    zone.files(slip_of("S07", "F03", Direction::Out, "1"));
    passes(&mut zone, "P07", slip_pass("P07", Direction::Out, "S07"), "2026-07-01T09:00:00");
    assert_eq!(shown(&zone), ["TEMPORARY_EXIT F03 0 2026-07-03 2026-12-30"]);
}

/// An extension of a permit moves the deadline of what is out already by as many days (`domain.md` 3.1: 60 days, and one
/// extension up to 30), and not that of what goes out later.
#[test]
fn an_extended_permit_moves_the_deadline_of_what_is_out() {
    let mut zone = stocked("2026-07-01T09:00:00");
    let of = |until: &str, change_no| PermitFiling {
        valid_until: day(until),
        change_no,
        ..permit("F01", PermitKind::Display, "A1", &[(1, goods(1), quantity("10"))])
    };
    let moves = |zone: &mut Zone, number: &str, pass: &str, direction| {
        let mut filing = slip(number, "F01", direction);
        filing.lines.push(slip_line(1, 1, 1, &goods(1), amount("1", "1", None)));
        zone.files(Document::Slip(filing));
        passes(zone, pass, slip_pass(pass, direction, number), "2026-07-01T09:00:00");
    };
    let exit = |zone: &Zone| open(zone, &[DeadlineKind::TemporaryExit]);
    zone.files(Document::Permit(of("2027-03-01", None)));
    moves(&mut zone, "S01", "P01", Direction::Out);
    assert_eq!(exit(&zone), ["TEMPORARY_EXIT F01 0 2026-07-01 2026-12-28"]);
    zone.at("2026-08-20T09:00:00").files(Document::Permit(of("2027-03-31", Some(1))));
    assert_eq!(exit(&zone), ["TEMPORARY_EXIT F01 0 2026-07-01 2027-01-27"]);
    // Shorter again, it takes nothing back but what is beyond its last day.
    zone.files(Document::Permit(of("2027-01-10", Some(2))));
    assert_eq!(exit(&zone), ["TEMPORARY_EXIT F01 0 2026-07-01 2027-01-10"]);
    moves(&mut zone, "S02", "P02", Direction::In);
    assert_eq!(exit(&zone), [] as [&str; 0]);
    zone.files(Document::Permit(of("2027-03-31", Some(3))));
    moves(&mut zone, "S03", "P03", Direction::Out);
    assert_eq!(exit(&zone), ["TEMPORARY_EXIT F01 0 2026-08-20 2027-02-16"]);
}

/// Row 7: from the gate of one zone to the gate of the other, counted from the passage that the gate reported.
#[test]
fn goods_between_two_zones_arrive() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let mut other = BookFiling { valid_until: day("2099-12-31"), ..book("A2") };
    other.rows.push(book_row(1, &goods(1), Amount::default()));
    zone.files(Document::Book(other));
    let lines = vec![list_line(1, 1, &goods(1), amount("10", "10", None))];
    let into = List {
        related_book: Some(build::book_no("A1")),
        lines: lines.clone(),
        ..build::declared(list("L01", "A2", Direction::In), "D1")
    };
    let out = List {
        related_book: Some(build::book_no("A2")),
        related_list: Some(build::list_no("L01")),
        lines,
        ..build::declared(list("L02", "A1", Direction::Out), "D2")
    };
    zone.files(filed(into));
    zone.files(filed(out));
    let kinds = [DeadlineKind::Transit, DeadlineKind::ListNotPosted];
    let waits = "LIST_NOT_POSTED L01 0 2026-06-02 2026-06-16";
    assert_eq!(open(&zone, &kinds), ["LIST_NOT_POSTED L02 0 2026-06-02 2026-06-16", waits]);
    zone.at("2026-06-04T09:00:00");
    passes(&mut zone, "P01", build::pass("P01", Direction::Out, &["L02"]), "2026-06-03T22:00:00");
    assert_eq!(zone.list("L02").state, DocumentState::InTransit);
    assert_eq!(open(&zone, &kinds), [waits, "TRANSIT L02 0 2026-06-03 2026-06-17"]);
    passes(&mut zone, "P02", build::pass("P02", Direction::In, &["L01"]), "2026-06-05T09:00:00");
    for declaration in ["D1", "D2"] {
        let at = world::local("2026-06-05T10:00:00");
        zone.files(Document::Notice(build::notice(declaration, "P", at)));
    }
    assert_eq!(zone.list("L02").state, DocumentState::Posted);
    assert_eq!(open(&zone, &kinds), [] as [&str; 0]);
}

#[test]
fn goods_on_a_bill_are_claimed_by_a_list() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let kinds = [DeadlineKind::SuspenseNotDeclared];
    let bill = |number: &str, of: &str| build::bill_pass(number, "A1", "BL1", &[(goods(1), quantity(of))]);
    passes(&mut zone, "P01", bill("P01", "10"), "2026-06-02T09:00:00");
    let open_since = "SUSPENSE_NOT_DECLARED BL1 1 2026-06-02 2026-06-16";
    assert_eq!(open(&zone, &kinds), [open_since]);
    zone.at("2026-06-04T09:00:00");
    passes(&mut zone, "P02", bill("P02", "5"), "2026-06-04T09:00:00");
    let claims = |number: &str, of: &str| {
        let bill_no = Some(build::bill_no("BL1"));
        filed(build::declared(List { kind: "3".into(), bill_no, ..list_of(number, Direction::In, of) }, "D3"))
    };
    zone.files(claims("L01", "10"));
    assert_eq!(open(&zone, &kinds), [open_since]);
    zone.files(claims("L02", "5"));
    assert_eq!(open(&zone, &kinds), [] as [&str; 0]);
    zone.files(build::withdrawal("L01", 1));
    assert_eq!(open(&zone, &kinds), [open_since]);
}

#[test]
fn books_end_and_are_verified_in_cycles() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(common::papers::row(
        zonebook_ledger::direction::Mark::Goods,
        1,
        &goods(1),
        amount("5", "5", None),
    ));
    zone.files(Document::Book(filing));
    let kinds = [DeadlineKind::BookExpiry, DeadlineKind::VerificationCycle];
    let expiry = "BOOK_EXPIRY M1 0 2026-06-02 2026-12-31";
    assert_eq!(open(&zone, &kinds), [expiry, "VERIFICATION_CYCLE M1 0 2026-06-02 2027-06-02"]);
    sets(&mut zone, Parameter::VerificationDays, "2026-06-20", "180");
    zone.at("2026-06-20T09:00:00").files(Document::Verification(verification("M1", 1, &[])));
    assert_eq!(open(&zone, &kinds), ["VERIFICATION_CYCLE M1 0 2026-06-20 2026-12-17", expiry]);
}

#[test]
fn goods_in_storage_are_told_of_until_they_are_gone() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let kinds = [DeadlineKind::StorageLimit, DeadlineKind::DangerousDwell];
    let comes = |zone: &mut Zone, number: &str, pass: &str, of: &str, dangerous: bool| {
        let mut list = list_of(number, Direction::In, of);
        list.lines[0].dangerous = dangerous;
        zone.files(filed(list));
        passes(zone, pass, build::pass(pass, Direction::In, &[number]), "2026-06-02T10:00:00");
    };
    let goes = |zone: &mut Zone, number: &str, pass: &str, of: &str| {
        zone.files(filed(list_of(number, Direction::Out, of)));
        passes(zone, pass, build::pass(pass, Direction::Out, &[number]), "2026-06-02T10:00:00");
    };
    comes(&mut zone, "L01", "P01", "100", true);
    let first = ["DANGEROUS_DWELL L01 0 2026-06-02 2026-06-12", "STORAGE_LIMIT L01 0 2026-06-02 2028-06-01"];
    assert_eq!(open(&zone, &kinds), first);
    zone.at("2026-06-03T09:00:00");
    comes(&mut zone, "L02", "P02", "50", false);
    let second = "STORAGE_LIMIT L02 0 2026-06-03 2028-06-02";
    // First in, first out: 2,000 were there before, 100 came with L01, 50 with L02.
    goes(&mut zone, "L03", "P03", "2099.99999");
    assert_eq!(open(&zone, &kinds), [first[0], first[1], second]);
    goes(&mut zone, "L04", "P04", "0.00001");
    assert_eq!(open(&zone, &kinds), [second]);
    assert_eq!(overdue(&zone, "2028-06-02"), [] as [&str; 0]);
    zone.at("2028-06-03T09:00:00");
    let told = zone.accepts(Command::RecordOverdue).outcome;
    let told: Vec<_> =
        told.changed.iter().map(|changed| (changed.document.as_str(), changed.state)).collect();
    assert_eq!(told, [("L02", DocumentState::Overdue)]);
    assert_eq!(overdue(&zone, "2028-06-03"), ["STORAGE_LIMIT L02"]);
    goes(&mut zone, "L05", "P05", "50");
    assert_eq!(overdue(&zone, "2028-06-03"), [] as [&str; 0]);
}

#[test]
fn a_tick_writes_down_once_what_is_overdue() {
    let mut zone = stocked("2026-06-02T09:00:00");
    zone.files(filed(list_of("L01", Direction::Out, "10")));
    zone.at("2026-06-05T09:00:00").files(filed(list_of("L02", Direction::Out, "10")));
    let tick = |zone: &mut Zone, at: &str| {
        let taken = zone.at(at).takes(Command::RecordOverdue);
        assert_eq!(taken.applied.outcome.verdict, Verdict::Accepted);
        let changed = taken.applied.outcome.changed.iter().map(|changed| changed.document.to_string());
        (taken.applied.revision.0, changed.collect::<Vec<_>>())
    };
    assert_eq!(tick(&mut zone, "2026-06-16T23:59:59").1, [] as [&str; 0]);
    let (revision, found) = tick(&mut zone, "2026-06-17T00:00:00");
    assert_eq!(found, ["L01"]);
    assert_eq!(tick(&mut zone, "2026-06-17T09:00:00").1, [] as [&str; 0]);
    // The next one is overdue and not yet written down; both are listed.
    zone.at("2026-06-20T09:00:00");
    assert_eq!(overdue(&zone, "2026-06-20"), ["LIST_NOT_POSTED L01", "LIST_NOT_POSTED L02"]);
    let page = |after: Option<&_>| {
        let found = due::overdue(&zone.state, &DueFilter::default(), day("2026-06-20"), after, 1).unwrap();
        found.into_iter().next().map(|deadline| deadline.key)
    };
    let first = page(None).unwrap();
    let second = page(Some(&first)).unwrap();
    assert_eq!([first.standing, second.standing], [Standing::Overdue, Standing::Running]);
    assert_eq!(page(Some(&second)), None);
    let records = due::overdue_records(&zone.state, None, 10).unwrap();
    let [(at, record)] = &records[..] else { panic!("one record") };
    assert_eq!(
        (at.0.0, record.kind, record.document.as_str()),
        (revision, DeadlineKind::ListNotPosted, "L01")
    );
    assert_eq!((record.since, record.due), (day("2026-06-02"), day("2026-06-16")));
    // What ends is no longer overdue; that it was stays on record.
    zone.files(build::withdrawal("L01", 1));
    zone.files(build::withdrawal("L02", 1));
    assert_eq!(overdue(&zone, "2026-06-20"), [] as [&str; 0]);
    assert_eq!(due::overdue_records(&zone.state, None, 10).unwrap(), records);
}

#[test]
fn deadlines_of_filings_move_to_the_next_working_day_where_that_is_the_law() {
    let mut zone = stocked("2026-06-02T09:00:00");
    // 2026-06-20 is a Saturday; the Monday after it is a holiday, and the Sunday after that is worked.
    zone.at("2026-06-06T09:00:00").files(filed(list_of("L01", Direction::Out, "10")));
    let found = |zone: &Zone| open(zone, &[DeadlineKind::ListNotPosted]);
    assert_eq!(found(&zone), ["LIST_NOT_POSTED L01 0 2026-06-06 2026-06-20"]);
    sets(&mut zone, Parameter::DeadlinesMove, "2026-06-07", "1");
    let order = CalendarOrder {
        year: 2026,
        holidays: vec![day("2026-06-22")],
        working_days: vec![day("2026-06-28")],
    };
    zone.accepts(Command::SetCalendar(order));
    let due_from = |zone: &Zone, first: &str| {
        let filter = DueFilter { kind: Some(DeadlineKind::ListNotPosted), ..DueFilter::default() };
        let all = due::due(&zone.state, &filter, (day(first), day("2026-12-31")), None, 10).unwrap();
        all.iter().map(|deadline| deadline.falls_on.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(due_from(&zone, "2026-06-07"), ["2026-06-23"]);
    assert_eq!(due_from(&zone, "2026-06-23"), ["2026-06-23"]);
    assert_eq!(due_from(&zone, "2026-06-24"), [] as [&str; 0]);
    assert_eq!(overdue(&zone, "2026-06-23"), [] as [&str; 0]);
    assert_eq!(overdue(&zone, "2026-06-24"), ["LIST_NOT_POSTED L01"]);
    assert_eq!(zone.at("2026-06-23T09:00:00").accepts(Command::RecordOverdue).outcome.changed, []);
    assert_eq!(zone.at("2026-06-24T09:00:00").accepts(Command::RecordOverdue).outcome.changed.len(), 1);
    let record = due::overdue_records(&zone.state, None, 10).unwrap();
    assert_eq!(record[0].1.due, day("2026-06-23"));
}

#[test]
fn what_is_wrong_with_a_calendar_is_said() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    let order = |year, holidays: &[&str], working_days: &[&str]| {
        let days = |texts: &[&str]| texts.iter().map(|text| day(text)).collect();
        Command::SetCalendar(CalendarOrder {
            year,
            holidays: days(holidays),
            working_days: days(working_days),
        })
    };
    for (reason, command) in [
        (Reason::InvalidField, order(0, &[], &[])),
        (Reason::InvalidField, order(2026, &["2027-01-01"], &[])),
        (Reason::InvalidField, order(2026, &[], &["2025-12-28"])),
        (Reason::InvalidField, order(2026, &[], &["2026-06-03"])),
        (Reason::NamedTwice, order(2026, &["2026-10-01", "2026-10-01"], &[])),
        (Reason::NamedTwice, order(2026, &["2026-06-28"], &["2026-06-28"])),
        (Reason::TooLarge, order(2026, &["2026-10-01"; 367], &[])),
    ] {
        assert_eq!(refused(&mut zone, command.clone()), reason, "{command:?}");
    }
    zone.accepts(order(2026, &["2026-10-01"], &[]));
    zone.accepts(order(2026, &["2026-10-02"], &[]));
    let calendar = due::calendar(&zone.state).unwrap();
    assert!(calendar.working_day(day("2026-10-01")) && !calendar.working_day(day("2026-10-02")));
}

/// `design.md` 6: reference data and ticks do not end a migration, and nothing is overdue in one.
#[test]
fn no_tick_in_a_migration() {
    let mut zone = Zone::opened("2026-06-02T09:00:00");
    zone.accepts(Command::SetCalendar(CalendarOrder {
        year: 2026,
        holidays: Vec::new(),
        working_days: Vec::new(),
    }));
    assert_eq!(refused(&mut zone, Command::RecordOverdue), Reason::MigrationUnderWay);
    assert_eq!(refused(&mut zone, Command::RecordOverdue), Reason::MigrationUnderWay);
    zone.files(Document::Book(book("A1")));
    zone.accepts(Command::RecordOverdue);
}

const DECISIONS: [DeadlineKind; 3] =
    [DeadlineKind::DisposalNotDecided, DeadlineKind::DestructionNotDone, DeadlineKind::AdjustmentNotDecided];

/// Rows 23 to 26: customs has 30 days to approve and to decide; what it approved is destroyed while the approval holds.
#[test]
fn disposals_are_decided_on_and_destructions_carried_out_in_time() {
    let mut zone = stocked("2026-06-02T09:00:00");
    let some = |declared| vec![dispose::named(1, Mark::Goods, 1, amount(declared, declared, None))];
    for (number, kind) in [
        ("V1", DisposalKind::Destruction),
        ("V2", DisposalKind::LossOther),
        ("V3", DisposalKind::Abandonment),
    ] {
        zone.accepts(dispose::filed(dispose::disposal(number, kind, "A1", some("10"))));
    }
    let filed = |number: &str| format!("DISPOSAL_NOT_DECIDED {number} 0 2026-06-02 2026-07-02");
    assert_eq!(open(&zone, &DECISIONS), ["V1", "V2", "V3"].map(filed));

    zone.at("2026-06-10T09:00:00");
    zone.accepts(dispose::approve("V1", 1));
    zone.accepts(dispose::approve("V3", 1));
    let approved = [
        filed("V2"),
        "DESTRUCTION_NOT_DONE V1 0 2026-06-10 2026-07-10".into(),
        "DISPOSAL_NOT_DECIDED V3 0 2026-06-10 2026-07-10".into(),
    ];
    assert_eq!(open(&zone, &DECISIONS), approved);

    // What ends it: carried out, decided on in all its parts.
    zone.accepts(dispose::execute("V1", "2026-06-10", Vec::new()));
    let half = dispose::part(1, DecisionOutcome::Returned, ["5", "5", "0", "0"]);
    zone.accepts(dispose::decide("V2", dispose::decision("K1", vec![half])));
    let taken_over = dispose::rest(1, DecisionOutcome::TakenOver);
    zone.accepts(dispose::decide("V3", dispose::decision("K1", vec![taken_over])));
    assert_eq!(open(&zone, &DECISIONS), [filed("V2")]);
    zone.accepts(dispose::decide(
        "V2",
        dispose::decision("K2", vec![dispose::rest(1, DecisionOutcome::Returned)]),
    ));
    assert_eq!(open(&zone, &DECISIONS), [] as [&str; 0]);
}

/// Papers fall due since the second behaviour; what the first one filed does so only with what happens to it later.
#[test]
fn what_was_filed_under_the_first_behaviour_has_no_day_for_its_decision() {
    let mut zone = with_stock(Zone::opened_before_behaviours("2026-06-02T09:00:00"));
    let some = || vec![dispose::named(1, Mark::Goods, 1, amount("10", "10", None))];
    for number in ["V1", "V2"] {
        zone.accepts(dispose::filed(dispose::disposal(number, DisposalKind::Destruction, "A1", some())));
    }
    assert_eq!(open(&zone, &DECISIONS), [] as [&str; 0]);
    zone.accepts(Command::RaiseBehaviour(2));
    zone.accepts(dispose::approve("V1", 1));
    zone.accepts(dispose::filed(dispose::disposal("V3", DisposalKind::LossOther, "A1", some())));
    let found = [
        "DESTRUCTION_NOT_DONE V1 0 2026-06-02 2026-07-02",
        "DISPOSAL_NOT_DECIDED V3 0 2026-06-02 2026-07-02",
    ];
    assert_eq!(open(&zone, &DECISIONS), found);
    zone.accepts(dispose::withdraw("V2"));
    assert_eq!(open(&zone, &DECISIONS), found);
}

/// A later number of days is for later documents; none means no such deadline.
#[test]
fn days_of_a_decision_are_those_of_the_day_of_filing() {
    let mut zone = stocked("2026-06-02T09:00:00");
    sets(&mut zone, Parameter::DisposalDecisionDays, "2026-06-03", "7");
    sets(&mut zone, Parameter::DisposalDecisionDays, "2026-06-05", "0");
    for (number, at) in [("V1", "2026-06-02"), ("V2", "2026-06-04"), ("V3", "2026-06-05")] {
        zone.at(&format!("{at}T09:00:00"));
        let goods = vec![dispose::named(1, Mark::Goods, 1, amount("1", "1", None))];
        zone.accepts(dispose::filed(dispose::disposal(number, DisposalKind::LossOther, "A1", goods)));
    }
    let found = [
        "DISPOSAL_NOT_DECIDED V2 0 2026-06-04 2026-06-11",
        "DISPOSAL_NOT_DECIDED V1 0 2026-06-02 2026-07-02",
    ];
    assert_eq!(open(&zone, &DECISIONS), found);
    zone.at("2026-06-12T09:00:00").accepts(Command::RecordOverdue);
    assert_eq!(
        due::overdue_records(&zone.state, None, 10).unwrap()[0].1.kind,
        DeadlineKind::DisposalNotDecided
    );
}

/// Row 30: an adjustment waits until customs has decided on all of it.
#[test]
fn adjustments_are_decided_on_in_time() {
    let mut zone = kilos_in_stock(&["100", "50"]);
    zone.files(Document::Verification(disposed("M1", 7)));
    let kilos = |line, number| dispose::named(line, Mark::Goods, number, amount("2", "2", None));
    let lines = vec![(Difference::Shortage, kilos(1, 1)), (Difference::Shortage, kilos(2, 2))];
    zone.accepts(dispose::filed_adjustment(dispose::adjustment("J01", "M1", 7, lines)));
    let waits = ["ADJUSTMENT_NOT_DECIDED J01 0 2026-06-02 2026-07-02"];
    assert_eq!(open(&zone, &DECISIONS), waits);
    let gone = |line| vec![dispose::rest(line, DecisionOutcome::WrittenOff)];
    zone.accepts(dispose::decide_adjustment("J01", dispose::decision("K1", gone(1))));
    assert_eq!(open(&zone, &DECISIONS), waits);
    zone.accepts(dispose::decide_adjustment("J01", dispose::decision("K2", gone(2))));
    assert_eq!(open(&zone, &DECISIONS), [] as [&str; 0]);
}

/// Row 27: what a return announces is back within a year after its original was posted, by the days in force when it was
/// announced.
#[test]
fn goods_of_a_return_are_back_in_time() {
    let mut zone = stocked("2026-06-02T09:00:00");
    zone.files(filed(list_of("L01", Direction::Out, "10")));
    passes(&mut zone, "P01", build::pass("P01", Direction::Out, &["L01"]), "2026-06-02T10:00:00");
    sets(&mut zone, Parameter::ReturnDays, "2026-06-20", "30");
    zone.at("2026-06-10T09:00:00");
    let back = |number: &str| List {
        mode: build::mode("4561"),
        related_list: Some(build::list_no("L01")),
        ..list_of(number, Direction::In, "4")
    };
    let returns = [DeadlineKind::ReturnNotBack];
    zone.files(filed(back("L02")));
    assert_eq!(open(&zone, &returns), ["RETURN_NOT_BACK L02 0 2026-06-02 2027-06-02"]);
    zone.at("2026-06-20T09:00:00");
    zone.files(filed(back("L03")));
    // One that names no original has no day from which to count.
    zone.files(filed(List { related_list: None, ..back("L04") }));
    let both = ["RETURN_NOT_BACK L03 0 2026-06-02 2026-07-02", "RETURN_NOT_BACK L02 0 2026-06-02 2027-06-02"];
    assert_eq!(open(&zone, &returns), both);
    passes(&mut zone, "P02", build::pass("P02", Direction::In, &["L02"]), "2026-06-21T10:00:00");
    zone.files(build::withdrawal("L03", 1));
    assert_eq!(open(&zone, &returns), [] as [&str; 0]);
}
