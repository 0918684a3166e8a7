//! A count tells what is planted in it, and nothing else; what it says of a past moment is what it would have said then
//! (`RULES.md` 14.4 to 14.6).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, last, run};
use crate::planted::forgetting;
use std::collections::BTreeMap;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BookNo, DocumentNo, SerialNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::LinkedType;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_ledger::state::{Boms, Books, Items, Key, Lines, MemoryState, Progress, Row, get};
use zonebook_reconcile::count::{
    Class, CountedGoods, Reckoning, Versions, problems, reckon, reckon_converted,
};

type Figures = BTreeMap<(BookNo, Mark, u64, Option<SerialNo>), Quantity>;

fn less(a: Quantity, b: Quantity) -> Quantity {
    a.checked_sub(b).unwrap()
}

fn plus(figures: &mut Figures, key: (BookNo, Mark, u64, Option<SerialNo>), quantity: Quantity) {
    let sum = figures.entry(key).or_default();
    *sum = sum.checked_add(quantity).unwrap();
}

/// What stands inside the fence: goods in places there, but not what has gone out on a list that is not posted, and what
/// has come in on one. Told from the rows of the state, one item or unit at a time.
fn inside_the_fence(state: &MemoryState) -> Figures {
    let mut figures = Figures::new();
    for (key, _) in state.rows() {
        if let Key::Item(ItemKey { book_no, mark, number }) = key {
            figures.insert((book_no.clone(), *mark, *number, None), Quantity::ZERO);
        }
    }
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Position(key), Row::Position(counters)) => {
                let inside = matches!(
                    key.place,
                    Place::Zone
                        | Place::Scrap
                        | Place::RemovedPart
                        | Place::InProcess
                        | Place::AwaitingDestruction
                        | Place::SuspenseIn
                        | Place::Surplus
                );
                if inside {
                    let on_hand = counters.on_hand().unwrap().declared();
                    plus(&mut figures, (key.book_no.clone(), key.mark, key.number, None), on_hand);
                }
            }
            (Key::Movement(_), Row::Movement(list)) => at_the_gate(state, list, &mut figures),
            _ => {}
        }
    }
    figures
}

fn at_the_gate(state: &MemoryState, list: &Movement, figures: &mut Figures) {
    let forced =
        list.standing.as_deref().is_some_and(|standing| standing.gate_forced && standing.tally.is_none());
    let waits = list.state == DocumentState::PrePosted;
    let posted = matches!(list.state, DocumentState::Posted | DocumentState::Verified) && forced;
    if !(waits || posted) {
        return;
    }
    let key = (LinkedType::List, DocumentNo::from(&list.list_no));
    let progress = get::<Progress>(state, key).unwrap().unwrap_or_default();
    let lines =
        get::<Lines>(state, (list.list_no.clone(), list.content_version)).unwrap().unwrap_or_default();
    for (at, line) in lines.iter().enumerate() {
        let gated = progress.get(at).map_or(Quantity::ZERO, |line| line.gated);
        // Out and not posted is gone; in and not posted is there; by force it is the other way about.
        let quantity = if waits { gated } else { less(line.filed.declared, gated) };
        let gone = (list.direction == Direction::Out) == waits;
        let mut note = |mark, number, quantity: Quantity| {
            let signed = if gone { less(Quantity::ZERO, quantity) } else { quantity };
            plus(figures, (list.book_no.clone(), mark, number, None), signed);
        };
        if line.uses.is_empty() {
            note(list.mark, line.filed.number, quantity);
            continue;
        }
        let version = line.filed.bom_version.clone().unwrap();
        let key = zonebook_ledger::bom::BomKey {
            book_no: list.book_no.clone(),
            product: line.filed.number,
            version,
        };
        let bom = get::<Boms>(state, key).unwrap().unwrap();
        for used in &line.uses {
            note(Mark::Goods, used.material, bom[&used.material].usage(quantity).unwrap());
        }
    }
}

fn counted(state: &MemoryState, figures: &Figures) -> Vec<CountedGoods> {
    let goods =
        |((book_no, mark, number, serial), declared): (&(BookNo, Mark, u64, Option<SerialNo>), &Quantity)| {
            let key = ItemKey { book_no: book_no.clone(), mark: *mark, number: *number };
            let item = get::<Items>(state, key).unwrap()?;
            Some(CountedGoods {
                book_no: book_no.clone(),
                mark: *mark,
                number: *number,
                serial: serial.clone(),
                unit: item.units.declared.clone(),
                declared: *declared,
                statutory1: None,
                statutory2: None,
            })
        };
    figures.iter().filter_map(goods).collect()
}

