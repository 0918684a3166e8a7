//! The bytes at rest of one value of every kind, as they were committed. A difference is a change of format.
//!
//! `ZONEBOOK_REWRITE_GOLDEN=1` writes the file anew, for a change that is meant (`design.md` 7).

mod common;

use common::{Seed, keys, rows};
use std::fmt::Write;
use std::path::Path;
use zonebook_codec::envelope::{self, Kind};
use zonebook_codec::{key, row};

/// All kinds of envelope; a new kind belongs here.
const KINDS: [Kind; 9] = [
    Kind::LogEntry,
    Kind::Vote,
    Kind::LogMark,
    Kind::StateMark,
    Kind::PeerFrame,
    Kind::Manifest,
    Kind::ArchiveSegment,
    Kind::Identity,
    Kind::Backup,
];

fn seeds() -> [(&'static str, Seed); 2] {
    let full = Seed {
        code: "T1/".into(),
        text: "保税 \u{1}\0".into(),
        number: 7_000_001,
        raw: 123_456_789,
        full: true,
    };
    let sparse = Seed { code: "A".into(), text: String::new(), number: 0, raw: -1, full: false };
    [("full", full), ("sparse", sparse)]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn current() -> Vec<String> {
    let mut lines = Vec::new();
    for kind in KINDS {
        lines.push(format!("envelope {kind:?} {}", hex(&envelope::seal(kind, b"payload"))));
    }
    for (name, seed) in seeds() {
        let keys = keys(&seed);
        for key in &keys {
            lines.push(format!("key {} {name} {}", key.table(), hex(&key::encode(key))));
        }
        for ((table, row), key) in rows(&seed).iter().zip(&keys) {
            assert_eq!(
                key::encode(key).first(),
                Some(table),
                "{}: one row and one key of each table",
                key.table()
            );
            lines.push(format!("row {} {name} {}", key.table(), hex(&row::encode(row).unwrap())));
        }
    }
    lines
}

#[test]
fn bytes_at_rest_are_those_that_were_committed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden.txt");
    let current = current();
    if std::env::var_os("ZONEBOOK_REWRITE_GOLDEN").is_some() {
        std::fs::write(&file, current.join("\n") + "\n").unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    let committed: Vec<&str> = committed.lines().collect();
    let gone = committed.iter().filter(|line| !current.iter().any(|now| now == *line));
    let new = current.iter().filter(|line| !committed.contains(&line.as_str()));
    let difference: Vec<String> =
        gone.map(|line| format!("- {line}")).chain(new.map(|line| format!("+ {line}"))).collect();
    assert!(difference.is_empty(), "formats differ from tests/golden.txt:\n{}", difference.join("\n"));
    assert_eq!(committed, current, "the order of tests/golden.txt differs");
}

#[test]
fn every_table_has_a_row_and_a_key() {
    for (_, seed) in seeds() {
        let tables: Vec<u8> = rows(&seed).iter().map(|(table, _)| *table).collect();
        assert_eq!(tables, (key::table::HEAD..=key::table::CONSUMPTION_STANDING).collect::<Vec<u8>>());
        assert_eq!(keys(&seed).len(), tables.len());
    }
}
