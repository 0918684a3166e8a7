//! When counts agree, and when goods have to be counted again (复盘): a pure rule over what was counted.
//!
//! All figures are brought back to the cut-off of the campaign: from what was counted at a moment goes what the ledger
//! posted to the place since the cut-off. Neither the order in which counts came nor the sheets they stand on matter.

use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::code::CounterCode;
use zonebook_ledger::quantity::Quantity;

/// One line of a sheet. `C` tells apart what is counted by itself and summed afterwards: areas, lots, counting places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count<C> {
    /// What it is of.
    pub cell: C,
    /// In which round.
    pub round: u64,
    /// By whom.
    pub counter: CounterCode,
    /// How much was there when it was counted.
    pub quantity: Quantity,
    /// How much the ledger had posted to the place, less what it posted from it, between the cut-off and then.
    pub moved: Quantity,
}

/// By how much figures may differ: by either is let pass (`domain.md` 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// In millionths of the larger figure.
    pub ppm: Quantity,
    /// As a quantity.
    pub absolute: Quantity,
}

impl Tolerance {
    /// Whether two figures are near enough.
    #[must_use]
    pub fn lets_pass(&self, a: Quantity, b: Quantity) -> bool {
        let Some(apart) = a.raw().checked_sub(b.raw()).and_then(i128::checked_abs) else { return false };
        let relative = || {
            let allowed = a.raw().unsigned_abs().max(b.raw().unsigned_abs());
            let allowed = i128::try_from(allowed).ok()?.checked_mul(self.ppm.raw() / Quantity::ONE)?;
            Some(apart.checked_mul(1_000_000)? <= allowed)
        };
        apart <= self.absolute.raw() || relative().unwrap_or(false)
    }
}

/// By what counts are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How many have to count each cell.
    pub counters: u64,
    /// By how much they may differ.
    pub tolerance: Tolerance,
    /// What the book has at the cut-off; `None` where it cannot be compared.
    pub book: Option<Quantity>,
}

/// Why goods have to be counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Those who counted in one round differ.
    CountersDiffer,
    /// The count is not what the book has, and nobody has counted again yet.
    BookDiffers,
    /// Goods moved between counts that have to be summed, so that the sum is of no moment.
    MovedMeanwhile,
}

impl Cause {
    /// The name in tables and in the contract.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CountersDiffer => "COUNTERS_DIFFER",
            Self::BookDiffers => "BOOK_DIFFERS",
            Self::MovedMeanwhile => "MOVED_MEANWHILE",
        }
    }
}

/// What counts come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody counted yet.
    Uncounted,
    /// Fewer counted than have to.
    Waiting,
    /// To be counted again.
    Recount(Cause),
    /// So much was there.
    Agreed,
}

impl Verdict {
    /// The name in tables and in the contract.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uncounted => "UNCOUNTED",
            Self::Waiting => "WAITING",
            Self::Recount(_) => "RECOUNT",
            Self::Agreed => "AGREED",
        }
    }
}

/// A verdict, with the figures that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement<C> {
    /// What the counts come to.
    pub verdict: Verdict,
    /// The last round in which anything was counted; 0 before the first.
    pub round: u64,
    /// What was there at the cut-off, cell by cell. Where several cells were counted after goods moved, the movement is
    /// taken off the first. Empty while there is no such figure.
    pub figures: Vec<(C, Quantity)>,
}

impl<C> Judgement<C> {
    /// What was there at the cut-off, all in all.
    #[must_use]
    pub fn counted(&self) -> Option<Quantity> {
        if self.figures.is_empty() {
            return None;
        }
        self.figures.iter().try_fold(Quantity::ZERO, |sum, (_, figure)| sum.checked_add(*figure))
    }

    const fn without_figures(verdict: Verdict, round: u64) -> Self {
        Self { verdict, round, figures: Vec::new() }
    }
}

/// The counts of a cell's last round.
struct Cell {
    round: u64,
    /// The sum of each counter at the cut-off.
    sums: BTreeMap<CounterCode, Option<Quantity>>,
}

