//! The differences of a count, as they are recorded: what stays of it above the tolerance of the office, and what is at
//! stake (`domain.md` 4.1, 4.2).
//!
//! Value is the size of a difference at the average price of all that came into the book by then, as for suspended duty
//! ([`zonebook_ledger::exposure`]); duty and taxes are those of the day of the count as they were known then, at the rates of
//! the countries that the goods come from (`origin`). What cannot be known is left out, never nothing.

use crate::count::Reckoning;
use crate::origin::{self, Origins};
use crate::sums::{magnitude, within};
use zonebook_ledger::book::Book;
use zonebook_ledger::code::{DeskCode, TariffCode};
use zonebook_ledger::document::{DifferenceLine, Stake};
use zonebook_ledger::duty::{Taxes, share_of_value, taxes};
use zonebook_ledger::error::Fault;
use zonebook_ledger::exposure::{USD, rated, valued};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reference::On;
use zonebook_ledger::state::{Items, Read, get};
use zonebook_ledger::time::{Date, UtcOffset};
use zonebook_ledger::tolerance::Tolerance;

/// Who has to see to differences, and by when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Who.
    pub owner: Option<DeskCode>,
    /// By which day.
    pub due: Option<Date>,
}

/// What stays of a count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The tolerance of the office on the day of the count.
    pub tolerance: Tolerance,
    /// Differences above it, numbered from 1 in the order of the count.
    pub lines: Vec<DifferenceLine>,
    /// How many are within it.
    pub within: u64,
}

/// The differences of rows of one book that was counted after a revision.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn differences(
    view: &dyn Read,
    book: &Book,
    revision: Revision,
    rows: &[Reckoning],
    charge: &Charge,
) -> Result<Found, Fault> {
    let offset = query::head(view)?.map_or(UtcOffset::CHINA, |head| head.utc_offset);
    let event = query::event(view, revision)?;
    let event = event.ok_or_else(|| Fault(format!("no event at revision {}", revision.0)))?;
    let day = offset.local(event.ledger_time).date();
    let tolerance = query::tolerance_on(view, &book.office, day)?;
    let on = On { day, known: revision };
    let mut found = Found { tolerance, ..Found::default() };
    for row in rows {
        let difference = row.declared_difference()?;
        if difference.is_zero() {
            continue;
        }
        let stake = stake(view, (book, revision), row, difference, on)?;
        if tolerance.covers(magnitude(difference)?, row.inflow.declared(), stake.value_usd) {
            found.within = found.within.saturating_add(1);
            continue;
        }
        let line = (found.lines.len() as u64).saturating_add(1);
        found.lines.push(DifferenceLine {
            line,
            mark: row.counted.mark,
            number: row.counted.number,
            serial: row.counted.serial.clone(),
            unit: row.counted.unit.clone(),
            book: row.book_balance()?.declared(),
            counted: row.counted.declared,
            explained: row.explained()?.declared(),
            inflow: row.inflow.declared(),
            class: row.class,
            stake,
            owner: charge.owner.clone(),
            due: charge.due,
        });
    }
    Ok(found)
}

fn stake(
    view: &dyn Read,
    (book, revision): (&Book, Revision),
    row: &Reckoning,
    difference: Quantity,
    on: On,
) -> Result<Stake, Fault> {
    let (came_in, worth) = (row.inflow.declared(), row.inflow.get(Unit::Value));
    let priced = came_in.is_positive() && worth.is_positive();
    let value_usd = if priced { share_of_value(worth, came_in, magnitude(difference)?) } else { None };
    let mut stake = Stake { value_usd, duty: None, tax: None };
    let Some(value) = value_usd.filter(|_| book.usage.is_bonded()) else { return Ok(stake) };
    let counted = &row.counted;
    let key = ItemKey { book_no: book.book_no.clone(), mark: counted.mark, number: counted.number };
    let Some(item) = get::<Items>(view, key.clone())? else { return Ok(stake) };
    let Ok(valued) = valued(view, value, USD, on)? else { return Ok(stake) };
    let moment = Moment::After(revision);
    let origins = origin::of_difference(view, book, (&key, &item), moment, difference)?;
    let Some(origins) = origins else { return Ok(stake) };
    if let Some(taxes) = taxes_by_origin(view, &item.tariff_code, valued.cny, &origins, on)? {
        stake.duty = Some(taxes.duty);
        stake.tax = taxes.consumption.checked_add(taxes.vat);
    }
    Ok(stake)
}

/// Duty and taxes on a value, each origin at its own rates on its part of it; `None` where the tariff does not say, or
/// beyond the range of a number. The last origin bears what rounding leaves.
fn taxes_by_origin(
    view: &dyn Read,
    code: &TariffCode,
    value: Quantity,
    origins: &Origins,
    on: On,
) -> Result<Option<Taxes>, Fault> {
    let all = origins.values().try_fold(Quantity::ZERO, |sum, part| sum.checked_add(*part));
    let (mut quantity, mut left) = (within(all)?, value);
    let mut sum = Some(Taxes::default());
    for (origin, part) in origins {
        let Some(rated) = rated(view, code, origin.as_deref(), on)? else { return Ok(None) };
        let own = within(share_of_value(left, quantity, *part))?;
        (quantity, left) = (within(quantity.checked_sub(*part))?, within(left.checked_sub(own))?);
        let own = taxes(own, &rated.rates);
        sum = sum.zip(own).and_then(|(sum, own)| sum.checked_add(&own));
    }
    Ok(sum)
}
