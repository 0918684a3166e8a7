//! Duty and taxes on the wire.

use crate::field::{Field, FieldError, cut, optional, read};
use crate::v1;
use crate::value::{position, position_key, text};
use zonebook_ledger::code::{BomVersion, BookNo, CustomsNo, OfficeCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::duty::Taxes;
use zonebook_ledger::exposure::{
    CNY, Exposure, MaterialQuote, Missing, ParcelLineQuote, ParcelQuote, Product, Quote, Rated, ReceiptQuote,
    Scope, Total, Valued,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

/// Whose goods.
///
/// # Errors
/// Names the field.
pub fn scope(wire: Option<&v1::ExposureScope>) -> Field<Scope> {
    let Some(wire) = wire else { return Ok(Scope::default()) };
    scope_fields(wire).map_err(|error| error.within("scope"))
}

fn scope_fields(wire: &v1::ExposureScope) -> Field<Scope> {
    let item = match optional("mark", &wire.mark, Mark::from_code)? {
        None if wire.number != 0 => {
            return Err(FieldError::new("number", wire.number, "an item is known by mark and number"));
        }
        None => None,
        Some(mark) if wire.book_no.is_empty() => {
            return Err(FieldError::new("mark", mark, "an item is one of a book: give book_no too"));
        }
        Some(mark) => Some((mark, wire.number)),
    };
    let scope = Scope {
        book_no: optional("book_no", &wire.book_no, BookNo::new)?,
        party: optional("party", &wire.party, CustomsNo::new)?,
        office: optional("office", &wire.office, OfficeCode::new)?,
        item,
        position: wire.position.as_ref().map(|key| position_key(Some(key))).transpose()?,
    };
    let several = scope.book_no.is_some() && (scope.party.is_some() || scope.office.is_some());
    let others = scope.book_no.is_some() || scope.party.is_some() || scope.office.is_some();
    if several || (scope.position.is_some() && others) {
        let rule = "a position, or a book with or without an item, or a party and an office";
        return Err(FieldError::new("book_no", &wire.book_no, rule));
    }
    Ok(scope)
}

/// A finished product, on a day.
///
/// # Errors
/// Names the field.
pub fn product(wire: &v1::GetProductQuoteRequest, day: Date) -> Field<Product> {
    let positive = |field: &str, value: &str, parse: fn(&str) -> _| {
        let amount: Quantity = read(field, value, parse)?;
        if amount.is_positive() { Ok(amount) } else { Err(FieldError::new(field, value, "more than 0")) }
    };
    let currency = if wire.currency.is_empty() { CNY } else { wire.currency.as_str() };
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FieldError::new("currency", currency, "three digits, such as 502"));
    }
    Ok(Product {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        number: wire.number,
        version: read("bom_version", &wire.bom_version, BomVersion::new)?,
        quantity: positive("quantity", &wire.quantity, Quantity::parse)?,
        value: positive("value", &wire.value, Quantity::parse_amount)?,
        currency: currency.into(),
        day,
    })
}

/// Duty and taxes.
#[must_use]
pub fn taxes(taxes: &Taxes) -> v1::Taxes {
    v1::Taxes {
        duty: taxes.duty.to_string(),
        consumption: taxes.consumption.to_string(),
        vat: taxes.vat.to_string(),
        total: text(taxes.total().as_ref()),
    }
}

/// Rates, and the row that says so.
#[must_use]
pub fn rates(rated: &Rated) -> v1::TariffRates {
    v1::TariffRates {
        duty: rated.rates.duty.to_string(),
        by_origin: rated.by_origin,
        consumption: rated.rates.consumption.to_string(),
        vat: rated.rates.vat.to_string(),
        from: rated.row.key.from.to_string(),
        source: rated.row.row.source.to_string(),
        line: rated.row.row.line,
    }
}

fn value(valued: &Valued) -> v1::ExchangedValue {
    let row = valued.row.as_ref();
    v1::ExchangedValue {
        cny: valued.cny.to_string(),
        rate: valued.rate.to_string(),
        from: text(row.map(|row| row.key.from).as_ref()),
        source: text(row.map(|row| &row.row.source)),
        line: row.map_or(0, |row| row.row.line),
    }
}

