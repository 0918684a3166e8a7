//! Tables of dated reference data as CSV: tariff, exchange rates, unit conversions, concordance, code lists,
//! catalogue of bonded repair.

use crate::sheet::{self, Row, SheetError};
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::code::{TariffCode, UnitCode};
use zonebook_ledger::quantity::Factor;
use zonebook_ledger::reference::{ReferenceEntry, ReferenceKey, ReferenceKind, ReferenceRow, Tariff};
use zonebook_ledger::time::Date;

const TARIFF: &[&str] =
    &["code", "from", "duty", "by_origin", "vat", "consumption", "unit1", "unit2", "dangerous", "licence"];
const EXCHANGE: &[&str] = &["currency", "month", "cny", "usd"];
const CONVERSION: &[&str] = &["from_unit", "to_unit", "from", "factor"];
const CONCORDANCE: &[&str] = &["year", "old", "new"];
const NAMED: &[&str] = &["code", "from", "iso", "name_zh", "name_en"];
const REPAIR_PRODUCT: &[&str] = &["code", "from", "allowed", "batch", "name_zh"];
const CODE_CHARACTERS_MAX: usize = 10;
const NAME_CHARACTERS_MAX: usize = 200;

/// The columns of a kind's table.
#[must_use]
pub const fn columns(kind: ReferenceKind) -> &'static [&'static str] {
    match kind {
        ReferenceKind::Tariff => TARIFF,
        ReferenceKind::Exchange => EXCHANGE,
        ReferenceKind::Conversion => CONVERSION,
        ReferenceKind::Concordance => CONCORDANCE,
        ReferenceKind::Currency | ReferenceKind::Country | ReferenceKind::Unit | ReferenceKind::Mode => NAMED,
        ReferenceKind::RepairProduct => REPAIR_PRODUCT,
    }
}

/// Reads a table of one kind. The lines of the concordance that are of one old code and year become one row, which has the
/// number of the first of them.
///
/// # Errors
/// Names file, line, column and value.
pub fn read(kind: ReferenceKind, file: &str, bytes: &[u8]) -> Result<Vec<ReferenceEntry>, SheetError> {
    if kind == ReferenceKind::Concordance {
        return concordance(file, bytes);
    }
    let mut seen = BTreeSet::new();
    sheet::read(file, bytes, columns(kind), |row| {
        let (key, content) = match kind {
            ReferenceKind::Tariff => tariff(row)?,
            ReferenceKind::Exchange => exchange(row)?,
            ReferenceKind::Conversion => conversion(row)?,
            ReferenceKind::RepairProduct => repair_product(row)?,
            _ => named(kind, row)?,
        };
        if !seen.insert(key.clone()) {
            let column = columns(kind).first().copied().unwrap_or_default();
            row.read(column, |_| Err::<(), _>(format!("stands twice for {}", key.from)))?;
        }
        Ok(ReferenceEntry { line: row.line(), key, row: content })
    })
}

fn code(text: &str) -> Result<&str, String> {
    match text.chars().count() {
        1..=CODE_CHARACTERS_MAX => Ok(text),
        _ => Err(format!("1 to {CODE_CHARACTERS_MAX} characters")),
    }
}

fn mark(text: &str) -> Result<bool, &'static str> {
    match text {
        "" | "0" => Ok(false),
        "1" => Ok(true),
        _ => Err("0, 1 or nothing"),
    }
}

