//! Permits and slips.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::permit_service_server::PermitService;
use zonebook_api::{permit, status, v1};
use zonebook_ledger::code::{PermitNo, SlipNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::document::Document;
use zonebook_ledger::query;
use zonebook_ledger::state::{DirectExits, Permits as PermitTable, Slips, get};

/// `PermitService`.
pub struct Permits(pub Gateway);

#[tonic::async_trait]
impl PermitService for Permits {
    async fn file_permit(
        &self,
        request: Request<v1::FilePermitRequest>,
    ) -> Result<Response<v1::FilePermitResponse>, Status> {
        let request = request.get_ref();
        let command = permit::filing(request.permit.as_ref()).map(|permit| filing(Document::Permit(permit)));
        answer!(FilePermitResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn change_permit(
        &self,
        request: Request<v1::ChangePermitRequest>,
    ) -> Result<Response<v1::ChangePermitResponse>, Status> {
        let request = request.get_ref();
        let command = permit::change(request).map(|permit| filing(Document::Permit(permit)));
        answer!(ChangePermitResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn close_permit(
        &self,
        request: Request<v1::ClosePermitRequest>,
    ) -> Result<Response<v1::ClosePermitResponse>, Status> {
        let request = request.get_ref();
        let command = permit::closing(request).map(|closing| filing(Document::PermitClosing(closing)));
        answer!(ClosePermitResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_permit(
        &self,
        request: Request<v1::GetPermitRequest>,
    ) -> Result<Response<v1::GetPermitResponse>, Status> {
        let request = request.into_inner();
        let permit_no = number("permit_no", &request.permit_no, PermitNo::new)?;
        let wanted = permit_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<PermitTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("permit", &request.permit_no))?;
        let permit = Some(permit::status(&permit_no, &found));
        Ok(Response::new(v1::GetPermitResponse { revision: revision.0, permit }))
    }

    async fn list_permits(
        &self,
        request: Request<v1::ListPermitsRequest>,
    ) -> Result<Response<v1::ListPermitsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<PermitNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (PermitNo::lowest(), PermitNo::highest());
            let permits = query::behind::<PermitTable>(view, after, ends, rows)?;
            Ok((query::revision(view)?, permits))
        });
        let (revision, permits) = found.await?;
        let next_page_token =
            page::next(permits.len(), rows, permits.last().map(|(number, _)| number.clone()));
        let permits = permits.iter().map(|(number, row)| permit::status(number, row)).collect();
        Ok(Response::new(v1::ListPermitsResponse { revision: revision.0, permits, next_page_token }))
    }

    async fn file_slip(
        &self,
        request: Request<v1::FileSlipRequest>,
    ) -> Result<Response<v1::FileSlipResponse>, Status> {
        let request = request.get_ref();
        let command = permit::slip_filing(request.slip.as_ref()).map(|slip| filing(Document::Slip(slip)));
        answer!(FileSlipResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn change_slip(
        &self,
        request: Request<v1::ChangeSlipRequest>,
    ) -> Result<Response<v1::ChangeSlipResponse>, Status> {
        let request = request.get_ref();
        let command = permit::slip_change(request).map(|slip| filing(Document::Slip(slip)));
        answer!(ChangeSlipResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn void_slip(
        &self,
        request: Request<v1::VoidSlipRequest>,
    ) -> Result<Response<v1::VoidSlipResponse>, Status> {
        let request = request.get_ref();
        let command = permit::slip_void(request).map(|void| filing(Document::SlipVoid(void)));
        answer!(VoidSlipResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_slip(
        &self,
        request: Request<v1::GetSlipRequest>,
    ) -> Result<Response<v1::GetSlipResponse>, Status> {
        let request = request.into_inner();
        let slip_no = number("slip_no", &request.slip_no, SlipNo::new)?;
        let wanted = slip_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Slips>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("slip", &request.slip_no))?;
        Ok(Response::new(permit::slip(&slip_no, &found, revision)))
    }

    async fn approve_direct_exit(
        &self,
        request: Request<v1::ApproveDirectExitRequest>,
    ) -> Result<Response<v1::ApproveDirectExitResponse>, Status> {
        let request = request.get_ref();
        let command = permit::direct_exit_approval(request).map(Command::DirectExit);
        answer!(
            ApproveDirectExitResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn revoke_direct_exit(
        &self,
        request: Request<v1::RevokeDirectExitRequest>,
    ) -> Result<Response<v1::RevokeDirectExitResponse>, Status> {
        let request = request.get_ref();
        let command = permit::direct_exit_revocation(request).map(Command::DirectExit);
        answer!(RevokeDirectExitResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_direct_exit(
        &self,
        request: Request<v1::GetDirectExitRequest>,
    ) -> Result<Response<v1::GetDirectExitResponse>, Status> {
        let request = request.into_inner();
        let approval_no = number("approval_no", &request.approval_no, PermitNo::new)?;
        let wanted = approval_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<DirectExits>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("approval", &request.approval_no))?;
        let approval = Some(permit::direct_exit(&approval_no, &found));
        Ok(Response::new(v1::GetDirectExitResponse { revision: revision.0, approval }))
    }

    async fn list_direct_exits(
        &self,
        request: Request<v1::ListDirectExitsRequest>,
    ) -> Result<Response<v1::ListDirectExitsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<PermitNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (PermitNo::lowest(), PermitNo::highest());
            let approvals = query::behind::<DirectExits>(view, after, ends, rows)?;
            Ok((query::revision(view)?, approvals))
        });
        let (revision, approvals) = found.await?;
        let last = approvals.last().map(|(number, _)| number.clone());
        let next_page_token = page::next(approvals.len(), rows, last);
        let approvals = approvals.iter().map(|(number, row)| permit::direct_exit(number, row)).collect();
        Ok(Response::new(v1::ListDirectExitsResponse { revision: revision.0, approvals, next_page_token }))
    }
}
