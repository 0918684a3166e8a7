//! A count campaign over a view of the ledger: what has to be counted, what was, what is to be counted again, and what was
//! there at the cut-off (`domain.md` 4.2, B; `RULES.md` 14.4).

use crate::count::CountedGoods;
use crate::recount::{Count, Judgement, Rule, Tolerance, Verdict, judge};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::book::{Book, Regime, Usage};
use zonebook_ledger::campaign::{Campaign, CountKey, Counted};
use zonebook_ledger::code::{BomVersion, BookNo, CountArea, LotNo, SerialNo};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::CountPlace;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::{Item, ItemKey};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Books, Items, Key, Order, Read, get};
use zonebook_ledger::time::{LocalTime, UtcOffset};

/// Items that one page of a walk through a campaign looks at.
pub const ITEMS_OF_PAGE: usize = 500;

/// Places inside the fence: what the book has there has to be counted. What is outside is counted where somebody does.
const EXPECTED: [Place; 5] =
    [Place::Zone, Place::Scrap, Place::RemovedPart, Place::InProcess, Place::AwaitingDestruction];

/// What is counted by itself and summed afterwards, of goods in one place of the book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Where it was counted.
    pub place: CountPlace,
    /// The BOM version of a product.
    pub bom_version: Option<BomVersion>,
    /// The lot, where it was told apart.
    pub lot: Option<LotNo>,
    /// In which part of the zone.
    pub area: Option<CountArea>,
}

/// Goods that have to be counted, or were: an item, or a unit of it, in one place of the book.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The item.
    pub item: ItemKey,
    /// As filed.
    pub filed: Arc<Item>,
    /// The unit, where the book tracks units.
    pub serial: Option<SerialNo>,
    /// The place of the book; `None` for goods that it does not have.
    pub place: Option<Place>,
    /// What the book has there at the cut-off, in the declared unit.
    pub book: Quantity,
    /// What the counts come to.
    pub judgement: Judgement<Cell>,
}

/// What was there at the cut-off, as agreed: a term of the counted total of its item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedRow {
    /// Its mark.
    pub mark: Mark,
    /// Its number.
    pub number: u64,
    /// The unit.
    pub serial: Option<SerialNo>,
    /// Where it was counted.
    pub place: CountPlace,
    /// The BOM version of a product.
    pub bom_version: Option<BomVersion>,
    /// How much, in the declared unit.
    pub quantity: Quantity,
}

impl Subject {
    /// What was agreed on, counting place by counting place; nothing while it is not agreed.
    #[must_use]
    pub fn rows(&self) -> Vec<CountedRow> {
        let mut rows: Vec<CountedRow> = Vec::new();
        if self.judgement.verdict != Verdict::Agreed {
            return rows;
        }
        for (cell, quantity) in &self.judgement.figures {
            let same = |row: &&mut CountedRow| row.place == cell.place && row.bom_version == cell.bom_version;
            match rows.iter_mut().find(same) {
                // Each term was summed before without leaving the range of numbers.
                Some(row) => row.quantity = row.quantity.checked_add(*quantity).unwrap_or(row.quantity),
                None => rows.push(CountedRow {
                    mark: self.item.mark,
                    number: self.item.number,
                    serial: self.serial.clone(),
                    place: cell.place,
                    bom_version: cell.bom_version.clone(),
                    quantity: *quantity,
                }),
            }
        }
        rows
    }
}

/// How far a campaign has come, in items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Items in scope of which the book had something inside the fence at the cut-off, or something was counted.
    pub items: u64,
    /// Items all of whose goods were counted by as many as have to.
    pub counted: u64,
    /// Items all of whose goods are agreed on.
    pub agreed: u64,
    /// Items some of whose goods have to be counted again.
    pub to_recount: u64,
}

impl Coverage {
    /// Agreed items of all items, in whole percent, rounded down; of none, all.
    #[must_use]
    pub const fn progress_percent(&self) -> u64 {
        match self.agreed.saturating_mul(100).checked_div(self.items) {
            Some(percent) => percent,
            None => 100,
        }
    }

