//! Part numbers that were taken for each other: what one item has too much another has too little.

use super::explanation::{Evidence, Kind};
use super::{Fault, ItemComparison};
use crate::sums::magnitude;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::quantity::Quantity;

/// Explains pairs of items of one mark and declared unit whose unexplained parts are each other's opposite. Where more than
/// two have the same figure nobody can say which took from which, so nothing is said.
pub(super) fn explain(compared: &mut [ItemComparison]) -> Result<(), Fault> {
    let mut by_size: BTreeMap<(Mark, String, Quantity), Vec<usize>> = BTreeMap::new();
    for (at, item) in compared.iter().enumerate().filter(|(_, item)| !item.unexplained.declared().is_zero()) {
        let size = magnitude(item.unexplained.declared())?;
        by_size.entry((item.mark, item.item.units.declared.to_string(), size)).or_default().push(at);
    }
    for places in by_size.values() {
        let &[one, other] = places.as_slice() else { continue };
        let found =
            |at: usize| compared.get(at).map(|item| (item.mark, item.number, item.unexplained.declared()));
        let (Some(first), Some(second)) = (found(one), found(other)) else { continue };
        if first.2 == second.2 {
            continue;
        }
        for (at, partner) in [(one, second), (other, first)] {
            if let Some(item) = compared.get_mut(at) {
                item.explain(Kind::SwappedParts, BTreeSet::from([Evidence::Item(partner.0, partner.1)]));
            }
        }
    }
    Ok(())
}
