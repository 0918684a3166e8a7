//! Work orders, research by project and goods by status by call: filed as JSON, refused with their reasons, read back.

use zonebook_tests::{Office, printed, said};

fn accepted(office: &Office, arguments: &[&str], text: &str, state: &str) {
    zonebook_tests::accepted(&office.file(arguments, text), state);
}

fn refused(office: &Office, arguments: &[&str], text: &str, reason: &str) {
    zonebook_tests::refused(&office.file(arguments, text), reason);
}

fn book(number: &str, rest: &str) -> String {
    format!(
        r#"{{ "book_no": "{number}", "office": "9931", "owner": "99316B6090", "valid_until": "2099-12-31",
        "declared_at": "2026-07-01 08:00:00", {rest} }}"#
    )
}

const CLOTH: &str = r#""part_no": "CLOTH", "tariff_code": "5407610000", "name": "cloth",
    "units": { "declared": "035", "statutory1": "035" }"#;
const SHIRT: &str = r#""part_no": "SHIRT", "tariff_code": "6205200000", "name": "shirt",
    "units": { "declared": "007", "statutory1": "035" }"#;

#[test]
fn a_work_order_is_opened_reported_and_closed() {
    let office = Office::open();
    let rows = format!(
        r#""kind": "EMS", "usage": "PROCESSING", "regime": "WORK_ORDER", "rows": [
        {{ "number": 1, {CLOTH}, "opening": {{ "declared": "100" }} }}, {{ "number": 1, "mark": "E", {SHIRT} }} ],
        "bom": [{{ "product": 1, "version": "V1", "material": 1, "net": "0.679", "tangible_loss": "3",
        "bonded_share": "100", "unit_consumption": "0.7" }}]"#
    );
    accepted(&office, &["book", "file"], &book("H99312600098", &rows), "FILED");
    let order = r#"{ "order_no": "WO1", "book_no": "H99312600098", "owner": "99316B6090",
        "declared_at": "2026-07-01 08:00:00",
        "products": [{ "number": 1, "quantity_declared": "100", "bom_version": "V1" }] }"#;
    accepted(&office, &["work-order", "open"], order, "OPEN");
    let event = |number: u64, what: &str| {
        format!(r#"{{ "event_no": {number}, "reported_at": "2026-07-01 09:00:00", {what} }}"#)
    };
    let goods =
        |quantity: &str| format!(r#"{{ "number": 1, "quantities": {{ "declared": "{quantity}" }} }}"#);
    let report = &["work-order", "report", "WO1"];
    let issue = |quantity: &str| event(1, &format!(r#""issue": {{ "goods": [{}] }}"#, goods(quantity)));
    refused(&office, report, &issue("100.5"), "SHORT_STOCK");
    accepted(&office, report, &issue("80"), "OPEN");
    let output = |quantity: &str| {
        let made =
            r#""products": [{ "number": 1, "quantities": { "declared": "100", "statutory1": "25" } }]"#;
        event(2, &format!(r#""output": {{ "used": [{{ "goods": {} }}], {made} }}"#, goods(quantity)))
    };
    refused(&office, report, &output("81"), "WORK_ORDER_EXCEEDED");
    accepted(&office, report, &output("72"), "OPEN");
    let close = |number: &str| {
        office.node.run(&["work-order", "close", "WO1", "--event-no", number, "--at", "2026-07-01T18:00:00"])
    };
    let early = close("3");
    assert_eq!(early.status.code(), Some(4), "{}", said(&early));
    assert!(said(&early).contains("WORK_ORDER_OPEN_STOCK") && said(&early).contains('8'), "{}", said(&early));
    let back = event(3, &format!(r#""return": {{ "goods": [{}] }}"#, goods("8")));
    accepted(&office, report, &back, "OPEN");
    let done = close("4");
    assert!(done.status.success() && printed(&done).contains("CLOSED"), "{}", said(&done));
    let compared = office.node.shown(&["work-order", "compare", "--order", "WO1", "-o", "csv"]);
    assert!(compared.contains("1,V1,100,I,1,72,0.72,70,0.7,2"), "{compared}");
    assert!(office.node.shown(&["work-order", "get", "WO1"]).contains("CLOSED"));
    assert!(office.node.shown(&["work-order", "list", "H99312600098"]).contains("WO1"));
    assert!(office.node.shown(&["work-order", "events", "WO1", "-o", "json"]).contains("\"output\""));
}

#[test]
fn research_is_reported_by_project() {
    let office = Office::open();
    let rows = format!(
        r#""kind": "EMS", "usage": "RND", "rows": [{{ "number": 1, {CLOTH}, "opening": {{ "declared": "100" }} }}]"#
    );
    accepted(&office, &["book", "file"], &book("H99312600097", &rows), "FILED");
    let slip = |research: &str| {
        format!(
            r#"{{ "consumption_no": "CR1", "book_no": "H99312600097", "owner": "99316B6090",
            "declared_at": "2026-07-01 08:00:00", "materials": [{{ "number": 1, "quantity_declared": "12.5" }}]
            {research} }}"#
        )
    };
    refused(&office, &["consumption", "file"], &slip(""), "PROJECT_MISSING");
    let project = r#", "research": { "project": "LIDAR", "evidence": "sha256:9f86d081" }"#;
    accepted(&office, &["consumption", "file"], &slip(project), "POSTED");
    let report = office.node.shown(&["research", "report", "H99312600097", "-o", "csv"]);
    assert!(report.contains("LIDAR,I,1,12.5,1"), "{report}");
    let none = ["research", "report", "H99312600097", "--until", "2026-06-01T00:00:00", "-o", "csv"];
    assert!(!office.node.shown(&none).contains("LIDAR"));
    assert!(office.node.shown(&["research", "list", "H99312600097", "--project", "LIDAR"]).contains("CR1"));
}

#[test]
fn goods_that_are_not_bonded_are_registered_and_become_bonded() {
    let office = Office::open();
    let rows = |usage: &str| {
        format!(
            r#""kind": "BWS", "zone_kind": "Z", "booking_mode": "1", "usage": "{usage}",
            "rows": [{{ "number": 1, {CLOTH} }}]"#
        )
    };
    accepted(&office, &["book", "file"], &book("B9931W000098", &rows("NON_BONDED")), "FILED");
    accepted(&office, &["book", "file"], &book("T9931W000098", &rows("STORE")), "FILED");
    let line = |quantity: &str| {
        format!(
            r#"{{ "line": 1, "number": 1, {CLOTH}, "quantity_declared": "{quantity}",
            "quantity_statutory1": "{quantity}" }}"#
        )
    };
    let registration = |book_no: &str| {
        format!(
            r#"{{ "registration_no": "G1", "book_no": "{book_no}", "owner": "99316B6090", "pass_type": "5",
            "direction": "I", "vehicle_no": "X1", "passed_at": "2026-07-01 08:00:00", "lines": [{}] }}"#,
            line("40")
        )
    };
    refused(&office, &["registration", "file"], &registration("T9931W000098"), "BONDED_BOOK");
    accepted(&office, &["registration", "file"], &registration("B9931W000098"), "POSTED");
    assert!(office.node.shown(&["registration", "get", "G1"]).contains("B9931W000098"));
    let change = format!(
        r#"{{ "status_change_no": "S1", "from_book": "B9931W000098", "to_book": "T9931W000098",
        "owner": "99316B6090", "declared_at": "2026-07-01 08:00:00", "declaration_no": "D98",
        "lines": [{{ "goods": {}, "to_number": 1 }}] }}"#,
        line("25")
    );
    refused(&office, &["status-change", "file"], &change, "DECLARATION_NOT_RELEASED");
    let released = office.node.run(&["movement", "release", "D98", "--at", "2026-07-01T09:00:00"]);
    assert!(released.status.success(), "{}", said(&released));
    accepted(&office, &["status-change", "file"], &change, "POSTED");
    let bonded =
        office.node.shown(&["balance", "list", "--book", "T9931W000098", "--place", "ZONE", "-o", "csv"]);
    assert!(bonded.contains("25"), "{bonded}");
    assert!(office.node.shown(&["status-change", "list"]).contains("D98"));
}

