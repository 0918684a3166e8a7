//! What can be asked of a state: balances now and at any past moment, statements, lists, outcomes.
//!
//! All answers rest on one view, so they agree with each other and with its revision.

use crate::bom::{Bom, BomKey};
use crate::bom_standing::BomStanding;
use crate::campaign::{Campaign, CountKey, Counted};
use crate::code::{
    AdjustmentNo, BomVersion, BookNo, CampaignNo, CustomsNo, DeskCode, DifferenceNo, DisposalNo, DocumentNo,
    LicenceNo, ListNo, OfficeCode, TallyNo, TariffCode,
};
use crate::counters::Counters;
use crate::difference::{DifferenceRef, DifferenceState, KeptDifference};
use crate::direction::Mark;
use crate::disposal::{Adjustment, Disposal};
use crate::document::DeclaredItem;
use crate::error::Fault;
use crate::event::{Delivery, Event, JournalKey, JournalRow};
use crate::hold::HeldKind;
use crate::item::{Item, ItemKey};
use crate::layer::{
    Allocation, AllocationKey, Layer, LayerId, LayerKey, LayerMoment, Lot, LotShare, StackKey,
};
use crate::movement::{DocumentState, Movement};
use crate::mover::Mover;
use crate::outcome::Revision;
use crate::parameter::Parameter;
use crate::period::Period;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::standing::TallyResult;
use crate::state::{
    Adjustments, Allocations, BomStandings, Boms, BookAdjustments, BookCampaigns, BookDifferences,
    BookDisposals, BookMovements, Books, Campaigns, Counts, DeclaredItems, Deliveries, Disposals,
    DocumentHolds, Events, Head, Heads, Items, Journal, Key, LayerMoments, Layers, LicencesOf, Lots,
    Movements, Order, OwnGroup, Parameters, Periods, Positions, Read, Row, Table, Tallies, Tolerances, Visit,
    get,
};
use crate::tally::Tally;
use crate::time::{Date, Instant};
use crate::tolerance::Tolerance;
use compact_str::CompactString;
use std::sync::Arc;

/// A moment of the ledger's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The state as viewed.
    Now,
    /// After a revision.
    After(Revision),
    /// Everything with a ledger time before this one (`design.md` 6).
    Before(Instant),
}

/// What the ledger knows of itself.
///
/// # Errors
/// The state could not be read.
pub fn head(state: &dyn Read) -> Result<Option<Arc<Head>>, Fault> {
    get::<Heads>(state, ())
}

/// The last revision of a state; 0 before the first.
///
/// # Errors
/// The state could not be read.
pub fn revision(state: &dyn Read) -> Result<Revision, Fault> {
    Ok(head(state)?.map_or(Revision(0), |head| head.revision))
}

/// The last revision that a moment includes.
///
/// # Errors
/// The state could not be read.
pub fn revision_at(state: &dyn Read, moment: Moment) -> Result<Revision, Fault> {
    let last = revision(state)?;
    match moment {
        Moment::Now => Ok(last),
        Moment::After(revision) => Ok(revision.min(last)),
        Moment::Before(instant) => last_before(state, last, instant),
    }
}

/// Ledger times never go back, so the last event before a time is found by halving.
fn last_before(state: &dyn Read, last: Revision, instant: Instant) -> Result<Revision, Fault> {
    let (mut low, mut high) = (0, last.0);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if event_at(state, Revision(middle))?.ledger_time < instant {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(Revision(low))
}

fn event_at(state: &dyn Read, revision: Revision) -> Result<Arc<Event>, Fault> {
    get::<Events>(state, revision)?.ok_or_else(|| Fault(format!("no event at revision {}", revision.0)))
}

/// The event of a revision.
///
/// # Errors
/// The state could not be read.
pub fn event(state: &dyn Read, revision: Revision) -> Result<Option<Arc<Event>>, Fault> {
    get::<Events>(state, revision)
}

/// Events from a revision on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn events(
    state: &dyn Read,
    from: Revision,
    count_max: usize,
) -> Result<Vec<(Revision, Arc<Event>)>, Fault> {
    collect::<Events, _>(state, from, Revision(u64::MAX), Order::Forward, count_max, |key, row| match key {
        Key::Event(revision) => Some((revision, row)),
        _ => None,
    })
}

/// The counters of a position at a moment: one row now, one seek in its history otherwise.
///
/// # Errors
/// The state could not be read.
pub fn counters(state: &dyn Read, position: &PositionKey, moment: Moment) -> Result<Counters, Fault> {
    if moment == Moment::Now {
        return Ok(get::<Positions>(state, position.clone())?.unwrap_or_default());
    }
    let revision = revision_at(state, moment)?;
    let from = JournalKey { position: position.clone(), revision: Revision(0), ordinal: 0 };
    let to = JournalKey { position: position.clone(), revision, ordinal: u32::MAX };
    let last = collect::<Journal, _>(state, from, to, Order::Backward, 1, |_, row| Some(row.after))?;
    Ok(last.first().copied().unwrap_or_default())
}

