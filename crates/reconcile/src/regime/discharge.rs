//! The bill of discharge of a special procedure (Art. 175 of Regulation 2015/2446; `domain.md` 4.4).
//!
//! Goods placed in one month or quarter have one period of discharge, which begins with the last day of it. The bill says,
//! material by material, what was placed and what became of exactly those goods until the period ended:
//!
//! ```text
//! placed = re-exported + released + destroyed + transferred + lost + processed + remaining
//! ```
//!
//! Which goods those are, the lots of the book say, and the serial numbers of units. Where a book has neither, what was there
//! before goes first, then what was
//! placed in the period, then what came later; what a correction undoes goes back to where it came from. A material that
//! left in a product is discharged as the product was, by its rate of yield.

use super::yields::RateOfYield;
use crate::cause::{Cause, Causes};
use crate::crossing::{self, Crossing};
use crate::flow::{Flow, classify};
use crate::lots;
use crate::sums::{add, magnitude, opposite, within};
use crate::verification::Period;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::book::Book;
use zonebook_ledger::calendar::{days_after, end_of_month};
use zonebook_ledger::code::{BomVersion, BookNo, LotNo, SerialNo};
use zonebook_ledger::code_list;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::due;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::{Item, ItemKey};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Boms, Books, Lines, Read, get};
use zonebook_ledger::time::Date;

code_list! {
    /// How long goods are placed that have one period of discharge together.
    Aggregation, "aggregation" {
        /// A calendar month.
        Monthly = "MONTHLY",
        /// A calendar quarter.
        Quarterly = "QUARTERLY",
    }
}

code_list! {
    /// What became of goods that were placed.
    Discharge, "discharge" {
        /// Re-exported, as they were or in products.
        ReExported = "RE_EXPORTED",
        /// Released for free circulation, as they were or in products.
        Released = "RELEASED",
        /// Destroyed.
        Destroyed = "DESTROYED",
        /// Transferred to another holder, as they were or in products.
        Transferred = "TRANSFERRED",
        /// Lost, and accepted as such.
        Lost = "LOST",
        /// Used by a slip or a work order: in products which the book has for themselves.
        Processed = "PROCESSED",
    }
}

/// The days of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day on which its goods were placed.
    pub placed_from: Date,
    /// The last one, with which the period of discharge begins.
    pub begins: Date,
    /// The last day of the period of discharge.
    pub ends: Date,
    /// By when the bill is presented.
    pub due: Date,
    /// By when where an extension is granted.
    pub due_extended: Date,
}

impl Days {
    /// Of goods placed on a day, for a period of discharge of so many months.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn of(view: &dyn Read, placed: Date, aggregation: Aggregation, months: u32) -> Result<Self, Fault> {
        let (_, month, _) = placed.civil();
        let months_left = match aggregation {
            Aggregation::Monthly => 0,
            Aggregation::Quarterly => 2_u32.saturating_sub(month.saturating_sub(1) % 3),
        };
        let begins = end_of_month(placed, months_left);
        let ends = end_of_month(begins, months);
        let days = |parameter| query::parameter_on(view, parameter, ends).map(due::whole);
        Ok(Self {
            placed_from: first_of_month(begins, aggregation),
            begins,
            ends,
            due: days_after(ends, days(Parameter::DischargeDays)?),
            due_extended: days_after(ends, days(Parameter::DischargeExtendedDays)?),
        })
    }
}

/// The first day of the month, or the quarter, that ends with a day.
fn first_of_month(last: Date, aggregation: Aggregation) -> Date {
    let (year, month, _) = last.civil();
    let month = match aggregation {
        Aggregation::Monthly => month,
        Aggregation::Quarterly => month.saturating_sub(2),
    };
    i32::try_from(year).ok().and_then(|year| Date::from_civil(year, month, 1)).unwrap_or(last)
}

/// A product in which goods that were placed left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Product {
    /// The item of the product.
    pub number: u64,
    /// The BOM version.
    pub version: BomVersion,
    /// What became of it.
    pub discharge: Discharge,
}

/// What left in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obtained {
    /// How much of the product.
    pub quantity: Quantity,
    /// How much of the goods placed it accounts for.
    pub covers: Quantity,
    /// Its rate of yield.
    pub rate: RateOfYield,
}

/// A material in a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// The item.
    pub item: ItemKey,
    /// What it is.
    pub described: Arc<Item>,
    /// What was placed in the period, less what was corrected.
    pub placed: Quantity,
    /// What became of it; what did not occur is left out.
    pub discharged: BTreeMap<Discharge, Quantity>,
    /// In which products it left.
    pub products: BTreeMap<Product, Obtained>,
}

