//! Verification: the lists of a period are settled and stay as they are for ever (`RULES.md` 13.4, `domain.md` 4.1).
//!
//! The declaration does what 13.4 says, whichever way it comes: the lists that it names are verified at once, and what
//! it declares of items is kept beside what the ledger computes. Figures that differ are customs' to judge and refuse
//! nothing: 13.4 names no test of them. What follows the declaration (a supplement, the confirmation, the closing) is
//! ordered by call; no message brings it.

use super::work::{Stop, Work};
use super::{guards, standing};
use crate::book::{Act, Book};
use crate::code::BookNo;
use crate::document::{VerificationFiling, VerificationKind, VerificationOrder, VerificationStep};
use crate::limits::{LINES_MAX, ORDERS_MAX, ROWS_MAX};
use crate::movement::{DocumentState, Movement};
use crate::period::{LastClosed, Period, StepTaken, midnight};
use crate::permission::Principal;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settlement::Verification;
use crate::state::{Books, DeclaredItems, Movements, Periods, Verifications};
use crate::time::Date;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

/// Whether a verification of a book was accepted.
pub(crate) fn is_accepted(work: &Work<'_>, book_no: &BookNo, sequence: u64) -> Result<bool, Stop> {
    Ok(work.get::<Periods>((book_no.clone(), sequence))?.is_some())
}

/// Whether customs disposed of a verification of a book by itself (海关处置): nothing is left for anybody to confirm.
pub(crate) fn is_disposed(work: &Work<'_>, book_no: &BookNo, sequence: u64) -> Result<bool, Stop> {
    let period = work.get::<Periods>((book_no.clone(), sequence))?;
    Ok(period.is_some_and(|period| {
        period.kind == VerificationKind::CustomsDisposal
            && matches!(period.state, DocumentState::Confirmed | DocumentState::Closed)
    }))
}

/// `EMS121`
pub(crate) fn file(work: &mut Work<'_>, filing: &VerificationFiling) -> Result<(), Stop> {
    guards::at_most("EmsChgoffInvtLt", filing.lists.len(), LINES_MAX)?;
    guards::at_most("EmsChgoffDt", filing.items.len(), ROWS_MAX)?;
    each_item_once(filing)?;
    let book = guards::book_for(work, &filing.book_no, "emsNo", Act::Verification)?;
    guards::bonded(&book)?;
    let period = period(work, filing)?;
    let lists = posted_lists(work, &book, filing)?;
    let (verified, verified_time) = (DocumentState::Verified, Some(work.now()));
    for list in lists {
        work.names(list.list_no.as_str(), verified);
        let list = Movement { state: verified, verified_time, ..(*list).clone() };
        work.put::<Movements>(list.list_no.clone(), Arc::new(list));
    }
    keep_items(work, filing);
    let filed = VerificationFiling { items: Vec::new(), ..filing.clone() };
    let (items, verified_time) = (filing.items.len() as u64, work.now());
    let settled = Verification { filed, items, verified_time };
    work.put::<Verifications>((book.book_no.clone(), work.head.revision), Arc::new(settled));
    work.put::<Periods>((book.book_no.clone(), filing.sequence), Arc::new(period));
    let book = Book { verified_time: Some(verified_time), ..(*book).clone() };
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    work.state = Some(DocumentState::Settled);
    Ok(())
}

/// `NAMED_TWICE`: what is declared of an item is one set of figures.
fn each_item_once(filing: &VerificationFiling) -> Result<(), Stop> {
    let mut seen = BTreeSet::new();
    match filing.items.iter().find(|item| !seen.insert((item.mark, item.number))) {
        Some(item) => {
            Err(Refusal::new(Reason::NamedTwice).line(item.line).field("seqno", item.number).into())
        }
        None => Ok(()),
    }
}