fn key(
    kind: ReferenceKind,
    row: &Row<'_>,
    from: impl FnOnce(&Row<'_>) -> Result<Date, SheetError>,
    column: &'static str,
) -> Result<ReferenceKey, SheetError> {
    let code = row.read(column, |text| code(text).map(Into::into))?;
    Ok(ReferenceKey { kind, code, from: from(row)? })
}

fn from(row: &Row<'_>) -> Result<Date, SheetError> {
    row.read("from", Date::parse)
}

fn tariff(row: &Row<'_>) -> Result<(ReferenceKey, ReferenceRow), SheetError> {
    let optional_rate = |text: &str| if text.is_empty() { Ok(Factor::ZERO) } else { Factor::parse(text) };
    let tariff = Tariff {
        duty: row.read("duty", Factor::parse)?,
        by_origin: row.read("by_origin", origins)?,
        vat: row.read("vat", Factor::parse)?,
        consumption: row.read("consumption", optional_rate)?,
        unit1: row.read("unit1", UnitCode::new)?,
        unit2: row.read("unit2", UnitCode::optional)?,
        dangerous: row.read("dangerous", mark)?,
        licence: row.read("licence", mark)?,
    };
    Ok((key(ReferenceKind::Tariff, row, from, "code")?, ReferenceRow::Tariff(tariff)))
}

/// `116=4.5;133=0`
fn origins(text: &str) -> Result<BTreeMap<CompactString, Factor>, String> {
    let mut found = BTreeMap::new();
    for one in text.split(';').filter(|one| !one.is_empty()) {
        let (origin, rate) = one.split_once('=').ok_or("countries with rates, as in 116=4.5;133=0")?;
        let rate = Factor::parse(rate).map_err(|error| error.to_string())?;
        if found.insert(code(origin)?.into(), rate).is_some() {
            return Err(format!("{origin} stands twice"));
        }
    }
    Ok(found)
}

fn exchange(row: &Row<'_>) -> Result<(ReferenceKey, ReferenceRow), SheetError> {
    let month = |row: &Row<'_>| {
        row.read("month", |text| Date::parse(&format!("{text}-01")).map_err(|_| "a month, as in 2026-06"))
    };
    let content =
        ReferenceRow::Exchange { cny: row.read("cny", Factor::parse)?, usd: row.read("usd", Factor::parse)? };
    Ok((key(ReferenceKind::Exchange, row, month, "currency")?, content))
}

fn conversion(row: &Row<'_>) -> Result<(ReferenceKey, ReferenceRow), SheetError> {
    let from_unit = row.read("from_unit", UnitCode::new)?;
    let to_unit = row.read("to_unit", UnitCode::new)?;
    let code = format!("{from_unit}/{to_unit}").into();
    let key = ReferenceKey { kind: ReferenceKind::Conversion, code, from: from(row)? };
    Ok((key, ReferenceRow::Conversion { factor: row.read("factor", Factor::parse)? }))
}

fn name(text: &str) -> Result<CompactString, String> {
    match text.chars().count() {
        0..=NAME_CHARACTERS_MAX => Ok(text.into()),
        _ => Err(format!("at most {NAME_CHARACTERS_MAX} characters")),
    }
}

fn repair_product(row: &Row<'_>) -> Result<(ReferenceKey, ReferenceRow), SheetError> {
    let given = |text: &str| if text.is_empty() { Err("must be given".into()) } else { name(text) };
    let content = ReferenceRow::RepairProduct {
        allowed: row.read("allowed", |text| match text {
            "0" => Ok(false),
            "1" => Ok(true),
            _ => Err("0 or 1"),
        })?,
        batch: row.read("batch", given)?,
        name_zh: row.read("name_zh", given)?,
    };
    Ok((key(ReferenceKind::RepairProduct, row, from, "code")?, content))
}

fn named(kind: ReferenceKind, row: &Row<'_>) -> Result<(ReferenceKey, ReferenceRow), SheetError> {
    let iso = |text: &str| match text.chars().count() {
        0..=CODE_CHARACTERS_MAX => Ok(text.into()),
        _ => Err(format!("at most {CODE_CHARACTERS_MAX} characters")),
    };
    let content = ReferenceRow::Named {
        iso: row.read("iso", iso)?,
        name_zh: row.read("name_zh", name)?,
        name_en: row.read("name_en", name)?,
    };
    Ok((key(kind, row, from, "code")?, content))
}

