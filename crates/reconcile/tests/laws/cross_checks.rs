//! Cross checks say nothing of books that the ledger kept, and of books with a fault planted they say that fault.

use crate::chance::{fixed, holds};
use crate::common::run::{Apply, Asked, last, run, shipped};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::matrix::rule_of_row;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, Lines, MemoryState, Movements, Row, Writes, get};
use zonebook_reconcile::cross_check::{Break, Check, Scope, page};

/// Nothing has waited for too long.
const PATIENT: i32 = i32::MAX;
/// Everything that waits has waited for too long.
const IMPATIENT: i32 = -1;
/// Documents looked at on a page: few, so that every walk is left and taken up again.
const DOCUMENTS: usize = 2;
/// Each fault has to find its place within so many histories.
const HISTORIES: u64 = 12_000;

fn breaks(state: &MemoryState, grace_days: i32) -> Vec<Break> {
    let scope = Scope { grace_days, ..Scope::default() };
    let (mut from, mut found) = (None, Vec::new());
    loop {
        let page = page(state, &scope, from.as_ref(), DOCUMENTS).unwrap();
        found.extend(page.breaks);
        match page.next {
            Some(next) => from = Some(next),
            None => return found,
        }
    }
}

/// What the rules leave to the parties: they may state another value of the same goods, and anything of a sale.
fn is_stated(found: &Break) -> bool {
    found.check == Check::Sales || found.check == Check::Transfers && found.what.ends_with("usdStatTotalAmt")
}

fn nothing_is_broken(history: &[Asked], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    match breaks(&end, PATIENT).into_iter().find(|found| !is_stated(found)) {
        None => Ok(()),
        Some(found) => Err(format!("{found:?}")),
    }
}

#[test]
fn books_that_the_ledger_kept_have_no_breaks() {
    holds("books_that_the_ledger_kept_have_no_breaks", nothing_is_broken);
}

/// What waits, counted from the documents alone.
fn what_waits_is_told(history: &[Asked], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let told = breaks(&end, IMPATIENT);
    let waiting: BTreeSet<String> = end
        .rows()
        .filter_map(|(key, row)| match (key, row) {
            (Key::Parcel(number), Row::Parcel(parcel)) if parcel.state == DocumentState::Reserved => {
                Some(number.to_string())
            }
            _ => None,
        })
        .collect();
    let of_parcels = told.iter().filter(|found| found.check == Check::Parcels);
    let found: BTreeSet<String> = of_parcels.map(|found| found.document.to_string()).collect();
    if found == waiting { Ok(()) } else { Err(format!("{found:?} are told to wait, {waiting:?} do")) }
}

#[test]
fn parcels_that_wait_are_told() {
    holds("parcels_that_wait_are_told", what_waits_is_told);
}

/// Which documents must be told after a fault was planted.
type Told = BTreeSet<(Check, String)>;
/// Plants a fault where a row is fit for it.
type Plant = fn(&MemoryState, &Key, &Row) -> Option<(Writes, Told)>;

fn told<const N: usize>(documents: [(Check, String); N]) -> Told {
    documents.into()
}

fn one(key: Key, row: Option<Row>) -> Writes {
    [(key, row)].into_iter().collect()
}

