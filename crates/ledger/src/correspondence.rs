//! Reading receipts back, with what each says in full, and the messages that they answer.
//!
//! What a receipt says rests on values that do not change after its revision: the event, the lines of a version, the
//! history of positions, the first filing. So a receipt that is asked for again says the same as the first time.

use crate::book::{BookKind, Usage};
use crate::code::{ListNo, PassNo};
use crate::counters::Counters;
use crate::customs_result::ReceiptDifference;
use crate::direction::Mark;
use crate::error::Fault;
use crate::event::Event;
use crate::message::Sha256;
use crate::movement::{Movement, MovementLine};
use crate::original::Original;
use crate::outcome::Revision;
use crate::pass::Pass;
use crate::place::Place;
use crate::position::PositionKey;
use crate::query::{self, Moment, collect};
use crate::receipt::{Mailbox, Receipt, ReceiptKind, Recipient, Ruling};
use crate::state::{
    Books, Deliveries, DocumentMessages, Events, Heads, Key, Lines, Mailboxes, Messages, Movements, Order,
    Originals, Outbox, Passes, Read, ReceiptDifferences, Visit, get,
};
use crate::time::UtcOffset;
use compact_str::CompactString;
use std::sync::Arc;

/// A receipt with what it says in full.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who is told.
    pub recipient: Recipient,
    /// Its number among the recipient's.
    pub sequence: u64,
    /// The receipt.
    pub receipt: Arc<Receipt>,
    /// The event that it tells of.
    pub event: Arc<Event>,
    /// The ledger's zone, in which times are written.
    pub utc_offset: UtcOffset,
    /// What it is about.
    pub content: Content,
    /// The bytes of the message that filed the document, where they were kept.
    pub original: Option<Arc<Original>>,
}

/// What a receipt is about.
#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing but the decision: of a refusal, and of documents that say nothing of their own.
    Decision,
    /// A list with its lines and the rows of its book.
    List(ListContent),
    /// A pass.
    Pass(PassNo, Arc<Pass>),
}

/// A list in the version that a receipt tells of.
#[derive(Clone, Debug)]
pub struct ListContent {
    /// The list. Only what never changes of it may be said.
    pub movement: Arc<Movement>,
    /// Its lines.
    pub lines: Arc<Vec<MovementLine>>,
    /// Whether its book is a logistics book.
    pub logistics: bool,
    /// The row of its book for each line that has one.
    pub rows: Vec<BookRowFigures>,
}

/// A row of a book after the revision of a receipt.
#[derive(Clone, Debug)]
pub struct BookRowFigures {
    /// The line that moved it.
    pub line: u64,
    /// The row.
    pub position: PositionKey,
    /// Its counters then.
    pub counters: Counters,
}

/// The numbers of a recipient's receipts.
///
/// # Errors
/// The state could not be read.
pub fn mailbox(state: &dyn Read, recipient: &Recipient) -> Result<Mailbox, Fault> {
    Ok(get::<Mailboxes>(state, recipient.clone())?.unwrap_or_default())
}

/// Receipts of a recipient from behind a number up to another one, in order, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn receipts(
    state: &dyn Read,
    recipient: &Recipient,
    (after, up_to): (u64, u64),
    count_max: usize,
) -> Result<Vec<(u64, Arc<Receipt>)>, Fault> {
    let first = after.saturating_add(1);
    if first > up_to {
        return Ok(Vec::new());
    }
    collect::<Outbox, _>(
        state,
        (recipient.clone(), first),
        (recipient.clone(), up_to),
        Order::Forward,
        count_max,
        |key, row| match key {
            Key::Receipt((_, sequence)) => Some((sequence, row)),
            _ => None,
        },
    )
}

/// A receipt with what it says in full; `None` if the recipient has none of that number.
///
/// # Errors
/// The state could not be read.
pub fn letter(state: &dyn Read, recipient: &Recipient, sequence: u64) -> Result<Option<Letter>, Fault> {
    let Some(receipt) = get::<Outbox>(state, (recipient.clone(), sequence))? else { return Ok(None) };
    let event = get::<Events>(state, receipt.revision)?
        .ok_or_else(|| Fault(format!("no event at revision {}", receipt.revision.0)))?;
    let utc_offset = get::<Heads>(state, ())?.map_or(UtcOffset::CHINA, |head| head.utc_offset);
    let content = content(state, &receipt)?;
    let original = original_of(state, &receipt)?;
    Ok(Some(Letter { recipient: recipient.clone(), sequence, receipt, event, utc_offset, content, original }))
}

