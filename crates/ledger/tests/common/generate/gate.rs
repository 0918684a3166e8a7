//! Passes, reports of the gate and notices that chance files.

use super::book::{half, received};
use super::scribe::choose;
use super::twist::{PASS_TWISTS, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, bill_pass as blank_bill, part_pass, pass as blank};
use crate::common::model::ListCopy;
use crate::common::world::{BILLS, DECLARATIONS, PASSES, goods_in};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::code::SealNo;
use zonebook_ledger::document::{Binding, Document, ListLine, PassFiling, PassVoid, PassageStage};
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

/// How much of a line is on no pass yet.
fn rest(scribe: &Scribe, list: &ListCopy, line: &ListLine) -> i128 {
    line.declared.raw() - scribe.model.shelf.reserved(list.content.list_no.as_str(), line)
}

fn is_open(scribe: &Scribe, list: &ListCopy) -> bool {
    list.content.lines.iter().any(|line| rest(scribe, list, line) > 0)
}

fn is_untouched(scribe: &Scribe, list: &ListCopy) -> bool {
    list.content.lines.iter().all(|line| rest(scribe, list, line) == line.declared.raw())
}

/// A pass for lists that wait: many lists, one list, or part of one.
pub fn pass(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, kind, part, ..] = intent.picks;
    let lists = &scribe.model.shelf.lists;
    let candidates: Vec<_> = lists
        .iter()
        .filter(|list| list.state == DocumentState::PrePosted)
        .filter(|list| {
            is_open(scribe, list)
                && (matches!(list.content.kind.as_str(), "0" | "8") || pick.is_multiple_of(8))
        })
        .collect();
    // What came in parts goes on; and now and then there is one that is done with.
    let begun: Vec<_> = candidates.iter().copied().filter(|list| !is_untouched(scribe, list)).collect();
    let first = match kind / 3 % 16 {
        0 => choose(&lists.iter().collect::<Vec<_>>(), which),
        1..=7 => choose(&begun, which).or_else(|| choose(&candidates, which)),
        _ => choose(&candidates, which),
    }?;
    let number = free_number(scribe, pick);
    let direction = first.content.direction;
    let filing = match kind % 3 {
        _ if !is_untouched(scribe, first) => part_of(scribe, number, first, part),
        0 => {
            let fits = |list: &&&ListCopy| {
                list.content.direction == direction && (is_untouched(scribe, list) || part == 0)
            };
            let others =
                candidates.iter().filter(fits).filter(|list| list.content.list_no != first.content.list_no);
            let linked: Vec<_> = std::iter::once(&first)
                .chain(others.take(usize::from(part) % 3))
                .map(|list| list.content.list_no.as_str())
                .collect();
            PassFiling { binding: Binding::ManyDocuments, ..blank(number, direction, &linked) }
        }
        1 => blank(number, direction, &[first.content.list_no.as_str()]),
        _ => part_of(scribe, number, first, part),
    };
    let seal_no = SealNo::new(if pick.is_multiple_of(2) { "E-0001" } else { "E-0002" }).ok();
    let sealed = first.content.related_book.is_some() || pick.is_multiple_of(16);
    Some(finished(PassFiling { seal_no: seal_no.filter(|_| sealed), ..filing }, intent))
}

/// The rest of a list, half of it, or as much as if nothing of it were on a pass yet.
fn part_of(scribe: &Scribe, number: &str, list: &ListCopy, part: u8) -> PassFiling {
    let quantity = |line: &ListLine| match part % 8 {
        0 => line.declared,
        1..=4 => half(Quantity::from_raw(rest(scribe, list, line))),
        _ => Quantity::from_raw(rest(scribe, list, line)),
    };
    let open = list.content.lines.iter().filter(|line| rest(scribe, list, line) > 0);
    let parts: Vec<_> = open.map(|line| (line.line, quantity(line))).collect();
    part_pass(number, list.content.direction, list.content.list_no.as_str(), &parts)
}

/// A pass on a bill of lading.
pub fn bill_pass(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, item, amount, bill, ..] = intent.picks;
    let accumulates =
        |book: &&crate::common::model::BookCopy| book.filing.booking_mode == BookingMode::Accumulating;
    let books: Vec<_> = scribe.model.shelf.books.iter().filter(accumulates).collect();
    let book = choose(&books, pick)?.filing.book_no.as_str();
    let one = goods_in(book, 1).units;
    let brought: Vec<_> = (0..=u64::from(item % 2))
        .map(|line| u64::from(item / 2) % 3 + 1 + line)
        .map(|number| (goods_in(book, (number - 1) % 3 + 1), received(&one, amount).declared))
        .collect();
    let bill = BILLS[usize::from(bill) % BILLS.len()];
    Some(finished(blank_bill(free_number(scribe, pick), book, bill, &brought), intent))
}

/// The end of a pass that is on its way, mostly.
pub fn void(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let passes = &scribe.model.shelf.passes;
    let fresh: Vec<_> = passes.iter().filter(|pass| pass.state == DocumentState::Filed).collect();
    let all: Vec<_> = passes.iter().collect();
    let pass = if pick.is_multiple_of(4) { choose(&all, which) } else { choose(&fresh, which) }?;
    let number = if pick == 7 { "P99" } else { pass.filing.pass_no.as_str() };
    Some(Document::PassVoid(PassVoid { pass_no: build::pass_no(number) }))
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
