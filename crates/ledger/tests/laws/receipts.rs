//! Everybody is told what became of their documents: once, in order, without gaps, and nobody else is (`domain.md` 5.1).

use crate::chance::{catches, fixed, holds};
use crate::common::model::{Model, Told};
use crate::common::run::{Apply, Asked, last, run, shipped};
use crate::planted::writing;
use std::collections::BTreeMap;
use zonebook_ledger::message::Content;
use zonebook_ledger::receipt::Mailbox;
use zonebook_ledger::state::{Key, MemoryState, Row};

/// The receipts of each recipient are those that the naive model told, numbered 1, 2, 3, ...
pub fn told_as_the_model_tells(history: &[Asked], apply: Apply) -> Result<(), String> {
    let mut model = Model::default();
    for asked in history {
        model.predict(asked);
    }
    let state = last(&run(history, apply));
    let (ours, boxes) = outbox(&state);
    let mut theirs: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for told in &model.told {
        theirs.entry(told.recipient.clone()).or_default().push(told.clone());
    }
    for (recipient, theirs) in &theirs {
        let ours = ours.get(recipient).cloned().unwrap_or_default();
        let numbered: Vec<u64> = ours.iter().map(|(sequence, _)| *sequence).collect();
        if numbered != (1..=theirs.len() as u64).collect::<Vec<u64>>() {
            return Err(format!(
                "{recipient} has the receipts {numbered:?}, the model told {}",
                theirs.len()
            ));
        }
        if let Some(((_, ours), theirs)) = ours.iter().zip(theirs).find(|((_, ours), theirs)| ours != *theirs)
        {
            return Err(format!("the ledger told {ours:?}, the model {theirs:?}"));
        }
        let acknowledged = model.acknowledged.get(recipient).copied().unwrap_or_default();
        let mailbox = Mailbox { last: theirs.len() as u64, acknowledged };
        if boxes.get(recipient) != Some(&mailbox) {
            return Err(format!("{recipient}: {:?} is not {mailbox:?}", boxes.get(recipient)));
        }
    }
    match ours.keys().find(|recipient| !theirs.contains_key(*recipient)) {
        Some(recipient) => Err(format!("{recipient} is told something, and should not be")),
        None => Ok(()),
    }
}

type Outbox = BTreeMap<String, Vec<(u64, Told)>>;

fn outbox(state: &MemoryState) -> (Outbox, BTreeMap<String, Mailbox>) {
    let (mut told, mut boxes) = (Outbox::new(), BTreeMap::new());
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Receipt((recipient, sequence)), Row::Receipt(receipt)) => {
                let one = Told {
                    recipient: recipient.to_string(),
                    kind: receipt.kind.code(),
                    number: receipt.number.to_string(),
                    result: receipt.ruling.manage_result(),
                    revision: receipt.revision.0,
                };
                told.entry(recipient.to_string()).or_default().push((*sequence, one));
            }
            (Key::Mailbox(recipient), Row::Mailbox(mailbox)) => {
                boxes.insert(recipient.to_string(), *mailbox);
            }
            _ => {}
        }
    }
    (told, boxes)
}

/// The bytes of a message are kept once, under the hash of the message, and found by the document that it is about.
pub fn originals_are_kept(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        if taken.applied.repeated || taken.applied.revision.0 == 0 {
            continue;
        }
        let zonebook_ledger::command::Command::Receive(message) = &taken.asked.proposal.command else {
            continue;
        };
        let (Some(original), Content::Keyed { label, .. }) = (&message.original, &message.content) else {
            continue;
        };
        let received = taken.writes.keys().any(|key| matches!(key, Key::Delivery(_)));
        if !received {
            continue;
        }
        let state: BTreeMap<&Key, &Row> = taken.after.rows().collect();
        let key = Key::Original(message.sha256);
        let kept_before = taken.before.rows().any(|(other, _)| *other == key);
        match state.get(&key) {
            Some(Row::Original(kept)) if kept_before || **kept == **original => {}
            other => return Err(format!("{}: {other:?} is kept", taken.shown())),
        }
        let index = Key::DocumentMessage((label.business_id.clone(), taken.applied.revision));
        if state.get(&index) != Some(&&Row::DocumentMessage(message.sha256)) {
            return Err(format!("{}: not found by its document", taken.shown()));
        }
        if kept_before && taken.writes.contains_key(&key) {
            return Err(format!("{}: kept twice", taken.shown()));
        }
    }
    Ok(())
}

#[test]
fn receipts_are_those_of_the_model() {
    holds("receipts_are_those_of_the_model", told_as_the_model_tells);
}

#[test]
fn originals_are_kept_once() {
    holds("originals_are_kept_once", originals_are_kept);
}

#[test]
fn a_receipt_that_is_lost_is_caught() {
    let loses = writing(|_, _, _, writes| {
        writes.retain(|key, _| !matches!(key, Key::Receipt((_, sequence)) if sequence % 5 == 0));
    });
    catches(told_as_the_model_tells, &loses);
}

#[test]
fn an_original_that_is_not_kept_is_caught() {
    let forgets = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::Original(_))));
    catches(originals_are_kept, &forgets);
}

/// Chance comes to every kind of receipt and every answer to a result of customs.
#[test]
fn every_kind_of_receipt_occurs() {
    let (mut kinds, mut differences, mut assigned) = (BTreeMap::new(), 0, 0);
    for seed in 0..400 {
        for taken in run(&fixed(seed), &shipped) {
            for (key, row) in &taken.writes {
                match (key, row) {
                    (Key::Receipt(_), Some(Row::Receipt(receipt))) => {
                        *kinds.entry((receipt.kind, receipt.ruling.name())).or_insert(0) += 1;
                    }
                    (Key::ReceiptDifference(_), _) => differences += 1,
                    (Key::Declaration(_), _) => {
                        let event = zonebook_ledger::query::event(&taken.after, taken.applied.revision);
                        let label = event.unwrap().and_then(|event| event.label.clone());
                        assigned += usize::from(label.is_some_and(|label| label.kind == "INV202"));
                    }
                    _ => {}
                }
            }
        }
    }
    for kind in zonebook_ledger::receipt::ReceiptKind::ALL {
        assert!(kinds.keys().any(|(other, _)| other == kind), "{kind} does not occur: {kinds:?}");
    }
    for (kind, ruling) in [("SAS223", "GATE_ONE"), ("SAS223", "GATE_TWO"), ("INV201", "RETURNED")] {
        assert!(kinds.keys().any(|(other, name)| other.code() == kind && *name == ruling), "{kind} {ruling}");
    }
    assert!(differences > 0 && assigned > 0, "{differences} differences, {assigned} numbers assigned");
}