const PLANTS: &[(&str, Plant)] = &[
    ("a list I that forgot its partner", |_, key, row| {
        let Row::Movement(list) = row else { return None };
        let (partner, posted) = (list.partner.as_ref()?, list.state == DocumentState::Posted);
        let documents =
            [(Check::Transfers, list.list_no.to_string()), (Check::Transfers, partner.to_string())];
        let mut forgot = (**list).clone();
        forgot.partner = None;
        (posted && list.direction == Direction::In)
            .then(|| (one(key.clone(), Some(Row::Movement(Arc::new(forgot)))), told(documents)))
    }),
    ("a list I that takes more than was given", |state, _, row| {
        let Row::Movement(list) = row else { return None };
        list.partner.as_ref().filter(|_| list.direction == Direction::In)?;
        // Without a gate the gate has nothing to say of it.
        if list.row != zonebook_ledger::matrix::MatrixRow::IntraZoneIn {
            return None;
        }
        let key = (list.list_no.clone(), list.content_version);
        let mut lines = (*get::<Lines>(state, key.clone()).unwrap()?).clone();
        let line = lines.first_mut()?;
        line.filed.declared = line.filed.declared.checked_add(Quantity::whole(1))?;
        let row = Row::Lines(Arc::new(lines));
        Some((one(Key::Lines(key), Some(row)), told([(Check::Transfers, list.list_no.to_string())])))
    }),
    ("a pass that goes the other way", |state, key, row| {
        let (Key::Pass(number), Row::Pass(pass)) = (key, row) else { return None };
        let known = |linked: &zonebook_ledger::code::DocumentNo| {
            let list = zonebook_ledger::code::ListNo::new(linked.as_str()).unwrap();
            get::<Movements>(state, list).unwrap().is_some()
        };
        let of_lists = pass.linked_type == zonebook_ledger::document::LinkedType::List;
        if pass.state == DocumentState::Cancelled || !of_lists || !pass.linked.iter().any(known) {
            return None;
        }
        let mut turned = (**pass).clone();
        turned.direction = match pass.direction {
            Direction::In => Direction::Out,
            Direction::Out => Direction::In,
        };
        let row = Row::Pass(Arc::new(turned));
        Some((one(key.clone(), Some(row)), told([(Check::Passes, number.to_string())])))
    }),
    ("goods through the gate that the list does not know of", |state, key, row| {
        let (Key::Progress((_, document)), Row::Progress(progress)) = (key, row) else { return None };
        let list = get::<Movements>(state, zonebook_ledger::code::ListNo::new(document.as_str()).unwrap());
        list.unwrap()
            .filter(|list| !matches!(list.state, DocumentState::Withdrawn | DocumentState::Returned))
            .filter(|list| rule_of_row(list.row).is_some_and(|rule| rule.needs_gate()))?;
        let mut lost = (**progress).clone();
        let line = lost.iter_mut().find(|line| line.gated.is_positive())?;
        line.gated = Quantity::ZERO;
        let row = Row::Progress(Arc::new(lost));
        Some((one(key.clone(), Some(row)), told([(Check::Passes, document.to_string())])))
    }),
    ("a slip that forgot the list that declares it", |state, key, row| {
        let (Key::Slip(number), Row::Slip(slip)) = (key, row) else { return None };
        let list = slip.list_no.as_ref()?;
        let undone = state.rows().any(|(key, _)| *key == Key::Undone(list.clone()));
        let documents = [(Check::Slips, number.to_string()), (Check::Slips, list.to_string())];
        let mut forgot = (**slip).clone();
        forgot.list_no = None;
        (!undone).then(|| (one(key.clone(), Some(Row::Slip(Arc::new(forgot)))), told(documents)))
    }),
    ("a parcel of more than its list gathers", |state, key, row| {
        let Row::Parcel(parcel) = row else { return None };
        let list = parcel.list_no.as_ref()?;
        let undone = state.rows().any(|(key, _)| *key == Key::Undone(list.clone()));
        let mut more = (**parcel).clone();
        let line = more.lines.first_mut()?;
        line.filed.declared = line.filed.declared.checked_add(Quantity::whole(1))?;
        let row = Row::Parcel(Arc::new(more));
        (!undone).then(|| (one(key.clone(), Some(row)), told([(Check::Parcels, list.to_string())])))
    }),
    ("a parcel that is open and on a list", |_, key, row| {
        let (Key::Parcel(number), Row::Parcel(parcel)) = (key, row) else { return None };
        parcel.list_no.as_ref()?;
        let mut open = (**parcel).clone();
        open.state = DocumentState::Reserved;
        let row = Row::Parcel(Arc::new(open));
        Some((one(key.clone(), Some(row)), told([(Check::Parcels, number.to_string())])))
    }),
    ("a payment of more than its order", |_, key, row| {
        let (Key::Sale(sale_key), Row::Sale(sale)) = (key, row) else { return None };
        let order = sale.order.as_ref()?;
        let mut more = (**sale).clone();
        let payment = &mut more.payment.as_mut()?.what;
        // One that is as it should be; other orders may have the same number.
        (order.what.paid == payment.amount).then_some(())?;
        payment.amount = payment.amount.checked_add(Quantity::whole(1))?;
        let row = Row::Sale(Arc::new(more));
        Some((one(key.clone(), Some(row)), told([(Check::Sales, sale_key.order_no.to_string())])))
    }),
    ("an asset that no lease is known of", |_, key, row| {
        let (Key::LeasedUnit(_), Row::LeasedUnit(lease)) = (key, row) else { return None };
        Some((one(key.clone(), None), told([(Check::Leases, lease.to_string())])))
    }),
];

#[test]
fn faults_that_are_planted_are_told_and_nothing_else() {
    let mut planted: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..HISTORIES {
        if planted.len() == PLANTS.len() && planted.values().all(|count| *count > 0) {
            return;
        }
        let end = last(&run(&fixed(seed), &shipped));
        let before = breaks(&end, PATIENT);
        for (name, plant) in PLANTS {
            let Some((writes, told)) = end.rows().find_map(|(key, row)| plant(&end, key, row)) else {
                continue;
            };
            let mut broken = end.clone();
            broken.merge(writes);
            let after = breaks(&broken, PATIENT);
            let new = after.iter().filter(|found| !before.contains(found));
            let new: Told = new.map(|found| (found.check, found.document.to_string())).collect();
            assert_eq!(new, told, "seed {seed}: {name}: {after:?}");
            *planted.entry(name).or_default() += 1;
        }
    }
    panic!("too few places for a fault in {HISTORIES} histories: {planted:?}");
}
