//! Every document of the trade by call: filed as JSON, refused with its reason, read back as it stands.

use std::path::PathBuf;
use tempfile::TempDir;
use zonebook_tests::{Node, mixed_month, printed, said};

/// A node that has taken over the mixed month, and a folder for files.
struct Office {
    node: Node,
    folder: TempDir,
}

impl Office {
    fn open() -> Self {
        let office = Self { node: Node::start(), folder: TempDir::new().unwrap() };
        let month = mixed_month().display().to_string();
        let imported = office.node.run(&["import", &month, "--clock", "manifest"]);
        assert!(imported.status.success(), "{}", said(&imported));
        office
    }

    fn file(&self, noun: &str, text: &str) -> std::process::Output {
        let path: PathBuf = self.folder.path().join("document.json");
        std::fs::write(&path, text).unwrap();
        self.node.run(&[noun, "file", &path.display().to_string()])
    }

    fn shown(&self, arguments: &[&str]) -> String {
        let output = self.node.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        printed(&output)
    }

    fn refused(output: &std::process::Output, reason: &str) {
        assert_eq!(output.status.code(), Some(4), "{}", said(output));
        assert!(said(output).contains(reason), "{}", said(output));
    }
}

fn accepted(output: &std::process::Output, state: &str) {
    assert!(output.status.success(), "{}", said(output));
    assert!(printed(output).contains(state), "{}", printed(output));
}

#[test]
fn documents_of_the_mixed_month_are_found() {
    let office = Office::open();
    assert!(office.shown(&["permit", "list"]).contains("D99312606040000201"));
    assert!(office.shown(&["permit", "get", "D99312606040000201"]).contains("1480"));
    assert!(office.shown(&["slip", "get", "X9931E260605000031"]).contains("CONSOLIDATED"));
    assert!(office.shown(&["parcel", "get", "99312026I000700001"]).contains("DELIVERED"));
    assert!(office.shown(&["consumption", "get", "C99312600000000503"]).contains("H99312600007"));
    assert!(office.shown(&["verification", "list", "H99312600005"]).contains("QD993126E000041025"));
    assert!(office.shown(&["book", "bom", "H99312600005"]).contains("unit_consumption"));
    let product = office.shown(&["movement", "get", "QD993126E000041025", "-o", "json"]);
    assert!(product.contains("\"uses\"") && product.contains("\"material\""), "{product}");
    let missing = office.node.run(&["slip", "get", "NONE"]);
    assert_eq!(missing.status.code(), Some(3), "{}", said(&missing));
}

#[test]
fn a_parcel_is_reserved_cancelled_and_limited() {
    let office = Office::open();
    let parcel = |number: &str, price: &str| {
        format!(
            r#"{{ "parcels": [{{ "parcel_no": "{number}", "book_no": "T9931W000003", "lines": [{{ "line": 1,
            "number": 1, "tariff_code": "1901101000", "units": {{ "declared": "122", "statutory1": "035" }},
            "quantity_declared": "2", "quantity_statutory1": "1.8", "price": "{price}" }}] }}] }}"#
        )
    };
    Office::refused(&office.file("parcel", &parcel("P1", "5000.01")), "PARCEL_LIMIT_EXCEEDED");
    let set = office.node.run(&["parameter", "set", "PARCEL_VALUE_MAX", "6000", "--from", "2026-01-01"]);
    assert!(set.status.success(), "{}", said(&set));
    assert!(office.shown(&["parameter", "list", "-o", "csv"]).contains("PARCEL_VALUE_MAX,2026-01-01,6000"));
    accepted(&office.file("parcel", &parcel("P1", "5000.01")), "RESERVED");
    assert!(office.shown(&["parcel", "get", "P1"]).contains("RESERVED"));
    accepted(&office.node.run(&["parcel", "cancel", "P1"]), "CANCELLED");
    let again = office.node.run(&["parcel", "cancel", "P1", "-o", "json"]);
    assert!(printed(&again).contains("\"repeated_request\": true"), "{}", printed(&again));
    accepted(&office.file("parcel", &parcel("P2", "10")), "RESERVED");
    Office::refused(&office.node.run(&["parcel", "cancel", "P2", "P1"]), "PARCEL_NOT_OPEN");
}

