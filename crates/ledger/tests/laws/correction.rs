//! A list that is corrected whole leaves on hand what there was before it, exactly; so do its parcels, slips, permits
//! and bills (`design.md` 2.8).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, Taken, run, take};
use crate::common::world::{local, loopback};
use crate::planted::{forgetting, writing};
use std::collections::BTreeMap;
use zonebook_ledger::code::{CorrectionNo, ListNo};
use zonebook_ledger::command::{Command, CorrectionDecision, Proposal};
use zonebook_ledger::document::{CorrectionFiling, Document};
use zonebook_ledger::matrix::{Claim, Posting, rule_of_row};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::TallyResult;
use zonebook_ledger::state::{Key, MemoryState, Row};

/// Wherever a command posts lists, correcting them whole leads to what was on hand and claimed before the command.
pub fn correction_restores(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        let posted = posted_by(&taken);
        let comparable =
            |list: &Movement| returns_to_its_place(list) && claims_nothing_since_before(list, &taken);
        if posted.is_empty() || sent_on(&taken) || !posted.iter().all(comparable) {
            continue;
        }
        let mut state = taken.after.clone();
        let mut corrected: Vec<ListNo> = Vec::new();
        for (at, list) in posted.iter().enumerate() {
            if list.partner.as_ref().is_some_and(|partner| corrected.contains(partner)) {
                continue;
            }
            let Some(after) = undone(&taken, &state, list, &format!("CORRECTION{at}"), apply)? else { break };
            state = after;
            corrected.push(list.list_no.clone());
        }
        let partners = posted.iter().filter(|list| list.partner.is_some()).count();
        if corrected.len() + partners / 2 < posted.len() {
            continue;
        }
        let (before, after) = (figures(&taken.before), figures(&state));
        if let Some((key, _)) =
            before.iter().chain(&after).find(|(key, _)| before.get(*key) != after.get(*key))
        {
            let (before, after) = (before.get(key), after.get(key));
            return Err(format!("{}: {key} is {after:?} instead of {before:?}", taken.shown()));
        }
    }
    Ok(())
}

/// Whether a command sent goods of another list into transit.
fn sent_on(taken: &Taken) -> bool {
    taken
        .writes
        .values()
        .any(|row| matches!(row, Some(Row::Movement(list)) if list.state == DocumentState::InTransit))
}

/// Lists that a command posted.
fn posted_by(taken: &Taken) -> Vec<Movement> {
    let written = taken.writes.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Movement(_), Some(Row::Movement(list))) if list.state == DocumentState::Posted => {
            Some((**list).clone())
        }
        _ => None,
    });
    let waited = |list: &Movement| {
        let before = taken.before.rows().find_map(|(_, row)| match row {
            Row::Movement(before) if before.list_no == list.list_no => Some(before.state),
            _ => None,
        });
        before != Some(DocumentState::Posted)
    };
    written.filter(waited).collect()
}

/// Goods that came through transit were away before already, what a tally misses stays a difference, and where there was
/// nothing there is nothing to correct.
fn returns_to_its_place(list: &Movement) -> bool {
    let in_transit = rule_of_row(list.row).is_some_and(|rule| rule.posting == Posting::ThroughTransit);
    let standing = list.standing.as_deref();
    let empty = list.lines == 0;
    let missed = standing.is_some_and(|standing| {
        standing.held.is_some() || matches!(standing.tally, Some((_, TallyResult::Accepted)))
    });
    !(in_transit || missed || empty)
}

/// What a list claims of bills, permits and slips it claims from its acceptance on: only of one that was posted with it was
/// there nothing of that before.
fn claims_nothing_since_before(list: &Movement, taken: &Taken) -> bool {
    let claims =
        rule_of_row(list.row).is_some_and(|rule| !matches!(rule.claim, Claim::None | Claim::Original));
    !claims || list.accepted_at == taken.applied.revision
}

