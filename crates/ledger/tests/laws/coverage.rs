//! Chance comes everywhere: each row of the matrix and each reason occurs, and most commands are accepted. Laws that hold
//! on histories in which nothing happens would say nothing.

use crate::chance::fixed;
use crate::common::run::{Apply, Asked, run, shipped};
use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use zonebook_ledger::book::{BookKind, Usage};
use zonebook_ledger::code::BookNo;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Books, Key, MemoryState, Zones, get};
use zonebook_ledger::zone::ZoneKind;

const HISTORIES: u64 = 8_000;

/// Reasons that no history brings about today, and why.
const OUT_OF_REACH: &[(Reason, &str)] = &[
    (Reason::BookFaulted, "nothing is broken; see `self_check`"),
    (Reason::BookCancelled, "chance cancels no book, so that the trade goes on; see `tests/book_life.rs`"),
    (Reason::InternalFault, "nothing is broken; see `self_check`"),
    (Reason::RefusedByOperator, "given to `pass_over` by a node that was told so; see `self_check`"),
];

/// Rows of the matrix that no history brings about, and why.
const ROWS_OUT_OF_REACH: &[(MatrixRow, &str)] = &[];

/// How often each row of the matrix, each reason and each verdict occurred, and goods moved in books of which usage in
/// which kind of zone.
#[derive(Default)]
struct Seen {
    rows: BTreeMap<MatrixRow, usize>,
    reasons: BTreeMap<Reason, usize>,
    trades: BTreeMap<(ZoneKind, Usage), usize>,
    accepted: usize,
    all: usize,
}

fn seen(apply: Apply) -> Seen {
    let mut seen = Seen::default();
    for taken in (0..HISTORIES).flat_map(|seed| run(&fixed(seed), apply)) {
        if taken.applied.repeated {
            continue;
        }
        seen.all += 1;
        match &taken.applied.outcome.verdict {
            Verdict::Accepted => seen.accepted += 1,
            Verdict::Refused(refusal) => *seen.reasons.entry(refusal.reason).or_default() += 1,
            Verdict::Duplicate => {}
        }
        let event = query::event(&taken.after, taken.applied.revision).unwrap().unwrap();
        for row in event.steps.iter().filter_map(|step| step.row) {
            *seen.rows.entry(row).or_default() += 1;
        }
        for (key, _) in &taken.writes {
            if let Key::Journal(journal) = key {
                *seen.trades.entry(trade(&taken.after, &journal.position.book_no)).or_default() += 1;
            }
        }
    }
    seen
}

/// The kind of the zone in which a book lies, and what the book is for.
fn trade(state: &MemoryState, book_no: &BookNo) -> (ZoneKind, Usage) {
    let book = get::<Books>(state, book_no.clone()).unwrap().unwrap();
    let zone = get::<Zones>(state, book.office.clone()).unwrap().unwrap();
    (zone.last_kind(), book.usage)
}

/// Goods move in books of every usage that a zone permits, in every kind of zone.
fn every_trade_occurs(seen: &Seen) -> Result<(), String> {
    let all = ZoneKind::ALL.iter().flat_map(|zone| Usage::ALL.iter().map(|usage| (*zone, *usage)));
    let permitted = all.filter(|(zone, usage)| {
        let kinds = BookKind::ALL.iter().filter(|kind| zone.permits(**kind, *usage));
        let processing = matches!(usage, Usage::Processing | Usage::Research | Usage::Repair);
        kinds.count() == BookKind::ALL.len() || zone.permits(BookKind::Logistics, *usage) && !processing
    });
    let missing: Vec<_> = permitted.filter(|trade| !seen.trades.contains_key(trade)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no goods move in {missing:?}: {:?}", seen.trades)) }
}

fn everything_occurs(apply: Apply) -> Result<(), String> {
    let seen = seen(apply);
    let rows = all_occur(MatrixRow::ALL, &seen.rows, ROWS_OUT_OF_REACH);
    let reasons = all_occur(Reason::ALL, &seen.reasons, OUT_OF_REACH);
    match (rows, reasons) {
        (Ok(()), Ok(())) => {}
        (Err(rows), Err(reasons)) => return Err(format!("{rows}\n{reasons}")),
        (Err(why), _) | (_, Err(why)) => return Err(why),
    }
    every_trade_occurs(&seen)?;
    let percent = seen.accepted * 100 / seen.all;
    if percent <= 50 { Err(format!("only {percent} of 100 commands are accepted")) } else { Ok(()) }
}

/// What is not said to be out of reach occurs, and what is said to be does not.
fn all_occur<T: Copy + Ord + Debug + Display>(
    all: &[T],
    seen: &BTreeMap<T, usize>,
    out_of_reach: &[(T, &str)],
) -> Result<(), String> {
    let mut wrong = Vec::new();
    for one in all {
        match (seen.contains_key(one), out_of_reach.iter().find(|(other, _)| other == one)) {
            (true, None) | (false, Some(_)) => {}
            (false, None) => wrong.push(format!("{one} does not occur")),
            (true, Some((_, why))) => wrong.push(format!("{one} occurs, although {why}")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}: {seen:?}", wrong.join(", "))) }
}

#[test]
fn every_row_and_every_reason_occurs() {
    assert_eq!(everything_occurs(&shipped), Ok(()));
}

#[test]
fn a_reason_that_is_never_given_is_caught() {
    let evasive = |state: &MemoryState, asked: &Asked| {
        let (mut applied, writes) = shipped(state, asked);
        if let Verdict::Refused(refusal) = &mut applied.outcome.verdict
            && refusal.reason == Reason::ShortStock
        {
            refusal.reason = Reason::StatutoryRemainder;
        }
        (applied, writes)
    };
    assert!(everything_occurs(&evasive).is_err_and(|why| why.contains("SHORT_STOCK does not occur")));
}
