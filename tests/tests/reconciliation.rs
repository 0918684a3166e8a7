//! A count and an enterprise's own stock beside the books, from a file to a verdict.

use zonebook_api::v1;
use zonebook_client::{Client, Options};
use zonebook_tests::{Office, mixed_month, printed, refused, said};

const END: &str = "2026-07-01T00:00:00";
const STORE: &str = "T9931W000001";

fn read(path: std::path::PathBuf) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_count_becomes_the_expected_reconciliation_whenever_it_is_asked_for() {
    let office = Office::open();
    let count = mixed_month().join("count.csv").display().to_string();
    let export = ["export", "reconciliation", count.as_str(), "--as-of", END, "-o", "csv"];
    let expected = read(mixed_month().join("expected/reconciliation.csv"));
    assert_eq!(office.node.shown(&export), expected);

    let shown = office.node.shown(&["reconcile", &count, "--as-of", END, "--differences"]);
    assert!(shown.contains("SERIAL_MISSING") && !shown.contains("EXPLAINED_TIMING"), "{shown}");
    let json = office.node.shown(&["reconcile", &count, "--as-of", END, "-o", "json"]);
    assert!(json.contains("GATED_OUT_NOT_POSTED") || json.contains("SHIPPED_UNDECLARED"), "{json}");
    // Each kind of timing that is not a place names its lists.
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    let terms = rows.as_array().unwrap().iter().flat_map(|row| row["terms"].as_array().unwrap());
    for term in terms.filter(|term| term["kind"].as_str().unwrap().contains("GATED")) {
        assert!(!term["lists"].as_array().unwrap().is_empty(), "{term}");
    }
}

/// A table of text as a workbook, as an enterprise sends it.
fn workbook_of(office: &Office, name: &str, table: &str) -> String {
    let mut rows = table.lines().map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>());
    let head = rows.next().unwrap();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = rows.collect();
    let bytes = zonebook_exchange::workbook::write("Sheet1", &head, rows.iter().map(Vec::as_slice)).unwrap();
    let path = office.folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// A count comes as CSV or as a workbook; the tables of the month come out of both, byte for byte.
#[test]
fn a_count_in_a_workbook_gives_the_expected_tables() {
    let office = Office::open();
    let csv = mixed_month().join("count.csv").display().to_string();
    let xlsx = workbook_of(&office, "count.xlsx", &read(mixed_month().join("count.csv")));
    let expected = |table: &str| read(mixed_month().join("expected").join(table));
    for count in [&csv, &xlsx] {
        let export = ["export", "reconciliation", count, "--as-of", END, "-o", "csv"];
        assert_eq!(office.node.shown(&export), expected("reconciliation.csv"), "{count}");
        let days = ["--begin", "2026-06-01", "--end", "2026-06-30", "-o", "csv"];
        let export = [&["export", "verification", count.as_str()], days.as_slice()].concat();
        assert_eq!(office.node.shown(&export), expected("verification.csv"), "{count}");
    }
    let reconciled = |count: &str| office.node.shown(&["reconcile", count, "--as-of", END, "-o", "csv"]);
    assert_eq!(reconciled(&xlsx), reconciled(&csv));
    // What is wrong in a workbook is named by its row, too.
    let wrong = workbook_of(&office, "wrong.xlsx", "book,kind,item,serial,unit,counted\nB,I,1,,007,much");
    let not_read = office.node.run(&["reconcile", &wrong]);
    assert_eq!(not_read.status.code(), Some(2), "{}", said(&not_read));
    assert!(said(&not_read).contains("much"), "{}", said(&not_read));
}

#[test]
fn a_count_that_cannot_be_is_refused_with_its_row() {
    let office = Office::open();
    let count = |row: &str| {
        let text = format!("book,kind,item,serial,unit,counted\n{STORE},I,1,,035,5\n{row}\n");
        office.node.run(&["reconcile", &office.written("count.csv", &text)])
    };
    let strange = count("T0000W000009,I,1,,035,5");
    refused(&strange, "BOOK_UNKNOWN");
    assert!(said(&strange).contains("line 2"), "{}", said(&strange));
    refused(&count(&format!("{STORE},I,99,,035,5")), "ITEM_NOT_FILED");
    refused(&count(&format!("{STORE},I,2,,999,5")), "UNIT_MISMATCH");
    refused(&count(&format!("{STORE},I,1,,035,7")), "NAMED_TWICE");
    let not_read = count(&format!("{STORE},I,2,,007,many"));
    assert_eq!(not_read.status.code(), Some(2), "{}", said(&not_read));
    assert!(said(&not_read).contains("line 3") && said(&not_read).contains("many"), "{}", said(&not_read));
}