/// What may have come between a list and its correction: others reserved of the goods so that a quantity in one unit
/// and none in another would be left (`RULES.md` 3.7), or the book came under investigation after the list was accepted.
const MAY_STAND_IN_THE_WAY: [Reason; 2] = [Reason::StatutoryRemainder, Reason::BookUnderCase];

/// The state after the whole list was corrected; `None` where something stands in the way of that.
fn undone(
    taken: &Taken,
    state: &MemoryState,
    list: &Movement,
    number: &str,
    apply: Apply,
) -> Result<Option<MemoryState>, String> {
    let correction_no = CorrectionNo::new(number).unwrap();
    let filing = CorrectionFiling {
        correction_no: correction_no.clone(),
        list_no: list.list_no.clone(),
        owner: list.owner.clone(),
        declared_at: local("2026-06-02T10:00:00"),
        reason: "wrong".into(),
        lines: Vec::new(),
    };
    let decision = CorrectionDecision { correction_no, approved: true, reason: "checked".into() };
    let filed = Command::File(Box::new(Document::Correction(filing)));
    let mut state = state.clone();
    for command in [filed, Command::DecideCorrection(decision)] {
        let proposal = Proposal { principal: loopback(), request_id: None, ledger_time: None, command };
        let done = take(&state, &Asked { record_time: taken.asked.record_time, proposal }, apply);
        match done.applied.outcome.verdict {
            Verdict::Accepted => state = done.after,
            Verdict::Refused(refusal) if MAY_STAND_IN_THE_WAY.contains(&refusal.reason) => return Ok(None),
            other => return Err(format!("after {}: {} stays: {other:?}", taken.shown(), list.list_no)),
        }
    }
    Ok(Some(state))
}

/// What is on hand of everything, and all claims.
fn figures(state: &MemoryState) -> BTreeMap<String, String> {
    let mut figures = BTreeMap::new();
    let mut on_hand: BTreeMap<PositionKey, Measure> = BTreeMap::new();
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Position(key), Row::Position(counters)) => {
                on_hand.insert(key.clone(), counters.on_hand().unwrap());
            }
            (Key::Bill(key), Row::Bill(bill)) => {
                figures.insert(format!("{key:?}"), format!("{bill:?}"));
            }
            (Key::Parcel(key), Row::Parcel(parcel)) if parcel.state == DocumentState::Delivered => {
                figures.insert(format!("{key:?}"), "delivered".into());
            }
            (Key::Slip(key), Row::Slip(slip)) if slip.state == DocumentState::Consolidated => {
                figures.insert(format!("{key:?}"), "consolidated".into());
            }
            (Key::Permit(key), Row::Permit(permit)) => {
                let sold: Vec<_> = permit.sold.iter().filter(|(_, sold)| !sold.is_zero()).collect();
                let used: Vec<_> = permit.used.iter().filter(|(_, used)| !used.is_zero()).collect();
                figures.insert(format!("{key:?}"), format!("{sold:?} {used:?} {:?}", permit.lines));
            }
            (Key::DirectExit(key), Row::DirectExit(approval)) => {
                let used: Vec<_> = approval.used.iter().filter(|(_, used)| !used.is_zero()).collect();
                figures.insert(format!("{key:?}"), format!("{used:?}"));
            }
            _ => {}
        }
    }
    let there = on_hand.into_iter().filter(|(_, measure)| !measure.is_zero());
    figures.extend(there.map(|(key, measure)| (format!("{key:?}"), format!("{measure:?}"))));
    figures
}

#[test]
fn a_correction_restores_what_was_on_hand() {
    holds("a_correction_restores_what_was_on_hand", correction_restores);
}

/// Approves a correction and leaves the goods where they are.
#[test]
fn goods_that_stay_are_caught() {
    let leaves = writing(|_, asked, _, writes| {
        if matches!(asked.proposal.command, Command::DecideCorrection(_)) {
            writes.retain(|key, _| !matches!(key, Key::Position(_)));
        }
    });
    catches(correction_restores, &leaves);
}

#[test]
fn a_posted_list_whose_lines_are_lost_is_caught() {
    catches(correction_restores, &forgetting("Lines"));
}
