//! Duty and taxes that are suspended on what stands in the books, and what they would be by one route or another
//! (`domain.md` 3.1).
//!
//! Each figure says what it rests on: value, rate, the day from which the rate holds, the row that was imported. What is
//! not known is named and leaves the figure out; nothing unknown counts as zero without being said. Positions are walked
//! page by page, so that memory does not grow with the books.
//!
//! The value of what is there is the average price of all that came into the position: lists that only take, such as
//! those of parcels and of materials by BOM, carry no value of their own, so a balance of values would be too high.

use crate::bom::BomKey;
use crate::code::{
    BomVersion, BookNo, CustomsNo, DocumentNo, ListNo, LotNo, OfficeCode, ParcelNo, TariffCode,
};
use crate::coded::code_list;
use crate::counters::Counters;
use crate::direction::{Direction, Mark};
use crate::document::ParcelLine;
use crate::duty::{
    Rates, Taxes, as_rate, exchanged, parcel_taxes, percentage, share_of_value, taxes, taxes_with_duty,
};
use crate::error::Fault;
use crate::event::{JournalKey, JournalRow};
use crate::item::{Item, ItemKey};
use crate::measure::{Measure, Unit};
use crate::movement::MovementLine;
use crate::outcome::Revision;
use crate::parameter::Parameter;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::{Factor, Quantity};
use crate::query::{Moment, PositionFilter, collect, event, positions, revision_at};
use crate::reference::{Found, On, ReferenceKind, ReferenceRow, Tariff, in_force};
use crate::state::{
    Boms, BookMovements, Books, Head, Heads, Items, Journal, Key, Lines, Movements, Order, Parcels,
    Positions, Read, Row, Table, Verifications, Visit, get,
};
use crate::time::{Date, Instant};
use compact_str::{CompactString, format_compact};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The code of the US dollar, in which books keep values.
pub const USD: &str = "502";
/// The code of Chinese currency, in which duty is paid.
pub const CNY: &str = "142";
/// Positions read at a time.
const PAGE: usize = 500;
/// Different things that a total names as missing; more are counted.
const MISSING_MAX: usize = 100;
/// Journal rows looked through for the receipts that a stock is made of.
const RECEIPT_ROWS_MAX: usize = 5_000;

code_list! {
    /// What a figure lacks.
    MissingKind, "missing kind" {
        /// The goods came in without a value.
        Value = "VALUE",
        /// No exchange rate of the month.
        Exchange = "EXCHANGE",
        /// No tariff row for the code on the day.
        Tariff = "TARIFF",
        /// Less of a material is available than the product takes.
        Stock = "STOCK",
        /// The receipts of a material lie too far back in its history.
        History = "HISTORY",
        /// The figure is beyond the range of a number.
        Range = "RANGE",
    }
}

/// Something that a figure lacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What kind of thing.
    pub kind: MissingKind,
    /// Which one: a tariff code, a currency with its month, a position, a quantity.
    pub what: CompactString,
}

impl Missing {
    fn new(kind: MissingKind, what: impl std::fmt::Display) -> Self {
        Self { kind, what: format_compact!("{what}") }
    }
}

/// Whose goods are looked at; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// One book.
    pub book_no: Option<BookNo>,
    /// The books of one party.
    pub party: Option<CustomsNo>,
    /// The books of one zone.
    pub office: Option<OfficeCode>,
    /// One item of the book.
    pub item: Option<(Mark, u64)>,
    /// One position alone.
    pub position: Option<PositionKey>,
}

/// The rates of a tariff code on a day, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The rates.
    pub rates: Rates,
    /// The rate of duty is that of the country of origin, not that of most favoured nations.
    pub by_origin: bool,
    /// The row.
    pub row: Found,
}

/// A value in Chinese currency, and the exchange rate that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valued {
    /// In Chinese currency.
    pub cny: Quantity,
    /// One unit of the currency in Chinese currency.
    pub rate: Factor,
    /// The row; none for Chinese currency itself.
    pub row: Option<Found>,
}

