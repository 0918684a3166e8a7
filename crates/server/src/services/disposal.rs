//! Destruction, loss, abandonment.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::disposal_service_server::DisposalService;
use zonebook_api::{disposal, status, v1};
use zonebook_ledger::code::{BookNo, DisposalNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::document::{DisposalOrder, Document};
use zonebook_ledger::query;
use zonebook_ledger::state::{Disposals as DisposalTable, get};

/// `DisposalService`.
pub struct Disposals(pub Gateway);

fn ordered(order: DisposalOrder) -> Command {
    Command::OrderDisposal(Box::new(order))
}

#[tonic::async_trait]
impl DisposalService for Disposals {
    async fn file_disposal(
        &self,
        request: Request<v1::FileDisposalRequest>,
    ) -> Result<Response<v1::FileDisposalResponse>, Status> {
        let request = request.get_ref();
        let command =
            disposal::filing(request.disposal.as_ref()).map(|disposal| filing(Document::Disposal(disposal)));
        answer!(FileDisposalResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn approve_disposal(
        &self,
        request: Request<v1::ApproveDisposalRequest>,
    ) -> Result<Response<v1::ApproveDisposalResponse>, Status> {
        let request = request.get_ref();
        let command = disposal::approval(request).map(ordered);
        answer!(ApproveDisposalResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn reject_disposal(
        &self,
        request: Request<v1::RejectDisposalRequest>,
    ) -> Result<Response<v1::RejectDisposalResponse>, Status> {
        let request = request.get_ref();
        let command = disposal::rejection(request).map(ordered);
        answer!(RejectDisposalResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn withdraw_disposal(
        &self,
        request: Request<v1::WithdrawDisposalRequest>,
    ) -> Result<Response<v1::WithdrawDisposalResponse>, Status> {
        let request = request.get_ref();
        let command = disposal::withdrawal(request).map(ordered);
        answer!(WithdrawDisposalResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn execute_disposal(
        &self,
        request: Request<v1::ExecuteDisposalRequest>,
    ) -> Result<Response<v1::ExecuteDisposalResponse>, Status> {
        let request = request.get_ref();
        let command = disposal::execution(request).map(ordered);
        answer!(ExecuteDisposalResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn decide_disposal(
        &self,
        request: Request<v1::DecideDisposalRequest>,
    ) -> Result<Response<v1::DecideDisposalResponse>, Status> {
        let request = request.get_ref();
        let command = disposal::decided(request).map(ordered);
        answer!(DecideDisposalResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_disposal(
        &self,
        request: Request<v1::GetDisposalRequest>,
    ) -> Result<Response<v1::GetDisposalResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("disposal_no", &request.disposal_no, DisposalNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<DisposalTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("disposal", &request.disposal_no))?;
        let disposal = Some(disposal::status(&found));
        Ok(Response::new(v1::GetDisposalResponse { revision: revision.0, disposal }))
    }

    async fn list_disposals(
        &self,
        request: Request<v1::ListDisposalsRequest>,
    ) -> Result<Response<v1::ListDisposalsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<DisposalNo>(&request.page_token)?);
        let book_no = match request.book_no.as_str() {
            "" => None,
            book_no => Some(number("book_no", book_no, BookNo::new)?),
        };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let disposals = query::disposals(view, book_no.as_ref(), after.as_ref(), rows)?;
            Ok((query::revision(view)?, disposals))
        });
        let (revision, disposals) = found.await?;
        let last = disposals.last().map(|last| last.filed.disposal_no.clone());
        let next_page_token = page::next(disposals.len(), rows, last);
        let disposals = disposals.iter().map(|row| disposal::status(row)).collect();
        Ok(Response::new(v1::ListDisposalsResponse { revision: revision.0, disposals, next_page_token }))
    }
}