/// Which positions a listing is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PositionFilter {
    /// Of one book; of all without it.
    pub book_no: Option<BookNo>,
    /// Of one item, within the book.
    pub item: Option<(Mark, u64)>,
    /// In one place.
    pub place: Option<Place>,
}

/// Positions in order of key with their counters at a moment, from behind `after` on, at most `count_max`. Positions
/// whose counters are all nothing at that moment are left out.
///
/// # Errors
/// The state could not be read.
pub fn positions(
    state: &dyn Read,
    filter: &PositionFilter,
    after: Option<&PositionKey>,
    count_max: usize,
    moment: Moment,
) -> Result<Vec<(PositionKey, Counters)>, Fault> {
    let moment = match moment {
        Moment::Before(_) => Moment::After(revision_at(state, moment)?),
        other => other,
    };
    let (from, to) = position_range(filter, after);
    let mut found = Vec::new();
    let mut fault = None;
    let mut visit = |key: Key, row: Row| {
        let (Key::Position(key), Row::Position(now)) = (key, row) else { return Visit::Continue(()) };
        if after == Some(&key) || filter.place.is_some_and(|place| place != key.place) {
            return Visit::Continue(());
        }
        let counters = if moment == Moment::Now { Ok(now) } else { counters(state, &key, moment) };
        match counters {
            Ok(counters) if counters.is_zero() => {}
            Ok(counters) => found.push((key, counters)),
            Err(error) => fault = Some(error),
        }
        if fault.is_some() || found.len() >= count_max { Visit::Break(()) } else { Visit::Continue(()) }
    };
    state.scan(&Key::Position(from), &Key::Position(to), Order::Forward, &mut visit)?;
    fault.map_or(Ok(found), Err)
}

fn position_range(filter: &PositionFilter, after: Option<&PositionKey>) -> (PositionKey, PositionKey) {
    let bounds = |book_no: BookNo, upper: bool| {
        let (mark, number) = match (filter.item, upper) {
            (Some(item), _) => item,
            (None, false) => (Mark::Goods, 0),
            (None, true) => (Mark::Residue, u64::MAX),
        };
        let place = if upper { Place::Made } else { Place::Zone };
        PositionKey {
            book_no,
            mark,
            number,
            lot: upper.then(crate::code::LotNo::highest),
            serial: upper.then(crate::code::SerialNo::highest),
            place,
        }
    };
    let book = |highest: bool| match &filter.book_no {
        Some(book_no) => book_no.clone(),
        None if highest => BookNo::highest(),
        None => BookNo::lowest(),
    };
    let from = after.cloned().unwrap_or_else(|| bounds(book(false), false));
    (from, bounds(book(true), true))
}

/// A row of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Where and when.
    pub key: JournalKey,
    /// What was done, with the counters after it.
    pub row: Arc<JournalRow>,
}

/// The history of a position between two revisions, both included, from behind `after` on, at most `count_max` rows.
///
/// # Errors
/// The state could not be read.
pub fn statement(
    state: &dyn Read,
    position: &PositionKey,
    (first, last): (Revision, Revision),
    after: Option<(Revision, u32)>,
    count_max: usize,
) -> Result<Vec<StatementRow>, Fault> {
    let (revision, ordinal) = match after {
        Some((revision, ordinal)) if revision >= first => (revision, ordinal.saturating_add(1)),
        _ => (first, 0),
    };
    let from = JournalKey { position: position.clone(), revision, ordinal };
    let to = JournalKey { position: position.clone(), revision: last, ordinal: u32::MAX };
    if from > to {
        return Ok(Vec::new());
    }
    collect::<Journal, _>(state, from, to, Order::Forward, count_max, |key, row| match key {
        Key::Journal(key) => Some(StatementRow { key, row }),
        _ => None,
    })
}

/// Where lots of an item are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotRow {
    /// Which layer, and where.
    pub key: LayerKey,
    /// How much.
    pub layer: Layer,
    /// What it came in with.
    pub lot: Arc<Lot>,
}

/// The lots of a book at a moment, of one item or of all, place by place in order of receipt, from behind `after` on, at
/// most `count_max`. Now: one row each. Before: one seek in the history of each layer that ever was.
///
/// # Errors
/// The state could not be read.
pub fn lots(
    state: &dyn Read,
    book_no: &BookNo,
    item: Option<(Mark, u64)>,
    after: Option<&LayerKey>,
    count_max: usize,
    moment: Moment,
) -> Result<Vec<LotRow>, Fault> {
    let stack = |(mark, number), place| StackKey { book_no: book_no.clone(), mark, number, place };
    let from =
        after.cloned().unwrap_or_else(|| stack(item.unwrap_or((Mark::Goods, 0)), Place::Zone).lowest());
    let to = stack(item.unwrap_or((Mark::Residue, u64::MAX)), Place::Found).highest();
    if from > to {
        return Ok(Vec::new());
    }
    let layers = match moment {
        Moment::Now => {
            collect::<Layers, _>(state, from, to, Order::Forward, count_max, |key, layer| match key {
                Key::Layer(key) if after != Some(&key) => Some((key, layer)),
                _ => None,
            })?
        }
        moment => layers_after(state, from, to, after, count_max, revision_at(state, moment)?)?,
    };
    let with_lot = |(key, layer): (LayerKey, Layer)| {
        let lot = lot(state, &key.stack, &key.id)?;
        Ok(LotRow { key, layer, lot })
    };
    layers.into_iter().map(with_lot).collect()
}

