//! Work orders.

use super::book::{answer, book_no};
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::field::Field;
use zonebook_api::v1::work_order_service_server::WorkOrderService;
use zonebook_api::{status, v1, work_order};
use zonebook_ledger::code::{BomVersion, WorkOrderNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{Document, WorkOrderFiling};
use zonebook_ledger::production::{self, ComparedUse, Orders};
use zonebook_ledger::query;
use zonebook_ledger::state::{WorkOrders as WorkOrderTable, get};

/// `WorkOrderService`.
pub struct WorkOrders(pub Gateway);

fn order(step: Field<WorkOrderFiling>) -> Field<Command> {
    step.map(|step| filing(Document::WorkOrder(step)))
}

fn order_no(text: &str) -> Result<WorkOrderNo, Status> {
    number("order_no", text, WorkOrderNo::new)
}

/// The place of a comparison among all: product, version, mark and item.
type Place = (u64, Option<BomVersion>, Mark, u64);

fn place(row: &ComparedUse) -> Place {
    (row.of.product, row.of.version.clone(), row.mark, row.number)
}

#[tonic::async_trait]
impl WorkOrderService for WorkOrders {
    async fn open_work_order(
        &self,
        request: Request<v1::OpenWorkOrderRequest>,
    ) -> Result<Response<v1::OpenWorkOrderResponse>, Status> {
        let request = request.get_ref();
        let command = order(work_order::opening(request));
        answer!(OpenWorkOrderResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn report_work_order(
        &self,
        request: Request<v1::ReportWorkOrderRequest>,
    ) -> Result<Response<v1::ReportWorkOrderResponse>, Status> {
        let request = request.get_ref();
        let command = order(work_order::report(request));
        answer!(ReportWorkOrderResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn close_work_order(
        &self,
        request: Request<v1::CloseWorkOrderRequest>,
    ) -> Result<Response<v1::CloseWorkOrderResponse>, Status> {
        let request = request.get_ref();
        let command = order(work_order::closing(request));
        answer!(CloseWorkOrderResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_work_order(
        &self,
        request: Request<v1::GetWorkOrderRequest>,
    ) -> Result<Response<v1::GetWorkOrderResponse>, Status> {
        let request = request.into_inner();
        let wanted = order_no(&request.order_no)?;
        let key = wanted.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<WorkOrderTable>(view, key)?))
        });
        let (revision, order) = found.await?;
        let order = order.ok_or_else(|| status::not_found("work order", &request.order_no))?;
        let order = Some(work_order::status(&wanted, &order));
        Ok(Response::new(v1::GetWorkOrderResponse { revision: revision.0, order }))
    }

    async fn list_work_orders(
        &self,
        request: Request<v1::ListWorkOrdersRequest>,
    ) -> Result<Response<v1::ListWorkOrdersResponse>, Status> {
        let request = request.into_inner();
        let book = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<WorkOrderNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, production::work_orders(view, &book, after.as_ref(), rows)?))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(number, _)| number.clone()));
        let orders = found.iter().map(|(number, order)| work_order::status(number, order)).collect();
        Ok(Response::new(v1::ListWorkOrdersResponse { revision: revision.0, orders, next_page_token }))
    }

    async fn list_work_order_events(
        &self,
        request: Request<v1::ListWorkOrderEventsRequest>,
    ) -> Result<Response<v1::ListWorkOrderEventsResponse>, Status> {
        let request = request.into_inner();
        let wanted = order_no(&request.order_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<u64>(&request.page_token)?);
        let from = after.map_or(0, |last| last.saturating_add(1));
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let known = get::<WorkOrderTable>(view, wanted.clone())?.is_some();
            Ok((query::revision(view)?, known, production::order_entries(view, &wanted, from, rows)?))
        });
        let (revision, known, entries) = found.await?;
        if !known {
            return Err(status::not_found("work order", &request.order_no));
        }
        let last = entries.last().map(|entry| entry.filed.event_no);
        let next_page_token = page::next(entries.len(), rows, last);
        let events = entries.iter().map(|entry| work_order::entry(entry)).collect();
        Ok(Response::new(v1::ListWorkOrderEventsResponse { revision: revision.0, events, next_page_token }))
    }

    async fn list_consumption_comparisons(
        &self,
        request: Request<v1::ListConsumptionComparisonsRequest>,
    ) -> Result<Response<v1::ListConsumptionComparisonsResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<Place>(&request.page_token)?);
        let one = if request.order_no.is_empty() { None } else { Some(order_no(&request.order_no)?) };
        let book = if one.is_none() { Some(book_no(&request.book_no)?) } else { None };
        let product = request.product;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let compared = match (&one, &book) {
                (Some(number), _) => production::compared_use(view, Orders::One(number), product)?,
                (None, Some(book)) => production::compared_use(view, Orders::OfBook(book), product)?,
                (None, None) => Vec::new(),
            };
            let behind = |row: &ComparedUse| after.as_ref().is_none_or(|after| place(row) > *after);
            let compared: Vec<_> = compared.into_iter().filter(behind).take(rows).collect();
            Ok((query::revision(view)?, compared))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(place));
        Ok(Response::new(v1::ListConsumptionComparisonsResponse {
            revision: revision.0,
            comparisons: found.iter().map(work_order::comparison).collect(),
            next_page_token,
        }))
    }
}