    fn add(&mut self, subjects: &[Subject]) {
        let all = |holds: fn(Verdict) -> bool| {
            u64::from(subjects.iter().all(|subject| holds(subject.judgement.verdict)))
        };
        self.items = self.items.saturating_add(1);
        let counted = all(|verdict| !matches!(verdict, Verdict::Uncounted | Verdict::Waiting));
        self.counted = self.counted.saturating_add(counted);
        self.agreed = self.agreed.saturating_add(all(|verdict| verdict == Verdict::Agreed));
        let to_recount = 1 - all(|verdict| !matches!(verdict, Verdict::Recount(_)));
        self.to_recount = self.to_recount.saturating_add(to_recount);
    }
}

/// A campaign, with what is the same for all its items.
struct Walk<'a> {
    state: &'a dyn Read,
    campaign: &'a Campaign,
    book: Arc<Book>,
    offset: UtcOffset,
    /// The last revision of the view.
    revision: Revision,
    tolerance: Tolerance,
    /// Revisions of the moments at which something was counted.
    moments: BTreeMap<LocalTime, Revision>,
}

/// The item behind which a walk goes on; `None` at its end.
pub type LastItem = Option<(Mark, u64)>;

/// What has to be counted, or was, item by item, from behind `after` on; looks at no more than `items_max` items in scope.
/// The second part is the last item looked at, behind which the walk goes on; `None` at its end.
///
/// # Errors
/// The state could not be read.
pub fn subjects(
    state: &dyn Read,
    campaign: &Campaign,
    after: Option<(Mark, u64)>,
    items_max: usize,
) -> Result<(Vec<Subject>, LastItem), Fault> {
    let mut walk = Walk::new(state, campaign)?;
    let items = items_in_scope(state, campaign, after, items_max)?;
    let next = items.last().filter(|_| items.len() >= items_max).map(|(key, _)| (key.mark, key.number));
    let mut found = Vec::new();
    for (key, item) in items {
        found.extend(walk.item(&key, &item)?);
    }
    Ok((found, next))
}

/// How far a campaign has come.
///
/// # Errors
/// The state could not be read.
pub fn coverage(state: &dyn Read, campaign: &Campaign) -> Result<Coverage, Fault> {
    let mut coverage = Coverage::default();
    walk(state, campaign, |subjects| coverage.add(subjects))?;
    Ok(coverage)
}

/// What was agreed on, in order of item, unit and counting place.
///
/// # Errors
/// The state could not be read.
pub fn counted(state: &dyn Read, campaign: &Campaign) -> Result<Vec<CountedRow>, Fault> {
    let mut rows = Vec::new();
    walk(state, campaign, |subjects| rows.extend(subjects.iter().flat_map(Subject::rows)))?;
    Ok(rows)
}

/// What was agreed on inside the fence, item by item and unit by unit: what [`reckon`](crate::count::reckon) sets beside
/// the book, after the cut-off of the campaign. Finished goods are products still, not turned back into materials.
///
/// # Errors
/// The state could not be read.
pub fn goods(state: &dyn Read, campaign: &Campaign) -> Result<Vec<CountedGoods>, Fault> {
    let mut goods: Vec<CountedGoods> = Vec::new();
    walk(state, campaign, |subjects| {
        for subject in subjects {
            let inside = subject.rows().into_iter().filter(|row| row.place.is_inside_the_fence());
            for row in inside {
                let same = |goods: &&mut CountedGoods| {
                    (goods.mark, goods.number, &goods.serial) == (row.mark, row.number, &row.serial)
                };
                match goods.last_mut().filter(|last| same(last)) {
                    Some(last) => {
                        last.declared = last.declared.checked_add(row.quantity).unwrap_or(last.declared);
                    }
                    None => goods.push(CountedGoods {
                        book_no: subject.item.book_no.clone(),
                        mark: row.mark,
                        number: row.number,
                        serial: row.serial,
                        unit: subject.filed.units.declared.clone(),
                        declared: row.quantity,
                        statutory1: None,
                        statutory2: None,
                    }),
                }
            }
        }
    })?;
    Ok(goods)
}

