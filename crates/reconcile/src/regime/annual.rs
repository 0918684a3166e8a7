//! The yearly reconciliation of a US foreign-trade zone (19 CFR 146.25, 146.53; `domain.md` 4.3).
//!
//! For each lot, or each item where the book keeps no lots: opening, receipts, transfers, adjustments, closing. What was
//! counted at the end of the year is set beside the book as any count is; what stays of the difference is an overage or a
//! shortage, and so is what an earlier count missed while nobody has decided on it. A shortage takes the lots in the order
//! of the book's method. It is reported at once where it is a large enough part of a lot *and* bears enough duty and tax;
//! all others are recorded and shown yearly.
//!
//! The money is held against the whole shortage of an item, not lot by lot: a shortage does not become small by being
//! spread over layers.

use crate::cause::Causes;
use crate::count::{CountedGoods, Reckoning, Timing, reckon_at};
use crate::crossing::{self, Crossing};
use crate::cut::Cut;
use crate::flow::{Flow, Flows, classify};
use crate::lots::{self, LotHistory};
use crate::sums::{add, magnitude, opposite, part, total, within};
use crate::verification::{self, Counted, Failure, Period};
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::book::Book;
use zonebook_ledger::calendar::days_after;
use zonebook_ledger::code::{BookNo, LotNo, TariffCode};
use zonebook_ledger::code_list;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::due;
use zonebook_ledger::duty::taxes;
use zonebook_ledger::error::Fault;
use zonebook_ledger::exposure::{missing_tariff, rated};
use zonebook_ledger::item::{Item, ItemKey};
use zonebook_ledger::layer::{Lot, LotMethod};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, LotRow, Moment};
use zonebook_ledger::reference::On;
use zonebook_ledger::state::{Books, Items, Read, get};
use zonebook_ledger::time::{Date, UtcOffset};

code_list! {
    /// The zone status of goods (19 CFR 146.41 to 146.44).
    ZoneStatus, "zone status" {
        /// Privileged foreign: rates are those of the day of admission.
        PrivilegedForeign = "PF",
        /// Non-privileged foreign: rates are those of the day on which it leaves; what goods have that nothing is said of.
        NonPrivilegedForeign = "NPF",
        /// Domestic: bears no duty.
        Domestic = "D",
        /// Zone-restricted.
        ZoneRestricted = "ZR",
    }
}

code_list! {
    /// When a shortage or an overage is reported.
    Manner, "manner of report" {
        /// At once, in writing.
        AtOnce = "AT_ONCE",
        /// Recorded, and shown in the yearly reconciliation.
        Yearly = "YEARLY",
        /// It is large enough; what it bears is not known, because a rate is missing.
        DutyUnknown = "DUTY_UNKNOWN",
    }
}

/// What was elected of goods at their admission: of a lot, or of all of an item that nothing else is said of.
pub type Statuses = BTreeMap<(Mark, u64, Option<LotNo>), ZoneStatus>;

/// A year of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// Its first day.
    pub begin: Date,
    /// Its last day.
    pub end: Date,
}

impl Year {
    /// The year that ends with a day.
    #[must_use]
    pub fn ending(end: Date) -> Self {
        let (year, month, day) = end.civil();
        let before = i32::try_from(year.saturating_sub(1)).ok();
        // The year before a leap day has none: its last day of February is the day before.
        let last = before.and_then(|year| {
            Date::from_civil(year, month, day)
                .or_else(|| Date::from_civil(year, month, day.saturating_sub(1)))
        });
        Self { begin: last.map_or(end, |last| days_after(last, 1)), end }
    }
}

/// The days of a year's reconciliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// By when the report is made.
    pub report: Date,
    /// By when the letter that certifies it is sent.
    pub letter: Date,
}

impl Deadlines {
    /// Of a year that ends with a day. The letter follows the report, or the last day for it while there is none.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn of(view: &dyn Read, end: Date, reported: Option<Date>) -> Result<Self, Fault> {
        let days = due::whole(query::parameter_on(view, Parameter::ZoneReportDays, end)?);
        let working = due::whole(query::parameter_on(view, Parameter::ZoneLetterDays, end)?);
        let report = days_after(end, days);
        let working = u32::try_from(working).unwrap_or(u32::MAX);
        let letter = due::calendar(view)?.add_working_days(reported.unwrap_or(report), working);
        Ok(Self { report, letter })
    }
}

