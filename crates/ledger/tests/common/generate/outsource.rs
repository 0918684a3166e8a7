//! Outsourced processing as chance does it, step by step: materials out, products or materials back, the end.

use super::list::{goods_of, taken, zone_of};
use super::permit::{free_permit, free_slip};
use super::scribe::choose;
use super::twist::{PERMIT_TWISTS, SLIP_TWISTS, twist};
use super::{Intent, Scribe, permit, processing};
use crate::common::build::{Amount, list as blank_list, list_line, passage};
use crate::common::model::{BookCopy, SlipCopy};
use crate::common::papers::{permit as blank_permit, permit_part, slip as blank_slip, slip_line};
use crate::common::world::{goods_in, local, product};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, List, PassageStage, PermitFiling, PermitKind, SlipFiling};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;

/// A permit to have a product made of two materials.
fn new_permit(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Document {
    let [_, amount, figures, guarantee, ..] = intent.picks;
    let book_no = book.filing.book_no.as_str();
    let much = Quantity::whole(i64::from(amount % 16) + 16);
    let lines = [(1, goods_in(book_no, 1), much), (3, goods_in(book_no, 3), much), (1, product(1), much)];
    let filing = blank_permit(free_permit(scribe), PermitKind::OutsourcedProcessing, book_no, &lines);
    let net = ["0.5", "0.333333333", "1.25", "0.00001"][usize::from(figures) % 4];
    let loss = ["0", "4", "2.5", "33.3"][usize::from(figures / 4) % 4];
    let mut filing =
        PermitFiling { bom: vec![permit_part(3, 1, net, loss)], ..permit::secured(filing, guarantee) };
    if figures.is_multiple_of(3) {
        filing.bom.push(permit_part(3, 2, "0.1", "0"));
    }
    filing.lines[2].mark = Mark::Product;
    twist(PERMIT_TWISTS, &mut filing, intent.twist);
    Document::Permit(filing)
}

/// Materials out, or back.
fn materials(
    scribe: &Scribe,
    permit: &PermitFiling,
    direction: Direction,
    intent: &Intent,
) -> Option<SlipFiling> {
    let [_, pick, amount, levy, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let book = shelf.book(permit.book_no.as_str())?;
    let mut filing = blank_slip(free_slip(scribe), permit.permit_no.as_str(), direction);
    filing.levy_amount = permit::levy(levy);
    for line in permit.lines.iter().filter(|line| line.mark == Mark::Goods) {
        let row = book.row(Mark::Goods, line.number)?;
        let there = match direction {
            Direction::Out => shelf.figures(&zone_of(book, row)).available(),
            Direction::In => {
                let out = shelf.out_on_form(&permit.permit_no, (Mark::Goods, line.number));
                [out, out, 0, 0]
            }
        };
        if there[0] > 0 && (!pick.is_multiple_of(8) || filing.lines.is_empty()) {
            let amounts = taken(&row.units, there, amount);
            let number = filing.lines.len() as u64 + 1;
            filing.lines.push(slip_line(number, line.line, line.number, &goods_of(row), amounts));
        }
    }
    (!filing.lines.is_empty()).then_some(filing)
}

/// Products back.
fn products(scribe: &Scribe, permit: &PermitFiling, intent: &Intent) -> Option<SlipFiling> {
    let [_, _, amount, levy, ..] = intent.picks;
    let line = permit.lines.iter().find(|line| line.mark == Mark::Product)?;
    let declared = match amount % 4 {
        0 => Quantity::from_raw(i128::from(amount) * 12_345 + 1),
        1 => Quantity::whole(i64::from(amount % 6) + 1),
        _ => Quantity::from_raw(i128::from(amount) * 777 + 1),
    };
    let twice = Quantity::from_raw(declared.raw() * 2);
    let amounts = Amount { declared, statutory1: twice, statutory2: None };
    let mut filing = blank_slip(free_slip(scribe), permit.permit_no.as_str(), Direction::In);
    filing.levy_amount = permit::levy(levy);
    filing.lines.push(slip_line(1, line.line, line.number, &product(line.number), amounts));
    Some(filing)
}

/// A receipt of materials, which passes the gate later.
fn receipt(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Document {
    let book_no = book.filing.book_no.as_str();
    let number = super::list::free_number(scribe, intent.picks[0]);
    let line = |(at, item): (u64, u64)| {
        let goods = goods_in(book_no, item);
        let twenty = Quantity::whole(20);
        list_line(at, item, &goods, Amount { declared: twenty, statutory1: twenty, statutory2: None })
    };
    let lines = [(1, 1), (2, 3)].map(line).to_vec();
    // Scrap brings no goods through the gate: what needs no gate is there at once in other worlds, not in this one.
    crate::common::build::filed(List { lines, ..blank_list(number, book_no, Direction::In) })
}

/// A report for a pass of a slip that is on its way.
fn through(scribe: &Scribe, permit: &PermitFiling) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let of_permit =
        |slip: &&SlipCopy| slip.filing.permit_no == permit.permit_no && slip.state == DocumentState::Approved;
    let on = |number: &str| {
        let pass = shelf
            .passes
            .iter()
            .find(|pass| pass.state == DocumentState::Filed && pass.carries_slips(|other| other == number));
        pass.map(|pass| pass.filing.pass_no.to_string())
    };
    let number = shelf.slips.iter().filter(of_permit).find_map(|slip| on(slip.filing.slip_no.as_str()))?;
    let at = local("2026-06-02T12:00:00");
    Some(Document::Passage(passage(&number, PassageStage::Passed, at)))
}

/// The next step of outsourced processing.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let workshop = shelf.books.iter().find(|book| book.filing.usage == Usage::Processing);
    let Some(book) = workshop else { return Some(processing::file("M1", intent)) };
    let open: Vec<PermitFiling> = shelf
        .permits
        .iter()
        .filter(|copy| copy.filing.kind == PermitKind::OutsourcedProcessing && !copy.closed)
        .map(|copy| copy.filing.clone())
        .collect();
    let Some(permit) = choose(&open, which) else { return Some(new_permit(scribe, book, intent)) };
    if let Some(report) = through(scribe, &permit)
        && pick % 8 > 0
    {
        return Some(report);
    }
    if pick % 8 == 5
        && let Some(list) = processing::stocked_product_out(scribe, intent)
    {
        return Some(list);
    }
    let waits =
        |slip: &&SlipCopy| slip.filing.permit_no == permit.permit_no && slip.state == DocumentState::Approved;
    let waiting: Vec<_> = shelf.slips.iter().filter(waits).collect();
    if let Some(slip) = choose(&waiting, which)
        && pick % 8 > 1
    {
        return permit::pass_for(scribe, slip);
    }
    let out = |number| shelf.out_on_form(&permit.permit_no, (Mark::Goods, number)) > 0;
    let filing = match pick % 16 {
        _ if !out(1) && !out(3) => materials(scribe, &permit, Direction::Out, intent),
        0..=2 => materials(scribe, &permit, Direction::Out, intent),
        3..=5 => materials(scribe, &permit, Direction::In, intent),
        6 => return permit::close_one(scribe, &permit.permit_no, intent),
        _ => products(scribe, &permit, intent),
    };
    let Some(mut filing) = filing else { return Some(receipt(scribe, book, intent)) };
    twist(SLIP_TWISTS, &mut filing, intent.twist);
    Some(Document::Slip(filing))
}
