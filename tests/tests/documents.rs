//! Every document of the trade by call: filed as JSON, refused with its reason, read back as it stands.

use zonebook_tests::{Office, accepted, printed, refused, said, taken};

#[test]
fn documents_of_the_mixed_month_are_found() {
    let office = Office::open();
    assert!(office.node.shown(&["permit", "list"]).contains("D99312606040000201"));
    assert!(office.node.shown(&["permit", "get", "D99312606040000201"]).contains("1480"));
    assert!(office.node.shown(&["slip", "get", "X9931E260605000031"]).contains("CONSOLIDATED"));
    assert!(office.node.shown(&["parcel", "get", "99312026I000700001"]).contains("DELIVERED"));
    assert!(office.node.shown(&["consumption", "get", "C99312600000000503"]).contains("H99312600007"));
    assert!(office.node.shown(&["verification", "list", "H99312600005"]).contains("QD993126E000041025"));
    assert!(office.node.shown(&["book", "bom", "H99312600005"]).contains("unit_consumption"));
    let product = office.node.shown(&["movement", "get", "QD993126E000041025", "-o", "json"]);
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
    refused(&office.file(&["parcel", "file"], &parcel("P1", "5000.01")), "PARCEL_LIMIT_EXCEEDED");
    let set = office.node.run(&["parameter", "set", "PARCEL_VALUE_MAX", "6000", "--from", "2026-01-01"]);
    assert!(set.status.success(), "{}", said(&set));
    assert!(
        office.node.shown(&["parameter", "list", "-o", "csv"]).contains("PARCEL_VALUE_MAX,2026-01-01,6000")
    );
    accepted(&office.file(&["parcel", "file"], &parcel("P1", "5000.01")), "RESERVED");
    assert!(office.node.shown(&["parcel", "get", "P1"]).contains("RESERVED"));
    accepted(&office.node.run(&["parcel", "cancel", "P1"]), "CANCELLED");
    let again = office.node.run(&["parcel", "cancel", "P1", "-o", "json"]);
    assert!(printed(&again).contains("\"repeated_request\": true"), "{}", printed(&again));
    accepted(&office.file(&["parcel", "file"], &parcel("P2", "10")), "RESERVED");
    refused(&office.node.run(&["parcel", "cancel", "P2", "P1"]), "PARCEL_NOT_OPEN");
}

