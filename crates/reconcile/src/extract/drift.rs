//! Materials of which more or less was used than the filed BOM says.

use super::explanation::{Evidence, Kind};
use super::{Fault, ItemComparison};
use crate::cut::Cut;
use crate::lists;
use crate::sums::{magnitude, within};
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::bom::per_unit;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BomVersion, BookNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Boms, Books, Lines, Read, get};

/// By how many percent use may differ from the BOM and still be its drift; more than that is something else.
pub const DRIFT_PERCENT: Quantity = Quantity::whole(5);

/// What products of one BOM version used of a material.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    made: Quantity,
    used: Quantity,
}

type Uses = BTreeMap<u64, BTreeMap<(u64, BomVersion), Use>>;

/// Explains what stays of materials that exactly one BOM version of one product uses, in books whose use is told by BOM.
pub(super) fn explain(
    view: &dyn Read,
    cut: &Cut,
    book_no: &BookNo,
    compared: &mut [ItemComparison],
) -> Result<(), Fault> {
    let told_by_bom = get::<Books>(view, book_no.clone())?
        .is_some_and(|book| book.usage == Usage::Processing && matches!(book.regime, Regime::Bom));
    let left = |item: &ItemComparison| item.mark == Mark::Goods && !item.unexplained.declared().is_zero();
    if !told_by_bom || !compared.iter().any(left) {
        return Ok(());
    }
    let uses = uses(view, cut, book_no)?;
    for item in compared.iter_mut().filter(|item| left(item)) {
        let Some(versions) = uses.get(&item.number).filter(|versions| versions.len() == 1) else { continue };
        for ((product, version), used) in versions {
            if let Some(evidence) = drift(view, book_no, item, (*product, version), used)? {
                item.explain(Kind::BomDrift, BTreeSet::from([evidence]));
            }
        }
    }
    Ok(())
}

/// What of each material lists of products used that were posted by then, by BOM version.
fn uses(view: &dyn Read, cut: &Cut, book_no: &BookNo) -> Result<Uses, Fault> {
    let mut uses = Uses::new();
    lists::each(view, book_no, |list| {
        if list.mark != Mark::Product
            || !cut.had(view, list.list_no.as_str(), DocumentState::Posted, list.posted_time)?
        {
            return Ok(());
        }
        note(view, list, &mut uses)
    })?;
    Ok(uses)
}

fn note(view: &dyn Read, list: &Movement, uses: &mut Uses) -> Result<(), Fault> {
    let lines = get::<Lines>(view, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
    for line in lines.iter() {
        let Some(version) = &line.filed.bom_version else { continue };
        for used in &line.uses {
            let versions = uses.entry(used.material).or_default();
            let sum = versions.entry((line.filed.number, version.clone())).or_default();
            sum.made = within(sum.made.checked_add(line.filed.declared))?;
            sum.used = within(sum.used.checked_add(used.declared))?;
        }
    }
    Ok(())
}

/// The evidence of a drift; nothing where it is more than one.
fn drift(
    view: &dyn Read,
    book_no: &BookNo,
    item: &ItemComparison,
    (product, version): (u64, &BomVersion),
    used: &Use,
) -> Result<Option<Evidence>, Fault> {
    let key = zonebook_ledger::bom::BomKey { book_no: book_no.clone(), product, version: version.clone() };
    let bom = get::<Boms>(view, key)?;
    let line = bom.as_ref().and_then(|bom| bom.get(&item.number));
    let filed = line.and_then(|line| line.bonded_unit_consumption());
    // Less in stock is more used.
    let left = item.unexplained.declared();
    let really = within(used.used.checked_sub(left))?;
    let percent = within(left.parts_of(used.used, 100))?;
    let (Some(filed), Some(implied)) = (filed, per_unit(really, used.made)) else { return Ok(None) };
    if magnitude(percent)? > DRIFT_PERCENT || used.used.is_zero() {
        return Ok(None);
    }
    Ok(Some(Evidence::Bom { product, version: version.clone(), filed, implied }))
}
