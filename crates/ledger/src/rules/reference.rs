//! Reference data: what an imported row may say.

use super::guards;
use super::repairs::CATALOGUE_DIGITS;
use super::work::{Stop, Work};
use crate::behaviour::BehaviourChange;
use crate::limits::REFERENCE_ROWS_MAX;
use crate::quantity::Factor;
use crate::reason::Reason;
use crate::reference::{
    Reference, ReferenceEntry, ReferenceImport, ReferenceKind, ReferenceRow, Tariff, month_of,
};
use crate::refusal::Refusal;
use crate::state::{FormerReferences, References};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Origins with a rate of their own that a tariff code may have, and codes that may take the place of one.
const ORIGINS_MAX: usize = 300;
const SUCCESSORS_MAX: usize = 200;
const HUNDRED: Factor = Factor::from_raw(100 * Factor::ONE);

/// Puts the rows of one part of a table in place, all or none.
pub(crate) fn import(work: &mut Work<'_>, import: &ReferenceImport) -> Result<(), Stop> {
    guards::at_most("rows", import.rows.len(), REFERENCE_ROWS_MAX)?;
    let mut seen = BTreeSet::new();
    for entry in &import.rows {
        if let Some(flaw) = flaw(entry) {
            let refusal = Refusal::new(Reason::InvalidField).line(entry.line).field(flaw.field, flaw.value);
            return Err(refusal.expected(flaw.expected).document(&import.source).into());
        }
        if !seen.insert(&entry.key) {
            let code = format!("{} {}", entry.key.code, entry.key.from);
            let refusal = Refusal::new(Reason::NamedTwice).line(entry.line).field("code", code);
            return Err(refusal.document(&import.source).into());
        }
    }
    for entry in &import.rows {
        put(work, import, entry)?;
    }
    work.document = Some(import.source.clone());
    Ok(())
}

/// Puts a row in place. The one that was there is kept as what was known until now, so that a report of a past revision
/// says what it said; the same row once more is known already.
fn put(work: &mut Work<'_>, import: &ReferenceImport, entry: &ReferenceEntry) -> Result<(), Stop> {
    let row = Reference {
        row: entry.row.clone(),
        source: import.source.clone(),
        line: entry.line,
        revision: work.head.revision,
    };
    if work.has(BehaviourChange::ReferencesKept)
        && let Some(former) = work.get::<References>(entry.key.clone())?
    {
        if *former == (Reference { revision: former.revision, ..row.clone() }) {
            return Ok(());
        }
        work.put::<FormerReferences>((entry.key.clone(), work.head.revision), former);
    }
    work.put::<References>(entry.key.clone(), Arc::new(row));
    Ok(())
}

/// What is wrong with a row.
struct Flaw {
    field: &'static str,
    value: String,
    expected: &'static str,
}

fn check(sound: bool, field: &'static str, value: impl ToString, expected: &'static str) -> Option<Flaw> {
    (!sound).then(|| Flaw { field, value: value.to_string(), expected })
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn flaw(entry: &ReferenceEntry) -> Option<Flaw> {
    let key = &entry.key;
    let code = key.code.as_str();
    let of_code = |count, expected| check(digits(code, count), "code", code, expected);
    match (&entry.row, key.kind) {
        (ReferenceRow::Tariff(tariff), ReferenceKind::Tariff) => {
            of_code(10, "ten digits").or_else(|| tariff_flaw(tariff))
        }
        (ReferenceRow::Exchange { cny, usd }, ReferenceKind::Exchange) => of_code(3, "three digits")
            .or_else(|| check(month_of(key.from) == key.from, "month", key.from, "the first day of a month"))
            .or_else(|| check(cny.is_positive(), "cny", cny, "more than 0"))
            .or_else(|| check(usd.is_positive(), "usd", usd, "more than 0")),
        (ReferenceRow::Conversion { factor }, ReferenceKind::Conversion) => {
            let pair = code.split_once('/').is_some_and(|(from, to)| digits(from, 3) && digits(to, 3));
            check(pair, "code", code, "two units of three digits, FROM/TO")
                .or_else(|| check(factor.is_positive(), "factor", factor, "more than 0"))
        }
        (ReferenceRow::Concordance { to }, ReferenceKind::Concordance) => {
            let (_, month, day) = key.from.civil();
            let fits = (1..=SUCCESSORS_MAX).contains(&to.len());
            of_code(10, "ten digits")
                .or_else(|| check((month, day) == (1, 1), "year", key.from, "the first day of a year"))
                .or_else(|| check(fits, "to", to.len(), "1 to 200 codes"))
                .or_else(|| to.iter().find_map(|to| check(digits(to.as_str(), 10), "to", to, "ten digits")))
        }
        (ReferenceRow::Named { name_zh, name_en, .. }, kind) => match kind {
            ReferenceKind::Mode => of_code(4, "four digits"),
            ReferenceKind::Currency | ReferenceKind::Country | ReferenceKind::Unit => {
                of_code(3, "three digits")
            }
            _ => check(false, "kind", kind, "CURRENCY, COUNTRY, UNIT or MODE for a row of names"),
        }
        .or_else(|| check(!(name_zh.is_empty() && name_en.is_empty()), "name_zh", "", "a name")),
        (ReferenceRow::RepairProduct { batch, name_zh, .. }, ReferenceKind::RepairProduct) => {
            let fits = CATALOGUE_DIGITS.iter().any(|count| digits(code, *count));
            check(fits, "code", code, "4, 6, 8 or 10 digits")
                .or_else(|| {
                    check(!batch.is_empty(), "batch", "", "the list of the catalogue that names them")
                })
                .or_else(|| check(!name_zh.is_empty(), "name_zh", "", "a name"))
        }
        (_, kind) => check(false, "kind", kind, "the kind that the row is of"),
    }
}

fn tariff_flaw(tariff: &Tariff) -> Option<Flaw> {
    let not_negative = |field, rate: Factor| check(!rate.is_negative(), field, rate, "not less than 0");
    not_negative("duty", tariff.duty)
        .or_else(|| not_negative("vat", tariff.vat))
        .or_else(|| not_negative("consumption", tariff.consumption))
        .or_else(|| check(tariff.consumption < HUNDRED, "consumption", tariff.consumption, "less than 100"))
        .or_else(|| {
            let origins = tariff.by_origin.len();
            check(origins <= ORIGINS_MAX, "by_origin", origins, "at most 300 countries")
        })
        .or_else(|| {
            tariff.by_origin.iter().find_map(|(country, rate)| {
                check(digits(country, 3), "by_origin", country, "a country of three digits")
                    .or_else(|| not_negative("by_origin", *rate))
            })
        })
}
