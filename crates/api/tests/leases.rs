//! Leases, deadlines and the calendar: what callers send becomes what the ledger takes, and what is wrong is named.

use zonebook_api::{deadline, lease, v1};
use zonebook_ledger::code::{BookNo, DocumentNo, LeaseNo, OfficeCode};
use zonebook_ledger::deadline::{DeadlineKey, DeadlineKind, DeadlineRow, Standing};
use zonebook_ledger::document::LeaseAction;
use zonebook_ledger::due::Deadline;
use zonebook_ledger::lease::{Lease, LeaseRent};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::{Date, Instant};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn sent() -> v1::Lease {
    v1::Lease {
        lease_no: "K1".into(),
        book_no: "T9931W000009".into(),
        owner: "99316B4910".into(),
        declared_at: "2026-06-02 09:00:00".into(),
        units: vec![v1::RentedUnit { number: 1, serial: "MSN1".into(), guarantee_amount: "800000".into() }],
        lessee: "Airline".into(),
        start: "2026-06-01".into(),
        end: "2030-12-31".into(),
        rents: vec![v1::Rent {
            number: 1,
            paid_on: "2026-06-30".into(),
            amount: "125000.5".into(),
            currency: "502".into(),
        }],
        guarantee_no: "GU1".into(),
        delegated_office: "0217".into(),
        never_enters: true,
        location: "Hangar 3".into(),
    }
}

#[test]
fn a_lease_reads_and_comes_back() {
    let filing = lease::registration(Some(&sent())).unwrap();
    assert_eq!((filing.lease_no.as_str(), filing.change_no), ("K1", 0));
    let LeaseAction::Register(contract) = filing.action else { panic!("a registration") };
    let rents = contract.rents.into_iter().map(|filed| LeaseRent {
        filed,
        declare_by: Some(day("2026-07-15")),
        declared: None,
    });
    let kept = Lease {
        state: DocumentState::Open,
        change_no: 0,
        book_no: contract.book_no,
        owner: contract.owner,
        units: contract.units,
        lessee: contract.lessee,
        start: contract.start,
        end: contract.end,
        rents: rents.collect(),
        guarantee_no: contract.guarantee_no,
        secured: [(1, Quantity::whole(800_000))].into(),
        delegated_office: contract.delegated_office,
        never_enters: contract.never_enters,
        location: contract.location,
        observations: Vec::new(),
        close_by: None,
        filed_time: Instant(0),
        closed: None,
    };
    let status = lease::status(&LeaseNo::new("K1").unwrap(), &kept);
    assert_eq!(status.lease, Some(v1::Lease { declared_at: String::new(), ..sent() }));
    let secured = v1::SecuredUnit { number: 1, drawn: "800000".into() };
    assert_eq!(status.secured, [secured]);
    assert_eq!((status.rents[0].declare_by.as_str(), status.close_by.as_str()), ("2026-07-15", ""));
}

#[test]
fn what_is_wrong_with_a_lease_is_named() {
    type Change = fn(&mut v1::Lease);
    let wrong: &[(&str, Change)] = &[
        ("lease.lease_no", |lease| lease.lease_no.clear()),
        ("lease.book_no", |lease| lease.book_no.clear()),
        ("lease.declared_at", |lease| lease.declared_at = "2026-06-31".into()),
        ("lease.units[0].guarantee_amount", |lease| lease.units[0].guarantee_amount = "much".into()),
        ("lease.units[0].serial", |lease| lease.units[0].serial.clear()),
        ("lease.start", |lease| lease.start.clear()),
        ("lease.rents[0].amount", |lease| lease.rents[0].amount = "much".into()),
        ("lease.rents[0].paid_on", |lease| lease.rents[0].paid_on = "soon".into()),
        ("lease.delegated_office", |lease| lease.delegated_office = "02170".into()),
    ];
    for (field, change) in wrong {
        let mut lease = sent();
        change(&mut lease);
        assert_eq!(lease::registration(Some(&lease)).unwrap_err().field, *field);
    }
    assert_eq!(lease::registration(None).unwrap_err().field, "lease");
    let observed = v1::ObserveLeaseRequest { lease_no: "K1".into(), ..Default::default() };
    assert_eq!(lease::observed(&observed).unwrap_err().field, "observation");
    let rent = v1::DeclareRentRequest { lease_no: "K1".into(), ..Default::default() };
    assert_eq!(lease::rent_declared(&rent).unwrap_err().field, "declaration_no");
}

#[test]
fn a_filter_restricts_by_what_it_names() {
    assert_eq!(deadline::filter(None).unwrap(), Default::default());
    let wire = v1::DeadlineFilter { kind: "LEASE_RENT".into(), office: "9931".into(), ..Default::default() };
    let filter = deadline::filter(Some(&wire)).unwrap();
    assert_eq!(filter.kind, Some(DeadlineKind::LeaseRent));
    assert_eq!((filter.office, filter.party), (OfficeCode::new("9931").ok(), None));
    let wire = v1::DeadlineFilter { kind: "RENT".into(), ..Default::default() };
    assert_eq!(deadline::filter(Some(&wire)).unwrap_err().field, "filter.kind");
    assert_eq!(deadline::day("as_of", "").unwrap(), None);
    assert_eq!(deadline::day("as_of", "yesterday").unwrap_err().field, "as_of");
    let order = v1::SetCalendarRequest {
        year: 2026,
        holidays: vec!["2026-10-01".into(), "2026-13-01".into()],
        ..Default::default()
    };
    assert_eq!(deadline::calendar_order(&order).unwrap_err().field, "holidays[1].day");
}

#[test]
fn a_deadline_shows_where_it_comes_from_and_who_has_to_act() {
    let key = DeadlineKey {
        standing: Standing::Overdue,
        due: day("2026-06-20"),
        kind: DeadlineKind::Transit,
        book_no: BookNo::new("T1").unwrap(),
        document: DocumentNo::new("QD1").unwrap(),
        part: 0,
    };
    let shown = deadline::deadline(&Deadline {
        key,
        row: DeadlineRow { since: day("2026-06-06"), recorded_at: Some(Revision(7)) },
        falls_on: day("2026-06-22"),
        office: OfficeCode::new("9931").unwrap(),
        party: zonebook_ledger::code::CustomsNo::new("99316B4910").unwrap(),
        held: Some("seal is broken".into()),
    });
    assert_eq!(shown.held_reason, "seal is broken");
    assert_eq!(
        (shown.kind.as_str(), shown.document.as_str(), shown.duty.as_str()),
        ("TRANSIT", "QD1", "GATE")
    );
    assert_eq!(
        (shown.since.as_str(), shown.due.as_str(), shown.recorded_revision),
        ("2026-06-06", "2026-06-22", 7)
    );
}