fn content(state: &dyn Read, receipt: &Receipt) -> Result<Content, Fault> {
    match receipt.kind {
        ReceiptKind::ListAudit | ReceiptKind::ListPosting => {
            let Some(version) = receipt.content_version else { return Ok(Content::Decision) };
            list_content(state, receipt, version)
        }
        ReceiptKind::PassAudit | ReceiptKind::Passage if receipt.ruling != Ruling::Returned => {
            let Ok(pass_no) = PassNo::new(&receipt.number) else { return Ok(Content::Decision) };
            Ok(match get::<Passes>(state, pass_no.clone())? {
                Some(pass) => Content::Pass(pass_no, pass),
                None => Content::Decision,
            })
        }
        _ => Ok(Content::Decision),
    }
}

fn list_content(state: &dyn Read, receipt: &Receipt, version: u64) -> Result<Content, Fault> {
    let Ok(list_no) = ListNo::new(&receipt.number) else { return Ok(Content::Decision) };
    let movement = get::<Movements>(state, list_no.clone())?;
    let lines = get::<Lines>(state, (list_no, version))?;
    let (Some(movement), Some(lines)) = (movement, lines) else { return Ok(Content::Decision) };
    let book = get::<Books>(state, movement.book_no.clone())?;
    let residues = match &book {
        Some(book) if book.usage == Usage::Repair => Place::RemovedPart,
        _ => Place::Scrap,
    };
    let mut rows = Vec::new();
    for line in lines.iter() {
        for (mark, number) in rows_of(&movement, line) {
            let position = PositionKey {
                book_no: movement.book_no.clone(),
                mark,
                number,
                lot: line.lot.clone().filter(|_| mark == movement.mark),
                serial: line.serial.clone().filter(|_| mark == movement.mark),
                place: if mark == Mark::Residue { residues } else { Place::Zone },
            };
            if rows.iter().any(|row: &BookRowFigures| row.position == position) {
                continue;
            }
            let counters = query::counters(state, &position, Moment::After(receipt.revision))?;
            if !counters.is_zero() {
                rows.push(BookRowFigures { line: line.filed.line, position, counters });
            }
        }
    }
    let logistics = book.is_some_and(|book| book.kind == BookKind::Logistics);
    Ok(Content::List(ListContent { movement, lines, logistics, rows }))
}

/// The items that a line moves: its own, or the materials that its product is made of.
fn rows_of(movement: &Movement, line: &MovementLine) -> Vec<(Mark, u64)> {
    if line.uses.is_empty() {
        return vec![(movement.mark, line.filed.number)];
    }
    line.uses.iter().map(|used| (Mark::Goods, used.material)).collect()
}

/// The message that filed what a receipt tells of: the last one about it that was taken up to then and not refused.
fn original_of(state: &dyn Read, receipt: &Receipt) -> Result<Option<Arc<Original>>, Fault> {
    let filed_by = receipt.kind.filed_by();
    // A refusal answers the message of its own revision; what customs sends back answers none.
    if receipt.ruling == Ruling::Returned {
        let key = (receipt.number.clone(), receipt.revision);
        return match get::<DocumentMessages>(state, key)? {
            Some(sha256) => get::<Originals>(state, sha256),
            None => Ok(None),
        };
    }
    let mut found = None;
    let mut fault = None;
    let key = |revision| Key::DocumentMessage((receipt.number.clone(), revision));
    state.scan(&key(Revision(0)), &key(receipt.revision), Order::Backward, &mut |key, row| {
        let (Key::DocumentMessage((_, revision)), crate::state::Row::DocumentMessage(sha256)) = (key, row)
        else {
            return Visit::Continue(());
        };
        match get::<Events>(state, revision) {
            Ok(Some(event))
                if event.outcome.is_accepted()
                    && event.label.as_ref().is_some_and(|label| label.kind == filed_by) =>
            {
                found = Some(sha256);
                Visit::Break(())
            }
            Ok(_) => Visit::Continue(()),
            Err(error) => {
                fault = Some(error);
                Visit::Break(())
            }
        }
    })?;
    match (fault, found) {
        (Some(fault), _) => Err(fault),
        (None, Some(sha256)) => get::<Originals>(state, sha256),
        (None, None) => Ok(None),
    }
}

