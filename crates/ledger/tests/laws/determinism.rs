//! The same commands give the same rows and the same digest, on every replica and for ever (`design.md` 2.9).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, last, run};
use crate::planted::{more, writing};
use std::cell::Cell;
use zonebook_ledger::counters::Counter;
use zonebook_ledger::query;
use zonebook_ledger::state::{MemoryState, Row};

/// Two replays from nothing say the same, hold the same rows and have the same digest; and each digest is new.
pub fn replays_are_equal(history: &[Asked], apply: Apply) -> Result<(), String> {
    let (first, second) = (run(history, apply), run(history, apply));
    for (one, other) in first.iter().zip(&second) {
        if one.applied != other.applied {
            return Err(format!("{}: {:?} and then {:?}", one.shown(), one.applied, other.applied));
        }
        if one.writes.iter().ne(other.writes.iter()) {
            return Err(format!("{}: other rows, or in another order", one.shown()));
        }
        let moved_on = digest(&one.before) != digest(&one.after);
        if moved_on == one.applied.repeated {
            return Err(format!("{}: the digest moves with each revision, and only then", one.shown()));
        }
    }
    let (one, other) = (last(&first), last(&second));
    if digest(&one) != digest(&other) || one != other {
        return Err("two replays do not end in the same state".into());
    }
    Ok(())
}

fn digest(state: &MemoryState) -> Option<[u8; 32]> {
    query::head(state).unwrap().map(|head| head.digest)
}

/// The digest tells two histories apart that differ in one counter.
pub fn the_digest_tells(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        let moved = taken.writes.values().any(|row| matches!(row, Some(Row::Position(_))));
        let head = query::head(&taken.after).unwrap().unwrap();
        let event = query::event(&taken.after, head.revision).unwrap().unwrap();
        if event.digest != head.digest {
            return Err(format!("{}: head and event have different digests", taken.shown()));
        }
        if moved && taken.applied.repeated {
            return Err(format!("{}: a repeat moves goods", taken.shown()));
        }
    }
    Ok(())
}

#[test]
fn a_replay_gives_the_same_rows_and_digest() {
    holds("a_replay_gives_the_same_rows_and_digest", replays_are_equal);
}

#[test]
fn head_and_event_have_the_same_digest() {
    holds("head_and_event_have_the_same_digest", the_digest_tells);
}

#[test]
fn a_counter_that_depends_on_the_run_is_caught() {
    let calls = Cell::new(0_u64);
    let drifts = writing(move |_, _, _, writes| {
        calls.set(calls.get() + 1);
        for row in writes.values_mut().flatten() {
            if let (Row::Position(counters), 0) = (row, calls.get() % 7) {
                *counters = more(*counters, Counter::DecreasePosted);
            }
        }
    });
    catches(replays_are_equal, &drifts);
}

#[test]
fn rows_in_another_order_are_caught() {
    let calls = Cell::new(0_u64);
    let shuffles = writing(move |_, _, _, writes| {
        calls.set(calls.get() + 1);
        if calls.get().is_multiple_of(2) {
            writes.reverse();
        }
    });
    catches(replays_are_equal, &shuffles);
}

#[test]
fn a_digest_that_stands_still_is_caught() {
    let still = writing(|state, _, _, writes| {
        let Some(before) = query::head(state).unwrap() else { return };
        for row in writes.values_mut().flatten() {
            if let Row::Head(head) = row {
                let mut changed = (**head).clone();
                changed.digest = before.digest;
                *head = std::sync::Arc::new(changed);
            }
        }
    });
    catches(replays_are_equal, &still);
    catches(the_digest_tells, &still);
}
