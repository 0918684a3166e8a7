//! The index of deadlines: kept in the same step as the documents it follows from, and the tick that writes down what
//! has become overdue.
//!
//! Rules of documents know nothing of deadlines. After a command is decided, each document that it wrote is compared
//! with what it was before: the deadlines that it no longer has leave the index, those that it has now enter it.

use super::parameters;
use super::work::{Stop, Work};
use crate::deadline::{DeadlineKey, DeadlineRow, OverdueRecord, Running, Standing};
use crate::due::{self, Thresholds};
use crate::limits::OVERDUE_MAX;
use crate::movement::DocumentState;
use crate::parameter::Parameter;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Deadlines, Key, OverdueRecords, Row};
use crate::time::Date;
use std::sync::Arc;

/// A number of days, months or yes and no, as it held on a day.
pub(crate) fn days(work: &Work<'_>, parameter: Parameter, on: Date) -> Result<i64, Stop> {
    Ok(due::whole(parameters::on(work, parameter, on)?))
}

/// Brings the index up to date with the documents that this command wrote.
pub(crate) fn keep_current(work: &mut Work<'_>) -> Result<(), Stop> {
    let written: Vec<(Key, Option<Row>)> = work
        .writes()
        .iter()
        .filter(|(key, _)| due::has_deadlines(key))
        .map(|(key, row)| (key.clone(), row.clone()))
        .collect();
    for (key, after) in written {
        let before = work.row_before(&key)?;
        let of = |row: Option<&Row>| match row {
            Some(row) => due::running(work.state(), &key, row, work.head.utc_offset),
            None => Ok(Vec::new()),
        };
        let (before, after) = (of(before.as_ref())?, of(after.as_ref())?);
        for gone in before.iter().filter(|running| !after.contains(running)) {
            leave(work, gone)?;
        }
        for new in after.iter().filter(|running| !before.contains(running)) {
            let in_force = new.kind.rule().came_with.is_none_or(|change| work.has(change));
            if in_force && let Some(due) = due_of(work, new)? {
                let (key, row) = new.clone().row(due);
                work.put::<Deadlines>(key, row);
            }
        }
    }
    Ok(())
}

fn due_of(work: &Work<'_>, running: &Running) -> Result<Option<Date>, Stop> {
    running.due(|parameter, on| days(work, parameter, on))
}

/// Nothing can be overdue that falls today or later; what fell before stands in one of two places, or was taken out by
/// a tick because its goods are gone. What was filed before its kind came into force stands nowhere.
fn leave(work: &mut Work<'_>, running: &Running) -> Result<(), Stop> {
    let Some(due) = due_of(work, running)? else { return Ok(()) };
    let (key, _) = running.clone().row(due);
    if due >= work.today() && running.kind.rule().came_with.is_none() {
        work.remove::<Deadlines>(key);
        return Ok(());
    }
    work.remove_if_there::<Deadlines>(DeadlineKey { standing: Standing::Overdue, ..key.clone() })?;
    work.remove_if_there::<Deadlines>(key)?;
    Ok(())
}

/// The tick: what is overdue and was not written down yet is, at most so many rows in a step. What is left stands first
/// in the index and is taken by the next tick. In a migration nothing is overdue (`design.md` 6).
pub(crate) fn record_overdue(work: &mut Work<'_>) -> Result<(), Stop> {
    if work.head.in_migration {
        return Err(Refusal::new(Reason::MigrationUnderWay)
            .field("ledger_time", work.head.utc_offset.local(work.now()))
            .expected("a live command on a book, which ends the migration")
            .into());
    }
    let today = work.today();
    let calendar = due::moving_calendar(work.state(), today)?;
    let thresholds = Thresholds::before(today, calendar.as_ref());
    let found = due::overdue_and_running(work.state(), &thresholds, OVERDUE_MAX)?;
    let mut ordinal = 0_u32;
    for (key, row) in found {
        work.remove::<Deadlines>(key.clone());
        let still_there = due::is_open(work.state(), &key)?;
        if !still_there {
            continue;
        }
        let falls_on = key.falls_on(calendar.as_ref());
        let at = work.head.revision;
        let record = OverdueRecord {
            kind: key.kind,
            book_no: key.book_no.clone(),
            document: key.document.clone(),
            part: key.part,
            since: row.since,
            due: falls_on,
        };
        ordinal = ordinal.checked_add(1).ok_or_else(Stop::overflow)?;
        work.put::<OverdueRecords>((at, ordinal), Arc::new(record));
        work.names(key.document.as_str(), DocumentState::Overdue);
        let key = DeadlineKey { standing: Standing::Overdue, ..key };
        work.put::<Deadlines>(key, DeadlineRow { recorded_at: Some(at), ..row });
    }
    Ok(())
}
