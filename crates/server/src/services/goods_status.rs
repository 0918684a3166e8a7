//! Goods by status.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::goods_status_service_server::GoodsStatusService;
use zonebook_api::{goods_status, status, v1};
use zonebook_ledger::code::{RegistrationNo, StatusChangeNo};
use zonebook_ledger::document::Document;
use zonebook_ledger::query;
use zonebook_ledger::state::{Registrations, StatusChanges, get};

/// `GoodsStatusService`.
pub struct GoodsStatus(pub Gateway);

#[tonic::async_trait]
impl GoodsStatusService for GoodsStatus {
    async fn file_registration(
        &self,
        request: Request<v1::FileRegistrationRequest>,
    ) -> Result<Response<v1::FileRegistrationResponse>, Status> {
        let request = request.get_ref();
        let command = goods_status::registration_filing(request.registration.as_ref())
            .map(|registration| filing(Document::Registration(registration)));
        answer!(FileRegistrationResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_registration(
        &self,
        request: Request<v1::GetRegistrationRequest>,
    ) -> Result<Response<v1::GetRegistrationResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("registration_no", &request.registration_no, RegistrationNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Registrations>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("registration", &request.registration_no))?;
        let registration = Some(goods_status::registration(&found));
        Ok(Response::new(v1::GetRegistrationResponse { revision: revision.0, registration }))
    }

    async fn list_registrations(
        &self,
        request: Request<v1::ListRegistrationsRequest>,
    ) -> Result<Response<v1::ListRegistrationsResponse>, Status> {
        let request = request.into_inner();
        let after = page::after::<RegistrationNo>(&request.page_token)?;
        let rows = page::rows(request.page_size);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (RegistrationNo::lowest(), RegistrationNo::highest());
            let found = query::behind::<Registrations>(view, after, ends, rows)?;
            let found: Vec<_> = found.into_iter().map(|(_, row)| row).collect();
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|found| found.filed.registration_no.clone());
        Ok(Response::new(v1::ListRegistrationsResponse {
            revision: revision.0,
            registrations: found.iter().map(|found| goods_status::registration(found)).collect(),
            next_page_token: page::next(found.len(), rows, last),
        }))
    }

    async fn change_status(
        &self,
        request: Request<v1::ChangeStatusRequest>,
    ) -> Result<Response<v1::ChangeStatusResponse>, Status> {
        let request = request.get_ref();
        let command = goods_status::status_change_filing(request.change.as_ref())
            .map(|change| filing(Document::StatusChange(change)));
        answer!(ChangeStatusResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_status_change(
        &self,
        request: Request<v1::GetStatusChangeRequest>,
    ) -> Result<Response<v1::GetStatusChangeResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("status_change_no", &request.status_change_no, StatusChangeNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<StatusChanges>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("status change", &request.status_change_no))?;
        let change = Some(goods_status::status_change(&found));
        Ok(Response::new(v1::GetStatusChangeResponse { revision: revision.0, change }))
    }

    async fn list_status_changes(
        &self,
        request: Request<v1::ListStatusChangesRequest>,
    ) -> Result<Response<v1::ListStatusChangesResponse>, Status> {
        let request = request.into_inner();
        let after = page::after::<StatusChangeNo>(&request.page_token)?;
        let rows = page::rows(request.page_size);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (StatusChangeNo::lowest(), StatusChangeNo::highest());
            let found = query::behind::<StatusChanges>(view, after, ends, rows)?;
            let found: Vec<_> = found.into_iter().map(|(_, row)| row).collect();
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|found| found.filed.status_change_no.clone());
        Ok(Response::new(v1::ListStatusChangesResponse {
            revision: revision.0,
            changes: found.iter().map(|found| goods_status::status_change(found)).collect(),
            next_page_token: page::next(found.len(), rows, last),
        }))
    }
}