#[test]
fn what_three_parties_say_of_a_sale_is_checked_against_its_parcel() {
    let office = Office::open();
    let order = r#""platform": "99316A3156", "order_no": "ORDI000700001", "currency": "142""#;
    let said_of_it = format!(
        r#"{{ "statements": [
            {{ "order": {{ {order}, "goods_value": "603.12", "paid": "603.12" }} }},
            {{ "payment": {{ {order}, "provider": "PAY", "transaction_no": "T1", "amount": "600" }} }},
            {{ "waybill": {{ "carrier": "99319B9843", "waybill_no": "88000700001", "currency": "142" }} }} ] }}"#
    );
    accepted(&office.file(&["sale", "file"], &said_of_it), "FILED");
    taken(&office.file(&["sale", "file"], &said_of_it));
    let parcel = office.node.shown(&["parcel", "get", "99312026I000700001", "-o", "json"]);
    assert!(parcel.contains("ORDI000700001") && parcel.contains("88000700001"), "{parcel}");
    for sale in [["order", "99316A3156", "ORDI000700001"], ["waybill", "99319B9843", "88000700001"]] {
        let shown = office.node.shown(&["sale", sale[0], sale[1], sale[2], "-o", "json"]);
        assert!(shown.contains("99312026I000700001"), "{shown}");
    }
    let check = ["check", "--only", "SALES", "--grace-days", "10000", "-o", "csv"];
    let broken = office.node.run(&check);
    assert_eq!(broken.status.code(), Some(7), "{}", said(&broken));
    let breaks = printed(&broken);
    assert!(breaks.lines().count() == 2 && breaks.contains("amount paid,603.12,600"), "{breaks}");
    let changed = said_of_it.replace(r#""amount": "600""#, r#""amount": "603.12""#);
    let changed = changed.replacen('{', r#"{ "action": "CHANGE","#, 1);
    accepted(&office.file(&["sale", "file"], &changed), "FILED");
    assert!(office.node.run(&check).status.success());
    assert_eq!(office.node.run(&["sale", "order", "99316A3156", "NONE"]).status.code(), Some(3));
}

#[test]
fn a_permit_limits_its_slips() {
    let office = Office::open();
    let permit = r#"{ "permit_no": "D1", "office": "9931", "kind": "A", "book_no": "T9931W000001", "owner": "99316B4910",
        "valid_until": "2099-12-31", "declared_at": "2026-07-01 08:00:00",
        "lines": [{ "line": 1, "mark": "I", "number": 2, "unit": "007", "quantity_declared": "100" }] }"#;
    accepted(&office.file(&["permit", "file"], permit), "OPEN");
    let slip = |number: &str, quantity: &str| {
        format!(
            r#"{{ "slip_no": "{number}", "permit_no": "D1", "direction": "E", "declared_at": "2026-07-01 08:00:00",
            "lines": [{{ "line": 1, "permit_line": 1, "number": 2, "part_no": "MCU-0417", "tariff_code": "8542319001",
            "units": {{ "declared": "007", "statutory1": "007", "statutory2": "054" }},
            "quantity_declared": "{quantity}", "quantity_statutory1": "{quantity}",
            "quantity_statutory2": "0.0{quantity}" }}] }}"#
        )
    };
    accepted(&office.file(&["slip", "file"], &slip("X1", "60")), "APPROVED");
    refused(&office.file(&["slip", "file"], &slip("X2", "41")), "FORM_QUOTA_EXCEEDED");
    let order = |kind: &str, number: &str, order: &str| {
        office.node.run(&["hold", "order", kind, number, order, "--reason", "seal is broken"])
    };
    accepted(&order("permit", "D1", "HOLD"), "OPEN");
    let held = office.file(&["slip", "file"], &slip("X2", "40"));
    refused(&held, "DOCUMENT_HELD");
    assert!(said(&held).contains("seal is broken"), "{}", said(&held));
    assert!(
        office.node.shown(&["hold", "list", "--open", "-o", "csv"]).contains("PERMIT,D1,OPEN,seal is broken")
    );
    let due = office.node.shown(&["due", "--days", "36500", "--kind", "PERMIT_EXPIRY", "-o", "csv"]);
    assert!(due.contains(",D1,") && due.contains("seal is broken"), "{due}");
    accepted(&order("permit", "D1", "FREE"), "OPEN");
    refused(&order("permit", "D1", "FREE"), "ORDER_NOT_APPLICABLE");
    assert!(office.node.shown(&["hold", "get", "permit", "D1"]).contains("FREE"));
    accepted(&office.file(&["slip", "file"], &slip("X2", "40")), "APPROVED");
    assert!(office.node.shown(&["slip", "get", "X2"]).contains("BATCH_OUT"));
    let wrong = office.file(&["slip", "file"], &slip("X3", "1").replace("\"E\"", "\"A\""));
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    assert!(said(&wrong).contains("slip.direction"), "{}", said(&wrong));
}