/// Visits the subjects of each item that has any.
fn walk(state: &dyn Read, campaign: &Campaign, mut visit: impl FnMut(&[Subject])) -> Result<(), Fault> {
    let mut walk = Walk::new(state, campaign)?;
    let mut after = None;
    loop {
        let items = items_in_scope(state, campaign, after, ITEMS_OF_PAGE)?;
        let Some((last, _)) = items.last() else { return Ok(()) };
        after = Some((last.mark, last.number));
        for (key, item) in &items {
            let subjects = walk.item(key, item)?;
            if !subjects.is_empty() {
                visit(&subjects);
            }
        }
    }
}

fn items_in_scope(
    state: &dyn Read,
    campaign: &Campaign,
    after: Option<(Mark, u64)>,
    count_max: usize,
) -> Result<Vec<(ItemKey, Arc<Item>)>, Fault> {
    let scope = &campaign.opening.scope;
    let mut ranges: Vec<(Mark, u64, u64)> = match scope.items.as_slice() {
        [] => Mark::ALL.iter().map(|mark| (*mark, 0, u64::MAX)).collect(),
        some => some.iter().map(|range| (range.mark, range.first, range.last)).collect(),
    };
    ranges.sort_unstable();
    let mut found: Vec<(ItemKey, Arc<Item>)> = Vec::new();
    let mut last = after;
    for (mark, first, end) in ranges {
        let first = match last {
            Some((done, _)) if done > mark => continue,
            Some((done, number)) if done == mark => first.max(number.saturating_add(1)),
            _ => first,
        };
        if first > end || found.len() >= count_max {
            continue;
        }
        let key = |number| ItemKey { book_no: campaign.opening.book_no.clone(), mark, number };
        let room = count_max.saturating_sub(found.len());
        found.extend(query::collect::<Items, _>(
            state,
            key(first),
            key(end),
            Order::Forward,
            room,
            |key, item| match key {
                Key::Item(key) => Some((key, item)),
                _ => None,
            },
        )?);
        last = found.last().map(|(key, _)| (key.mark, key.number)).or(last);
    }
    Ok(found)
}

/// What the book has of goods of an item in one place, and what was counted of them.
#[derive(Default)]
struct Gathered {
    positions: Vec<(PositionKey, Quantity)>,
    counts: Vec<(CountKey, Counted)>,
}

impl<'a> Walk<'a> {
    fn new(state: &'a dyn Read, campaign: &'a Campaign) -> Result<Self, Fault> {
        let book_no: &BookNo = &campaign.opening.book_no;
        let book = get::<Books>(state, book_no.clone())?.ok_or_else(|| {
            Fault(format!("book {book_no} of campaign {} is not there", campaign.campaign_no))
        })?;
        let offset = query::head(state)?.map_or(UtcOffset::CHINA, |head| head.utc_offset);
        let revision = query::revision(state)?;
        let day = offset.local(campaign.cut_off_time).date();
        let tolerance = Tolerance {
            ppm: query::parameter_on(state, Parameter::CountTolerancePpm, day)?,
            absolute: query::parameter_on(state, Parameter::CountTolerance, day)?,
        };
        Ok(Self { state, campaign, book, offset, revision, tolerance, moments: BTreeMap::new() })
    }

