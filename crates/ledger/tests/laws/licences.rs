//! Import licences: none is ever overdrawn, what is used of one is what lists draw of it, and its journal leads there.

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, run};
use crate::planted::{forgetting, writing};
use std::collections::BTreeMap;
use zonebook_ledger::code::LicenceNo;
use zonebook_ledger::licence::{Licence, LicenceEntry};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Row};

/// After every command: of each licence not more is used than it allows, exactly what the lines of lists draw of it is
/// used, its journal leads from nothing to what is left, and it is found among those of its goods by its last day.
pub fn no_licence_is_overdrawn(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        sound(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn sound(state: &MemoryState) -> Result<(), String> {
    let mut licences: Vec<(&LicenceNo, &Licence)> = Vec::new();
    let mut journals: BTreeMap<&LicenceNo, Vec<&LicenceEntry>> = BTreeMap::new();
    let mut drawn: BTreeMap<&LicenceNo, i128> = BTreeMap::new();
    let mut placed = BTreeMap::new();
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Licence(number), Row::Licence(licence)) => licences.push((number, licence)),
            (Key::LicenceOf((party, goods, day, number)), _)
                if placed.insert(number, (party, goods, *day)).is_some() =>
            {
                return Err(format!("{number} stands in two places"));
            }
            (Key::LicenceEntry((number, _)), Row::LicenceEntry(entry)) => {
                journals.entry(number).or_default().push(entry);
            }
            (Key::LicenceDraw(_), Row::LicenceDraw(draws)) => {
                for draw in draws.iter() {
                    *drawn.entry(&draw.licence_no).or_default() += draw.quantity.raw();
                }
            }
            _ => {}
        }
    }
    for (number, licence) in licences {
        let journal = journals.remove(number).unwrap_or_default();
        let by_lists = drawn.remove(number).unwrap_or_default();
        sound_licence(licence, by_lists, &journal).map_err(|why| format!("{number}: {why}"))?;
        let grant = &licence.grant;
        if placed.remove(number) != Some((&grant.party, &grant.tariff_code, grant.valid_until)) {
            return Err(format!("{number} is not where it is looked for"));
        }
    }
    if drawn.is_empty() && placed.is_empty() { Ok(()) } else { Err(format!("{drawn:?} {placed:?}")) }
}

fn sound_licence(licence: &Licence, by_lists: i128, journal: &[&LicenceEntry]) -> Result<(), String> {
    let available = licence.available().unwrap();
    if available.is_negative() || licence.used.raw() != by_lists || licence.entries != journal.len() as u64 {
        return Err(format!("{licence:?} with {by_lists} drawn by lists"));
    }
    let mut last = Quantity::ZERO;
    for entry in journal {
        if entry.before != last {
            return Err(format!("{entry:?} does not follow {last}"));
        }
        last = entry.after;
    }
    if last == available { Ok(()) } else { Err(format!("the journal ends with {last}, not {available}")) }
}

#[test]
fn no_import_licence_is_overdrawn() {
    holds("no_import_licence_is_overdrawn", no_licence_is_overdrawn);
}

#[test]
fn a_use_without_an_entry_is_caught() {
    let silent = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::LicenceEntry(_))));
    catches(no_licence_is_overdrawn, &silent);
}

#[test]
fn a_licence_that_is_not_drawn_on_is_caught() {
    catches(no_licence_is_overdrawn, &forgetting("LicenceDraws"));
}
