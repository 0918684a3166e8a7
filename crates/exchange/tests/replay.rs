//! The sample months, replayed through the ledger: every outcome, every list, every figure is the expected one.
//!
//! The tables are built from what the ledger answers and compared with the `expected/` folder byte for byte.

mod common;

use common::MONTHS;
use common::replay::{Replay, SHOWN, time};
use std::collections::HashSet;
use zonebook_exchange::manifest::ManifestRow;

/// The first rows that only one of two tables has; nothing when they are the same.
fn difference(expected: &str, found: &str) -> String {
    let only = |these: &str, others: &str, sign: char| {
        let others: HashSet<&str> = others.lines().collect();
        let missing: Vec<String> =
            these.lines().filter(|row| !others.contains(row)).map(|row| format!("{sign} {row}")).collect();
        let rest = missing.len().saturating_sub(SHOWN);
        let more = (rest > 0).then(|| format!("{sign} ... and {rest} more"));
        missing.into_iter().take(SHOWN).chain(more).collect::<Vec<_>>()
    };
    if expected == found {
        return String::new();
    }
    let rows = [only(expected, found, '-'), only(found, expected, '+')].concat();
    if rows.is_empty() { "the same rows in another order".into() } else { rows.join("\n") }
}

/// Compares all tables of a month, and shows for each how it differs.
fn assert_expected(replay: &Replay) {
    let mut wrong = String::new();
    for (file, found) in replay.tables() {
        let expected = String::from_utf8(replay.read(&format!("expected/{file}"))).unwrap();
        let difference = difference(&expected, &found);
        if !difference.is_empty() {
            wrong.push_str(&format!("\n{}: {file} (- expected, + found)\n{difference}\n", replay.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n{:#?}", replay.refusals());
}

#[test]
fn the_storage_month_comes_out_as_expected() {
    assert_expected(&Replay::fed("month-s"));
}

#[test]
fn the_mixed_month_comes_out_as_expected() {
    assert_expected(&Replay::fed("month-a"));
}

#[test]
fn the_same_deliveries_again_change_nothing() {
    for name in MONTHS {
        let mut replay = Replay::fed(name);
        let (state, tables) = (replay.state.clone(), replay.tables());
        for delivery in replay.deliveries() {
            let applied = replay.feed(name, &delivery);
            assert!(applied.repeated, "{name}: {}: {applied:?}", delivery.file);
        }
        assert!(replay.state == state, "{name}: the state has changed");
        assert_eq!(replay.tables(), tables, "{name}");
    }
}

#[test]
fn the_same_messages_from_elsewhere_move_no_goods() {
    for name in MONTHS {
        let mut replay = Replay::fed(name);
        let tables = replay.tables();
        for delivery in replay.deliveries() {
            let last = ManifestRow { arrived_at: time("2026-07-02"), ..delivery };
            let applied = replay.feed("elsewhere", &last);
            assert!(!applied.outcome.is_accepted(), "{name}: {}: {applied:?}", last.file);
        }
        assert_eq!(replay.tables(), tables, "{name}");
    }
}

#[test]
fn a_difference_shows_the_rows_that_differ() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), "");
    assert_eq!(difference("a\nb\n", "a\nc\nd\n"), "- b\n+ c\n+ d");
    assert_eq!(difference("a\nb\n", "b\na\n"), "the same rows in another order");
    let long: String = (0..SHOWN + 3).map(|row| format!("{row}\n")).collect();
    assert!(difference(&long, "").ends_with("- ... and 3 more"));
}

#[test]
fn the_months_are_whole() {
    for name in MONTHS {
        let replay = Replay::new(name);
        let messages = std::fs::read_dir(replay.folder.join("messages")).unwrap().count();
        assert_eq!(replay.deliveries().len(), messages, "{name}");
        assert!(replay.folder.join("expected/boundary.csv").exists(), "{name}");
    }
}