/// The layers between two keys that were not empty after a revision.
fn layers_after(
    state: &dyn Read,
    from: LayerKey,
    to: LayerKey,
    after: Option<&LayerKey>,
    count_max: usize,
    revision: Revision,
) -> Result<Vec<(LayerKey, Layer)>, Fault> {
    let at = |layer: LayerKey, revision| LayerMoment { layer, revision };
    let end = at(to, Revision(u64::MAX));
    let mut found = Vec::new();
    // Behind the last moment of a layer comes the first of the next.
    let mut next = match after {
        Some(after) => at(after.clone(), Revision(u64::MAX)),
        None => at(from, Revision(0)),
    };
    while found.len() < count_max {
        let first =
            collect::<LayerMoments, _>(state, next, end.clone(), Order::Forward, 1, |key, _| match key {
                Key::LayerMoment(moment) => Some(moment.layer),
                _ => None,
            })?;
        let Some(layer) = first.into_iter().next() else { break };
        let (start, until) = (at(layer.clone(), Revision(0)), at(layer.clone(), revision));
        let was = collect::<LayerMoments, _>(state, start, until, Order::Backward, 1, |_, was| Some(was))?;
        let was = was.into_iter().next().unwrap_or_default();
        if !was.remaining.is_zero() || !was.reserved.is_zero() {
            found.push((layer.clone(), was));
        }
        next = at(layer, Revision(u64::MAX));
    }
    Ok(found)
}

fn lot(state: &dyn Read, stack: &StackKey, layer: &LayerId) -> Result<Arc<Lot>, Fault> {
    get::<Lots>(state, (stack.item(), layer.lot.clone()))?
        .ok_or_else(|| Fault(format!("lot {} of {stack:?} is not known", layer.lot)))
}

/// A lot that a line of a document took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenLot {
    /// By which line, from where, to where.
    pub key: AllocationKey,
    /// Whether the goods have left.
    pub posted: bool,
    /// How much of which layer.
    pub share: LotShare,
    /// What the lot came in with: origin, price, what duty rests on.
    pub lot: Arc<Lot>,
}

/// The lots that the lines of the documents of a number take, in order of type, event and line.
///
/// # Errors
/// The state could not be read.
pub fn lots_of_document(state: &dyn Read, document: &DocumentNo) -> Result<Vec<TakenLot>, Fault> {
    let (first, last) = (Mover::lowest(document.clone()), Mover::highest(document.clone()));
    taken_lots(state, (first, 0), (last, u64::MAX))
}

/// The lots that the lines of one document take, or of one event of it, in order of line.
///
/// # Errors
/// The state could not be read.
pub fn lots_of_mover(state: &dyn Read, mover: &Mover) -> Result<Vec<TakenLot>, Fault> {
    taken_lots(state, (mover.clone(), 0), (mover.clone(), u64::MAX))
}

/// What one line of a document takes, place by place.
pub(crate) fn lots_of_line(
    state: &dyn Read,
    mover: &Mover,
    line: u64,
) -> Result<Vec<(AllocationKey, Arc<Allocation>)>, Fault> {
    allocations(state, (mover.clone(), line), (mover.clone(), line))
}

fn taken_lots(state: &dyn Read, first: (Mover, u64), last: (Mover, u64)) -> Result<Vec<TakenLot>, Fault> {
    let mut found = Vec::new();
    for (key, allocation) in allocations(state, first, last)? {
        for share in &allocation.shares {
            found.push(TakenLot {
                lot: lot(state, &key.from, &share.layer)?,
                key: key.clone(),
                posted: allocation.posted,
                share: share.clone(),
            });
        }
    }
    Ok(found)
}

/// What is taken between two lines, both included.
fn allocations(
    state: &dyn Read,
    first: (Mover, u64),
    last: (Mover, u64),
) -> Result<Vec<(AllocationKey, Arc<Allocation>)>, Fault> {
    let bound = |(mover, line), book_no, mark, number, place| AllocationKey {
        mover,
        line,
        from: StackKey { book_no, mark, number, place },
        to: place,
    };
    let from = bound(first, BookNo::lowest(), Mark::Goods, 0, Place::Zone);
    let to = bound(last, BookNo::highest(), Mark::Residue, u64::MAX, Place::Found);
    collect::<Allocations, _>(state, from, to, Order::Forward, usize::MAX, |key, row| match key {
        Key::Allocation(key) => Some((key, row)),
        _ => None,
    })
}