/// The columns of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// What was there when the year began, with what was filed as such in it.
    pub opening: Measure,
    /// What came in.
    pub receipts: Measure,
    /// What went out, or was used.
    pub transfers: Measure,
    /// Positive adjustments that were posted.
    pub increases: Measure,
    /// Negative adjustments that were posted.
    pub decreases: Measure,
}

impl Columns {
    fn of(before: &Measure, flows: &Flows) -> Result<Self, Fault> {
        let mut columns = Self { opening: *before, ..Self::default() };
        for flow in Flow::ALL {
            let column = match flow {
                Flow::Opening => &mut columns.opening,
                Flow::VerifiedIncrease => &mut columns.increases,
                Flow::VerifiedDecrease => &mut columns.decreases,
                flow if flow.is_out() => &mut columns.transfers,
                _ => &mut columns.receipts,
            };
            add(column, &flows.get(*flow))?;
        }
        Ok(columns)
    }

    /// closing = opening + receipts - transfers + positive - negative adjustments.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn closing(&self) -> Result<Measure, Fault> {
        let into = total([&self.opening, &self.receipts, &self.increases])?;
        within(into.checked_sub(&total([&self.transfers, &self.decreases])?))
    }
}

/// A lot in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnualLot {
    /// Its number.
    pub number: LotNo,
    /// What it came in with.
    pub lot: Arc<Lot>,
    /// Its zone status.
    pub status: ZoneStatus,
    /// What it did; its value is that of its receipt, in proportion.
    pub columns: Columns,
}

/// What a count found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What was counted.
    pub counted: Quantity,
    /// What is elsewhere for a known reason, with the sign of C.
    pub timing: Quantity,
    /// Overage, or shortage as less than nothing.
    pub difference: Quantity,
}

/// What is short of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortLot {
    /// The lot; none where the book keeps none, or where a count cannot say which one.
    pub lot: Option<LotNo>,
    /// Its zone status.
    pub status: ZoneStatus,
    /// How much is short.
    pub short: Quantity,
    /// Of how much.
    pub of: Quantity,
    /// What that is worth in US dollars.
    pub value: Quantity,
    /// Duty and taxes on it, where the rates are known.
    pub duty: Option<Quantity>,
}

impl ShortLot {
    /// The part that is short, in percent, rounded.
    ///
    /// # Errors
    /// The figure is beyond the range of a number.
    pub fn percent(&self) -> Result<Quantity, Fault> {
        within(self.short.parts_of(self.of, 100))
    }

    /// Whether that is at least so many percent, exactly.
    fn is_at_least(&self, percent: Quantity) -> bool {
        let hundred = Quantity::whole(100).raw();
        let [short, of] = [(self.short, hundred), (self.of, percent.raw())]
            .map(|(quantity, by)| quantity.raw().checked_mul(by));
        // What is too large to be multiplied is large enough.
        short.zip(of).is_none_or(|(short, of)| short >= of)
    }
}

/// An item in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnualRow {
    /// The item.
    pub item: ItemKey,
    /// What it is; none for one that was declared and never filed.
    pub described: Option<Arc<Item>>,
    /// Its zone status, of what no lot says otherwise.
    pub status: ZoneStatus,
    /// What it did.
    pub columns: Columns,
    /// Its lots, where the book keeps them, in order of number: those that had anything in the year.
    pub lots: Vec<AnnualLot>,
    /// What was counted at its end, if it was.
    pub found: Option<Found>,
    /// What is short, by lot.
    pub short: Vec<ShortLot>,
    /// How the difference is reported, if there is one.
    pub manner: Option<Manner>,
    /// Tariff codes without a rate on the day that counts.
    pub missing: BTreeSet<CompactString>,
}

impl AnnualRow {
    /// What the year closes with, once what was found is adjusted.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn closing(&self) -> Result<Quantity, Fault> {
        let found = self.found.map_or(Quantity::ZERO, |found| found.difference);
        within(self.columns.closing()?.declared().checked_add(found))
    }

    /// Duty and taxes on what is short; `None` where a rate is missing.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn duty(&self) -> Result<Option<Quantity>, Fault> {
        let mut sum = Quantity::ZERO;
        for short in &self.short {
            let Some(duty) = short.duty else { return Ok(None) };
            sum = within(sum.checked_add(duty))?;
        }
        Ok(Some(sum))
    }
}