/// What is suspended on one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Where.
    pub position: PositionKey,
    /// How much is there, in the declared unit.
    pub on_hand: Quantity,
    /// What it is worth.
    pub value_usd: Option<Quantity>,
    /// The same in Chinese currency.
    pub value: Option<Valued>,
    /// The item's tariff code.
    pub tariff_code: Option<TariffCode>,
    /// Where it comes from, where the lot says so.
    pub origin: Option<CompactString>,
    /// The rates.
    pub rated: Option<Rated>,
    /// Duty and taxes; `None` if anything is missing.
    pub taxes: Option<Taxes>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// What is suspended on all positions of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many positions have goods.
    pub positions: u64,
    /// On how many of them something is missing; these are not in the sums.
    pub incomplete: u64,
    /// What the others are worth.
    pub value_usd: Quantity,
    /// The same in Chinese currency.
    pub value_cny: Quantity,
    /// Duty and taxes on them.
    pub taxes: Taxes,
    /// What is missing, and on how many positions.
    pub missing: BTreeMap<Missing, u64>,
    /// How often something else is missing, beyond those named.
    pub missing_unnamed: u64,
}

fn overflow() -> Fault {
    Fault("a sum of values is beyond the range of a number".into())
}

/// The rates of a code for an origin on a day; `None` without a row.
///
/// # Errors
/// The state could not be read.
pub fn rated(
    state: &dyn Read,
    code: &TariffCode,
    origin: Option<&str>,
    on: On,
) -> Result<Option<Rated>, Fault> {
    let found = in_force(state, ReferenceKind::Tariff, code.as_str(), on)?;
    Ok(found.and_then(|row| {
        let ReferenceRow::Tariff(tariff) = &row.row.row else { return None };
        let (rates, by_origin) = rates_for(tariff, origin);
        Some(Rated { rates, by_origin, row })
    }))
}

fn rates_for(tariff: &Tariff, origin: Option<&str>) -> (Rates, bool) {
    let own = origin.and_then(|origin| tariff.by_origin.get(origin));
    let duty = own.copied().unwrap_or(tariff.duty);
    (Rates { duty, consumption: tariff.consumption, vat: tariff.vat }, own.is_some())
}

/// An amount of a currency in Chinese currency, at the rate of the day's month.
///
/// # Errors
/// The state could not be read.
pub fn valued(
    state: &dyn Read,
    amount: Quantity,
    currency: &str,
    on: On,
) -> Result<Result<Valued, Missing>, Fault> {
    if currency == CNY {
        let rate = Factor::from_raw(Factor::ONE);
        return Ok(exchanged(amount, rate)
            .map(|cny| Valued { cny, rate, row: None })
            .ok_or_else(|| Missing::new(MissingKind::Range, amount)));
    }
    let found = in_force(state, ReferenceKind::Exchange, currency, on)?;
    let Some(row) = found else {
        let (year, month, _) = on.day.civil();
        let what = format_compact!("{currency} {year:04}-{month:02}");
        return Ok(Err(Missing { kind: MissingKind::Exchange, what }));
    };
    let ReferenceRow::Exchange { cny: rate, .. } = row.row.row else {
        return Err(Fault(format!("{:?} is no exchange rate", row.key)));
    };
    Ok(exchanged(amount, rate)
        .map(|cny| Valued { cny, rate, row: Some(row) })
        .ok_or_else(|| Missing::new(MissingKind::Range, amount)))
}

/// That a code has no row on a day, with the codes that took its place, where the concordance knows them.
///
/// # Errors
/// The state could not be read.
pub fn missing_tariff(state: &dyn Read, code: &TariffCode, on: On) -> Result<Missing, Fault> {
    let found = in_force(state, ReferenceKind::Concordance, code.as_str(), on)?;
    let what = match found.as_ref().map(|found| &found.row.row) {
        Some(ReferenceRow::Concordance { to }) => {
            let to: Vec<&str> = to.iter().map(TariffCode::as_str).collect();
            format_compact!("{code} {}; its successors are {}", on.day, to.join(", "))
        }
        _ => format_compact!("{code} {}", on.day),
    };
    Ok(Missing { kind: MissingKind::Tariff, what })
}

