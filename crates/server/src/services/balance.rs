//! What stands where, now and at any past moment.

use super::book::book_no;
use crate::gateway::Gateway;
use crate::page;
use futures::StreamExt;
use futures::future::ready;
use futures::stream::{BoxStream, once, unfold};
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::balance_service_server::BalanceService;
use zonebook_api::{lot, statement as wire, status, v1, value};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::layer::LayerKey;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::Read;
use zonebook_reconcile::statement::{Statement, StatementError};

/// `BalanceService`.
pub struct Balances(pub Gateway);

/// An item of a book by mark and number; `None` for all of them.
fn item(mark: &str, number: u64) -> Field<Option<(Mark, u64)>> {
    if mark.is_empty() {
        return Ok(None);
    }
    let read = Mark::from_code(mark).map_err(|error| FieldError::new("mark", mark, error))?;
    Ok(Some((read, number)))
}

fn filter(request: &v1::ListPositionsRequest) -> Field<PositionFilter> {
    let read = |field: &str, value: &str, error: &dyn std::fmt::Display| FieldError::new(field, value, error);
    let item = item(&request.mark, request.number)?;
    if item.is_some() && request.book_no.is_empty() {
        return Err(FieldError::new("mark", &request.mark, "an item is one of a book: give book_no too"));
    }
    let place = if request.place.is_empty() {
        None
    } else {
        let place = Place::from_code(&request.place);
        Some(place.map_err(|error| read("place", &request.place, &error))?)
    };
    Ok(PositionFilter { book_no: None, item, place })
}

/// The revision of a listing, and the moment to ask for: what is now needs no history, as long as nothing new has come.
fn listed_at(view: &dyn Read, moment: Moment) -> Result<(Revision, Moment), Fault> {
    let revision = query::revision_at(view, moment)?;
    Ok((revision, if revision == query::revision(view)? { Moment::Now } else { moment }))
}

/// Pieces of a statement in one message of its stream: well below 1 MiB.
const PIECES_MAX: usize = 400;

/// Some of a statement, or why there is no more of it.
type Told = Result<v1::StreamStatementResponse, Status>;

fn no_statement(error: &StatementError) -> Status {
    let wrong = |field: &str, value: Revision| status::invalid(&FieldError::new(field, value.0, error));
    match error {
        StatementError::BookUnknown(number) => status::not_found("book", number.as_str()),
        StatementError::PartyUnknown(number) => status::not_found("enterprise with books", number.as_str()),
        StatementError::NotYet { asked, .. } => wrong("at_revision", *asked),
        StatementError::Backwards { closing, .. } => wrong("to", *closing),
        StatementError::Fault(fault) => status::fault(&fault.to_string()),
    }
}

impl Balances {
    /// The next pieces. Any view that has the statement's revision tells the same, so none is held in between.
    async fn tell(gateway: Gateway, mut statement: Statement) -> Option<(Told, Option<Statement>)> {
        let revision = statement.head().revision.0;
        let wished = v1::Consistency { kind: Some(v1::consistency::Kind::AtLeastRevision(revision)) };
        let told = gateway.read(Some(&wished), move |view| {
            let pieces = statement.pieces(view, PIECES_MAX)?;
            Ok((statement, pieces))
        });
        match told.await {
            Ok((_, pieces)) if pieces.is_empty() => None,
            Ok((statement, pieces)) => {
                let pieces = pieces.iter().map(wire::piece).collect();
                Some((Ok(v1::StreamStatementResponse { revision, head: None, pieces }), Some(statement)))
            }
            Err(status) => Some((Err(status), None)),
        }
    }
}

#[tonic::async_trait]
impl BalanceService for Balances {
    type StreamStatementStream = BoxStream<'static, Told>;

    async fn stream_statement(
        &self,
        request: Request<v1::StreamStatementRequest>,
    ) -> Result<Response<Self::StreamStatementStream>, Status> {
        let request = request.into_inner();
        let asked = wire::asked(&request).map_err(|error| status::invalid(&error))?;
        let opened =
            self.0.read(request.consistency.as_ref(), move |view| Ok(Statement::open(view, asked))).await?;
        let statement = opened.map_err(|error| no_statement(&error))?;
        let head = statement.head();
        let first = v1::StreamStatementResponse {
            revision: head.revision.0,
            head: Some(wire::head(head)),
            pieces: Vec::new(),
        };
        let gateway = self.0.clone();
        let rest = unfold(Some(statement), move |statement| {
            let gateway = gateway.clone();
            async move { Self::tell(gateway, statement?).await }
        });
        Ok(Response::new(once(ready(Ok(first))).chain(rest).boxed()))
    }