fn concordance(file: &str, bytes: &[u8]) -> Result<Vec<ReferenceEntry>, SheetError> {
    let year = |text: &str| {
        let year = Some(text).filter(|text| text.len() == 4).and_then(|text| text.parse().ok());
        year.and_then(|year| Date::from_civil(year, 1, 1)).ok_or("a year of four digits")
    };
    let mut grouped: BTreeMap<ReferenceKey, (u64, Vec<TariffCode>)> = BTreeMap::new();
    sheet::read(file, bytes, CONCORDANCE, |row| {
        let from = |row: &Row<'_>| row.read("year", year);
        let key = key(ReferenceKind::Concordance, row, from, "old")?;
        let new = row.read("new", TariffCode::new)?;
        let (_, codes) = grouped.entry(key).or_insert_with(|| (row.line(), Vec::new()));
        if codes.contains(&new) {
            row.read("new", |_| Err::<(), _>("stands twice for its old code and year"))?;
        }
        codes.push(new);
        Ok(())
    })?;
    let entry = |(key, (line, to))| ReferenceEntry { line, key, row: ReferenceRow::Concordance { to } };
    Ok(grouped.into_iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: ReferenceKind, lines: &str) -> String {
        let text = format!("{}\n{lines}", columns(kind).join(","));
        read(kind, "t.csv", text.as_bytes()).unwrap_err().to_string()
    }

    fn rows(kind: ReferenceKind, lines: &str) -> Vec<ReferenceEntry> {
        let text = format!("{}\n{lines}", columns(kind).join(","));
        read(kind, "t.csv", text.as_bytes()).unwrap()
    }

    #[test]
    fn a_tariff_row_has_rates_by_origin_and_units() {
        let row = &rows(ReferenceKind::Tariff, "8708299000,2026-01-01,6,116=4.5;133=0,13,,035,001,1,\n")[0];
        assert_eq!(
            (row.line, row.key.code.as_str(), row.key.from.to_string().as_str()),
            (2, "8708299000", "2026-01-01")
        );
        let ReferenceRow::Tariff(tariff) = &row.row else { panic!("{row:?}") };
        assert_eq!(tariff.by_origin.get("116"), Some(&Factor::parse("4.5").unwrap()));
        assert_eq!(tariff.by_origin.get("133"), Some(&Factor::ZERO));
        assert!(
            tariff.dangerous && !tariff.licence && tariff.consumption.is_zero() && tariff.unit2.is_some()
        );
    }

    #[test]
    fn old_codes_become_several_and_keep_their_year() {
        let lines = "2026,8471300000,8471300001\n2026,8471300000,8471300002\n2025,8471300000,8471300009\n";
        let rows = rows(ReferenceKind::Concordance, lines);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| match &row.row {
                ReferenceRow::Concordance { to } => (row.line, row.key.from.to_string(), to.len()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(shown, [(4, "2025-01-01".to_owned(), 1), (2, "2026-01-01".to_owned(), 2)]);
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        use ReferenceKind::{Concordance, Conversion, Exchange, Mode, RepairProduct, Tariff};
        for (kind, lines, said) in [
            (Tariff, "8708299000,2026-01-01,x,,13,,035,,,\n", "t.csv: line 2: column duty: `x`"),
            (Tariff, "8708299000,2026-01-01,6,116,13,,035,,,\n", "column by_origin: `116`"),
            (Tariff, "8708299000,2026-01-01,6,116=1;116=2,13,,035,,,\n", "116 stands twice"),
            (Tariff, "8708299000,2026-13-01,6,,13,,035,,,\n", "column from: `2026-13-01`"),
            (Tariff, "8708299000,2026-01-01,6,,13,,035,,yes,\n", "column dangerous: `yes`"),
            (Tariff, ",2026-01-01,6,,13,,035,,,\n", "column code: ``"),
            (Exchange, "502,2026-6,7,1\n", "column month: `2026-6`: a month"),
            (Exchange, "502,2026-06,7,1\n502,2026-06,7,1\n", "line 3: column currency: `502`: stands twice"),
            (Conversion, "0355,036,2026-01-01,1\n", "column from_unit: `0355`"),
            (Concordance, "26,8471300000,8471300001\n", "column year: `26`: a year"),
            (Concordance, "2026,1,2\n2026,1,2\n", "line 3: column new: `2`: stands twice"),
            (Mode, "0110,2020-01-01,,,\n", ""),
            (RepairProduct, "8413,2026-01-01,1,第一批,泵\n8413,2027-01-01,0,第一批,泵\n", ""),
            (RepairProduct, "8413,2026-01-01,,第一批,泵\n", "column allowed: ``: 0 or 1"),
            (RepairProduct, "8413,2026-01-01,1,,泵\n", "column batch: ``: must be given"),
        ] {
            if said.is_empty() {
                assert_eq!(rows(kind, lines).len(), lines.lines().count());
            } else {
                let error = refused(kind, lines);
                assert!(error.contains(said), "{error}");
            }
        }
    }
}
