//! What other regimes say of the same facts: layers add up to totals, whatever is cut into years and months; the order of
//! what is handed in does not matter; asking changes nothing (`domain.md` 4.3, 4.4).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked as Told, last, run};
use crate::planted::forgetting;
use std::collections::BTreeMap;
use zonebook_ledger::book::{Book, Usage};
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::mover::MoverType;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Items, Key, MemoryState, Row, get};
use zonebook_ledger::time::Date;
use zonebook_reconcile::count::CountedGoods;
use zonebook_reconcile::regime::annual::{self, AnnualRow, Statuses, Year};
use zonebook_reconcile::regime::discharge::{self, BillRow, Days};
use zonebook_reconcile::regime::repair;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn plus(a: Quantity, b: Quantity) -> Quantity {
    a.checked_add(b).unwrap()
}

fn books(state: &MemoryState) -> Vec<std::sync::Arc<Book>> {
    let of = |(key, row): (&Key, &Row)| match (key, row) {
        (Key::Book(_), Row::Book(book)) => Some(book.clone()),
        _ => None,
    };
    state.rows().filter_map(of).collect()
}

/// What an enterprise answers for, item by item: told from the positions alone.
fn there(state: &MemoryState, book_no: &BookNo) -> BTreeMap<(Mark, u64), Measure> {
    let mut there = BTreeMap::new();
    for (key, row) in state.rows() {
        let (Key::Position(key), Row::Position(counters)) = (key, row) else { continue };
        let counts = matches!(
            key.place,
            Place::Zone
                | Place::ShippedUndeclared
                | Place::OutOnForm
                | Place::LeasedOut
                | Place::InProcess
                | Place::Scrap
                | Place::RemovedPart
                | Place::AwaitingDestruction
                | Place::Difference
        );
        if counts && key.book_no == *book_no {
            let sum: &mut Measure = there.entry((key.mark, key.number)).or_default();
            *sum = sum.checked_add(&counters.on_hand().unwrap()).unwrap();
        }
    }
    there
}

/// Whether customs let anything of a book be overdrawn: then it has given what it never got.
fn was_overdrawn(state: &MemoryState, book_no: &BookNo) -> bool {
    state.rows().any(|(key, row)| match (key, row) {
        (Key::Journal(key), Row::Journal(row)) => {
            let below = row.after.on_hand().unwrap().declared().is_negative();
            below && key.position.place.is_inside() && key.position.book_no == *book_no
        }
        _ => false,
    })
}

fn year(state: &MemoryState, book_no: &BookNo, year: Year, counted: &[CountedGoods]) -> Vec<AnnualRow> {
    let statuses = Statuses::new();
    let asked = annual::Asked { book_no, year, counted, statuses: &statuses, as_of: None };
    annual::of_items(state, &asked, None, usize::MAX).unwrap()
}

fn counted(state: &MemoryState, item: &ItemKey, declared: Quantity) -> Option<CountedGoods> {
    let unit = get::<Items>(state, item.clone()).unwrap()?.units.declared.clone();
    Some(CountedGoods {
        book_no: item.book_no.clone(),
        mark: item.mark,
        number: item.number,
        serial: None,
        unit,
        declared,
        statutory1: None,
        statutory2: None,
    })
}

/// Whether the goods of an item are units, or parts of units, that are told apart without layers.
fn has_units(state: &MemoryState, item: &ItemKey) -> bool {
    state.rows().any(|(key, _)| match key {
        Key::Position(key) => key.item() == *item && (key.lot.is_some() || key.serial.is_some()),
        _ => false,
    })
}

