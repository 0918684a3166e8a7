//! Permits and guarantees: no quota and no guarantee is ever overdrawn, every amount that is bound is bound by somebody,
//! and a slip that is taken back leaves the figures as they were before it.

use crate::chance::{catches, holds};
use crate::common::papers::slip_void;
use crate::common::run::{Apply, Asked, run};
use crate::planted::writing;
use crate::withdrawal::{carried_out, figures};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::code::GuaranteeNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::guarantee::{Guarantee, GuaranteeEntry};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::permit::{Permit, Slip};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Row};

/// After every command: of each line of a permit, or of an approval for its products, not more is used than it says, not more passed than was approved, nothing is out that
/// did not go out; a guarantee is not overdrawn, its journal leads from nothing to what is available, and what is bound is
/// what permits, assets on lease and customs have bound.
pub fn nothing_is_overdrawn(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        sound(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn sound(state: &MemoryState) -> Result<(), String> {
    let mut bound: BTreeMap<String, i128> = BTreeMap::new();
    let mut accounts: Vec<(&GuaranteeNo, &Guarantee)> = Vec::new();
    let mut entries: BTreeMap<&GuaranteeNo, Vec<&GuaranteeEntry>> = BTreeMap::new();
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Permit(number), Row::Permit(permit)) => {
                sound_permit(permit).map_err(|why| format!("{number}: {why}"))?;
                *bound.entry(permit.guarantee_no.to_string()).or_default() += permit.drawn.raw();
            }
            (Key::DirectExit(number), Row::DirectExit(approval)) => {
                let left = |line| approval.left(line).is_some_and(|left| !left.is_negative());
                if !approval.grant.lines.iter().all(left) {
                    return Err(format!("{number}: {approval:?} is overdrawn"));
                }
            }
            (Key::Lease(number), Row::Lease(lease)) => {
                if lease.state == DocumentState::Closed && !lease.secured.is_empty() {
                    return Err(format!("{number}: closed with {:?} bound", lease.secured));
                }
                let drawn: i128 = lease.secured.values().map(|drawn| drawn.raw()).sum();
                *bound.entry(lease.guarantee_no.to_string()).or_default() += drawn;
            }
            (Key::Guarantee(number), Row::Guarantee(account)) => accounts.push((number, account)),
            (Key::GuaranteeEntry((number, _)), Row::GuaranteeEntry(entry)) => {
                entries.entry(number).or_default().push(entry);
            }
            _ => {}
        }
    }
    for (number, account) in accounts {
        let by_documents = bound.get(number.as_str()).copied().unwrap_or(0);
        let journal = entries.remove(number).unwrap_or_default();
        sound_account(account, by_documents, &journal).map_err(|why| format!("{number}: {why}"))?;
    }
    Ok(())
}

fn sound_permit(permit: &Permit) -> Result<(), String> {
    for used in &permit.lines {
        let quota = permit.quota_used(used) <= used.filed.declared;
        let passed = used.passed_out <= used.approved_out && used.passed_in <= used.approved_in;
        let back = permit.makes(used) || used.approved_in <= used.approved_out;
        let out = permit.out(used.filed.mark, used.filed.number);
        let away = !permit.goes_out(used) || out.is_some_and(|out| !out.is_negative());
        if !(quota && passed && back && away) || used.consolidated > used.passed_out {
            return Err(format!("{used:?} with {out:?} out"));
        }
    }
    if permit.drawn.is_negative() || (permit.state == DocumentState::Closed && !permit.drawn.is_zero()) {
        return Err(format!("{} drawn", permit.drawn));
    }
    Ok(())
}

fn sound_account(account: &Guarantee, by_documents: i128, journal: &[&GuaranteeEntry]) -> Result<(), String> {
    let available = account.available().unwrap();
    let open = account.drawn.raw() - account.restored.raw();
    if available.is_negative()
        || account.by_hand.is_negative()
        || open != by_documents + account.by_hand.raw()
    {
        return Err(format!("{account:?} with {by_documents} bound by permits and leases"));
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

/// Wherever a command leaves a new slip waiting, taking it back leads to the figures before the command.
pub fn a_void_restores(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        for (key, row) in &taken.writes {
            let (Key::Slip(number), Some(Row::Slip(slip))) = (key, row) else { continue };
            if slip_before(&taken.before, key).is_some() || slip.state != DocumentState::Approved {
                continue;
            }
            let void = Command::File(Box::new(slip_void(number.as_str(), slip.version + 1)));
            let (before, after) =
                (figures(&taken.before), figures(&carried_out(&taken, &taken.after, void, apply)?));
            if after != before {
                return Err(format!("{}: {number} taken back leaves {after:?} of {before:?}", taken.shown()));
            }
        }
    }
    Ok(())
}

fn slip_before<'a>(state: &'a MemoryState, wanted: &Key) -> Option<&'a Slip> {
    state.rows().find_map(|(key, row)| match row {
        Row::Slip(slip) if key == wanted => Some(&**slip),
        _ => None,
    })
}

#[test]
fn no_quota_and_no_guarantee_is_overdrawn() {
    holds("no_quota_and_no_guarantee_is_overdrawn", nothing_is_overdrawn);
}

#[test]
fn a_void_slip_restores_the_figures() {
    holds("a_void_slip_restores_the_figures", a_void_restores);
}

#[test]
fn a_draw_without_an_entry_is_caught() {
    let silent = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::GuaranteeEntry(_))));
    catches(nothing_is_overdrawn, &silent);
}

#[test]
fn a_return_that_is_counted_twice_is_caught() {
    let twice = writing(|_, _, _, writes| {
        for row in writes.values_mut() {
            if let Some(Row::Permit(permit)) = row {
                for used in &mut Arc::make_mut(permit).lines {
                    let more = used.approved_in.checked_add(used.approved_in).unwrap();
                    used.approved_in = more;
                }
            }
        }
    });
    catches(nothing_is_overdrawn, &twice);
}

#[test]
fn a_void_slip_that_keeps_its_goods_is_caught() {
    let keeps = writing(|_, _, applied, writes| {
        if applied.outcome.changed.iter().any(|named| named.state == DocumentState::Cancelled) {
            writes.retain(|key, _| !matches!(key, Key::Position(_)));
        }
    });
    catches(a_void_restores, &keeps);
}
