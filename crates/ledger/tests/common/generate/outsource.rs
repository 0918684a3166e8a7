//! Outsourced processing as chance does it, step by step: materials out, products or materials back, the end.

use super::list::{goods_of, taken, zone_of};
use super::permit::{free_permit, free_slip};
use super::scribe::choose;
use super::twist::{PERMIT_TWISTS, SLIP_TWISTS, Twist, twist};
use super::{Intent, Scribe, permit, processing};
use crate::common::build::{Amount, list as blank_list, list_line, mode, passage, quantity};
use crate::common::model::{BookCopy, DirectExitCopy, PermitCopy, SlipCopy};
use crate::common::papers::{
    direct_exit as blank_exit, permit as blank_permit, permit_no, permit_part, slip as blank_slip, slip_line,
};
use crate::common::world::{DIRECT_EXITS, goods_in, local, product};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::BomVersion;
use zonebook_ledger::direct_exit::{DirectExitAction, DirectExitGrant, DirectExitLine, DirectExitOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    Document, List, ListLine, PassageStage, PermitFiling, PermitKind, SlipFiling,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

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

/// What is wrong with approvals.
const APPROVAL_TWISTS: &[Twist<DirectExitOrder>] = &[
    ("no reason", |order| order.reason = " ".into()),
    ("for nothing", |order| granted(order, |grant| grant.lines.clear())),
    ("for a product twice", |order| granted(order, |grant| grant.lines.extend(grant.lines.first().cloned()))),
    ("for less than nothing", |order| each(order, |line| line.quantity = quantity("-1"))),
    ("for a material", |order| each(order, |line| line.permit_line = 1)),
    ("over before it begins", |order| granted(order, |grant| grant.valid_until = Date(0))),
    ("under a permit of nobody", |order| granted(order, |grant| grant.permit_no = permit_no("F99"))),
    ("under another permit", |order| granted(order, |grant| grant.permit_no = permit_no("F01"))),
    ("the number of a permit", |order| order.approval_no = permit_no("F01")),
    ("revoked", |order| order.action = DirectExitAction::Revoke),
];

fn granted(order: &mut DirectExitOrder, change: impl FnOnce(&mut DirectExitGrant)) {
    if let DirectExitAction::Approve(grant) = &mut order.action {
        change(grant);
    }
}

fn each(order: &mut DirectExitOrder, change: impl FnMut(&mut DirectExitLine)) {
    granted(order, |grant| grant.lines.iter_mut().for_each(change));
}

/// Materials are out, and of no permit's products it is said that they do not come back.
pub fn waits_for_approval(scribe: &Scribe, pick: u8) -> bool {
    let shelf = &scribe.model.shelf;
    let open = shelf.permits.iter().filter(|copy| {
        let approved = shelf.direct_exits.iter().any(|of| of.grant.permit_no == copy.filing.permit_no);
        copy.filing.kind == PermitKind::OutsourcedProcessing && !copy.closed && !approved
    });
    let mut numbers = open.map(|copy| &copy.filing.permit_no);
    pick.is_multiple_of(4) && numbers.any(|number| shelf.out_on_form(number, (Mark::Goods, 1)) > 0)
}

/// Customs approves that products of a permit do not come back, or revokes that.
pub fn approval(scribe: &Scribe, intent: &Intent) -> Option<DirectExitOrder> {
    let [_, which, amount, day, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let outsourced = |copy: &&PermitCopy| copy.filing.kind == PermitKind::OutsourcedProcessing;
    let permits: Vec<_> = shelf.permits.iter().filter(outsourced).collect();
    let permit = &choose(&permits, which)?.filing;
    let known = |number: &&str| shelf.direct_exit(&permit_no(number)).is_some();
    if let (true, Some(number)) = (amount.is_multiple_of(8), DIRECT_EXITS.iter().find(|number| known(number)))
    {
        let order = blank_exit(number, permit.permit_no.as_str(), &[]);
        return Some(DirectExitOrder { action: DirectExitAction::Revoke, ..order });
    }
    let number = DIRECT_EXITS.iter().find(|number| !known(number)).unwrap_or(&DIRECT_EXITS[0]);
    let much = quantity(["1000", "40", "6", "0.5"][usize::from(amount) % 4]);
    let products = permit.lines.iter().filter(|line| line.mark == Mark::Product);
    let products: Vec<_> = products.map(|line| (line.line, line.number, much)).collect();
    let mut order = blank_exit(number, permit.permit_no.as_str(), &products);
    let today = scribe.clock().date();
    granted(&mut order, |grant| grant.valid_until = Date(today.0 + i32::from(day % 8)));
    twist(APPROVAL_TWISTS, &mut order, intent.twist);
    Some(order)
}

/// What is wrong with lists of products that do not come back.
const EXIT_TWISTS: &[Twist<List>] = &[
    ("approved by nobody", |list| list.permit_no = Some(permit_no("X99"))),
    ("another product", |list| list.lines.iter_mut().for_each(|line| line.number = 2)),
    ("destroyed there", |list| list.mode = mode("0400")),
    ("sold by a general taxpayer", |list| list.kind = "9".into()),
    ("materials", |list| list.mark = Mark::Goods),
    ("by a version of the book", |list| {
        list.lines.iter_mut().for_each(|line| line.bom_version = BomVersion::new("V1").ok());
    }),
    ("a line twice over", |list| {
        let more = list.lines.first().cloned();
        list.lines.extend(more.map(|line| ListLine { line: 2, ..line }));
    }),
];

/// Products that leave from where they were made.
fn direct_exit(scribe: &Scribe, permit: &PermitFiling, intent: &Intent) -> Option<Document> {
    let [_, which, amount, way, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let of_permit = |copy: &&DirectExitCopy| copy.grant.permit_no == permit.permit_no;
    let all: Vec<_> = shelf.direct_exits.iter().filter(of_permit).collect();
    let copy = choose(&all, which)?;
    let line = copy.grant.lines.first()?;
    let declared = match amount % 4 {
        0 => Quantity::from_raw(i128::from(amount) * 12_345 + 1),
        1 => Quantity::whole(i64::from(amount % 6) + 1),
        _ => Quantity::from_raw(i128::from(amount) * 777 + 1),
    };
    let amounts = Amount { declared, statutory1: Quantity::from_raw(declared.raw() * 2), statutory2: None };
    let number = super::list::free_number(scribe, intent.picks[0]);
    let mut list = List {
        mark: Mark::Product,
        permit_no: Some(copy.number.clone()),
        transport: if way.is_multiple_of(3) { "9" } else { "2" }.into(),
        lines: vec![list_line(1, line.number, &product(line.number), amounts)],
        ..blank_list(number, permit.book_no.as_str(), Direction::Out)
    };
    if way % 4 == 1 {
        list = crate::common::build::declared(list, "D1");
    }
    twist(EXIT_TWISTS, &mut list, intent.twist);
    Some(crate::common::build::filed(list))
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
    if matches!(pick % 16, 11..=14)
        && let Some(list) = direct_exit(scribe, &permit, intent)
    {
        return Some(list);
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
