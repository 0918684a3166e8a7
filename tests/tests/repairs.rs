//! Units for repair that the catalogue allows, or own-group products, by command line.

use zonebook_tests::{Office, accepted, refused, said};

/// A probe that comes in for repair from the domestic side.
fn arrival(number: &str, serial: &str) -> String {
    format!(
        r#"{{ "list_no": "{number}", "book_no": "H99312600007", "owner": "99316B2711",
        "declared_at": "2026-07-01 08:00:00", "direction": "I", "mark": "I", "kind": "0", "mode": "1371",
        "transport": "9", "lines": [{{ "line": 1, "number": 1, "part_no": "US-PRB", "tariff_code": "9018121000",
            "units": {{ "declared": "001", "statutory1": "001" }}, "gross_weight": "3", "net_weight": "2",
            "quantity_declared": "1", "quantity_statutory1": "1", "serial": "{serial}", "provenance": "3" }}] }}"#
    )
}

#[test]
fn units_for_repair_are_of_the_catalogue_or_made_by_the_group() {
    let office = Office::open();
    let arrives = |number: &str, serial: &str| office.file(&["movement", "submit"], &arrival(number, serial));
    accepted(&arrives("QDREP0", "PRB-1"), "PRE_POSTED");

    let set = ["parameter", "set", "REPAIR_CATALOGUE_CHECK", "1", "--from", "2026-01-01"];
    accepted(&office.node.run(&set), "ACCEPTED");
    refused(&arrives("QDREP1", "PRB-2"), "REPAIR_NOT_ALLOWED");

    let mark = ["--evidence", "trade mark certificate 7"];
    let own = |rest: &[&str]| {
        office.node.run(&[&["book", "own-group", "H99312600007", "1"], rest, &mark[..]].concat())
    };
    accepted(&own(&["--from", "2026-01-01", "--until", "2099-12-31"]), "ACCEPTED");
    accepted(&arrives("QDREP1", "PRB-2"), "PRE_POSTED");
    accepted(&own(&["--not", "--from", "2026-07-01", "--until", "2099-12-31"]), "ACCEPTED");
    refused(&arrives("QDREP2", "PRB-3"), "REPAIR_NOT_ALLOWED");
    let kept = office.node.shown(&["book", "own-groups", "H99312600007", "-o", "csv"]);
    let lines: Vec<&str> = kept.lines().skip(1).collect();
    assert!(lines[0].starts_with("1,true,2026-01-01,2099-12-31,trade mark certificate 7,"), "{kept}");
    assert!(lines[1].starts_with("1,false,2026-07-01,2099-12-31,"), "{kept}");

    let table = office.folder.path().join("repair.csv");
    let rows = "code,from,allowed,batch,name_zh\n9018,2020-12-01,1,第一批,医疗器械\n";
    std::fs::write(&table, rows).unwrap();
    let imported = office.node.run(&["reference", "import", "repair-product", &table.display().to_string()]);
    assert!(imported.status.success(), "{}", said(&imported));
    let found = office.node.shown(&["reference", "get", "repair-product", "9018", "-o", "csv"]);
    assert!(found.contains("第一批") && found.contains("医疗器械"), "{found}");
    accepted(&arrives("QDREP2", "PRB-3"), "PRE_POSTED");
}
