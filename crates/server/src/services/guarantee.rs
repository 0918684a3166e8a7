//! Guarantees and credit levels.

use super::book::answer;
use super::number;
use crate::gateway::Gateway;
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::guarantee_service_server::GuaranteeService;
use zonebook_api::{guarantee, status, v1};
use zonebook_ledger::code::{CustomsNo, GuaranteeNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::query;
use zonebook_ledger::state::{CreditLevels, GuaranteeEntries, Guarantees as GuaranteeTable, Key, Order, get};

/// `GuaranteeService`.
pub struct Guarantees(pub Gateway);

#[tonic::async_trait]
impl GuaranteeService for Guarantees {
    async fn open_guarantee(
        &self,
        request: Request<v1::OpenGuaranteeRequest>,
    ) -> Result<Response<v1::OpenGuaranteeResponse>, Status> {
        let request = request.get_ref();
        let command = guarantee::opening(request).map(Command::Guarantee);
        answer!(OpenGuaranteeResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn levy_guarantee(
        &self,
        request: Request<v1::LevyGuaranteeRequest>,
    ) -> Result<Response<v1::LevyGuaranteeResponse>, Status> {
        let request = request.get_ref();
        let command = guarantee::levying(request).map(Command::Guarantee);
        answer!(LevyGuaranteeResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn draw_guarantee(
        &self,
        request: Request<v1::DrawGuaranteeRequest>,
    ) -> Result<Response<v1::DrawGuaranteeResponse>, Status> {
        let request = request.get_ref();
        let command = guarantee::drawing(request).map(Command::Guarantee);
        answer!(DrawGuaranteeResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn restore_guarantee(
        &self,
        request: Request<v1::RestoreGuaranteeRequest>,
    ) -> Result<Response<v1::RestoreGuaranteeResponse>, Status> {
        let request = request.get_ref();
        let command = guarantee::restoring(request).map(Command::Guarantee);
        answer!(RestoreGuaranteeResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn extend_guarantee(
        &self,
        request: Request<v1::ExtendGuaranteeRequest>,
    ) -> Result<Response<v1::ExtendGuaranteeResponse>, Status> {
        let request = request.get_ref();
        let command = guarantee::extending(request).map(Command::Guarantee);
        answer!(ExtendGuaranteeResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_guarantee(
        &self,
        request: Request<v1::GetGuaranteeRequest>,
    ) -> Result<Response<v1::GetGuaranteeResponse>, Status> {
        let request = request.into_inner();
        let guarantee_no = number("guarantee_no", &request.guarantee_no, GuaranteeNo::new)?;
        let wanted = guarantee_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<GuaranteeTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("guarantee", &request.guarantee_no))?;
        let guarantee = Some(guarantee::account(&guarantee_no, &found));
        Ok(Response::new(v1::GetGuaranteeResponse { revision: revision.0, guarantee }))
    }

    async fn list_guarantees(
        &self,
        request: Request<v1::ListGuaranteesRequest>,
    ) -> Result<Response<v1::ListGuaranteesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<GuaranteeNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (GuaranteeNo::lowest(), GuaranteeNo::highest());
            let accounts = query::behind::<GuaranteeTable>(view, after, ends, rows)?;
            Ok((query::revision(view)?, accounts))
        });
        let (revision, accounts) = found.await?;
        let last = accounts.last().map(|(number, _)| number.clone());
        let next_page_token = page::next(accounts.len(), rows, last);
        let guarantees = accounts.iter().map(|(number, row)| guarantee::account(number, row)).collect();
        Ok(Response::new(v1::ListGuaranteesResponse { revision: revision.0, guarantees, next_page_token }))
    }

    async fn list_guarantee_entries(
        &self,
        request: Request<v1::ListGuaranteeEntriesRequest>,
    ) -> Result<Response<v1::ListGuaranteeEntriesResponse>, Status> {
        let request = request.into_inner();
        let guarantee_no = number("guarantee_no", &request.guarantee_no, GuaranteeNo::new)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<u64>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let from = (guarantee_no.clone(), after.map_or(0, |after| after.saturating_add(1)));
            let to = (guarantee_no, u64::MAX);
            let entries =
                query::collect::<GuaranteeEntries, _>(view, from, to, Order::Forward, rows, |key, row| {
                    match key {
                        Key::GuaranteeEntry((_, number)) => Some((number, row)),
                        _ => None,
                    }
                })?;
            Ok((query::revision(view)?, entries))
        });
        let (revision, entries) = found.await?;
        let next_page_token = page::next(entries.len(), rows, entries.last().map(|(number, _)| *number));
        let entries = entries.iter().map(|(number, row)| guarantee::entry(*number, row)).collect();
        Ok(Response::new(v1::ListGuaranteeEntriesResponse { revision: revision.0, entries, next_page_token }))
    }

    async fn set_credit_level(
        &self,
        request: Request<v1::SetCreditLevelRequest>,
    ) -> Result<Response<v1::SetCreditLevelResponse>, Status> {
        let request = request.get_ref();
        let command = guarantee::credit_order(request).map(Command::SetCreditLevel);
        answer!(SetCreditLevelResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_credit_levels(
        &self,
        request: Request<v1::GetCreditLevelsRequest>,
    ) -> Result<Response<v1::GetCreditLevelsResponse>, Status> {
        let request = request.into_inner();
        let party = number("party", &request.party, CustomsNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<CreditLevels>(view, party)?.unwrap_or_default()))
        });
        let (revision, levels) = found.await?;
        let levels = levels.iter().map(|(from, level)| guarantee::credit_level(*from, *level)).collect();
        Ok(Response::new(v1::GetCreditLevelsResponse { revision: revision.0, levels }))
    }
}