/// Judges the counts of goods that stand in one place of the book.
///
/// Of each cell the last round counts. A recount of part of the cells leaves the others as they were.
#[must_use]
pub fn judge<C: Ord + Clone>(counts: &[Count<C>], rule: &Rule) -> Judgement<C> {
    let round = counts.iter().map(|count| count.round).max().unwrap_or(0);
    if counts.is_empty() {
        return Judgement::without_figures(Verdict::Uncounted, 0);
    }
    let last = last_rounds(counts);
    let Some(taken_off) = taken_off(&last) else {
        return Judgement::without_figures(Verdict::Recount(Cause::MovedMeanwhile), round);
    };
    let cells = cells(&last, &taken_off);
    let mut figures = Vec::with_capacity(cells.len());
    let mut verdict = Verdict::Agreed;
    for (cell, counted) in &cells {
        let sums: Option<Vec<Quantity>> = counted.sums.values().copied().collect();
        let ends = sums.as_ref().and_then(|sums| sums.iter().min().copied().zip(sums.iter().max().copied()));
        let Some((least, most)) = ends else {
            // Beyond the range of numbers: no figure to agree on.
            return Judgement::without_figures(Verdict::Recount(Cause::CountersDiffer), round);
        };
        if !rule.tolerance.lets_pass(least, most) {
            verdict = Verdict::Recount(Cause::CountersDiffer);
        } else if (counted.sums.len() as u64) < rule.counters && verdict == Verdict::Agreed {
            verdict = Verdict::Waiting;
        }
        // Within the tolerance: never more than each of them saw.
        figures.push((cell.clone(), least));
    }
    let mut judgement = Judgement { verdict, round, figures };
    let first_round = cells.values().any(|cell| cell.round <= 1);
    if let (Verdict::Agreed, Some(book), Some(counted)) = (verdict, rule.book, judgement.counted())
        && first_round
        && !rule.tolerance.lets_pass(counted, book)
    {
        judgement.verdict = Verdict::Recount(Cause::BookDiffers);
    }
    judgement
}

fn last_rounds<C: Ord + Clone>(counts: &[Count<C>]) -> Vec<&Count<C>> {
    let mut last: BTreeMap<&C, u64> = BTreeMap::new();
    for count in counts {
        let round = last.entry(&count.cell).or_default();
        *round = (*round).max(count.round);
    }
    counts.iter().filter(|count| last.get(&count.cell) == Some(&count.round)).collect()
}

/// From which sums the movement since the cut-off goes.
enum TakenOff {
    /// Goods moved the same for all: once, from the first cell.
    Once(Quantity),
    /// There is one cell: from each counter's own sum, by the moment of that count.
    OfEach,
}

/// `None` where counts that have to be summed are of different moments between which goods moved.
fn taken_off<C: Ord>(last: &[&Count<C>]) -> Option<TakenOff> {
    let moved: BTreeSet<Quantity> = last.iter().map(|count| count.moved).collect();
    if let (Some(moved), 1) = (moved.first(), moved.len()) {
        return Some(TakenOff::Once(*moved));
    }
    let cells: BTreeSet<&C> = last.iter().map(|count| &count.cell).collect();
    let mut of_counter: BTreeMap<&CounterCode, Quantity> = BTreeMap::new();
    let one_moment =
        last.iter().all(|count| *of_counter.entry(&count.counter).or_insert(count.moved) == count.moved);
    (cells.len() == 1 && one_moment).then_some(TakenOff::OfEach)
}

fn cells<C: Ord + Clone>(last: &[&Count<C>], taken_off: &TakenOff) -> BTreeMap<C, Cell> {
    let first = last.iter().map(|count| &count.cell).min();
    let mut cells: BTreeMap<C, Cell> = BTreeMap::new();
    for count in last {
        let cell = cells
            .entry(count.cell.clone())
            .or_insert_with(|| Cell { round: count.round, sums: BTreeMap::new() });
        let begin = match taken_off {
            TakenOff::Once(moved) if Some(&count.cell) == first => Quantity::ZERO.checked_sub(*moved),
            TakenOff::Once(_) => Some(Quantity::ZERO),
            TakenOff::OfEach => Quantity::ZERO.checked_sub(count.moved),
        };
        let sum = cell.sums.entry(count.counter.clone()).or_insert(begin);
        *sum = sum.and_then(|sum| sum.checked_add(count.quantity));
    }
    cells
}
