//! Nothing inside a book is overdrawn, in any unit; and where nothing is left, nothing is left in every unit
//! (`design.md` 2.2, `RULES.md` 3.5).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, run};
use crate::planted::reading;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Read, Row, Writes};

/// After every command, no counter is negative and no position inside a book is overdrawn.
pub fn never_overdraws(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        all_are_sound(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn all_are_sound(state: &MemoryState) -> Result<(), String> {
    state.rows().try_for_each(|(key, row)| match (key, row) {
        (Key::Position(key), Row::Position(counters)) => is_sound(key, counters),
        _ => Ok(()),
    })
}

fn is_sound(key: &PositionKey, counters: &Counters) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what} in {key:?}: {counters:?}"));
    if Unit::ALL.iter().flat_map(|unit| counters.of_unit(*unit)).any(Quantity::is_negative) {
        return wrong("a negative counter");
    }
    if !key.place.is_inside() {
        return Ok(());
    }
    for measure in [counters.on_hand().unwrap(), counters.available().unwrap()] {
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
