//! Duty and taxes: nothing here changes the ledger.

use super::book::book_no;
use super::number;
use super::reference::{day, or_today};
use crate::gateway::Gateway;
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::duty_service_server::DutyService;
use zonebook_api::{duty as wire, status, v1};
use zonebook_ledger::code::{ParcelNo, TariffCode};
use zonebook_ledger::duty::{added_value, as_rate, deferred_interest, equipment_value, percentage, taxes};
use zonebook_ledger::error::Fault;
use zonebook_ledger::exposure::{self, Rated};
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::query;
use zonebook_ledger::reference::On;
use zonebook_ledger::time::Date;
use zonebook_store::state::View;

/// `DutyService`.
pub struct Duty(pub Gateway);

fn invalid(error: FieldError) -> Status {
    status::invalid(&error)
}

/// An amount that must be given and not be negative.
fn amount(field: &str, text: &str) -> Field<Quantity> {
    let amount = Quantity::parse_amount(text).map_err(|error| FieldError::new(field, text, error))?;
    if amount.is_negative() { Err(FieldError::new(field, text, "not less than 0")) } else { Ok(amount) }
}

/// What is beyond the range of a number is the caller's amount, not a fault.
fn in_range<T>(figure: Option<T>, field: &str, value: &str) -> Result<T, Status> {
    figure
        .ok_or_else(|| invalid(FieldError::new(field, value, "an amount whose taxes have at most 25 digits")))
}

fn tariff_code(text: &str) -> Result<Option<TariffCode>, Status> {
    if text.is_empty() { Ok(None) } else { number("tariff_code", text, TariffCode::new).map(Some) }
}

/// The rates of a code that may be left out, or that they are missing.
fn rates_of(
    view: &dyn View,
    code: Option<&TariffCode>,
    origin: Option<&str>,
    on: Date,
) -> Result<(Option<Rated>, Vec<v1::MissingFigure>), Fault> {
    let Some(code) = code else { return Ok((None, Vec::new())) };
    match exposure::rated(view, code, origin, On::now(on))? {
        Some(rated) => Ok((Some(rated), Vec::new())),
        None => Ok((None, vec![wire::missing(&exposure::missing_tariff(view, code, On::now(on))?, 1)])),
    }
}

/// From which day interest runs, as far as the request says it.
enum Start {
    Days(u32),
    From(Date),
    Book(zonebook_ledger::code::BookNo),
}

fn start(request: &v1::GetDeferredInterestRequest) -> Result<Start, Status> {
    let from = day("from", &request.from).map_err(invalid)?;
    match (request.days, from, request.book_no.as_str()) {
        (Some(days), None, "") => Ok(Start::Days(days)),
        (None, Some(from), "") => Ok(Start::From(from)),
        (None, None, book) if !book.is_empty() => book_no(book).map(Start::Book),
        _ => Err(invalid(FieldError::new("days", "", "one of days, from and book_no"))),
    }
}

/// Days from one to another, that one not counted.
fn days_between(from: Date, to: Date) -> Result<u32, Status> {
    let days = i64::from(to.0) - i64::from(from.0);
    u32::try_from(days).map_err(|_| invalid(FieldError::new("to", to, format!("not before {from}"))))
}

