//! Nothing inside a book is overdrawn, in any unit; and where nothing is left, nothing is left in every unit
//! (`design.md` 2.2, `RULES.md` 3.5). A position is negative only where an override of customs is recorded, by no more
//! than the lists in force took by it, and they took no more than it says.

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, run, shipped};
use crate::planted::{reading, writing};
use std::collections::BTreeMap;
use zonebook_ledger::command::Command;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::overdraft::OverdraftGiven;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Movements, Read, Row, Writes, get};

/// After every command, no counter is negative and no position inside a book is overdrawn but by recorded overrides.
pub fn never_overdraws(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        all_are_sound(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn all_are_sound(state: &MemoryState) -> Result<(), String> {
    let recorded = recorded(state)?;
    state.rows().try_for_each(|(key, row)| match (key, row) {
        (Key::Position(key), Row::Position(counters)) => is_sound(key, counters, recorded.get(key).copied()),
        _ => Ok(()),
    })
}

/// What lists in force took that was not there, by position; nothing of positions of which others once did. Each of them
/// stands under the newest order of customs about its list, with a reason and a limit that is kept.
fn recorded(state: &MemoryState) -> Result<BTreeMap<PositionKey, i128>, String> {
    let mut recorded: BTreeMap<PositionKey, i128> = BTreeMap::new();
    for (key, row) in state.rows() {
        let (Key::Overdraft(list_no), Row::Overdraft(overdraft)) = (key, row) else { continue };
        for taken in &overdraft.taken {
            let position = &taken.position;
            let within = |given: &OverdraftGiven| {
                let order = &given.order;
                let named = order
                    .goods
                    .iter()
                    .find(|limit| (limit.mark, limit.number) == (position.mark, position.number));
                order.list_no == *list_no
                    && order.book_no == position.book_no
                    && !order.reason.trim().is_empty()
                    && named.is_some_and(|limit| taken.declared <= limit.declared)
            };
            if !overdraft.given.iter().any(within) {
                return Err(format!("{list_no} took {taken:?} without an order: {overdraft:?}"));
            }
            let sum = recorded.entry(position.clone()).or_default();
            *sum += if overdraft.in_force { taken.declared.raw() } else { 0 };
        }
        let list = get::<Movements>(state, list_no.clone()).unwrap();
        let gone = |list: &Movement| matches!(list.state, DocumentState::Withdrawn | DocumentState::Returned);
        if overdraft.in_force && list.is_none_or(|list| gone(&list)) {
            return Err(format!("{list_no} is not there and takes {overdraft:?}"));
        }
    }
    for (key, row) in state.rows() {
        let (Key::Overdrawn(position), Row::Overdrawn(sum)) = (key, row) else { continue };
        let of_lists = recorded.entry(position.clone()).or_default();
        if *of_lists != sum.raw() {
            return Err(format!("{position:?} says {sum}, its lists {of_lists}"));
        }
    }
    Ok(recorded)
}

/// Of a position that an override overdrew the statutory quantities are what documents left.
fn is_sound(key: &PositionKey, counters: &Counters, recorded: Option<i128>) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what} in {key:?}: {counters:?}"));
    if Unit::ALL.iter().flat_map(|unit| counters.of_unit(*unit)).any(Quantity::is_negative) {
        return wrong("a negative counter");
    }
    if !key.place.is_inside() {
        return Ok(());
    }
    for measure in [counters.on_hand().unwrap(), counters.available().unwrap()] {
        if let Some(recorded) = recorded {
            if measure.declared().raw() + recorded < 0 {
                return wrong("an overdraft beyond what is recorded");
            }
            continue;
        }
        if Unit::QUANTITIES.iter().any(|unit| measure.get(*unit).is_negative()) {
            return wrong("an overdraft");
        }
        let statutory = measure.only(&[Unit::Statutory1, Unit::Statutory2]);
        if measure.declared().is_zero() && !statutory.is_zero() {
            return wrong("a rest of a statutory quantity");
        }
    }
    Ok(())
}

#[test]
fn nothing_is_overdrawn() {
    holds("nothing_is_overdrawn", never_overdraws);
}

/// Reads positions without what is reserved, and writes them with it: two lists may reserve the same goods.
#[test]
fn goods_reserved_twice_are_caught() {
    let blind = reading(|_, row| match row {
        Row::Position(mut counters) => {
            counters.decrease_pending = Default::default();
            Some(Row::Position(counters))
        }
        other => Some(other),
    });
    let planted = |state: &MemoryState, asked: &Asked| {
        let (applied, mut writes): (_, Writes) = blind(state, asked);
        for (key, row) in &mut writes {
            if let (Key::Position(_), Some(Row::Position(counters))) = (key, row)
                && let Some(Row::Position(before)) = state.row(key).unwrap()
            {
                let sum = counters.decrease_pending.checked_add(&before.decrease_pending);
                counters.decrease_pending = sum.unwrap();
            }
        }
        (applied, writes)
    };
    catches(never_overdraws, &planted);
}

/// Takes what is not there and does not say by which order.
#[test]
fn an_overdraft_that_nobody_recorded_is_caught() {
    let silent = writing(|_, _, _, writes| {
        writes.retain(|key, _| !matches!(key, Key::Overdraft(_) | Key::Overdrawn(_)));
    });
    let planted = |state: &MemoryState, asked: &Asked| {
        let order = matches!(asked.proposal.command, Command::AllowOverdraft(_));
        if order { shipped(state, asked) } else { silent(state, asked) }
    };
    catches(never_overdraws, &planted);
}
