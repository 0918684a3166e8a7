//! The journal of a node, as it tells it over gRPC.

use crate::nemesis::goods;
use crate::nemesis::history::{Counters, History, declared};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use zonebook_api::v1;
use zonebook_api::v1::statement_piece::Piece;
use zonebook_client::{Client, Error};

/// Outcomes asked for at a time.
const QUESTIONS_AT_A_TIME: usize = 32;

/// What a posting line did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Reserved or announced.
    Reserve,
    /// Took that back.
    Cancel,
    /// Made it actual.
    Post,
}

/// A posting line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// At which revision.
    pub revision: u64,
    /// What it did.
    pub action: Action,
    /// The number of the list; 0 for the opening of the book.
    pub list: u64,
    /// Its line.
    pub line: u64,
    /// The item.
    pub item: u64,
    /// The counters after it.
    pub after: Counters,
}

/// All that a node has of the book, up to a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The revision.
    pub revision: u64,
    /// The digest after it.
    pub digest: Vec<u8>,
    /// Posting lines of the book's goods, by item, in the order of the ledger.
    pub lines: BTreeMap<u64, Vec<Line>>,
    /// What the node says of requests: the revision of each, and whether it was refused; none where it knows nothing.
    pub outcomes: BTreeMap<String, Option<(u64, bool)>>,
}

fn action(text: &str) -> Result<Action> {
    Ok(match text {
        "RESERVE" => Action::Reserve,
        "CANCEL" => Action::Cancel,
        "POST" => Action::Post,
        other => anyhow::bail!("a line with action {other}"),
    })
}

/// Reads the journal of a node up to a revision, and asks what became of some requests of a history.
///
/// # Errors
/// The node does not tell.
pub async fn read(node: &Client, revision: u64, history: &History, asked_max: usize) -> Result<Journal> {
    let request = v1::StreamStatementRequest {
        holder: Some(v1::stream_statement_request::Holder::BookNo(goods::BOOK.into())),
        at_revision: revision,
        pending: true,
        ..v1::StreamStatementRequest::default()
    };
    let mut journal = Journal { revision, ..Journal::default() };
    let mut item = None;
    let told = node.receive_statement(request, |part| -> Result<()> {
        if let Some(head) = part.head {
            journal.digest = head.digest;
        }
        for piece in part.pieces {
            match piece.piece {
                Some(Piece::Opening(opening)) => {
                    let key = opening.key.context("an opening without position")?;
                    item = (key.place == goods::PLACE).then_some(key.number);
                }
                Some(Piece::Movement(movement)) => {
                    let Some(item) = item else { continue };
                    journal.lines.entry(item).or_default().push(Line {
                        revision: movement.revision,
                        action: action(&movement.action)?,
                        list: goods::number_of(&movement.document).unwrap_or(0),
                        line: movement.line,
                        item,
                        after: declared(movement.after.as_ref()),
                    });
                }
                Some(Piece::Closing(_)) | None => {}
            }
        }
        Ok(())
    });
    told.await?;
    journal.outcomes = outcomes(node, history, asked_max).await?;
    Ok(journal)
}

/// Spread over the history, refused ones and those without an answer before the others, which the lines tell of.
async fn outcomes(
    node: &Client,
    history: &History,
    asked_max: usize,
) -> Result<BTreeMap<String, Option<(u64, bool)>>> {
    use crate::nemesis::history::End;
    let (accepted, others): (Vec<_>, Vec<_>) =
        history.operations.iter().partition(|operation| matches!(operation.end, End::Accepted { .. }));
    let asked = others.into_iter().take(asked_max).chain(spread(&accepted, asked_max));
    let (permits, mut questions) = (Arc::new(Semaphore::new(QUESTIONS_AT_A_TIME)), JoinSet::new());
    for operation in asked {
        let (id, node) = (operation.request_id.clone(), node.clone());
        let permit = Arc::clone(&permits).acquire_owned().await?;
        questions.spawn(async move {
            let stale = v1::Consistency { kind: Some(v1::consistency::Kind::Stale(true)) };
            let request = v1::GetOutcomeRequest { request_id: id.clone(), consistency: Some(stale) };
            let answered = node.get_outcome(request).await;
            drop(permit);
            (id, answered)
        });
    }
    let mut found = BTreeMap::new();
    while let Some(answered) = questions.join_next().await {
        let (id, answer) = answered?;
        let outcome = match answer {
            Ok(answer) => answer.outcome.map(|outcome| (outcome.revision, outcome.refusal.is_some())),
            Err(Error::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        found.insert(id, outcome);
    }
    Ok(found)
}

/// At most so many, evenly.
fn spread<'a, T>(all: &[&'a T], most: usize) -> Vec<&'a T> {
    all.iter().step_by(all.len().div_ceil(most.max(1)).max(1)).copied().collect()
}
