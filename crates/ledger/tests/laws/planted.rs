//! Bugs planted in a wrapper around the shipped `apply`: in what it reads, or in what it writes.

use crate::common::run::{Asked, shipped};
use std::cell::RefCell;
use zonebook_ledger::apply::apply;
use zonebook_ledger::counters::{Counter, Counters};
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Applied;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Order, Read, Row, Visit, Writes};

/// Changes what the shipped `apply` writes.
pub fn writing(
    change: impl Fn(&MemoryState, &Asked, &Applied, &mut Writes),
) -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    move |state, asked| {
        let (applied, mut writes) = shipped(state, asked);
        change(state, asked, &applied, &mut writes);
        (applied, writes)
    }
}

/// Changes the counters of the positions that the shipped `apply` writes.
pub fn counting(
    change: impl Fn(&Key, Counters) -> Counters,
) -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    writing(move |_, _, _, writes| {
        for (key, row) in writes.iter_mut() {
            if let Some(Row::Position(counters)) = row {
                *counters = change(key, *counters);
            }
        }
    })
}

/// Writes each change of a position twice: the sums over all places stay as they must be.
pub fn twice() -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    writing(|state, _, _, writes| {
        for (key, row) in writes {
            let Some(Row::Position(after)) = row else { continue };
            let Ok(Some(Row::Position(before))) = state.row(key) else { continue };
            let again = |after: Measure, before: Measure| {
                after.checked_sub(&before).and_then(|change| after.checked_add(&change)).unwrap()
            };
            *after = Counters {
                increase_pending: again(after.increase_pending, before.increase_pending),
                increase_posted: again(after.increase_posted, before.increase_posted),
                decrease_pending: again(after.decrease_pending, before.decrease_pending),
                decrease_posted: again(after.decrease_posted, before.decrease_posted),
            };
        }
    })
}

/// Reads the rows of one table as they were some commands before.
pub fn stale(table: &'static str) -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    let kept = RefCell::new((0_u64, MemoryState::default()));
    move |state, asked| {
        let mut kept = kept.borrow_mut();
        let (calls, old) = &mut *kept;
        // A history begins with an empty state.
        if calls.is_multiple_of(3) || state.rows().next().is_none() {
            *old = state.clone();
        }
        *calls += 1;
        let see = |key: &Key, row: Row| {
            if key.table() == table { old.row(key).unwrap_or_default() } else { Some(row) }
        };
        reading(see)(state, asked)
    }
}

/// One hundred-thousandth of a declared quantity.
pub fn least() -> Measure {
    Measure::new(Quantity::from_raw(1), Quantity::ZERO, Quantity::ZERO, Quantity::ZERO)
}

/// A counter with a little more in it.
pub fn more(counters: Counters, counter: Counter) -> Counters {
    counters.changed(counter, &least(), false).unwrap()
}

/// Does not write the rows of one table.
pub fn forgetting(table: &'static str) -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    writing(move |_, _, _, writes| writes.retain(|key, _| key.table() != table))
}

/// Does not find the rows of one table.
pub fn blind_to(table: &'static str) -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    reading(move |key, row| (key.table() != table).then_some(row))
}

/// Reads rows otherwise than they are.
pub fn reading(see: impl Fn(&Key, Row) -> Option<Row>) -> impl Fn(&MemoryState, &Asked) -> (Applied, Writes) {
    move |state, asked| {
        let glasses = Glasses { state, see: &see };
        apply(&glasses, asked.record_time, &asked.proposal).expect("what is read can be read")
    }
}

struct Glasses<'a> {
    state: &'a MemoryState,
    see: &'a dyn Fn(&Key, Row) -> Option<Row>,
}

impl Read for Glasses<'_> {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        Ok(self.state.row(key)?.and_then(|row| (self.see)(key, row)))
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        self.state.scan(from, to, order, &mut |key, row| match (self.see)(&key, row) {
            Some(row) => visit(key, row),
            None => Visit::Continue(()),
        })
    }
}