/// Customs challenges a version: nothing new is made by it until another one takes its place.
#[test]
fn a_challenged_version_makes_nothing_new() {
    let office = Office::open();
    let line = |version: &str, net: &str| {
        format!(
            r#"{{ "product": 1, "version": "{version}", "material": 1, "net": "{net}", "bonded_share": "100",
            "unit_consumption": "{net}" }}"#
        )
    };
    let rows = format!(
        r#""kind": "EMS", "usage": "PROCESSING", "rows": [
        {{ "number": 1, {CLOTH}, "opening": {{ "declared": "100" }} }}, {{ "number": 1, "mark": "E", {SHIRT} }} ],
        "bom": [{}, {}]"#,
        line("V1", "0.7"),
        line("V2", "0.6")
    );
    accepted(&office, &["book", "file"], &book("H99312600096", &rows), "FILED");
    let out = |number: &str, version: &str| {
        format!(
            r#"{{ "list_no": "{number}", "book_no": "H99312600096", "owner": "99316B6090",
            "declared_at": "2026-07-01 08:00:00", "direction": "E", "mark": "E", "kind": "0", "mode": "5015",
            "transport": "2", "lines": [{{ "line": 1, "number": 1, {SHIRT}, "bom_version": "{version}",
            "gross_weight": "3", "net_weight": "2", "quantity_declared": "10", "quantity_statutory1": "2" }}] }}"#
        )
    };
    let submit = &["movement", "submit"];
    accepted(&office, submit, &out("QDBOM1", "V1"), "PRE_POSTED");
    let version = |verb: &str, more: &[&str]| {
        let of = ["book", verb, "H99312600096", "1", "V1", "--reason", "loss above the trade's"];
        office.node.run(&[&of[..], more].concat())
    };
    zonebook_tests::accepted(&version("bom-challenge", &["--notice", "N7"]), "ACCEPTED");
    refused(&office, submit, &out("QDBOM2", "V1"), "BOM_CHALLENGED");
    let said_why = said(&office.file(submit, &out("QDBOM2", "V1")));
    assert!(said_why.contains("N7") && said_why.contains("loss above the trade's"), "{said_why}");
    let open = ["book", "bom-challenges", "H99312600096", "--open", "-o", "csv"];
    assert!(office.node.shown(&open).contains("1,V1,N7"));

    let settled = ["--notice", "N7", "--minutes", "M7", "--replaced-by", "V2"];
    zonebook_tests::refused(
        &version("bom-settle", &[&settled[..5], &["V9"]].concat()),
        "BOM_VERSION_UNKNOWN",
    );
    zonebook_tests::accepted(&version("bom-settle", &settled), "ACCEPTED");
    refused(&office, submit, &out("QDBOM2", "V1"), "BOM_REPLACED");
    accepted(&office, submit, &out("QDBOM2", "V2"), "PRE_POSTED");
    assert!(!office.node.shown(&open).contains("N7"));
    let all = office.node.shown(&["book", "bom-challenges", "H99312600096", "-o", "csv"]);
    assert!(all.contains("REPLACED,V2,M7"), "{all}");
    let versions = office.node.shown(&["book", "bom-versions", "H99312600096", "-o", "csv"]);
    assert!(versions.contains("1,V1,,,REPLACED,N7,V2"), "{versions}");

    let until =
        ["book", "bom-validity", "H99312600096", "1", "V2", "--reason", "season", "--until", "2026-06-30"];
    zonebook_tests::accepted(&office.node.run(&until), "ACCEPTED");
    refused(&office, submit, &out("QDBOM3", "V2"), "BOM_NOT_IN_VALIDITY");
    // What was accepted by the version before goes on.
    let passed = office.node.run(&["movement", "withdraw", "QDBOM1", "--change-no", "1"]);
    assert!(passed.status.success(), "{}", said(&passed));
}

