//! The figures of a verification (报核), item by item (`domain.md` 4.1, `RULES.md` 14.7).
//!
//! An item is read by itself: what it had when the period began is one seek for each of its positions, what happened
//! then is the part of the history of those positions that lie [beyond the book](crate::flow::is_beyond). So memory is
//! that of one item, and a period costs what happened in it, however long the book is.
//!
//! **Opening rolls.** What a period closes with is what the next one opens with, by construction: adjustments that settle
//! the differences of a verification belong to its period, also when customs decides on them after its last day, and to no
//! later one. An adjustment that was posted before the period of its verification began belongs to when it was posted.
//!
//! Differences are what is there less what the book says (`domain.md` 4.1): less than nothing is a shortage.

use crate::cause::{Cause, Causes, Loss};
use crate::crossing;
use crate::flow::{Flow, Flows, classify, is_beyond};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use thiserror::Error;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{DeclaredItem, Figure};
use zonebook_ledger::error::Fault;
use zonebook_ledger::event::{JournalKey, JournalRow};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::period::midnight;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Periods, Read, get};
use zonebook_ledger::time::Date;

/// Positions of an item read at a time.
const PAGE: usize = 500;

/// Figures could not be computed.
#[derive(Debug, Error)]
pub enum Failure {
    /// Whoever watches the work wanted no more of it.
    #[error("stopped")]
    Stopped,
    /// The state could not be read.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A sum is beyond the range of a number.
    #[error("figures of item {mark} {number} of book {book_no} are beyond the range of a number")]
    Range {
        /// The book.
        book_no: BookNo,
        /// Materials, products or residues.
        mark: Mark,
        /// The item.
        number: u64,
    },
}

/// What was counted, by mark and number, in the declared unit.
pub type Counted = BTreeMap<(Mark, u64), Quantity>;

/// The part of the history that a verification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The last revision before it.
    pub after: Revision,
    /// Its last revision.
    pub until: Revision,
    /// The verification that settles it, where one does.
    pub sequence: Option<u64>,
    /// The last revision of which anything is known.
    pub as_of: Revision,
}

impl Period {
    /// From the beginning of a day to the end of one, by the ledger's clock; without them from the first revision, and to
    /// the last one that is known. `as_of` is what is known; all without it.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn of(
        view: &dyn Read,
        (begin, end): (Option<Date>, Option<Date>),
        sequence: Option<u64>,
        as_of: Option<Revision>,
    ) -> Result<Self, Fault> {
        let last = query::revision(view)?;
        let as_of = as_of.map_or(last, |revision| revision.min(last));
        let before = |day: Date| -> Result<Revision, Fault> {
            let Some(head) = query::head(view)? else { return Ok(Revision(0)) };
            let moment = Moment::Before(midnight(head.utc_offset, day));
            Ok(query::revision_at(view, moment)?.min(as_of))
        };
        let after = begin.map_or(Ok(Revision(0)), before)?;
        let until = end.map_or(Ok(as_of), |day| before(Date(day.0.saturating_add(1))))?.max(after);
        Ok(Self { after, until, sequence, as_of })
    }

    /// That of a verification that was declared; `None` if none was under this number. Where its declaration names no
    /// first day, it begins where the one closed before it ended. Of a closed one what was known at its closing counts,
    /// unless another revision is asked for.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn of_verification(
        view: &dyn Read,
        book_no: &BookNo,
        sequence: u64,
        as_of: Option<Revision>,
    ) -> Result<Option<Self>, Fault> {
        let Some(declared) = get::<Periods>(view, (book_no.clone(), sequence))? else { return Ok(None) };
        let before = query::periods(view, book_no, None, usize::MAX)?;
        let before = before.iter().filter(|(other, period)| *other < sequence && period.closing().is_some());
        let follows = before.filter_map(|(_, period)| period.end).max();
        let begin = declared.begin.or(follows.map(|end| Date(end.0.saturating_add(1))));
        let as_of = as_of.or(declared.closing().map(|closing| closing.revision));
        Self::of(view, (begin, declared.end), Some(sequence), as_of).map(Some)
    }

    /// Where a crossing belongs.
    fn place_of(&self, revision: Revision, cause: &Cause) -> When {
        if revision <= self.after {
            return When::Before;
        }
        match (cause.verification, self.sequence) {
            (Some(of), Some(own)) if of < own => When::Before,
            (Some(of), Some(own)) if of == own => When::Within,
            _ if revision <= self.until => When::Within,
            _ => When::Later,
        }
    }

    /// The last revision that can matter: an adjustment of the verification may have come after the last day.
    const fn last(&self) -> Revision {
        if self.sequence.is_some() { self.as_of } else { self.until }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    Within,
    Later,
}

