//! From a count to the book, by command line: a campaign counts, what stays is recorded, customs decides, an adjustment
//! carries the decision out, and a new count agrees.

use zonebook_ledger::quantity::Quantity;
use zonebook_tests::{Office, accepted, mixed_month, printed, refused, said};

const BOOK: &str = "H99312600005";

/// The column of a table, by the item of the row.
fn cell(csv: &str, item: &str, column: &str) -> String {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let at = |name: &str| head.iter().position(|head| *head == name).unwrap();
    let row = lines.find(|row| row[at("item")] == item).unwrap_or_else(|| panic!("no {item} in {csv}"));
    row[at(column)].to_owned()
}

/// A quantity with some more, or with less.
fn with(text: &str, more: i64) -> String {
    Quantity::parse_amount(text).unwrap().checked_add(Quantity::whole(more)).unwrap().to_string()
}

/// The ledger's day.
fn today() -> String {
    use zonebook_ledger::time::{Instant, UtcOffset};
    let since = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
    UtcOffset::CHINA.local(Instant(i64::try_from(since.as_millis()).unwrap())).date().to_string()
}

/// An adjustment of the book: line, side, item, how much, and what it cites.
fn adjustment(number: &str, lines: &[(u64, &str, u64, &str, Option<u64>)]) -> String {
    let line = |(line, side, item, declared, cites): &(u64, &str, u64, &str, Option<u64>)| {
        let cites = cites.map_or_else(String::new, |cites| {
            format!(r#", "difference_no": "V1", "difference_line": {cites}"#)
        });
        format!(
            r#"{{ "difference": "{side}", "cause": "as counted"{cites}, "goods": {{ "line": {line}, "mark": "I",
            "number": {item}, "quantity_declared": "{declared}", "quantity_statutory1": "{declared}", "value_usd": "2" }} }}"#
        )
    };
    let lines: Vec<String> = lines.iter().map(line).collect();
    format!(
        r#"{{ "adjustment_no": "{number}", "book_no": "{BOOK}", "owner": "99316B6090",
        "declared_at": "2026-07-01 08:00:00", "lines": [{}] }}"#,
        lines.join(", ")
    )
}

