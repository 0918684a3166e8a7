//! A count campaign by command line, on a book of the mixed month that goes on moving.

use std::time::{Duration, SystemTime};
use zonebook_exchange::workbook;
use zonebook_ledger::time::{Instant, UtcOffset};
use zonebook_tests::{Office, accepted, mixed_month, refused, said};

const BOOK: &str = "H99312600005";
const HEAD: [&str; 7] = ["book", "kind", "item", "serial", "unit", "counted", "counted_at"];

/// The clock of the ledger.
fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    UtcOffset::CHINA.local(Instant(i64::try_from(since.as_millis()).unwrap())).to_string()
}

/// The counts of the month's own count of the book: item, unit, quantity.
fn counts_of_the_month() -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(mixed_month().join("count.csv")).unwrap();
    let of_book = text.lines().filter(|line| line.starts_with(BOOK));
    of_book
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            [cells[2].to_owned(), cells[4].to_owned(), cells[5].to_owned()]
        })
        .collect()
}

fn workbook_of(office: &Office, name: &str, rows: &[Vec<String>]) -> String {
    let path = office.folder.path().join(name);
    let bytes = workbook::write("count", &HEAD, rows.iter().map(Vec::as_slice)).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// The column of a table, by the item of the row.
fn cell(csv: &str, item: &str, column: &str) -> String {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let at = |name: &str| head.iter().position(|head| *head == name).unwrap();
    let row = lines.find(|row| row[at("item")] == item).unwrap_or_else(|| panic!("no {item} in {csv}"));
    row[at(column)].to_owned()
}

#[test]
fn a_book_is_counted_while_it_moves() {
    let office = Office::open();
    let node = &office.node;
    let open = |number: &str, more: &[&str]| {
        let arguments = ["count", "open", number, BOOK, "--owner", "99316B6090"];
        node.run(&[&arguments[..], more].concat())
    };
    accepted(&open("P1", &["--blind", "--counters", "2"]), "OPEN");
    refused(&open("P2", &["--items", "I:1"]), "CAMPAIGN_OVERLAPS");

    // Whoever counts blindly is told what to count, and not how much there is.
    let sheet = |more: &[&str]| node.shown(&[&["count", "sheet", "P1", "-o", "csv"], more].concat());
    let blind = sheet(&[]);
    assert_eq!(
        (cell(&blind, "1", "verdict"), cell(&blind, "1", "book_quantity")),
        ("UNCOUNTED".into(), "".into())
    );
    let book = cell(&sheet(&["--reveal"]), "1", "book_quantity");
    assert!(!book.is_empty());
    let workbook = node.run(&["count", "sheet", "P1", "-o", "xlsx"]).stdout;
    assert!(workbook.starts_with(b"PK"));

    // Movements go on: four of item 1 leave the stock.
    accepted(
        &office.file(
            &["verification", "file"],
            &format!(r#"{{ "book_no": "{BOOK}", "sequence": 2, "kind": "3" }}"#),
        ),
        "SETTLED",
    );
    let adjustment = format!(
        r#"{{ "adjustment_no": "J1", "book_no": "{BOOK}", "owner": "99316B6090", "verification": 2,
        "declared_at": "2026-07-01 08:00:00", "lines": [{{ "difference": "SHORTAGE", "cause": "issued twice",
        "goods": {{ "line": 1, "mark": "I", "number": 1, "quantity_declared": "4", "quantity_statutory1": "4",
        "value_usd": "2" }} }}] }}"#
    );
    accepted(&office.file(&["adjustment", "file"], &adjustment), "FILED");
    std::thread::sleep(Duration::from_millis(1_200));

    // LI counts at the cut-off, by the file of the month as it is; WANG afterwards, four less of item 1, one more of item 2.
    let month = mixed_month().join("count.csv").display().to_string();
    let record = |file: &str, more: &[&str]| node.run(&[&["count", "record", "P1", file], more].concat());
    accepted(&record(&month, &["--counter", "LI"]), "OPEN");
    let again = record(&month, &["--counter", "LI", "-o", "json"]);
    assert!(
        String::from_utf8_lossy(&again.stdout).contains("\"repeated_request\": true"),
        "{}",
        said(&again)
    );
    let clock = now();
    let less = |text: &str, by: i64| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        format!("{}.{fraction}", whole.parse::<i64>().unwrap() - by)
    };
    let counts = counts_of_the_month();
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|[item, unit, counted]| {
            let counted = match item.as_str() {
                "1" => less(counted, 4),
                "2" => less(counted, -1),
                _ => counted.clone(),
            };
            vec![BOOK.into(), "I".into(), item.clone(), String::new(), unit.clone(), counted, clock.clone()]
        })
        .collect();
    let late = workbook_of(&office, "wang.xlsx", &rows);
    accepted(&record(&late, &["--counter", "WANG"]), "OPEN");

    let so_far = sheet(&["--reveal"]);
    assert_eq!(cell(&so_far, "2", "cause"), "COUNTERS_DIFFER", "{so_far}");
    // Brought back to the cut-off, both counted the same of item 1: they only differ from the book, if at all.
    assert_ne!(cell(&so_far, "1", "cause"), "COUNTERS_DIFFER", "{so_far}");
    assert_eq!(cell(&so_far, "1", "book_quantity"), book, "the figure of the cut-off stays");
    let lines = node.shown(&["count", "lines", "P1", "-o", "csv"]);
    assert_eq!(cell(&lines, "1", "counted"), "", "{lines}");
    let lines = node.shown(&["count", "lines", "P1", "-o", "csv", "--reveal"]);
    assert_ne!(cell(&lines, "1", "counted"), "", "{lines}");

    // What is open is counted again, by both.
    assert!(sheet(&["--open"]).lines().count() > 1);
    for counter in ["LI", "WANG"] {
        let round = record(&month, &["--counter", counter, "--round", "2", "--sheet", "again"]);
        accepted(&round, "OPEN");
    }
    assert_eq!(sheet(&["--open"]).lines().count(), 1, "only the head is left");
    let progress = node.shown(&["count", "show", "P1", "-o", "csv"]);
    assert!(progress.trim_end().ends_with(&format!("{0},{0},{0},0,100", counts.len())), "{progress}");

    accepted(&node.run(&["count", "close", "P1"]), "CLOSED");
    refused(&record(&late, &["--counter", "WANG", "--sheet", "late"]), "CAMPAIGN_NOT_OPEN");
    // What is over hides nothing.
    assert_eq!(cell(&sheet(&[]), "1", "book_quantity"), book);
    assert!(node.shown(&["count", "list", "--book", BOOK]).contains("CLOSED"));
    accepted(&open("P2", &["--items", "I:1-2", "--area", "A1"]), "OPEN");
    accepted(&node.run(&["count", "cancel", "P2", "--reason", "flooded"]), "CANCELLED");
}