/// A year closes with what is there, in one year or in two; its lots add up to it in every quantity.
fn years_and_lots_add_up(history: &[Told], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    for book in books(&end) {
        let there = there(&end, &book.book_no);
        let whole = year(&end, &book.book_no, Year::ending(day("2026-12-31")), &[]);
        for row in &whole {
            let item = (row.item.mark, row.item.number);
            let closing = row.columns.closing().unwrap();
            if closing != there.get(&item).copied().unwrap_or_default() {
                return Err(format!("{item:?} of {} closes with {closing:?}", book.book_no));
            }
            let in_layers = book.lot_method != LotMethod::None && !has_units(&end, &row.item);
            if in_layers && !was_overdrawn(&end, &book.book_no) {
                let lots = row
                    .lots
                    .iter()
                    .try_fold(Measure::ZERO, |sum, lot| sum.checked_add(&lot.columns.closing().unwrap()));
                let lots = lots.unwrap();
                if zonebook_ledger::measure::Unit::QUANTITIES
                    .iter()
                    .any(|unit| lots.get(*unit) != closing.get(*unit))
                {
                    return Err(format!("lots of {row:?} add up to {lots:?}"));
                }
            }
        }
        let first = year(&end, &book.book_no, Year { begin: day("2026-01-01"), end: day("2026-06-05") }, &[]);
        let second =
            year(&end, &book.book_no, Year { begin: day("2026-06-06"), end: day("2026-12-31") }, &[]);
        let closings = |rows: &[AnnualRow]| -> BTreeMap<ItemKey, Measure> {
            let some = rows.iter().map(|row| (row.item.clone(), row.columns.closing().unwrap()));
            some.filter(|(_, closing)| !closing.is_zero()).collect()
        };
        if closings(&second) != closings(&whole) {
            return Err(format!("two years of {} close otherwise than one", book.book_no));
        }
        for row in &second {
            let before = first.iter().find(|before| before.item == row.item);
            let before = before.map(|before| before.columns.closing().unwrap()).unwrap_or_default();
            // What is filed as an opening balance in the year is in its opening too.
            let opened = row.columns.opening.checked_sub(&before).unwrap();
            if opened.declared().is_negative() {
                return Err(format!("{row:?} opens with less than {before:?}"));
            }
        }
    }
    Ok(())
}

/// What is taken away from a count comes back as short, lot by lot, whatever the order of the count; what is added as over.
fn what_is_short_is_found(history: &[Told], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    for book in books(&end) {
        let ends = Year::ending(day("2026-12-31"));
        let asked: Vec<CountedGoods> = year(&end, &book.book_no, ends, &[])
            .iter()
            .filter_map(|row| counted(&end, &row.item, row.columns.closing().unwrap().declared()))
            .filter(|goods| !goods.declared.is_negative())
            .collect();
        let right = year(&end, &book.book_no, ends, &asked);
        let mut wrong = asked.clone();
        for goods in &mut wrong {
            let less = Quantity::from_raw(goods.declared.raw() / 3);
            goods.declared = goods.declared.checked_sub(less).unwrap();
        }
        let found = year(&end, &book.book_no, ends, &wrong);
        wrong.reverse();
        if year(&end, &book.book_no, ends, &wrong) != found {
            return Err(format!("another order of the count of {} gives other rows", book.book_no));
        }
        for goods in &asked {
            let of = |rows: &[AnnualRow]| {
                let own = |row: &&AnnualRow| (row.item.mark, row.item.number) == (goods.mark, goods.number);
                rows.iter().find(own).cloned().unwrap()
            };
            let (base, row) = (of(&right).found, of(&found));
            let less = Quantity::from_raw(goods.declared.raw() / 3);
            let expected = base.unwrap().difference.checked_sub(less).unwrap();
            let difference = row.found.unwrap().difference;
            let short = row.short.iter().fold(Quantity::ZERO, |sum, short| plus(sum, short.short));
            let told = if difference.is_negative() {
                Quantity::ZERO.checked_sub(difference)
            } else {
                Some(Quantity::ZERO)
            };
            if difference != expected || Some(short) != told {
                return Err(format!("{less} was taken away: {row:?}"));
            }
            let closing = plus(row.columns.closing().unwrap().declared(), difference);
            if row.closing().unwrap() != closing {
                return Err(format!("{row:?} closes otherwise"));
            }
        }
    }
    Ok(())
}

/// Whether a book began to keep lots of goods that it had: these were placed at times that no lot says.
fn took_over(state: &MemoryState, book_no: &BookNo) -> bool {
    state.rows().any(|(key, row)| match (key, row) {
        (Key::Lot((item, _)), Row::Lot(lot)) => item.book_no == *book_no && lot.mover.kind == MoverType::Book,
        _ => false,
    })
}

