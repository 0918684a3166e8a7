//! A message has its effect once, however often and under whatever delivery it comes (`RULES.md` 2.4, 2.5).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, Taken, run, take};
use crate::planted::{blind_to, forgetting};
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::document::Document;
use zonebook_ledger::message::{Content, Message};
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::MemoryState;

/// The same delivery again is answered as before; other bytes in it are refused; the same key in a new delivery is a
/// duplicate, or with other bytes a conflict for what an enterprise filed.
pub fn messages_count_once(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let Some(end) = taken.last() else { return Ok(()) };
    for first in &taken {
        let Command::Receive(message) = &first.asked.proposal.command else { continue };
        let Some(bound) = what_is_bound(first, message) else { continue };
        for state in [&first.after, &end.after] {
            let said = |message: Message| answer(first, message, state, apply);
            let check = |what: &str, is: Answer, must: Answer| {
                let wrong = format!("{}: {what} is {is:?} and not {must:?}", first.shown());
                if is == must { Ok(()) } else { Err(wrong) }
            };
            check("the delivery again", said((**message).clone()), Answer::AsBefore)?;
            let other_bytes = Message { sha256: [7; 32], ..(**message).clone() };
            check(
                "the delivery with other bytes",
                said(other_bytes),
                Answer::Refused(Reason::DeliveryConflict),
            )?;
            let Some(filed) = bound else { continue };
            let anew = Message { sequence: 1_000_000, ..(**message).clone() };
            check("the message in a new delivery", said(anew.clone()), Answer::Duplicate)?;
            let conflicting = said(Message { sha256: [7; 32], ..anew });
            let must = if filed { Answer::Refused(Reason::MessageIdConflict) } else { Answer::Duplicate };
            check("the key with other bytes", conflicting, must)?;
        }
    }
    Ok(())
}

/// Whether the first answer bound the delivery, and within it the key; and of a key whether an enterprise filed it.
fn what_is_bound(first: &Taken, message: &Message) -> Option<Option<bool>> {
    // A duplicate under a new delivery shares its key with other bytes; the first one of a key is looked at.
    let duplicate = first.applied.outcome.verdict == Verdict::Duplicate;
    let reason = first.applied.outcome.refusal().map(|refusal| refusal.reason);
    let not_received = [
        Reason::PermissionDenied,
        Reason::RequestIdReused,
        Reason::RequestIdTooOld,
        Reason::DeliveryConflict,
        Reason::MigrationEnded,
        Reason::LedgerTimeAhead,
        Reason::LedgerTimeBehind,
    ];
    if first.applied.repeated || reason.is_some_and(|reason| not_received.contains(&reason)) {
        return None;
    }
    let unbound_key = duplicate
        || matches!(reason, Some(Reason::MessageIdConflict | Reason::Unsupported | Reason::SchemaInvalid));
    Some(match &message.content {
        // Whether results of customs are taken changes from day to day.
        Content::Keyed { document: Ok(document), .. } if matches!(**document, Document::CustomsResult(_)) => {
            None
        }
        Content::Keyed { filed, .. } if !unbound_key => Some(*filed),
        _ => None,
    })
}

#[derive(Debug, PartialEq)]
enum Answer {
    AsBefore,
    Duplicate,
    Refused(Reason),
    Accepted,
}

fn answer(first: &Taken, message: Message, state: &MemoryState, apply: Apply) -> Answer {
    let proposal = Proposal {
        request_id: None,
        ledger_time: None,
        command: Command::Receive(Box::new(message)),
        ..first.asked.proposal.clone()
    };
    let again = take(state, &Asked { proposal, ..first.asked.clone() }, apply).applied;
    if again.repeated && again.revision == first.applied.revision && again.outcome == first.applied.outcome {
        return Answer::AsBefore;
    }
    match again.outcome.verdict {
        Verdict::Accepted => Answer::Accepted,
        Verdict::Duplicate => Answer::Duplicate,
        Verdict::Refused(refusal) => Answer::Refused(refusal.reason),
    }
}

#[test]
fn a_message_counts_once() {
    holds("a_message_counts_once", messages_count_once);
}

#[test]
fn a_message_key_that_is_not_kept_is_caught() {
    catches(messages_count_once, &forgetting("Messages"));
}

#[test]
fn a_message_key_that_is_not_found_is_caught() {
    catches(messages_count_once, &blind_to("Messages"));
}

#[test]
fn a_delivery_that_is_not_found_is_caught() {
    catches(messages_count_once, &blind_to("Deliveries"));
}
