//! Receipts from end to end: streamed into a folder, acknowledged, taken up again, asked for again; originals and
//! printed documents beside them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;
use zonebook_tests::{Node, mixed_month, printed, said};

const RECIPIENT: &str = "99316A3156";
const LIST: &str = "QD993126I000041017";

fn files(folder: &Path) -> BTreeSet<(String, Vec<u8>)> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(entry).collect()
}

fn exit_code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn receipts_are_streamed_resumed_acknowledged_and_asked_for_again() {
    let node = Node::with_mixed_month(&[]);
    let (whole, parts, again) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = |folder: &TempDir| folder.path().display().to_string();

    node.shown(&["receipts", "stream", RECIPIENT, "--folder", &path(&whole)]);
    let all = files(whole.path());
    assert!(all.len() > 5, "{}", all.len());

    node.shown(&["receipts", "again", RECIPIENT, "--to", "5", "--folder", &path(&parts)]);
    assert_eq!(files(parts.path()).len(), 5);
    node.shown(&["receipts", "ack", RECIPIENT, "5"]);
    // Without a number it begins behind what was acknowledged.
    node.shown(&["receipts", "stream", RECIPIENT, "--folder", &path(&parts)]);
    assert_eq!(files(parts.path()), all);

    node.shown(&["receipts", "again", RECIPIENT, "--document", LIST, "--folder", &path(&again)]);
    let of_the_list = files(again.path());
    assert!(of_the_list.is_subset(&all) && of_the_list.len() >= 2, "{}", of_the_list.len());
    assert!(of_the_list.iter().all(|(_, bytes)| String::from_utf8_lossy(bytes).contains(LIST)));

    let mailbox = node.shown(&["receipts", "mailbox", RECIPIENT, "-o", "csv"]);
    assert_eq!(mailbox.lines().nth(1), Some(format!("{},5", all.len()).as_str()));
    let too_many = node.run(&["receipts", "ack", RECIPIENT, "100000"]);
    assert_eq!(exit_code(&too_many), Some(4), "{}", said(&too_many));
    assert!(said(&too_many).contains("100000"), "{}", said(&too_many));
    assert_eq!(exit_code(&node.run(&["receipts", "mailbox", "NO-ENTERPRISE"])), Some(2));
}

#[test]
fn originals_come_back_as_they_were_and_parcels_without_their_buyers() {
    let node = Node::with_mixed_month(&[]);
    let messages = mixed_month().join("messages");
    let filed = std::fs::read_dir(&messages).unwrap().map(|entry| entry.unwrap().path());
    let filed = filed.filter(|path| path.display().to_string().contains(LIST)).min().unwrap();
    let bytes = std::fs::read_to_string(filed).unwrap();
    assert_eq!(node.shown(&["message", "get", LIST]), bytes);

    let parcels = node.run(&["message", "get", "99312026I000700001"]);
    assert!(said(&parcels).contains("personal data was taken out"), "{}", said(&parcels));
    let text = printed(&parcels);
    assert!(text.contains("<ceb:buyerIdNumber></ceb:buyerIdNumber>") && text.contains("MILK-900"), "{text}");
    assert_eq!(exit_code(&node.run(&["message", "get", "NOTHING"])), Some(3));
    assert_eq!(node.shown(&["receipts", "gaps", "month-a", "-o", "csv"]).lines().count(), 1);
    let reminder = node.shown(&["receipts", "remind", RECIPIENT, LIST]);
    assert!(reminder.contains("<INV141>") && reminder.contains(LIST), "{reminder}");
}

#[test]
fn lists_and_passes_print() {
    let node = Node::with_mixed_month(&[]);
    let list = node.shown(&["movement", "print", LIST]);
    assert!(list.contains("<svg") && list.contains(LIST), "{list}");
    let pass = node.shown(&["gate", "print", "Z9931I260602000000000115"]);
    assert!(pass.contains("<svg") && pass.contains("Z9931I260602000000000115"), "{pass}");
    assert_eq!(exit_code(&node.run(&["movement", "print", "NONE"])), Some(3));
}