/// The figures of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The item.
    pub item: ItemKey,
    /// What it had when the period began: what the one before closed with.
    pub before: Measure,
    /// What came and went.
    pub flows: Flows,
    /// What of its consumption by BOM was lost as scrap (`RULES.md` 6.2).
    pub tangible_loss: Quantity,
    /// What of it was lost without a trace.
    pub intangible_loss: Quantity,
    /// What was counted; what the enterprise declares to remain, where nothing else says it.
    pub counted: Option<Quantity>,
    /// What the enterprise declares. It decides nothing here: customs judges where it differs.
    pub declared: BTreeMap<Figure, Quantity>,
}

/// A figure that is declared otherwise than computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which one.
    pub figure: Figure,
    /// What the enterprise declares.
    pub declared: Quantity,
    /// What the ledger computes.
    pub computed: Quantity,
}

impl Row {
    /// Where what is declared and what is computed differ.
    #[must_use]
    pub fn mismatches(&self) -> Option<Vec<Mismatch>> {
        let beside = self.declared.iter().map(|(figure, declared)| {
            Some(Mismatch { figure: *figure, declared: *declared, computed: self.figure(*figure)? })
        });
        let differs = |mismatch: &Option<Mismatch>| {
            mismatch.is_none_or(|mismatch| mismatch.declared != mismatch.computed)
        };
        beside.filter(differs).collect()
    }

    /// Opening balance of the period, with what was filed in it as such; `None` beyond the range of a number, as are all
    /// figures below.
    #[must_use]
    pub fn opening(&self) -> Option<Measure> {
        self.before.checked_add(&self.flows.get(Flow::Opening))
    }

    /// What should remain: what the book closes with.
    #[must_use]
    pub fn closing(&self) -> Option<Measure> {
        self.flows.applied_to(&self.before)
    }

    /// A flow in the declared unit.
    #[must_use]
    pub fn flow(&self, flow: Flow) -> Quantity {
        self.flows.get(flow).declared()
    }

    /// What should remain, in the declared unit.
    #[must_use]
    pub fn should_remain(&self) -> Option<Quantity> {
        Some(self.closing()?.declared())
    }

    /// What is there less what should be; nothing where nothing was counted.
    #[must_use]
    pub fn difference(&self) -> Option<Quantity> {
        let should = self.should_remain()?;
        self.counted.map_or(Some(Quantity::ZERO), |counted| counted.checked_sub(should))
    }

    /// The difference in percent of what should remain, rounded; nothing where nothing should (`RULES.md` 14.7).
    #[must_use]
    pub fn rate_percent(&self) -> Option<Quantity> {
        self.difference()?.parts_of(self.should_remain()?, 100)
    }

    /// The size of the difference in parts of a million of what was used.
    #[must_use]
    pub fn ppm_of_use(&self) -> Option<Quantity> {
        magnitude(self.difference()?)?.parts_of(self.flow(Flow::Consumption), 1_000_000)
    }

    /// The size of the difference in parts of a million of all that the item had: opening and what came in.
    #[must_use]
    pub fn ppm_of_inflow(&self) -> Option<Quantity> {
        let inwards = Flow::ALL.iter().filter(|flow| !flow.is_out()).map(|flow| self.flow(*flow));
        let sum = inwards.into_iter().try_fold(self.before.declared(), Quantity::checked_add)?;
        magnitude(self.difference()?)?.parts_of(sum, 1_000_000)
    }