impl BillRow {
    /// What was placed and is not discharged: what a debt arises on when the period ends.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn remaining(&self) -> Result<Quantity, Fault> {
        self.discharged.values().try_fold(self.placed, |left, gone| within(left.checked_sub(*gone)))
    }
}

/// A bill that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The book.
    pub book_no: &'a BookNo,
    /// Its days.
    pub days: Days,
    /// The last revision of which anything is known.
    pub as_of: Option<Revision>,
}

/// The materials of which anything was placed, in order of number, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn of_items(
    view: &dyn Read,
    asked: &Asked<'_>,
    after: Option<u64>,
    count_max: usize,
) -> Result<Vec<BillRow>, Fault> {
    let Some(book) = get::<Books>(view, asked.book_no.clone())? else { return Ok(Vec::new()) };
    let Days { placed_from, begins, ends, .. } = asked.days;
    let placing = Period::of(view, (Some(placed_from), Some(begins)), None, asked.as_of)?;
    let until = Period::of(view, (None, Some(ends)), None, asked.as_of)?.until;
    let mut reader =
        Reader { view, book: &book, placing, until, causes: Causes::of(view, book.book_no.clone()) };
    let mut rows = Vec::new();
    let mut after = after.map(|number| (Mark::Goods, number));
    while rows.len() < count_max {
        let items = query::items(view, asked.book_no, after, ITEMS)?;
        for (key, item) in items.iter().filter(|(key, _)| key.mark == Mark::Goods) {
            let row = reader.row(key, item)?;
            if row.placed != Quantity::ZERO || !row.discharged.is_empty() {
                rows.push(row);
            }
            if rows.len() >= count_max {
                return Ok(rows);
            }
        }
        match items.last() {
            Some((key, _)) if key.mark == Mark::Goods && items.len() == ITEMS => {
                after = Some((key.mark, key.number));
            }
            _ => break,
        }
    }
    Ok(rows)
}

/// Items read at a time.
const ITEMS: usize = 500;

struct Reader<'a> {
    view: &'a dyn Read,
    book: &'a Book,
    placing: Period,
    until: Revision,
    causes: Causes<'a>,
}

