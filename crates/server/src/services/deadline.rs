//! Deadlines, ticks, the calendar of working days.

use super::book::answer;
use super::number;
use crate::gateway::Gateway;
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::deadline_service_server::DeadlineService;
use zonebook_api::{deadline, status, v1};
use zonebook_ledger::calendar::days_after;
use zonebook_ledger::code::ParcelNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::state::{Calendars, get};
use zonebook_ledger::{due, query};

/// `DeadlineService`.
pub struct Deadlines(pub Gateway);

#[tonic::async_trait]
impl DeadlineService for Deadlines {
    async fn list_due(
        &self,
        request: Request<v1::ListDueRequest>,
    ) -> Result<Response<v1::ListDueResponse>, Status> {
        let request = request.into_inner();
        let filter = deadline::filter(request.filter.as_ref()).map_err(|error| status::invalid(&error))?;
        let first = deadline::day("from", &request.from).map_err(|error| status::invalid(&error))?;
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let first = first.map_or_else(|| query::today(view), Ok)?;
            let last = days_after(first, i64::from(request.days));
            let found = due::due(view, &filter, (first, last), after.as_ref(), rows)?;
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|last| last.key.clone()));
        let deadlines = found.iter().map(deadline::deadline).collect();
        Ok(Response::new(v1::ListDueResponse { revision: revision.0, deadlines, next_page_token }))
    }

    async fn list_overdue(
        &self,
        request: Request<v1::ListOverdueRequest>,
    ) -> Result<Response<v1::ListOverdueResponse>, Status> {
        let request = request.into_inner();
        let filter = deadline::filter(request.filter.as_ref()).map_err(|error| status::invalid(&error))?;
        let as_of = deadline::day("as_of", &request.as_of).map_err(|error| status::invalid(&error))?;
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let as_of = as_of.map_or_else(|| query::today(view), Ok)?;
            let found = due::overdue(view, &filter, as_of, after.as_ref(), rows)?;
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|last| last.key.clone()));
        let deadlines = found.iter().map(deadline::deadline).collect();
        Ok(Response::new(v1::ListOverdueResponse { revision: revision.0, deadlines, next_page_token }))
    }

    async fn record_overdue(
        &self,
        request: Request<v1::RecordOverdueRequest>,
    ) -> Result<Response<v1::RecordOverdueResponse>, Status> {
        let request = request.get_ref();
        let command = Ok(Command::RecordOverdue);
        answer!(RecordOverdueResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn list_overdue_records(
        &self,
        request: Request<v1::ListOverdueRecordsRequest>,
    ) -> Result<Response<v1::ListOverdueRecordsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, due::overdue_records(view, after, rows)?))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(at, _)| *at));
        let records = found.iter().map(|(at, record)| deadline::overdue_record(*at, record)).collect();
        Ok(Response::new(v1::ListOverdueRecordsResponse { revision: revision.0, records, next_page_token }))
    }

    async fn set_calendar(
        &self,
        request: Request<v1::SetCalendarRequest>,
    ) -> Result<Response<v1::SetCalendarResponse>, Status> {
        let request = request.get_ref();
        let command = deadline::calendar_order(request).map(Command::SetCalendar);
        answer!(SetCalendarResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_calendar(
        &self,
        request: Request<v1::GetCalendarRequest>,
    ) -> Result<Response<v1::GetCalendarResponse>, Status> {
        let request = request.into_inner();
        let year = request.year;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Calendars>(view, year)?))
        });
        let (revision, set) = found.await?;
        Ok(Response::new(deadline::calendar(year, set.as_deref(), revision)))
    }

    async fn get_return_window(
        &self,
        request: Request<v1::GetReturnWindowRequest>,
    ) -> Result<Response<v1::GetReturnWindowResponse>, Status> {
        let request = request.into_inner();
        let parcel_no = number("parcel_no", &request.parcel_no, ParcelNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, due::return_window(view, &parcel_no)?))
        });
        let (revision, window) = found.await?;
        let window = window.ok_or_else(|| status::not_found("delivered parcel", &request.parcel_no))?;
        Ok(Response::new(deadline::return_window(&window, revision)))
    }
}
