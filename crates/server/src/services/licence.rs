//! Import licences.

use super::book::answer;
use super::number;
use crate::gateway::Gateway;
use crate::page;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use zonebook_api::v1::licence_service_server::LicenceService;
use zonebook_api::{licence, status, v1};
use zonebook_ledger::code::{CustomsNo, LicenceNo, TariffCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::error::Fault;
use zonebook_ledger::licence::Licence;
use zonebook_ledger::query;
use zonebook_ledger::state::{Key, LicenceEntries, Licences as LicenceTable, LicencesOf, Order, Read, get};
use zonebook_ledger::time::Date;

/// `LicenceService`.
pub struct Licences(pub Gateway);

/// A licence among those for some goods: its last day and its number.
type Ending = (Date, LicenceNo);

/// Licences with their numbers.
type Numbered = Vec<(LicenceNo, Arc<Licence>)>;

/// In order of number, from behind `after` on.
fn by_number(view: &dyn Read, after: Option<LicenceNo>, rows: usize) -> Result<Numbered, Fault> {
    query::behind::<LicenceTable>(view, after, (LicenceNo::lowest(), LicenceNo::highest()), rows)
}

/// Of an enterprise for some goods, in the order in which lists draw on them, from behind `after` on.
fn of_goods(
    view: &dyn Read,
    (party, goods): &(CustomsNo, TariffCode),
    after: Option<Ending>,
    rows: usize,
) -> Result<Numbered, Fault> {
    let key = |(last_day, number): Ending| (party.clone(), goods.clone(), last_day, number);
    let ends = (key((Date(i32::MIN), LicenceNo::lowest())), key((Date(i32::MAX), LicenceNo::highest())));
    let mut found = Vec::new();
    for ((.., number), ()) in query::behind::<LicencesOf>(view, after.map(key), ends, rows)? {
        if let Some(licence) = get::<LicenceTable>(view, number.clone())? {
            found.push((number, licence));
        }
    }
    Ok(found)
}

#[tonic::async_trait]
impl LicenceService for Licences {
    async fn register_licence(
        &self,
        request: Request<v1::RegisterLicenceRequest>,
    ) -> Result<Response<v1::RegisterLicenceResponse>, Status> {
        let request = request.get_ref();
        let command = licence::registration(request).map(Command::Licence);
        answer!(RegisterLicenceResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn amend_licence(
        &self,
        request: Request<v1::AmendLicenceRequest>,
    ) -> Result<Response<v1::AmendLicenceResponse>, Status> {
        let request = request.get_ref();
        let command = licence::amendment(request).map(Command::Licence);
        answer!(AmendLicenceResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_licence(
        &self,
        request: Request<v1::GetLicenceRequest>,
    ) -> Result<Response<v1::GetLicenceResponse>, Status> {
        let request = request.into_inner();
        let licence_no = number("licence_no", &request.licence_no, LicenceNo::new)?;
        let wanted = licence_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<LicenceTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("licence", &request.licence_no))?;
        let licence = Some(licence::licence(&licence_no, &found));
        Ok(Response::new(v1::GetLicenceResponse { revision: revision.0, licence }))
    }

    async fn list_licences(
        &self,
        request: Request<v1::ListLicencesRequest>,
    ) -> Result<Response<v1::ListLicencesResponse>, Status> {
        let request = request.into_inner();
        let rows = page::rows(request.page_size);
        // In order of number as in order of ending, a page goes on behind the last licence of the one before.
        let after = page::after::<Ending>(&request.page_token)?;
        let of = match (request.party.as_str(), request.tariff_code.as_str()) {
            ("", "") => None,
            (party, goods) => Some((
                number("party", party, CustomsNo::new)?,
                number("tariff_code", goods, TariffCode::new)?,
            )),
        };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let found = match &of {
                None => by_number(view, after.map(|(_, number)| number), rows)?,
                Some(of) => of_goods(view, of, after, rows)?,
            };
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let ending =
            |(number, licence): &(LicenceNo, Arc<Licence>)| (licence.grant.valid_until, number.clone());
        let next_page_token = page::next(found.len(), rows, found.last().map(ending));
        let licences = found.iter().map(|(number, row)| licence::licence(number, row)).collect();
        Ok(Response::new(v1::ListLicencesResponse { revision: revision.0, licences, next_page_token }))
    }

    async fn list_licence_entries(
        &self,
        request: Request<v1::ListLicenceEntriesRequest>,
    ) -> Result<Response<v1::ListLicenceEntriesResponse>, Status> {
        let request = request.into_inner();
        let licence_no = number("licence_no", &request.licence_no, LicenceNo::new)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<u64>(&request.page_token)?);
        let found =
            self.0.read(request.consistency.as_ref(), move |view| {
                let from = (licence_no.clone(), after.map_or(0, |after| after.saturating_add(1)));
                let to = (licence_no, u64::MAX);
                let entries =
                    query::collect::<LicenceEntries, _>(view, from, to, Order::Forward, rows, |key, row| {
                        match key {
                            Key::LicenceEntry((_, number)) => Some((number, row)),
                            _ => None,
                        }
                    })?;
                Ok((query::revision(view)?, entries))
            });
        let (revision, entries) = found.await?;
        let next_page_token = page::next(entries.len(), rows, entries.last().map(|(number, _)| *number));
        let entries = entries.iter().map(|(number, row)| licence::entry(*number, row)).collect();
        Ok(Response::new(v1::ListLicenceEntriesResponse { revision: revision.0, entries, next_page_token }))
    }
}