/// A year of a book that is to be reconciled.
pub struct Asked<'a> {
    /// The book.
    pub book_no: &'a BookNo,
    /// The year.
    pub year: Year,
    /// What was counted at its end.
    pub counted: &'a [CountedGoods],
    /// What was elected of its goods.
    pub statuses: &'a Statuses,
    /// The last revision of which anything is known.
    pub as_of: Option<Revision>,
}

/// The items of a year of which there is something to say, in order of mark and number, from behind `after` on, at most
/// `count_max`.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn of_items(
    view: &dyn Read,
    asked: &Asked<'_>,
    after: Option<(Mark, u64)>,
    count_max: usize,
) -> Result<Vec<AnnualRow>, Failure> {
    let days = (Some(asked.year.begin), Some(asked.year.end));
    let period = Period::of(view, days, None, asked.as_of)?;
    // Only that it was counted matters: what of it is missing the count itself says.
    let counted: Counted =
        asked.counted.iter().map(|goods| ((goods.mark, goods.number), goods.declared)).collect();
    let rows = verification::of_items(view, asked.book_no, &period, &counted, after, count_max)?;
    let Some(book) = get::<Books>(view, asked.book_no.clone())? else { return Ok(Vec::new()) };
    let reckoned = reckoned(view, asked, &period, &rows)?;
    let mut reader = Reader::of(view, &book, asked, &period)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let of_item = (row.item.mark, row.item.number);
        found.push(reader.row(row, reckoned.get(&of_item).map_or(&[], Vec::as_slice))?);
    }
    Ok(found)
}

type Reckoned = BTreeMap<(Mark, u64), Vec<Reckoning>>;

/// The counted goods of some rows beside the book at the end of the year.
fn reckoned(
    view: &dyn Read,
    asked: &Asked<'_>,
    period: &Period,
    rows: &[verification::Row],
) -> Result<Reckoned, Fault> {
    let items: BTreeSet<(Mark, u64)> = rows.iter().map(|row| (row.item.mark, row.item.number)).collect();
    let of_rows = |goods: &&CountedGoods| {
        goods.book_no == *asked.book_no && items.contains(&(goods.mark, goods.number))
    };
    let counted: Vec<CountedGoods> = asked.counted.iter().filter(of_rows).cloned().collect();
    let cut = Cut::at(view, Moment::After(period.until))?;
    let mut reckoned = Reckoned::new();
    for row in reckon_at(view, &cut, &counted)? {
        reckoned.entry((row.counted.mark, row.counted.number)).or_default().push(row);
    }
    Ok(reckoned)
}

/// Reads one item after the other.
struct Reader<'a> {
    view: &'a dyn Read,
    book: &'a Book,
    asked: &'a Asked<'a>,
    period: &'a Period,
    causes: Causes<'a>,
    offset: UtcOffset,
    share: Quantity,
    duty: Quantity,
}

impl<'a> Reader<'a> {
    fn of(
        view: &'a dyn Read,
        book: &'a Book,
        asked: &'a Asked<'a>,
        period: &'a Period,
    ) -> Result<Self, Fault> {
        let end = asked.year.end;
        Ok(Self {
            view,
            book,
            asked,
            period,
            causes: Causes::of(view, book.book_no.clone()),
            offset: query::head(view)?.map_or(UtcOffset::CHINA, |head| head.utc_offset),
            share: query::parameter_on(view, Parameter::ZoneShortageShare, end)?,
            duty: query::parameter_on(view, Parameter::ZoneShortageDuty, end)?,
        })
    }

    fn row(&mut self, row: &verification::Row, reckoned: &[Reckoning]) -> Result<AnnualRow, Fault> {
        let item = &row.item;
        let mut annual = AnnualRow {
            item: item.clone(),
            described: get::<Items>(self.view, item.clone())?,
            status: self.status(item, None),
            columns: Columns::of(&row.before, &row.flows)?,
            lots: self.lots(item)?,
            found: found(reckoned)?,
            short: Vec::new(),
            manner: None,
            missing: BTreeSet::new(),
        };
        let Some(found) = annual.found.filter(|found| !found.difference.is_zero()) else {
            return Ok(annual);
        };
        if found.difference.is_negative() {
            self.short_lots(&mut annual, opposite(found.difference)?)?;
        }
        annual.manner = Some(self.manner(&annual)?);
        Ok(annual)
    }