#[test]
fn a_permit_draws_on_a_guarantee_until_it_is_closed() {
    let office = Office::open();
    let permit = |number: &str, amount: &str| {
        format!(
            r#"{{ "permit_no": "{number}", "office": "9931", "kind": "C", "book_no": "T9931W000001",
            "owner": "99316B4910", "valid_until": "2099-12-31", "declared_at": "2026-07-01 08:00:00",
            "guarantee_no": "BZ1", "guarantee_amount": "{amount}",
            "lines": [{{ "line": 1, "mark": "I", "number": 2, "unit": "007", "quantity_declared": "100" }}] }}"#
        )
    };
    let missing = office.file(&["permit", "file"], &permit("D1", "60"));
    assert_eq!(missing.status.code(), Some(4), "{}", said(&missing));
    let open = ["guarantee", "open", "BZ1", "--party", "99316B4910", "--office", "9931", "--amount", "100"];
    let rest = ["--valid-until", "2099-12-31", "--cause", "letter 17"];
    let opened = office.node.run(&[open.as_slice(), rest.as_slice()].concat());
    assert!(opened.status.success(), "{}", said(&opened));
    accepted(&office.file(&["permit", "file"], &permit("D1", "60")), "OPEN");
    refused(&office.file(&["permit", "file"], &permit("D2", "40.00001")), "GUARANTEE_EXCEEDED");
    assert!(office.node.shown(&["permit", "get", "D1", "-o", "json"]).contains("\"drawn\": \"60\""));
    accepted(&office.node.run(&["permit", "close", "D1", "--change-no", "1"]), "CLOSED");
    let journal = office.node.shown(&["guarantee", "journal", "BZ1", "-o", "csv"]);
    assert!(journal.contains("DRAW,D1,60,100,40") && journal.contains("RESTORE,D1,60,40,100"), "{journal}");
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
    refused(&office.file(&["consumption", "file"], &slip("C1", "99999999")), "SHORT_STOCK");
    accepted(&office.file(&["consumption", "file"], &slip("C1", "10")), "POSTED");
    let scrap =
        office.node.shown(&["balance", "list", "--book", "H99312600005", "--place", "SCRAP", "-o", "csv"]);
    assert!(scrap.contains("0.5"), "{scrap}");
    let change = |count: &str, quantity: &str| {
        office.file(&["consumption", "change", "--change-no", count], &slip("C1", quantity))
    };
    refused(&change("2", "4"), "CHANGE_COUNT_MISMATCH");
    accepted(&change("1", "4"), "POSTED");
    let shown = office.node.shown(&["consumption", "get", "C1", "-o", "json"]);
    assert!(shown.contains(r#""change_no": "1""#) || shown.contains(r#""change_no": 1"#), "{shown}");
    accepted(&office.node.run(&["consumption", "void", "C1", "--change-no", "2"]), "CANCELLED");
    refused(&office.node.run(&["consumption", "void", "C1", "--change-no", "3"]), "ALREADY_WITHDRAWN");
    let verification = r#"{ "book_no": "H99312600005", "sequence": 2, "lists": ["QD993126E000041025"] }"#;
    refused(&office.file(&["verification", "file"], verification), "LIST_NOT_POSTED");
    let nothing = r#"{ "book_no": "H99312600005", "sequence": 2, "kind": "3" }"#;
    accepted(&office.file(&["verification", "file"], nothing), "SETTLED");
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
    refused(&office.node.run(&register), "SERIAL_NOT_IN_PLACE");
    std::fs::write(&path, lease).unwrap();
    accepted(&office.node.run(&register), "OPEN");
    assert!(office.node.shown(&["lease", "get", "K1"]).contains("2026-07-16"));
    let overdue = ["overdue", "list", "--kind", "LEASE_RENT", "--book", "T9931W000004", "-o", "csv"];
    assert!(office.node.shown(&overdue).contains("2026-07-16,LEASE_RENT,K1"));
    accepted(&office.node.run(&["overdue", "record"]), "ACCEPTED");
    assert!(office.node.shown(&["overdue", "history", "-o", "csv"]).contains("2026-07-16,LEASE_RENT,K1"));
    let rent =
        ["lease", "rent", "K1", "1", "--declaration", "D9800", "--on", "2026-07-20", "--change-no", "1"];
    accepted(&office.node.run(&rent), "OPEN");
    assert!(!office.node.shown(&overdue).contains("K1"));
    assert!(office.node.shown(&["due", "--from", "2031-07-01", "--days", "60"]).contains("LEASE_END"));

    let set = ["calendar", "set", "2030", "--holiday", "2030-10-01", "--working-day", "2030-09-29"];
    accepted(&office.node.run(&set), "ACCEPTED");
    assert!(office.node.shown(&["calendar", "get", "2030"]).contains("2030-10-01"));
    assert!(office.node.shown(&["parcel", "returnable", "99312026I000700001"]).contains("2026-0"));
    let days = ["parameter", "set", "LEASE_RENT_DAYS", "20", "--from", "2026-07-01"];
    refused(&office.node.run(&days), "INVALID_FIELD");
}

/// The asset is out at the end of the month: it binds its duty as soon as there is a lease that says how much.
#[test]
fn an_asset_on_lease_draws_on_a_guarantee() {
    let office = Office::open();
    let lease = |amount: &str| {
        format!(
            r#"{{ "lease_no": "K1", "book_no": "T9931W000004", "owner": "99316F4002", "guarantee_no": "BZ2",
            "declared_at": "2026-07-01 08:00:00", "lessee": "Airline", "start": "2026-07-01", "end": "2031-06-30",
            "units": [{{ "number": 1, "serial": "CF34-169997", "guarantee_amount": "{amount}" }}] }}"#
        )
    };
    refused(&office.file(&["lease", "register"], &lease("60")), "GUARANTEE_UNKNOWN");
    let open = ["guarantee", "open", "BZ2", "--party", "99316F4002", "--office", "9931", "--amount", "100"];
    let rest = ["--valid-until", "2099-12-31", "--cause", "letter 18"];
    let opened = office.node.run(&[open.as_slice(), rest.as_slice()].concat());
    assert!(opened.status.success(), "{}", said(&opened));
    refused(&office.file(&["lease", "register"], &lease("100.00001")), "GUARANTEE_EXCEEDED");
    accepted(&office.file(&["lease", "register"], &lease("60")), "OPEN");
    assert!(office.node.shown(&["lease", "get", "K1", "-o", "json"]).contains("\"drawn\": \"60\""));
    let journal = office.node.shown(&["guarantee", "journal", "BZ2", "-o", "csv"]);
    assert!(journal.contains("DRAW,K1,60,100,40"), "{journal}");
}

