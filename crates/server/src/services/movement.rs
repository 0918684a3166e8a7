//! Movements: lists through their life.

use super::book::{answer, book_no};
use super::number;
use crate::gateway::{Gateway, filing, proposal};
use crate::page;
use futures::stream::{BoxStream, StreamExt};
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use zonebook_api::field::{self, Field, FieldError};
use zonebook_api::v1::movement_service_server::MovementService;
use zonebook_api::{
    correction, document, licence, lot, parcel, sale, settlement, status, transfer, v1, value,
};
use zonebook_ledger::apply::stored;
use zonebook_ledger::code::{ConsumptionNo, DocumentNo, ListNo, ParcelNo, ReturnNo};
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::declaration;
use zonebook_ledger::document::{BuyerHash, Document, ListFiling};
use zonebook_ledger::limits::PARCELS_MAX;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
use zonebook_ledger::sale::{parcels_of_sale, parcels_of_waybill};
use zonebook_ledger::state::{
    Buyers, ConsumptionStandings, Consumptions, GatheredBy, LicenceDraws, Lines, Movements as MovementTable,
    Overdrafts, ParcelReturns, ParcelSales, Parcels, Requests, Sales, UndoneLines, Waybills, get,
};
use zonebook_ledger::time::Date;
use zonebook_ledger::transfers;

/// Submissions in one batch, at most.
const BATCH_MAX: usize = 10_000;
/// Requests of one stream that are under way, at most.
const STREAM_IN_FLIGHT_MAX: usize = 16;

/// `MovementService`.
pub struct Movements(pub Gateway);

fn list_no(text: &str) -> Field<ListNo> {
    ListNo::new(text).map_err(|error| FieldError::new("list_no", text, error))
}