    fn status(&self, item: &ItemKey, lot: Option<&LotNo>) -> ZoneStatus {
        let of = |lot: Option<LotNo>| self.asked.statuses.get(&(item.mark, item.number, lot)).copied();
        let of_lot = lot.and_then(|lot| of(Some(lot.clone())));
        of_lot.or_else(|| of(None)).unwrap_or(ZoneStatus::NonPrivilegedForeign)
    }

    /// The lots of an item, with what they did by the crossings of the item at the same revisions.
    fn lots(&mut self, item: &ItemKey) -> Result<Vec<AnnualLot>, Fault> {
        let stretch = (self.period.after, self.period.until);
        let lots = lots::of_item(self.view, item, stretch)?;
        if lots.is_empty() {
            return Ok(Vec::new());
        }
        let mut crossed = Crossed::of(crossing::of_item(self.view, item, stretch)?, &mut self.causes)?;
        let mut found = Vec::new();
        for (number, LotHistory { lot, before, changes }) in lots {
            if before.is_zero() && changes.is_empty() {
                continue;
            }
            let mut flows = Flows::default();
            for (revision, change) in &changes {
                crossed.split(*revision, change, &mut flows)?;
            }
            let columns = Columns::of(&before, &flows)?;
            found.push(AnnualLot { status: self.status(item, Some(&number)), number, lot, columns });
        }
        Ok(found)
    }

    /// Takes what is short from the lots: first those that an earlier count found missing, then what is in stock, in the
    /// order of the method. Where lots are named one by one a count of the item cannot say which lot it is.
    fn short_lots(&self, annual: &mut AnnualRow, short: Quantity) -> Result<(), Fault> {
        let mut left = short;
        if matches!(self.book.lot_method, LotMethod::Fifo | LotMethod::NearestExpiry) {
            let moment = Moment::After(self.period.until);
            for LotRow { key, layer, lot } in lots::in_order(self.view, self.book, &annual.item, moment)? {
                let taken = left.min(layer.remaining.declared());
                if !taken.is_positive() {
                    continue;
                }
                left = within(left.checked_sub(taken))?;
                let value = part(&layer.remaining, taken)?.get(Unit::Value);
                self.note(annual, Some((&key.id.lot, &lot)), taken, value)?;
            }
        }
        if left.is_zero() {
            return Ok(());
        }
        // What is in no lot: at the average that the item is worth in the book.
        let closing = annual.columns.closing()?;
        let value = part(&closing, left)?.get(Unit::Value);
        self.note(annual, None, left, value)
    }

    /// Notes that so much of a lot is short.
    fn note(
        &self,
        annual: &mut AnnualRow,
        lot: Option<(&LotNo, &Arc<Lot>)>,
        short: Quantity,
        value: Quantity,
    ) -> Result<(), Fault> {
        let number = lot.map(|(number, _)| number.clone());
        if let Some(known) = annual.short.iter_mut().find(|known| known.lot == number) {
            // The same lot in several places.
            known.short = within(known.short.checked_add(short))?;
            known.value = within(known.value.checked_add(value))?;
        } else {
            let own = annual.lots.iter().find(|lot| Some(&lot.number) == number.as_ref());
            let of = own.map_or(&annual.columns, |lot| &lot.columns).closing()?.declared();
            let status = self.status(&annual.item, number.as_ref());
            annual.short.push(ShortLot { lot: number.clone(), status, short, of, value, duty: None });
        }
        let lot = lot.map(|(_, lot)| lot);
        let at = annual.short.iter().position(|known| known.lot == number);
        let Some(known) = at.and_then(|at| annual.short.get_mut(at)) else { return Ok(()) };
        match self.duty(&annual.item, annual.described.as_deref(), lot, known)? {
            Ok(duty) => known.duty = Some(duty),
            Err(missing) => {
                known.duty = None;
                annual.missing.insert(missing);
            }
        }
        Ok(())
    }

