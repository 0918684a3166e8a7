//! The ledger says and does what the naive model says and does: verdict, reason, state, documents named, every counter.

use crate::chance::{catches, holds};
use crate::common::model::{Figures, Model, Prediction, Verdict};
use crate::common::run::{Apply, Asked, Taken, run};
use crate::planted::{blind_to, counting, more, reading, twice, writing};
use std::sync::Arc;
use zonebook_ledger::counters::{Counter, Counters};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::movement::Movement;
use zonebook_ledger::outcome;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{MemoryState, Passes, Row, get};
use zonebook_ledger::time::LocalTime;

/// After every command both have said the same and hold the same.
pub fn agrees_with_the_model(history: &[Asked], apply: Apply) -> Result<(), String> {
    let mut model = Model::default();
    for taken in run(history, apply) {
        let predicted = model.predict(&taken.asked);
        same("outcome", &said(&taken), &predicted).map_err(|why| format!("{}: {why}", taken.shown()))?;
        holds_the_same(&taken.after, &model).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ledger: &T, model: &T) -> Result<(), String> {
    if ledger == model {
        return Ok(());
    }
    Err(format!("{what}: the ledger has {ledger:?}, the model {model:?}"))
}

fn said(taken: &Taken) -> Prediction {
    let outcome = &taken.applied.outcome;
    Prediction {
        revision: taken.applied.revision.0,
        repeated: taken.applied.repeated,
        verdict: match &outcome.verdict {
            outcome::Verdict::Accepted => Verdict::Accepted,
            outcome::Verdict::Refused(refusal) => Verdict::Refused(refusal.reason),
            outcome::Verdict::Duplicate => Verdict::Duplicate,
        },
        state: outcome.state,
        changed: outcome.changed.iter().map(|named| (named.document.to_string(), named.state)).collect(),
    }
}

fn raw(measure: &Measure) -> [i128; 4] {
    Unit::ALL.map(|unit| measure.get(unit).raw())
}

pub fn figures(counters: &Counters) -> Figures {
    Figures {
        increase_pending: raw(&counters.increase_pending),
        increase_posted: raw(&counters.increase_posted),
        decrease_pending: raw(&counters.decrease_pending),
        decrease_posted: raw(&counters.decrease_posted),
    }
}

fn holds_the_same(state: &MemoryState, model: &Model) -> Result<(), String> {
    let head = query::head(state).unwrap().unwrap();
    same("record time", &head.record_time, &model.record_time)?;
    same("ledger time", &head.ledger_time, &model.ledger_time)?;
    same("migration", &head.in_migration, &model.in_migration)?;
    same_counters(state, model)?;
    same_lots(state, model)?;
    same_lists(state, model)?;
    same_books(state, model)?;
    for pass in &model.shelf.passes {
        let number = pass.filing.pass_no.clone();
        let ours = get::<Passes>(state, number).unwrap().map(|pass| pass.state);
        same(pass.filing.pass_no.as_str(), &ours, &Some(pass.state))?;
    }
    Ok(())
}

fn same_counters(state: &MemoryState, model: &Model) -> Result<(), String> {
    let all = PositionFilter::default();
    let ours = query::positions(state, &all, None, usize::MAX, Moment::Now).unwrap();
    let ours: Vec<_> = ours.into_iter().map(|(key, counters)| (key, figures(&counters))).collect();
    let theirs: Vec<_> = model
        .shelf
        .positions()
        .into_iter()
        .map(|key| (key.clone(), model.shelf.figures(&key)))
        .filter(|(_, figures)| *figures != Figures::default())
        .collect();
    match ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs) {
        Some((ours, theirs)) => same("balance", ours, theirs),
        None => same("number of balances", &ours.len(), &theirs.len()),
    }
}

/// Which lots are where, with what is reserved of each.
fn same_lots(state: &MemoryState, model: &Model) -> Result<(), String> {
    for book in &model.shelf.books {
        let ours = query::lots(state, &book.filing.book_no, None, None, usize::MAX).unwrap();
        let ours: Vec<_> = ours
            .into_iter()
            .map(|row| {
                let layer = (raw(&row.layer.remaining), raw(&row.layer.reserved), row.layer.expires);
                (row.key.stack.position(), row.key.id.lot.to_string(), layer)
            })
            .collect();
        let mut theirs = Vec::new();
        for position in model.shelf.positions() {
            if position.book_no == book.filing.book_no && position.place.keeps_lots() {
                theirs.extend(model.shelf.lots(&position).into_iter().map(|there| {
                    let layer = (there.part.moved, there.reserved, there.part.expires);
                    (position.clone(), there.part.lot, layer)
                }));
            }
        }
        same("lots", &ours, &theirs)?;
    }
    Ok(())
}

fn same_lists(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours = query::movements(state, None, None, usize::MAX).unwrap();
    same("number of lists", &ours.len(), &model.shelf.lists.len())?;
    for list in ours {
        let number = list.list_no.as_str();
        let Some(theirs) = model.shelf.list(number) else { return Err(format!("nobody filed {number}")) };
        same(number, &list.state, &theirs.state)?;
        same(number, &list.version, &theirs.version)?;
        same(number, &list.lines, &(theirs.content.lines.len() as u64))?;
        same(number, &list.prevd_time, &theirs.prevd_time)?;
        same(number, &list.posted_time, &theirs.posted_time)?;
        same(number, &list.withdrawn_time, &theirs.withdrawn_time)?;
        same(number, &list.release_time, &theirs.release_time)?;
        same(number, &list.gate_time, &theirs.gate_time)?;
        same(number, &list.partner, &theirs.partner)?;
    }
    Ok(())
}

fn same_books(state: &MemoryState, model: &Model) -> Result<(), String> {
    for book in &model.shelf.books {
        let ours: Vec<_> = query::items(state, &book.filing.book_no, None, usize::MAX)
            .unwrap()
            .into_iter()
            .map(|(key, item)| {
                let item = (*item).clone();
                (key.mark, key.number, item.part_no, item.tariff_code, item.units, item.lot, item.stops)
            })
            .collect();
        let mut theirs: Vec<_> = book
            .rows
            .iter()
            .cloned()
            .map(|row| (row.mark, row.number, row.part, row.tariff, row.units, row.lot, row.stops))
            .collect();
        theirs.sort_by_key(|row| (row.0, row.1));
        same("items", &ours, &theirs)?;
    }
    Ok(())
}

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
