//! Zones, enterprises, books, items, BOM versions, parameters.

use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::book_service_server::BookService;
use zonebook_api::{document, lot, status, v1, value};
use zonebook_ledger::code::BookNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::document::Document;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::query;
use zonebook_ledger::state::{Books as BookTable, Key, Order, Parameters, get};

/// `BookService`.
pub struct Books(pub Gateway);

macro_rules! answer {
    ($response:ident, $answered:expr) => {{
        let (revision, outcome) = $answered.await?;
        Ok(Response::new(v1::$response { revision, outcome }))
    }};
}
pub(super) use answer;

pub(super) fn book_no(text: &str) -> Result<BookNo, Status> {
    number("book_no", text, BookNo::new)
}

#[tonic::async_trait]
impl BookService for Books {
    async fn file_book(
        &self,
        request: Request<v1::FileBookRequest>,
    ) -> Result<Response<v1::FileBookResponse>, Status> {
        let request = request.get_ref();
        let command = document::book(request.book.as_ref()).map(|book| filing(Document::Book(book)));
        answer!(FileBookResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_book(
        &self,
        request: Request<v1::GetBookRequest>,
    ) -> Result<Response<v1::GetBookResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<BookTable>(view, number)?))
        });
        let (revision, book) = found.await?;
        let book = book.ok_or_else(|| status::not_found("book", &request.book_no))?;
        Ok(Response::new(v1::GetBookResponse { revision: revision.0, book: Some(value::book(&book)) }))
    }

    async fn list_books(
        &self,
        request: Request<v1::ListBooksRequest>,
    ) -> Result<Response<v1::ListBooksResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<BookNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let from = after.clone().unwrap_or_else(BookNo::lowest);
            let books = query::collect::<BookTable, _>(
                view,
                from,
                BookNo::highest(),
                Order::Forward,
                rows,
                |key, row| match key {
                    Key::Book(number) if Some(&number) != after.as_ref() => Some(row),
                    _ => None,
                },
            )?;
            Ok((query::revision(view)?, books))
        });
        let (revision, books) = found.await?;
        let next_page_token = page::next(books.len(), rows, books.last().map(|book| book.book_no.clone()));
        let books = books.iter().map(|book| value::book(book)).collect();
        Ok(Response::new(v1::ListBooksResponse { revision: revision.0, books, next_page_token }))
    }

    async fn list_items(
        &self,
        request: Request<v1::ListItemsRequest>,
    ) -> Result<Response<v1::ListItemsResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::items(view, &number, after, rows)?))
        });
        let (revision, items) = found.await?;
        let last = items.last().map(|(key, _)| (key.mark, key.number));
        let next_page_token = page::next(items.len(), rows, last);
        let items = items.iter().map(|(key, item)| value::item(key, item)).collect();
        Ok(Response::new(v1::ListItemsResponse { revision: revision.0, items, next_page_token }))
    }

    async fn list_bom_lines(
        &self,
        request: Request<v1::ListBomLinesRequest>,
    ) -> Result<Response<v1::ListBomLinesResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::boms(view, &number, request.product, after, rows)?))
        });
        let (revision, versions) = found.await?;
        let last = versions.last().map(|(key, _)| (key.product, key.version.clone()));
        let next_page_token = page::next(versions.len(), rows, last);
        let lines = versions.iter().flat_map(|(key, bom)| value::bom_lines(key, bom)).collect();
        Ok(Response::new(v1::ListBomLinesResponse { revision: revision.0, lines, next_page_token }))
    }

    async fn set_parameter(
        &self,
        request: Request<v1::SetParameterRequest>,
    ) -> Result<Response<v1::SetParameterResponse>, Status> {
        let request = request.get_ref();
        let command = document::parameter(request).map(Command::SetParameter);
        answer!(SetParameterResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_parameters(
        &self,
        request: Request<v1::GetParametersRequest>,
    ) -> Result<Response<v1::GetParametersResponse>, Status> {
        let found = self.0.read(request.get_ref().consistency.as_ref(), |view| {
            let mut values = Vec::new();
            for parameter in Parameter::ALL {
                let set = get::<Parameters>(view, *parameter)?.unwrap_or_default();
                values.extend(value::parameter_values(*parameter, &set));
            }
            Ok((query::revision(view)?, values))
        });
        let (revision, values) = found.await?;
        Ok(Response::new(v1::GetParametersResponse { revision: revision.0, values }))
    }

    async fn define_zone(
        &self,
        request: Request<v1::DefineZoneRequest>,
    ) -> Result<Response<v1::DefineZoneResponse>, Status> {
        let request = request.get_ref();
        let command = document::zone(request).map(Command::DefineZone);
        answer!(DefineZoneResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn define_party(
        &self,
        request: Request<v1::DefinePartyRequest>,
    ) -> Result<Response<v1::DefinePartyResponse>, Status> {
        let request = request.get_ref();
        let command = document::party(request).map(Command::DefineParty);
        answer!(DefinePartyResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn set_lot_method(
        &self,
        request: Request<v1::SetLotMethodRequest>,
    ) -> Result<Response<v1::SetLotMethodResponse>, Status> {
        let request = request.get_ref();
        let command = lot::method_order(request).map(Command::SetLotMethod);
        answer!(SetLotMethodResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn set_stops(
        &self,
        request: Request<v1::SetStopsRequest>,
    ) -> Result<Response<v1::SetStopsResponse>, Status> {
        let request = request.get_ref();
        let command = document::stop_order(request).map(Command::SetStops);
        answer!(SetStopsResponse, self.0.command(&request.request_id, request.validate_only, command))
    }
}
