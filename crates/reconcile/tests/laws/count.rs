//! A count tells what is planted in it, and nothing else; what it says of a past moment is what it would have said then
//! (`RULES.md` 14.4 to 14.6).

use crate::chance::{catches, fixed, holds};
use crate::common::run::{Apply, Asked, last, run, shipped};
use crate::planted::forgetting;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BookNo, DocumentNo, SerialNo};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::LinkedType;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_ledger::state::{Boms, Books, Items, Key, Lines, MemoryState, Progress, Row, get};
use zonebook_reconcile::count::{
    Class, CountedGoods, Reckoning, Versions, problems, reckon, reckon_converted,
};

/// Within so many histories there has to be a place for every class.
const HISTORIES: u64 = 2_000;

type Goods = (BookNo, Mark, u64, Option<SerialNo>);

/// What the rows of the state say of some goods, added up one item or unit at a time.
#[derive(Clone, Debug, Default)]
struct Told {
    /// What stands inside the fence: goods in places there, but not what has gone out on a list that is not posted, and what
    /// has come in on one.
    inside: Measure,
    /// What came into the book.
    inflow: Measure,
    /// What is under way, by place, or by direction and state of its list.
    under_way: BTreeMap<String, Quantity>,
    /// Parts that a repair took out.
    removed: bool,
}

type Figures = BTreeMap<Goods, Told>;

fn less(a: Quantity, b: Quantity) -> Quantity {
    a.checked_sub(b).unwrap()
}

fn negative(measure: &Measure) -> Measure {
    Measure::ZERO.checked_sub(measure).unwrap()
}

fn only_declared(quantity: Quantity) -> Measure {
    Measure::new(quantity, Quantity::ZERO, Quantity::ZERO, Quantity::ZERO)
}

fn plus(sum: &mut Measure, more: &Measure) {
    *sum = sum.checked_add(more).unwrap();
}

/// Some of a whole, every other component by its share.
fn some_of(whole: &Measure, declared: Quantity) -> Measure {
    if declared == whole.declared() {
        return *whole;
    }
    let share = |unit| whole.get(unit).share(declared, whole.declared()).unwrap();
    let [_, statutory1, statutory2, value] = Unit::ALL.map(share);
    Measure::new(declared, statutory1, statutory2, value)
}

/// Notes with an item what is said of it, and with the unit, where it is one of goods.
fn note(figures: &mut Figures, item: Goods, what: impl Fn(&mut Told)) {
    let (book_no, mark, number, serial) = item;
    let unit = serial.filter(|_| mark == Mark::Goods).map(Some);
    for serial in [None].into_iter().chain(unit) {
        what(figures.entry((book_no.clone(), mark, number, serial)).or_default());
    }
}

fn told(state: &MemoryState) -> Figures {
    let mut figures = Figures::new();
    for (key, _) in state.rows() {
        if let Key::Item(ItemKey { book_no, mark, number }) = key {
            let book = get::<Books>(state, book_no.clone()).unwrap().unwrap();
            let removed = book.usage == Usage::Repair && *mark == Mark::Residue;
            let goods = (book_no.clone(), *mark, *number, None);
            figures.insert(goods, Told { removed, ..Told::default() });
        }
    }
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Position(key), Row::Position(counters)) => in_a_place(key, counters, &mut figures),
            (Key::Movement(_), Row::Movement(list)) => at_the_gate(state, list, &mut figures),
            _ => {}
        }
    }
    figures
}

fn in_a_place(key: &PositionKey, counters: &Counters, figures: &mut Figures) {
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
    let under_way = matches!(
        key.place,
        Place::ShippedUndeclared
            | Place::OutOnForm
            | Place::LeasedOut
            | Place::InTransit
            | Place::Difference
            | Place::SuspenseIn
            | Place::Surplus
    );
    let on_hand = counters.on_hand().unwrap();
    note(figures, (key.book_no.clone(), key.mark, key.number, key.serial.clone()), |told| {
        if inside {
            plus(&mut told.inside, &on_hand);
        }
        if under_way {
            let sum = told.under_way.entry(key.place.to_string()).or_default();
            *sum = sum.checked_add(on_hand.declared()).unwrap();
        }
        if matches!(key.place, Place::Zone | Place::Scrap | Place::RemovedPart) {
            plus(&mut told.inflow, &counters.increase_posted);
        }
    });
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
        let mut of_goods = |mark, number, serial, measure: Measure| {
            let signed = if gone { negative(&measure) } else { measure };
            note(figures, (list.book_no.clone(), mark, number, serial), |told| {
                plus(&mut told.inside, &signed);
                let sum = told.under_way.entry(format!("{} {waits}", list.direction)).or_default();
                *sum = sum.checked_add(measure.declared()).unwrap();
            });
        };
        if quantity.is_zero() {
            continue;
        }
        if line.uses.is_empty() {
            let filed = &line.filed;
            let statutory2 = filed.statutory2.unwrap_or_default();
            let whole = Measure::new(filed.declared, filed.statutory1, statutory2, filed.value_usd);
            of_goods(list.mark, filed.number, line.serial.clone(), some_of(&whole, quantity));
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
            let whole = Measure::new(used.declared, used.statutory1, Quantity::ZERO, Quantity::ZERO);
            let whole_line = quantity == line.filed.declared;
            let some = if whole_line { used.declared } else { bom[&used.material].usage(quantity).unwrap() };
            of_goods(Mark::Goods, used.material, None, some_of(&whole, some));
        }
    }
}

