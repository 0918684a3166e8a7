//! What is set aside, missing or found is exactly what open disposals, adjustments and tallies have left; and a disposal
//! that is taken back leaves the figures as they were (`domain.md` 3.4 rows 23 to 26 and 30).

use crate::chance::{catches, holds};
use crate::common::dispose::{reject, withdraw};
use crate::common::run::{Apply, Asked, Taken, run, take};
use crate::common::world::loopback;
use crate::planted::writing;
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::disposal::{Disposal, OpenGoods};
use zonebook_ledger::document::{Difference, DisposalKind, NamedGoods};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::state::{Key, MemoryState, Movements, Row, get};

const HELD: [Place; 3] = [Place::AwaitingDestruction, Place::Difference, Place::Surplus];

/// After every command, each of the three places holds what open documents have left in it, and nothing else.
pub fn open_goods_are_where_they_are_said_to_be(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        let (said, held) = (left(&taken.after), held(&taken.after));
        if said != held {
            return Err(format!("after {}: said to be left {said:?}, held {held:?}", taken.shown()));
        }
    }
    Ok(())
}

fn held(state: &MemoryState) -> BTreeMap<PositionKey, Measure> {
    let on_hand = |(key, row): (&Key, &Row)| match (key, row) {
        (Key::Position(key), Row::Position(counters)) if HELD.contains(&key.place) => {
            Some((key.clone(), counters.on_hand().unwrap()))
        }
        _ => None,
    };
    state.rows().filter_map(on_hand).filter(|(_, measure)| !measure.is_zero()).collect()
}

fn left(state: &MemoryState) -> BTreeMap<PositionKey, Measure> {
    let mut left = BTreeMap::new();
    for (_, row) in state.rows() {
        match row {
            Row::Disposal(disposal) => {
                let place = match (disposal.filed.kind.needs_approval(), disposal.state) {
                    (true, DocumentState::Approved) => Place::AwaitingDestruction,
                    (false, DocumentState::Filed) => Place::Difference,
                    _ => continue,
                };
                for (line, open) in disposal.filed.lines.iter().zip(&disposal.open) {
                    add(&mut left, &disposal.filed.book_no, &line.goods, open, place);
                }
            }
            Row::Adjustment(adjustment) if adjustment.state == DocumentState::Filed => {
                for (line, open) in adjustment.filed.lines.iter().zip(&adjustment.open) {
                    let place = match line.difference {
                        Difference::Shortage => Place::Difference,
                        Difference::Surplus => Place::Surplus,
                    };
                    add(&mut left, &adjustment.filed.book_no, &line.goods, open, place);
                }
            }
            Row::Tally(tally) if tally.is_open() => {
                let list = get::<Movements>(state, tally.filed.list_no.clone()).unwrap().unwrap();
                for short in &tally.short {
                    add(&mut left, &list.book_no, &short.named, &short.open, Place::Difference);
                }
            }
            _ => {}
        }
    }
    left.retain(|_, measure| !measure.is_zero());
    left
}

fn add(
    left: &mut BTreeMap<PositionKey, Measure>,
    book_no: &BookNo,
    goods: &NamedGoods,
    open: &OpenGoods,
    place: Place,
) {
    if open.left.is_zero() {
        return;
    }
    let key = PositionKey {
        book_no: book_no.clone(),
        mark: goods.mark,
        number: goods.number,
        lot: open.lot.clone(),
        serial: open.serial.clone(),
        place,
    };
    let sum = left.entry(key).or_default();
    *sum = sum.checked_add(&open.left).unwrap();
}

/// Wherever a command leaves a new disposal waiting for approval, rejecting it or taking it back leads to the figures
/// before it; wherever one approves a destruction for good, taking it back gives everything back.
pub fn taking_back_restores(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        for (key, row) in &taken.writes {
            let (Key::Disposal(number), Some(Row::Disposal(disposal))) = (key, row) else { continue };
            let was_there = taken.before.rows().any(|(other, _)| other == key);
            let waits = disposal.filed.kind.needs_approval() && disposal.state == DocumentState::Filed;
            if waits && !was_there {
                let before = counters(&taken.before);
                for ending in [withdraw(number.as_str()), reject(number.as_str())] {
                    same(&taken, &before, &counters(&carried_out(&taken, ending, apply)?))?;
                }
            }
            if is_approved(disposal) {
                let before = on_hand(&taken.before);
                let after = carried_out(&taken, withdraw(number.as_str()), apply)?;
                same(&taken, &before, &on_hand(&after))?;
            }
        }
    }
    Ok(())
}

fn is_approved(disposal: &Disposal) -> bool {
    disposal.filed.kind == DisposalKind::Destruction && disposal.state == DocumentState::Approved
}

fn same<T: PartialEq + std::fmt::Debug>(taken: &Taken, before: &T, after: &T) -> Result<(), String> {
    if before == after {
        return Ok(());
    }
    Err(format!("{}: taken back it leaves {after:?} of {before:?}", taken.shown()))
}

fn carried_out(taken: &Taken, command: Command, apply: Apply) -> Result<MemoryState, String> {
    let proposal = Proposal { principal: loopback(), request_id: None, ledger_time: None, command };
    let done = take(&taken.after, &Asked { record_time: taken.asked.record_time, proposal }, apply);
    match done.applied.outcome.verdict {
        Verdict::Accepted => Ok(done.after),
        other => Err(format!("after {}: it cannot be taken back: {other:?}", taken.shown())),
    }
}

fn counters(state: &MemoryState) -> BTreeMap<PositionKey, Counters> {
    let of = |(key, row): (&Key, &Row)| match (key, row) {
        (Key::Position(key), Row::Position(row)) if !row.is_zero() => Some((key.clone(), *row)),
        _ => None,
    };
    state.rows().filter_map(of).collect()
}

fn on_hand(state: &MemoryState) -> BTreeMap<PositionKey, Measure> {
    let all = counters(state).into_iter().map(|(key, counters)| (key, counters.on_hand().unwrap()));
    all.filter(|(_, measure)| !measure.is_zero()).collect()
}

#[test]
fn open_goods_are_where_documents_say() {
    holds("open_goods_are_where_documents_say", open_goods_are_where_they_are_said_to_be);
}

#[test]
fn a_disposal_that_is_taken_back_restores_the_figures() {
    holds("a_disposal_that_is_taken_back_restores_the_figures", taking_back_restores);
}

/// Decides on goods and forgets that it did.
#[test]
fn a_decision_that_leaves_the_line_open_is_caught() {
    let forgets = writing(|_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let Row::Disposal(disposal) = row
                && !disposal.decisions.is_empty()
            {
                let mut open = (**disposal).clone();
                open.state = DocumentState::Filed;
                for (line, goods) in open.filed.lines.iter().zip(&mut open.open) {
                    goods.left = line.goods.measure();
                }
                *disposal = Arc::new(open);
            }
        }
    });
    catches(open_goods_are_where_they_are_said_to_be, &forgets);
}

/// Rejects or withdraws a disposal and leaves what it reserved.
#[test]
fn a_disposal_whose_reservation_stays_is_caught() {
    let leaves = writing(|_, _, applied, writes| {
        let gone = |state| matches!(state, DocumentState::Withdrawn | DocumentState::Rejected);
        if applied.outcome.changed.iter().any(|named| gone(named.state)) {
            writes.retain(|key, _| !matches!(key, Key::Position(_)));
        }
    });
    catches(taking_back_restores, &leaves);
}
