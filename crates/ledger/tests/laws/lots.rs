//! The lots of a place add up to its position, in each quantity, on hand and reserved; none gives more than it has; what
//! is on its way or gone is known by lot (`domain.md` 4.3).

use crate::chance::{catches, fixed, holds};
use crate::common::run::{Apply, Asked, run};
use crate::planted::{forgetting, stale, writing};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::layer::{Allocation, LotMethod, StackKey};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::query::{self, LotRow, Moment};
use zonebook_ledger::state::{Key, MemoryState, Row};

/// After every command, in every book with a method.
pub fn lots_add_up(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        add_up(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn add_up(state: &MemoryState) -> Result<(), String> {
    let mut sums: BTreeMap<StackKey, (Measure, Measure)> = BTreeMap::new();
    let mut keeping = BTreeSet::new();
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Book(_), Row::Book(book)) if book.lot_method != LotMethod::None => {
                keeping.insert(book.book_no.clone());
            }
            (Key::Layer(key), Row::Layer(layer)) => {
                let free = layer.remaining.checked_sub(&layer.reserved).unwrap();
                let negative =
                    |measure: &Measure| Unit::ALL.iter().any(|unit| measure.get(*unit).is_negative());
                if negative(&free) || negative(&layer.reserved) {
                    return Err(format!("{key:?} is overdrawn: {layer:?}"));
                }
                let (remaining, reserved) = sums.entry(key.stack.clone()).or_default();
                *remaining = remaining.checked_add(&layer.remaining).unwrap();
                *reserved = reserved.checked_add(&layer.reserved).unwrap();
            }
            _ => {}
        }
    }
    for (key, row) in state.rows() {
        let (Key::Position(key), Row::Position(counters)) = (key, row) else { continue };
        if !keeping.contains(&key.book_no)
            || !key.place.keeps_lots()
            || key.lot.is_some()
            || key.serial.is_some()
        {
            continue;
        }
        let stack =
            StackKey { book_no: key.book_no.clone(), mark: key.mark, number: key.number, place: key.place };
        let (remaining, reserved) = sums.remove(&stack).unwrap_or_default();
        let there = (counters.on_hand().unwrap(), counters.decrease_pending);
        let same = |a: &Measure, b: &Measure| a.only(&Unit::QUANTITIES) == b.only(&Unit::QUANTITIES);
        if !same(&remaining, &there.0) || !same(&reserved, &there.1) {
            return Err(format!("{key:?} has {there:?}, its lots {remaining:?} and {reserved:?}"));
        }
    }
    match sums.first_key_value() {
        Some((stack, _)) => Err(format!("{stack:?} has lots and no position, or its book keeps none")),
        None => Ok(()),
    }
}

/// The lots after any revision are those that the ledger showed then, and add up to the counters of then.
pub fn lots_are_known_as_of(history: &[Asked], apply: Apply) -> Result<(), String> {
    let all = run(history, apply);
    let Some(last) = all.last().map(|taken| &taken.after) else { return Ok(()) };
    for taken in &all {
        let revision = query::revision(&taken.after).unwrap();
        let moment = Moment::After(revision);
        for (key, _) in taken.after.rows() {
            let Key::Book(book_no) = key else { continue };
            let shown = query::lots(&taken.after, book_no, None, None, usize::MAX, Moment::Now).unwrap();
            let known = query::lots(last, book_no, None, None, usize::MAX, moment).unwrap();
            if shown != known {
                return Err(format!("after {}: {shown:?} was, {known:?} is known", taken.shown()));
            }
            let page =
                query::lots(last, book_no, None, known.first().map(|row| &row.key), 1, moment).unwrap();
            if page.first() != known.get(1) {
                return Err(format!("after {}: the page is {page:?}", taken.shown()));
            }
            sums_are_counters(last, &known, moment)
                .map_err(|why| format!("after {}: {why}", taken.shown()))?;
        }
    }
    Ok(())
}

fn sums_are_counters(state: &MemoryState, lots: &[LotRow], moment: Moment) -> Result<(), String> {
    let mut sums: BTreeMap<&StackKey, (Measure, Measure)> = BTreeMap::new();
    for row in lots {
        let (remaining, reserved) = sums.entry(&row.key.stack).or_default();
        *remaining = remaining.checked_add(&row.layer.remaining).unwrap();
        *reserved = reserved.checked_add(&row.layer.reserved).unwrap();
    }
    for (stack, (remaining, reserved)) in sums {
        let counters = query::counters(state, &stack.position(), moment).unwrap();
        let there = (counters.on_hand().unwrap(), counters.decrease_pending);
        let same = |a: &Measure, b: &Measure| a.only(&Unit::QUANTITIES) == b.only(&Unit::QUANTITIES);
        if !same(&remaining, &there.0) || !same(&reserved, &there.1) {
            return Err(format!("{stack:?} had {there:?}, its lots {remaining:?} and {reserved:?}"));
        }
    }
    Ok(())
}

#[test]
fn lots_of_any_moment_are_known() {
    holds("lots_of_any_moment_are_known", lots_are_known_as_of);
}

#[test]
fn a_history_of_lots_that_is_not_kept_is_caught() {
    let lost = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::LayerMoment(_))));
    catches(lots_are_known_as_of, &lost);
}

#[test]
fn lots_add_up_to_positions() {
    holds("lots_add_up_to_positions", lots_add_up);
}

#[test]
fn lots_that_are_not_written_are_caught() {
    let lost = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::Layer(_))));
    catches(lots_add_up, &lost);
}

#[test]
fn lots_read_as_they_were_are_caught() {
    catches(lots_add_up, &stale("Layers"));
}

/// Takes back, or posts, other lots than were reserved.
#[test]
fn an_allocation_that_is_lost_is_caught() {
    catches(crate::common::agreement::agrees_with_the_model, &forgetting("Allocations"));
}

#[test]
fn an_allocation_of_another_quantity_is_caught() {
    let halved = writing(|_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let Row::Allocation(allocation) = row {
                let mut shares = allocation.shares.clone();
                shares.truncate(shares.len() / 2);
                *allocation = Arc::new(Allocation { shares, ..(**allocation).clone() });
            }
        }
    });
    catches(crate::common::agreement::agrees_with_the_model, &halved);
}

/// Chance makes lines of several lots, lots on several accounts, rests without a declared quantity, lots that expire, and
/// lots that go on in another book.
#[test]
fn lots_of_every_sort_occur() {
    let (mut several, mut held, mut rests, mut expire, mut carried) = (0, 0, 0, 0, 0);
    for seed in 0..8_000 {
        if several > 20 && held > 5 && rests > 0 && expire > 20 && carried > 5 {
            return;
        }
        for taken in run(&fixed(seed), &crate::common::run::shipped) {
            let goes_on =
                |row: &&Option<Row>| matches!(row, Some(Row::Lot(lot)) if lot.carried_from.is_some());
            carried += taken.writes.values().filter(goes_on).count();
            for lots in &taken.applied.lots {
                let shares = &lots.allocation.shares;
                several += usize::from(shares.len() > 1);
                held += shares.iter().filter(|share| share.layer.holder.is_some()).count();
                rests += shares.iter().filter(|share| share.measure.declared().is_zero()).count();
                expire += shares.iter().filter(|share| share.expires.is_some()).count();
            }
        }
    }
    panic!(
        "{several} of several, {held} on account, {rests} rests, {expire} that expire, {carried} carried on"
    );
}
