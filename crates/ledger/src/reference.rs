//! Reference data with the day from which each row holds: tariff, exchange rates, units, currencies, countries, modes
//! (`domain.md` 5.5), and the catalogue of bonded repair (3.1).
//!
//! Rows are imported and never deleted; a row for the same code and day puts itself in the place of an earlier one, which
//! is kept as the former row until that revision. So each row has two times: the days for which it holds, and the revisions
//! in which that was known; a report of a past revision takes what was known then. What holds on a day is the last row from
//! that day or before; an exchange rate holds for its month only, so that an old one never passes for today's.

use crate::code::{TariffCode, UnitCode};
use crate::coded::code_list;
use crate::error::Fault;
use crate::outcome::Revision;
use crate::quantity::Factor;
use crate::query::collect;
use crate::state::{FormerReferences, Key, Order, Read, References};
use crate::time::Date;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

code_list! {
    /// What a row of reference data is about.
    ReferenceKind, "kind of reference data" {
        /// 税则: rates and statutory units of a tariff code of ten digits.
        Tariff = "TARIFF",
        /// 汇率: what one unit of a currency is worth in a month.
        Exchange = "EXCHANGE",
        /// 单位换算: how much of one unit is one of another; the code is `FROM/TO`.
        Conversion = "CONVERSION",
        /// 税则对照: what became of a tariff code in a year.
        Concordance = "CONCORDANCE",
        /// 币制: three digits and the letters of ISO 4217.
        Currency = "CURRENCY",
        /// 国别: three digits and the letters of ISO 3166.
        Country = "COUNTRY",
        /// 计量单位: three digits.
        Unit = "UNIT",
        /// 监管方式: four digits.
        Mode = "MODE",
        /// 维修产品目录: goods that may come in for repair, by the first 4, 6 or 8 digits of a tariff code, or all ten.
        RepairProduct = "REPAIR_PRODUCT",
    }
}

/// Key of a row: what it is about, and from which day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReferenceKey {
    /// What it is about.
    pub kind: ReferenceKind,
    /// The code, as the kind has it.
    pub code: CompactString,
    /// The first day on which it holds: of a month for exchange rates, of a year for the concordance.
    pub from: Date,
}

/// What a row says. All rates are percent figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferenceRow {
    /// Of a tariff code.
    Tariff(Tariff),
    /// What one unit of a currency is worth.
    Exchange {
        /// In Chinese currency.
        cny: Factor,
        /// In US dollars.
        usd: Factor,
    },
    /// So many of the second unit are one of the first.
    Conversion {
        /// More than 0.
        factor: Factor,
    },
    /// The codes that took the place of an old one.
    Concordance {
        /// At least one.
        to: Vec<TariffCode>,
    },
    /// The names of a currency, country, unit or mode.
    Named {
        /// The letters of ISO, where there are such.
        iso: CompactString,
        /// Chinese name.
        name_zh: CompactString,
        /// English name.
        name_en: CompactString,
    },
    /// Whether goods are of the catalogue of bonded repair.
    RepairProduct {
        /// `false` takes them out of it again.
        allowed: bool,
        /// The list of the catalogue that names them, such as 第一批.
        batch: CompactString,
        /// Chinese name.
        name_zh: CompactString,
    },
}

/// Rates and units of a tariff code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Most favoured nation, 最惠国税率.
    pub duty: Factor,
    /// Of countries of origin that have a rate of their own (协定税率, 普通税率), by country code.
    pub by_origin: BTreeMap<CompactString, Factor>,
    /// 增值税率
    pub vat: Factor,
    /// 消费税率, ad valorem; 0 for goods that bear none.
    pub consumption: Factor,
    /// 法定第一单位
    pub unit1: UnitCode,
    /// 法定第二单位
    pub unit2: Option<UnitCode>,
    /// Dangerous goods.
    pub dangerous: bool,
    /// Goods that need an import licence where they are sold at home.
    pub licence: bool,
}

/// A row as the state keeps it, with where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What it says.
    pub row: ReferenceRow,
    /// The table it was imported from.
    pub source: CompactString,
    /// Its line there.
    pub line: u64,
    /// The revision that imported it.
    pub revision: Revision,
}

/// Rows to import, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceImport {
    /// The table they come from, such as the name of a file.
    pub source: CompactString,
    /// At most [`crate::limits::REFERENCE_ROWS_MAX`].
    pub rows: Vec<ReferenceEntry>,
}

