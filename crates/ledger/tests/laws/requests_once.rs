//! A request id is answered once, for ever the same (`design.md` 2.5).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, Taken, run, take};
use crate::planted::{blind_to, forgetting};
use zonebook_ledger::command::Command;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::reason::Reason;

/// A request that comes again, right away and at the end of the history, gets the outcome that it had, also a refusal;
/// another command under its id is refused. Only a principal that may not ask at all leaves its id unbound.
pub fn requests_are_answered_once(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let Some(end) = taken.last() else { return Ok(()) };
    for first in taken.iter().filter(|first| first.asked.proposal.request_id.is_some() && is_bound(first)) {
        for state in [&first.after, &end.after] {
            let again = take(state, &first.asked, apply);
            let same = again.applied.repeated
                && again.applied.revision == first.applied.revision
                && again.applied.outcome == first.applied.outcome
                && again.writes.is_empty();
            if !same {
                let (was, is) = (&first.applied, &again.applied);
                return Err(format!("{}: it was {was:?}, it is {is:?} when asked again", first.shown()));
            }
            reuse_is_refused(first, state, apply)?;
        }
    }
    Ok(())
}

fn is_bound(first: &Taken) -> bool {
    let reason = first.applied.outcome.refusal().map(|refusal| refusal.reason);
    let unbound = [Reason::PermissionDenied, Reason::RequestIdReused, Reason::RequestIdTooOld];
    !reason.is_some_and(|reason| unbound.contains(&reason))
}

fn reuse_is_refused(
    first: &Taken,
    state: &zonebook_ledger::state::MemoryState,
    apply: Apply,
) -> Result<(), String> {
    let mut other = first.asked.clone();
    // A command that any principal who may file may give, and that is not the one that was given.
    let document = crate::common::build::withdrawal("L99", 99);
    other.proposal.command = Command::File(Box::new(document));
    let answer = take(state, &other, apply).applied;
    match answer.outcome.verdict {
        Verdict::Refused(refusal)
            if matches!(refusal.reason, Reason::RequestIdReused | Reason::PermissionDenied) =>
        {
            Ok(())
        }
        verdict => Err(format!("{}: its id was taken for another command: {verdict:?}", first.shown())),
    }
}

#[test]
fn a_request_is_answered_once() {
    holds("a_request_is_answered_once", requests_are_answered_once);
}

#[test]
fn a_request_that_is_not_kept_is_caught() {
    catches(requests_are_answered_once, &forgetting("Requests"));
}

#[test]
fn a_request_that_is_not_found_is_caught() {
    catches(requests_are_answered_once, &blind_to("Requests"));
}
