//! The command line against one node: what is printed, what errors say, which codes come back.

use std::path::Path;
use tempfile::TempDir;
use zonebook_tests::{Node, month, printed, run, said};

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn no_server_is_said_plainly() {
    let output = run(&["balance", "list", "--server", "127.0.0.1:9", "--timeout", "1"]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("no server answers"), "{}", said(&output));
    assert!(said(&output).contains("--server HOST:PORT"), "{}", said(&output));
}

#[test]
fn a_month_by_hand() {
    let node = Node::start();
    let folder = month().display().to_string();

    let dry = node.run(&["import", &folder, "--clock", "manifest", "--dry-run"]);
    assert!(dry.status.success(), "{}", said(&dry));
    let none = node.run(&["export", "outcomes", "-o", "csv"]);
    assert_eq!(printed(&none).lines().count(), 1, "a dry run leaves no trace");

    let first = node.run(&["import", &folder, "--clock", "manifest"]);
    assert!(first.status.success(), "{}", said(&first));
    let second = node.run(&["import", &folder, "--clock", "manifest"]);
    assert!(said(&second).contains("207 of 207 messages had been handed in before"), "{}", said(&second));
    assert_eq!(printed(&first), printed(&second));

    for (arguments, table) in [
        (vec!["export", "outcomes"], "outcomes.csv"),
        (vec!["export", "movements"], "movements.csv"),
        (
            vec![
                "export",
                "balances",
                "--as-of",
                "CUT1=2026-06-11T00:00:00",
                "--as-of",
                "CUT2=2026-06-21T00:00:00",
                "--as-of",
                "END=2026-07-01T00:00:00",
            ],
            "balances.csv",
        ),
    ] {
        let output = node.run(&[&arguments[..], &["-o", "csv"]].concat());
        let expected = std::fs::read_to_string(month().join("expected").join(table)).unwrap();
        assert_eq!(printed(&output), expected, "{table}");
    }

    let list = node.run(&["movement", "get", "QD993526E000041144"]);
    assert!(printed(&list).contains("POSTED"), "{}", printed(&list));
    let statement = node.run(&["statement", "T9935W000001", "1", "-o", "csv"]);
    assert!(printed(&statement).lines().count() > 5, "{}", printed(&statement));
    let missing = node.run(&["movement", "get", "NONE"]);
    assert_eq!(missing.status.code(), Some(3), "{}", said(&missing));
    let items = node.run(&["book", "items", "T9935W000001", "-o", "json"]);
    assert!(printed(&items).contains("\"part_no\""), "{}", printed(&items));

    // Live documents end the migration for good, so this comes last.
    let folder = TempDir::new().unwrap();
    let unknown = write(folder.path(), "list.json", r#"{ "list_no": "QD1", "book": "T1" }"#);
    let output = node.run(&["movement", "submit", &unknown]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("book"), "{}", said(&output));
    let wrong = r#"{ "list_no": "QD1", "book_no": "NONE", "owner": "99356F2364", "declared_at": "2026-06-30 08:00:00",
        "direction": "E", "mark": "I", "kind": "0", "mode": "5034", "transport": "9",
        "lines": [{ "line": 1, "number": 1, "part_no": "X", "tariff_code": "8471300000",
            "units": { "declared": "011", "statutory1": "035" }, "quantity_declared": "1", "quantity_statutory1": "1" }] }"#;
    let file = write(folder.path(), "unknown-book.json", wrong);
    let refused = node.run(&["movement", "submit", &file, "--dry-run"]);
    assert_eq!(refused.status.code(), Some(4), "{}", said(&refused));
    assert!(said(&refused).contains("BOOK_UNKNOWN"), "{}", said(&refused));
    assert!(said(&refused).contains("账册不存在"), "{}", said(&refused));
    let bad = write(
        folder.path(),
        "bad-quantity.json",
        &wrong.replace("\"1\", \"quantity_stat", "\"1.234567\", \"quantity_stat"),
    );
    let invalid = node.run(&["movement", "submit", &bad]);
    assert_eq!(invalid.status.code(), Some(2), "{}", said(&invalid));
    assert!(said(&invalid).contains("list.lines[0].quantity_declared"), "{}", said(&invalid));
    assert!(said(&invalid).contains("1.234567"), "{}", said(&invalid));
    let live = node.run(&["movement", "release", "NODECL", "--at", "2026-06-30T08:00:00"]);
    assert!(live.status.success(), "{}", said(&live));
}

#[test]
fn settings_that_cannot_be_are_named() {
    let folder = TempDir::new().unwrap();
    let file = write(folder.path(), "node.toml", "api = '0.0.0.0:7400'\n");
    let output = run(&["serve", "--config", &file]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("not a loopback address"), "{}", said(&output));
}