/// Lists in order of number, of one book or of all, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn movements(
    state: &dyn Read,
    book_no: Option<&BookNo>,
    after: Option<&ListNo>,
    count_max: usize,
) -> Result<Vec<Arc<Movement>>, Fault> {
    let from = after.cloned().unwrap_or_else(ListNo::lowest);
    let Some(book_no) = book_no else {
        let skip = |movement: &Arc<Movement>| after != Some(&movement.list_no);
        let (to, order) = (ListNo::highest(), Order::Forward);
        let found =
            collect::<Movements, _>(state, from, to, order, count_max, |_, row| Some(row).filter(skip))?;
        return found.into_iter().map(|movement| as_it_stands(state, movement)).collect();
    };
    let (low, high) = ((book_no.clone(), from), (book_no.clone(), ListNo::highest()));
    let numbers =
        collect::<BookMovements, _>(state, low, high, Order::Forward, count_max, |key, ()| match key {
            Key::BookMovement((_, list_no)) if after != Some(&list_no) => Some(list_no),
            _ => None,
        })?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        found.extend(movement(state, number)?);
    }
    Ok(found)
}

/// One list.
///
/// # Errors
/// The state could not be read.
pub fn movement(state: &dyn Read, list_no: ListNo) -> Result<Option<Arc<Movement>>, Fault> {
    get::<Movements>(state, list_no)?.map(|movement| as_it_stands(state, movement)).transpose()
}

/// A list with what the closing of a period made of it ([`Movement::state_in`]).
fn as_it_stands(state: &dyn Read, movement: Arc<Movement>) -> Result<Arc<Movement>, Fault> {
    let Some(book) = get::<Books>(state, movement.book_no.clone())? else { return Ok(movement) };
    let now = movement.state_in(&book);
    if now == movement.state {
        return Ok(movement);
    }
    let verified_time = period_of(state, &movement)?.and_then(|period| period.closed_time());
    Ok(Arc::new(Movement { state: now, verified_time, ..(*movement).clone() }))
}

/// The closed period that covers a posted list: the first that ended after it was posted.
fn period_of(state: &dyn Read, movement: &Movement) -> Result<Option<Arc<Period>>, Fault> {
    let Some(head) = head(state)? else { return Ok(None) };
    let covers = |period: &Arc<Period>| {
        let end = period.closing().and(period.end)?;
        let posted = head.utc_offset.local(movement.posted_time?).date();
        (posted <= end).then_some(())
    };
    let (from, to) = ((movement.book_no.clone(), 0), (movement.book_no.clone(), u64::MAX));
    let found = collect::<Periods, _>(state, from, to, Order::Forward, 1, |_, period| {
        covers(&period).map(|()| period)
    })?;
    Ok(found.into_iter().next())
}

/// What the declaration of one revision says of items, in order of mark and number.
///
/// # Errors
/// The state could not be read.
pub fn items_declared_at(
    state: &dyn Read,
    (book_no, sequence): (&BookNo, u64),
    revision: Revision,
) -> Result<Vec<Arc<DeclaredItem>>, Fault> {
    let key = |mark, number, at| (book_no.clone(), sequence, mark, number, Revision(at));
    let (from, to) = (key(Mark::Goods, 0, 0), key(Mark::Residue, u64::MAX, u64::MAX));
    collect::<DeclaredItems, _>(state, from, to, Order::Forward, usize::MAX, |key, item| match key {
        Key::DeclaredItem((.., at)) if at == revision => Some(item),
        _ => None,
    })
}

/// Periods of a book in order of the number of their verification, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn periods(
    state: &dyn Read,
    book_no: &BookNo,
    after: Option<u64>,
    count_max: usize,
) -> Result<Vec<(u64, Arc<Period>)>, Fault> {
    let (from, to) = ((book_no.clone(), after.unwrap_or(0)), (book_no.clone(), u64::MAX));
    collect::<Periods, _>(state, from, to, Order::Forward, count_max, |key, row| match key {
        Key::Period((_, sequence)) if after != Some(sequence) => Some((sequence, row)),
        _ => None,
    })
}

/// What is declared of items under a verification, in order of mark and number, from behind `after` on, at most
/// `count_max` items; of what was said more than once, the last.
///
/// # Errors
/// The state could not be read.
pub fn declared_items(
    state: &dyn Read,
    (book_no, sequence): (&BookNo, u64),
    after: Option<(Mark, u64)>,
    count_max: usize,
) -> Result<Vec<Arc<DeclaredItem>>, Fault> {
    let key = |(mark, number), revision| (book_no.clone(), sequence, mark, number, Revision(revision));
    let from = after.map_or_else(|| key((Mark::Goods, 0), 0), |after| key(after, u64::MAX));
    let to = key((Mark::Residue, u64::MAX), u64::MAX);
    let mut found: Vec<Arc<DeclaredItem>> = Vec::new();
    state.scan(&DeclaredItems::key(from), &DeclaredItems::key(to), Order::Forward, &mut |_, row| {
        let Row::DeclaredItem(item) = row else { return Visit::Continue(()) };
        let full = found.len() >= count_max;
        match found.last_mut() {
            Some(last) if (last.mark, last.number) == (item.mark, item.number) => *last = item,
            _ if full => return Visit::Break(()),
            _ => found.push(item),
        }
        Visit::Continue(())
    })?;
    Ok(found)
}

