//! The standing of BOM versions, as chance orders it.

use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build;
use crate::common::model::BookCopy;
use crate::common::world::NO_BOOK;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::bom_standing::{BomOrder, BomOutcome, BomStep, BomValidity};
use zonebook_ledger::code::{BomVersion, NoticeNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::time::Date;

const TWISTS: &[Twist<BomOrder>] = &[
    ("no reason", |order| order.reason = " ".into()),
    ("book of nobody", |order| order.book_no = build::book_no(NO_BOOK)),
    ("version of nobody", |order| order.version = BomVersion::new("V9").unwrap()),
    ("product that is not filed", |order| order.product = 77),
    ("no minutes", |order| {
        if let BomStep::Settle { minutes, .. } = &mut order.step {
            minutes.clear();
        }
    }),
    ("another notice", |order| {
        if let BomStep::Settle { notice_no, .. } = &mut order.step {
            *notice_no = notice("N99");
        }
    }),
    ("replaced by itself", |order| {
        if let BomStep::Settle { outcome, .. } = &mut order.step {
            *outcome = BomOutcome::Replaced(order.version.clone());
        }
    }),
    ("replaced by nobody", |order| {
        if let BomStep::Settle { outcome, .. } = &mut order.step {
            *outcome = BomOutcome::Replaced(BomVersion::new("V9").unwrap());
        }
    }),
    ("days the wrong way round", |order| {
        if let BomStep::Limit(validity) = &mut order.step {
            *validity = BomValidity { from: Some(Date(20_700)), until: Some(Date(20_699)) };
        }
    }),
];

fn notice(number: &str) -> NoticeNo {
    NoticeNo::new(number).unwrap()
}

/// A challenge, mostly the end of one where there is one, now and then other days.
pub fn order(scribe: &Scribe, intent: &Intent) -> Option<Command> {
    let [pick, how, days, which, end, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let versions: Vec<BomKey> = shelf.books.iter().flat_map(versions).collect();
    let state = |key: &BomKey| shelf.bom_state(key).0;
    let open: Vec<BomKey> = versions.iter().filter(|key| state(key).is_some()).cloned().collect();
    // Most challenges are settled soon, so that the trade goes on.
    let key =
        choose(if how.is_multiple_of(4) { &[] } else { &open }, pick).or_else(|| choose(&versions, pick))?;
    let step = match state(&key) {
        Some(notice_no) if !how.is_multiple_of(4) => {
            let others = versions.iter().filter(|other| {
                (&other.book_no, other.product) == (&key.book_no, key.product) && other.version != key.version
            });
            let others: Vec<BomKey> = others.cloned().collect();
            let successor = choose(&others, which).filter(|_| end.is_multiple_of(2));
            let outcome =
                successor.map_or(BomOutcome::Confirmed, |other| BomOutcome::Replaced(other.version));
            BomStep::Settle { notice_no, minutes: "minutes 4".into(), outcome }
        }
        _ if how % 8 < 3 => BomStep::Limit(validity(scribe, days, end)),
        _ => BomStep::Challenge { notice_no: notice(["N1", "N2", "N3", "N4", "N5"][usize::from(which) % 5]) },
    };
    let BomKey { book_no, product, version } = key;
    let mut order = BomOrder { book_no, product, version, step, reason: "yield of line 3".into() };
    twist(TWISTS, &mut order, intent.twist);
    Some(Command::OrderBom(order))
}

fn versions(book: &BookCopy) -> Vec<BomKey> {
    let key = |row: &zonebook_ledger::document::BomRow| BomKey {
        book_no: book.filing.book_no.clone(),
        product: row.product,
        version: row.version.clone(),
    };
    let mut keys: Vec<BomKey> = book.bom.iter().map(key).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Mostly days around today.
fn validity(scribe: &Scribe, days: u8, end: u8) -> BomValidity {
    let today = scribe.clock().date().0;
    let from = (!days.is_multiple_of(4)).then(|| Date(today - 3 + i32::from(days % 5)));
    let until = (!end.is_multiple_of(3)).then(|| Date(today - 2 + i32::from(end % 16) * 2));
    match (from, until) {
        (Some(from), Some(until)) if until < from => BomValidity { from: Some(until), until: Some(from) },
        (from, until) => BomValidity { from, until },
    }
}