    /// The goods of an item, unit by unit and place by place.
    fn item(&mut self, key: &ItemKey, item: &Arc<Item>) -> Result<Vec<Subject>, Fault> {
        let mut gathered: BTreeMap<(Option<SerialNo>, Option<Place>), Gathered> = BTreeMap::new();
        let number = &self.campaign.campaign_no;
        let range = (
            CountKey::lowest(number.clone(), key.mark, key.number),
            CountKey::highest(number.clone(), key.mark, key.number),
        );
        for (count, counted) in query::counts(self.state, range, None, usize::MAX)? {
            let place = count.place.stands_at(&self.book, key.mark);
            gathered.entry((count.serial.clone(), place)).or_default().counts.push((count, counted));
        }
        let filter = PositionFilter {
            book_no: Some(key.book_no.clone()),
            item: Some((key.mark, key.number)),
            place: None,
        };
        for (position, now) in query::positions(self.state, &filter, None, usize::MAX, Moment::Now)? {
            if !position.place.is_inside() {
                continue;
            }
            let then = self.at_cut_off(&position, &now)?;
            // Parts removed in repair are counted by item (`RULES.md` 14.4).
            let serial = position.serial.clone().filter(|_| key.mark == Mark::Goods);
            let subject = (serial, Some(position.place));
            let expected = EXPECTED.contains(&position.place) && !then.is_zero();
            if expected || gathered.contains_key(&subject) {
                gathered.entry(subject).or_default().positions.push((position, then));
            }
        }
        let mut subjects = Vec::with_capacity(gathered.len());
        for ((serial, place), gathered) in gathered {
            let book = sum(gathered.positions.iter().map(|(_, then)| *then))?;
            let mut counts = Vec::with_capacity(gathered.counts.len());
            for (count, counted) in gathered.counts {
                let moved = self.moved(&gathered.positions, counted.counted_at)?;
                counts.push(Count {
                    cell: Cell {
                        place: count.place,
                        bom_version: count.bom_version,
                        lot: count.lot,
                        area: count.area,
                    },
                    round: count.round,
                    counter: count.counter,
                    quantity: counted.declared,
                    moved,
                });
            }
            let comparable = place.is_some() && self.has_its_own_stock(key.mark);
            let rule = Rule {
                counters: self.campaign.opening.counters,
                tolerance: self.tolerance,
                book: comparable.then_some(book),
            };
            let judgement = judge(&counts, &rule);
            subjects.push(Subject {
                item: key.clone(),
                filed: Arc::clone(item),
                serial,
                place,
                book,
                judgement,
            });
        }
        Ok(subjects)
    }

    /// A processing book has its products as their materials, unless work orders make them into stock (`RULES.md` 6.1).
    fn has_its_own_stock(&self, mark: Mark) -> bool {
        mark != Mark::Product || self.book.usage != Usage::Processing || self.book.regime == Regime::WorkOrder
    }

    fn at_cut_off(&self, position: &PositionKey, now: &Counters) -> Result<Quantity, Fault> {
        if self.revision == self.campaign.cut_off {
            return on_hand(position, now);
        }
        let then = query::counters(self.state, position, Moment::After(self.campaign.cut_off))?;
        on_hand(position, &then)
    }

    /// What was posted to these positions, less what was posted from them, between the cut-off and a moment.
    fn moved(
        &mut self,
        positions: &[(PositionKey, Quantity)],
        moment: Option<LocalTime>,
    ) -> Result<Quantity, Fault> {
        let Some(moment) = moment else { return Ok(Quantity::ZERO) };
        let revision = self.revision_of(moment)?;
        let mut moved = Vec::with_capacity(positions.len());
        for (position, at_cut_off) in positions {
            let counters = query::counters(self.state, position, Moment::After(revision))?;
            let then = on_hand(position, &counters)?;
            moved.push(then.checked_sub(*at_cut_off).ok_or_else(|| beyond(position))?);
        }
        sum(moved.into_iter())
    }

    /// The last revision before a moment, and never one before the cut-off: a clock that shows seconds may show the time
    /// of the cut-off for a while after it.
    fn revision_of(&mut self, moment: LocalTime) -> Result<Revision, Fault> {
        if let Some(revision) = self.moments.get(&moment) {
            return Ok(*revision);
        }
        let before = query::revision_at(self.state, Moment::Before(self.offset.instant(moment)))?;
        let revision = before.max(self.campaign.cut_off);
        self.moments.insert(moment, revision);
        Ok(revision)
    }
}

fn on_hand(position: &PositionKey, counters: &Counters) -> Result<Quantity, Fault> {
    counters.on_hand().map(|measure| measure.declared()).ok_or_else(|| beyond(position))
}

fn beyond(position: &PositionKey) -> Fault {
    Fault(format!("the counters of {position:?} are beyond the range of a number"))
}

fn sum(mut quantities: impl Iterator<Item = Quantity>) -> Result<Quantity, Fault> {
    quantities
        .try_fold(Quantity::ZERO, Quantity::checked_add)
        .ok_or_else(|| Fault("a sum is beyond the range of a number".into()))
}