/// What the ledger may know of a buyer. Without a key no limit could be held, so it is not said to be.
fn buyer_hash(gateway: &Gateway, identity: &v1::BuyerIdentity) -> Field<BuyerHash> {
    let Some(key) = &gateway.buyers else {
        let rule = "this server has no key for buyers (setting `buyer_key`)";
        return Err(FieldError::new("number", "", rule));
    };
    // The number itself is not repeated.
    key.hash(&identity.r#type, &identity.number).ok_or_else(|| FieldError::new("number", "", "must be given"))
}

fn list(filing_of: ListFiling) -> Command {
    filing(Document::List(filing_of))
}

fn submissions(submissions: &[v1::Submission]) -> Field<Vec<Proposal>> {
    if submissions.len() > BATCH_MAX {
        let rule = format!("at most {BATCH_MAX}");
        return Err(FieldError::new("submissions", submissions.len(), rule));
    }
    let numbered = submissions.iter().enumerate();
    numbered
        .map(|(index, submission)| {
            let read = document::list(submission.list.as_ref())
                .and_then(|content| proposal(&submission.request_id, list(ListFiling::File(content))));
            read.map_err(|error| error.within(&format!("submissions[{index}]")))
        })
        .collect()
}

/// Answers a request of a stream: an error ends the request, not the stream.
async fn submit_tagged(
    gateway: Gateway,
    request: v1::StreamSubmitMovementsRequest,
) -> v1::StreamSubmitMovementsResponse {
    let tag = request.tag;
    let submitted = match submissions(&request.submissions) {
        Ok(proposals) => gateway.commands(proposals, false).await,
        Err(error) => Err(status::invalid(&error)),
    };
    match submitted {
        Ok((revision, outcomes)) => {
            v1::StreamSubmitMovementsResponse { tag, revision, outcomes, ..Default::default() }
        }
        Err(error) => v1::StreamSubmitMovementsResponse {
            tag,
            error_reason: status::refusal_of(&error).map(|refusal| refusal.reason).unwrap_or_default(),
            error_message: error.message().into(),
            ..Default::default()
        },
    }
}

#[tonic::async_trait]
impl MovementService for Movements {
    type StreamSubmitMovementsStream = BoxStream<'static, Result<v1::StreamSubmitMovementsResponse, Status>>;

    async fn submit_movement(
        &self,
        request: Request<v1::SubmitMovementRequest>,
    ) -> Result<Response<v1::SubmitMovementResponse>, Status> {
        let request = request.get_ref();
        let command = document::list(request.list.as_ref()).map(|content| list(ListFiling::File(content)));
        answer!(SubmitMovementResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn batch_submit_movements(
        &self,
        request: Request<v1::BatchSubmitMovementsRequest>,
    ) -> Result<Response<v1::BatchSubmitMovementsResponse>, Status> {
        let request = request.get_ref();
        let proposals = submissions(&request.submissions).map_err(|error| status::invalid(&error))?;
        let (revision, outcomes) = self.0.commands(proposals, request.validate_only).await?;
        Ok(Response::new(v1::BatchSubmitMovementsResponse { revision, outcomes }))
    }

    async fn stream_submit_movements(
        &self,
        request: Request<Streaming<v1::StreamSubmitMovementsRequest>>,
    ) -> Result<Response<Self::StreamSubmitMovementsStream>, Status> {
        let gateway = self.0.clone();
        let answered = request.into_inner().map(move |request| {
            let gateway = gateway.clone();
            async move { Ok(submit_tagged(gateway, request?).await) }
        });
        Ok(Response::new(answered.buffered(STREAM_IN_FLIGHT_MAX).boxed()))
    }

    async fn change_movement(
        &self,
        request: Request<v1::ChangeMovementRequest>,
    ) -> Result<Response<v1::ChangeMovementResponse>, Status> {
        let request = request.get_ref();
        let change_no = request.change_no;
        let command = document::list(request.list.as_ref())
            .map(|content| list(ListFiling::Change { change_no, list: content }));
        answer!(ChangeMovementResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn withdraw_movement(
        &self,
        request: Request<v1::WithdrawMovementRequest>,
    ) -> Result<Response<v1::WithdrawMovementResponse>, Status> {
        let request = request.get_ref();
        let change_no = request.change_no;
        let command =
            list_no(&request.list_no).map(|list_no| list(ListFiling::Withdraw { change_no, list_no }));
        answer!(WithdrawMovementResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn return_movement(
        &self,
        request: Request<v1::ReturnMovementRequest>,
    ) -> Result<Response<v1::ReturnMovementResponse>, Status> {
        let request = request.get_ref();
        let command = document::return_order(request).map(Command::ReturnList);
        answer!(ReturnMovementResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn release_declaration(
        &self,
        request: Request<v1::ReleaseDeclarationRequest>,
    ) -> Result<Response<v1::ReleaseDeclarationResponse>, Status> {
        let request = request.get_ref();
        let command = document::notice(request).map(|notice| filing(Document::Notice(notice)));
        answer!(
            ReleaseDeclarationResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn get_movement(
        &self,
        request: Request<v1::GetMovementRequest>,
    ) -> Result<Response<v1::GetMovementResponse>, Status> {
        let request = request.into_inner();
        let number = list_no(&request.list_no).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let movement = query::movement(view, number.clone())?;
            let lines = match &movement {
                Some(movement) => get::<Lines>(view, (number.clone(), movement.content_version))?,
                None => None,
            };
            let gathered = get::<GatheredBy>(view, number.clone())?.unwrap_or_default();
            let lots = query::lots_of_document(view, &DocumentNo::from(&number))?;
            let undone = get::<UndoneLines>(view, number.clone())?.unwrap_or_default();
            let overdraft = get::<Overdrafts>(view, number.clone())?;
            let licences = get::<LicenceDraws>(view, number)?.unwrap_or_default();
            Ok((query::revision(view)?, movement, lines, gathered, undone, lots, overdraft, licences))
        });
        let (revision, movement, lines, gathered, undone, lots, overdraft, licences) = found.await?;
        let movement = movement.ok_or_else(|| status::not_found("list", &request.list_no))?;
        let lines = lines.unwrap_or_else(|| Arc::new(Vec::new()));
        Ok(Response::new(v1::GetMovementResponse {
            revision: revision.0,
            movement: Some(value::movement(&movement)),
            lines: lines.iter().map(value::movement_line).collect(),
            slips: gathered.slips.iter().map(ToString::to_string).collect(),
            parcels: gathered.parcels.iter().map(ToString::to_string).collect(),
            undone: value::undone_lines(&lines, &undone),
            results: value::results(&gathered),
            lots: lots.iter().map(lot::traced).collect(),
            overdraft: overdraft.as_deref().map(correction::overdraft),
            licences: licences.iter().map(licence::draw).collect(),
        }))
    }

    async fn list_transfer_differences(
        &self,
        request: Request<v1::ListTransferDifferencesRequest>,
    ) -> Result<Response<v1::ListTransferDifferencesResponse>, Status> {
        let request = request.into_inner();
        let book = if request.book_no.is_empty() { None } else { Some(book_no(&request.book_no)?) };
        let (lists, after) = (page::rows(request.page_size), page::after::<ListNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let (transfers, last) = transfers::differing(view, book.as_ref(), after.as_ref(), lists)?;
            let today = query::head(view)?.map(|head| head.utc_offset.local(head.ledger_time).date());
            Ok((query::revision(view)?, transfers, last, today.unwrap_or(Date(0))))
        });
        let (revision, transfers, last, today) = found.await?;
        // There is more when something says where to go on.
        let next_page_token = page::next(1, 1, last);
        let transfers = transfers.iter().map(|found| transfer::differences(found, today)).collect();
        Ok(Response::new(v1::ListTransferDifferencesResponse {
            revision: revision.0,
            transfers,
            next_page_token,
        }))
    }

    async fn list_movements(
        &self,
        request: Request<v1::ListMovementsRequest>,
    ) -> Result<Response<v1::ListMovementsResponse>, Status> {
        let request = request.into_inner();
        let book = if request.book_no.is_empty() { None } else { Some(book_no(&request.book_no)?) };
        let (rows, after) = (page::rows(request.page_size), page::after::<ListNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::movements(view, book.as_ref(), after.as_ref(), rows)?))
        });
        let (revision, movements) = found.await?;
        let last = movements.last().map(|movement| movement.list_no.clone());
        let next_page_token = page::next(movements.len(), rows, last);
        let movements = movements.iter().map(|movement| value::movement(movement)).collect();
        Ok(Response::new(v1::ListMovementsResponse { revision: revision.0, movements, next_page_token }))
    }

    async fn file_consumption(
        &self,
        request: Request<v1::FileConsumptionRequest>,
    ) -> Result<Response<v1::FileConsumptionResponse>, Status> {
        let request = request.get_ref();
        let command = settlement::consumption_filing(request.slip.as_ref())
            .map(|slip| filing(Document::Consumption(slip)));
        answer!(FileConsumptionResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn change_consumption(
        &self,
        request: Request<v1::ChangeConsumptionRequest>,
    ) -> Result<Response<v1::ChangeConsumptionResponse>, Status> {
        let request = request.get_ref();
        let command =
            settlement::consumption_change(request).map(|change| filing(Document::ConsumptionChange(change)));
        answer!(
            ChangeConsumptionResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn void_consumption(
        &self,
        request: Request<v1::VoidConsumptionRequest>,
    ) -> Result<Response<v1::VoidConsumptionResponse>, Status> {
        let request = request.get_ref();
        let command =
            settlement::consumption_void(request).map(|void| filing(Document::ConsumptionVoid(void)));
        answer!(VoidConsumptionResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_consumption(
        &self,
        request: Request<v1::GetConsumptionRequest>,
    ) -> Result<Response<v1::GetConsumptionResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("consumption_no", &request.consumption_no, ConsumptionNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let standing = get::<ConsumptionStandings>(view, wanted.clone())?;
            Ok((query::revision(view)?, get::<Consumptions>(view, wanted)?, standing))
        });
        let (revision, slip, standing) = found.await?;
        let slip = slip.ok_or_else(|| status::not_found("consumption slip", &request.consumption_no))?;
        Ok(Response::new(settlement::consumption(&slip, standing.as_deref(), revision)))
    }

    async fn file_parcels(
        &self,
        request: Request<v1::FileParcelsRequest>,
    ) -> Result<Response<v1::FileParcelsResponse>, Status> {
        let request = request.get_ref();
        let hash = |identity: &v1::BuyerIdentity| buyer_hash(&self.0, identity);
        let command = parcel::filing(request, hash).map(|parcels| filing(Document::Parcels(parcels)));
        answer!(FileParcelsResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn cancel_parcels(
        &self,
        request: Request<v1::CancelParcelsRequest>,
    ) -> Result<Response<v1::CancelParcelsResponse>, Status> {
        let request = request.get_ref();
        let command = parcel::cancelling(request).map(|parcels| filing(Document::Parcels(parcels)));
        answer!(CancelParcelsResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_parcel(
        &self,
        request: Request<v1::GetParcelRequest>,
    ) -> Result<Response<v1::GetParcelResponse>, Status> {
        let request = request.into_inner();
        let parcel_no = number("parcel_no", &request.parcel_no, ParcelNo::new)?;
        let wanted = parcel_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let found = get::<Parcels>(view, wanted.clone())?;
            Ok((query::revision(view)?, found, get::<ParcelSales>(view, wanted)?))
        });
        let (revision, found, cited) = found.await?;
        let found = found.ok_or_else(|| status::not_found("parcel", &request.parcel_no))?;
        Ok(Response::new(parcel::parcel(&parcel_no, &found, cited.as_deref(), revision)))
    }

    async fn file_sale_statements(
        &self,
        request: Request<v1::FileSaleStatementsRequest>,
    ) -> Result<Response<v1::FileSaleStatementsResponse>, Status> {
        let request = request.get_ref();
        let hash = |identity: &v1::BuyerIdentity| buyer_hash(&self.0, identity);
        let command = sale::filing(request, hash).map(|said| filing(Document::Sales(said)));
        answer!(
            FileSaleStatementsResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn get_sale(
        &self,
        request: Request<v1::GetSaleRequest>,
    ) -> Result<Response<v1::GetSaleResponse>, Status> {
        let request = request.into_inner();
        let wanted = sale::sale_key(&request.platform, &request.order_no);
        let wanted = wanted.map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let parcels = parcels_of_sale(view, &wanted, PARCELS_MAX)?;
            Ok((query::revision(view)?, get::<Sales>(view, wanted)?, parcels))
        });
        let (revision, found, parcels) = found.await?;
        if found.is_none() && parcels.is_empty() {
            return Err(status::not_found("order", &request.order_no));
        }
        Ok(Response::new(sale::sale(&found.unwrap_or_default(), &parcels, revision)))
    }

    async fn get_waybill(
        &self,
        request: Request<v1::GetWaybillRequest>,
    ) -> Result<Response<v1::GetWaybillResponse>, Status> {
        let request = request.into_inner();
        let wanted = sale::waybill_key(&request.carrier, &request.waybill_no);
        let wanted = wanted.map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let parcels = parcels_of_waybill(view, &wanted, PARCELS_MAX)?;
            Ok((query::revision(view)?, get::<Waybills>(view, wanted)?, parcels))
        });
        let (revision, found, parcels) = found.await?;
        if found.is_none() && parcels.is_empty() {
            return Err(status::not_found("waybill", &request.waybill_no));
        }
        Ok(Response::new(sale::waybill_reply(found.as_deref(), &parcels, revision)))
    }

    async fn file_parcel_return(
        &self,
        request: Request<v1::FileParcelReturnRequest>,
    ) -> Result<Response<v1::FileParcelReturnResponse>, Status> {
        let request = request.get_ref();
        let command = parcel::return_filing(request.parcel_return.as_ref())
            .map(|filed| filing(Document::ParcelReturn(filed)));
        answer!(FileParcelReturnResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_parcel_return(
        &self,
        request: Request<v1::GetParcelReturnRequest>,
    ) -> Result<Response<v1::GetParcelReturnResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("return_no", &request.return_no, ReturnNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<ParcelReturns>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("parcel return", &request.return_no))?;
        Ok(Response::new(parcel::parcel_return(&found, revision)))
    }

    async fn get_buyer(
        &self,
        request: Request<v1::GetBuyerRequest>,
    ) -> Result<Response<v1::GetBuyerResponse>, Status> {
        let request = request.into_inner();
        let buyer = parcel::buyer(&request.buyer).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let today = query::today(view)?;
            let year = if request.year == 0 { today.civil().0 } else { i64::from(request.year) };
            let spent = get::<Buyers>(view, (buyer, year))?.unwrap_or_default();
            let limit = query::parameter_on(view, Parameter::BuyerYearMax, today)?;
            Ok((query::revision(view)?, year, spent, limit))
        });
        let (revision, year, spent, limit) = found.await?;
        Ok(Response::new(v1::GetBuyerResponse {
            revision: revision.0,
            year: u32::try_from(year).unwrap_or_default(),
            spent: spent.to_string(),
            limit: limit.to_string(),
        }))
    }

    async fn get_declaration_lines(
        &self,
        request: Request<v1::GetDeclarationLinesRequest>,
    ) -> Result<Response<v1::GetDeclarationLinesResponse>, Status> {
        let request = request.into_inner();
        let wanted = list_no(&request.list_no).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let movement = get::<MovementTable>(view, wanted.clone())?;
            let version = movement.map(|movement| request.change_no.unwrap_or(movement.content_version));
            let lines = match version {
                Some(version) => get::<Lines>(view, (wanted, version))?.map(|lines| (version, lines)),
                None => None,
            };
            let today = query::today(view)?;
            let lines_max = query::parameter_on(view, Parameter::DeclarationLinesMax, today)?;
            Ok((query::revision(view)?, lines, lines_max.raw() / Quantity::ONE))
        });
        let (revision, found, lines_max) = found.await?;
        let (change_no, lines) = found.ok_or_else(|| status::not_found("list", &request.list_no))?;
        let merged = declaration::merge(&lines, usize::try_from(lines_max).unwrap_or(usize::MAX));
        let merged = merged.map_err(|refusal| status::refused(&v1::Refusal::from(&*refusal), revision))?;
        Ok(Response::new(v1::GetDeclarationLinesResponse {
            revision: revision.0,
            change_no,
            lines: merged.iter().map(zonebook_api::declaration::line).collect(),
        }))
    }

    async fn get_outcome(
        &self,
        request: Request<v1::GetOutcomeRequest>,
    ) -> Result<Response<v1::GetOutcomeResponse>, Status> {
        let request = request.into_inner();
        let id = field::request_id(&request.request_id).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let seen = get::<Requests>(view, (id, Principal::loopback()))?;
            let applied = seen.map(|seen| stored(view, seen.revision)).transpose()?;
            Ok((query::revision(view)?, applied))
        });
        let (revision, applied) = found.await?;
        let applied = applied.ok_or_else(|| status::not_found("request", &request.request_id))?;
        let outcome = Some(value::outcome(&applied));
        Ok(Response::new(v1::GetOutcomeResponse { revision: revision.0, outcome }))
    }
}
