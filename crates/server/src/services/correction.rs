//! Corrections, tallies, orders about lists and other documents.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use zonebook_api::v1::correction_service_server::CorrectionService;
use zonebook_api::{correction, hold, status, v1};
use zonebook_ledger::code::{CorrectionNo, DocumentNo, ListNo, TallyNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::document::Document;
use zonebook_ledger::error::Fault;
use zonebook_ledger::hold::{DocumentHold, HeldKind};
use zonebook_ledger::query;
use zonebook_ledger::state::{Corrections as CorrectionTable, DocumentHolds, Overdrafts, Read, Tallies, get};

fn shown(
    view: &dyn Read,
    (key, found): ((HeldKind, DocumentNo), Arc<DocumentHold>),
) -> Result<v1::DocumentHold, Fault> {
    let state = query::held_state(view, key.0, &key.1)?;
    Ok(hold::hold(&key, &found, state))
}

/// `CorrectionService`.
pub struct Corrections(pub Gateway);

#[tonic::async_trait]
impl CorrectionService for Corrections {
    async fn file_correction(
        &self,
        request: Request<v1::FileCorrectionRequest>,
    ) -> Result<Response<v1::FileCorrectionResponse>, Status> {
        let request = request.get_ref();
        let command =
            correction::filing(request.correction.as_ref()).map(|filed| filing(Document::Correction(filed)));
        answer!(FileCorrectionResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn decide_correction(
        &self,
        request: Request<v1::DecideCorrectionRequest>,
    ) -> Result<Response<v1::DecideCorrectionResponse>, Status> {
        let request = request.get_ref();
        let command = correction::decision(request).map(Command::DecideCorrection);
        answer!(DecideCorrectionResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_correction(
        &self,
        request: Request<v1::GetCorrectionRequest>,
    ) -> Result<Response<v1::GetCorrectionResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("correction_no", &request.correction_no, CorrectionNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<CorrectionTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("correction", &request.correction_no))?;
        let correction = Some(correction::status(&found));
        Ok(Response::new(v1::GetCorrectionResponse { revision: revision.0, correction }))
    }

    async fn list_corrections(
        &self,
        request: Request<v1::ListCorrectionsRequest>,
    ) -> Result<Response<v1::ListCorrectionsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) =
            (page::rows(request.page_size), page::after::<CorrectionNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (CorrectionNo::lowest(), CorrectionNo::highest());
            let corrections = query::behind::<CorrectionTable>(view, after, ends, rows)?;
            Ok((query::revision(view)?, corrections))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(number, _)| number.clone()));
        let corrections = found.iter().map(|(_, row)| correction::status(row)).collect();
        Ok(Response::new(v1::ListCorrectionsResponse { revision: revision.0, corrections, next_page_token }))
    }

    async fn file_tally(
        &self,
        request: Request<v1::FileTallyRequest>,
    ) -> Result<Response<v1::FileTallyResponse>, Status> {
        let request = request.get_ref();
        let command =
            correction::tally_filing(request.tally.as_ref()).map(|tally| filing(Document::Tally(tally)));
        answer!(FileTallyResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_tally(
        &self,
        request: Request<v1::GetTallyRequest>,
    ) -> Result<Response<v1::GetTallyResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("tally_no", &request.tally_no, TallyNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Tallies>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("tally", &request.tally_no))?;
        Ok(Response::new(correction::tally(&found, revision)))
    }

    async fn list_tallies(
        &self,
        request: Request<v1::ListTalliesRequest>,
    ) -> Result<Response<v1::ListTalliesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<TallyNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::tallies(view, request.undecided, after.as_ref(), rows)?))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|tally| tally.filed.tally_no.clone());
        let next_page_token = page::next(found.len(), rows, last);
        let tallies = found.iter().map(|tally| correction::tally_status(tally)).collect();
        Ok(Response::new(v1::ListTalliesResponse { revision: revision.0, tallies, next_page_token }))
    }

    async fn order_movement(
        &self,
        request: Request<v1::OrderMovementRequest>,
    ) -> Result<Response<v1::OrderMovementResponse>, Status> {
        let request = request.get_ref();
        let command = correction::order(request).map(Command::OrderList);
        answer!(OrderMovementResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn order_document(
        &self,
        request: Request<v1::OrderDocumentRequest>,
    ) -> Result<Response<v1::OrderDocumentResponse>, Status> {
        let request = request.get_ref();
        let command = hold::order(request).map(Command::OrderDocument);
        answer!(OrderDocumentResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_hold(
        &self,
        request: Request<v1::GetHoldRequest>,
    ) -> Result<Response<v1::GetHoldResponse>, Status> {
        let request = request.into_inner();
        let key = hold::named(&request.kind, &request.number).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let hold = get::<DocumentHolds>(view, key.clone())?;
            Ok((query::revision(view)?, hold.map(|hold| shown(view, (key, hold))).transpose()?))
        });
        let (revision, hold) = found.await?;
        let hold = hold.ok_or_else(|| status::not_found("order about document", &request.number))?;
        Ok(Response::new(v1::GetHoldResponse { revision: revision.0, hold: Some(hold) }))
    }

    async fn list_holds(
        &self,
        request: Request<v1::ListHoldsRequest>,
    ) -> Result<Response<v1::ListHoldsResponse>, Status> {
        let request = request.into_inner();
        let after = page::after::<(HeldKind, DocumentNo)>(&request.page_token)?;
        let (rows, open) = (page::rows(request.page_size), request.open);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let found = query::holds(view, open, after.as_ref(), rows)?;
            let last = found.last().map(|(key, _)| key.clone());
            let holds = found.into_iter().map(|row| shown(view, row)).collect::<Result<Vec<_>, _>>()?;
            Ok((query::revision(view)?, holds, last))
        });
        let (revision, holds, last) = found.await?;
        let next_page_token = page::next(holds.len(), rows, last);
        Ok(Response::new(v1::ListHoldsResponse { revision: revision.0, holds, next_page_token }))
    }

    async fn decide_tally(
        &self,
        request: Request<v1::DecideTallyRequest>,
    ) -> Result<Response<v1::DecideTallyResponse>, Status> {
        let request = request.get_ref();
        let command = correction::tally_decided(request).map(|order| Command::DecideTally(Box::new(order)));
        answer!(DecideTallyResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn allow_overdraft(
        &self,
        request: Request<v1::AllowOverdraftRequest>,
    ) -> Result<Response<v1::AllowOverdraftResponse>, Status> {
        let request = request.get_ref();
        let command = correction::overdraft_order(request.order.as_ref()).map(Command::AllowOverdraft);
        answer!(AllowOverdraftResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_overdraft(
        &self,
        request: Request<v1::GetOverdraftRequest>,
    ) -> Result<Response<v1::GetOverdraftResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("list_no", &request.list_no, ListNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Overdrafts>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("override of list", &request.list_no))?;
        let overdraft = Some(correction::overdraft(&found));
        Ok(Response::new(v1::GetOverdraftResponse { revision: revision.0, overdraft }))
    }

    async fn assign_declaration(
        &self,
        request: Request<v1::AssignDeclarationRequest>,
    ) -> Result<Response<v1::AssignDeclarationResponse>, Status> {
        let request = request.get_ref();
        let command = correction::assignment(request).map(|filed| filing(Document::Assignment(filed)));
        answer!(
            AssignDeclarationResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }
}
