//! Summed over all places, each item's every measure is zero (`design.md` 2.1).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, run};
use crate::planted::{counting, more, stale, writing};
use std::collections::BTreeMap;
use zonebook_ledger::counters::Counter;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::place::Place;
use zonebook_ledger::state::{Key, MemoryState, Row};

/// After every command, what is on hand and what is announced sum up to nothing for each item and measure.
pub fn conserves(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        sums_to_nothing(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn sums_to_nothing(state: &MemoryState) -> Result<(), String> {
    let mut sums: BTreeMap<_, (Measure, Measure)> = BTreeMap::new();
    for (key, row) in state.rows() {
        let (Key::Position(key), Row::Position(counters)) = (key, row) else { continue };
        let (posted, pending) = sums.entry(key.item()).or_default();
        *posted = posted.checked_add(&counters.on_hand().unwrap()).unwrap();
        let announced = counters.increase_pending.checked_sub(&counters.decrease_pending).unwrap();
        *pending = pending.checked_add(&announced).unwrap();
    }
    for (item, (posted, pending)) in sums {
        if !posted.is_zero() || !pending.is_zero() {
            return Err(format!("{item:?} sums up to {posted:?} on hand and {pending:?} announced"));
        }
    }
    Ok(())
}

#[test]
fn goods_are_conserved() {
    holds("goods_are_conserved", conserves);
}

#[test]
fn goods_out_of_nothing_are_caught() {
    let inside = |key: &Key| matches!(key, Key::Position(key) if key.place == Place::Zone);
    let grown = counting(
        move |key, counters| {
            if inside(key) { more(counters, Counter::IncreasePosted) } else { counters }
        },
    );
    catches(conserves, &grown);
}

#[test]
fn positions_read_as_they_were_are_caught() {
    catches(conserves, &stale("Positions"));
}

#[test]
fn a_side_that_is_not_written_is_caught() {
    let one_sided = writing(|_, _, _, writes| {
        writes.retain(|key, _| !matches!(key, Key::Position(key) if key.place == Place::Outside));
    });
    catches(conserves, &one_sided);
}