    /// Average price on the lists of the period, in US dollars: of what came in, for products of what went out. Lists
    /// carry the only values that there are; consumption by BOM has none of its own.
    #[must_use]
    pub fn average_price(&self) -> Option<Quantity> {
        let of: &[Flow] = match self.item.mark {
            Mark::Goods => &[Flow::Import, Flow::TransferIn],
            Mark::Product | Mark::Residue => {
                &[Flow::OtherOut, Flow::TransferOut, Flow::DomesticSale, Flow::ReExport]
            }
        };
        let mut sum = Measure::ZERO;
        for flow in of {
            sum = sum.checked_add(&self.flows.get(*flow))?;
        }
        if !sum.declared().is_positive() {
            return Some(Quantity::ZERO);
        }
        sum.get(Unit::Value).share(Quantity::whole(1), sum.declared())
    }

    /// So much of it at the average price.
    fn amount(&self, quantity: Quantity) -> Option<Quantity> {
        quantity.share(self.average_price()?, Quantity::whole(1))
    }

    /// A figure of the declaration: the column of `EmsChgoffDt`.
    #[must_use]
    pub fn figure(&self, figure: Figure) -> Option<Quantity> {
        let (flow, mark) = (|flow| Some(self.flow(flow)), self.item.mark);
        let only = |of: bool, quantity: Option<Quantity>| if of { quantity } else { Some(Quantity::ZERO) };
        let (goods, residue) = (mark == Mark::Goods, mark == Mark::Residue);
        match figure {
            Figure::ShouldRemain => self.should_remain(),
            Figure::ShouldRemainAmount => self.amount(self.should_remain()?),
            Figure::ActualRemain => Some(self.counted.unwrap_or_default()),
            Figure::ActualRemainAmount => self.amount(self.counted.unwrap_or_default()),
            Figure::Consumption => flow(Flow::Consumption),
            Figure::ConsumptionAmount => self.amount(self.flow(Flow::Consumption)),
            Figure::ImportOrExport => flow(if goods { Flow::Import } else { Flow::OtherOut }),
            Figure::DomesticSale => flow(Flow::DomesticSale),
            Figure::DomesticSaleAmount => self.amount(self.flow(Flow::DomesticSale)),
            Figure::ExchangeOut => flow(Flow::ExchangeOut),
            Figure::ExchangeIn => flow(Flow::ExchangeIn),
            Figure::Residues => only(residue, flow(Flow::Made)),
            Figure::ResiduesAmount => only(residue, self.amount(self.flow(Flow::Made))),
            Figure::FurtherProcessing => flow(if goods { Flow::TransferIn } else { Flow::TransferOut }),
            Figure::ReExport => flow(Flow::ReExport),
            Figure::RemainTransferOut => only(goods, flow(Flow::TransferOut)),
            Figure::Destroyed => only(!residue, flow(Flow::Destroyed)),
            Figure::ResiduesDestroyed => only(residue, flow(Flow::Destroyed)),
            Figure::VerifiedIncrease => flow(Flow::VerifiedIncrease),
            Figure::VerifiedDecrease => flow(Flow::VerifiedDecrease),
            Figure::TangibleLoss => Some(self.tangible_loss),
            Figure::IntangibleLoss => Some(self.intangible_loss),
            Figure::Difference => self.difference(),
            Figure::DifferenceAmount => self.amount(self.difference()?),
            Figure::AveragePrice => self.average_price(),
            Figure::DifferenceRate => self.rate_percent(),
            Figure::Opening => Some(self.opening()?.declared()),
        }
    }

    /// Whether there is anything to say of the item.
    fn says_something(&self) -> bool {
        self.counted.is_some()
            || !self.declared.is_empty()
            || !self.before.is_zero()
            || self.flows != Flows::default()
    }
}

fn magnitude(of: Quantity) -> Option<Quantity> {
    if of.is_negative() { Quantity::ZERO.checked_sub(of) } else { Some(of) }
}

/// What rows come to together, in US dollars at the average prices of their items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many items there are of each mark: materials, products, residues.
    pub items: [u64; 3],
    /// What came in as material.
    pub imports: Quantity,
    /// What went out as product.
    pub exports: Quantity,
    /// What should remain.
    pub should_remain: Quantity,
    /// The sizes of all differences.
    pub differences: Quantity,
}