#[test]
fn a_difference_goes_from_the_count_to_the_book() {
    let office = Office::open();
    let node = &office.node;
    let day = today();
    for (kind, name) in [("tariff", "tariff-example.csv"), ("exchange", "exchange-example.csv")] {
        let file = zonebook_tests::root().join("docs/reference").join(name).display().to_string();
        node.shown(&["reference", "import", kind, &file]);
    }
    // What is there by the book: the month's count without the difference that it found.
    let month = mixed_month().join("count.csv").display().to_string();
    let agreed = node.shown(&["reconcile", &month, "-o", "csv"]);
    let of_book: String = agreed
        .lines()
        .filter(|line| line.starts_with("book") || line.starts_with(BOOK))
        .collect::<Vec<_>>()
        .join("\n");
    let there = |item: &str| {
        let counted = Quantity::parse(&cell(&of_book, item, "counted (B)")).unwrap();
        let off = Quantity::parse_amount(&cell(&of_book, item, "difference")).unwrap();
        counted.checked_sub(off).unwrap().to_string()
    };
    let (one, two) = (with(&there("1"), -4), with(&there("2"), 3));

    let count = |number: &str, rows: &[(&str, &str)], sheet: &str, round: &str| {
        let rows: Vec<String> =
            rows.iter().map(|(item, counted)| format!("{BOOK},I,{item},,007,{counted}\n")).collect();
        let text = format!("book,kind,item,serial,unit,counted\n{}", rows.concat());
        let file = office.written(&format!("{sheet}.csv"), &text);
        node.run(&["count", "record", number, &file, "--counter", "LI", "--round", round])
    };
    let open = |number: &str| {
        node.run(&["count", "open", number, BOOK, "--owner", "99316B6090", "--items", "I:1-2", "--blind"])
    };
    accepted(&open("P1"), "OPEN");
    accepted(&count("P1", &[("1", &one)], "first", "1"), "OPEN");
    accepted(&count("P1", &[("1", &one)], "again", "2"), "OPEN");
    // Not everything in scope is counted, and a blind count tells nobody what the book has.
    refused(&node.run(&["count", "close", "P1"]), "CAMPAIGN_INCOMPLETE");
    let early = node.run(&["reconcile", "--campaign", "P1"]);
    assert!(!early.status.success() && said(&early).contains("blind"), "{}", said(&early));
    let record = |number: &str, campaign: &str| {
        node.run(&["difference", "record", number, "--campaign", campaign, "--owner", "CHEN", "-o", "json"])
    };
    refused(&record("V1", "P1"), "CAMPAIGN_NOT_CLOSED");
    accepted(&count("P1", &[("2", &two)], "second", "1"), "OPEN");
    accepted(&count("P1", &[("2", &two)], "twice", "2"), "OPEN");
    accepted(&node.run(&["count", "close", "P1"]), "CLOSED");
    let reconciled = node.shown(&["reconcile", "--campaign", "P1", "-o", "csv"]);
    let differs = |csv: &str| (cell(csv, "1", "difference"), cell(csv, "2", "difference"));
    assert_eq!(differs(&reconciled), ("-4".into(), "3".into()), "{reconciled}");

    // Recorded once, however often it is asked for.
    accepted(&record("V1", "P1"), "FILED");
    assert!(printed(&record("V1", "P1")).contains("\"repeated_request\": true"));
    let other = record("V2", "P1");
    assert!(said(&other).contains("DIFFERENCE_RECORDED"), "{}", said(&other));
    let listed = node.shown(&["difference", "list", "--book", BOOK, "--state", "OPEN", "-o", "csv"]);
    assert_eq!(differs(&listed), ("-4".into(), "3".into()), "{listed}");
    assert_eq!(cell(&listed, "1", "owner"), "CHEN");
    assert_ne!(cell(&listed, "1", "value_usd"), "", "{listed}");
    let due = node.shown(&["due", "--days", "60", "--kind", "DIFFERENCE_UNDECIDED", "-o", "csv"]);
    assert_eq!(due.lines().count(), 3, "{due}");
    let assign = ["difference", "assign", "V1", "2", "--owner", "LIN", "--due", "2099-01-01"];
    accepted(&node.run(&assign), "OPEN");

    // Without a decision nothing changes the book.
    let adjust = |number: &str, lines: &[(u64, &str, u64, &str, Option<u64>)]| {
        office.file(&["adjustment", "file"], &adjustment(number, lines))
    };
    refused(&adjust("J1", &[(1, "SHORTAGE", 1, "4", Some(1))]), "DIFFERENCE_STATE");
    refused(&adjust("J1", &[(1, "SHORTAGE", 1, "4", None)]), "ADJUSTMENT_UNDECIDED");
    let decide = |line: &str, outcome: &str, number: &str| {
        let to = ["difference", "decide", "V1", line, outcome, "--decision", number, "--on", &day];
        node.run(&[&to[..], &["--reason", "no cause was shown"]].concat())
    };
    refused(&decide("1", "RE_ENTERED", "K1"), "DECISION_NOT_ALLOWED");
    accepted(&decide("1", "PENALTY_CASE", "K1"), "OPEN");
    refused(&adjust("J1", &[(1, "SHORTAGE", 1, "4", Some(1))]), "DIFFERENCE_STATE");
    accepted(&decide("1", "TAXED", "K2"), "DECIDED");
    accepted(&decide("2", "RE_ENTERED", "K3"), "DECIDED");
    refused(&decide("2", "RECOUNT", "K4"), "DIFFERENCE_STATE");
    refused(&adjust("J1", &[(1, "SHORTAGE", 1, "5", Some(1))]), "DIFFERENCE_MISMATCH");
    let both = [(1, "SHORTAGE", 1, "4", Some(1)), (2, "SURPLUS", 2, "3", Some(2))];
    accepted(&adjust("J1", &both), "DECIDED");

    // From the movement to the decision, from the decision to the difference, from that to the revision.
    let shown = node.shown(&["adjustment", "get", "J1", "-o", "json"]);
    assert!(
        shown.contains("\"difference_no\": \"V1\"") && shown.contains("\"decision_no\": \"K2\""),
        "{shown}"
    );
    let one_of = node.shown(&["difference", "get", "V1", "1", "-o", "json"]);
    for part in ["\"SETTLED\"", "\"J1\"", "\"PENALTY_CASE\"", "\"TAXED\"", "\"campaign_no\": \"P1\""] {
        assert!(one_of.contains(part), "{part}: {one_of}");
    }
    assert!(node.shown(&["difference", "get", "V1", "2"]).contains("RE_ENTERED"));
    assert_eq!(
        node.shown(&["due", "--days", "60", "--kind", "DIFFERENCE_UNDECIDED", "-o", "csv"]).lines().count(),
        1
    );
    let stated = node.shown(&["statement", BOOK, "1"]);
    assert!(stated.contains("J1"), "{stated}");

    // The same goods counted once more agree with the book, and the first count still says what it said.
    accepted(&open("P2"), "OPEN");
    accepted(&count("P2", &[("1", &one), ("2", &two)], "third", "1"), "OPEN");
    accepted(&node.run(&["count", "close", "P2"]), "CLOSED");
    let anew = node.shown(&["reconcile", "--campaign", "P2", "-o", "csv"]);
    assert_eq!(differs(&anew), ("0".into(), "0".into()), "{anew}");
    let nothing = record("V3", "P2");
    assert!(
        nothing.status.success() && said(&nothing).contains("0 above the tolerance"),
        "{}",
        said(&nothing)
    );
    assert_eq!(node.shown(&["reconcile", "--campaign", "P1", "-o", "csv"]), reconciled);
}

#[test]
fn an_office_says_what_it_tolerates() {
    let office = Office::open();
    let node = &office.node;
    assert_eq!(node.shown(&["difference", "tolerance", "9931", "-o", "csv"]).lines().count(), 1);
    let set = ["difference", "tolerance", "9931", "--from", "2026-01-01", "--quantity", "40"];
    assert!(node.run(&set).status.success());
    assert!(node.shown(&["difference", "tolerance", "9931", "-o", "csv"]).contains("2026-01-01,0,40,0"));
    // The month's count of the book lacks 34.09874 of one item, which is within the 40.
    let month = std::fs::read_to_string(mixed_month().join("count.csv")).unwrap();
    let of_book = month.lines().filter(|line| line.starts_with("book,") || line.starts_with(BOOK));
    let file = office.written("of_book.csv", &of_book.collect::<Vec<_>>().join("\n"));
    let record =
        |number: &str| node.run(&["difference", "record", number, &file, "--as-of", "2026-07-01T00:00:00"]);
    let within = record("V1");
    assert!(said(&within).contains("0 above the tolerance, 1 within it"), "{}", said(&within));
    let tight = ["difference", "tolerance", "9931", "--from", "2026-01-01", "--quantity", "34"];
    assert!(node.run(&tight).status.success());
    accepted(&record("V1"), "FILED");
    let listed = node.shown(&["difference", "list", "--office", "9931", "-o", "csv"]);
    assert_eq!(cell(&listed, "1", "difference"), "-34.09874", "{listed}");
}
