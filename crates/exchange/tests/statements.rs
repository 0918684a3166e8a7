//! Statements as files: the same bytes each time and on a later ledger, with every figure and all Chinese text in them.

mod common;

use common::replay::{Replay, ZONE, statement as file};
use miniz_oxide::inflate::decompress_to_vec_zlib;
use std::collections::BTreeMap;
use zonebook_exchange::statement::FileForm;
use zonebook_ledger::code::{BookNo, CustomsNo};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::time::LocalTime;
use zonebook_reconcile::statement::{Asked, Holder, Piece, Statement};

/// A storage book of the month, and its owner.
const BOOK: &str = "T9931W000001";
const OWNER: &str = "99316A3156";

fn asked(holder: Holder, revision: Option<Revision>) -> Asked {
    let time = |text| Moment::Before(ZONE.instant(LocalTime::parse(text).unwrap()));
    Asked { holder, from: time("2026-06-04"), to: time("2026-06-21"), revision, pending: true }
}

fn book() -> Holder {
    Holder::Book(BookNo::new(BOOK).unwrap())
}

/// The text of a PDF's pages, each text object on a line of its own.
fn pages(pdf: &[u8]) -> Vec<String> {
    let find = |from: usize, what: &[u8]| {
        let rest = &pdf[from..];
        rest.windows(what.len()).position(|window| window == what).map(|at| from + at)
    };
    let (mut at, mut streams) = (0, Vec::new());
    while let Some(begin) = find(at, b"\nstream\n") {
        let begin = begin + b"\nstream\n".len();
        let end = find(begin, b"\nendstream").unwrap();
        streams.push(shown(&decompress_to_vec_zlib(&pdf[begin..end]).unwrap()));
        at = end;
    }
    streams.chunks(2).map(<[String]>::concat).collect()
}

/// What the operators `Tj` of a page show: Latin as it is, Chinese in UTF-16.
fn shown(content: &[u8]) -> String {
    let mut text = String::new();
    let (mut chinese, mut at) = (false, 0);
    while at < content.len() {
        match content[at] {
            b'/' => {
                chinese = content[at + 1] == b'C';
                at += 2;
            }
            b'(' => {
                let mut bytes = Vec::new();
                at += 1;
                while content[at] != b')' {
                    if content[at] == b'\\' {
                        at += 1;
                    }
                    bytes.push(content[at]);
                    at += 1;
                }
                text.push_str(&read(&bytes, chinese));
                at += 1;
            }
            b'<' => {
                let end = at + content[at..].iter().position(|byte| *byte == b'>').unwrap();
                let digits = std::str::from_utf8(&content[at + 1..end]).unwrap();
                let bytes: Vec<u8> = (0..digits.len() / 2)
                    .map(|byte| u8::from_str_radix(&digits[byte * 2..byte * 2 + 2], 16).unwrap())
                    .collect();
                text.push_str(&read(&bytes, chinese));
                at = end + 1;
            }
            b'E' if content[at..].starts_with(b"ET") => {
                text.push('\n');
                at += 2;
            }
            _ => at += 1,
        }
    }
    text
}

fn read(bytes: &[u8], chinese: bool) -> String {
    if !chinese {
        return String::from_utf8(bytes.to_vec()).unwrap();
    }
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap()
}

#[test]
fn the_same_request_at_the_same_revision_gives_the_same_bytes() {
    let mut replay = Replay::new("month-a");
    let deliveries = replay.deliveries();
    let (first, rest) = deliveries.split_at(deliveries.len() * 3 / 4);
    for delivery in first {
        replay.feed("month-a", delivery);
    }
    let revision = query::revision(&replay.state).unwrap();
    let then = replay.state.clone();
    for delivery in rest {
        replay.feed("month-a", delivery);
    }
    for holder in [book(), Holder::Party(CustomsNo::new(OWNER).unwrap())] {
        for form in FileForm::ALL {
            let bytes = file(&then, asked(holder.clone(), None), form);
            assert!(bytes == file(&then, asked(holder.clone(), None), form), "{form:?} twice");
            let later = file(&replay.state, asked(holder.clone(), Some(revision)), form);
            assert!(bytes == later, "{form:?} on a later ledger");
        }
        let csv = |revision| file(&replay.state, asked(holder.clone(), revision), FileForm::Csv);
        assert!(csv(None) != csv(Some(revision)), "a later revision tells more");
    }
}

#[test]
fn csv_adds_up_position_by_position() {
    let replay = Replay::fed("month-a");
    let bytes = file(&replay.state, asked(book(), None), FileForm::Csv);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let [head, from, to] = &rows[..3] else { panic!("no head") };
    assert_eq!([&head["record"], &from["record"], &to["record"]], ["STATEMENT", "FROM", "TO"]);
    assert_eq!(head["digest"].len(), 64);
    assert_eq!(from["time"], "2026-06-04 00:00:00");
    let mut movements = 0;
    for (received, given, balance) in [
        ("in", "out", "balance"),
        ("in1", "out1", "balance1"),
        ("in2", "out2", "balance2"),
        ("in_usd", "out_usd", "balance_usd"),
    ] {
        let figure =
            |row: &BTreeMap<String, String>, column: &str| Quantity::parse_amount(&row[column]).unwrap();
        let mut running = Quantity::ZERO;
        for row in &rows[3..] {
            match row["record"].as_str() {
                "OPENING" => running = figure(row, balance),
                "MOVEMENT" => {
                    movements += 1;
                    running = running.checked_add(figure(row, received)).unwrap();
                    running = running.checked_sub(figure(row, given)).unwrap();
                    assert_eq!(figure(row, balance), running, "{row:?}");
                }
                "CLOSING" => assert_eq!(figure(row, balance), running, "{row:?}"),
                other => panic!("{other}"),
            }
        }
    }
    assert!(movements > 40, "{movements}");
}

#[test]
fn pages_carry_every_figure_and_say_what_they_rest_on() {
    let replay = Replay::fed("month-a");
    let request = || asked(Holder::Party(CustomsNo::new(OWNER).unwrap()), None);
    let mut statement = Statement::open(&replay.state, request()).unwrap();
    let pages = pages(&file(&replay.state, request(), FileForm::Pdf));
    let digest: String = statement.head().digest.iter().map(|byte| format!("{byte:02x}")).collect();
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("保税账册对账单"), "{page}");
        assert!(page.contains(statement.head().name_zh.as_str()) && page.contains(&digest), "{page}");
        assert!(page.contains(&format!("第 {} 页 共 {} 页", at + 1, pages.len())), "{page}");
    }
    assert!(pages.len() > 1);
    // Text objects come in the order in which they are read.
    let all = pages.concat();
    let mut lines = all.lines();
    loop {
        let pieces = statement.pieces(&replay.state, 100).unwrap();
        if pieces.is_empty() {
            break;
        }
        for piece in pieces {
            let wanted = match piece {
                Piece::Opening(section) => {
                    section.goods.map_or(String::new(), |goods| goods.name.to_string())
                }
                Piece::Row(row) => row.document.to_string(),
                Piece::Closing(closing) => closing.counters.on_hand().unwrap().declared().to_string(),
            };
            assert!(lines.any(|line| line.contains(&wanted)), "{wanted} is missing");
        }
    }
}