/// Positions with goods of a scope in order of key, from behind `after` on, until the visitor breaks.
fn walk(
    state: &dyn Read,
    scope: &Scope,
    after: Option<&PositionKey>,
    mut visit: impl FnMut(PositionKey, Counters) -> Result<Visit, Fault>,
) -> Result<(), Fault> {
    if let Some(position) = &scope.position {
        if after.is_none() {
            let counters = get::<Positions>(state, position.clone())?.unwrap_or_default();
            // There is nothing to go on to.
            let (Visit::Continue(()) | Visit::Break(())) = visit(position.clone(), counters)?;
        }
        return Ok(());
    }
    let mut next_book = after.map(|after| after.book_no.clone()).or_else(|| scope.book_no.clone());
    let mut after = after.cloned();
    while let Some(book_no) = book_from(state, scope, next_book.as_ref(), after.is_some())? {
        let mut last = after.take().filter(|after| after.book_no == book_no);
        let filter = PositionFilter { book_no: Some(book_no.clone()), item: scope.item, place: None };
        loop {
            let page = positions(state, &filter, last.as_ref(), PAGE, Moment::Now)?;
            let full = page.len() >= PAGE;
            for (key, counters) in page {
                last = Some(key.clone());
                if visit(key, counters)?.is_break() {
                    return Ok(());
                }
            }
            if !full {
                break;
            }
        }
        if scope.book_no.is_some() {
            break;
        }
        next_book = Some(book_no);
    }
    Ok(())
}

/// The first book of a scope behind another one, or that one itself where its positions are not all seen yet.
fn book_from(
    state: &dyn Read,
    scope: &Scope,
    from: Option<&BookNo>,
    itself: bool,
) -> Result<Option<BookNo>, Fault> {
    if let Some(book_no) = &scope.book_no {
        return Ok(Some(book_no.clone()));
    }
    let low = from.cloned().unwrap_or_else(BookNo::lowest);
    let fits = |key: Key, book: Arc<crate::book::Book>| match key {
        Key::Book(number) if itself || Some(&number) != from => {
            let of_party = scope.party.as_ref().is_none_or(|party| *party == book.owner);
            let of_zone = scope.office.as_ref().is_none_or(|office| *office == book.office);
            (of_party && of_zone).then_some(number)
        }
        _ => None,
    };
    Ok(collect::<Books, _>(state, low, BookNo::highest(), Order::Forward, 1, fits)?.into_iter().next())
}

/// Items of one book follow each other, and so do the positions of one item: the last one is kept.
#[derive(Default)]
struct LastItem(Option<(ItemKey, Option<Arc<Item>>)>);

impl LastItem {
    fn of(&mut self, state: &dyn Read, position: &PositionKey) -> Result<Option<Arc<Item>>, Fault> {
        let key = ItemKey { book_no: position.book_no.clone(), mark: position.mark, number: position.number };
        if let Some((last, item)) = &self.0
            && *last == key
        {
            return Ok(item.clone());
        }
        let item = get::<Items>(state, key.clone())?;
        self.0 = Some((key, item.clone()));
        Ok(item)
    }
}

/// What is suspended, position by position in order of key, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn exposures(
    state: &dyn Read,
    scope: &Scope,
    day: Date,
    after: Option<&PositionKey>,
    count_max: usize,
) -> Result<Vec<Exposure>, Fault> {
    let mut found = Vec::new();
    let mut last = LastItem::default();
    walk(state, scope, after, |position, counters| {
        found.extend(exposure(state, position, &counters, day, &mut last)?);
        Ok(if found.len() >= count_max { Visit::Break(()) } else { Visit::Continue(()) })
    })?;
    Ok(found)
}

/// What is suspended on all positions of a scope.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn total(state: &dyn Read, scope: &Scope, day: Date) -> Result<Total, Fault> {
    let mut total = Total::default();
    let mut last = LastItem::default();
    walk(state, scope, None, |position, counters| {
        if let Some(exposure) = exposure(state, position, &counters, day, &mut last)? {
            total.add(exposure)?;
        }
        Ok(Visit::Continue(()))
    })?;
    Ok(total)
}

impl Total {
    fn add(&mut self, exposure: Exposure) -> Result<(), Fault> {
        self.positions += 1;
        for missing in exposure.missing {
            let room = self.missing.len() < MISSING_MAX;
            match self.missing.get_mut(&missing) {
                Some(count) => *count += 1,
                None if room => drop(self.missing.insert(missing, 1)),
                None => self.missing_unnamed += 1,
            }
        }
        let (Some(usd), Some(value), Some(taxes)) = (exposure.value_usd, exposure.value, exposure.taxes)
        else {
            self.incomplete += 1;
            return Ok(());
        };
        self.value_usd = self.value_usd.checked_add(usd).ok_or_else(overflow)?;
        self.value_cny = self.value_cny.checked_add(value.cny).ok_or_else(overflow)?;
        self.taxes = self.taxes.checked_add(&taxes).ok_or_else(overflow)?;
        Ok(())
    }
}