/// Today on the ledger's clock: decisions and destructions are of the day on which they are recorded.
fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = zonebook_ledger::time::Instant(i64::try_from(since.as_millis()).unwrap());
    zonebook_ledger::time::UtcOffset::CHINA.local(now).date().to_string()
}

fn disposal(number: &str, kind: &str, quantity: &str) -> String {
    let sha256 = "0f".repeat(32);
    format!(
        r#"{{ "disposal_no": "{number}", "kind": "{kind}", "book_no": "T9931W000001", "owner": "99316B4910",
        "declared_at": "2026-07-01 08:00:00", "event_on": "2026-06-30", "cause": "water in the store",
        "evidence": [{{ "kind": "OFFICIAL_PROOF", "name": "weather.pdf", "sha256": "{sha256}" }}],
        "lines": [{{ "goods": {{ "line": 1, "mark": "I", "number": 2, "quantity_declared": "{quantity}",
        "quantity_statutory1": "{quantity}", "quantity_statutory2": "0.0{quantity}", "value_usd": "12" }} }}] }}"#
    )
}

#[test]
fn goods_are_destroyed_and_lost() {
    let office = Office::open();
    let day = today();
    accepted(&office.file(&["disposal", "file"], &disposal("Q1", "DESTRUCTION", "40")), "FILED");
    let early = office.node.shown(&["disposal", "get", "Q1"]);
    assert!(early.contains("DESTRUCTION") && early.contains("40"), "{early}");
    let path = office.folder.path().join("done.json");
    let bare = format!(r#"{{ "executed_on": "{day}" }}"#);
    std::fs::write(&path, &bare).unwrap();
    let path = path.display().to_string();
    refused(&office.node.run(&["disposal", "execute", "Q1", &path]), "DISPOSAL_STATE");
    accepted(&office.node.run(&["disposal", "approve", "Q1", "--level", "1"]), "APPROVED");
    let execute = || office.node.run(&["disposal", "execute", "Q1", &path]);
    assert!(said(&execute()).contains("EVIDENCE_MISSING"));
    let sha256 = "a0".repeat(32);
    let done = format!(
        r#"{{ "executed_on": "{day}", "evidence": [{{ "kind": "VIDEO", "name": "fire.mp4", "sha256": "{sha256}" }}],
        "residues": [{{ "line": 1, "from_line": 1, "number": 2, "tariff_code": "7404000090", "name": "copper",
        "unit": "035", "quantity_declared": "0.5", "value_usd": "3" }}] }}"#
    );
    std::fs::write(office.folder.path().join("done.json"), done).unwrap();
    accepted(&execute(), "EXECUTED");
    let destroyed = office.node.shown(&[
        "balance",
        "list",
        "--book",
        "T9931W000001",
        "--place",
        "DESTROYED",
        "-o",
        "csv",
    ]);
    assert!(destroyed.contains("40"), "{destroyed}");
    assert!(office.node.shown(&["disposal", "get", "Q1", "-o", "json"]).contains(&sha256));

    accepted(&office.file(&["disposal", "file"], &disposal("Q2", "LOSS_OTHER", "20")), "FILED");
    let decision = office.folder.path().join("decision.json");
    let decide = |text: String| {
        std::fs::write(&decision, text).unwrap();
        office.node.run(&["disposal", "decide", "Q2", &decision.display().to_string()])
    };
    let decided = |outcome: &str| {
        let lines = format!(r#"[{{ "line": 1, "outcome": "{outcome}" }}]"#);
        format!(r#"{{ "decision_no": "K1", "decided_on": "{day}", "lines": {lines} }}"#)
    };
    refused(&decide(decided("WRITTEN_OFF")), "DECISION_NOT_ALLOWED");
    accepted(&decide(decided("TAXED")), "DECIDED");
    let shown = office.node.shown(&["disposal", "get", "Q2", "-o", "json"]);
    assert!(shown.contains("\"rates_on\": \"2026-06-30\""), "{shown}");
    accepted(&office.file(&["disposal", "file"], &disposal("Q3", "ABANDONMENT", "10")), "FILED");
    accepted(&office.node.run(&["disposal", "reject", "Q3", "--reason", "may be sold"]), "REJECTED");
    let all = office.node.shown(&["disposal", "list", "--book", "T9931W000001", "-o", "csv"]);
    assert!(["Q1", "Q2", "Q3"].iter().all(|number| all.contains(number)), "{all}");
    assert!(!office.node.shown(&["disposal", "list", "--book", "T9931W000003"]).contains("Q1"));
}

#[test]
fn a_count_is_adjusted() {
    let office = Office::open();
    let day = today();
    let adjustment = |verification: u64| {
        format!(
            r#"{{ "adjustment_no": "J1", "book_no": "H99312600005", "owner": "99316B6090",
            "verification": {verification}, "declared_at": "2026-07-01 08:00:00", "lines": [{{ "difference": "SHORTAGE",
            "cause": "issued twice", "goods": {{ "line": 1, "mark": "I", "number": 1, "quantity_declared": "4",
            "quantity_statutory1": "4", "value_usd": "2" }} }}] }}"#
        )
    };
    let refused = office.file(&["adjustment", "file"], &adjustment(77));
    assert!(said(&refused).contains("DOCUMENT_UNKNOWN"), "{}", said(&refused));
    let settled = |kind: &str| format!(r#"{{ "book_no": "H99312600005", "sequence": 2, "kind": "{kind}" }}"#);
    accepted(&office.file(&["verification", "file"], &settled("1")), "SETTLED");
    let undecided = office.file(&["adjustment", "file"], &adjustment(2));
    assert!(said(&undecided).contains("ADJUSTMENT_UNDECIDED"), "{}", said(&undecided));
    accepted(&office.file(&["verification", "file"], &settled("3")), "SETTLED");
    accepted(&office.file(&["adjustment", "file"], &adjustment(2)), "FILED");
    let missing = office.node.shown(&[
        "balance",
        "list",
        "--book",
        "H99312600005",
        "--place",
        "DIFFERENCE",
        "-o",
        "csv",
    ]);
    assert!(missing.contains("DIFFERENCE"), "{missing}");
    let decision = office.folder.path().join("decision.json");
    let text = format!(
        r#"{{ "decision_no": "K1", "decided_on": "{day}", "lines": [{{ "line": 1, "outcome": "WRITTEN_OFF" }}] }}"#
    );
    std::fs::write(&decision, text).unwrap();
    accepted(&office.node.run(&["adjustment", "decide", "J1", &decision.display().to_string()]), "DECIDED");
    assert!(office.node.shown(&["adjustment", "get", "J1"]).contains("WRITTEN_OFF"));
    assert!(office.node.shown(&["adjustment", "list", "--book", "H99312600005"]).contains("J1"));
}

