//! `duty`: what is suspended, and what goods would bear.

use super::all_pages;
use crate::arguments::{Duty, Online, Scope};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const TOTAL: &[Column<'static>] = &[
    Column("on", "/on"),
    Column("positions", "/positions"),
    Column("incomplete", "/incomplete"),
    Column("usd", "/value_usd"),
    Column("cny", "/value_cny"),
    Column("duty", "/taxes/duty"),
    Column("consumption", "/taxes/consumption"),
    Column("vat", "/taxes/vat"),
    Column("total", "/taxes/total"),
];

const POSITIONS: &[Column<'static>] = &[
    Column("book", "/key/book_no"),
    Column("mark", "/key/mark"),
    Column("item", "/key/number"),
    Column("lot", "/key/lot"),
    Column("serial", "/key/serial"),
    Column("place", "/key/place"),
    Column("on_hand", "/on_hand"),
    Column("tariff_code", "/tariff_code"),
    Column("origin", "/origin"),
    Column("usd", "/value_usd"),
    Column("rate", "/value/rate"),
    Column("cny", "/value/cny"),
    Column("duty_%", "/rates/duty"),
    Column("vat_%", "/rates/vat"),
    Column("from", "/rates/from"),
    Column("source", "/rates/source"),
    Column("line", "/rates/line"),
    Column("duty", "/taxes/duty"),
    Column("consumption", "/taxes/consumption"),
    Column("vat", "/taxes/vat"),
    Column("missing", "/missing/0/kind"),
    Column("what", "/missing/0/what"),
];

const QUOTE: &[Column<'static>] = &[
    Column("on", "/on"),
    Column("tariff_code", "/tariff_code"),
    Column("cny", "/value/cny"),
    Column("duty_by_product", "/by_product/duty"),
    Column("total_by_product", "/by_product/total"),
    Column("duty_by_material", "/by_material/duty"),
    Column("total_by_material", "/by_material/total"),
];

const MATERIALS: &[Column<'static>] = &[
    Column("material", "/number"),
    Column("tariff_code", "/tariff_code"),
    Column("used", "/used"),
    Column("duty", "/duty"),
    Column("receipt", "/receipts/0/document"),
    Column("entered", "/receipts/0/entered_on"),
    Column("origin", "/receipts/0/origin"),
];

const INTEREST: &[Column<'static>] = &[
    Column("interest", "/interest"),
    Column("days", "/days"),
    Column("rate_%", "/rate"),
    Column("from", "/from"),
    Column("began_with", "/began_with"),
    Column("to", "/to"),
];

const EQUIPMENT: &[Column<'static>] = &[
    Column("dutiable", "/dutiable_value"),
    Column("custody", "/custody_months"),
    Column("duty", "/taxes/duty"),
    Column("consumption", "/taxes/consumption"),
    Column("vat", "/taxes/vat"),
    Column("total", "/taxes/total"),
];

const ADDED: &[Column<'static>] = &[
    Column("total", "/total"),
    Column("added", "/added"),
    Column("rate_%", "/rate"),
    Column("duty", "/duty"),
];

const PARCEL: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("tariff_code", "/tariff_code"),
    Column("price", "/price"),
    Column("relieved", "/relieved"),
    Column("vat_%", "/rates/vat"),
    Column("consumption_%", "/rates/consumption"),
    Column("vat", "/taxes/vat"),
    Column("consumption", "/taxes/consumption"),
    Column("total", "/taxes/total"),
];

const MISSING: &[Column<'static>] =
    &[Column("missing", "/kind"), Column("what", "/what"), Column("count", "/count")];

fn wire(scope: &Scope) -> v1::ExposureScope {
    let book_no = scope.book.clone().unwrap_or_default();
    if let (Some(number), Some(place)) = (scope.item, &scope.place) {
        let key = v1::PositionKey {
            book_no,
            mark: scope.mark.clone(),
            number,
            lot: scope.lot.clone(),
            serial: scope.serial.clone(),
            place: place.clone(),
        };
        return v1::ExposureScope { position: Some(key), ..Default::default() };
    }
    v1::ExposureScope {
        book_no,
        party: scope.party.clone().unwrap_or_default(),
        office: scope.office.clone().unwrap_or_default(),
        mark: scope.item.map(|_| scope.mark.clone()).unwrap_or_default(),
        number: scope.item.unwrap_or_default(),
        position: None,
    }
}

/// What is missing stands under a table; in JSON it is part of the reply, and CSV is one table.
fn lacking(online: &Online, missing: &[v1::MissingFigure]) -> Result<(), Failure> {
    if online.output != Format::Table || missing.is_empty() {
        return Ok(());
    }
    output::many(online.output, MISSING, "MissingFigure", missing)
}

pub async fn run(online: &Online, command: Duty) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Duty::Exposure { scope } => {
            let (on, scope) = (scope.on.clone(), Some(wire(&scope)));
            let found = client.get_exposure(v1::GetExposureRequest { scope, on, consistency: None }).await?;
            output::one(online.output, TOTAL, "GetExposureResponse", &found)?;
            lacking(online, &found.missing)
        }
        Duty::List { scope } => {
            let (on, scope) = (scope.on.clone(), Some(wire(&scope)));
            let request = v1::ListExposureRequest { scope, on, ..Default::default() };
            let found = all_pages!(client, list_exposure, request, positions);
            output::many(online.output, POSITIONS, "PositionExposure", &found)
        }
        Duty::Product { book_no, number, bom, quantity, value, currency, on } => {
            let request = v1::GetProductQuoteRequest {
                book_no,
                number,
                bom_version: bom,
                quantity,
                value,
                currency,
                on,
                consistency: None,
            };
            let found = client.get_product_quote(request).await?;
            output::one(online.output, QUOTE, "GetProductQuoteResponse", &found)?;
            if online.output == Format::Table {
                output::many(online.output, MATERIALS, "MaterialQuote", &found.materials)?;
            }
            lacking(online, &found.missing)
        }
        Duty::Interest { tax, days, from, book, to } => {
            let request =
                v1::GetDeferredInterestRequest { tax, days, from, book_no: book, to, consistency: None };
            let found = client.get_deferred_interest(request).await?;
            output::one(online.output, INTEREST, "GetDeferredInterestResponse", &found)
        }
        Duty::Equipment { original_value, months, custody, tariff, origin, on } => {
            let request = v1::GetEquipmentReleaseRequest {
                original_value,
                months_used: months,
                custody_months: custody,
                tariff_code: tariff,
                origin,
                on,
                consistency: None,
            };
            let found = client.get_equipment_release(request).await?;
            output::one(online.output, EQUIPMENT, "GetEquipmentReleaseResponse", &found)?;
            lacking(online, &found.missing)
        }
        Duty::AddedValue { sent_out, charge, rate, tariff, on } => {
            let request = v1::GetAddedValueDutyRequest {
                sent_out,
                charges: charge,
                rate,
                tariff_code: tariff,
                on,
                consistency: None,
            };
            let found = client.get_added_value_duty(request).await?;
            output::one(online.output, ADDED, "GetAddedValueDutyResponse", &found)?;
            lacking(online, &found.missing)
        }
        Duty::Parcel { parcel_no } => {
            let found =
                client.get_parcel_tax(v1::GetParcelTaxRequest { parcel_no, consistency: None }).await?;
            if online.output == Format::Json {
                return output::one(online.output, &[], "GetParcelTaxResponse", &found);
            }
            output::many(online.output, PARCEL, "ParcelLineTax", &found.lines)?;
            lacking(online, &found.missing)
        }
    }
}