/// 13.4: each named list is of the book, and posted.
fn posted_lists(
    work: &Work<'_>,
    book: &Book,
    filing: &VerificationFiling,
) -> Result<Vec<Arc<Movement>>, Stop> {
    let mut lists = Vec::with_capacity(filing.lists.len());
    for number in &filing.lists {
        let list = work.get::<Movements>(number.clone())?.filter(|list| list.book_no == book.book_no);
        let Some(list) = list else {
            return Err(Refusal::new(Reason::DocumentUnknown)
                .field("bondInvtNo", number)
                .document(number)
                .into());
        };
        let state = list.state_in(book);
        if state != DocumentState::Posted {
            return Err(Refusal::new(Reason::ListNotPosted)
                .field("bondInvtNo", state)
                .expected(DocumentState::Posted)
                .document(number)
                .into());
        }
        standing::not_held(&list)?;
        lists.push(list);
    }
    Ok(lists)
}

/// The period that a declaration opens or goes on with. A later declaration of an open one adds to it, as 13.4 takes each;
/// its days stay those of the first.
fn period(work: &Work<'_>, filing: &VerificationFiling) -> Result<Period, Stop> {
    let known = work.get::<Periods>((filing.book_no.clone(), filing.sequence))?;
    let supplement = filing.kind == VerificationKind::Supplementary;
    // Only a call is known to come from customs.
    let disposed = filing.kind == VerificationKind::CustomsDisposal && !work.by_message;
    match known {
        Some(period) => match period.state {
            DocumentState::Closed => Err(closed(filing.sequence, &filing.book_no)),
            _ if disposed => Ok(Period {
                kind: VerificationKind::CustomsDisposal,
                state: DocumentState::Confirmed,
                ..(*period).clone()
            }),
            DocumentState::Confirmed if supplement || !filing.items.is_empty() => {
                Err(wrong_state(&period, "FILED or SUPPLEMENT_ASKED, to declare more", &filing.book_no))
            }
            DocumentState::SupplementAsked if supplement => {
                Ok(Period { state: DocumentState::Filed, ..(*period).clone() })
            }
            _ => Ok((*period).clone()),
        },
        None if supplement => Err(unknown(&filing.book_no, filing.sequence)),
        None => Ok(Period {
            // A message says of itself what it is, and does not make a disposal of customs.
            kind: match filing.kind {
                VerificationKind::CustomsDisposal if !disposed => VerificationKind::Normal,
                kind => kind,
            },
            begin: filing.begin,
            end: filing.end,
            // Nothing is left for the enterprise to confirm of what customs disposes of by itself.
            state: if disposed { DocumentState::Confirmed } else { DocumentState::Filed },
            filed_at: work.head.revision,
            filed_time: work.now(),
            steps: Vec::new(),
        }),
    }
}

fn keep_items(work: &mut Work<'_>, filing: &VerificationFiling) {
    let revision = work.head.revision;
    for item in &filing.items {
        let key = (filing.book_no.clone(), filing.sequence, item.mark, item.number, revision);
        work.put::<DeclaredItems>(key, Arc::new(item.clone()));
    }
}

/// A step after the declaration.
pub(crate) fn order(work: &mut Work<'_>, by: &Principal, order: &VerificationOrder) -> Result<(), Stop> {
    work.document = Some(order.book_no.as_str().into());
    let book = guards::book_for(work, &order.book_no, "emsNo", Act::Verification)?;
    let Some(period) = work.get::<Periods>((order.book_no.clone(), order.sequence))? else {
        return Err(unknown(&order.book_no, order.sequence));
    };
    guards::at_most("steps", period.steps.len().saturating_add(1), ORDERS_MAX)?;
    let state = match &order.step {
        VerificationStep::AskSupplement { reason } => {
            expects(&period, &[DocumentState::Filed, DocumentState::Confirmed], order)?;
            if reason.trim().is_empty() {
                return Err(guards::invalid("reason", reason, "what is missing"));
            }
            DocumentState::SupplementAsked
        }
        VerificationStep::Confirm { .. } => {
            expects(&period, &[DocumentState::Filed], order)?;
            DocumentState::Confirmed
        }
        VerificationStep::Close { .. } => {
            expects(&period, &[DocumentState::Confirmed], order)?;
            close(work, &book, &period, order)?;
            DocumentState::Closed
        }
    };
    let mut period = Period { state, ..(*period).clone() };
    let (revision, time) = (work.head.revision, work.now());
    period.steps.push(StepTaken { step: order.step.clone(), by: by.clone(), revision, time });
    work.put::<Periods>((order.book_no.clone(), order.sequence), Arc::new(period));
    work.state = Some(state);
    Ok(())
}