/// What a figure lacks.
#[must_use]
pub fn missing(missing: &Missing, count: u64) -> v1::MissingFigure {
    v1::MissingFigure { kind: missing.kind.to_string(), what: cut(&missing.what, 500), count }
}

fn all_missing(all: &[Missing]) -> Vec<v1::MissingFigure> {
    all.iter().map(|one| missing(one, 1)).collect()
}

/// A sum.
#[must_use]
pub fn total(total: &Total, day: Date, revision: Revision) -> v1::GetExposureResponse {
    v1::GetExposureResponse {
        revision: revision.0,
        on: day.to_string(),
        positions: total.positions,
        incomplete: total.incomplete,
        value_usd: total.value_usd.to_string(),
        value_cny: total.value_cny.to_string(),
        taxes: Some(taxes(&total.taxes)),
        missing: total.missing.iter().map(|(one, count)| missing(one, *count)).collect(),
        missing_unnamed: total.missing_unnamed,
    }
}

/// A position.
#[must_use]
pub fn exposure(exposure: &Exposure) -> v1::PositionExposure {
    v1::PositionExposure {
        key: position(&exposure.position, &Counters::default()).key,
        on_hand: exposure.on_hand.to_string(),
        tariff_code: text(exposure.tariff_code.as_ref()),
        origin: text(exposure.origin.as_ref()),
        value_usd: text(exposure.value_usd.as_ref()),
        value: exposure.value.as_ref().map(value),
        rates: exposure.rated.as_ref().map(rates),
        taxes: exposure.taxes.as_ref().map(taxes),
        missing: all_missing(&exposure.missing),
    }
}

/// Both routes of a product.
#[must_use]
pub fn quote(quote: &Quote, day: Date, revision: Revision) -> v1::GetProductQuoteResponse {
    v1::GetProductQuoteResponse {
        revision: revision.0,
        on: day.to_string(),
        tariff_code: text(quote.tariff_code.as_ref()),
        value: quote.value.as_ref().map(value),
        rates: quote.rated.as_ref().map(rates),
        by_product: quote.by_product.as_ref().map(taxes),
        by_material: quote.by_material.as_ref().map(taxes),
        materials: quote.materials.iter().map(material).collect(),
        missing: all_missing(&quote.missing),
    }
}

fn material(quote: &MaterialQuote) -> v1::MaterialQuote {
    v1::MaterialQuote {
        number: quote.material,
        tariff_code: text(quote.tariff_code.as_ref()),
        used: quote.used.to_string(),
        duty: text(quote.duty.as_ref()),
        receipts: quote.receipts.iter().map(receipt).collect(),
    }
}

fn receipt(quote: &ReceiptQuote) -> v1::ReceiptQuote {
    v1::ReceiptQuote {
        document: quote.document.to_string(),
        line: quote.line,
        entered_on: quote.entered_on.to_string(),
        origin: text(quote.origin.as_ref()),
        quantity: quote.quantity.to_string(),
        value_usd: text(quote.value_usd.as_ref()),
        value: quote.value.as_ref().map(value),
        rates: quote.rated.as_ref().map(rates),
        duty: text(quote.duty.as_ref()),
    }
}

/// The taxes of a parcel.
#[must_use]
pub fn parcel(quote: &ParcelQuote, revision: Revision) -> v1::GetParcelTaxResponse {
    let line = |line: &ParcelLineQuote| v1::ParcelLineTax {
        line: line.filed.line,
        tariff_code: line.filed.tariff_code.to_string(),
        price: line.filed.price.to_string(),
        relieved: line.relieved.to_string(),
        rates: line.rated.as_ref().map(rates),
        taxes: line.taxes.as_ref().map(taxes),
    };
    v1::GetParcelTaxResponse {
        revision: revision.0,
        on: quote.day.to_string(),
        share: quote.share.to_string(),
        lines: quote.lines.iter().map(line).collect(),
        taxes: quote.taxes.as_ref().map(taxes),
        missing: all_missing(&quote.missing),
    }
}