/// A period from its figures to its closing: what the ledger computes is declared, confirmed and closed, and the lists
/// that were posted in it are verified though none was named.
#[test]
fn a_period_is_computed_declared_and_closed() {
    let office = Office::open();
    let count = zonebook_tests::root().join("tests/samples/month-a/count.csv");
    let count = count.to_str().unwrap();
    let book = "H99312600005";
    let computed = ["verification", "compute", book, "--begin", "2026-06-01", "--end", "2026-06-30"];
    let figures = office.node.shown(&[&computed[..], &["--counted", count, "-o", "csv"]].concat());
    let first = figures.lines().find(|line| line.starts_with("I,1,")).unwrap();
    assert!(first.contains("4819.59669,4785.49795,-34.09874,-0.7075"), "{figures}");

    let state = |list: &str| office.node.shown(&["movement", "get", list, "-o", "json"]);
    let list = "QD993126E000041027";
    assert!(state(list).contains("\"POSTED\""), "{}", state(list));
    let declaration = format!(
        r#"{{ "book_no": "{book}", "sequence": 2, "end": "2026-06-30", "items": [{{ "mark": "I", "number": 1,
        "figures": {{ "actlRemainQty": "4785.49795", "csmTotalQty": "3350" }} }}] }}"#
    );
    accepted(&office.file(&["verification", "file"], &declaration), "SETTLED");
    let beside = office.node.shown(&["verification", "compute", book, "--sequence", "2", "-o", "json"]);
    assert!(beside.contains("\"differing\": [\n      \"csmTotalQty\""), "{beside}");
    let items = office.node.shown(&["verification", "list", book, "--items", "-o", "json"]);
    assert!(items.contains("\"csmTotalQty\": \"3350\""), "{items}");

    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().to_str().unwrap();
    let sent = ["--sent-at", "2026-07-02 09:00:00", "--folder", outbox];
    let message = office.node.run(&[&["verification", "message", book, "2"], &sent[..]].concat());
    assert!(message.status.success(), "{}", said(&message));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    refused(&office.node.run(&["verification", "close", book, "2"]), "VERIFICATION_STATE");
    accepted(
        &office.node.run(&["verification", "supplement", book, "2", "--reason", "scrap"]),
        "SUPPLEMENT_ASKED",
    );
    let more =
        declaration.replace("\"end\": \"2026-06-30\"", "\"kind\": \"2\"").replace("3350", "3350.40331");
    accepted(&office.file(&["verification", "file"], &more), "SETTLED");
    accepted(&office.node.run(&["verification", "confirm", book, "2"]), "CONFIRMED");
    accepted(&office.node.run(&["verification", "close", book, "2"]), "CLOSED");
    assert!(office.node.shown(&["verification", "show", book, "2"]).contains("CLOSED"));
    assert!(state(list).contains("VERIFIED"), "{}", state(list));
    let again = office.file(&["verification", "file"], &declaration.replace("3350", "3351"));
    refused(&again, "PERIOD_VERIFIED");
}

