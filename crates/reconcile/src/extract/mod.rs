//! An enterprise's own stock extract (WMS, ERP) beside the book: what differs, and what of that a document, a unit or a mix-up
//! explains (`domain.md` 4.2).
//!
//! Explanations are tried in a fixed order and only taken where they fit exactly; each names the evidence that it rests on.
//! What stays is unexplained. Explained and unexplained parts add up to the difference, in every measure.

mod drift;
mod explanation;
mod lots;
mod matching;
mod search;
mod slip;
mod swap;

pub use explanation::{Evidence, Explanation, Kind};
pub use lots::{LotComparison, Side};
pub use matching::{ExtractRow, Mismatch, Unmatched};

use crate::count::{CountedGoods, Reckoning, reckon_at};
use crate::cut::Cut;
use crate::sums::{total, within};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::Item;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::Read;

/// How far back documents are looked at for one that the enterprise booked twice or not at all, in days.
pub const WINDOW_DAYS: i64 = 62;

/// An item of the book beside the extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemComparison {
    /// Materials, products or residues.
    pub mark: Mark,
    /// The item.
    pub number: u64,
    /// The item as filed.
    pub item: Arc<Item>,
    /// The lines of the extract that are of it.
    pub lines: Vec<u64>,
    /// What they have together. An extract says it in the declared unit; in the others it is what the book has with what
    /// explains the difference and what stays.
    pub extract: Measure,
    /// What the book has, places outside the fence included.
    pub book: Measure,
    /// Extract less book.
    pub difference: Measure,
    /// What of that is explained, in the order in which it was tried.
    pub explanations: Vec<Explanation>,
    /// What stays, at the average of all that came in.
    pub unexplained: Measure,
    /// Its lots, in a book that keeps them beside its positions, where the extract names lots: those of its lines, and those
    /// that only the book has.
    pub lots: Vec<LotComparison>,
}

/// A book beside an extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The moment that it rests on.
    pub cut: Cut,
    /// Every item of which the book or the extract has something, in order of mark and number.
    pub items: Vec<ItemComparison>,
    /// Lines of the extract that are of no item.
    pub unmatched: Vec<Unmatched>,
}

/// Sets an extract beside a book at a moment.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn compare(
    view: &dyn Read,
    moment: Moment,
    book_no: &BookNo,
    rows: &[ExtractRow],
) -> Result<Comparison, Fault> {
    let cut = Cut::at(view, moment)?;
    let items = items(view, book_no)?;
    let kept = match rows.iter().any(|row| row.lot.is_some()) {
        true => lots::known(view, &cut, book_no)?,
        false => lots::ItemsOfLots::new(),
    };
    let matched = matching::matched(view, &cut, (&items, &kept), rows)?;
    let counted = counted(book_no, &items, &matched);
    let reckonings = reckon_at(view, &cut, &counted)?;
    let mut compared = Vec::new();
    for reckoning in &reckonings {
        let key = (reckoning.counted.mark, reckoning.counted.number);
        let Some(item) = items.get(&key) else { continue };
        let lines = matched.items.get(&key).map(|found| found.lines.clone()).unwrap_or_default();
        if lines.is_empty() && reckoning.book.is_empty() && reckoning.timing.is_empty() {
            continue;
        }
        let mut beside = beside(view, &cut, reckoning, Arc::clone(item), lines)?;
        let named = matched.items.get(&key).map(|found| &found.lots);
        // An item whose lines name no lot is kept without lots at the enterprise.
        if !kept.is_empty() && named.is_none_or(|named| named.keys().any(Option::is_some)) {
            let named = named.cloned().unwrap_or_default();
            beside.lots = lots::compare(view, &cut, book_no, key, &named)?;
        }
        compared.push(beside);
    }
    swap::explain(&mut compared)?;
    drift::explain(view, &cut, book_no, &mut compared)?;
    Ok(Comparison { cut, items: compared, unmatched: matched.unmatched })
}

/// Items of a book by mark and number.
type Items = BTreeMap<(Mark, u64), Arc<Item>>;

/// How many items are read at a time.
const ITEMS: usize = 1_000;

fn items(view: &dyn Read, book_no: &BookNo) -> Result<Items, Fault> {
    let mut found = Items::new();
    loop {
        let after = found.last_key_value().map(|(key, _)| *key);
        let page = query::items(view, book_no, after, ITEMS)?;
        let last = page.len() < ITEMS;
        found.extend(page.into_iter().map(|(key, item)| ((key.mark, key.number), item)));
        if last {
            return Ok(found);
        }
    }
}

/// Every item as if it had been counted: what the extract has of it, else nothing.
fn counted(book_no: &BookNo, items: &Items, matched: &matching::Matched) -> Vec<CountedGoods> {
    let goods = |(key, item): (&(Mark, u64), &Arc<Item>)| CountedGoods {
        book_no: book_no.clone(),
        mark: key.0,
        number: key.1,
        serial: None,
        unit: item.units.declared.clone(),
        declared: matched.items.get(key).map(|found| found.quantity).unwrap_or_default(),
        statutory1: None,
        statutory2: None,
    };
    items.iter().map(goods).collect()
}

fn beside(
    view: &dyn Read,
    cut: &Cut,
    reckoning: &Reckoning,
    item: Arc<Item>,
    lines: Vec<u64>,
) -> Result<ItemComparison, Fault> {
    let book = reckoning.book_balance()?;
    let timing = explanation::timing(reckoning)?;
    let found = if reckoning.declared_difference()?.is_zero() {
        Some(timing.clone())
    } else {
        match search::documents(view, cut, reckoning, &timing)? {
            Some(found) => Some(found),
            None => slip::explain(view, cut, &item, reckoning, &timing)?,
        }
    };
    let explanations = found.unwrap_or(timing);
    let explained = total(explanations.iter().map(|explanation| &explanation.measure))?;
    let left = within(reckoning.counted.declared.checked_sub(book.declared()))?;
    let left = within(left.checked_sub(explained.declared()))?;
    let unexplained = reckoning.at_average(left)?;
    let difference = within(explained.checked_add(&unexplained))?;
    Ok(ItemComparison {
        mark: reckoning.counted.mark,
        number: reckoning.counted.number,
        item,
        lines,
        extract: within(book.checked_add(&difference))?,
        book,
        difference,
        explanations,
        unexplained,
        lots: Vec::new(),
    })
}

impl ItemComparison {
    /// Explains all that is left by one thing.
    fn explain(&mut self, kind: Kind, evidence: BTreeSet<Evidence>) {
        self.explanations.push(Explanation { kind, measure: self.unexplained, evidence });
        self.unexplained = Measure::ZERO;
    }
}