/// A true count in the declared unit, and in both statutory units where these are asked for.
fn counted(state: &MemoryState, figures: &Figures, statutory: bool) -> Vec<CountedGoods> {
    let goods = |((book_no, mark, number, serial), told): (&Goods, &Told)| {
        let key = ItemKey { book_no: book_no.clone(), mark: *mark, number: *number };
        let item = get::<Items>(state, key).unwrap()?;
        Some(CountedGoods {
            book_no: book_no.clone(),
            mark: *mark,
            number: *number,
            serial: serial.clone(),
            unit: item.units.declared.clone(),
            declared: told.inside.declared(),
            statutory1: statutory.then(|| told.inside.get(Unit::Statutory1)),
            statutory2: statutory.then(|| told.inside.get(Unit::Statutory2)),
        })
    };
    figures.iter().filter_map(goods).collect()
}

fn goods_of(row: &CountedGoods) -> Goods {
    (row.book_no.clone(), row.mark, row.number, row.serial.clone())
}

/// What is done to a row of a true count.
#[derive(Clone, Copy, Debug)]
enum Plant {
    Nothing,
    /// No more than 100 of a million of the inflow are taken away (`RULES.md` 14.6).
    TakenALittle,
    /// More than that is.
    Taken,
    Added,
}

const PLANTS: [Plant; 4] = [Plant::Nothing, Plant::TakenALittle, Plant::Taken, Plant::Added];

/// What is planted in a row of a count, and the class that it is. Which of the plants is drawn from the history itself.
fn planted(told: &Told, serial: bool, drawn: u64) -> (Measure, Class) {
    let at = usize::try_from(drawn % PLANTS.len() as u64).unwrap();
    let inflow = told.inflow.declared();
    let little = if inflow.is_positive() { inflow.raw() / 10_000 } else { 3 };
    let taken = |raw: i128, otherwise: Class| match (raw, serial, told.removed) {
        (0, ..) => nothing(told),
        (_, true, _) => (-raw, Class::SerialMissing),
        (_, false, true) => (-raw, Class::RemovedPartMissing),
        (_, false, false) => (-raw, otherwise),
    };
    let (raw, class) = match PLANTS[at] {
        Plant::Nothing => nothing(told),
        Plant::TakenALittle => taken(little, Class::ShortageSmall),
        // Of goods that never came in any part is as many parts of a million as another: none.
        Plant::Taken if !inflow.is_positive() => taken(little, Class::ShortageSmall),
        Plant::Taken => taken(little * 2 + 1, Class::Shortage),
        Plant::Added if told.removed => (17, Class::RemovedPartUnbooked),
        Plant::Added => (17, Class::Surplus),
    };
    // In the statutory units something else is planted, or nothing.
    let of = |raw: i128| Quantity::from_raw(raw);
    (
        Measure::new(of(raw), of(i128::from(drawn % 7) - 3), of(i128::from(drawn % 5) - 2), Quantity::ZERO),
        class,
    )
}

fn nothing(told: &Told) -> (i128, Class) {
    let still = told.under_way.values().all(|quantity| quantity.is_zero());
    (0, if still { Class::Match } else { Class::ExplainedTiming })
}

fn drawn(history: &[Asked], at: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (history.len(), at).hash(&mut hasher);
    hasher.finish()
}

/// B - A + C = D in every measure; of what was not counted, value included, B is what the average price of the inflow makes of D.
fn adds_up(row: &Reckoning, told: &Told) -> Result<(), String> {
    let (book, explained, d) =
        (row.book_balance().unwrap(), row.explained().unwrap(), row.unexplained().unwrap());
    let b = row.counted_in_all().unwrap();
    if b.checked_sub(&book).unwrap().checked_add(&explained) != Some(d) {
        return Err(format!("B - A + C is not D: {row:?}"));
    }
    let inflow = told.inflow;
    for unit in Unit::ALL {
        let held = row.in_products().unwrap().get(unit);
        let expected = match row.counted.get(unit) {
            Some(counted) => (b.get(unit), counted.checked_add(held).unwrap()),
            None if !inflow.declared().is_positive() => (d.get(unit), Quantity::ZERO),
            None => {
                let size = Quantity::from_raw(d.declared().raw().abs());
                let worth = inflow.get(unit).share(size, inflow.declared()).unwrap();
                (Quantity::from_raw(d.get(unit).raw().abs()), worth)
            }
        };
        if expected.0 != expected.1 {
            return Err(format!("{unit:?} is {expected:?}: {row:?}"));
        }
    }
    Ok(())
}