#[tonic::async_trait]
impl DutyService for Duty {
    async fn get_exposure(
        &self,
        request: Request<v1::GetExposureRequest>,
    ) -> Result<Response<v1::GetExposureResponse>, Status> {
        let request = request.into_inner();
        let scope = wire::scope(request.scope.as_ref()).map_err(invalid)?;
        let on = day("on", &request.on).map_err(invalid)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let on = or_today(view, on)?;
            Ok((query::revision(view)?, exposure::total(view, &scope, on)?, on))
        });
        let (revision, total, on) = found.await?;
        Ok(Response::new(wire::total(&total, on, revision)))
    }

    async fn list_exposure(
        &self,
        request: Request<v1::ListExposureRequest>,
    ) -> Result<Response<v1::ListExposureResponse>, Status> {
        let request = request.into_inner();
        let scope = wire::scope(request.scope.as_ref()).map_err(invalid)?;
        let on = day("on", &request.on).map_err(invalid)?;
        let rows = page::rows(request.page_size);
        // A page goes on with the day of the first one.
        let (on, after) = match page::after::<(Date, PositionKey)>(&request.page_token)? {
            Some((first_day, after)) => (Some(first_day), Some(after)),
            None => (on, None),
        };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let on = or_today(view, on)?;
            let found = exposure::exposures(view, &scope, on, after.as_ref(), rows)?;
            Ok((query::revision(view)?, found, on))
        });
        let (revision, found, on) = found.await?;
        let last = found.last().map(|exposure| (on, exposure.position.clone()));
        let next_page_token = page::next(found.len(), rows, last);
        let positions = found.iter().map(wire::exposure).collect();
        let (revision, on) = (revision.0, on.to_string());
        Ok(Response::new(v1::ListExposureResponse { revision, on, positions, next_page_token }))
    }

    async fn get_product_quote(
        &self,
        request: Request<v1::GetProductQuoteRequest>,
    ) -> Result<Response<v1::GetProductQuoteResponse>, Status> {
        let request = request.into_inner();
        let on = day("on", &request.on).map_err(invalid)?;
        // The day is known when the view is.
        let product = wire::product(&request, on.unwrap_or(Date(0))).map_err(invalid)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let day = or_today(view, on)?;
            let product = exposure::Product { day, ..product };
            Ok((query::revision(view)?, exposure::quote(view, &product)?, day))
        });
        let (revision, quote, on) = found.await?;
        let name = || format!("{} of product {} of {}", request.bom_version, request.number, request.book_no);
        let quote = quote.ok_or_else(|| status::not_found("BOM version", &name()))?;
        Ok(Response::new(wire::quote(&quote, on, revision)))
    }

    async fn get_deferred_interest(
        &self,
        request: Request<v1::GetDeferredInterestRequest>,
    ) -> Result<Response<v1::GetDeferredInterestResponse>, Status> {
        let request = request.into_inner();
        let tax = amount("tax", &request.tax).map_err(invalid)?;
        let to = day("to", &request.to).map_err(invalid)?;
        let start = start(&request)?;
        let book = if let Start::Book(book) = &start { Some(book.clone()) } else { None };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let to = or_today(view, to)?;
            let rate = query::parameter_on(view, Parameter::DeferredInterestRate, to)?;
            let began = match &book {
                Some(book) => exposure::interest_start(view, book)?,
                None => None,
            };
            Ok((query::revision(view)?, to, rate, began))
        });
        let (revision, to, rate, began) = found.await?;
        let (from, began_with) = match (&start, began) {
            (Start::Days(_), _) => (None, String::new()),
            (Start::From(from), _) => (Some(*from), String::new()),
            (Start::Book(_), Some((with, from))) => (Some(from), with.to_string()),
            (Start::Book(book), None) => {
                return Err(status::not_found("posted import of book", book.as_str()));
            }
        };
        let days = match (&start, from) {
            (Start::Days(days), _) => *days,
            (_, Some(from)) => days_between(from, to)?,
            (_, None) => 0,
        };
        let interest = as_rate(rate).and_then(|rate| deferred_interest(tax, days, rate));
        Ok(Response::new(v1::GetDeferredInterestResponse {
            revision: revision.0,
            interest: in_range(interest, "tax", &request.tax)?.to_string(),
            days,
            rate: rate.to_string(),
            from: from.map(|from| from.to_string()).unwrap_or_default(),
            began_with,
            to: to.to_string(),
        }))
    }

    async fn get_equipment_release(
        &self,
        request: Request<v1::GetEquipmentReleaseRequest>,
    ) -> Result<Response<v1::GetEquipmentReleaseResponse>, Status> {
        let request = request.into_inner();
        let original = amount("original_value", &request.original_value).map_err(invalid)?;
        let on = day("on", &request.on).map_err(invalid)?;
        let code = tariff_code(&request.tariff_code)?;
        let origin = Some(request.origin.clone()).filter(|origin| !origin.is_empty());
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let on = or_today(view, on)?;
            let custody = query::parameter_on(view, Parameter::CustodyMonths, on)?.raw() / Quantity::ONE;
            let rated = rates_of(view, code.as_ref(), origin.as_deref(), on)?;
            Ok((query::revision(view)?, u32::try_from(custody).unwrap_or(u32::MAX), rated))
        });
        let (revision, custody, (rated, missing)) = found.await?;
        let custody_months = if request.custody_months == 0 { custody } else { request.custody_months };
        let value = equipment_value(original, request.months_used, custody_months);
        let value = in_range(value, "original_value", &request.original_value)?;
        let levied = rated
            .as_ref()
            .map(|rated| in_range(taxes(value, &rated.rates), "original_value", &request.original_value));
        Ok(Response::new(v1::GetEquipmentReleaseResponse {
            revision: revision.0,
            dutiable_value: value.to_string(),
            custody_months,
            rates: rated.as_ref().map(wire::rates),
            taxes: levied.transpose()?.as_ref().map(wire::taxes),
            missing,
        }))
    }

    async fn get_added_value_duty(
        &self,
        request: Request<v1::GetAddedValueDutyRequest>,
    ) -> Result<Response<v1::GetAddedValueDutyResponse>, Status> {
        let request = request.into_inner();
        let sent_out = amount("sent_out", &request.sent_out).map_err(invalid)?;
        let charges = request.charges.iter().map(|charge| amount("charges", charge));
        let charges = charges.collect::<Field<Vec<Quantity>>>().map_err(invalid)?;
        let value = in_range(added_value(sent_out, &charges), "charges", &request.sent_out)?;
        let (code, on) = (tariff_code(&request.tariff_code)?, day("on", &request.on).map_err(invalid)?);
        if code.is_some() != request.rate.is_empty() {
            return Err(invalid(FieldError::new("rate", &request.rate, "either a rate or a tariff code")));
        }
        let given = match request.rate.as_str() {
            "" => None,
            text => {
                let rate =
                    Factor::parse(text).map_err(|error| invalid(FieldError::new("rate", text, error)))?;
                if rate.is_negative() {
                    return Err(invalid(FieldError::new("rate", text, "not less than 0")));
                }
                Some(rate)
            }
        };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let on = or_today(view, on)?;
            Ok((query::revision(view)?, rates_of(view, code.as_ref(), None, on)?))
        });
        let (revision, (rated, missing)) = found.await?;
        let rate = given.or_else(|| rated.as_ref().map(|rated| rated.rates.duty));
        let duty = rate.map(|rate| in_range(percentage(value.added, rate), "charges", &request.sent_out));
        Ok(Response::new(v1::GetAddedValueDutyResponse {
            revision: revision.0,
            total: value.total.to_string(),
            added: value.added.to_string(),
            rate: rate.map(|rate| rate.to_string()).unwrap_or_default(),
            rates: rated.as_ref().map(wire::rates),
            duty: duty.transpose()?.map(|duty| duty.to_string()).unwrap_or_default(),
            missing,
        }))
    }

    async fn get_parcel_tax(
        &self,
        request: Request<v1::GetParcelTaxRequest>,
    ) -> Result<Response<v1::GetParcelTaxResponse>, Status> {
        let request = request.into_inner();
        let wanted = number("parcel_no", &request.parcel_no, ParcelNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, exposure::parcel_quote(view, &wanted)?))
        });
        let (revision, quote) = found.await?;
        let quote = quote.ok_or_else(|| status::not_found("parcel", &request.parcel_no))?;
        Ok(Response::new(wire::parcel(&quote, revision)))
    }
}
