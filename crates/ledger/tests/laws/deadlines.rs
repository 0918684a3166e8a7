//! The index of deadlines is what the documents say, computed from scratch; and what ticks found is written down, once.

use crate::chance::{catches, fixed, holds};
use crate::common::model::{Expected, Model};
use crate::common::run::{Apply, Asked, run, shipped};
use crate::planted::writing;
use std::collections::BTreeSet;
use zonebook_ledger::deadline::{DeadlineKind, DeadlineRow, Standing};
use zonebook_ledger::due;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::state::{Key, MemoryState, Row};
use zonebook_ledger::time::Date;

/// After every command the index has the deadlines that the model finds in its documents, less those whose goods a tick
/// found gone; those are apart that a tick found overdue.
pub fn the_index_is_what_the_documents_say(history: &[Asked], apply: Apply) -> Result<(), String> {
    let mut model = Model::default();
    let mut records = 0;
    for taken in run(history, apply) {
        let found = model.predict(&taken.asked).changed.len();
        let indexed = indexed(&taken.after)?;
        let expected: BTreeSet<Expected> =
            model.expected().into_iter().filter(|expected| !model.watch.gone.contains(expected)).collect();
        let (ours, theirs): (BTreeSet<_>, _) =
            (indexed.iter().map(|(deadline, _)| deadline.clone()).collect(), expected);
        if ours.len() != indexed.len() {
            return Err(format!("after {}: one stands twice", taken.shown()));
        }
        if let Some(wrong) = ours.symmetric_difference(&theirs).next() {
            return Err(format!(
                "after {}: {wrong:?} is {}",
                taken.shown(),
                if ours.contains(wrong) { "too many" } else { "missing" }
            ));
        }
        let overdue: BTreeSet<_> =
            indexed.into_iter().filter(|(_, recorded)| *recorded).map(|(deadline, _)| deadline).collect();
        if let Some(wrong) = overdue.symmetric_difference(&model.watch.recorded).next() {
            return Err(format!("after {}: {wrong:?} is overdue in one and not in the other", taken.shown()));
        }
        let now = due::overdue_records(&taken.after, None, usize::MAX).unwrap().len();
        if now < records || (now == records && found > 0 && is_tick(&taken.asked)) {
            return Err(format!("after {}: {now} records, {records} before", taken.shown()));
        }
        records = now;
    }
    Ok(())
}

fn is_tick(asked: &Asked) -> bool {
    matches!(asked.proposal.command, zonebook_ledger::command::Command::RecordOverdue)
        && asked.proposal.request_id.is_none()
}

/// The rows of the index, and whether each stands among what is overdue.
fn indexed(state: &MemoryState) -> Result<Vec<(Expected, bool)>, String> {
    let mut all = Vec::new();
    for (key, row) in state.rows() {
        let (Key::Deadline(key), Row::Deadline(DeadlineRow { since, recorded_at })) = (key, row) else {
            continue;
        };
        let recorded = key.standing == Standing::Overdue;
        if recorded != recorded_at.is_some_and(|at| at > Revision(0)) {
            return Err(format!("{key:?} says something else than its row"));
        }
        let (book, document) = (key.book_no.to_string(), key.document.to_string());
        all.push(((key.due, key.kind, book, document, key.part, *since), recorded));
    }
    Ok(all)
}

#[test]
fn the_index_of_deadlines_is_what_the_documents_say() {
    holds("the_index_of_deadlines_is_what_the_documents_say", the_index_is_what_the_documents_say);
}

#[test]
fn a_deadline_that_stays_is_caught() {
    let stays = writing(|_, _, _, writes| {
        writes.retain(|key, row| !(matches!(key, Key::Deadline(_)) && row.is_none()));
    });
    catches(the_index_is_what_the_documents_say, &stays);
}

#[test]
fn a_deadline_that_is_a_day_late_is_caught() {
    let late = writing(|_, _, _, writes| {
        let late = std::mem::take(writes).into_iter().map(|(key, row)| match key {
            Key::Deadline(mut key) => {
                key.due = Date(key.due.0 + 1);
                (Key::Deadline(key), row)
            }
            key => (key, row),
        });
        writes.extend(late);
    });
    catches(the_index_is_what_the_documents_say, &late);
}

#[test]
fn a_tick_that_is_not_written_down_is_caught() {
    let silent = writing(|_, _, _, writes| {
        writes.retain(|key, _| !matches!(key, Key::OverdueRecord(_)));
    });
    catches(the_index_is_what_the_documents_say, &silent);
}

/// A law over an index in which a kind never stands would say little. Histories last about a week, so only the kinds
/// that end within it become overdue; the others do by name in `tests/deadlines.rs`.
#[test]
fn every_kind_of_deadline_occurs() {
    let mut seen = BTreeSet::new();
    let mut overdue = BTreeSet::new();
    for taken in (0..1_500).flat_map(|seed| run(&fixed(seed), &shipped)) {
        for key in taken.writes.iter().filter(|(_, row)| row.is_some()).map(|(key, _)| key) {
            if let Key::Deadline(key) = key {
                seen.insert(key.kind);
                if key.standing == Standing::Overdue {
                    overdue.insert(key.kind);
                }
            }
        }
    }
    let missing: Vec<_> = DeadlineKind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(overdue.len() >= 2, "{overdue:?}");
}
