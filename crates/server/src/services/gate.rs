//! The gate.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use tonic::{Request, Response, Status};
use zonebook_api::v1::gate_service_server::GateService;
use zonebook_api::{document, status, v1, value};
use zonebook_ledger::code::PassNo;
use zonebook_ledger::document::Document;
use zonebook_ledger::query;
use zonebook_ledger::state::{Passes, get};

/// `GateService`.
pub struct Gate(pub Gateway);

#[tonic::async_trait]
impl GateService for Gate {
    async fn file_pass(
        &self,
        request: Request<v1::FilePassRequest>,
    ) -> Result<Response<v1::FilePassResponse>, Status> {
        let request = request.get_ref();
        let command = document::pass(request.pass.as_ref()).map(|pass| filing(Document::Pass(pass)));
        answer!(FilePassResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn void_pass(
        &self,
        request: Request<v1::VoidPassRequest>,
    ) -> Result<Response<v1::VoidPassResponse>, Status> {
        let request = request.get_ref();
        let command = document::pass_void(request).map(|void| filing(Document::PassVoid(void)));
        answer!(VoidPassResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn report_passage(
        &self,
        request: Request<v1::ReportPassageRequest>,
    ) -> Result<Response<v1::ReportPassageResponse>, Status> {
        let request = request.get_ref();
        let command = document::passage(request).map(|report| filing(Document::Passage(report)));
        answer!(ReportPassageResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_pass(
        &self,
        request: Request<v1::GetPassRequest>,
    ) -> Result<Response<v1::GetPassResponse>, Status> {
        let request = request.into_inner();
        let number = number("pass_no", &request.pass_no, PassNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Passes>(view, number)?))
        });
        let (revision, pass) = found.await?;
        let pass = pass.ok_or_else(|| status::not_found("pass", &request.pass_no))?;
        Ok(Response::new(value::pass(&request.pass_no, &pass, revision)))
    }
}