/// Disposals in order of number, of one book or of all, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn disposals(
    state: &dyn Read,
    book_no: Option<&BookNo>,
    after: Option<&DisposalNo>,
    count_max: usize,
) -> Result<Vec<Arc<Disposal>>, Fault> {
    let (low, high) = (after.cloned().unwrap_or_else(DisposalNo::lowest), DisposalNo::highest());
    let Some(book_no) = book_no else {
        return collect::<Disposals, _>(state, low, high, Order::Forward, count_max, |_, row| {
            Some(row).filter(|row| after != Some(&row.filed.disposal_no))
        });
    };
    let (low, high) = ((book_no.clone(), low), (book_no.clone(), high));
    let numbers =
        collect::<BookDisposals, _>(state, low, high, Order::Forward, count_max, |key, ()| match key {
            Key::BookDisposal((_, number)) if after != Some(&number) => Some(number),
            _ => None,
        })?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        found.extend(get::<Disposals>(state, number)?);
    }
    Ok(found)
}

/// Adjustments in order of number, of one book or of all, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn adjustments(
    state: &dyn Read,
    book_no: Option<&BookNo>,
    after: Option<&AdjustmentNo>,
    count_max: usize,
) -> Result<Vec<Arc<Adjustment>>, Fault> {
    let (low, high) = (after.cloned().unwrap_or_else(AdjustmentNo::lowest), AdjustmentNo::highest());
    let Some(book_no) = book_no else {
        return collect::<Adjustments, _>(state, low, high, Order::Forward, count_max, |_, row| {
            Some(row).filter(|row| after != Some(&row.filed.adjustment_no))
        });
    };
    let (low, high) = ((book_no.clone(), low), (book_no.clone(), high));
    let numbers =
        collect::<BookAdjustments, _>(state, low, high, Order::Forward, count_max, |key, ()| match key {
            Key::BookAdjustment((_, number)) if after != Some(&number) => Some(number),
            _ => None,
        })?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        found.extend(get::<Adjustments>(state, number)?);
    }
    Ok(found)
}

/// Count campaigns in order of number, of one book or of all, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn campaigns(
    state: &dyn Read,
    book_no: Option<&BookNo>,
    after: Option<&CampaignNo>,
    count_max: usize,
) -> Result<Vec<Arc<Campaign>>, Fault> {
    let (low, high) = (after.cloned().unwrap_or_else(CampaignNo::lowest), CampaignNo::highest());
    let Some(book_no) = book_no else {
        return collect::<Campaigns, _>(state, low, high, Order::Forward, count_max, |_, row| {
            Some(row).filter(|row| after != Some(&row.campaign_no))
        });
    };
    let (low, high) = ((book_no.clone(), low), (book_no.clone(), high));
    let numbers =
        collect::<BookCampaigns, _>(state, low, high, Order::Forward, count_max, |key, ()| match key {
            Key::BookCampaign((_, number)) if after != Some(&number) => Some(number),
            _ => None,
        })?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        found.extend(get::<Campaigns>(state, number)?);
    }
    Ok(found)
}

/// Which differences are asked for; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifferenceFilter {
    /// Of one report.
    pub difference_no: Option<DifferenceNo>,
    /// Of one book.
    pub book_no: Option<BookNo>,
    /// Of the books of one office.
    pub office: Option<OfficeCode>,
    /// That stand somewhere.
    pub state: Option<DifferenceState>,
    /// That somebody has to see to.
    pub owner: Option<DeskCode>,
}

impl DifferenceFilter {
    fn wants(&self, state: &dyn Read, row: &KeptDifference) -> Result<bool, Fault> {
        let owner = row.assigned().and_then(|assigned| assigned.owner.as_ref());
        let same = self.book_no.as_ref().is_none_or(|book_no| *book_no == row.book_no)
            && self.state.is_none_or(|wanted| wanted == row.state)
            && (self.owner.is_none() || self.owner.as_ref() == owner);
        let Some(office) = self.office.as_ref().filter(|_| same) else { return Ok(same) };
        Ok(get::<Books>(state, row.book_no.clone())?.is_some_and(|book| book.office == *office))
    }
}

/// A difference, under its report and line.
pub type FoundDifference = (DifferenceRef, Arc<KeptDifference>);

