//! The differences of a count, as they are recorded: what stays of it above the tolerance of the office, and what is at
//! stake (`domain.md` 4.1, 4.2).
//!
//! Value is the size of a difference at the average price of all that came into the book by then, as for suspended duty
//! ([`zonebook_ledger::exposure`]); duty and taxes are those of the day of the count, at the rate of most favoured nations:
//! a count by item does not say from which country the missing goods came. What cannot be known is left out, never nothing.

use crate::count::Reckoning;
use crate::sums::magnitude;
use zonebook_ledger::book::Book;
use zonebook_ledger::code::DeskCode;
use zonebook_ledger::document::{DifferenceLine, Stake};
use zonebook_ledger::duty::{share_of_value, taxes};
use zonebook_ledger::error::Fault;
use zonebook_ledger::exposure::{USD, rated, valued};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
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
    let mut found = Found { tolerance, ..Found::default() };
    for row in rows {
        let difference = row.declared_difference()?;
        if difference.is_zero() {
            continue;
        }
        let size = magnitude(difference)?;
        let stake = stake(view, book, row, size, day)?;
        if tolerance.covers(size, row.inflow.declared(), stake.value_usd) {
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

fn stake(view: &dyn Read, book: &Book, row: &Reckoning, size: Quantity, day: Date) -> Result<Stake, Fault> {
    let (came_in, worth) = (row.inflow.declared(), row.inflow.get(Unit::Value));
    let priced = came_in.is_positive() && worth.is_positive();
    let value_usd = if priced { share_of_value(worth, came_in, size) } else { None };
    let mut stake = Stake { value_usd, duty: None, tax: None };
    let Some(value) = value_usd.filter(|_| book.usage.is_bonded()) else { return Ok(stake) };
    let counted = &row.counted;
    let key = ItemKey { book_no: book.book_no.clone(), mark: counted.mark, number: counted.number };
    let Some(item) = get::<Items>(view, key)? else { return Ok(stake) };
    let Some(rated) = rated(view, &item.tariff_code, None, day)? else { return Ok(stake) };
    let Ok(valued) = valued(view, value, USD, day)? else { return Ok(stake) };
    if let Some(taxes) = taxes(valued.cny, &rated.rates) {
        stake.duty = Some(taxes.duty);
        stake.tax = taxes.consumption.checked_add(taxes.vat);
    }
    Ok(stake)
}
