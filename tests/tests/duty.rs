//! Reference data, duty, declarations, buyers and returns by command line, on a node that has taken over the mixed month.

use std::process::Output;
use tempfile::TempDir;
use zonebook_tests::{Node, Office, printed, root, said};

/// A parcel of the month that was delivered in June 2026: two boxes for 178.
const PARCEL: &str = "99312026I000700003";

/// With a key for buyers, under which the month has the same outcomes.
fn open() -> Office {
    let folder = TempDir::new().unwrap();
    let key = folder.path().join("buyers.key");
    std::fs::write(&key, [42; 32]).unwrap();
    Office { node: Node::with_mixed_month(&["--buyer-key", &key.display().to_string()]), folder }
}

fn import(office: &Office, kind: &str, name: &str) -> Output {
    let file = root().join("docs/reference").join(name).display().to_string();
    office.node.run(&["reference", "import", kind, &file])
}

/// The value of a field in JSON, wherever it stands first.
fn field(json: &str, name: &str) -> String {
    let from = json.split_once(&format!("\"{name}\": ")).unwrap_or_else(|| panic!("no {name} in {json}")).1;
    from.split([',', '\n']).next().unwrap_or_default().trim_matches('"').to_owned()
}

#[test]
fn tables_are_imported_and_suspended_duty_rests_on_them() {
    let office = open();
    let nothing = office.node.shown(&["duty", "exposure", "-o", "json", "--on", "2026-06-11"]);
    assert_eq!(field(&nothing, "positions"), field(&nothing, "incomplete"), "{nothing}");
    for (kind, name) in [
        ("unit", "units.csv"),
        ("currency", "currencies.csv"),
        ("country", "countries.csv"),
        ("mode", "modes.csv"),
        ("conversion", "conversions.csv"),
        ("tariff", "tariff-example.csv"),
        ("exchange", "exchange-example.csv"),
    ] {
        let imported = import(&office, kind, name);
        assert!(imported.status.success(), "{name}: {}", said(&imported));
    }
    assert!(office.node.shown(&["reference", "get", "country", "116"]).contains("JPN"));
    let tariff =
        office.node.shown(&["reference", "get", "tariff", "8542319001", "--on", "2026-06-11", "-o", "json"]);
    assert_eq!(
        (field(&tariff, "source").as_str(), field(&tariff, "vat").as_str()),
        ("tariff-example.csv", "13")
    );
    assert_eq!(
        office.node.run(&["reference", "get", "tariff", "8542319001", "--on", "2025-12-31"]).status.code(),
        Some(3)
    );
    assert!(
        office
            .node
            .shown(&["reference", "list", "exchange", "--code", "502", "-o", "csv"])
            .contains("2026-05-01")
    );

    let item = ["--book", "T9931W000001", "--item", "2", "--on", "2026-06-11"];
    let sum = office.node.shown(&[&["duty", "exposure", "-o", "json"], &item[..]].concat());
    // In stock, and shipped on a slip that says no value: that is named, not taken for nothing.
    assert_eq!((field(&sum, "positions").as_str(), field(&sum, "incomplete").as_str()), ("2", "1"), "{sum}");
    let each = office.node.shown(&[&["duty", "list", "-o", "csv"], &item[..]].concat());
    assert!(each.contains("tariff-example.csv"), "{each}");

    let wrong = office.written("wrong.csv", "currency,month,cny,usd\n502,2026-06,7.2,1\n502,2026-7,x,1\n");
    let refused = office.node.run(&["reference", "import", "exchange", &wrong]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("line 3: column cny: `x`"), "{}", said(&refused));
    let zero = office.written("zero.csv", "currency,month,cny,usd\n502,2026-06,0,1\n");
    let refused = office.node.run(&["reference", "import", "exchange", &zero, "--dry-run"]);
    assert_eq!(refused.status.code(), Some(4));
    assert!(said(&refused).contains("INVALID_FIELD") && said(&refused).contains("cny"), "{}", said(&refused));
}