impl Reader<'_> {
    fn row(&mut self, item: &ItemKey, described: &Arc<Item>) -> Result<BillRow, Fault> {
        let mut row = BillRow {
            item: item.clone(),
            described: Arc::clone(described),
            placed: Quantity::ZERO,
            discharged: BTreeMap::new(),
            products: BTreeMap::new(),
        };
        let mut tracked = self.tracked(item, described)?;
        for crossing in crossing::of_item(self.view, item, (self.placing.after, self.until))? {
            let (revision, place) = (crossing.key.revision, crossing.key.position.place);
            let cause = self.causes.of_row(&crossing.document, revision, (place, &crossing.given))?;
            let flow = classify(place, &cause);
            let within_placing = revision <= self.placing.until;
            let ours = tracked.part(&crossing, flow, &cause, within_placing)?;
            if !ours.is_zero() {
                self.book_part(&mut row, &crossing, (flow, &cause), ours)?;
            }
        }
        row.discharged.retain(|_, gone| !gone.is_zero());
        row.products.retain(|_, obtained| !obtained.covers.is_zero());
        Ok(row)
    }

    fn tracked(&self, item: &ItemKey, described: &Item) -> Result<Tracked, Fault> {
        if described.tracked_by_serial {
            return Ok(Tracked::Units(BTreeSet::new()));
        }
        let before = self.before(item)?;
        if !self.keeps_lots(item, before)? {
            return Ok(Tracked::Layers(Layers { older: before, ..Layers::default() }));
        }
        let placed = |at: Revision| at > self.placing.after && at <= self.placing.until;
        let mut ours: BTreeMap<Revision, Quantity> = BTreeMap::new();
        for history in lots::of_item(self.view, item, (self.placing.after, self.until))?.into_values() {
            if !history.lot.received_at.is_some_and(|(received, _)| placed(received)) {
                continue;
            }
            for (revision, change) in history.changes {
                let sum = ours.entry(revision).or_default();
                *sum = within(sum.checked_add(change.declared()))?;
            }
        }
        Ok(Tracked::Lots(ours))
    }

    /// Whether the lots of an item tell all of it: the book keeps them, and has kept them since before anything of it was
    /// placed. What it took over as one lot was placed at other times than that lot says.
    fn keeps_lots(&self, item: &ItemKey, before: Quantity) -> Result<bool, Fault> {
        let (since, after) = (self.book.lots_since, self.placing.after);
        if self.book.lot_method == LotMethod::None || since <= after {
            return Ok(self.book.lot_method != LotMethod::None);
        }
        Ok(before.is_zero() && crossing::of_item(self.view, item, (after, since))?.is_empty())
    }

    /// What the item had when the placing began.
    fn before(&self, item: &ItemKey) -> Result<Quantity, Fault> {
        let filter = PositionFilter {
            book_no: Some(item.book_no.clone()),
            item: Some((item.mark, item.number)),
            place: None,
        };
        let mut sum = Measure::ZERO;
        let moment = Moment::After(self.placing.after);
        for (PositionKey { place, .. }, counters) in
            query::positions(self.view, &filter, None, usize::MAX, moment)?
        {
            if !crate::flow::is_beyond(place) {
                add(&mut sum, &within(counters.on_hand())?)?;
            }
        }
        Ok(sum.declared())
    }

    /// Books what a crossing did with goods that were placed.
    fn book_part(
        &mut self,
        row: &mut BillRow,
        crossing: &Crossing,
        (flow, cause): (Flow, &Cause),
        ours: Quantity,
    ) -> Result<(), Fault> {
        if !flow.is_out() {
            row.placed = within(row.placed.checked_add(ours))?;
            return Ok(());
        }
        let gone = opposite(ours)?;
        let discharge = if flow == Flow::Consumption {
            match self.product(crossing, cause, row.item.number, gone)? {
                Some((product, obtained)) => {
                    let discharge = product.discharge;
                    let sum = row.products.entry(product).or_insert(Obtained {
                        quantity: Quantity::ZERO,
                        covers: Quantity::ZERO,
                        ..obtained
                    });
                    sum.quantity = within(sum.quantity.checked_add(obtained.quantity))?;
                    sum.covers = within(sum.covers.checked_add(obtained.covers))?;
                    discharge
                }
                None => Discharge::Processed,
            }
        } else {
            discharge_of(flow, cause.row)
        };
        let sum = row.discharged.entry(discharge).or_default();
        *sum = within(sum.checked_add(gone))?;
        Ok(())
    }

    /// The product of a list in which a material left; `None` where a slip or a work order used it.
    fn product(
        &self,
        crossing: &Crossing,
        cause: &Cause,
        material: u64,
        gone: Quantity,
    ) -> Result<Option<(Product, Obtained)>, Fault> {
        let Some(content) = cause.list.clone() else { return Ok(None) };
        let lines = get::<Lines>(self.view, content)?.unwrap_or_default();
        let Some(line) = lines.iter().find(|line| line.filed.line == crossing.line) else { return Ok(None) };
        let Some(version) = line.filed.bom_version.clone() else { return Ok(None) };
        let key = BomKey {
            book_no: self.book.book_no.clone(),
            product: line.filed.number,
            version: version.clone(),
        };
        let bom = get::<Boms>(self.view, key)?.unwrap_or_default();
        let Some(rate) = bom.get(&material).and_then(RateOfYield::of_bom) else { return Ok(None) };
        let used = line.uses.iter().find(|used| used.material == material).map(|used| used.declared);
        let quantity = match used {
            // All of the line: its quantity is exact, what follows from the rounded use may not be.
            Some(used) if used == gone => line.filed.declared,
            Some(used) if used == opposite(gone)? => opposite(line.filed.declared)?,
            _ => rate.obtained_of(gone)?,
        };
        let discharge = discharge_of(classify(Place::Outside, cause), cause.row);
        let product = Product { number: line.filed.number, version, discharge };
        Ok(Some((product, Obtained { quantity, covers: gone, rate })))
    }
}

/// Rows of the matrix whose goods enter the market at home, unless a supervision mode says otherwise.
const HOME: &[MatrixRow] = &[
    MatrixRow::SecondLineOut,
    MatrixRow::Consolidated,
    MatrixRow::DisplaySale,
    MatrixRow::LeaseBuyOut,
    MatrixRow::LeftOutside,
    MatrixRow::ParcelOut,
    MatrixRow::ParcelsGathered,
    MatrixRow::StatusLeft,
];

/// What an outward flow is to a bill.
fn discharge_of(flow: Flow, row: Option<MatrixRow>) -> Discharge {
    match flow {
        Flow::DomesticSale => Discharge::Released,
        Flow::Destroyed => Discharge::Destroyed,
        Flow::TransferOut => Discharge::Transferred,
        Flow::VerifiedDecrease => Discharge::Lost,
        Flow::OtherOut if row.is_some_and(|row| HOME.contains(&row)) => Discharge::Released,
        _ => Discharge::ReExported,
    }
}