/// The book says how far it is closed: that is all that a closing writes of its lists ([`Movement::state_in`]).
fn close(work: &mut Work<'_>, book: &Book, period: &Period, order: &VerificationOrder) -> Result<(), Stop> {
    let Some(end) = period.end else {
        return Err(mismatch("chgoffDueTime", "", "a last day", order));
    };
    let next_day = Date(end.0.checked_add(1).ok_or_else(Stop::overflow)?);
    let before = midnight(work.head.utc_offset, next_day);
    if before > work.now() {
        // What is still to be posted on the last day would be verified without being in any figure.
        return Err(mismatch("chgoffDueTime", end, format!("before {}", work.today()), order));
    }
    if period.begin.is_some_and(|begin| begin > end) {
        return Err(mismatch("chgoffBeginTime", end, "not after the last day", order));
    }
    if let Some(closed) = book.last_closed {
        if order.sequence <= closed.sequence {
            return Err(mismatch(
                "chgoffTmsCnt",
                order.sequence,
                format!("more than {}", closed.sequence),
                order,
            ));
        }
        if period.begin.is_some_and(|begin| begin != closed.next_day) {
            let begin = period.begin.map_or_else(String::new, |begin| begin.to_string());
            return Err(mismatch("chgoffBeginTime", begin, closed.next_day, order));
        }
        if end < closed.next_day {
            return Err(mismatch("chgoffDueTime", end, format!("not before {}", closed.next_day), order));
        }
    }
    if book.open_adjustments > 0 {
        return Err(Refusal::new(Reason::VerificationState)
            .field("adjustments", book.open_adjustments)
            .expected("none of the book on which customs has not decided")
            .document(&order.book_no)
            .into());
    }
    let last_closed = Some(LastClosed { sequence: order.sequence, before, next_day });
    let book = Book { last_closed, verified_time: Some(work.now()), ..book.clone() };
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    Ok(())
}

fn expects(period: &Period, states: &[DocumentState], order: &VerificationOrder) -> Result<(), Stop> {
    if states.contains(&period.state) {
        return Ok(());
    }
    if period.state == DocumentState::Closed {
        return Err(closed(order.sequence, &order.book_no));
    }
    let expected: Vec<&str> = states.iter().map(|state| state.code()).collect();
    Err(wrong_state(period, expected.join(" or "), &order.book_no))
}

fn wrong_state(period: &Period, expected: impl Display, book_no: &BookNo) -> Stop {
    Refusal::new(Reason::VerificationState)
        .field("state", period.state)
        .expected(expected)
        .document(book_no)
        .into()
}

fn closed(sequence: u64, book_no: &BookNo) -> Stop {
    Refusal::new(Reason::PeriodVerified).field("chgoffTmsCnt", sequence).document(book_no).into()
}

fn unknown(book_no: &BookNo, sequence: u64) -> Stop {
    Refusal::new(Reason::DocumentUnknown)
        .field("chgoffTmsCnt", sequence)
        .expected("a verification that was declared")
        .document(book_no)
        .into()
}

fn mismatch(field: &str, value: impl Display, expected: impl Display, order: &VerificationOrder) -> Stop {
    Refusal::new(Reason::PeriodMismatch)
        .field(field, value)
        .expected(expected)
        .document(&order.book_no)
        .into()
}