impl Totals {
    /// Adds a row; `None` beyond the range of a number.
    #[must_use]
    pub fn add(&mut self, row: &Row) -> Option<()> {
        let count = self.items.get_mut(row.item.mark as usize)?;
        *count = count.checked_add(1)?;
        let through = row.amount(row.figure(Figure::ImportOrExport)?)?;
        match row.item.mark {
            Mark::Goods => self.imports = self.imports.checked_add(through)?,
            Mark::Product => self.exports = self.exports.checked_add(through)?,
            Mark::Residue => {}
        }
        let should = row.figure(Figure::ShouldRemainAmount)?;
        let difference = magnitude(row.figure(Figure::DifferenceAmount)?)?;
        self.should_remain = self.should_remain.checked_add(should)?;
        self.differences = self.differences.checked_add(difference)?;
        Some(())
    }

    /// The differences in per mille of what should remain, rounded.
    #[must_use]
    pub fn rate_per_mille(&self) -> Option<Quantity> {
        self.differences.parts_of(self.should_remain, 1_000)
    }
}

/// Who watches long work: told how many rows of the history were read so far, and asked whether to go on.
pub struct Watch<'a> {
    rows: u64,
    every: u64,
    goes_on: &'a mut dyn FnMut(u64) -> bool,
}

impl<'a> Watch<'a> {
    /// Asked each time so many rows were read, at least one.
    pub fn new(every: u64, goes_on: &'a mut dyn FnMut(u64) -> bool) -> Self {
        Self { rows: 0, every: every.max(1), goes_on }
    }

    /// How many rows of the history were read so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// One more was; false if it is to be the last one.
    fn read(&mut self) -> bool {
        self.rows = self.rows.saturating_add(1);
        !self.rows.is_multiple_of(self.every) || (self.goes_on)(self.rows)
    }
}

/// All items of a book of which there is something to say, in order of mark and number.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn of_book(
    view: &dyn Read,
    book_no: &BookNo,
    period: &Period,
    counted: &Counted,
) -> Result<Vec<Row>, Failure> {
    of_items(view, book_no, period, counted, None, usize::MAX)
}

/// Those from behind `after` on, at most `count_max`.
///
/// # Errors
/// As [`of_book`].
pub fn of_items(
    view: &dyn Read,
    book_no: &BookNo,
    period: &Period,
    counted: &Counted,
    after: Option<(Mark, u64)>,
    count_max: usize,
) -> Result<Vec<Row>, Failure> {
    of_items_watched(
        view,
        book_no,
        period,
        counted,
        (after, count_max),
        &mut Watch::new(u64::MAX, &mut |_| true),
    )
}

/// The same as long work that is watched.
///
/// # Errors
/// As [`of_book`], or it was stopped.
pub fn of_items_watched(
    view: &dyn Read,
    book_no: &BookNo,
    period: &Period,
    counted: &Counted,
    (mut after, count_max): (Option<(Mark, u64)>, usize),
    watch: &mut Watch<'_>,
) -> Result<Vec<Row>, Failure> {
    let mut causes = Causes::of(view, book_no.clone());
    let mut rows = Vec::new();
    loop {
        let Page { items, declared, more } = page(view, book_no, period, after)?;
        for (mark, number) in items {
            let declared = declared.get(&(mark, number));
            let remains = || declared.and_then(|item| item.figures.get(&Figure::ActualRemain));
            let counted = counted.get(&(mark, number)).or_else(remains).copied();
            let item = ItemKey { book_no: book_no.clone(), mark, number };
            let row = of_item(view, (&mut causes, watch), item, period, counted)?;
            let declared = declared.map(|item| item.figures.clone()).unwrap_or_default();
            rows.extend(Some(Row { declared, ..row }).filter(Row::says_something));
            if rows.len() >= count_max {
                return Ok(rows);
            }
        }
        match more {
            Some(last) => after = Some(last),
            None => return Ok(rows),
        }
    }
}

/// Items that are filed or declared, in order, as far as both are known.
struct Page {
    items: BTreeSet<(Mark, u64)>,
    declared: BTreeMap<(Mark, u64), Arc<DeclaredItem>>,
    /// The last of them, where there may be more.
    more: Option<(Mark, u64)>,
}