/// How it is known which goods a crossing moves.
enum Tracked {
    /// By lot: what of the lots that were placed came and went at each revision, and no crossing has claimed yet.
    Lots(BTreeMap<Revision, Quantity>),
    /// By unit: those that were placed. A unit that comes again comes under a lot of its own (`RULES.md` 10.2).
    Units(BTreeSet<(Option<LotNo>, Option<SerialNo>)>),
    /// By order of receipt.
    Layers(Layers),
}

impl Tracked {
    /// How much of a crossing is of the goods placed: what came counts up, what went down.
    fn part(
        &mut self,
        crossing: &Crossing,
        flow: Flow,
        cause: &Cause,
        within_placing: bool,
    ) -> Result<Quantity, Fault> {
        let given = crossing.given.declared();
        match self {
            Self::Layers(layers) => {
                let list = cause.list.as_ref().map(|(list_no, _)| list_no.as_str());
                layers.take(given, flow, list.unwrap_or(crossing.document.as_str()), within_placing)
            }
            Self::Units(units) => {
                let PositionKey { lot, serial, .. } = &crossing.key.position;
                let unit = (lot.clone(), serial.clone());
                if given.is_positive() && within_placing && !flow.is_out() {
                    units.insert(unit.clone());
                }
                Ok(if units.contains(&unit) { given } else { Quantity::ZERO })
            }
            Self::Lots(ours) => {
                let Some(left) = ours.get_mut(&crossing.key.revision) else { return Ok(Quantity::ZERO) };
                if left.is_negative() != given.is_negative() {
                    return Ok(Quantity::ZERO);
                }
                let part = if magnitude(*left)? <= magnitude(given)? { *left } else { given };
                *left = within(left.checked_sub(part))?;
                Ok(part)
            }
        }
    }
}

/// Goods by order of receipt: what was there before, what was placed in the period, what came later.
#[derive(Clone, Debug, Default)]
struct Layers {
    older: Quantity,
    placed: Quantity,
    newer: Quantity,
    /// What each list, or other document, moved of the three, so that what undoes it goes back there.
    moved: BTreeMap<String, [Quantity; 3]>,
}

impl Layers {
    fn take(
        &mut self,
        given: Quantity,
        flow: Flow,
        document: &str,
        within_placing: bool,
    ) -> Result<Quantity, Fault> {
        let undoes = given.is_negative() != flow.is_out();
        let parts = if undoes {
            self.undone(document, given)?
        } else if given.is_negative() {
            self.oldest(given)?
        } else if within_placing {
            [Quantity::ZERO, given, Quantity::ZERO]
        } else {
            [Quantity::ZERO, Quantity::ZERO, given]
        };
        let [older, placed, newer] = parts;
        self.older = within(self.older.checked_add(older))?;
        self.placed = within(self.placed.checked_add(placed))?;
        self.newer = within(self.newer.checked_add(newer))?;
        let moved = self.moved.entry(document.to_owned()).or_default();
        for (sum, part) in moved.iter_mut().zip(parts) {
            *sum = within(sum.checked_add(part))?;
        }
        Ok(placed)
    }

    /// Takes from the oldest first; what is more than there is, which customs let be taken, from the newest.
    fn oldest(&self, given: Quantity) -> Result<[Quantity; 3], Fault> {
        let mut left = opposite(given)?;
        let mut parts = [Quantity::ZERO; 3];
        for (part, there) in parts.iter_mut().zip([self.older, self.placed]) {
            let taken = left.min(there.max(Quantity::ZERO));
            *part = opposite(taken)?;
            left = within(left.checked_sub(taken))?;
        }
        parts[2] = opposite(left)?;
        Ok(parts)
    }

    /// Gives back what a document took, or takes back what it brought, the newest first; what it did before the period is of
    /// what was there before.
    fn undone(&self, document: &str, given: Quantity) -> Result<[Quantity; 3], Fault> {
        let moved = self.moved.get(document).copied().unwrap_or_default();
        let mut left = given;
        let mut parts = [Quantity::ZERO; 3];
        for (part, moved) in parts.iter_mut().zip(moved).rev() {
            // The other sign of what it moved, as far as that goes.
            let back = opposite(moved)?;
            if back.is_zero() || back.is_negative() != left.is_negative() {
                continue;
            }
            *part = if magnitude(left)? <= magnitude(back)? { left } else { back };
            left = within(left.checked_sub(*part))?;
        }
        parts[0] = within(parts[0].checked_add(left))?;
        Ok(parts)
    }
}
