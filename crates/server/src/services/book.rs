//! Zones, enterprises, books, items, BOM versions, parameters.

use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use zonebook_api::v1::book_service_server::BookService;
use zonebook_api::{bom_standing, book_life, document, lot, own_group, status, v1, value};
use zonebook_ledger::book::Book;
use zonebook_ledger::code::{BookNo, CarryOverNo, CustomsNo, OfficeCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::document::Document;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::own_group::OwnGroupEntry;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::query;
use zonebook_ledger::state::{
    BookOrders, Books as BookTable, CarryOvers, Key, Order, Parameters, Parties, Read, Zones, get,
};

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

/// A book with the kind of its zone today.
fn shown(view: &dyn Read, book: &Book) -> Result<v1::Book, Fault> {
    let (zone, today) = (get::<Zones>(view, book.office.clone())?, query::today(view)?);
    Ok(value::book(book, zone.map(|zone| zone.kind_on(today))))
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
            let book = get::<BookTable>(view, number)?;
            let book = book.map(|book| shown(view, &book)).transpose()?;
            Ok((query::revision(view)?, book))
        });
        let (revision, book) = found.await?;
        let book = Some(book.ok_or_else(|| status::not_found("book", &request.book_no))?);
        Ok(Response::new(v1::GetBookResponse { revision: revision.0, book }))
    }

    async fn list_books(
        &self,
        request: Request<v1::ListBooksRequest>,
    ) -> Result<Response<v1::ListBooksResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<BookNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (BookNo::lowest(), BookNo::highest());
            let books = query::behind::<BookTable>(view, after, ends, rows)?;
            let books: Vec<_> = books.into_iter().map(|(_, row)| row).collect();
            let last = books.last().map(|book| book.book_no.clone());
            let books: Vec<_> = books.iter().map(|book| shown(view, book)).collect::<Result<_, _>>()?;
            Ok((query::revision(view)?, books, last))
        });
        let (revision, books, last) = found.await?;
        let next_page_token = page::next(books.len(), rows, last);
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

    async fn list_bom_versions(
        &self,
        request: Request<v1::ListBomVersionsRequest>,
    ) -> Result<Response<v1::ListBomVersionsResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::bom_standings(view, &number, request.product, after, rows)?))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|(key, _)| (key.product, key.version.clone()));
        let next_page_token = page::next(found.len(), rows, last);
        let versions = found.iter().map(|(key, standing)| bom_standing::version(key, standing)).collect();
        Ok(Response::new(v1::ListBomVersionsResponse { revision: revision.0, versions, next_page_token }))
    }

    async fn list_bom_challenges(
        &self,
        request: Request<v1::ListBomChallengesRequest>,
    ) -> Result<Response<v1::ListBomChallengesResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let wanted = (request.product, request.open);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::challenged_boms(view, &number, wanted, after, rows)?))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|(key, _)| (key.product, key.version.clone()));
        let next_page_token = page::next(found.len(), rows, last);
        let of = found.iter().map(|(key, standing)| bom_standing::challenges(key, standing, request.open));
        let challenges = of.flatten().collect();
        Ok(Response::new(v1::ListBomChallengesResponse { revision: revision.0, challenges, next_page_token }))
    }

    async fn set_bom_validity(
        &self,
        request: Request<v1::SetBomValidityRequest>,
    ) -> Result<Response<v1::SetBomValidityResponse>, Status> {
        let request = request.get_ref();
        let command = bom_standing::validity(request).map(Command::OrderBom);
        answer!(SetBomValidityResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn challenge_bom(
        &self,
        request: Request<v1::ChallengeBomRequest>,
    ) -> Result<Response<v1::ChallengeBomResponse>, Status> {
        let request = request.get_ref();
        let command = bom_standing::challenge(request).map(Command::OrderBom);
        answer!(ChallengeBomResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn settle_bom_challenge(
        &self,
        request: Request<v1::SettleBomChallengeRequest>,
    ) -> Result<Response<v1::SettleBomChallengeResponse>, Status> {
        let request = request.get_ref();
        let command = bom_standing::settlement(request).map(Command::OrderBom);
        answer!(
            SettleBomChallengeResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
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

    async fn get_party(
        &self,
        request: Request<v1::GetPartyRequest>,
    ) -> Result<Response<v1::GetPartyResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("customs_no", &request.customs_no, CustomsNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Parties>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("enterprise", &request.customs_no))?;
        let party = Some(document::party_status(&found));
        Ok(Response::new(v1::GetPartyResponse { revision: revision.0, party }))
    }

    async fn list_parties(
        &self,
        request: Request<v1::ListPartiesRequest>,
    ) -> Result<Response<v1::ListPartiesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<CustomsNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (CustomsNo::lowest(), CustomsNo::highest());
            Ok((query::revision(view)?, query::behind::<Parties>(view, after, ends, rows)?))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(customs_no, _)| customs_no));
        let parties = found.iter().map(|(_, party)| document::party_status(party)).collect();
        Ok(Response::new(v1::ListPartiesResponse { revision: revision.0, parties, next_page_token }))
    }

    async fn get_zone(
        &self,
        request: Request<v1::GetZoneRequest>,
    ) -> Result<Response<v1::GetZoneResponse>, Status> {
        let request = request.into_inner();
        let office = number("office", &request.office, OfficeCode::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let (zone, today) = (get::<Zones>(view, office)?, query::today(view)?);
            Ok((query::revision(view)?, zone.map(|zone| book_life::zone(&zone, today))))
        });
        let (revision, zone) = found.await?;
        let zone = Some(zone.ok_or_else(|| status::not_found("zone", &request.office))?);
        Ok(Response::new(v1::GetZoneResponse { revision: revision.0, zone }))
    }

    async fn list_zones(
        &self,
        request: Request<v1::ListZonesRequest>,
    ) -> Result<Response<v1::ListZonesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<OfficeCode>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (OfficeCode::lowest(), OfficeCode::highest());
            let zones = query::behind::<Zones>(view, after, ends, rows)?;
            let zones: Vec<_> = zones.into_iter().map(|(_, row)| row).collect();
            let (last, today) = (zones.last().map(|zone| zone.defined.office.clone()), query::today(view)?);
            let zones: Vec<_> = zones.iter().map(|zone| book_life::zone(zone, today)).collect();
            Ok((query::revision(view)?, zones, last))
        });
        let (revision, zones, last) = found.await?;
        let next_page_token = page::next(zones.len(), rows, last);
        Ok(Response::new(v1::ListZonesResponse { revision: revision.0, zones, next_page_token }))
    }

    async fn convert_zone(
        &self,
        request: Request<v1::ConvertZoneRequest>,
    ) -> Result<Response<v1::ConvertZoneResponse>, Status> {
        let request = request.get_ref();
        let command = book_life::conversion(request).map(Command::ConvertZone);
        answer!(ConvertZoneResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn extend_book(
        &self,
        request: Request<v1::ExtendBookRequest>,
    ) -> Result<Response<v1::ExtendBookResponse>, Status> {
        let request = request.get_ref();
        let command = book_life::extension(request).map(Command::OrderBook);
        answer!(ExtendBookResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn open_book_case(
        &self,
        request: Request<v1::OpenBookCaseRequest>,
    ) -> Result<Response<v1::OpenBookCaseResponse>, Status> {
        let request = request.get_ref();
        let command = book_life::case_opened(request).map(Command::OrderBook);
        answer!(OpenBookCaseResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn lift_book_case(
        &self,
        request: Request<v1::LiftBookCaseRequest>,
    ) -> Result<Response<v1::LiftBookCaseResponse>, Status> {
        let request = request.get_ref();
        let command = book_life::case_lifted(request).map(Command::OrderBook);
        answer!(LiftBookCaseResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn cancel_book(
        &self,
        request: Request<v1::CancelBookRequest>,
    ) -> Result<Response<v1::CancelBookResponse>, Status> {
        let request = request.get_ref();
        let command = book_life::cancellation(request).map(Command::OrderBook);
        answer!(CancelBookResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn list_book_orders(
        &self,
        request: Request<v1::ListBookOrdersRequest>,
    ) -> Result<Response<v1::ListBookOrdersResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<u64>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let end = |revision| (number.clone(), Revision(revision));
            let (from, to) = (end(after.map_or(0, |after| after.saturating_add(1))), end(u64::MAX));
            let orders = query::collect::<BookOrders, _>(
                view,
                from,
                to,
                Order::Forward,
                rows,
                |key, row| match key {
                    Key::BookOrder((_, revision)) => Some((revision, row)),
                    _ => None,
                },
            )?;
            Ok((query::revision(view)?, orders))
        });
        let (revision, orders) = found.await?;
        let last = orders.last().map(|(revision, _)| revision.0);
        let next_page_token = page::next(orders.len(), rows, last);
        let orders = orders.iter().map(|(revision, order)| book_life::book_order(*revision, order)).collect();
        Ok(Response::new(v1::ListBookOrdersResponse { revision: revision.0, orders, next_page_token }))
    }

    async fn carry_over_goods(
        &self,
        request: Request<v1::CarryOverGoodsRequest>,
    ) -> Result<Response<v1::CarryOverGoodsResponse>, Status> {
        let request = request.get_ref();
        let command = book_life::carry_over_filing(request.carry_over.as_ref())
            .map(|carry_over| filing(Document::CarryOver(carry_over)));
        answer!(CarryOverGoodsResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_carry_over(
        &self,
        request: Request<v1::GetCarryOverRequest>,
    ) -> Result<Response<v1::GetCarryOverResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("carry_over_no", &request.carry_over_no, CarryOverNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<CarryOvers>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("carry-over", &request.carry_over_no))?;
        let carry_over = Some(book_life::carry_over(&found));
        Ok(Response::new(v1::GetCarryOverResponse { revision: revision.0, carry_over }))
    }
    async fn set_lot_method(
        &self,
        request: Request<v1::SetLotMethodRequest>,
    ) -> Result<Response<v1::SetLotMethodResponse>, Status> {
        let request = request.get_ref();
        let command = lot::method_order(request).map(Command::SetLotMethod);
        answer!(SetLotMethodResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn register_own_group(
        &self,
        request: Request<v1::RegisterOwnGroupRequest>,
    ) -> Result<Response<v1::RegisterOwnGroupResponse>, Status> {
        let request = request.get_ref();
        let command = own_group::order(request).map(Command::OwnGroup);
        answer!(RegisterOwnGroupResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn list_own_group(
        &self,
        request: Request<v1::ListOwnGroupRequest>,
    ) -> Result<Response<v1::ListOwnGroupResponse>, Status> {
        let request = request.into_inner();
        let book_no = number("book_no", &request.book_no, BookNo::new)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<u64>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::own_group(view, &book_no, after, rows)?))
        });
        let (revision, items) = found.await?;
        let next_page_token = page::next(items.len(), rows, items.last().map(|(item, _)| item.number));
        let of_item = |(item, entries): &(ItemKey, Arc<Vec<OwnGroupEntry>>)| {
            entries.iter().map(|entry| own_group::fact(item, entry)).collect::<Vec<_>>()
        };
        let facts = items.iter().flat_map(of_item).collect();
        Ok(Response::new(v1::ListOwnGroupResponse { revision: revision.0, facts, next_page_token }))
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
