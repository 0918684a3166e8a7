//! Passes, reports of the gate and notices that chance files.

use super::book::{half, received};
use super::scribe::choose;
use super::twist::{PASS_TWISTS, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, bill_pass as blank_bill, part_pass, pass as blank};
use crate::common::model::ListCopy;
use crate::common::world::{BILLS, DECLARATIONS, PASSES, goods};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::document::{Binding, Document, PassFiling, PassageStage};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;

/// The next pass number that is free, first those whose reports came early; when all are taken, any.
fn free_number(scribe: &Scribe, pick: u8) -> &'static str {
    let shelf = &scribe.model.shelf;
    let free: Vec<_> = PASSES.into_iter().filter(|number| shelf.pass(number).is_none()).collect();
    let reported = |number: &&&str| shelf.held.iter().any(|report| report.pass_no.as_str() == **number);
    let early = free.iter().find(reported).copied();
    early.or(free.first().copied()).unwrap_or(PASSES[usize::from(pick) % PASSES.len()])
}

fn finished(mut filing: PassFiling, intent: &Intent) -> Document {
    twist(PASS_TWISTS, &mut filing, intent.twist);
    Document::Pass(filing)
}

/// A pass for lists that wait: many lists, one list, or part of one.
pub fn pass(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, kind, part, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let rest = |list: &ListCopy, line: &zonebook_ledger::document::ListLine| {
        line.declared.raw() - shelf.reserved(list.content.list_no.as_str(), line)
    };
    // Now and then a list that is done with.
    let any = kind % 16 == 15;
    let open = |list: &&ListCopy| {
        (list.state == DocumentState::PrePosted || any)
            && (list.content.kind == "0" || pick.is_multiple_of(4))
            && list.content.lines.iter().any(|line| rest(list, line) > 0)
    };
    let lists: Vec<_> = shelf.lists.iter().filter(open).collect();
    let first = choose(&lists, which)?;
    let number = free_number(scribe, pick);
    let (direction, list_no) = (first.content.direction, first.content.list_no.as_str());
    let untouched = |list: &ListCopy| {
        list.content.lines.iter().all(|line| shelf.reserved(list.content.list_no.as_str(), line) == 0)
    };
    let filing = match kind % 3 {
        0 => {
            let fits =
                |list: &&&ListCopy| list.content.direction == direction && (untouched(list) || part == 0);
            let linked: Vec<_> =
                lists.iter().filter(fits).map(|list| list.content.list_no.as_str()).collect();
            let count = 1 + usize::from(part) % 3;
            let linked: Vec<_> = linked.into_iter().rev().take(count).collect();
            PassFiling { binding: Binding::ManyDocuments, ..blank(number, direction, &linked) }
        }
        1 if untouched(first) => blank(number, direction, &[list_no]),
        _ => {
            let mut parts = Vec::new();
            for line in first.content.lines.iter().filter(|line| rest(first, line) > 0) {
                let rest = Quantity::from_raw(rest(first, line));
                parts.push((line.line, if part % 2 == 0 { rest } else { half(rest) }));
            }
            part_pass(number, direction, list_no, &parts)
        }
    };
    Some(finished(filing, intent))
}

/// A pass on a bill of lading.
pub fn bill_pass(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, item, amount, bill, ..] = intent.picks;
    let accumulates =
        |book: &&crate::common::model::BookCopy| book.filing.booking_mode == BookingMode::Accumulating;
    let books: Vec<_> = scribe.model.shelf.books.iter().filter(accumulates).collect();
    let book = choose(&books, pick)?.filing.book_no.as_str();
    let brought: Vec<_> = (0..=u64::from(item % 2))
        .map(|line| u64::from(item / 2) % 3 + 1 + line)
        .map(|number| (goods((number - 1) % 3 + 1), received(1, amount).declared))
        .collect();
    let bill = BILLS[usize::from(bill) % BILLS.len()];
    Some(finished(blank_bill(free_number(scribe, pick), book, bill, &brought), intent))
}

/// A report about a pass that is on its way, mostly; else about any, filed or not.
pub fn report(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, which, stage, ..] = intent.picks;
    let open: Vec<_> = scribe
        .model
        .shelf
        .passes
        .iter()
        .filter(|pass| pass.state != DocumentState::Passed)
        .map(|pass| pass.filing.pass_no.to_string())
        .collect();
    let any = PASSES[usize::from(which) % PASSES.len()].to_owned();
    let number = if pick.is_multiple_of(6) { any } else { choose(&open, which).unwrap_or(any) };
    let stage = match stage % 6 {
        0 => PassageStage::GateOne,
        1 if stage > 128 => PassageStage::Other,
        _ => PassageStage::Passed,
    };
    // Reports may come late: their time is not that of the ledger.
    let passed_at = LocalTime(scribe.clock().0 - i64::from(pick) * 60);
    Document::Passage(build::passage(&number, stage, passed_at))
}

/// A notice about a declaration, known or not yet.
pub fn notice(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, channel, late, ..] = intent.picks;
    let waits = |list: &&ListCopy| list.state == DocumentState::PrePosted && list.release_time.is_none();
    let awaited: Vec<String> = scribe
        .model
        .shelf
        .lists
        .iter()
        .filter(waits)
        .filter_map(|list| list.content.declaration_no.as_ref().map(ToString::to_string))
        .collect();
    let any = DECLARATIONS[usize::from(pick) % DECLARATIONS.len()].to_owned();
    let number = if pick.is_multiple_of(6) { any } else { choose(&awaited, pick).unwrap_or(any) };
    let channel = ["P", "P", "R", "P", "C"][usize::from(channel) % 5];
    let noticed_at = LocalTime(scribe.clock().0 - i64::from(late) * 60);
    Document::Notice(build::notice(&number, channel, noticed_at))
}
