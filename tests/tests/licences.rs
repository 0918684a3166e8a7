//! Goods that need an import licence, sold at home, by command line.

use zonebook_tests::{Office, accepted, refused, said, taken};

/// A sale of item 2 to the rest of the country.
fn sale(number: &str, quantity: &str) -> String {
    format!(
        r#"{{ "list_no": "{number}", "book_no": "T9931W000001", "owner": "99316B4910",
        "declared_at": "2026-07-01 08:00:00", "direction": "E", "mark": "I", "kind": "0", "mode": "5034",
        "transport": "9", "lines": [{{ "line": 1, "number": 2, "part_no": "MCU-0417", "tariff_code": "8542319001",
            "units": {{ "declared": "007", "statutory1": "007", "statutory2": "054" }}, "gross_weight": "3",
            "net_weight": "2", "quantity_declared": "{quantity}", "quantity_statutory1": "{quantity}",
            "quantity_statutory2": "0.0{quantity}" }}] }}"#
    )
}

#[test]
fn a_sale_draws_on_a_licence_that_covers_it() {
    let office = Office::open();
    let submitted =
        |number: &str, quantity: &str| office.file(&["movement", "submit"], &sale(number, quantity));
    accepted(&submitted("QDLIC0", "10"), "PRE_POSTED");

    let table = office.folder.path().join("tariff.csv");
    let columns = "code,from,duty,by_origin,vat,consumption,unit1,unit2,dangerous,licence";
    std::fs::write(&table, format!("{columns}\n8542319001,2026-07-01,0,,13,,007,054,,1\n")).unwrap();
    let imported = office.node.run(&["reference", "import", "tariff", &table.display().to_string()]);
    assert!(imported.status.success(), "{}", said(&imported));
    refused(&submitted("QDLIC1", "40"), "LICENCE_MISSING");

    let register = |number: &str, quantity: &str, until: &str| {
        let goods = ["licence", "register", number, "--party", "99316B4910", "--tariff", "8542319001"];
        let rest = ["--unit", "007", "--quantity", quantity, "--valid-from", "2026-01-01"];
        let end = ["--valid-until", until, "--cause", "copy of the licence"];
        office.node.run(&[&goods[..], &rest[..], &end[..]].concat())
    };
    accepted(&register("26-1", "60", "2099-12-31"), "ACCEPTED");
    accepted(&register("26-2", "30", "2099-06-30"), "ACCEPTED");
    taken(&register("26-2", "30", "2099-06-30"));
    accepted(&submitted("QDLIC1", "40"), "PRE_POSTED");
    refused(&submitted("QDLIC2", "31"), "LICENCE_EXCEEDED");
    accepted(&submitted("QDLIC2", "25"), "PRE_POSTED");
    let draws = office.node.shown(&["movement", "get", "QDLIC1", "-o", "json"]);
    assert!(draws.contains("\"licence_no\": \"26-1\""), "{draws}");

    let goods = ["licence", "list", "--party", "99316B4910", "--tariff", "8542319001", "-o", "csv"];
    let listed = office.node.shown(&goods);
    let lines: Vec<&str> = listed.lines().skip(1).collect();
    assert!(lines[0].starts_with("26-2,99316B4910,8542319001,007,30,25,5,"), "{listed}");
    assert!(lines[1].starts_with("26-1,99316B4910,8542319001,007,60,40,20,"), "{listed}");

    accepted(&office.node.run(&["movement", "withdraw", "QDLIC1", "--change-no", "1"]), "WITHDRAWN");
    let journal = office.node.shown(&["licence", "journal", "26-1", "-o", "csv"]);
    assert!(journal.contains("USE,QDLIC1,60,20") && journal.contains("RESTORE,QDLIC1,20,60"), "{journal}");
    let amend = ["licence", "amend", "26-2", "--quantity", "24", "--valid-until", "2099-12-31"];
    refused(&office.node.run(&[&amend[..], &["--cause", "notice 4"]].concat()), "LICENCE_EXCEEDED");
    let off = ["parameter", "set", "LICENCE_CHECK", "0", "--from", "2026-01-01"];
    assert!(office.node.run(&off).status.success());
    accepted(&submitted("QDLIC3", "90"), "PRE_POSTED");
}