/// A true count differs nowhere; what is taken away or added comes back as exactly that, whatever the order of the rows.
fn what_is_planted_comes_back(history: &[Asked], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let true_count = counted(&end, &inside_the_fence(&end));
    for row in reckon(&end, Moment::Now, &true_count).unwrap() {
        let right = row.difference(Unit::Declared).unwrap() == Some(Quantity::ZERO)
            && matches!(row.class, Class::Match | Class::ExplainedTiming);
        if !right {
            return Err(format!("a true count differs: {row:?}"));
        }
    }
    let planted: Vec<Quantity> =
        (0..true_count.len()).map(|at| Quantity::from_raw([0, -7, 0, 100_000, -30][at % 5])).collect();
    let mut wrong = true_count;
    for (row, planted) in wrong.iter_mut().zip(&planted) {
        row.declared = row.declared.checked_add(*planted).unwrap();
    }
    let rows = reckon(&end, Moment::Now, &wrong).unwrap();
    for (row, planted) in rows.iter().zip(&planted) {
        let raw = less(row.counted.declared, row.book_balance().unwrap().declared());
        let explained = row.explained().unwrap().declared();
        if row.declared_difference().unwrap() != *planted || raw.checked_add(explained) != Some(*planted) {
            return Err(format!("{planted} was planted: {row:?}"));
        }
    }
    wrong.reverse();
    let mut reversed = reckon(&end, Moment::Now, &wrong).unwrap();
    reversed.reverse();
    if reversed != rows { Err("another order of the count gives other rows".into()) } else { Ok(()) }
}

/// After each revision a count says the same, whether the ledger has gone on or not.
fn the_past_says_what_it_said(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let end = last(&taken);
    for then in taken.iter().filter(|taken| !taken.applied.repeated) {
        let rows = counted(&then.after, &inside_the_fence(&then.after));
        let now = reckon(&then.after, Moment::Now, &rows).unwrap();
        let past = reckon(&end, Moment::After(then.applied.revision), &rows).unwrap();
        if let Some((now, past)) = now.iter().zip(&past).find(|(now, past)| now != past) {
            return Err(format!("{}: it was {now:?}, and is {past:?}", then.shown()));
        }
    }
    Ok(())
}

/// Rows with something wrong are named, the others are not.
fn wrong_rows_are_named(history: &[Asked], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let mut rows = counted(&end, &inside_the_fence(&end));
    rows.retain(|row| !row.declared.is_negative());
    let count = rows.len();
    if let Some(first) = rows.first().cloned() {
        rows.push(first.clone());
        rows.push(CountedGoods { number: 999_999, ..first });
    }
    let named: Vec<usize> = problems(&end, &rows).unwrap().iter().map(|problem| problem.row).collect();
    let expected: Vec<usize> = (count..rows.len()).collect();
    if named == expected { Ok(()) } else { Err(format!("{named:?} were named, not {expected:?}")) }
}

/// What products hold beyond what the book has of them is what their materials lack: told as materials, nothing differs, and
/// what is missing besides comes back, whatever the order of the rows.
fn products_hold_what_materials_lack(history: &[Asked], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let mut figures = inside_the_fence(&end);
    let mut versions = Versions::new();
    for (key, row) in end.rows() {
        let (Key::Bom(key), Row::Bom(bom)) = (key, row) else { continue };
        let book = get::<Books>(&end, key.book_no.clone()).unwrap().unwrap();
        let product = (key.book_no.clone(), key.product);
        let by_bom = book.usage == Usage::Processing && book.regime != Regime::Slip;
        if !by_bom || versions.contains_key(&product) {
            continue;
        }
        versions.insert(product, key.version.clone());
        let made = Quantity::from_raw(700_003);
        plus(&mut figures, (key.book_no.clone(), Mark::Product, key.product, None), made);
        for (material, line) in bom.iter() {
            let held = less(Quantity::ZERO, line.usage(made).unwrap());
            plus(&mut figures, (key.book_no.clone(), Mark::Goods, *material, None), held);
        }
    }
    let mut rows = counted(&end, &figures);
    let told = |rows: &[CountedGoods]| reckon_converted(&end, Moment::Now, rows, &versions).unwrap().unwrap();
    if let Some(row) = told(&rows).iter().find(|row| !row.declared_difference().unwrap().is_zero()) {
        return Err(format!("told as materials, this differs: {row:?}"));
    }
    for row in rows.iter_mut().filter(|row| row.mark == Mark::Goods) {
        row.declared = less(row.declared, Quantity::from_raw(5));
    }
    let found = told(&rows);
    let off = |row: &&Reckoning| {
        let planted = if row.counted.mark == Mark::Goods { -5 } else { 0 };
        row.declared_difference().unwrap() != Quantity::from_raw(planted)
    };
    if let Some(row) = found.iter().find(off) {
        return Err(format!("5 were taken away: {row:?}"));
    }
    rows.reverse();
    let mut reversed = told(&rows);
    reversed.reverse();
    if reversed == found { Ok(()) } else { Err("another order of the count gives other rows".into()) }
}

#[test]
fn counted_products_hold_what_their_materials_lack() {
    holds("counted_products_hold_what_their_materials_lack", products_hold_what_materials_lack);
}

#[test]
fn what_is_planted_in_a_count_comes_back() {
    holds("what_is_planted_in_a_count_comes_back", what_is_planted_comes_back);
}

#[test]
fn a_count_of_the_past_says_what_it_said() {
    holds("a_count_of_the_past_says_what_it_said", the_past_says_what_it_said);
}

#[test]
fn wrong_rows_of_a_count_are_named() {
    holds("wrong_rows_of_a_count_are_named", wrong_rows_are_named);
}

#[test]
fn a_history_that_is_not_kept_is_caught() {
    catches(the_past_says_what_it_said, &forgetting("Journal"));
}