/// A true count differs nowhere; what is taken away or added comes back as exactly that set, each of its class, in each
/// unit in which it was counted, whatever the order of the rows. Gives the classes that came back.
fn planted_set(history: &[Asked], apply: Apply) -> Result<BTreeSet<Class>, String> {
    let end = last(&run(history, apply));
    let figures = told(&end);
    let mut rows = counted(&end, &figures, true);
    let truly = reckon(&end, Moment::Now, &rows).unwrap();
    for row in &truly {
        let expected = nothing(&figures[&goods_of(&row.counted)]).1;
        let differs = [Unit::Declared, Unit::Statutory1, Unit::Statutory2]
            .into_iter()
            .any(|unit| row.difference(unit).unwrap() != Some(Quantity::ZERO));
        if differs || row.class != expected {
            return Err(format!("a true count differs: {row:?}"));
        }
    }
    let mut set = BTreeMap::new();
    for (at, row) in rows.iter_mut().enumerate() {
        let goods = goods_of(row);
        let (measure, class) = planted(&figures[&goods], row.serial.is_some(), drawn(history, at));
        let more = |to: Quantity, unit| to.checked_add(measure.get(unit)).unwrap();
        row.declared = more(row.declared, Unit::Declared);
        row.statutory1 = row.statutory1.map(|counted| more(counted, Unit::Statutory1));
        row.statutory2 = row.statutory2.map(|counted| more(counted, Unit::Statutory2));
        set.insert(goods, (class, measure));
    }
    let found = reckon(&end, Moment::Now, &rows).unwrap();
    let mut came_back = BTreeMap::new();
    for row in &found {
        adds_up(row, &figures[&goods_of(&row.counted)])?;
        came_back
            .insert(goods_of(&row.counted), (row.class, row.unexplained().unwrap().only(&Unit::QUANTITIES)));
    }
    if came_back != set {
        let other = set.iter().find(|(goods, planted)| came_back.get(goods) != Some(planted));
        return Err(format!(
            "{other:?} was planted, {:?} came back",
            other.map(|(goods, _)| &came_back[goods])
        ));
    }
    rows.reverse();
    let mut reversed = reckon(&end, Moment::Now, &rows).unwrap();
    reversed.reverse();
    if reversed != found {
        return Err("another order of the count gives other rows".into());
    }
    // Counted in the declared unit alone, each row adds up in the others too.
    rows.iter_mut().for_each(|row| (row.statutory1, row.statutory2) = (None, None));
    for row in reckon(&end, Moment::Now, &rows).unwrap() {
        adds_up(&row, &figures[&goods_of(&row.counted)])?;
    }
    Ok(set.into_values().map(|(class, _)| class).collect())
}

fn what_is_planted_comes_back(history: &[Asked], apply: Apply) -> Result<(), String> {
    planted_set(history, apply).map(|_| ())
}

/// After each revision a count says the same, whether the ledger has gone on or not.
fn the_past_says_what_it_said(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let end = last(&taken);
    for then in taken.iter().filter(|taken| !taken.applied.repeated) {
        let rows = counted(&then.after, &told(&then.after), true);
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
    let mut rows = counted(&end, &told(&end), false);
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
    let mut figures = told(&end);
    figures.retain(|(_, _, _, serial), _| serial.is_none());
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
        let mut add = |mark, number, quantity| {
            let told = figures.entry((key.book_no.clone(), mark, number, None)).or_default();
            plus(&mut told.inside, &only_declared(quantity));
        };
        add(Mark::Product, key.product, made);
        for (material, line) in bom.iter() {
            add(Mark::Goods, *material, less(Quantity::ZERO, line.usage(made).unwrap()));
        }
    }
    let mut rows = counted(&end, &figures, false);
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
    for row in &found {
        adds_up(row, &figures[&goods_of(&row.counted)])?;
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

/// Chance finds a place for a discrepancy of every class, so that the law says something of each.
#[test]
fn every_class_is_planted_by_chance() {
    let mut classes = BTreeSet::new();
    for seed in 0..HISTORIES {
        classes.extend(planted_set(&fixed(seed), &shipped).unwrap());
        if classes.len() == Class::ALL.len() {
            return;
        }
    }
    panic!("only {classes:?} were planted in {HISTORIES} histories");
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
