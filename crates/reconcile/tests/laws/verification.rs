//! The figures of a verification are those of the book: what came and went is what changed, whoever asks, in whichever
//! order and whenever; what a period closes with is what the next one opens with (`domain.md` 4.1, `RULES.md` 14.7).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, Taken, run};
use crate::planted::writing;
use std::collections::BTreeMap;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::query;
use zonebook_ledger::state::{Key, MemoryState, Row};
use zonebook_ledger::time::Date;
use zonebook_reconcile::verification::{Counted, Period, Row as Figures, of_book, of_items};

type Stocks = BTreeMap<(Mark, u64), Measure>;

fn books(state: &MemoryState) -> Vec<BookNo> {
    let of = |(key, _): (&Key, &Row)| match key {
        Key::Book(number) => Some(number.clone()),
        _ => None,
    };
    state.rows().filter_map(of).collect()
}

/// What an enterprise answers for, from the balances: goods in the book but for those on the way to another one, those
/// that no list has declared yet, and those that customs has not let in.
fn stocks(state: &MemoryState, book_no: &BookNo) -> Stocks {
    let mut stocks = Stocks::new();
    for (key, row) in state.rows() {
        let (Key::Position(key), Row::Position(counters)) = (key, row) else { continue };
        let answered_for = matches!(
            key.place,
            Place::Zone
                | Place::Scrap
                | Place::RemovedPart
                | Place::InProcess
                | Place::AwaitingDestruction
                | Place::Difference
                | Place::ShippedUndeclared
                | Place::OutOnForm
                | Place::LeasedOut
        );
        if key.book_no == *book_no && answered_for {
            let sum = stocks.entry((key.mark, key.number)).or_default();
            *sum = sum.checked_add(&counters.on_hand().unwrap()).unwrap();
        }
    }
    stocks.retain(|_, sum| !sum.is_zero());
    stocks
}

fn by_item(rows: &[Figures], figure: impl Fn(&Figures) -> Measure) -> Stocks {
    let of = |row: &Figures| ((row.item.mark, row.item.number), figure(row));
    rows.iter().map(of).filter(|(_, measure)| !measure.is_zero()).collect()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, not {expected:?}")) }
}

fn after(taken: &[Taken], revision: Revision) -> MemoryState {
    let found =
        taken.iter().rev().find(|taken| !taken.applied.repeated && taken.applied.revision <= revision);
    found.map_or_else(MemoryState::default, |taken| taken.after.clone())
}

/// A period from a third of a history to two thirds of it.
fn middle(last: Revision) -> Period {
    let (after, until) = (Revision(last.0 / 3), Revision(last.0 * 2 / 3));
    Period { after, until, sequence: None, as_of: last }
}

/// Opening and flows are what the balances say, in every measure.
fn flows_are_what_changed(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let Some(end) = taken.last().map(|taken| &taken.after) else { return Ok(()) };
    let period = middle(query::revision(end).unwrap());
    let (before, until) = (after(&taken, period.after), after(&taken, period.until));
    for number in books(end) {
        let rows = of_book(end, &number, &period, &Counted::new()).map_err(|error| error.to_string())?;
        let opening = by_item(&rows, |row| row.before);
        same(&format!("{number} opens with"), &opening, &stocks(&before, &number))?;
        let closing = by_item(&rows, |row| row.closing().unwrap());
        same(&format!("{number} closes with"), &closing, &stocks(&until, &number))?;
    }
    Ok(())
}

/// Read in pieces, or at the time, figures are the same.
fn figures_do_not_depend_on_the_reader(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let Some(end) = taken.last().map(|taken| &taken.after) else { return Ok(()) };
    let period = middle(query::revision(end).unwrap());
    let then = after(&taken, period.until);
    for number in books(&then) {
        let rows = of_book(end, &number, &period, &Counted::new()).unwrap();
        let mut pieces: Vec<Figures> = Vec::new();
        loop {
            let last = pieces.last().map(|row| (row.item.mark, row.item.number));
            let piece = of_items(end, &number, &period, &Counted::new(), last, 1).unwrap();
            if piece.is_empty() {
                break;
            }
            pieces.extend(piece);
        }
        same("in pieces", &pieces, &rows)?;
        let at_the_time = Period { as_of: period.until, ..period };
        same("at the time", &of_book(&then, &number, &at_the_time, &Counted::new()).unwrap(), &rows)?;
    }
    Ok(())
}

/// Each closed period closes with what the next one opens with, known when it was closed or now.
fn openings_roll(history: &[Asked], apply: Apply) -> Result<usize, String> {
    let taken = run(history, apply);
    let Some(end) = taken.last().map(|taken| &taken.after) else { return Ok(0) };
    let mut seen = 0;
    for number in books(end) {
        let periods = query::periods(end, &number, None, usize::MAX).unwrap();
        let closed: Vec<_> =
            periods.iter().filter(|(_, period)| period.state == DocumentState::Closed).collect();
        for (at, (sequence, period)) in closed.iter().enumerate() {
            let own = Period::of_verification(end, &number, *sequence, None).unwrap().unwrap();
            let rows = of_book(end, &number, &own, &Counted::new()).unwrap();
            let next = match closed.get(at + 1) {
                Some((next, _)) => Period::of_verification(end, &number, *next, None).unwrap().unwrap(),
                None => {
                    let day = Date(period.end.unwrap().0 + 1);
                    Period::of(end, (Some(day), None), Some(sequence + 1), None).unwrap()
                }
            };
            let opening = of_book(end, &number, &next, &Counted::new()).unwrap();
            let opening = by_item(&opening, |row| row.before);
            same(
                &format!("after {sequence} of {number}"),
                &opening,
                &by_item(&rows, |row| row.closing().unwrap()),
            )?;
            seen += 1;
        }
    }
    Ok(seen)
}

#[test]
fn flows_add_up_to_what_changed() {
    holds("flows_add_up_to_what_changed", flows_are_what_changed);
}

#[test]
fn figures_are_the_same_for_every_reader() {
    holds("figures_are_the_same_for_every_reader", figures_do_not_depend_on_the_reader);
}

#[test]
fn what_a_period_closes_with_the_next_opens_with() {
    holds("what_a_period_closes_with_the_next_opens_with", |history, apply| {
        openings_roll(history, apply).map(|_| ())
    });
}

/// Chance closes periods, so that the law says something.
#[test]
fn periods_are_closed_by_chance() {
    let closed = |seed| openings_roll(&crate::chance::fixed(seed), &crate::common::run::shipped).unwrap();
    let closed: usize = (0..1_000).map(closed).sum();
    assert!(closed > 5, "{closed}");
}

#[test]
fn a_history_that_lacks_what_was_used_is_caught() {
    let forgetful = writing(|_, _, _, writes| {
        writes.retain(|key, _| !matches!(key, Key::Journal(key) if key.position.place == Place::Consumed));
    });
    catches(flows_are_what_changed, &forgetful);
}