/// The stock of the warehouse is what was counted: what is shipped, in transit or in suspense is explained, what is lost is
/// not.
#[test]
fn an_extract_is_explained_as_far_as_it_can_be() {
    let office = Office::open();
    let count = read(mixed_month().join("count.csv"));
    let mut extract = String::from("kind,item,part_no,lot,serial,unit,quantity\n");
    for row in count.lines().filter(|row| row.starts_with(STORE)) {
        let fields: Vec<&str> = row.split(',').collect();
        extract.push_str(&format!("{},{},,,,{},{}\n", fields[1], fields[2], fields[4], fields[5]));
    }
    extract.push_str(",,NO-SUCH-PART,,,,1\n");
    let file = office.written("wms.csv", &extract);
    let output = office.node.run(&["stock", STORE, &file, "--as-of", END, "-o", "csv"]);
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    assert!(said(&output).contains("line 10: NOT_IN_BOOK: NO-SUCH-PART"), "{}", said(&output));
    let printed = printed(&output);
    let of_item =
        |number: &str| printed.lines().find(|row| row.starts_with(&format!("I,{number},"))).unwrap();
    assert!(of_item("2").ends_with(",-296,UNDECLARED -296,0"), "{}", of_item("2"));
    assert!(of_item("3").ends_with(",-696,PENDING_AT_CUT_OFF -696,0"), "{}", of_item("3"));
    assert!(of_item("6").ends_with(",215,UNDECLARED 215,0"), "{}", of_item("6"));
    assert!(of_item("8").ends_with(",-3,AWAY -3,0"), "{}", of_item("8"));
    assert!(of_item("7").ends_with(",-27,,-27"), "{}", of_item("7"));
    assert!(of_item("4").ends_with(",0,,0"), "{}", of_item("4"));

    // The same as a workbook.
    let workbook = workbook_of(&office, "wms.xlsx", &extract);
    let output = office.node.run(&["stock", STORE, &workbook, "--as-of", END, "-o", "csv"]);
    assert_eq!((output.status.code(), self::printed(&output)), (Some(7), printed));

    let unknown = office.node.run(&["stock", "T0000W000009", &file]);
    refused(&unknown, "BOOK_UNKNOWN");
}

/// The figures of a book come as long work too: told of one revision, taken up again behind any of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_verification_is_told_as_it_is_computed() {
    let office = Office::open();
    let client = Client::new([office.node.address().to_owned()], Options::default());
    let compute = v1::ComputeVerificationRequest { book_no: STORE.into(), ..Default::default() };
    let pages = client.compute_verification(compute).await.unwrap();
    assert!(pages.next_page_token.is_empty() && pages.lines.len() > 1);
    let request = v1::StreamVerificationRequest { book_no: STORE.into(), ..Default::default() };
    let mut lines = Vec::new();
    let mut last = v1::StreamVerificationResponse::default();
    let take = |reply: v1::StreamVerificationResponse| {
        lines.extend(reply.lines.clone());
        last = reply;
        Ok::<_, zonebook_client::Error>(())
    };
    client.receive_verification(request.clone(), take).await.unwrap();
    assert_eq!((last.as_of_revision, &lines), (pages.as_of_revision, &pages.lines));
    let progress = last.progress.unwrap();
    assert_eq!(progress.items, lines.len() as u64);
    assert!(progress.items_total >= progress.items && progress.history_rows > 0, "{progress:?}");
    // Behind the last one nothing is left.
    let behind = v1::StreamVerificationRequest { resume_token: last.resume_token, ..request };
    let none = |reply: v1::StreamVerificationResponse| {
        assert!(reply.lines.is_empty());
        Ok::<_, zonebook_client::Error>(())
    };
    client.receive_verification(behind, none).await.unwrap();
    let nowhere = v1::StreamVerificationRequest { book_no: "T0000W000009".into(), ..Default::default() };
    let refused = client.receive_verification(nowhere, none).await.unwrap_err();
    assert!(matches!(refused, zonebook_client::Error::NotFound(_)), "{refused}");
}