fn bill(state: &MemoryState, book_no: &BookNo, (from, to): (Date, Date)) -> Vec<BillRow> {
    let days = Days { placed_from: from, begins: to, ends: day("2027-12-31"), due: to, due_extended: to };
    let asked = discharge::Asked { book_no, days, as_of: None };
    let rows = discharge::of_items(state, &asked, None, usize::MAX).unwrap();
    let mut paged = Vec::new();
    while let Some(row) = {
        let after = paged.last().map(|row: &BillRow| row.item.number);
        discharge::of_items(state, &asked, after, 1).unwrap().pop()
    } {
        paged.push(row);
    }
    assert_eq!(paged, rows, "pages are the whole");
    rows
}

/// Goods are placed once and leave once: what remains of the bills of all days is what is there.
fn bills_share_the_goods(history: &[Told], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let plain =
        |book: &&std::sync::Arc<Book>| !was_overdrawn(&end, &book.book_no) && !took_over(&end, &book.book_no);
    for book in books(&end).iter().filter(plain) {
        let there = there(&end, &book.book_no);
        let mut remaining: BTreeMap<u64, Quantity> = BTreeMap::new();
        let mut cuts = vec![(day("2026-01-01"), day("2026-05-31")), (day("2026-06-10"), day("2027-12-31"))];
        cuts.extend(
            (1..10).map(|of_month| Date::from_civil(2026, 6, of_month).unwrap()).map(|day| (day, day)),
        );
        for cut in cuts {
            for row in bill(&end, &book.book_no, cut) {
                let left = row.remaining().unwrap();
                let products =
                    row.products.values().fold(Quantity::ZERO, |sum, obtained| plus(sum, obtained.covers));
                let gone = row.discharged.values().fold(Quantity::ZERO, |sum, gone| plus(sum, *gone));
                if left.is_negative() || products > gone || plus(left, gone) != row.placed {
                    return Err(format!("{row:?} of {cut:?}"));
                }
                let sum = remaining.entry(row.item.number).or_default();
                *sum = plus(*sum, left);
            }
        }
        remaining.retain(|_, left| !left.is_zero());
        let materials = there.iter().filter(|((mark, _), _)| *mark == Mark::Goods);
        let expected: BTreeMap<u64, Quantity> = materials
            .map(|((_, number), there)| (*number, there.declared()))
            .filter(|(_, there)| !there.is_zero())
            .collect();
        if remaining != expected {
            return Err(format!("{:?}: {remaining:?} remains, and {expected:?} is there", book.book_no));
        }
    }
    Ok(())
}

/// What came into a repair book is somewhere: the sides of its closing rule are equal, and what is on hand is what is there.
fn repairs_close(history: &[Told], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    for book in books(&end).iter().filter(|book| book.usage == Usage::Repair) {
        let mut there = there(&end, &book.book_no);
        there.retain(|_, there| !there.declared().is_zero());
        let now = zonebook_ledger::query::revision(&end).unwrap();
        let mut on_hand: BTreeMap<(Mark, u64), Quantity> = BTreeMap::new();
        for row in repair::of_items(&end, &book.book_no, now, None, usize::MAX).unwrap() {
            if !row.difference().unwrap().is_zero() {
                return Err(format!("{row:?}"));
            }
            let sum = on_hand.entry((row.item.mark, row.item.number)).or_default();
            *sum = plus(*sum, row.on_hand);
        }
        on_hand.retain(|_, on_hand| !on_hand.is_zero());
        let expected: BTreeMap<_, _> = there.iter().map(|(item, there)| (*item, there.declared())).collect();
        if on_hand != expected {
            return Err(format!("{}: {on_hand:?} is told, and {expected:?} is there", book.book_no));
        }
    }
    Ok(())
}

#[test]
fn what_came_in_for_repair_is_somewhere() {
    holds("what_came_in_for_repair_is_somewhere", repairs_close);
}

#[test]
fn journals_that_are_not_kept_are_caught() {
    catches(repairs_close, &forgetting("Journal"));
}

#[test]
fn years_close_with_what_is_there_and_lots_add_up() {
    holds("years_close_with_what_is_there_and_lots_add_up", years_and_lots_add_up);
}

#[test]
fn what_a_year_is_short_of_is_found() {
    holds("what_a_year_is_short_of_is_found", what_is_short_is_found);
}

#[test]
fn bills_of_discharge_share_the_goods() {
    holds("bills_of_discharge_share_the_goods", bills_share_the_goods);
}

#[test]
fn lots_that_are_not_kept_are_caught() {
    catches(years_and_lots_add_up, &forgetting("LayerMoments"));
}