/// What is suspended on a position; `None` where nothing is there, or outside of the book.
fn exposure(
    state: &dyn Read,
    position: PositionKey,
    counters: &Counters,
    day: Date,
    last: &mut LastItem,
) -> Result<Option<Exposure>, Fault> {
    let on_hand = counters.on_hand().ok_or_else(overflow)?.declared();
    if !position.place.is_inside() || !on_hand.is_positive() {
        return Ok(None);
    }
    let mut missing = Vec::new();
    let value_usd = share(&counters.increase_posted, on_hand);
    let value = match value_usd {
        Some(usd) => note(valued(state, usd, USD, On::now(day))?, &mut missing),
        None => {
            missing.push(Missing::new(MissingKind::Value, named(&position)));
            None
        }
    };
    let tariff_code = last.of(state, &position)?.map(|item| item.tariff_code.clone());
    let origin = position.lot.as_ref().map(|lot| origin_of(state, lot)).transpose()?.flatten();
    let rated = match &tariff_code {
        Some(code) => rated(state, code, origin.as_deref(), On::now(day))?,
        None => None,
    };
    if rated.is_none() {
        missing.push(match &tariff_code {
            Some(code) => missing_tariff(state, code, On::now(day))?,
            None => Missing::new(MissingKind::Tariff, named(&position)),
        });
    }
    let figures = value.as_ref().zip(rated.as_ref());
    let taxes = figures.map(|(value, rated)| taxes(value.cny, &rated.rates));
    if taxes == Some(None) {
        missing.push(Missing::new(MissingKind::Range, named(&position)));
    }
    let taxes = taxes.flatten();
    Ok(Some(Exposure { position, on_hand, value_usd, value, tariff_code, origin, rated, taxes, missing }))
}

/// The value of a quantity at the average price of what came in; `None` where that is not known.
fn share(came_in: &Measure, quantity: Quantity) -> Option<Quantity> {
    let value = came_in.get(Unit::Value);
    if value.is_positive() { share_of_value(value, came_in.declared(), quantity) } else { None }
}

fn note<T>(found: Result<T, Missing>, missing: &mut Vec<Missing>) -> Option<T> {
    found.map_err(|lacking| missing.push(lacking)).ok()
}

fn named(position: &PositionKey) -> CompactString {
    let PositionKey { book_no, mark, number, place, .. } = position;
    let lot = position.lot.as_ref().map_or("", |lot| lot.as_str());
    let serial = position.serial.as_ref().map_or("", |serial| serial.as_str());
    let parts = [lot, serial].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let separator = if parts.is_empty() { "" } else { " " };
    format_compact!("{book_no} {mark} {number}{separator}{parts} {place}")
}

/// The line of a list in its version in force.
fn line_of(state: &dyn Read, list_no: ListNo, line: u64) -> Result<Option<MovementLine>, Fault> {
    let Some(movement) = get::<Movements>(state, list_no.clone())? else { return Ok(None) };
    let lines = get::<Lines>(state, (list_no, movement.content_version))?;
    Ok(lines.and_then(|lines| lines.iter().find(|one| one.filed.line == line).cloned()))
}

/// Where the goods of a line of a list come from, where the list is in the ledger and says so.
fn origin_of_line(state: &dyn Read, list_no: ListNo, line: u64) -> Result<Option<CompactString>, Fault> {
    let origin = line_of(state, list_no, line)?.map(|line| line.filed.origin);
    Ok(origin.filter(|origin| !origin.is_empty()))
}

/// The country of origin of a lot, where the list that brought it is in the ledger.
///
/// # Errors
/// The state could not be read.
pub fn origin_of(state: &dyn Read, lot: &LotNo) -> Result<Option<CompactString>, Fault> {
    let receipt = lot
        .as_str()
        .rsplit_once('/')
        .and_then(|(list, line)| Some((ListNo::new(list).ok()?, line.parse::<u64>().ok()?)));
    match receipt {
        Some((list_no, line)) => origin_of_line(state, list_no, line),
        None => Ok(None),
    }
}