/// Differences in order of report and line, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn differences(
    state: &dyn Read,
    filter: &DifferenceFilter,
    after: Option<&DifferenceRef>,
    count_max: usize,
) -> Result<Vec<FoundDifference>, Fault> {
    let mut found = Vec::new();
    for (from, to) in difference_ranges(state, filter, after)? {
        let mut fault = None;
        let mut visit = |key: Key, row: Row| {
            let (Key::Difference(key), Row::Difference(row)) = (key, row) else { return Visit::Continue(()) };
            match filter.wants(state, &row) {
                Ok(true) if after != Some(&key) => found.push((key, row)),
                Ok(_) => {}
                Err(error) => fault = Some(error),
            }
            if fault.is_some() || found.len() >= count_max { Visit::Break(()) } else { Visit::Continue(()) }
        };
        state.scan(&Key::Difference(from), &Key::Difference(to), Order::Forward, &mut visit)?;
        if let Some(fault) = fault {
            return Err(fault);
        }
        if found.len() >= count_max {
            break;
        }
    }
    Ok(found)
}

/// The parts of the table that have to be looked through: those of one report, of the reports of one book, or all.
fn difference_ranges(
    state: &dyn Read,
    filter: &DifferenceFilter,
    after: Option<&DifferenceRef>,
) -> Result<Vec<(DifferenceRef, DifferenceRef)>, Fault> {
    let whole = |difference_no: &DifferenceNo| {
        let line = |line| DifferenceRef { difference_no: difference_no.clone(), line };
        (line(0), line(u64::MAX))
    };
    let mut ranges = match (&filter.difference_no, &filter.book_no) {
        (Some(number), _) => vec![whole(number)],
        (None, Some(book_no)) => {
            let from = after.map_or_else(DifferenceNo::lowest, |after| after.difference_no.clone());
            let (from, to) = ((book_no.clone(), from), (book_no.clone(), DifferenceNo::highest()));
            collect::<BookDifferences, _>(state, from, to, Order::Forward, usize::MAX, |key, ()| match key {
                Key::BookDifference((_, number)) => Some(whole(&number)),
                _ => None,
            })?
        }
        (None, None) => vec![(whole(&DifferenceNo::lowest()).0, whole(&DifferenceNo::highest()).1)],
    };
    if let Some(after) = after {
        ranges.retain(|(_, to)| to > after);
        if let Some((from, _)) = ranges.first_mut() {
            *from = after.clone().max(from.clone());
        }
    }
    Ok(ranges)
}

/// Tallies in order of number, from behind `after` on, at most `count_max`: all, or those that wait for customs, be it
/// to accept one that differs from its list or to decide on what an accepted one did not find.
///
/// # Errors
/// The state could not be read.
pub fn tallies(
    state: &dyn Read,
    undecided: bool,
    after: Option<&TallyNo>,
    count_max: usize,
) -> Result<Vec<Arc<Tally>>, Fault> {
    let from = after.cloned().unwrap_or_else(TallyNo::lowest);
    let mut broken = None;
    let found =
        collect::<Tallies, _>(state, from, TallyNo::highest(), Order::Forward, count_max, |_, row| {
            if after == Some(&row.filed.tally_no) {
                return None;
            }
            match waits_for_customs(state, &row) {
                Ok(waits) => Some(row).filter(|_| waits || !undecided),
                Err(fault) => {
                    broken = Some(fault);
                    None
                }
            }
        })?;
    broken.map_or(Ok(found), Err)
}

/// Documents other than lists about which customs ordered something, in order of kind and number, from behind `after` on, at
/// most `count_max`: all, or those that are stopped or whose inspection is to come.
///
/// # Errors
/// The state could not be read.
pub fn holds(
    state: &dyn Read,
    open: bool,
    after: Option<&(HeldKind, DocumentNo)>,
    count_max: usize,
) -> Result<Rows<DocumentHolds>, Fault> {
    let from = after.cloned().unwrap_or((HeldKind::Permit, DocumentNo::lowest()));
    let to = (HeldKind::Parcel, DocumentNo::highest());
    collect::<DocumentHolds, _>(state, from, to, Order::Forward, count_max, |key, hold| {
        let key = DocumentHolds::own_key(key).filter(|key| Some(key) != after)?;
        (hold.is_open() || !open).then_some((key, hold))
    })
}

/// Where a permit, a slip, a pass or a parcel stands; `None` if there is no such document.
///
/// # Errors
/// The state could not be read.
pub fn held_state(
    state: &dyn Read,
    kind: HeldKind,
    number: &DocumentNo,
) -> Result<Option<DocumentState>, Fault> {
    Ok(crate::rules::holds::found(state, kind, number)?.map(|(state, _)| state))
}

fn waits_for_customs(state: &dyn Read, tally: &Tally) -> Result<bool, Fault> {
    if tally.is_open() {
        return Ok(true);
    }
    let list = get::<Movements>(state, tally.filed.list_no.clone())?;
    Ok(list.is_some_and(|list| {
        let standing = list.standing.as_deref().and_then(|standing| standing.tally.as_ref());
        let differs = standing == Some(&(tally.filed.tally_no.clone(), TallyResult::Differs));
        differs && list.state == DocumentState::PrePosted
    }))
}

