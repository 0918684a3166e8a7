//! The node that leads has written down by itself what has become overdue.

use std::time::{Duration, Instant};
use zonebook_tests::{Node, Office, accepted};

/// Its last day was over when it was registered: a rent of 2026, declared never.
const LEASE: &str = r#"{ "lease_no": "K1", "book_no": "T9931W000004", "owner": "99316F4002",
    "declared_at": "2026-07-01 08:00:00", "units": [{ "number": 1, "serial": "CF34-169997" }],
    "lessee": "Airline", "start": "2026-07-01", "end": "2031-06-30",
    "rents": [{ "number": 1, "paid_on": "2026-07-01", "amount": "125000", "currency": "502" }] }"#;

fn history(node: &Node) -> String {
    node.shown(&["overdue", "history", "-o", "csv"])
}

#[test]
fn what_has_become_overdue_is_written_down_without_being_asked() {
    let office = Office::open_with(&["--tick-seconds", "1"]);
    std::thread::sleep(Duration::from_secs(3));
    assert!(!history(&office.node).contains("LEASE_RENT"), "nothing is proposed in a migration");
    accepted(&office.file(&["lease", "register"], LEASE), "OPEN");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !history(&office.node).contains("2026-07-16,LEASE_RENT,K1") {
        assert!(Instant::now() < deadline, "{}", history(&office.node));
        std::thread::sleep(Duration::from_millis(200));
    }
    // Nothing is left, so nothing more is proposed: the ledger stands still.
    let revision = || office.node.shown(&["cluster", "status", "-o", "json"]);
    let revision_of = |status: String| {
        let at = status.find("\"revision\"").expect("a status says its revision");
        status[at..]
            .split(|sign: char| !sign.is_ascii_digit())
            .find(|part| !part.is_empty())
            .map(str::to_owned)
    };
    std::thread::sleep(Duration::from_secs(3));
    let before = revision_of(revision());
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(revision_of(revision()), before);
}