/// What a finished product bears by either route (选择性征税).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// The value of the product in Chinese currency.
    pub value: Option<Valued>,
    /// Its tariff code.
    pub tariff_code: Option<TariffCode>,
    /// Its rates.
    pub rated: Option<Rated>,
    /// By the state of the product as it leaves.
    pub by_product: Option<Taxes>,
    /// By the materials that were used: their duty, and the other taxes on the product as it leaves.
    pub by_material: Option<Taxes>,
    /// The materials.
    pub materials: Vec<MaterialQuote>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// What one material bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialQuote {
    /// Its item.
    pub material: u64,
    /// Its tariff code.
    pub tariff_code: Option<TariffCode>,
    /// How much of it the product takes, its bonded part, in its declared unit.
    pub used: Quantity,
    /// Duty on that; `None` if anything is missing.
    pub duty: Option<Quantity>,
    /// The receipts that it is taken from, the oldest first.
    pub receipts: Vec<ReceiptQuote>,
}

/// What part of one receipt bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptQuote {
    /// The document that brought it.
    pub document: DocumentNo,
    /// Its line.
    pub line: u64,
    /// When it was posted, by the ledger's clock.
    pub entered_on: Date,
    /// Where it comes from, where the list says so.
    pub origin: Option<CompactString>,
    /// How much of it is taken.
    pub quantity: Quantity,
    /// What that was worth.
    pub value_usd: Option<Quantity>,
    /// The same in Chinese currency, at the rate of that month.
    pub value: Option<Valued>,
    /// The rates of that day.
    pub rated: Option<Rated>,
    /// Duty.
    pub duty: Option<Quantity>,
}

/// A finished product whose duty is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The processing book.
    pub book_no: BookNo,
    /// Its item.
    pub number: u64,
    /// What it was made by.
    pub version: BomVersion,
    /// How much, in its declared unit.
    pub quantity: Quantity,
    /// What it is sold for in all.
    pub value: Quantity,
    /// The currency of that, three digits.
    pub currency: CompactString,
    /// The day whose rates count for the product.
    pub day: Date,
}

/// Duty of a product by its state and by its materials. `None` without such a BOM version.
///
/// Materials are taken from the oldest receipts that are still available, at the values and rates of the day of entry.
///
/// # Errors
/// The state could not be read.
pub fn quote(state: &dyn Read, product: &Product) -> Result<Option<Quote>, Fault> {
    let key = BomKey {
        book_no: product.book_no.clone(),
        product: product.number,
        version: product.version.clone(),
    };
    let Some(bom) = get::<Boms>(state, key)? else { return Ok(None) };
    let mut quote = Quote::default();
    let mut materials_duty = Some(Quantity::ZERO);
    for (material, line) in bom.iter() {
        let Some(used) = line.usage(product.quantity) else {
            quote
                .missing
                .push(Missing::new(MissingKind::Range, format_compact!("use of material {material}")));
            materials_duty = None;
            continue;
        };
        if used.is_zero() {
            continue;
        }
        let one = material_quote(state, &product.book_no, *material, used, &mut quote.missing)?;
        materials_duty = materials_duty.zip(one.duty).and_then(|(sum, duty)| sum.checked_add(duty));
        quote.materials.push(one);
    }
    let item = ItemKey { book_no: product.book_no.clone(), mark: Mark::Product, number: product.number };
    quote.tariff_code = get::<Items>(state, item)?.map(|item| item.tariff_code.clone());
    quote.value =
        note(valued(state, product.value, &product.currency, On::now(product.day))?, &mut quote.missing);
    quote.rated = match &quote.tariff_code {
        // What is made in the zone has no origin of its own but China's, which has no rate of import.
        Some(code) => rated(state, code, None, On::now(product.day))?,
        None => None,
    };
    match (&quote.rated, &quote.tariff_code) {
        (Some(_), _) => {}
        (None, Some(code)) => quote.missing.push(missing_tariff(state, code, On::now(product.day))?),
        (None, None) => {
            let what = format_compact!("{} {} {}", product.book_no, Mark::Product, product.number);
            quote.missing.push(Missing { kind: MissingKind::Tariff, what });
        }
    }
    if let (Some(value), Some(rated)) = (&quote.value, &quote.rated) {
        quote.by_product = taxes(value.cny, &rated.rates);
        quote.by_material = materials_duty.and_then(|duty| taxes_with_duty(value.cny, duty, &rated.rates));
    }
    Ok(Some(quote))
}

