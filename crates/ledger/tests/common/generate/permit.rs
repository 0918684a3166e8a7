//! Permits, slips, the lists that answer to them, and verifications that chance files.

use super::book::received;
use super::list::{finished, free_number, goods_of, taken, zone_of};
use super::scribe::choose;
use super::twist::{PERMIT_TWISTS, SLIP_TWISTS, twist};
use super::{Intent, Scribe};
use crate::common::build::{Amount, list as blank, list_line};
use crate::common::model::SlipCopy;
use crate::common::papers::{permit as blank_permit, slip as blank_slip, slip_line, slip_pass, verification};
use crate::common::world::{PASSES, PERMITS, SLIPS};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Document, List, ListLine, PermitFiling, PermitKind, SlipFiling, SlipLine};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;

/// A permit for the first items of a book.
pub fn permit(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, kind, amount, ..] = intent.picks;
    let kinds =
        [PermitKind::BatchedDelivery, PermitKind::Display, PermitKind::BatchedDelivery, PermitKind::Mould];
    let shelf = &scribe.model.shelf;
    let free =
        PERMITS.iter().find(|number| shelf.permits.iter().all(|other| other.permit_no.as_str() != **number));
    let number = free.copied().unwrap_or(PERMITS[0]);
    let book = &shelf.books[usize::from(pick) % shelf.books.len()];
    let kind = kinds[usize::from(kind) % 4];
    let lines: Vec<_> = book
        .goods()
        .take(3)
        .map(|row| (row.number, goods_of(row), Quantity::whole(i64::from(amount % 32) + 4)))
        .collect();
    let mut filing = blank_permit(number, kind, book.filing.book_no.as_str(), &lines);
    twist(PERMIT_TWISTS, &mut filing, intent.twist);
    Document::Permit(filing)
}

fn free_slip(scribe: &Scribe) -> &'static str {
    SLIPS.into_iter().find(|number| scribe.model.shelf.slip(number).is_none()).unwrap_or(SLIPS[0])
}

/// A batch out, or some of an earlier one back.
pub fn slip(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, way, amount, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let sent = |permit: &PermitFiling| {
        let out = |slip: &&SlipCopy| {
            slip.filing.permit_no == permit.permit_no && slip.filing.direction == Direction::Out
        };
        shelf.slips.iter().filter(out).collect::<Vec<_>>()
    };
    let permit = choose(&shelf.permits, pick)?;
    let book = shelf.book(permit.book_no.as_str())?;
    let rows: Vec<_> =
        book.goods().filter(|row| permit.lines.iter().any(|line| line.number == row.number)).collect();
    let stocked: Vec<_> =
        rows.iter().copied().filter(|row| shelf.figures(&zone_of(book, row)).available()[0] > 0).collect();
    let row = choose(&stocked, amount).or_else(|| choose(&rows, amount))?;
    let line = permit.lines.iter().find(|line| line.number == row.number)?;
    let back = way % 3 == 0 && !sent(&permit).is_empty();
    let direction = if back { Direction::In } else { Direction::Out };
    let mut filing = blank_slip(free_slip(scribe), permit.permit_no.as_str(), direction);
    match direction {
        Direction::Out => {
            let there = shelf.figures(&zone_of(book, row)).available();
            let amounts =
                if there[0] > 0 { taken(&row.units, there, amount) } else { received(&row.units, amount) };
            filing.lines.push(slip_line(1, line.line, line.number, &goods_of(row), amounts));
        }
        Direction::In => {
            filing.lines = choose(&sent(&permit), way / 3)?.filing.lines.clone();
        }
    }
    twist(SLIP_TWISTS, &mut filing, intent.twist);
    Some(Document::Slip(filing))
}

/// A pass for a slip that waits.
pub fn pass(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let on_pass = |slip: &&SlipCopy| {
        let named =
            |number: &zonebook_ledger::code::DocumentNo| number.as_str() == slip.filing.slip_no.as_str();
        shelf.passes.iter().any(|pass| pass.filing.linked.iter().any(named))
    };
    let waits = |slip: &&SlipCopy| slip.state == DocumentState::Approved && !on_pass(slip);
    let waiting: Vec<_> = shelf.slips.iter().filter(waits).collect();
    let slip = choose(&waiting, intent.picks[0])?;
    let number = PASSES.into_iter().find(|number| shelf.pass(number).is_none())?;
    Some(Document::Pass(slip_pass(number, slip.filing.direction, slip.filing.slip_no.as_str())))
}

fn as_list_line(at: u64, line: &SlipLine) -> ListLine {
    let amount = Amount { declared: line.declared, statutory1: line.statutory1, statutory2: line.statutory2 };
    let goods = crate::common::world::Goods {
        part: line.part_no.to_string(),
        tariff: line.tariff_code.to_string(),
        units: line.units.clone(),
    };
    list_line(at, line.number, &goods, amount)
}

/// A list that declares slips, or sells what is on display.
pub fn declare(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, more, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let passed = |slip: &&SlipCopy| {
        let open = slip.state == DocumentState::Passed || more.is_multiple_of(8);
        open && slip.filing.direction == Direction::Out
    };
    let slips: Vec<&SlipFiling> = shelf.slips.iter().filter(passed).map(|slip| &slip.filing).collect();
    let first = choose(&slips, pick)?;
    let permit = shelf.permit(&first.permit_no)?;
    let list = blank(free_number(scribe, pick), permit.book_no.as_str(), Direction::Out);
    let list = if permit.kind == PermitKind::BatchedDelivery {
        let mut named = vec![first];
        named.extend(slips.into_iter().find(|other| {
            more % 2 == 1 && other.permit_no == first.permit_no && other.slip_no != first.slip_no
        }));
        let lines = named.iter().flat_map(|slip| &slip.lines);
        let lines = lines.enumerate().map(|(at, line)| as_list_line(at as u64 + 1, line)).collect();
        let slips = named.iter().map(|slip| slip.slip_no.clone()).collect();
        List { kind: "1".into(), slips, lines, ..list }
    } else {
        let line = first.lines.first()?;
        let lines = vec![as_list_line(1, line)];
        List { kind: "5".into(), permit_no: Some(first.permit_no.clone()), lines, ..list }
    };
    let list = match more {
        16..24 => List { slips: [list.slips.clone(), list.slips].concat(), ..list },
        24..80 => List { lines: Vec::new(), ..list },
        _ => list,
    };
    Some(finished(list, intent))
}

/// A verification of what is posted in a book.
pub fn verify(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let lists = &scribe.model.shelf.lists;
    let posted = lists.iter().filter(|list| list.state == DocumentState::Posted);
    let posted: Vec<_> = posted.map(|list| &list.content).collect();
    let all: Vec<_> = lists.iter().map(|list| &list.content).collect();
    let list = if which.is_multiple_of(4) { choose(&all, pick) } else { choose(&posted, pick) }?;
    let sequence = scribe.written.len() as u64;
    let book = if which == 5 { crate::common::world::NO_BOOK } else { list.book_no.as_str() };
    Some(Document::Verification(verification(book, sequence, &[list.list_no.as_str()])))
}

/// Half of a batch.
pub fn less(slip: &mut SlipFiling) {
    for line in &mut slip.lines {
        let half = |of: Quantity| Quantity::from_raw((of.raw() / 2).max(1));
        line.declared = half(line.declared);
        line.statutory1 = half(line.statutory1);
        line.statutory2 = line.statutory2.map(half);
    }
}
