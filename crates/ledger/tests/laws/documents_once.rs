//! A document number is taken once, by what was accepted under it (`design.md` 2.5).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, run, take};
use crate::common::world::loopback;
use crate::planted::{blind_to, forgetting};
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::document::{CampaignStep, Document, ListFiling, WorkOrderStep};
use zonebook_ledger::message::Content;
use zonebook_ledger::outcome::{Applied, Verdict};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::MemoryState;

/// An accepted document that is filed by call again gets the outcome that it had, whichever way it came; other content
/// under its number is refused.
pub fn documents_count_once(history: &[Asked], apply: Apply) -> Result<(), String> {
    let taken = run(history, apply);
    let Some(end) = taken.last() else { return Ok(()) };
    for first in taken.iter().filter(|first| first.applied.outcome.verdict == Verdict::Accepted) {
        let Some(document) = numbered(&first.asked.proposal.command) else { continue };
        for state in [&first.after, &end.after] {
            let again = file(document.clone(), first.asked.clone(), state, apply);
            // A verification that customs sends twice is taken twice; filed again, it is the first of them.
            let revision_fits = match document {
                Document::Verification(_) => again.revision <= first.applied.revision,
                _ => again.revision == first.applied.revision,
            };
            if !again.repeated || !revision_fits || again.outcome != first.applied.outcome {
                return Err(format!("{}: filed again, it is {again:?}", first.shown()));
            }
            let Some(other) = other_content(document) else { continue };
            match file(other, first.asked.clone(), state, apply).outcome.verdict {
                Verdict::Refused(refusal) if refusal.reason == Reason::DocumentExists => {}
                verdict => return Err(format!("{}: other content is {verdict:?}", first.shown())),
            }
        }
    }
    Ok(())
}

/// The document of a command, if documents of its type have a number that is taken.
fn numbered(command: &Command) -> Option<&Document> {
    let document = match command {
        Command::File(document) => document,
        Command::Receive(message) => match &message.content {
            Content::Keyed { document: Ok(document), .. } => document,
            _ => return None,
        },
        _ => return None,
    };
    let reported = matches!(
        **document,
        Document::Passage(_)
            | Document::Notice(_)
            | Document::CustomsResult(_)
            | Document::Assignment(_)
            | Document::Sales(_)
    );
    (!reported).then_some(&**document)
}

/// A new document with the number of one that is there.
fn other_content(document: &Document) -> Option<Document> {
    match document.clone() {
        Document::Book(mut filing) if filing.change_no.is_none() => {
            filing.declared_at.0 += 7;
            Some(Document::Book(filing))
        }
        Document::List(ListFiling::File(mut list)) => {
            list.declared_at.0 += 7;
            Some(Document::List(ListFiling::File(list)))
        }
        Document::Correction(mut filing) => {
            filing.reason = "another one".into();
            Some(Document::Correction(filing))
        }
        Document::Tally(mut filing) => {
            filing.counted_at.0 += 7;
            Some(Document::Tally(filing))
        }
        Document::Pass(mut filing) => {
            filing.vehicle_no = "沪C77777".into();
            Some(Document::Pass(filing))
        }
        Document::WorkOrder(mut filing) => match &mut filing.step {
            WorkOrderStep::Open(opening) => {
                opening.declared_at.0 += 7;
                Some(Document::WorkOrder(filing))
            }
            // Another event of the same number is out of turn, or late.
            WorkOrderStep::Report(_) | WorkOrderStep::Close { .. } => None,
        },
        Document::Campaign(mut filing) => match &mut filing.step {
            CampaignStep::Open(opening) => {
                opening.counters = 9 - opening.counters;
                Some(Document::Campaign(filing))
            }
            CampaignStep::Record(sheet) => {
                sheet.round += 1;
                Some(Document::Campaign(filing))
            }
            // What is over is over, whichever way it ended.
            CampaignStep::Close { .. } | CampaignStep::Cancel { .. } => None,
        },
        Document::Registration(mut filing) => {
            filing.vehicle_no = "沪C77777".into();
            Some(Document::Registration(filing))
        }
        Document::StatusChange(mut filing) => {
            filing.declared_at.0 += 7;
            Some(Document::StatusChange(filing))
        }
        _ => None,
    }
}

fn file(document: Document, asked: Asked, state: &MemoryState, apply: Apply) -> Applied {
    let proposal = Proposal {
        principal: loopback(),
        request_id: None,
        ledger_time: None,
        command: Command::File(Box::new(document)),
    };
    take(state, &Asked { proposal, ..asked }, apply).applied
}

#[test]
fn a_document_counts_once() {
    holds("a_document_counts_once", documents_count_once);
}

#[test]
fn a_document_that_is_not_kept_is_caught() {
    catches(documents_count_once, &forgetting("FiledDocuments"));
}

#[test]
fn a_document_that_is_not_found_is_caught() {
    catches(documents_count_once, &blind_to("FiledDocuments"));
}

#[test]
fn a_list_that_is_not_found_is_caught() {
    catches(documents_count_once, &blind_to("Movements"));
}
