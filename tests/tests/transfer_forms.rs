//! A transfer between two zones under a transfer form, by command line.

use zonebook_tests::{Office, accepted, refused};

/// 40 bearings from a book of zone 9931 to one of zone 9932 that opens a row for each receipt.
const FORM: &str = r#"{ "form_no": "E993126000001",
    "sender": { "book_no": "T9931W000001", "owner": "99316B4910", "office": "9931" },
    "receiver": { "book_no": "T9932W000002", "owner": "99326D0688", "office": "9932" },
    "declared_at": "2026-07-01 08:00:00", "valid_until": "2099-12-31",
    "lines": [{ "line": 1, "sender_mark": "I", "sender_number": 5, "receiver_mark": "I",
        "tariff_code": "8482102000", "unit": "006", "quantity_declared": "40" }] }"#;

/// A list of so many bearings at one end.
fn list(head: &str, quantity: &str) -> String {
    format!(
        r#"{{ {head}, "declared_at": "2026-07-01 09:00:00", "mark": "I", "kind": "0", "mode": "1200", "transport": "9",
        "lines": [{{ "line": 1, "number": 5, "part_no": "BRG-6204", "tariff_code": "8482102000",
            "units": {{ "declared": "006", "statutory1": "006", "statutory2": "035" }}, "gross_weight": "3",
            "net_weight": "2", "quantity_declared": "{quantity}", "quantity_statutory1": "{quantity}",
            "quantity_statutory2": "0.{quantity}" }}] }}"#
    )
}

fn into(number: &str, form: &str, quantity: &str) -> String {
    list(
        &format!(
            r#""list_no": "{number}", "book_no": "T9932W000002", "owner": "99326D0688", "direction": "I",
            "related_book": "T9931W000001", "permit_no": "{form}""#
        ),
        quantity,
    )
}

fn out(number: &str, partner: &str, form: &str, quantity: &str) -> String {
    list(
        &format!(
            r#""list_no": "{number}", "book_no": "T9931W000001", "owner": "99316B4910", "direction": "E",
            "related_book": "T9932W000002", "related_list": "{partner}", "permit_no": "{form}""#
        ),
        quantity,
    )
}

#[test]
fn both_ends_keep_to_the_form_that_they_name() {
    let office = Office::open();
    let submitted = |list: String| office.file(&["movement", "submit"], &list);
    let shown = || office.node.shown(&["transfer-form", "get", "E993126000001", "-o", "csv"]);
    accepted(&office.file(&["transfer-form", "file"], FORM), "OPEN");
    accepted(&submitted(into("QDTF0", "E0", "1")), "PRE_POSTED");
    accepted(&office.node.run(&["movement", "withdraw", "QDTF0", "--change-no", "1"]), "WITHDRAWN");
    accepted(&submitted(into("QDTF1", "E993126000001", "25")), "PRE_POSTED");
    refused(&submitted(into("QDTF2", "E993126000001", "16")), "TRANSFER_FORM_EXCEEDED");
    refused(&submitted(out("QDTF3", "QDTF1", "", "25")), "TRANSFER_MISMATCH");
    accepted(&submitted(out("QDTF3", "QDTF1", "E993126000001", "25")), "PRE_POSTED");
    assert!(shown().contains("1,25,0,25,0,15,15"), "{}", shown());
    refused(
        &office.node.run(&["transfer-form", "close", "E993126000001", "--change-no", "1"]),
        "TRANSFER_FORM_IN_USE",
    );

    let more = FORM.replace(r#""quantity_declared": "40""#, r#""quantity_declared": "60""#);
    accepted(&office.file(&["transfer-form", "change", "--change-no", "1"], &more), "OPEN");
    assert!(shown().contains("1,25,0,25,0,35,35"), "{}", shown());
    accepted(&office.node.run(&["movement", "withdraw", "QDTF3", "--change-no", "1"]), "WITHDRAWN");
    assert!(shown().contains("1,0,0,25,0,60,35"), "{}", shown());
    accepted(&office.node.run(&["movement", "withdraw", "QDTF1", "--change-no", "1"]), "WITHDRAWN");

    let due = office.node.shown(&["due", "--days", "36500", "--kind", "TRANSFER_FORM_EXPIRY", "-o", "csv"]);
    assert_eq!(due.matches("E993126000001").count(), 2, "{due}");
    accepted(&office.node.run(&["transfer-form", "close", "E993126000001", "--change-no", "2"]), "CLOSED");
    let listed = office.node.shown(&["transfer-form", "list", "--book", "T9932W000002", "-o", "csv"]);
    assert!(listed.contains("E993126000001,T9931W000001,T9932W000002,2099-12-31,CLOSED,2,"), "{listed}");

    let asked = ["parameter", "set", "TRANSFER_FORM_REQUIRED", "1", "--from", "2026-01-01"];
    assert!(office.node.run(&asked).status.success());
    refused(&submitted(into("QDTF4", "", "1")), "TRANSFER_FORM_MISSING");
    refused(&submitted(into("QDTF4", "E0", "1")), "DOCUMENT_UNKNOWN");
}