/// Counts of a campaign in order of goods, from one key to another, both included, but not `after` itself, at most
/// `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn counts(
    state: &dyn Read,
    (from, to): (CountKey, CountKey),
    after: Option<&CountKey>,
    count_max: usize,
) -> Result<Vec<(CountKey, Counted)>, Fault> {
    let from = after.cloned().unwrap_or(from);
    if from > to {
        return Ok(Vec::new());
    }
    collect::<Counts, _>(state, from, to, Order::Forward, count_max, |key, counted| match key {
        Key::Count(key) if after != Some(&key) => Some((key, counted)),
        _ => None,
    })
}

/// Items of a book in order of mark and number, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn items(
    state: &dyn Read,
    book_no: &BookNo,
    after: Option<(Mark, u64)>,
    count_max: usize,
) -> Result<Vec<(ItemKey, Arc<Item>)>, Fault> {
    let key = |(mark, number)| ItemKey { book_no: book_no.clone(), mark, number };
    let from = key(after.unwrap_or((Mark::Goods, 0)));
    let to = key((Mark::Residue, u64::MAX));
    collect::<Items, _>(state, from, to, Order::Forward, count_max, |found, row| match found {
        Key::Item(item) if after != Some((item.mark, item.number)) => Some((item, row)),
        _ => None,
    })
}

/// BOM versions of a book, of one product or of all, in order of product and version, from behind `after` on, at most
/// `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn boms(
    state: &dyn Read,
    book_no: &BookNo,
    product: Option<u64>,
    after: Option<(u64, BomVersion)>,
    count_max: usize,
) -> Result<Vec<(BomKey, Arc<Bom>)>, Fault> {
    let Some((from, to)) = bom_range(book_no, product, after.as_ref()) else { return Ok(Vec::new()) };
    collect::<Boms, _>(state, from, to, Order::Forward, count_max, |found, row| match found {
        Key::Bom(found) if after != Some((found.product, found.version.clone())) => Some((found, row)),
        _ => None,
    })
}

/// How BOM versions stand, those of [`boms`]. Nothing was said of one whose standing is empty.
///
/// # Errors
/// The state could not be read.
pub fn bom_standings(
    state: &dyn Read,
    book_no: &BookNo,
    product: Option<u64>,
    after: Option<(u64, BomVersion)>,
    count_max: usize,
) -> Result<Vec<(BomKey, Arc<BomStanding>)>, Fault> {
    let versions = boms(state, book_no, product, after, count_max)?.into_iter();
    versions.map(|(key, _)| Ok((key.clone(), get::<BomStandings>(state, key)?.unwrap_or_default()))).collect()
}

/// BOM versions of a book that customs challenged, of one product or of all, in order of product and version, from behind
/// `after` on, at most `count_max`; those alone of which a challenge is open, where that is asked for.
///
/// # Errors
/// The state could not be read.
pub fn challenged_boms(
    state: &dyn Read,
    book_no: &BookNo,
    (product, open): (Option<u64>, bool),
    after: Option<(u64, BomVersion)>,
    count_max: usize,
) -> Result<Vec<(BomKey, Arc<BomStanding>)>, Fault> {
    let Some((from, to)) = bom_range(book_no, product, after.as_ref()) else { return Ok(Vec::new()) };
    let wanted = |row: &BomStanding| {
        if open { row.open_challenge().is_some() } else { !row.challenges.is_empty() }
    };
    collect::<BomStandings, _>(state, from, to, Order::Forward, count_max, |found, row| match found {
        Key::BomStanding(found) if after != Some((found.product, found.version.clone())) => {
            wanted(&row).then_some((found, row))
        }
        _ => None,
    })
}

/// The versions of a book, or of one product of it, from `after` on; `None` where there can be none.
fn bom_range(
    book_no: &BookNo,
    product: Option<u64>,
    after: Option<&(u64, BomVersion)>,
) -> Option<(BomKey, BomKey)> {
    let key = |product, version| BomKey { book_no: book_no.clone(), product, version };
    let from = match after {
        Some((product, version)) => key(*product, version.clone()),
        None => key(product.unwrap_or(0), BomVersion::lowest()),
    };
    let to = key(product.unwrap_or(u64::MAX), BomVersion::highest());
    (from <= to).then_some((from, to))
}

/// The value of a parameter that holds on a day.
///
/// # Errors
/// The state could not be read.
pub fn parameter_on(state: &dyn Read, parameter: Parameter, day: Date) -> Result<Quantity, Fault> {
    let values = get::<Parameters>(state, parameter)?.unwrap_or_default();
    Ok(values.range(..=day).next_back().map_or(parameter.default(), |(_, value)| *value))
}

/// What an office tolerates of the differences of a count that rests on a day.
///
/// # Errors
/// The state could not be read.
pub fn tolerance_on(state: &dyn Read, office: &OfficeCode, day: Date) -> Result<Tolerance, Fault> {
    let values = get::<Tolerances>(state, office.clone())?.unwrap_or_default();
    Ok(values.range(..=day).next_back().map_or_else(Tolerance::default, |(_, tolerance)| *tolerance))
}