#[test]
fn a_permit_limits_its_slips() {
    let office = Office::open();
    let permit = r#"{ "permit_no": "D1", "office": "9931", "kind": "A", "book_no": "T9931W000001", "owner": "99316B4910",
        "valid_until": "2099-12-31", "declared_at": "2026-07-01 08:00:00",
        "lines": [{ "line": 1, "mark": "I", "number": 2, "unit": "007", "quantity_declared": "100" }] }"#;
    accepted(&office.file("permit", permit), "OPEN");
    let slip = |number: &str, quantity: &str| {
        format!(
            r#"{{ "slip_no": "{number}", "permit_no": "D1", "direction": "E", "declared_at": "2026-07-01 08:00:00",
            "lines": [{{ "line": 1, "permit_line": 1, "number": 2, "part_no": "MCU-0417", "tariff_code": "8542319001",
            "units": {{ "declared": "007", "statutory1": "007", "statutory2": "054" }},
            "quantity_declared": "{quantity}", "quantity_statutory1": "{quantity}",
            "quantity_statutory2": "0.0{quantity}" }}] }}"#
        )
    };
    accepted(&office.file("slip", &slip("X1", "60")), "APPROVED");
    Office::refused(&office.file("slip", &slip("X2", "41")), "FORM_QUOTA_EXCEEDED");
    accepted(&office.file("slip", &slip("X2", "40")), "APPROVED");
    assert!(office.shown(&["slip", "get", "X2"]).contains("BATCH_OUT"));
    let wrong = office.file("slip", &slip("X3", "1").replace("\"E\"", "\"A\""));
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    assert!(said(&wrong).contains("slip.direction"), "{}", said(&wrong));
}

#[test]
fn materials_are_used_and_a_period_is_settled() {
    let office = Office::open();
    let slip = |number: &str, quantity: &str| {
        format!(
            r#"{{ "consumption_no": "{number}", "book_no": "H99312600005", "owner": "99316B6090",
            "declared_at": "2026-07-01 08:00:00", "materials": [{{ "number": 1, "quantity_declared": "{quantity}" }}],
            "residues": [{{ "number": 1, "tariff_code": "8534009000", "name": "scrap", "unit": "035",
            "quantity_declared": "0.5" }}] }}"#
        )
    };
    Office::refused(&office.file("consumption", &slip("C1", "99999999")), "SHORT_STOCK");
    accepted(&office.file("consumption", &slip("C1", "10")), "POSTED");
    let scrap = office.shown(&["balance", "list", "--book", "H99312600005", "--place", "SCRAP", "-o", "csv"]);
    assert!(scrap.contains("0.5"), "{scrap}");
    let verification = r#"{ "book_no": "H99312600005", "sequence": 2, "lists": ["QD993126E000041025"] }"#;
    Office::refused(&office.file("verification", verification), "LIST_NOT_POSTED");
    let nothing = r#"{ "book_no": "H99312600005", "sequence": 2 }"#;
    accepted(&office.file("verification", nothing), "SETTLED");
}

#[test]
fn rent_that_is_not_declared_is_overdue_and_written_down_once() {
    let office = Office::open();
    let path = office.folder.path().join("lease.json");
    let lease = r#"{ "lease_no": "K1", "book_no": "T9931W000004", "owner": "99316F4002",
        "declared_at": "2026-07-01 08:00:00", "units": [{ "number": 1, "serial": "CF34-169997" }],
        "lessee": "Airline", "start": "2026-07-01", "end": "2031-06-30",
        "rents": [{ "number": 1, "paid_on": "2026-07-01", "amount": "125000", "currency": "502" }] }"#;
    std::fs::write(&path, lease.replace("CF34-169997", "NONE")).unwrap();
    let file = path.display().to_string();
    let register = ["lease", "register", &file];
    Office::refused(&office.node.run(&register), "SERIAL_NOT_IN_PLACE");
    std::fs::write(&path, lease).unwrap();
    accepted(&office.node.run(&register), "OPEN");
    assert!(office.shown(&["lease", "get", "K1"]).contains("2026-07-16"));
    let overdue = ["overdue", "list", "--kind", "LEASE_RENT", "--book", "T9931W000004", "-o", "csv"];
    assert!(office.shown(&overdue).contains("2026-07-16,LEASE_RENT,K1"));
    accepted(&office.node.run(&["overdue", "record"]), "ACCEPTED");
    assert!(office.shown(&["overdue", "history", "-o", "csv"]).contains("2026-07-16,LEASE_RENT,K1"));
    let rent =
        ["lease", "rent", "K1", "1", "--declaration", "D9800", "--on", "2026-07-20", "--change-no", "1"];
    accepted(&office.node.run(&rent), "OPEN");
    assert!(!office.shown(&overdue).contains("K1"));
    assert!(office.shown(&["due", "--from", "2031-07-01", "--days", "60"]).contains("LEASE_END"));

    let set = ["calendar", "set", "2030", "--holiday", "2030-10-01", "--working-day", "2030-09-29"];
    accepted(&office.node.run(&set), "ACCEPTED");
    assert!(office.shown(&["calendar", "get", "2030"]).contains("2030-10-01"));
    assert!(office.shown(&["parcel", "returnable", "99312026I000700001"]).contains("2026-0"));
    let days = ["parameter", "set", "LEASE_RENT_DAYS", "20", "--from", "2026-07-01"];
    Office::refused(&office.node.run(&days), "INVALID_FIELD");
}