    /// Duty and taxes on what is short of a lot, at the rates that its status fixes; else what is missing.
    fn duty(
        &self,
        item: &ItemKey,
        described: Option<&Item>,
        lot: Option<&Arc<Lot>>,
        short: &ShortLot,
    ) -> Result<Result<Quantity, CompactString>, Fault> {
        if short.status == ZoneStatus::Domestic {
            return Ok(Ok(Quantity::ZERO));
        }
        let code: Option<&TariffCode> =
            lot.map(|lot| &lot.tariff_code).or_else(|| described.map(|item| &item.tariff_code));
        let Some(code) = code else {
            return Ok(Err(compact_str::format_compact!("item {} {}", item.mark, item.number)));
        };
        let admitted = lot.and_then(|lot| lot.received_at).map(|(_, at)| self.offset.local(at).date());
        let day = match short.status {
            ZoneStatus::PrivilegedForeign => admitted.unwrap_or(self.asked.year.end),
            _ => self.asked.year.end,
        };
        let origin = lot.map(|lot| lot.origin.as_str()).filter(|origin| !origin.is_empty());
        let on = On { day, known: self.period.as_of };
        let Some(rated) = rated(self.view, code, origin, on)? else {
            return Ok(Err(missing_tariff(self.view, code, on)?.what));
        };
        within(taxes(short.value, &rated.rates).and_then(|taxes| taxes.total())).map(Ok)
    }

    /// 146.53: the share is held against each lot, the money against all that is short of the item.
    fn manner(&self, annual: &AnnualRow) -> Result<Manner, Fault> {
        let large = annual.short.iter().any(|short| short.is_at_least(self.share));
        Ok(match annual.duty()? {
            _ if !large => Manner::Yearly,
            None => Manner::DutyUnknown,
            Some(duty) if duty >= self.duty => Manner::AtOnce,
            Some(_) => Manner::Yearly,
        })
    }
}

/// What the rows of a count of one item found together: what an earlier count missed or found and nobody has decided on is
/// no timing here but still short, or over.
fn found(reckoned: &[Reckoning]) -> Result<Option<Found>, Fault> {
    let mut all: Option<Found> = None;
    for row in reckoned {
        let known = [Timing::KnownMissing, Timing::KnownSurplus].map(|timing| row.term(timing).declared());
        let [missing, surplus] = known;
        let known = within(missing.checked_add(surplus))?;
        let own = Found {
            counted: row.counted.declared,
            timing: within(row.explained()?.declared().checked_sub(known))?,
            difference: within(row.declared_difference()?.checked_sub(known))?,
        };
        let sum = all.unwrap_or(Found {
            counted: Quantity::ZERO,
            timing: Quantity::ZERO,
            difference: Quantity::ZERO,
        });
        let plus = |a: Quantity, b: Quantity| within(a.checked_add(b));
        all = Some(Found {
            counted: plus(sum.counted, own.counted)?,
            timing: plus(sum.timing, own.timing)?,
            difference: plus(sum.difference, own.difference)?,
        });
    }
    Ok(all)
}

/// What went over the boundary of an item at each revision, and how much of that no lot has claimed yet.
struct Crossed(BTreeMap<Revision, Vec<(Flow, Quantity)>>);

impl Crossed {
    fn of(crossings: Vec<Crossing>, causes: &mut Causes<'_>) -> Result<Self, Fault> {
        let mut crossed: BTreeMap<Revision, Vec<(Flow, Quantity)>> = BTreeMap::new();
        for crossing in crossings {
            let (revision, place) = (crossing.key.revision, crossing.key.position.place);
            let cause = causes.of_row(&crossing.document, revision, (place, &crossing.given))?;
            let flow = classify(place, &cause);
            crossed.entry(revision).or_default().push((flow, crossing.given.declared()));
        }
        Ok(Self(crossed))
    }

    /// Adds a change of a lot to its flows. Lots that began without a crossing were taken over from what was there.
    fn split(&mut self, revision: Revision, change: &Measure, flows: &mut Flows) -> Result<(), Fault> {
        let mut left = *change;
        let crossings = self.0.get_mut(&revision).map_or(&mut [][..], Vec::as_mut_slice);
        for (flow, unclaimed) in crossings.iter_mut() {
            let (wanted, there) = (left.declared(), *unclaimed);
            if wanted.is_negative() != there.is_negative() || wanted.is_zero() || there.is_zero() {
                continue;
            }
            let taken = if magnitude(wanted)? <= magnitude(there)? { wanted } else { there };
            let own = part(&left, taken)?;
            *unclaimed = within(unclaimed.checked_sub(taken))?;
            left = within(left.checked_sub(&own))?;
            within(flows.add(*flow, &own))?;
        }
        let rest = crossings.first().map_or(Flow::Opening, |(flow, _)| *flow);
        within(flows.add(rest, &left))
    }
}