#[test]
fn zones_and_enterprises_are_put_in_place_and_deliveries_asked_for() {
    let office = Office::open();
    let zone = ["zone", "define", "9977", "M", "--name-zh", "物流园区", "--name-en", "Park"];
    accepted(&office.node.run(&zone), "ACCEPTED");
    let found = office.node.shown(&["zone", "get", "9977", "-o", "csv"]);
    assert!(found.contains("9977,M,0,物流园区,Park"), "{found}");
    refused(&office.node.run(&["zone", "define", "9931", "M", "--name-zh", "园区"]), "ZONE_CONVERSION");

    let define = |name: &str| {
        let numbers = ["party", "define", "9977960001", "--credit-code", "91310000000000001X"];
        let rest = ["--office", "9977", "--role", "storage", "--name-zh", name];
        office.node.run(&[&numbers[..], &rest[..]].concat())
    };
    accepted(&define("仓储"), "ACCEPTED");
    accepted(&define("新仓储"), "ACCEPTED");
    let found = office.node.shown(&["party", "get", "9977960001", "-o", "csv"]);
    assert!(found.contains("9977960001,91310000000000001X,9977,storage,新仓储,"), "{found}");
    let all = office.node.shown(&["party", "list", "-o", "csv"]);
    assert!(all.lines().any(|line| line.starts_with("99316B2711,")), "{all}");
    assert_eq!(office.node.run(&["party", "get", "9977960009"]).status.code(), Some(3));

    let outcomes = office.node.shown(&["export", "outcomes"]);
    let source = office.node.shown(&["message", "outcome", "month-a", "12", "-o", "csv"]);
    assert!(source.starts_with("source,sequence,file,"), "{source}");
    let file = source.lines().nth(1).unwrap().split(',').nth(2).unwrap().to_owned();
    assert!(outcomes.contains(&file), "{file}");
    assert_eq!(office.node.run(&["message", "outcome", "month-a", "99999"]).status.code(), Some(3));
}