/// A row to import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceEntry {
    /// Its line in the table.
    pub line: u64,
    /// Its key.
    pub key: ReferenceKey,
    /// What it says.
    pub row: ReferenceRow,
}

/// A row that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub key: ReferenceKey,
    /// The row.
    pub row: Arc<Reference>,
}

/// A day, and the last revision whose imports count for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct On {
    /// For which day.
    pub day: Date,
    /// As known after which revision.
    pub known: Revision,
}

impl On {
    /// As far as anything is known of a day.
    #[must_use]
    pub const fn now(day: Date) -> Self {
        Self { day, known: LATEST }
    }
}

/// Behind every import.
const LATEST: Revision = Revision(u64::MAX);

/// The row that holds on a day, as far as it is known.
///
/// # Errors
/// The state could not be read.
pub fn in_force(state: &dyn Read, kind: ReferenceKind, code: &str, on: On) -> Result<Option<Found>, Fault> {
    let key = |from| ReferenceKey { kind, code: code.into(), from };
    let first = if kind == ReferenceKind::Exchange { month_of(on.day) } else { Date(i32::MIN) };
    let mut last = on.day;
    while first <= last {
        let newest = rows(state, key(first), key(last), Order::Backward, 1)?.into_iter().next();
        let Some(newest) = newest else { return Ok(None) };
        let day = newest.key.from;
        if let Some(found) = as_known(state, newest, on.known)? {
            return Ok(Some(found));
        }
        // It was imported later: what held before it counts.
        let Some(before) = day.0.checked_sub(1) else { return Ok(None) };
        last = Date(before);
    }
    Ok(None)
}

/// A row as it was known after a revision: itself, or the former one in whose place it was put; `None` before its first
/// import.
fn as_known(state: &dyn Read, newest: Found, known: Revision) -> Result<Option<Found>, Fault> {
    if newest.row.revision <= known {
        return Ok(Some(newest));
    }
    let behind = Revision(known.0.saturating_add(1));
    let (from, to) = ((newest.key.clone(), behind), (newest.key.clone(), LATEST));
    let former = collect::<FormerReferences, _>(state, from, to, Order::Forward, 1, |_, row| Some(row))?;
    let former = former.into_iter().next().filter(|row| row.revision <= known);
    Ok(former.map(|row| Found { key: newest.key, row }))
}

/// Rows of one kind in order of code and day, as they were known after a revision, of the first `count_max` that there are.
///
/// # Errors
/// The state could not be read.
pub fn list_as_known(
    state: &dyn Read,
    kind: ReferenceKind,
    known: Revision,
    count_max: usize,
) -> Result<Vec<Found>, Fault> {
    let mut found = Vec::new();
    for newest in list(state, kind, None, None, count_max)? {
        found.extend(as_known(state, newest, known)?);
    }
    Ok(found)
}

/// Rows of one kind, or of one code, in order of code and day, from behind `after` on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn list(
    state: &dyn Read,
    kind: ReferenceKind,
    code: Option<&str>,
    after: Option<&ReferenceKey>,
    count_max: usize,
) -> Result<Vec<Found>, Fault> {
    let from = after.cloned().unwrap_or_else(|| ReferenceKey {
        kind,
        code: code.unwrap_or_default().into(),
        from: Date(i32::MIN),
    });
    let last = code.map_or_else(|| CompactString::const_new("\u{10FFFF}"), Into::into);
    let to = ReferenceKey { kind, code: last, from: Date(i32::MAX) };
    if from > to {
        return Ok(Vec::new());
    }
    let more = usize::from(after.is_some());
    let mut found = rows(state, from, to, Order::Forward, count_max.saturating_add(more))?;
    found.retain(|found| Some(&found.key) != after);
    found.truncate(count_max);
    Ok(found)
}

fn rows(
    state: &dyn Read,
    from: ReferenceKey,
    to: ReferenceKey,
    order: Order,
    count_max: usize,
) -> Result<Vec<Found>, Fault> {
    collect::<References, _>(state, from, to, order, count_max, |key, row| match key {
        Key::Reference(key) => Some(Found { key, row }),
        _ => None,
    })
}

/// The first day of a day's month.
#[must_use]
pub fn month_of(day: Date) -> Date {
    let (_, _, of_month) = day.civil();
    let back = i32::try_from(of_month).unwrap_or(1).saturating_sub(1);
    Date(day.0.saturating_sub(back))
}