/// The import licences of an enterprise for goods that end on a day or later, in order of their last day and number, at
/// most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn licences_of(
    state: &dyn Read,
    party: &CustomsNo,
    goods: &TariffCode,
    day: Date,
    count_max: usize,
) -> Result<Vec<LicenceNo>, Fault> {
    let key = |day, number| (party.clone(), goods.clone(), day, number);
    let (from, to) = (key(day, LicenceNo::lowest()), key(Date(i32::MAX), LicenceNo::highest()));
    collect::<LicencesOf, _>(state, from, to, Order::Forward, count_max, |key, ()| match key {
        Key::LicenceOf((.., number)) => Some(number),
        _ => None,
    })
}

/// What customs registered of items of a repair book as own-group products, in order of item, from behind `after` on, at
/// most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn own_group(
    state: &dyn Read,
    book_no: &BookNo,
    after: Option<u64>,
    count_max: usize,
) -> Result<Rows<OwnGroup>, Fault> {
    let key = |number| ItemKey { book_no: book_no.clone(), mark: Mark::Goods, number };
    behind::<OwnGroup>(state, after.map(key), (key(0), key(u64::MAX)), count_max)
}

/// The day of the ledger's clock at its last revision.
///
/// # Errors
/// The state could not be read.
pub fn today(state: &dyn Read) -> Result<Date, Fault> {
    Ok(head(state)?.map_or(Date(0), |head| head.utc_offset.local(head.ledger_time).date()))
}

/// A message of a source, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Where it came from.
    pub source: CompactString,
    /// Its number in the source.
    pub sequence: u64,
    /// Its delivery.
    pub delivery: Arc<Delivery>,
    /// The event that holds its outcome.
    pub event: Arc<Event>,
}

/// Messages of one source, or of all, in order of source and sequence, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn received(
    state: &dyn Read,
    source: Option<&CompactString>,
    after: Option<&(CompactString, u64)>,
    count_max: usize,
) -> Result<Vec<Received>, Fault> {
    let low = match (after, source) {
        (Some(after), _) => after.clone(),
        (None, Some(source)) => (source.clone(), 0),
        (None, None) => (CompactString::const_new(""), 0),
    };
    let last = source.cloned().unwrap_or_else(|| CompactString::const_new("\u{10FFFF}"));
    if low.0 > last {
        return Ok(Vec::new());
    }
    let deliveries = collect::<Deliveries, _>(
        state,
        low,
        (last, u64::MAX),
        Order::Forward,
        count_max,
        |key, row| match key {
            Key::Delivery(key) if after != Some(&key) => Some((key, row)),
            _ => None,
        },
    )?;
    let with_event = |((source, sequence), delivery): ((CompactString, u64), Arc<Delivery>)| {
        let event = event_at(state, delivery.revision)?;
        Ok(Received { source, sequence, delivery, event })
    };
    deliveries.into_iter().map(with_event).collect()
}

/// One message, and what became of it.
///
/// # Errors
/// The state could not be read.
pub fn received_one(
    state: &dyn Read,
    source: CompactString,
    sequence: u64,
) -> Result<Option<Received>, Fault> {
    let Some(delivery) = get::<Deliveries>(state, (source.clone(), sequence))? else { return Ok(None) };
    let event = event_at(state, delivery.revision)?;
    Ok(Some(Received { source, sequence, delivery, event }))
}

/// Rows of a table with their keys.
pub type Rows<T> = Vec<(<T as Table>::Key, <T as Table>::Value)>;

/// Rows of a table with their keys, in order of key from behind `after` on, at most `count_max`. `ends` are the lowest and
/// the highest key wanted.
///
/// # Errors
/// The state could not be read.
pub fn behind<T: Table<Key: Clone + PartialEq>>(
    state: &dyn Read,
    after: Option<T::Key>,
    (lowest, highest): (T::Key, T::Key),
    count_max: usize,
) -> Result<Rows<T>, Fault> {
    let from = after.clone().unwrap_or(lowest);
    collect::<T, _>(state, from, highest, Order::Forward, count_max, |key, value| {
        let own = T::own_key(key).filter(|key| Some(key) != after.as_ref())?;
        Some((own, value))
    })
}

/// Rows of one table between two keys, both included, of which `pick` makes something; at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn collect<T: Table, R>(
    state: &dyn Read,
    from: T::Key,
    to: T::Key,
    order: Order,
    count_max: usize,
    mut pick: impl FnMut(Key, T::Value) -> Option<R>,
) -> Result<Vec<R>, Fault> {
    let mut found = Vec::new();
    state.scan(&T::key(from), &T::key(to), order, &mut |key, row| {
        if found.len() >= count_max {
            return Visit::Break(());
        }
        if let Some(value) = T::value(row) {
            found.extend(pick(key, value));
        }
        if found.len() >= count_max { Visit::Break(()) } else { Visit::Continue(()) }
    })?;
    Ok(found)
}