fn material_quote(
    state: &dyn Read,
    book_no: &BookNo,
    material: u64,
    used: Quantity,
    missing: &mut Vec<Missing>,
) -> Result<MaterialQuote, Fault> {
    let item = ItemKey { book_no: book_no.clone(), mark: Mark::Goods, number: material };
    let tariff_code = get::<Items>(state, item)?.map(|item| item.tariff_code.clone());
    let mut quote =
        MaterialQuote { material, tariff_code, used, duty: Some(Quantity::ZERO), receipts: Vec::new() };
    let mut left = used;
    let (found, complete) = receipts(state, book_no, (Mark::Goods, material), Moment::Now)?;
    if !complete {
        missing.push(Missing::new(MissingKind::History, format_compact!("material {material}")));
    }
    for receipt in found {
        if !left.is_positive() {
            break;
        }
        let quantity = left.min(receipt.available);
        left = left.checked_sub(quantity).ok_or_else(overflow)?;
        let one = receipt_quote(state, &receipt, quote.tariff_code.as_ref(), quantity, missing)?;
        quote.duty = quote.duty.zip(one.duty).and_then(|(sum, duty)| sum.checked_add(duty));
        quote.receipts.push(one);
    }
    if left.is_positive() {
        missing.push(Missing::new(MissingKind::Stock, format_compact!("{left} of material {material}")));
        quote.duty = None;
    }
    Ok(quote)
}

fn receipt_quote(
    state: &dyn Read,
    receipt: &Receipt,
    tariff_code: Option<&TariffCode>,
    quantity: Quantity,
    missing: &mut Vec<Missing>,
) -> Result<ReceiptQuote, Fault> {
    let origin = receipt.origin(state)?;
    let day = receipt.entered_on;
    let value_usd = share(&receipt.came_in, quantity);
    let value = match value_usd {
        Some(usd) => note(valued(state, usd, USD, On::now(day))?, missing),
        None => {
            let what = format_compact!("{} line {}", receipt.document, receipt.line);
            missing.push(Missing { kind: MissingKind::Value, what });
            None
        }
    };
    let rated = match tariff_code {
        Some(code) => rated(state, code, origin.as_deref(), On::now(day))?,
        None => None,
    };
    if let (None, Some(code)) = (&rated, tariff_code) {
        missing.push(missing_tariff(state, code, On::now(day))?);
    }
    let duty = value.as_ref().zip(rated.as_ref());
    let duty = duty.and_then(|(value, rated)| percentage(value.cny, rated.rates.duty));
    Ok(ReceiptQuote {
        document: receipt.document.clone(),
        line: receipt.line,
        entered_on: day,
        origin,
        quantity,
        value_usd,
        value,
        rated,
        duty,
    })
}

/// Goods that came in at once and of which something is still available.
struct Receipt {
    document: DocumentNo,
    line: u64,
    revision: Revision,
    entered_on: Date,
    came_in: Measure,
    available: Quantity,
}

impl Receipt {
    /// Where its goods come from, where the list that brought them says so.
    fn origin(&self, state: &dyn Read) -> Result<Option<CompactString>, Fault> {
        let Ok(list_no) = ListNo::new(self.document.as_str()) else { return Ok(None) };
        origin_of_line(state, list_no, self.line)
    }
}

/// Goods of an item in stock, and where they come from as far as their receipts say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// How much of them is available, in the declared unit.
    pub quantity: Quantity,
    /// The country of origin.
    pub origin: Option<CompactString>,
}

/// What is available of an item in stock at a moment by the origin of its receipts, the oldest first; `None` where these
/// lie too far back in its history.
///
/// # Errors
/// The state could not be read.
pub fn sources(state: &dyn Read, item: &ItemKey, moment: Moment) -> Result<Option<Vec<Sourced>>, Fault> {
    let (receipts, complete) = receipts(state, &item.book_no, (item.mark, item.number), moment)?;
    let of = |receipt: Receipt| {
        let origin = receipt.origin(state)?;
        Ok(Sourced { quantity: receipt.available, origin })
    };
    let sources = receipts.into_iter().map(of).collect::<Result<Vec<_>, Fault>>()?;
    Ok(complete.then_some(sources))
}

