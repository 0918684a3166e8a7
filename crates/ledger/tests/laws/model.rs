//! The ledger agrees with the naive model, and a ledger that is a little wrong does not.

use crate::chance::{catches, holds};
use crate::common::agreement::agrees_with_the_model;
use crate::common::run::Asked;
use crate::planted::{blind_to, counting, more, reading, twice, writing};
use std::sync::Arc;
use zonebook_ledger::counters::Counter;
use zonebook_ledger::movement::Movement;
use zonebook_ledger::state::{MemoryState, Row};
use zonebook_ledger::time::LocalTime;

#[test]
fn the_ledger_agrees_with_the_model() {
    holds("the_ledger_agrees_with_the_model", agrees_with_the_model);
}

#[test]
fn a_counter_with_a_little_more_is_caught() {
    catches(agrees_with_the_model, &counting(|_, counters| more(counters, Counter::IncreasePending)));
}

#[test]
fn a_change_of_a_counter_made_twice_is_caught() {
    catches(agrees_with_the_model, &twice());
}

/// Withdraws or posts the content of a list as it was before it was changed.
#[test]
fn an_old_reservation_that_is_taken_for_the_new_one_is_caught() {
    let old = reading(|_, row| match row {
        Row::Movement(list) => {
            let content_version = 0;
            Some(Row::Movement(Arc::new(Movement { content_version, ..(*list).clone() })))
        }
        other => Some(other),
    });
    catches(agrees_with_the_model, &old);
}

#[test]
fn a_stop_that_is_not_seen_is_caught() {
    let ignored = reading(|_, row| match row {
        Row::Item(item) => {
            let mut item = (*item).clone();
            item.stops = Default::default();
            Some(Row::Item(Arc::new(item)))
        }
        other => Some(other),
    });
    catches(agrees_with_the_model, &ignored);
}

#[test]
fn a_report_that_came_early_and_was_lost_is_caught() {
    catches(agrees_with_the_model, &blind_to("Held"));
}

#[test]
fn gate_progress_that_is_lost_is_caught() {
    catches(agrees_with_the_model, &blind_to("Progress"));
}

#[test]
fn a_claim_on_a_bill_that_is_lost_is_caught() {
    catches(agrees_with_the_model, &blind_to("Bills"));
}

#[test]
fn what_a_buyer_spent_that_is_lost_is_caught() {
    catches(agrees_with_the_model, &blind_to("Buyers"));
}
#[test]
fn what_is_undone_and_forgotten_is_caught() {
    catches(agrees_with_the_model, &blind_to("UndoneLines"));
}

#[test]
fn a_time_of_the_gate_that_is_wrong_is_caught() {
    let late = writing(|_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let Row::Movement(list) = row {
                let gate_time = list.gate_time.map(|time| LocalTime(time.0 + 1));
                *list = Arc::new(Movement { gate_time, ..(**list).clone() });
            }
        }
    });
    catches(agrees_with_the_model, &late);
}

#[test]
fn a_document_that_is_not_named_is_caught() {
    let silent = |state: &MemoryState, asked: &Asked| {
        let (mut applied, writes) = crate::common::run::shipped(state, asked);
        if applied.outcome.changed.len() > 1 {
            applied.outcome.changed.pop();
        }
        (applied, writes)
    };
    catches(agrees_with_the_model, &silent);
}
