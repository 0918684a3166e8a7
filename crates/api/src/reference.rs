//! Reference data: as a caller imports it, and as it stands.

use crate::document::each;
use crate::field::{Field, FieldError, cut, date, optional, read, required};
use crate::v1;
use crate::v1::reference_row::Content;
use crate::value::text;
use std::collections::BTreeMap;
use zonebook_ledger::code::{TariffCode, UnitCode};
use zonebook_ledger::quantity::Factor;
use zonebook_ledger::reference::{
    Found, ReferenceEntry, ReferenceImport, ReferenceKey, ReferenceKind, ReferenceRow, Tariff,
};

/// Characters of a name, and of the name of a table.
const NAME_MAX: usize = 200;
const CODE_MAX: usize = 10;

/// Rows to import.
///
/// # Errors
/// Names the field.
pub fn import(wire: &v1::ImportReferenceRequest) -> Field<ReferenceImport> {
    if wire.source.is_empty() {
        return Err(FieldError::new("source", "", "must be given: the table that the rows come from"));
    }
    Ok(ReferenceImport {
        source: short("source", &wire.source, NAME_MAX)?.into(),
        rows: each("rows", &wire.rows, entry)?,
    })
}

fn short<'t>(field: &str, text: &'t str, characters_max: usize) -> Field<&'t str> {
    if cut(text, characters_max).len() == text.len() {
        return Ok(text);
    }
    Err(FieldError::new(field, text, format!("at most {characters_max} characters")))
}

/// A kind of reference data.
///
/// # Errors
/// There is no such kind.
pub fn kind(value: &str) -> Field<ReferenceKind> {
    read("kind", value, ReferenceKind::from_code)
}

fn entry(wire: &v1::ReferenceRow) -> Field<ReferenceEntry> {
    let key = ReferenceKey {
        kind: kind(&wire.kind)?,
        code: short("code", &wire.code, CODE_MAX)?.into(),
        from: date("from", &wire.from)?,
    };
    let row = match required("content", wire.content.as_ref())? {
        Content::Tariff(tariff) => ReferenceRow::Tariff(tariff_row(tariff)?),
        Content::Exchange(exchange) => ReferenceRow::Exchange {
            cny: read("exchange.cny", &exchange.cny, Factor::parse)?,
            usd: read("exchange.usd", &exchange.usd, Factor::parse)?,
        },
        Content::Conversion(factor) => {
            ReferenceRow::Conversion { factor: read("conversion", factor, Factor::parse)? }
        }
        Content::Concordance(concordance) => ReferenceRow::Concordance {
            to: each("concordance.to", &concordance.to, |code| read("code", code, TariffCode::new))?,
        },
        Content::Named(named) => ReferenceRow::Named {
            iso: short("named.iso", &named.iso, CODE_MAX)?.into(),
            name_zh: short("named.name_zh", &named.name_zh, NAME_MAX)?.into(),
            name_en: short("named.name_en", &named.name_en, NAME_MAX)?.into(),
        },
        Content::RepairProduct(product) => ReferenceRow::RepairProduct {
            allowed: product.allowed,
            batch: short("repair_product.batch", &product.batch, NAME_MAX)?.into(),
            name_zh: short("repair_product.name_zh", &product.name_zh, NAME_MAX)?.into(),
        },
    };
    Ok(ReferenceEntry { line: wire.line, key, row })
}

fn tariff_row(wire: &v1::TariffRow) -> Field<Tariff> {
    let mut by_origin = BTreeMap::new();
    for one in &wire.by_origin {
        let rate = read("tariff.by_origin.duty", &one.duty, Factor::parse)?;
        if by_origin.insert(short("tariff.by_origin.origin", &one.origin, 3)?.into(), rate).is_some() {
            return Err(FieldError::new("tariff.by_origin.origin", &one.origin, "each country once"));
        }
    }
    Ok(Tariff {
        duty: read("tariff.duty", &wire.duty, Factor::parse)?,
        by_origin,
        vat: read("tariff.vat", &wire.vat, Factor::parse)?,
        consumption: optional("tariff.consumption", &wire.consumption, Factor::parse)?.unwrap_or_default(),
        unit1: read("tariff.unit1", &wire.unit1, UnitCode::new)?,
        unit2: optional("tariff.unit2", &wire.unit2, UnitCode::new)?,
        dangerous: wire.dangerous,
        licence: wire.licence,
    })
}

/// A row as a caller would have sent it.
#[must_use]
pub fn row(key: &ReferenceKey, line: u64, row: &ReferenceRow) -> v1::ReferenceRow {
    let content = match row {
        ReferenceRow::Tariff(tariff) => Content::Tariff(v1::TariffRow {
            duty: tariff.duty.to_string(),
            by_origin: tariff
                .by_origin
                .iter()
                .map(|(origin, duty)| v1::OriginRate { origin: origin.to_string(), duty: duty.to_string() })
                .collect(),
            vat: tariff.vat.to_string(),
            consumption: tariff.consumption.to_string(),
            unit1: tariff.unit1.to_string(),
            unit2: text(tariff.unit2.as_ref()),
            dangerous: tariff.dangerous,
            licence: tariff.licence,
        }),
        ReferenceRow::Exchange { cny, usd } => {
            Content::Exchange(v1::ExchangeRow { cny: cny.to_string(), usd: usd.to_string() })
        }
        ReferenceRow::Conversion { factor } => Content::Conversion(factor.to_string()),
        ReferenceRow::Concordance { to } => {
            Content::Concordance(v1::ConcordanceRow { to: to.iter().map(ToString::to_string).collect() })
        }
        ReferenceRow::Named { iso, name_zh, name_en } => Content::Named(v1::NamedRow {
            iso: iso.to_string(),
            name_zh: name_zh.to_string(),
            name_en: name_en.to_string(),
        }),
        ReferenceRow::RepairProduct { allowed, batch, name_zh } => {
            Content::RepairProduct(v1::RepairProductRow {
                allowed: *allowed,
                batch: batch.to_string(),
                name_zh: name_zh.to_string(),
            })
        }
    };
    v1::ReferenceRow {
        kind: key.kind.to_string(),
        code: key.code.to_string(),
        from: key.from.to_string(),
        line,
        content: Some(content),
    }
}

/// A row as the ledger keeps it.
#[must_use]
pub fn found(found: &Found) -> v1::FoundReference {
    v1::FoundReference {
        row: Some(row(&found.key, found.row.line, &found.row.row)),
        source: found.row.source.to_string(),
        imported_revision: found.row.revision.0,
    }
}
