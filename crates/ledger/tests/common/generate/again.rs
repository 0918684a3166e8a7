//! What came before comes again: as it was, or with a little that is different.

use super::scribe::choose;
use super::{Intent, Scribe, message};
use crate::common::run::Asked;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::document::Document;
use zonebook_ledger::message::{Content, Message};
use zonebook_ledger::time::Instant;

/// An earlier proposal once more; `None` if there is none of the kind.
pub fn again(scribe: &mut Scribe, intent: &Intent, record_time: Instant) -> Option<Asked> {
    let [pick, how, ..] = intent.picks;
    let later = |proposal: Proposal| Some(Asked { record_time, proposal });
    if how % 3 == 0 {
        return later(choose(&scribe.written, pick)?.proposal);
    }
    if how % 3 == 1 {
        let (call, document) = choose(&calls(&scribe.written), pick)?;
        return match how / 3 % 3 {
            // The same document under another request id, or none.
            0 => later(Proposal { request_id: Some(scribe.request_id(intent, record_time)), ..call }),
            1 => later(Proposal { request_id: None, ..call }),
            // The same request id for another document.
            _ => {
                let other = choose(&calls(&scribe.written), intent.picks[2])?.1;
                call.request_id?;
                let command = Command::File(Box::new(if other == document { changed(other) } else { other }));
                later(Proposal { command, ..call })
            }
        };
    }
    let (proposal, first) = choose(&messages(&scribe.written), pick)?;
    let message = match how / 3 % 4 {
        // The same message, delivered once more.
        0 => message::delivered(scribe, first.content),
        // Other bytes under the same key.
        1 => Message { sha256: [9; 32], ..message::delivered(scribe, first.content) },
        // Other bytes in the same delivery.
        2 => Message { sha256: [8; 32], ..first },
        // The same document under another key.
        _ => match first.content {
            Content::Keyed { document: Ok(document), .. } => {
                let content = message::keyed(scribe.sequence, *document);
                message::delivered(scribe, content)
            }
            content => message::delivered(scribe, content),
        },
    };
    let command = Command::Receive(Box::new(message));
    later(Proposal { command, request_id: None, ledger_time: None, ..proposal })
}

fn calls(written: &[Asked]) -> Vec<(Proposal, Document)> {
    let call = |asked: &Asked| match &asked.proposal.command {
        Command::File(document) => Some((asked.proposal.clone(), (**document).clone())),
        _ => None,
    };
    written.iter().filter_map(call).collect()
}

fn messages(written: &[Asked]) -> Vec<(Proposal, Message)> {
    let message = |asked: &Asked| match &asked.proposal.command {
        Command::Receive(message) => Some((asked.proposal.clone(), (**message).clone())),
        _ => None,
    };
    written.iter().filter_map(message).collect()
}

/// The same document with something in it that no rule looks at.
fn changed(document: Document) -> Document {
    match document {
        Document::Pass(mut pass) => {
            pass.vehicle_no = "沪B99999".into();
            Document::Pass(pass)
        }
        Document::Book(mut book) => {
            book.declared_at.0 += 1;
            Document::Book(book)
        }
        Document::List(zonebook_ledger::document::ListFiling::File(mut list)) => {
            list.declared_at.0 += 1;
            Document::List(zonebook_ledger::document::ListFiling::File(list))
        }
        other => other,
    }
}
