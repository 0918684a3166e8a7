//! Reference data.

use super::book::answer;
use crate::gateway::Gateway;
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::reference_service_server::ReferenceService;
use zonebook_api::{reference, status, v1};
use zonebook_ledger::command::Command;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query;
use zonebook_ledger::reference::{On, ReferenceKey, in_force, list};
use zonebook_ledger::time::Date;
use zonebook_store::state::View;

/// `ReferenceService`.
pub struct References(pub Gateway);

/// A day that may be left out.
pub(super) fn day(field: &str, text: &str) -> Field<Option<Date>> {
    if text.is_empty() {
        return Ok(None);
    }
    Date::parse(text).map(Some).map_err(|error| FieldError::new(field, text, error))
}

/// The day that was asked for, or today by the ledger's clock.
pub(super) fn or_today(view: &dyn View, day: Option<Date>) -> Result<Date, Fault> {
    day.map_or_else(|| query::today(view), Ok)
}

#[tonic::async_trait]
impl ReferenceService for References {
    async fn import_reference(
        &self,
        request: Request<v1::ImportReferenceRequest>,
    ) -> Result<Response<v1::ImportReferenceResponse>, Status> {
        let request = request.get_ref();
        let command = reference::import(request).map(Command::ImportReference);
        answer!(ImportReferenceResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_reference(
        &self,
        request: Request<v1::GetReferenceRequest>,
    ) -> Result<Response<v1::GetReferenceResponse>, Status> {
        let request = request.into_inner();
        let read = reference::kind(&request.kind).and_then(|kind| Ok((kind, day("on", &request.on)?)));
        let (kind, on) = read.map_err(|error| status::invalid(&error))?;
        let code = request.code.clone();
        let known = Some(request.known_at).filter(|known| *known > 0).map(Revision);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let on = or_today(view, on)?;
            let as_known = known.map_or(On::now(on), |known| On { day: on, known });
            Ok((query::revision(view)?, in_force(view, kind, &code, as_known)?, on))
        });
        let (revision, found, on) = found.await?;
        let name = || format!("{} for {on}", request.code);
        let found = found.ok_or_else(|| status::not_found(kind.code(), &name()))?;
        let found = Some(reference::found(&found));
        Ok(Response::new(v1::GetReferenceResponse { revision: revision.0, found }))
    }

    async fn list_references(
        &self,
        request: Request<v1::ListReferencesRequest>,
    ) -> Result<Response<v1::ListReferencesResponse>, Status> {
        let request = request.into_inner();
        let kind = reference::kind(&request.kind).map_err(|error| status::invalid(&error))?;
        let (rows, after) =
            (page::rows(request.page_size), page::after::<ReferenceKey>(&request.page_token)?);
        if after.as_ref().is_some_and(|after| after.kind != kind) {
            let error = FieldError::new("kind", kind, "the kind of the first page");
            return Err(status::invalid(&error));
        }
        let code = Some(request.code).filter(|code| !code.is_empty());
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, list(view, kind, code.as_deref(), after.as_ref(), rows)?))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|found| found.key.clone()));
        let found = found.iter().map(reference::found).collect();
        Ok(Response::new(v1::ListReferencesResponse { revision: revision.0, found, next_page_token }))
    }
}
