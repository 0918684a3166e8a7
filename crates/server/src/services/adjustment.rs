//! Adjustments of a count.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::adjustment_service_server::AdjustmentService;
use zonebook_api::{adjustment, status, v1};
use zonebook_ledger::code::{AdjustmentNo, BookNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::document::Document;
use zonebook_ledger::query;
use zonebook_ledger::state::{Adjustments as AdjustmentTable, get};

/// `AdjustmentService`.
pub struct Adjustments(pub Gateway);

#[tonic::async_trait]
impl AdjustmentService for Adjustments {
    async fn file_adjustment(
        &self,
        request: Request<v1::FileAdjustmentRequest>,
    ) -> Result<Response<v1::FileAdjustmentResponse>, Status> {
        let request = request.get_ref();
        let command = adjustment::filing(request.adjustment.as_ref())
            .map(|adjustment| filing(Document::Adjustment(adjustment)));
        answer!(FileAdjustmentResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn decide_adjustment(
        &self,
        request: Request<v1::DecideAdjustmentRequest>,
    ) -> Result<Response<v1::DecideAdjustmentResponse>, Status> {
        let request = request.get_ref();
        let command = adjustment::decided(request).map(|order| Command::DecideAdjustment(Box::new(order)));
        answer!(DecideAdjustmentResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_adjustment(
        &self,
        request: Request<v1::GetAdjustmentRequest>,
    ) -> Result<Response<v1::GetAdjustmentResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("adjustment_no", &request.adjustment_no, AdjustmentNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<AdjustmentTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("adjustment", &request.adjustment_no))?;
        let adjustment = Some(adjustment::status(&found));
        Ok(Response::new(v1::GetAdjustmentResponse { revision: revision.0, adjustment }))
    }

    async fn list_adjustments(
        &self,
        request: Request<v1::ListAdjustmentsRequest>,
    ) -> Result<Response<v1::ListAdjustmentsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) =
            (page::rows(request.page_size), page::after::<AdjustmentNo>(&request.page_token)?);
        let book_no = match request.book_no.as_str() {
            "" => None,
            book_no => Some(number("book_no", book_no, BookNo::new)?),
        };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let adjustments = query::adjustments(view, book_no.as_ref(), after.as_ref(), rows)?;
            Ok((query::revision(view)?, adjustments))
        });
        let (revision, adjustments) = found.await?;
        let last = adjustments.last().map(|last| last.filed.adjustment_no.clone());
        let next_page_token = page::next(adjustments.len(), rows, last);
        let adjustments = adjustments.iter().map(|row| adjustment::status(row)).collect();
        Ok(Response::new(v1::ListAdjustmentsResponse { revision: revision.0, adjustments, next_page_token }))
    }
}
