//! From the lines of a list to the lines of its declaration (`domain.md` 3.0, A7).
//!
//! A customs declaration (报关单) has fewer and coarser lines than the list: lines of the list merge when tariff code,
//! declared unit, origin, currency and duty mode are equal, and the declaration line that the enterprise wants is the same
//! where it names one (`entryGdsSeqno`). Three levels are kept apart: part number (料号), item (项号), declaration line;
//! which became which follows from the lines of a version of the list, and those never change.

use crate::bom::rounded;
use crate::code::{PartNo, TariffCode, UnitCode};
use crate::document::{DutyMode, ListLine};
use crate::movement::MovementLine;
use crate::quantity::{Decimal, Quantity};
use crate::reason::Reason;
use crate::refusal::Refusal;
use compact_str::CompactString;
use num_bigint::BigInt;
use std::collections::BTreeMap;

/// A line of a declaration, with what went into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationLine {
    /// 1, 2, 3, ... in the order in which the list comes to it.
    pub number: u64,
    /// What its lines have in common.
    pub key: DeclarationKey,
    /// Sum of `dclQty`.
    pub declared: Quantity,
    /// Sum of `dclTotalAmt`.
    pub total: Quantity,
    /// Sum of `usdStatTotalAmt`.
    pub value_usd: Quantity,
    /// Total by quantity, to four decimals, half up.
    pub price: Quantity,
    /// Any of them is dangerous.
    pub dangerous: bool,
    /// The lines of the list that went into it, in their order.
    pub parts: Vec<DeclarationPart>,
}

/// What lines of a list must have in common to become one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeclarationKey {
    /// `entryGdsSeqno`, where the enterprise names one.
    pub wanted: Option<u64>,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `dclUnitcd`
    pub unit: UnitCode,
    /// `natcd`
    pub origin: CompactString,
    /// `dclCurrcd`
    pub currency: CompactString,
    /// `lvyrlfModecd`
    pub duty_mode: Option<DutyMode>,
}

/// A line of a list within a declaration line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationPart {
    /// `gdsSeqno`
    pub line: u64,
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `putrecSeqno`: the item, or the row that the line opened.
    pub item: u64,
    /// `dclQty`
    pub declared: Quantity,
    /// `dclTotalAmt`
    pub total: Quantity,
}

/// Merges the lines of a list. More declaration lines than `lines_max` are refused by name, and so are sums beyond the range
/// of a number.
///
/// # Errors
/// The refusal.
pub fn merge(lines: &[MovementLine], lines_max: usize) -> Result<Vec<DeclarationLine>, Box<Refusal>> {
    let mut merged: Vec<DeclarationLine> = Vec::new();
    let mut places: BTreeMap<DeclarationKey, usize> = BTreeMap::new();
    for filed in lines.iter().map(|line| &line.filed) {
        let key = key_of(filed);
        let next = merged.len();
        let at = *places.entry(key.clone()).or_insert(next);
        if at == next {
            merged.push(opened(next, key));
        }
        let Some(line) = merged.get_mut(at) else { continue };
        add(line, filed).ok_or_else(|| too_large("dclTotalAmt", filed.total, "sums within 25 digits"))?;
    }
    if merged.len() > lines_max {
        return Err(too_large(
            "entryGdsSeqno",
            merged.len(),
            &format!("at most {lines_max} declaration lines"),
        ));
    }
    for line in &mut merged {
        line.price = unit_price(line)
            .ok_or_else(|| too_large("dclUprcAmt", line.total, "a price within the range of a number"))?;
    }
    Ok(merged)
}

fn too_large(field: &str, value: impl std::fmt::Display, expected: &str) -> Box<Refusal> {
    Box::new(Refusal::new(Reason::TooLarge).field(field, value).expected(expected))
}

fn key_of(line: &ListLine) -> DeclarationKey {
    DeclarationKey {
        wanted: line.declaration_line,
        tariff_code: line.tariff_code.clone(),
        unit: line.units.declared.clone(),
        origin: line.origin.clone(),
        currency: line.currency.clone(),
        duty_mode: line.duty_mode,
    }
}

fn opened(before: usize, key: DeclarationKey) -> DeclarationLine {
    DeclarationLine {
        number: u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1),
        key,
        declared: Quantity::ZERO,
        total: Quantity::ZERO,
        value_usd: Quantity::ZERO,
        price: Quantity::ZERO,
        dangerous: false,
        parts: Vec::new(),
    }
}

fn add(line: &mut DeclarationLine, filed: &ListLine) -> Option<()> {
    line.declared = line.declared.checked_add(filed.declared)?;
    line.total = line.total.checked_add(filed.total)?;
    line.value_usd = line.value_usd.checked_add(filed.value_usd)?;
    line.dangerous |= filed.dangerous;
    line.parts.push(DeclarationPart {
        line: filed.line,
        part_no: filed.part_no.clone(),
        item: filed.number,
        declared: filed.declared,
        total: filed.total,
    });
    Some(())
}

/// Total by quantity to four decimals. Accepted lines have a quantity.
fn unit_price(line: &DeclarationLine) -> Option<Quantity> {
    const FOUR: i128 = 10_000;
    let price: Decimal<4> =
        rounded(BigInt::from(line.total.raw()) * FOUR, BigInt::from(line.declared.raw()))?;
    price.raw().checked_mul(Quantity::ONE / FOUR).map(Quantity::from_raw)
}
