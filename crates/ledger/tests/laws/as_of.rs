//! The figures of any past moment are those that a replay stopped there holds (`design.md` 2.8, 7).

use crate::chance::{catches, holds};
use crate::common::agreement::figures;
use crate::common::model::Model;
use crate::common::run::{Apply, Asked, Taken, last, run};
use crate::planted::{more, twice, writing};
use std::sync::Arc;
use zonebook_ledger::behaviour::BehaviourChange;
use zonebook_ledger::counters::{Counter, Counters};
use zonebook_ledger::event::{Event, JournalRow};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::reference::{On, ReferenceKey, in_force};
use zonebook_ledger::state::{Key, MemoryState, Row};
use zonebook_ledger::time::{Date, Instant};

/// At the end of a history, the journal tells the figures after each revision and before each moment, as a replay and
/// as the model's list of transfers have them; and its last row is the position as it stands.
pub fn the_past_is_kept(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let end = last(&taken);
    let mut model = Model::default();
    history.iter().for_each(|asked| {
        model.predict(asked);
    });
    let mut stops: Vec<Stop> = Vec::new();
    for taken in taken.iter().filter(|taken| !taken.applied.repeated) {
        let balances = balances(&taken.after, Moment::Now);
        stops.push(Stop { revision: taken.applied.revision, time: taken.applied.ledger_time, balances });
    }
    for stop in &stops {
        let told = balances(&end, Moment::After(stop.revision));
        if told != stop.balances {
            return Err(format!(
                "after {:?}: the journal tells {told:?}, not {:?}",
                stop.revision, stop.balances
            ));
        }
        for (key, counters) in &told {
            let summed = model.shelf.figures_after(key, stop.revision.0);
            if figures(counters) != summed {
                return Err(format!("{key:?} after {:?}: {counters:?}, not {summed:?}", stop.revision));
            }
        }
        // Everything before its time, and everything before the next millisecond.
        for instant in [stop.time, Instant(stop.time.0 + 1)] {
            let last = stops.iter().rfind(|other| other.time < instant);
            let told = balances(&end, Moment::Before(instant));
            if told != last.map_or(Vec::new(), |last| last.balances.clone()) {
                return Err(format!("before {instant:?}: {told:?} is not what a replay stopped there holds"));
            }
        }
    }
    statements_end_where_positions_are(&end)
}

/// A replay that is stopped after a revision.
struct Stop {
    revision: Revision,
    time: Instant,
    balances: Vec<(PositionKey, Counters)>,
}

fn balances(state: &MemoryState, moment: Moment) -> Vec<(PositionKey, Counters)> {
    query::positions(state, &PositionFilter::default(), None, usize::MAX, moment).unwrap()
}

fn statements_end_where_positions_are(state: &MemoryState) -> Result<(), String> {
    for (key, row) in state.rows() {
        let (Key::Position(key), Row::Position(counters)) = (key, row) else { continue };
        let all = (Revision(0), Revision(u64::MAX));
        let rows = query::statement(state, key, all, None, usize::MAX).unwrap();
        let told = rows.last().map(|row| row.row.after);
        if told != Some(*counters) {
            return Err(format!("{key:?} holds {counters:?}, its last journal row says {told:?}"));
        }
    }
    Ok(())
}

/// What is known of reference data after each revision is known of that revision for ever, whatever is imported later.
fn what_was_known_stays_known(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let end = last(&taken);
    let keys: Vec<ReferenceKey> = end
        .rows()
        .filter_map(|(key, _)| if let Key::Reference(key) = key { Some(key.clone()) } else { None })
        .collect();
    // Before the behaviour that keeps them, rows that were replaced are lost.
    let kept = |taken: &&Taken| {
        let behaviour = query::head(&taken.after).unwrap().map_or(0, |head| head.behaviour);
        !taken.applied.repeated && BehaviourChange::ReferencesKept.holds(behaviour)
    };
    for then in taken.iter().filter(kept) {
        for key in &keys {
            // The day itself, and the day before, for which another row may hold.
            for day in [key.from, Date(key.from.0 - 1)] {
                let known = On { day, known: then.applied.revision };
                let said = in_force(&then.after, key.kind, &key.code, On::now(day)).unwrap();
                let told = in_force(&end, key.kind, &key.code, known).unwrap();
                if told != said {
                    return Err(format!("{}: {key:?} was {said:?}, and is told as {told:?}", then.shown()));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn reference_rows_of_the_past_stay_known() {
    holds("reference_rows_of_the_past_stay_known", what_was_known_stays_known);
}

#[test]
fn a_former_reference_row_that_is_lost_is_caught() {
    let forgets = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::FormerReference(_))));
    catches(what_was_known_stays_known, &forgets);
}

#[test]
fn the_past_can_be_asked_for() {
    holds("the_past_can_be_asked_for", the_past_is_kept);
}

#[test]
fn a_change_of_a_counter_made_twice_is_caught() {
    catches(the_past_is_kept, &twice());
}

#[test]
fn a_journal_row_that_is_lost_is_caught() {
    let loses = writing(|_, _, _, writes| {
        if let Some(at) = writes.keys().position(|key| matches!(key, Key::Journal(_))) {
            writes.shift_remove_index(at);
        }
    });
    catches(the_past_is_kept, &loses);
}

#[test]
fn a_journal_row_with_other_counters_is_caught() {
    let wrong = writing(|_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let Row::Journal(row) = row {
                let after = more(row.after, Counter::DecreasePosted);
                *row = Arc::new(JournalRow { after, ..(**row).clone() });
            }
        }
    });
    catches(the_past_is_kept, &wrong);
}

#[test]
fn an_event_at_another_time_is_caught() {
    let late = writing(|_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let Row::Event(event) = row {
                let ledger_time = Instant(event.ledger_time.0 + 5);
                *event = Arc::new(Event { ledger_time, ..(**event).clone() });
            }
        }
    });
    catches(the_past_is_kept, &late);
}