    async fn get_position(
        &self,
        request: Request<v1::GetPositionRequest>,
    ) -> Result<Response<v1::GetPositionResponse>, Status> {
        let request = request.into_inner();
        let read = value::position_key(request.key.as_ref())
            .and_then(|key| Ok((key, value::moment(request.as_of.as_ref())?)));
        let (key, moment) = read.map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let counters = query::counters(view, &key, moment)?;
            Ok((query::revision_at(view, moment)?, value::position(&key, &counters)))
        });
        let (revision, position) = found.await?;
        Ok(Response::new(v1::GetPositionResponse { revision: revision.0, position: Some(position) }))
    }

    async fn list_positions(
        &self,
        request: Request<v1::ListPositionsRequest>,
    ) -> Result<Response<v1::ListPositionsResponse>, Status> {
        let request = request.into_inner();
        let read = filter(&request).and_then(|filter| Ok((filter, value::moment(request.as_of.as_ref())?)));
        let (mut filter, mut moment) = read.map_err(|error| status::invalid(&error))?;
        if !request.book_no.is_empty() {
            filter.book_no = Some(book_no(&request.book_no)?);
        }
        let rows = page::rows(request.page_size);
        let token = page::after::<(Revision, PositionKey)>(&request.page_token)?;
        if let Some((revision, _)) = &token {
            moment = Moment::After(*revision);
        }
        let after = token.map(|(_, key)| key);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let (revision, moment) = listed_at(view, moment)?;
            Ok((revision, query::positions(view, &filter, after.as_ref(), rows, moment)?))
        });
        let (revision, positions) = found.await?;
        let last = positions.last().map(|(key, _)| (revision, key.clone()));
        let next_page_token = page::next(positions.len(), rows, last);
        let positions = positions.iter().map(|(key, counters)| value::position(key, counters)).collect();
        Ok(Response::new(v1::ListPositionsResponse { revision: revision.0, positions, next_page_token }))
    }

    async fn list_lots(
        &self,
        request: Request<v1::ListLotsRequest>,
    ) -> Result<Response<v1::ListLotsResponse>, Status> {
        let request = request.into_inner();
        let book = book_no(&request.book_no)?;
        let item = item(&request.mark, request.number).map_err(|error| status::invalid(&error))?;
        let mut moment = value::moment(request.as_of.as_ref()).map_err(|error| status::invalid(&error))?;
        let rows = page::rows(request.page_size);
        let token = page::after::<(Revision, LayerKey)>(&request.page_token)?;
        if let Some((revision, _)) = &token {
            moment = Moment::After(*revision);
        }
        let after = token.map(|(_, key)| key);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let (revision, moment) = listed_at(view, moment)?;
            Ok((revision, query::lots(view, &book, item, after.as_ref(), rows, moment)?))
        });
        let (revision, lots) = found.await?;
        let next_page_token =
            page::next(lots.len(), rows, lots.last().map(|row| (revision, row.key.clone())));
        let lots = lots.iter().map(lot::stored).collect();
        Ok(Response::new(v1::ListLotsResponse { revision: revision.0, lots, next_page_token }))
    }

    async fn get_taken_lots(
        &self,
        request: Request<v1::GetTakenLotsRequest>,
    ) -> Result<Response<v1::GetTakenLotsResponse>, Status> {
        let request = request.into_inner();
        let document = lot::document(&request).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::lots_of_document(view, &document)?))
        });
        let (revision, lots) = found.await?;
        let lots = lots.iter().map(lot::traced).collect();
        Ok(Response::new(v1::GetTakenLotsResponse { revision: revision.0, lots }))
    }

    async fn list_statement(
        &self,
        request: Request<v1::ListStatementRequest>,
    ) -> Result<Response<v1::ListStatementResponse>, Status> {
        let request = request.into_inner();
        let read = value::position_key(request.key.as_ref())
            .and_then(|key| Ok((key, value::moment(request.as_of.as_ref())?)));
        let (key, moment) = read.map_err(|error| status::invalid(&error))?;
        let rows = page::rows(request.page_size);
        let after = page::after::<(Revision, u32)>(&request.page_token)?;
        let first = Revision(request.first_revision.max(1));
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let last = query::revision_at(view, moment)?;
            let found = query::statement(view, &key, (first, last), after, rows)?;
            let next = found.last().map(|row| (row.key.revision, row.key.ordinal));
            let mut wire = Vec::with_capacity(found.len());
            for row in &found {
                let event = query::event(view, row.key.revision)?
                    .ok_or_else(|| Fault(format!("no event at revision {}", row.key.revision.0)))?;
                wire.push(value::statement_row(row, event.ledger_time));
            }
            Ok((query::revision(view)?, wire, next))
        });
        let (revision, rows_found, last) = found.await?;
        let next_page_token = page::next(rows_found.len(), rows, last);
        Ok(Response::new(v1::ListStatementResponse {
            revision: revision.0,
            rows: rows_found,
            next_page_token,
        }))
    }
}