/// A message, by what it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageName {
    /// By SHA-256 of its bytes.
    Sha256(Sha256),
    /// By source and sequence.
    Delivery(CompactString, u64),
    /// By its key (`RULES.md` 2.5), with its type in front.
    Key(CompactString),
    /// The last one about a document that was taken.
    Document(CompactString),
}

/// The bytes that were kept of a message, with the SHA-256 of the message itself. The outer `None` says that no such
/// message came, the inner one that its bytes were not kept.
///
/// # Errors
/// The state could not be read.
#[allow(clippy::type_complexity)]
pub fn original(
    state: &dyn Read,
    name: &MessageName,
) -> Result<Option<(Sha256, Option<Arc<Original>>)>, Fault> {
    let sha256 = match name {
        MessageName::Sha256(sha256) => {
            return Ok(get::<Originals>(state, *sha256)?.map(|original| (*sha256, Some(original))));
        }
        MessageName::Delivery(source, sequence) => {
            get::<Deliveries>(state, (source.clone(), *sequence))?.map(|delivery| delivery.sha256)
        }
        MessageName::Key(key) => get::<Messages>(state, key.clone())?.map(|seen| seen.sha256),
        MessageName::Document(number) => {
            let (from, to) = ((number.clone(), Revision(0)), (number.clone(), Revision(u64::MAX)));
            let last = collect::<DocumentMessages, _>(state, from, to, Order::Backward, 1, |_, sha256| {
                Some(sha256)
            })?;
            last.first().copied()
        }
    };
    let Some(sha256) = sha256 else { return Ok(None) };
    Ok(Some((sha256, get::<Originals>(state, sha256)?)))
}

/// Sequences of a source that never came, between the first and the last that did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first that is missing.
    pub first: u64,
    /// The last that is missing, with all between.
    pub last: u64,
}

/// Gaps in the deliveries of a source from behind a sequence on, at most `count_max`. Numbers below the first delivery
/// are not looked for: a source begins where it begins. So is nothing behind the last.
///
/// # Errors
/// The state could not be read.
pub fn gaps(
    state: &dyn Read,
    source: &CompactString,
    after: Option<u64>,
    count_max: usize,
) -> Result<Vec<Gap>, Fault> {
    let mut found = Vec::new();
    let mut last: Option<u64> = after;
    let key = |sequence| Key::Delivery((source.clone(), sequence));
    let from = after.map_or(0, |after| after.saturating_add(1));
    state.scan(&key(from), &key(u64::MAX), Order::Forward, &mut |key, _| {
        let Key::Delivery((_, sequence)) = key else { return Visit::Continue(()) };
        if let Some(next) = last.and_then(|last| last.checked_add(1))
            && next < sequence
        {
            found.push(Gap { first: next, last: sequence.saturating_sub(1) });
        }
        last = Some(sequence);
        if found.len() >= count_max { Visit::Break(()) } else { Visit::Continue(()) }
    })?;
    Ok(found)
}

/// Differences between what customs said and the ledger, in order of revision, from behind one on, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn differences(
    state: &dyn Read,
    after: Option<Revision>,
    count_max: usize,
) -> Result<Vec<(Revision, Arc<ReceiptDifference>)>, Fault> {
    let from = after.map_or(Revision(0), |after| Revision(after.0.saturating_add(1)));
    collect::<ReceiptDifferences, _>(
        state,
        from,
        Revision(u64::MAX),
        Order::Forward,
        count_max,
        |key, row| match key {
            Key::ReceiptDifference(revision) => Some((revision, row)),
            _ => None,
        },
    )
}