#[test]
fn figures_of_the_worked_examples_come_out() {
    let office = open();
    let interest = office.node.shown(&["duty", "interest", "100000", "--days", "123", "-o", "json"]);
    assert_eq!(field(&interest, "interest"), "119.58");
    let equipment = office.node.shown(&["duty", "equipment", "1200000", "--months", "22", "-o", "json"]);
    assert_eq!(
        (field(&equipment, "dutiable_value").as_str(), field(&equipment, "custody_months").as_str()),
        ("760000", "60")
    );
    let added = [
        "duty",
        "added-value",
        "5000",
        "--charge",
        "2400",
        "--charge",
        "484.62",
        "--rate",
        "13",
        "-o",
        "json",
    ];
    let added = office.node.shown(&added);
    assert_eq!((field(&added, "added").as_str(), field(&added, "duty").as_str()), ("2884.62", "375"));
    let book = office.node.shown(&["duty", "interest", "100", "--book", "H99312600005", "-o", "json"]);
    assert_eq!(field(&book, "began_with"), "LAST_VERIFICATION");
    let neither = office.node.run(&["duty", "interest", "100"]);
    assert_eq!(neither.status.code(), Some(2), "{}", said(&neither));
}

#[test]
fn a_list_shows_its_declaration_lines() {
    let office = open();
    let lines = office.node.shown(&["movement", "declaration", "QD993126E000041024", "-o", "json"]);
    assert!(lines.contains("\"part_no\"") && lines.contains("\"parts\""), "{lines}");
    let table = office.node.shown(&["movement", "declaration", "QD993126E000041024"]);
    assert!(table.contains("declaration_line"), "{table}");
    assert_eq!(office.node.run(&["movement", "declaration", "NONE"]).status.code(), Some(3));
}

#[test]
fn buyers_are_hashes_and_late_returns_give_nothing_back() {
    let office = open();
    let parcel = office.node.shown(&["parcel", "get", PARCEL, "-o", "json"]);
    let buyer = field(&parcel, "buyer");
    assert_eq!(buyer.len(), 64, "{parcel}");
    assert!(!parcel.contains("000000190001010000"), "{parcel}");
    let spent = |year: &str| {
        field(&office.node.shown(&["parcel", "buyer", &buyer, "--year", year, "-o", "json"]), "spent")
    };
    // All parcels of the month that were accepted and not cancelled.
    assert_eq!(spent("2026"), "4414.16");

    let line = field(&parcel, "line");
    let back = format!(
        r#"{{ "return_no": "V1", "parcel_no": "{PARCEL}", "applied_on": "2026-06-11", "arrived_on": "2026-08-01",
        "lines": [{{ "line": {line}, "quantity_declared": "1", "quantity_statutory1": "0.384" }}] }}"#
    );
    let file = office.written("return.json", &back);
    assert!(office.node.shown(&["parcel", "return", &file, "--dry-run"]).contains("POSTED"));
    assert_eq!(office.node.run(&["parcel", "get-return", "V1"]).status.code(), Some(3));
    assert!(office.node.shown(&["parcel", "return", &file]).contains("POSTED"));
    let found = office.node.shown(&["parcel", "get-return", "V1", "-o", "json"]);
    assert_eq!((field(&found, "in_time").as_str(), field(&found, "restored").as_str()), ("false", "0"));
    assert_eq!(spent("2026"), "4414.16");
    let more = back.replace("V1", "V2").replace("\"1\"", "\"2\"").replace("0.384", "0.768");
    let refused = office.node.run(&["parcel", "return", &office.written("more.json", &more)]);
    assert_eq!(refused.status.code(), Some(4));
    assert!(said(&refused).contains("RETURN_EXCEEDS_OUT"), "{}", said(&refused));
    let tax = office.node.run(&["duty", "parcel", PARCEL]);
    assert!(tax.status.success() && printed(&tax).contains("TARIFF"), "{}", said(&tax));
}
