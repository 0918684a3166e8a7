//! The sample months, replayed through the ledger: every outcome, every list, every figure is the expected one.
//!
//! The tables are built from what the ledger answers and compared with the `expected/` folder byte for byte.

mod common;

use common::MONTHS;
use common::replay::{Replay, SHOWN, ZONE, statement, time};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use zonebook_exchange::manifest::ManifestRow;
use zonebook_exchange::statement::FileForm;
use zonebook_ledger::command::Command;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::{Key, Row};
use zonebook_reconcile::count::reckon;
use zonebook_reconcile::difference::{Charge, differences};
use zonebook_reconcile::statement::{Asked, Holder};
use zonebook_reconcile::verification::{self, Counted, Period};

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

/// Every report of a month by name: its tables, the statement of each book in each form, what is recorded of the differences
/// of its count, and the figures of each verification.
fn reports(replay: &Replay) -> BTreeMap<String, Vec<u8>> {
    let state = &replay.state;
    let tables = replay.tables().map(|(name, text)| (name.to_owned(), text.into_bytes()));
    let mut reports = BTreeMap::from(tables);
    let end = query::revision_at(state, Moment::Before(ZONE.instant(time("2026-07-01")))).unwrap();
    let counted = replay.counted();
    for (key, row) in state.rows() {
        let (Key::Book(number), Row::Book(book)) = (key, row) else { continue };
        let from = Moment::Before(ZONE.instant(time("2026-06-01")));
        let asked = || Asked {
            holder: Holder::Book(number.clone()),
            from,
            to: Moment::After(end),
            revision: Some(end),
            pending: true,
        };
        for (form, name) in [(FileForm::Csv, "csv"), (FileForm::Xlsx, "xlsx"), (FileForm::Pdf, "pdf")] {
            reports.insert(format!("statement of {number}.{name}"), statement(state, asked(), form));
        }
        let counted: Vec<_> = counted.iter().filter(|row| row.book_no == *number).cloned().collect();
        let rows = reckon(state, Moment::After(end), &counted).unwrap();
        let found = differences(state, book, end, &rows, &Charge::default()).unwrap();
        reports.insert(format!("differences of {number}"), format!("{found:#?}").into_bytes());
        let figures = verification::of_book(
            state,
            number,
            &Period::of(state, (None, None), None, Some(end)).unwrap(),
            &Counted::new(),
        );
        reports.insert(format!("verification of {number}"), format!("{:#?}", figures.unwrap()).into_bytes());
    }
    reports
}

/// The names of reports that differ.
fn changed(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[test]
fn a_replay_gives_the_same_bytes_of_every_report() {
    for name in MONTHS {
        let original = Replay::fed(name);
        let told = reports(&original);
        assert!(told.len() > 20, "{name}: {:?}", told.keys());
        assert_eq!(changed(&told, &reports(&original.replayed(&original.log))), [""; 0], "{name}");
    }
}

/// A history that lacks one message tells something else: reports do not agree because they say nothing.
#[test]
fn a_replay_that_lacks_a_message_gives_other_reports() {
    let original = Replay::fed("month-a");
    let told = reports(&original);
    let posted =
        original.log.iter().rposition(|(_, proposal)| matches!(proposal.command, Command::Receive(_)));
    let mut short = original.log.clone();
    short.remove(posted.unwrap() / 2);
    let changed = changed(&told, &reports(&original.replayed(&short)));
    assert!(changed.contains(&"outcomes.csv".to_owned()), "{changed:?}");
    let of =
        |begin: &str, end: &str| changed.iter().any(|name| name.starts_with(begin) && name.ends_with(end));
    // The digest that a statement rests on is in each of its forms.
    assert!([".csv", ".xlsx", ".pdf"].into_iter().all(|form| of("statement of ", form)), "{changed:?}");
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
