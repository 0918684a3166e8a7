//! Deadlines and the calendar: what a caller asks for and sets, and how deadlines are shown.

use crate::document::each;
use crate::field::{Field, date, optional};
use crate::v1;
use zonebook_ledger::calendar::CalendarYear;
use zonebook_ledger::code::{BookNo, CustomsNo, OfficeCode};
use zonebook_ledger::command::CalendarOrder;
use zonebook_ledger::deadline::{DeadlineKind, OverdueRecord};
use zonebook_ledger::due::{Deadline, DueFilter, ReturnWindow};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::time::Date;

/// Which deadlines.
///
/// # Errors
/// Names the field.
pub fn filter(wire: Option<&v1::DeadlineFilter>) -> Field<DueFilter> {
    let Some(wire) = wire else { return Ok(DueFilter::default()) };
    let inner = || {
        Ok(DueFilter {
            kind: optional("kind", &wire.kind, DeadlineKind::from_code)?,
            office: optional("office", &wire.office, OfficeCode::new)?,
            party: optional("party", &wire.party, CustomsNo::new)?,
            book_no: optional("book_no", &wire.book_no, BookNo::new)?,
        })
    };
    inner().map_err(|error: crate::field::FieldError| error.within("filter"))
}

/// A day that may be left out.
///
/// # Errors
/// Names the field.
pub fn day(field: &str, text: &str) -> Field<Option<Date>> {
    optional(field, text, Date::parse)
}

/// A deadline.
#[must_use]
pub fn deadline(deadline: &Deadline) -> v1::Deadline {
    let key = &deadline.key;
    v1::Deadline {
        kind: key.kind.to_string(),
        document: key.document.to_string(),
        part: key.part,
        book_no: key.book_no.to_string(),
        office: deadline.office.to_string(),
        party: deadline.party.to_string(),
        since: deadline.row.since.to_string(),
        due: deadline.falls_on.to_string(),
        duty: key.kind.rule().duty.to_string(),
        recorded_revision: deadline.row.recorded_at.map_or(0, |revision| revision.0),
        held_reason: deadline.held.as_deref().unwrap_or_default().to_owned(),
    }
}

/// What a tick wrote down.
#[must_use]
pub fn overdue_record((revision, ordinal): (Revision, u32), record: &OverdueRecord) -> v1::OverdueRecord {
    v1::OverdueRecord {
        revision: revision.0,
        ordinal,
        kind: record.kind.to_string(),
        document: record.document.to_string(),
        part: record.part,
        book_no: record.book_no.to_string(),
        since: record.since.to_string(),
        due: record.due.to_string(),
    }
}

/// A year of the calendar, to set.
///
/// # Errors
/// Names the field.
pub fn calendar_order(wire: &v1::SetCalendarRequest) -> Field<CalendarOrder> {
    Ok(CalendarOrder {
        year: wire.year,
        holidays: each("holidays", &wire.holidays, |day| date("day", day))?,
        working_days: each("working_days", &wire.working_days, |day| date("day", day))?,
    })
}

/// A year of the calendar as it stands.
#[must_use]
pub fn calendar(year: u64, set: Option<&CalendarYear>, revision: Revision) -> v1::GetCalendarResponse {
    let texts = |days: &std::collections::BTreeSet<Date>| days.iter().map(ToString::to_string).collect();
    v1::GetCalendarResponse {
        revision: revision.0,
        year,
        set: set.is_some(),
        holidays: set.map(|year| texts(&year.holidays)).unwrap_or_default(),
        working_days: set.map(|year| texts(&year.working_days)).unwrap_or_default(),
    }
}

/// The days of a return.
#[must_use]
pub fn return_window(window: &ReturnWindow, revision: Revision) -> v1::GetReturnWindowResponse {
    let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    v1::GetReturnWindowResponse {
        revision: revision.0,
        delivered: window.delivered.to_string(),
        apply_by: text(window.apply_by),
        arrive_by: text(window.arrive_by),
    }
}