#[test]
fn products_made_outside_do_not_come_back_where_customs_approves() {
    let office = Office::open();
    let rows = format!(
        r#""kind": "EMS", "usage": "PROCESSING", "rows": [
        {{ "number": 1, {CLOTH}, "opening": {{ "declared": "100" }} }}, {{ "number": 1, "mark": "E", {SHIRT} }} ]"#
    );
    accepted(&office, &["book", "file"], &book("H99312600097", &rows), "FILED");
    let permit = r#"{ "permit_no": "D1", "office": "9931", "kind": "B", "book_no": "H99312600097",
        "owner": "99316B6090", "valid_until": "2099-12-31", "declared_at": "2026-07-01 08:00:00",
        "lines": [{ "line": 1, "mark": "I", "number": 1, "unit": "035", "quantity_declared": "100" },
                  { "line": 2, "mark": "E", "number": 1, "unit": "007", "quantity_declared": "200" }],
        "bom": [{ "product_line": 2, "material_line": 1, "net": "0.5", "loss": "0" }] }"#;
    accepted(&office, &["permit", "file"], permit, "OPEN");
    let approve = |number: &str, line: &str| {
        let what = ["permit", "approve-exit", number, "--permit", "D1", "--valid-until", "2099-12-31"];
        office.node.run(&[&what[..], &["--line", line, "--reason", "exported from there"]].concat())
    };
    let wrong = approve("X1", "2:1");
    assert!(said(&wrong).contains("LINE:ITEM:QUANTITY"), "{}", said(&wrong));
    zonebook_tests::refused(&approve("X1", "1:1:60"), "ITEM_NOT_FILED");
    zonebook_tests::accepted(&approve("X1", "2:1:60"), "ACCEPTED");
    zonebook_tests::taken(&approve("D1", "2:1:60"));
    let list = |quantity: &str| {
        format!(
            r#"{{ "list_no": "QDEXIT1", "book_no": "H99312600097", "owner": "99316B6090", "permit_no": "X1",
            "declared_at": "2026-07-01 08:00:00", "direction": "E", "mark": "E", "kind": "0", "mode": "5034",
            "transport": "2", "lines": [{{ "line": 1, "number": 1, {SHIRT}, "gross_weight": "3",
            "net_weight": "2", "quantity_declared": "{quantity}", "quantity_statutory1": "15" }}] }}"#
        )
    };
    refused(&office, &["movement", "submit"], &list("61"), "FORM_QUOTA_EXCEEDED");
    refused(&office, &["movement", "submit"], &list("60"), "FORM_STOCK_EXCEEDED");
    let shown = office.node.shown(&["permit", "get-exit", "X1", "-o", "json"]);
    assert!(shown.contains("\"left\": \"60\""), "{shown}");
    assert!(office.node.shown(&["permit", "list-exits", "-o", "csv"]).contains("X1,D1,2099-12-31"));
    let revoke = ["permit", "revoke-exit", "X1", "--reason", "sold elsewhere"];
    zonebook_tests::accepted(&office.node.run(&revoke), "ACCEPTED");
    refused(&office, &["movement", "submit"], &list("60"), "FORM_CLOSED");
}
