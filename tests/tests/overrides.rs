//! Customs lets a list take what is not there, and it shows; what differs between two sides of a transfer.

use zonebook_tests::{Office, accepted, refused};

/// More of item 2 than any month brought.
const LIST: &str = r#"{ "list_no": "QDOVER1", "book_no": "T9931W000001", "owner": "99316B4910",
    "declared_at": "2026-07-01 08:00:00", "direction": "E", "mark": "I", "kind": "0", "mode": "5034", "transport": "2",
    "lines": [{ "line": 1, "number": 2, "part_no": "MCU-0417", "tariff_code": "8542319001",
        "units": { "declared": "007", "statutory1": "007", "statutory2": "054" }, "gross_weight": "3", "net_weight": "2",
        "quantity_declared": "10000000", "quantity_statutory1": "10000000", "quantity_statutory2": "10000" }] }"#;

#[test]
fn a_list_is_let_take_what_is_not_there_and_it_shows() {
    let office = Office::open();
    refused(&office.file(&["movement", "submit"], LIST), "SHORT_STOCK");
    let overdraw = |reason: &str| {
        let order = ["movement", "overdraw", "QDOVER1", "--book", "T9931W000001", "--goods", "I:2=10000000"];
        office.node.run(&[&order[..], &["--until", "2099-12-31", "--reason", reason]].concat())
    };
    refused(&overdraw(" "), "INVALID_FIELD");
    accepted(&overdraw("receipt is on the quay"), "ACCEPTED");
    assert!(office.node.shown(&["movement", "overdraft", "QDOVER1"]).contains("receipt is on the quay"));
    accepted(&office.file(&["movement", "submit"], LIST), "PRE_POSTED");
    let shown = office.node.shown(&["movement", "get", "QDOVER1"]);
    assert!(shown.contains("receipt is on the quay") && shown.contains("overdrawn"), "{shown}");
    let json = office.node.shown(&["movement", "get", "QDOVER1", "-o", "json"]);
    assert!(json.contains("\"in_force\": true"), "{json}");
    let goods = office.node.run(&["movement", "overdraw", "QDOVER1", "--goods", "2", "--book", "T1"]);
    assert_eq!(goods.status.code(), Some(2));

    let differences = office.node.shown(&["movement", "differences", "-o", "csv"]);
    assert!(differences.starts_with("list_in,list_out,difference,line"), "{differences}");
    let decision = r#"{ "decision_no": "K1", "decided_on": "2026-07-02", "lines": [{ "line": 1, "outcome": "TAXED" }] }"#;
    refused(&office.file(&["tally", "decide", "LH1"], decision), "DOCUMENT_UNKNOWN");
    let nothing = r#"{ "tally_no": "LH1", "list_no": "QDOVER1", "counted_at": "2026-07-01 08:00:00",
        "lines": [{ "line": 1 }] }"#;
    accepted(&office.file(&["tally", "file"], nothing), "FILED");
    assert!(office.node.shown(&["tally", "list", "--undecided", "-o", "csv"]).contains("LH1,QDOVER1"));
    refused(&office.file(&["tally", "decide", "LH1"], decision), "DISPOSAL_STATE");
}
