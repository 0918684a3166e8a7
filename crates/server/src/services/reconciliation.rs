//! Counts and stock beside their books, count campaigns, verification, and documents that must agree.

use super::book::{answer, book_no};
use super::count;
use crate::gateway::{Gateway, filing};
use crate::page;
use crate::stock;
use tonic::{Request, Response, Status, Streaming};
use zonebook_api::v1::reconciliation_service_server::ReconciliationService;
use zonebook_api::{count as count_api, cross_check, reckoning, settlement, status, v1, value};
use zonebook_ledger::document::{CampaignStep, Document};
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::{Key, Order, Verifications};
use zonebook_reconcile::count::{problems, reckon};
use zonebook_reconcile::cross_check::{Position, page as breaks};

/// `ReconciliationService`.
pub struct Reconciliation(pub Gateway);

#[tonic::async_trait]
impl ReconciliationService for Reconciliation {
    type CompareStockStream = stock::Told;

    async fn compare_stock(
        &self,
        request: Request<Streaming<v1::CompareStockRequest>>,
    ) -> Result<Response<Self::CompareStockStream>, Status> {
        let asked = stock::gather(request.into_inner()).await?;
        stock::answer(&self.0, asked).await.map(Response::new)
    }

    async fn reconcile(
        &self,
        request: Request<v1::ReconcileRequest>,
    ) -> Result<Response<v1::ReconcileResponse>, Status> {
        let request = request.into_inner();
        let read = reckoning::counted(&request.counted)
            .and_then(|counted| Ok((counted, value::moment(request.as_of.as_ref())?)));
        let (counted, moment) = read.map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let revision = query::revision_at(view, moment)?;
            if let Some(problem) = problems(view, &counted)?.into_iter().next() {
                return Ok((revision, Err(problem)));
            }
            let digest = query::event(view, revision)?.map(|event| value::digits(&event.digest));
            let rows = reckon(view, Moment::After(revision), &counted)?;
            let rows: Result<Vec<_>, Fault> = rows.iter().map(reckoning::reckoning).collect();
            Ok((revision, Ok((digest.unwrap_or_default(), rows?))))
        });
        let (revision, reckoned) = found.await?;
        let (digest, reckonings) = reckoned.map_err(|problem| {
            let line = u64::try_from(problem.row).unwrap_or(u64::MAX).saturating_add(1);
            status::refused(&(&problem.refusal.line(line)).into(), revision)
        })?;
        Ok(Response::new(v1::ReconcileResponse { revision: revision.0, digest, reckonings }))
    }

    async fn file_verification(
        &self,
        request: Request<v1::FileVerificationRequest>,
    ) -> Result<Response<v1::FileVerificationResponse>, Status> {
        let request = request.get_ref();
        let command = settlement::verification_filing(request.verification.as_ref())
            .map(|verification| filing(Document::Verification(verification)));
        answer!(FileVerificationResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn list_verifications(
        &self,
        request: Request<v1::ListVerificationsRequest>,
    ) -> Result<Response<v1::ListVerificationsResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<Revision>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let from = after.unwrap_or(Revision(0));
            let found = query::collect::<Verifications, _>(
                view,
                (number.clone(), from),
                (number, Revision(u64::MAX)),
                Order::Forward,
                rows,
                |key, row| match key {
                    Key::Verification((_, revision)) if Some(revision) != after => Some((revision, row)),
                    _ => None,
                },
            )?;
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(revision, _)| *revision));
        let verifications =
            found.iter().map(|(revision, row)| settlement::verification(row, *revision)).collect();
        Ok(Response::new(v1::ListVerificationsResponse {
            revision: revision.0,
            verifications,
            next_page_token,
        }))
    }

    async fn list_breaks(
        &self,
        request: Request<v1::ListBreaksRequest>,
    ) -> Result<Response<v1::ListBreaksResponse>, Status> {
        let request = request.into_inner();
        let scope = cross_check::scope(&request).map_err(|error| status::invalid(&error))?;
        let (rows, from) = (page::rows(request.page_size), page::after::<Position>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, breaks(view, &scope, from.as_ref(), rows)?))
        });
        let (revision, found) = found.await?;
        // A page is as long as the documents that were looked at, not as the breaks among them.
        let next_page_token = page::next(1, 1, found.next);
        let breaks = found.breaks.iter().map(cross_check::to_wire).collect();
        Ok(Response::new(v1::ListBreaksResponse { revision: revision.0, breaks, next_page_token }))
    }

    async fn open_campaign(
        &self,
        request: Request<v1::OpenCampaignRequest>,
    ) -> Result<Response<v1::OpenCampaignResponse>, Status> {
        let request = request.get_ref();
        let command = count_api::opening(request.campaign.as_ref()).map(filing);
        answer!(OpenCampaignResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn record_counts(
        &self,
        request: Request<v1::RecordCountsRequest>,
    ) -> Result<Response<v1::RecordCountsResponse>, Status> {
        let request = request.get_ref();
        let command = count_api::sheet(&request.campaign_no, request.sheet.as_ref()).map(filing);
        answer!(RecordCountsResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn close_campaign(
        &self,
        request: Request<v1::CloseCampaignRequest>,
    ) -> Result<Response<v1::CloseCampaignResponse>, Status> {
        let request = request.get_ref();
        let command = count_api::step(&request.campaign_no, CampaignStep::Close).map(filing);
        answer!(CloseCampaignResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn cancel_campaign(
        &self,
        request: Request<v1::CancelCampaignRequest>,
    ) -> Result<Response<v1::CancelCampaignResponse>, Status> {
        let request = request.get_ref();
        let step = CampaignStep::Cancel { reason: request.reason.as_str().into() };
        let command = count_api::step(&request.campaign_no, step).map(filing);
        answer!(CancelCampaignResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_campaign(
        &self,
        request: Request<v1::GetCampaignRequest>,
    ) -> Result<Response<v1::GetCampaignResponse>, Status> {
        count::get_campaign(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn list_campaigns(
        &self,
        request: Request<v1::ListCampaignsRequest>,
    ) -> Result<Response<v1::ListCampaignsResponse>, Status> {
        count::list_campaigns(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn list_counts(
        &self,
        request: Request<v1::ListCountsRequest>,
    ) -> Result<Response<v1::ListCountsResponse>, Status> {
        count::list_counts(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn list_count_sheet(
        &self,
        request: Request<v1::ListCountSheetRequest>,
    ) -> Result<Response<v1::ListCountSheetResponse>, Status> {
        count::list_count_sheet(&self.0, request.into_inner()).await.map(Response::new)
    }
}
