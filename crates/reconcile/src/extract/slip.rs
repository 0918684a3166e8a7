//! A figure in another unit, or with its decimal point in another place.

use super::explanation::{Evidence, Explanation, Kind};
use crate::count::Reckoning;
use crate::cut::Cut;
use crate::sums::within;
use compact_str::CompactString;
use std::collections::BTreeSet;
use zonebook_ledger::code::UnitCode;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::Item;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::reference::{ReferenceKind, ReferenceRow, list_as_known};
use zonebook_ledger::state::Read;

/// By how many places a decimal point slips.
const PLACES_MAX: u32 = 6;
/// How many conversions there may be into one unit.
const CONVERSIONS_MAX: usize = 10_000;

/// The timing and a slip of the whole figure, where the figure times a factor, or the figure in another unit of the item,
/// is what should be there.
pub(super) fn explain(
    view: &dyn Read,
    cut: &Cut,
    item: &Item,
    reckoning: &Reckoning,
    timing: &[Explanation],
) -> Result<Option<Vec<Explanation>>, Fault> {
    let left = reckoning.declared_difference()?;
    let extract = reckoning.counted.declared;
    let expected = within(extract.checked_sub(left))?;
    if extract.is_zero() || expected.is_zero() {
        return Ok(None);
    }
    let found = match unit(view, cut, item, reckoning, expected)? {
        Some(unit) => Some((Kind::UnitSlip, Evidence::Unit(unit))),
        None => decimal(extract, expected).map(|factor| (Kind::DecimalSlip, Evidence::Factor(factor))),
    };
    let measure = reckoning.at_average(left)?;
    Ok(found.map(|(kind, evidence)| {
        let slip = Explanation { kind, measure, evidence: BTreeSet::from([evidence]) };
        timing.iter().cloned().chain([slip]).collect()
    }))
}

/// The unit in which the figure is what should be there: a statutory one of the item, or one that there is a conversion of.
fn unit(
    view: &dyn Read,
    cut: &Cut,
    item: &Item,
    reckoning: &Reckoning,
    expected: Quantity,
) -> Result<Option<UnitCode>, Fault> {
    let (units, extract) = (&item.units, reckoning.counted.declared);
    let there: Measure = {
        let explained = reckoning.explained()?;
        within(reckoning.book_balance()?.checked_sub(&explained))?
    };
    if units.statutory1 != units.declared && there.get(Unit::Statutory1) == extract {
        return Ok(Some(units.statutory1.clone()));
    }
    let second = units.statutory2.as_ref().filter(|second| **second != units.declared);
    if second.is_some() && there.get(Unit::Statutory2) == extract {
        return Ok(second.cloned());
    }
    converted(view, cut, &units.declared, extract, expected)
}

/// A unit of which so many are what should be there, by a conversion that was known then.
fn converted(
    view: &dyn Read,
    cut: &Cut,
    declared: &UnitCode,
    extract: Quantity,
    expected: Quantity,
) -> Result<Option<UnitCode>, Fault> {
    let day = cut.day(view)?;
    let into: CompactString = compact_str::format_compact!("/{declared}");
    for found in list_as_known(view, ReferenceKind::Conversion, cut.revision, CONVERSIONS_MAX)? {
        let Some(unit) = found.key.code.strip_suffix(into.as_str()) else { continue };
        let ReferenceRow::Conversion { factor } = &found.row.row else { continue };
        if found.key.from <= day && extract.times(*factor) == Some(expected) {
            return Ok(UnitCode::new(unit).ok());
        }
    }
    Ok(None)
}

/// The power of ten that the figure has to be multiplied by.
fn decimal(extract: Quantity, expected: Quantity) -> Option<Factor> {
    (1..=PLACES_MAX).find_map(|places| {
        let power = 10_i128.checked_pow(places)?;
        let up = Factor::from_raw(Factor::ONE.checked_mul(power)?);
        let down = Factor::from_raw(Factor::ONE.checked_div(power)?);
        let fits = |smaller: Quantity, larger: Quantity| smaller.times(up) == Some(larger);
        if fits(extract, expected) {
            return Some(up);
        }
        fits(expected, extract).then_some(down)
    })
}
