//! A list that is taken back leaves the figures as they were before it, exactly (`RULES.md` 3.4, 5.8).

use crate::chance::{catches, holds};
use crate::common::build::withdrawal;
use crate::common::run::{Apply, Asked, Taken, run, take};
use crate::common::world::loopback;
use crate::planted::{forgetting, writing};
use std::collections::BTreeMap;
use zonebook_ledger::command::{Command, Proposal, ReturnOrder};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Row};

/// Wherever a command leaves a new list waiting, taking it back or sending it back leads to the figures before the
/// command; and wherever one changes a list, taking it back leads to the figures of taking it back unchanged.
pub fn withdrawal_restores(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        for (key, row) in &taken.writes {
            let (Key::Movement(number), Some(Row::Movement(list))) = (key, row) else { continue };
            if !waits(list) {
                continue;
            }
            let number = number.as_str();
            let before = match movement(&taken.before, number) {
                None => figures(&taken.before),
                Some(old) if old.content_version < list.content_version => {
                    let back = Command::File(Box::new(withdrawal(number, old.version + 1)));
                    figures(&carried_out(&taken, &taken.before, back, apply)?)
                }
                Some(_) => continue,
            };
            let withdrawn = Command::File(Box::new(withdrawal(number, list.version + 1)));
            let sent_back =
                Command::ReturnList(ReturnOrder { list_no: list.list_no.clone(), reason: "wrong".into() });
            for command in [withdrawn, sent_back] {
                let after = figures(&carried_out(&taken, &taken.after, command, apply)?);
                if after != before {
                    return Err(format!(
                        "{}: {number} taken back leaves {after:?} of {before:?}",
                        taken.shown()
                    ));
                }
            }
        }
    }
    Ok(())
}

fn waits(list: &Movement) -> bool {
    list.state == DocumentState::PrePosted
        && !list.is_released()
        && list.standing.as_deref().is_none_or(|standing| standing.held.is_none() && !standing.gate_forced)
        && list.passes == 0
        && (list.partner.is_none() || list.direction == Direction::Out)
}

fn movement<'a>(state: &'a MemoryState, number: &str) -> Option<&'a Movement> {
    state.rows().find_map(|(_, row)| match row {
        Row::Movement(list) if list.list_no.as_str() == number => Some(&**list),
        _ => None,
    })
}

pub fn carried_out(
    taken: &Taken,
    state: &MemoryState,
    command: Command,
    apply: Apply,
) -> Result<MemoryState, String> {
    let proposal = Proposal { principal: loopback(), request_id: None, ledger_time: None, command };
    let done = take(state, &Asked { record_time: taken.asked.record_time, proposal }, apply);
    match done.applied.outcome.verdict {
        Verdict::Accepted => Ok(done.after),
        other => Err(format!("after {}: it cannot be taken back: {other:?}", taken.shown())),
    }
}

/// All counters, all lots, and all claims on bills, slips and permits that are not nothing.
pub fn figures(state: &MemoryState) -> (BTreeMap<PositionKey, Counters>, Vec<String>) {
    let (mut counters, mut claims) = (BTreeMap::new(), Vec::new());
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Position(key), Row::Position(row)) if !row.is_zero() => {
                counters.insert(key.clone(), *row);
            }
            (Key::Bill(key), Row::Bill(bill)) if !bill.entered.is_zero() || !bill.claimed.is_zero() => {
                claims.push(format!("{key:?} {bill:?}"));
            }
            // A slip that is taken back leaves nothing but its number.
            (Key::Slip(_), Row::Slip(slip)) if slip.state == DocumentState::Cancelled => {}
            (Key::Slip(key), Row::Slip(slip)) => {
                let back: Vec<_> = slip.lines.iter().map(|line| line.returned).collect();
                claims.push(format!("{key:?} {:?} {:?} {back:?}", slip.state, slip.list_no))
            }
            (Key::Parcel(key), Row::Parcel(parcel)) => {
                claims.push(format!("{key:?} {:?} {:?}", parcel.state, parcel.list_no));
            }
            (Key::Layer(key), Row::Layer(layer)) => claims.push(format!("{key:?} {layer:?}")),
            (Key::Permit(key), Row::Permit(permit)) => {
                let some = |sums: &BTreeMap<(Mark, u64), Quantity>| -> Vec<_> {
                    sums.clone().into_iter().filter(|(_, sum)| !sum.is_zero()).collect()
                };
                let (sold, used) = (some(&permit.sold), some(&permit.used));
                let (lines, waiting, drawn) = (&permit.lines, permit.waiting_lists, permit.drawn);
                claims.push(format!("{key:?} {sold:?} {used:?} {lines:?} {waiting} {drawn}"));
            }
            (Key::Guarantee(key), Row::Guarantee(account)) => {
                claims.push(format!("{key:?} {:?}", account.available()));
            }
            (Key::DirectExit(key), Row::DirectExit(approval)) => {
                let used = approval.used.iter().filter(|(_, used)| !used.is_zero());
                claims.push(format!("{key:?} {:?}", used.collect::<Vec<_>>()));
            }
            (Key::Licence(key), Row::Licence(licence)) => {
                claims.push(format!("{key:?} {:?}", licence.available()));
            }
            _ => {}
        }
    }
    (counters, claims)
}

#[test]
fn a_withdrawal_restores_the_figures() {
    holds("a_withdrawal_restores_the_figures", withdrawal_restores);
}

/// Withdraws a list and leaves what it reserved.
#[test]
fn a_reservation_that_stays_is_caught() {
    let leaves = writing(|_, _, applied, writes| {
        let gone = |state| matches!(state, DocumentState::Withdrawn | DocumentState::Returned);
        if applied.outcome.changed.iter().any(|named| gone(named.state)) {
            writes.retain(|key, _| !matches!(key, Key::Position(_)));
        }
    });
    catches(withdrawal_restores, &leaves);
}

#[test]
fn a_claim_that_stays_is_caught() {
    let leaves = writing(|_, _, applied, writes| {
        let gone = |state| matches!(state, DocumentState::Withdrawn | DocumentState::Returned);
        if applied.outcome.changed.iter().any(|named| gone(named.state)) {
            writes.retain(|key, _| !matches!(key, Key::Bill(_)));
        }
    });
    catches(withdrawal_restores, &leaves);
}

#[test]
fn a_list_whose_lines_are_lost_is_caught() {
    catches(withdrawal_restores, &forgetting("Lines"));
}
