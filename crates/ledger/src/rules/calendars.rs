//! The calendar of working days: how a year of it is set, and how it is read.

use super::guards;
use super::work::{Stop, Work};
use crate::calendar::{CalendarYear, is_weekend};
use crate::command::CalendarOrder;
use crate::limits::CALENDAR_DAYS_MAX;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Calendars;
use crate::time::Date;
use compact_str::format_compact;
use std::sync::Arc;

/// Sets a year. It replaces what was set of that year before.
pub(crate) fn set(work: &mut Work<'_>, order: &CalendarOrder) -> Result<(), Stop> {
    guards::at_most("holidays", order.holidays.len(), CALENDAR_DAYS_MAX)?;
    guards::at_most("working_days", order.working_days.len(), CALENDAR_DAYS_MAX)?;
    if !(1..=9999).contains(&order.year) {
        return Err(guards::invalid("year", order.year, "from 1 to 9999"));
    }
    let mut year = CalendarYear::default();
    for day in &order.holidays {
        in_year(order.year, "holidays", *day)?;
        if !year.holidays.insert(*day) {
            return Err(twice("holidays", *day));
        }
    }
    for day in &order.working_days {
        in_year(order.year, "working_days", *day)?;
        if !is_weekend(*day) {
            return Err(guards::invalid("working_days", day, "a Saturday or Sunday"));
        }
        if year.holidays.contains(day) || !year.working_days.insert(*day) {
            return Err(twice("working_days", *day));
        }
    }
    work.document = Some(format_compact!("CALENDAR/{}", order.year));
    work.put::<Calendars>(order.year, Arc::new(year));
    Ok(())
}

fn in_year(year: u64, field: &str, day: Date) -> Result<(), Stop> {
    if u64::try_from(day.civil().0) == Ok(year) {
        return Ok(());
    }
    Err(guards::invalid(field, day, format!("a day of {year}")))
}

fn twice(field: &str, day: Date) -> Stop {
    Refusal::new(Reason::NamedTwice).field(field, day).into()
}