/// What is available of an item by receipt at a moment, the oldest first: what was taken was taken from the oldest. And
/// whether these are all.
fn receipts(
    state: &dyn Read,
    book_no: &BookNo,
    item: (Mark, u64),
    moment: Moment,
) -> Result<(Vec<Receipt>, bool), Fault> {
    let filter =
        PositionFilter { book_no: Some(book_no.clone()), item: Some(item), place: Some(Place::Zone) };
    let stock = positions(state, &filter, None, PAGE, moment)?;
    let until = revision_at(state, moment)?;
    let mut found = Vec::new();
    let mut complete = stock.len() < PAGE;
    for (position, counters) in stock {
        let available = counters.available().ok_or_else(overflow)?.declared();
        complete &= receipts_of(state, &position, available, until, &mut found)?;
    }
    found.sort_by_key(|receipt: &Receipt| receipt.revision);
    Ok((found, complete))
}

/// Walks a position's history back until the receipts seen cover what is available. Whether they do.
fn receipts_of(
    state: &dyn Read,
    position: &PositionKey,
    available: Quantity,
    until: Revision,
    found: &mut Vec<Receipt>,
) -> Result<bool, Fault> {
    let (mut left, mut rows, mut gains) = (available, 0_usize, Vec::new());
    let mut later: Option<(JournalKey, Arc<JournalRow>)> = None;
    let from = JournalKey { position: position.clone(), revision: Revision(0), ordinal: 0 };
    let to = JournalKey { position: position.clone(), revision: until, ordinal: u32::MAX };
    if !left.is_positive() {
        return Ok(true);
    }
    state.scan(&Journal::key(from), &Journal::key(to), Order::Backward, &mut |key, row| {
        let (Key::Journal(key), Row::Journal(row)) = (key, row) else { return Visit::Continue(()) };
        rows += 1;
        if let Some((key, later)) = later.take() {
            gain(&key, &later, row.after.increase_posted, &mut left, &mut gains);
        }
        later = Some((key, row));
        if left.is_positive() && rows < RECEIPT_ROWS_MAX { Visit::Continue(()) } else { Visit::Break(()) }
    })?;
    if let Some((key, first)) = later.filter(|_| rows < RECEIPT_ROWS_MAX) {
        gain(&key, &first, Measure::ZERO, &mut left, &mut gains);
    }
    let head = get::<Heads>(state, ())?;
    for (key, row, came_in, available) in gains {
        found.push(Receipt {
            document: row.document.clone(),
            line: row.line,
            revision: key.revision,
            entered_on: day_of(state, head.as_deref(), key.revision)?,
            came_in,
            available,
        });
    }
    Ok(!left.is_positive())
}

type Gain = (JournalKey, Arc<JournalRow>, Measure, Quantity);

/// What one row of a history brought in, as far as it is still needed to cover what is available.
fn gain(
    key: &JournalKey,
    row: &Arc<JournalRow>,
    before: Measure,
    left: &mut Quantity,
    gains: &mut Vec<Gain>,
) {
    let Some(came_in) = row.after.increase_posted.checked_sub(&before) else { return };
    if !came_in.declared().is_positive() || !left.is_positive() {
        return;
    }
    let taken = came_in.declared().min(*left);
    *left = left.checked_sub(taken).unwrap_or_default();
    gains.push((key.clone(), Arc::clone(row), came_in, taken));
}

fn local_day(head: Option<&Head>, time: Instant) -> Date {
    head.map_or(Date(0), |head| head.utc_offset.local(time).date())
}

fn day_of(state: &dyn Read, head: Option<&Head>, revision: Revision) -> Result<Date, Fault> {
    let event =
        event(state, revision)?.ok_or_else(|| Fault(format!("no event at revision {}", revision.0)))?;
    Ok(local_day(head, event.ledger_time))
}

code_list! {
    /// From which day interest on deferred duty runs (A17).
    InterestStart, "start of interest" {
        /// The last verification of the book.
        LastVerification = "LAST_VERIFICATION",
        /// The first import of the book that was posted.
        FirstImport = "FIRST_IMPORT",
    }
}