fn page(
    view: &dyn Read,
    book_no: &BookNo,
    period: &Period,
    after: Option<(Mark, u64)>,
) -> Result<Page, Fault> {
    let filed = query::items(view, book_no, after, PAGE)?;
    let filed: Vec<(Mark, u64)> = filed.into_iter().map(|(item, _)| (item.mark, item.number)).collect();
    let declared = match period.sequence {
        Some(sequence) => query::declared_items(view, (book_no, sequence), after, PAGE)?,
        None => Vec::new(),
    };
    let full = |length: usize, last: Option<(Mark, u64)>| if length == PAGE { last } else { None };
    let ends = [
        full(filed.len(), filed.last().copied()),
        full(declared.len(), declared.last().map(|item| (item.mark, item.number))),
    ];
    let more = ends.into_iter().flatten().min();
    let within = |item: &(Mark, u64)| more.is_none_or(|more| *item <= more);
    let declared: BTreeMap<_, _> =
        declared.into_iter().map(|item| ((item.mark, item.number), item)).collect();
    let items = filed.into_iter().chain(declared.keys().copied()).filter(within).collect();
    Ok(Page { items, declared, more })
}

/// One item.
fn of_item(
    view: &dyn Read,
    (causes, watch): (&mut Causes<'_>, &mut Watch<'_>),
    item: ItemKey,
    period: &Period,
    counted: Option<Quantity>,
) -> Result<Row, Failure> {
    let mut row = Row {
        item: item.clone(),
        before: Measure::ZERO,
        flows: Flows::default(),
        tangible_loss: Quantity::ZERO,
        intangible_loss: Quantity::ZERO,
        counted,
        declared: BTreeMap::new(),
    };
    let range = || Failure::Range { book_no: item.book_no.clone(), mark: item.mark, number: item.number };
    let filter = PositionFilter {
        book_no: Some(item.book_no.clone()),
        item: Some((item.mark, item.number)),
        place: None,
    };
    let mut after: Option<PositionKey> = None;
    loop {
        let page = query::positions(view, &filter, after.as_ref(), PAGE, Moment::Now)?;
        for (position, _) in &page {
            if is_beyond(position.place) {
                crossings(view, (causes, watch), &mut row, position, period)?.ok_or_else(range)?;
            } else {
                let there = query::counters(view, position, Moment::After(period.after))?.on_hand();
                row.before = there.and_then(|there| row.before.checked_add(&there)).ok_or_else(range)?;
            }
        }
        match page.last() {
            Some((position, _)) if page.len() == PAGE => after = Some(position.clone()),
            _ => return Ok(row),
        }
    }
}

/// What a position beyond the book gave and took; `None` beyond the range of a number.
fn crossings(
    view: &dyn Read,
    (causes, watch): (&mut Causes<'_>, &mut Watch<'_>),
    row: &mut Row,
    position: &PositionKey,
    period: &Period,
) -> Result<Option<()>, Failure> {
    crossing::each(view, position, (period.after, period.last()), |key, entry, given| {
        if !watch.read() {
            return Err(Failure::Stopped);
        }
        crossing_of(causes, row, key, entry, given, period).map_err(Failure::from)
    })
}

/// One of them.
fn crossing_of(
    causes: &mut Causes<'_>,
    row: &mut Row,
    key: &JournalKey,
    entry: &JournalRow,
    given: &Measure,
    period: &Period,
) -> Result<Option<()>, Fault> {
    if given.is_zero() {
        return Ok(Some(()));
    }
    let place = key.position.place;
    let cause = causes.of_row(&entry.document, key.revision, (place, given))?;
    match period.place_of(key.revision, &cause) {
        When::Later => return Ok(Some(())),
        When::Before => {
            let Some(sum) = row.before.checked_add(given) else { return Ok(None) };
            row.before = sum;
            return Ok(Some(()));
        }
        When::Within => {}
    }
    if place == Place::Consumed {
        let Some(loss) = causes.loss(&cause, entry.line, row.item.number)? else { return Ok(None) };
        if add_loss(row, loss).is_none() {
            return Ok(None);
        }
    }
    Ok(row.flows.add(classify(place, &cause), given))
}

fn add_loss(row: &mut Row, loss: Loss) -> Option<()> {
    row.tangible_loss = row.tangible_loss.checked_add(loss.tangible)?;
    row.intangible_loss = row.intangible_loss.checked_add(loss.intangible)?;
    Some(())
}
