//! `due`, `overdue` and `calendar`.

use super::{all_pages, show_outcome};
use crate::arguments::{Calendar, DeadlineFilter, Due, Online, Overdue};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const DEADLINES: &[Column<'static>] = &[
    Column("due", "/due"),
    Column("kind", "/kind"),
    Column("document", "/document"),
    Column("part", "/part"),
    Column("book", "/book_no"),
    Column("office", "/office"),
    Column("party", "/party"),
    Column("since", "/since"),
    Column("duty", "/duty"),
    Column("recorded", "/recorded_revision"),
    Column("held", "/held_reason"),
];

const RECORDS: &[Column<'static>] = &[
    Column("revision", "/revision"),
    Column("due", "/due"),
    Column("kind", "/kind"),
    Column("document", "/document"),
    Column("part", "/part"),
    Column("book", "/book_no"),
    Column("since", "/since"),
];

const YEAR: &[Column<'static>] = &[
    Column("year", "/year"),
    Column("set", "/set"),
    Column("holidays", "/holidays"),
    Column("working_days", "/working_days"),
];

fn wire(filter: DeadlineFilter) -> Option<v1::DeadlineFilter> {
    let DeadlineFilter { kind, office, party, book } = filter;
    Some(v1::DeadlineFilter { kind, office, party, book_no: book })
}

pub async fn due(online: &Online, command: Due) -> Result<(), Failure> {
    let client = online.client();
    let Due { days, from, filter } = command;
    let request = v1::ListDueRequest { filter: wire(filter), days, from, ..Default::default() };
    let found = all_pages!(client, list_due, request, deadlines);
    output::many(online.output, DEADLINES, "Deadline", &found)
}

pub async fn overdue(online: &Online, command: Overdue) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Overdue::List { as_of, filter } => {
            let request = v1::ListOverdueRequest { filter: wire(filter), as_of, ..Default::default() };
            let found = all_pages!(client, list_overdue, request, deadlines);
            output::many(online.output, DEADLINES, "Deadline", &found)
        }
        Overdue::Record { change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::RecordOverdueRequest { request_id, validate_only };
            show_outcome(online, client.record_overdue(request).await?.outcome)
        }
        Overdue::History => {
            let request = v1::ListOverdueRecordsRequest::default();
            let found = all_pages!(client, list_overdue_records, request, records);
            output::many(online.output, RECORDS, "OverdueRecord", &found)
        }
    }
}

pub async fn calendar(online: &Online, command: Calendar) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Calendar::Set { year, holiday, working_day, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let (holidays, working_days) = (holiday, working_day);
            let request = v1::SetCalendarRequest { request_id, validate_only, year, holidays, working_days };
            show_outcome(online, client.set_calendar(request).await?.outcome)
        }
        Calendar::Get { year } => {
            let found = client.get_calendar(v1::GetCalendarRequest { year, consistency: None }).await?;
            output::one(online.output, YEAR, "GetCalendarResponse", &found)
        }
    }
}