/// The day from which interest runs for a book: of its last verification, else of its first import.
///
/// # Errors
/// The state could not be read.
pub fn interest_start(state: &dyn Read, book_no: &BookNo) -> Result<Option<(InterestStart, Date)>, Fault> {
    let head = get::<Heads>(state, ())?;
    let (low, high) = ((book_no.clone(), Revision(0)), (book_no.clone(), Revision(u64::MAX)));
    let verified =
        collect::<Verifications, _>(state, low, high, Order::Backward, 1, |_, row| Some(row.verified_time))?;
    if let Some(time) = verified.first() {
        return Ok(Some((InterestStart::LastVerification, local_day(head.as_deref(), *time))));
    }
    let (low, high) = ((book_no.clone(), ListNo::lowest()), (book_no.clone(), ListNo::highest()));
    let (mut first, mut fault) = (None, None);
    let mut visit = |key: Key, _: Row| {
        let Key::BookMovement((_, list_no)) = key else { return Visit::Continue(()) };
        match get::<Movements>(state, list_no) {
            Ok(Some(movement)) if movement.direction == Direction::In => {
                first = match (first, movement.posted_time) {
                    (Some(first), Some(posted)) => Some(posted.min(first)),
                    (first, posted) => first.or(posted),
                };
                Visit::Continue(())
            }
            Ok(_) => Visit::Continue(()),
            Err(error) => {
                fault = Some(error);
                Visit::Break(())
            }
        }
    };
    state.scan(&BookMovements::key(low), &BookMovements::key(high), Order::Forward, &mut visit)?;
    match fault {
        Some(fault) => Err(fault),
        None => Ok(first.map(|time| (InterestStart::FirstImport, local_day(head.as_deref(), time)))),
    }
}

/// What a parcel bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelQuote {
    /// The day whose rates and limits count: that of its reservation.
    pub day: Date,
    /// The part of the taxes that it pays, in percent.
    pub share: Quantity,
    /// Line by line.
    pub lines: Vec<ParcelLineQuote>,
    /// All lines together; `None` if anything is missing.
    pub taxes: Option<Taxes>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// What a line of a parcel bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelLineQuote {
    /// The line as filed.
    pub filed: ParcelLine,
    /// The price of what came back in time, on which no tax is levied.
    pub relieved: Quantity,
    /// The rates.
    pub rated: Option<Rated>,
    /// The taxes on the rest of the price.
    pub taxes: Option<Taxes>,
}

/// The taxes of a parcel within the limits: no duty, and a share of consumption and value-added tax on its price, less
/// what came back in time. `None` without such a parcel.
///
/// # Errors
/// The state could not be read.
pub fn parcel_quote(state: &dyn Read, parcel_no: &ParcelNo) -> Result<Option<ParcelQuote>, Fault> {
    let Some(parcel) = get::<Parcels>(state, parcel_no.clone())? else { return Ok(None) };
    let head = get::<Heads>(state, ())?;
    let day = local_day(head.as_deref(), parcel.reserved_time);
    let share = crate::query::parameter_on(state, Parameter::ParcelTaxShare, day)?;
    let mut quote = ParcelQuote {
        day,
        share,
        lines: Vec::with_capacity(parcel.lines.len()),
        taxes: Some(Taxes::default()),
        missing: Vec::new(),
    };
    for line in &parcel.lines {
        let relieved = line.returned.restored;
        // A parcel pays no duty, and the other rates do not depend on the origin.
        let rated = rated(state, &line.filed.tariff_code, None, On::now(day))?;
        if rated.is_none() {
            quote.missing.push(missing_tariff(state, &line.filed.tariff_code, On::now(day))?);
        }
        let taxed = line.filed.price.checked_sub(relieved).zip(as_rate(share));
        let taxes = taxed.zip(rated.as_ref());
        let taxes = taxes.and_then(|((price, share), rated)| parcel_taxes(price, &rated.rates, share));
        quote.taxes = quote.taxes.zip(taxes).and_then(|(sum, taxes)| sum.checked_add(&taxes));
        quote.lines.push(ParcelLineQuote { filed: line.filed.clone(), relieved, rated, taxes });
    }
    Ok(Some(quote))
}
