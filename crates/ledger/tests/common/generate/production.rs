//! Work orders, use for research, and products that are exchanged, as chance files them.

use super::consumption::free_consumption;
use super::list::{dressed, finished, free_number, goods_of, taken, zone_of};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe, book};
use crate::common::build::{self, Amount, list as blank, list_line, quantity};
use crate::common::model::{BookCopy, OrderCopy, Row};
use crate::common::papers::{consumption, order_goods, order_residue, quantities, residue, work_order};
use crate::common::world::{self, PROJECTS, WORK_ORDERS, goods_in, product};
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BomVersion, Evidence, ProjectCode, TariffCode, UnitCode};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    ConsumptionFiling, Document, FlowType, List, OrderEvent, OrderGoods, OrderOutput, OrderProduct,
    OrderReport, OrderUse, PlannedProduct, Prototype, Research, WorkOrderFiling, WorkOrderOpening,
    WorkOrderStep,
};
use zonebook_ledger::item::ResidueKind;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;

/// What is wrong with a step of a work order.
const ORDER_TWISTS: &[Twist<WorkOrderFiling>] = &[
    ("order of nobody", |order| order.order_no = zonebook_ledger::code::WorkOrderNo::new("O99").unwrap()),
    ("number that is taken, or closed", |order| {
        order.order_no = zonebook_ledger::code::WorkOrderNo::new("O01").unwrap();
    }),
    ("event out of turn", |order| match &mut order.step {
        WorkOrderStep::Report(report) => report.event_no += 1,
        WorkOrderStep::Close { event_no, .. } => *event_no += 1,
        WorkOrderStep::Open(opening) => opening.products.clear(),
    }),
    ("reported late", |order| {
        let late = world::local("2027-01-01T00:00:00");
        match &mut order.step {
            WorkOrderStep::Report(report) => report.reported_at = late,
            WorkOrderStep::Close { closed_at, .. } => *closed_at = late,
            WorkOrderStep::Open(opening) => opening.declared_at = late,
        }
    }),
    ("other book", |order| opening(order, |opening| opening.book_no = build::book_no("M1"))),
    ("owner of another book", |order| {
        opening(order, |opening| opening.owner = build::customs_no("2217960009"));
    }),
    ("product twice", |order| {
        opening(order, |opening| opening.products.extend(opening.products.first().cloned()))
    }),
    ("nothing planned", |order| planned(order, |product| product.declared = Quantity::ZERO)),
    ("product that is not filed", |order| planned(order, |product| product.number = 77)),
    ("version of nobody", |order| planned(order, |product| product.bom_version = BomVersion::new("V9").ok())),
    ("more than there is", |order| each(order, |goods| goods.quantities = quantities("5000"))),
    ("nothing", |order| each(order, |goods| goods.quantities = quantities("0"))),
    ("less than nothing in the first unit", |order| {
        each(order, |goods| goods.quantities.statutory1 = Some(quantity("-1")));
    }),
    ("item that is not filed", |order| each(order, |goods| goods.number = 77)),
    ("second quantity too many", |order| {
        each(order, |goods| goods.quantities.statutory2 = Some(quantity("1")));
    }),
    ("first statutory quantity off", |order| {
        each(order, |goods| goods.quantities.statutory1 = Some(quantity("0.5")));
    }),
    ("product that is not planned", |order| {
        output(order, |output| output.products.iter_mut().for_each(|made| made.number = 77));
    }),
    ("used for what is not planned", |order| {
        output(order, |output| output.used.iter_mut().for_each(|used| used.product = Some(77)));
    }),
    ("residue of another kind", |order| {
        output(order, |output| {
            output.residues.iter_mut().for_each(|left| left.kind = ResidueKind::ByProduct)
        });
    }),
    ("residue of another code", |order| {
        output(order, |output| {
            let tariff = TariffCode::new("9999999999").unwrap();
            output.residues.iter_mut().for_each(|left| left.tariff_code = tariff.clone());
        });
    }),
    ("residue of another unit", |order| {
        output(order, |output| {
            let unit = UnitCode::new("011").unwrap();
            output.residues.iter_mut().for_each(|left| left.unit = unit.clone());
        });
    }),
    ("nothing left", |order| {
        output(order, |output| output.residues.iter_mut().for_each(|left| left.declared = Quantity::ZERO));
    }),
    ("no statutory quantity of what is made", |order| {
        output(order, |output| output.products.iter_mut().for_each(|made| made.quantities.statutory1 = None));
    }),
    ("nothing reported", |order| output(order, |output| *output = OrderOutput::default())),
    ("event of nobody", |order| {
        if let WorkOrderStep::Report(OrderReport { event: OrderEvent::Counter { cites, .. }, .. }) =
            &mut order.step
        {
            *cites = 99;
        }
    }),
];

fn opening(order: &mut WorkOrderFiling, change: impl FnOnce(&mut WorkOrderOpening)) {
    if let WorkOrderStep::Open(opening) = &mut order.step {
        change(opening);
    }
}

fn planned(order: &mut WorkOrderFiling, change: impl FnMut(&mut PlannedProduct)) {
    opening(order, |opening| opening.products.last_mut().into_iter().for_each(change));
}

fn output(order: &mut WorkOrderFiling, change: impl FnOnce(&mut OrderOutput)) {
    if let WorkOrderStep::Report(OrderReport { event: OrderEvent::Output(output), .. }) = &mut order.step {
        change(output);
    }
}

fn each(order: &mut WorkOrderFiling, change: impl Fn(&mut OrderGoods)) {
    if let WorkOrderStep::Report(report) = &mut order.step {
        match &mut report.event {
            OrderEvent::Issue(lines) | OrderEvent::Return(lines) => lines.iter_mut().for_each(change),
            OrderEvent::Output(output) => output.used.iter_mut().for_each(|used| change(&mut used.goods)),
            OrderEvent::Counter { .. } => {}
        }
    }
}

fn shop(scribe: &Scribe) -> Option<&BookCopy> {
    scribe.model.shelf.books.iter().find(|book| book.filing.book_no.as_str() == "K1")
}

/// The next step in the life of a work order; where there is no book for it, the book.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let Some(book) = shop(scribe) else { return Some(book::file_number(scribe, "K1", intent)) };
    let [pick, which, what, ..] = intent.picks;
    let orders = &scribe.model.shelf.orders;
    let open: Vec<&OrderCopy> =
        orders.iter().filter(|order| !order.closed || what.is_multiple_of(64)).collect();
    let free =
        WORK_ORDERS.iter().find(|number| orders.iter().all(|order| order.order_no.as_str() != **number));
    let Some(order) = choose(&open, pick).filter(|_| free.is_none() || open.len() > usize::from(which % 2))
    else {
        return free.map(|number| twisted(begin(number, intent), intent));
    };
    let step = match what % 9 {
        0 | 1 => issue(scribe, book, order, intent),
        2 => give_back(order, intent),
        3 | 4 => made(order, intent),
        5 => counter(order, intent),
        6 => Some(close(order)),
        7 => return deliver(scribe, book, intent),
        _ => return change_of_regime(book, intent),
    };
    let step = step.or_else(|| issue(scribe, book, order, intent)).unwrap_or_else(|| close(order));
    let order_no = order.order_no.clone();
    Some(twisted(WorkOrderFiling { order_no, step }, intent))
}

fn twisted(mut filing: WorkOrderFiling, intent: &Intent) -> Document {
    twist(ORDER_TWISTS, &mut filing, intent.twist);
    Document::WorkOrder(filing)
}

fn begin(number: &str, intent: &Intent) -> WorkOrderFiling {
    let two = intent.picks[3].is_multiple_of(2);
    let products: &[(u64, &str)] = if two { &[(1, "4"), (2, "2.5")] } else { &[(1, "4")] };
    work_order(number, "K1", products, "V1")
}

fn report(order: &OrderCopy, event: OrderEvent) -> WorkOrderStep {
    let reported_at = world::local("2026-06-02T12:00:00");
    WorkOrderStep::Report(OrderReport { event_no: order.last + 1, reported_at, event, lots: Vec::new() })
}

fn close(order: &OrderCopy) -> WorkOrderStep {
    WorkOrderStep::Close { event_no: order.last + 1, closed_at: world::local("2026-06-02T18:00:00") }
}

fn as_quantities(amount: Amount) -> zonebook_ledger::document::OrderQuantities {
    zonebook_ledger::document::OrderQuantities {
        declared: amount.declared,
        statutory1: Some(amount.statutory1),
        statutory2: amount.statutory2,
    }
}

/// Materials in stock, and products for rework.
fn issue(scribe: &Scribe, book: &BookCopy, order: &OrderCopy, intent: &Intent) -> Option<WorkOrderStep> {
    let [_, which, _, amount, ..] = intent.picks;
    let there = |row: &Row| scribe.model.shelf.figures(&zone_of(book, row)).available();
    let stocked: Vec<&Row> = book.rows.iter().filter(|row| there(row)[0] > 0).collect();
    let row = choose(&stocked, which)?;
    let quantities = as_quantities(taken(&row.units, there(row), amount));
    let goods = OrderGoods { line: 1, mark: row.mark, number: row.number, quantities };
    Some(report(order, OrderEvent::Issue(vec![goods])))
}

/// Some of what is in process, or all of it.
fn in_process(order: &OrderCopy, which: u8, amount: u8) -> Option<OrderGoods> {
    let stocked: Vec<(Mark, u64)> =
        order.items().into_iter().filter(|(mark, number)| order.in_process(*mark, *number)[0] > 0).collect();
    let (mark, number) = choose(&stocked, which)?;
    let goods = match mark {
        Mark::Product => product(number),
        _ => goods_in("K1", number),
    };
    let quantities = as_quantities(taken(&goods.units, order.in_process(mark, number), amount));
    Some(OrderGoods { line: 1, mark, number, quantities })
}

fn give_back(order: &OrderCopy, intent: &Intent) -> Option<WorkOrderStep> {
    let [_, which, _, amount, ..] = intent.picks;
    Some(report(order, OrderEvent::Return(vec![in_process(order, which, amount)?])))
}

/// What is used, what is made of it, and what is left.
fn made(order: &OrderCopy, intent: &Intent) -> Option<WorkOrderStep> {
    let [_, which, _, amount, left, how] = intent.picks;
    let goods = in_process(order, which, amount)?;
    let planned: Vec<u64> = order.opening.products.iter().map(|product| product.number).collect();
    let product = choose(&planned, how)?;
    let said = (planned.len() > 1).then_some(product).filter(|_| how != 200);
    let mut event = OrderOutput { used: vec![OrderUse { goods, product: said }], ..OrderOutput::default() };
    if how.is_multiple_of(5) {
        event.used.clear();
    }
    let declared = Quantity::whole(i64::from(left % 3) + 1);
    if !left.is_multiple_of(4) {
        let statutory1 = Some(Quantity::from_raw(declared.raw() * 2));
        let quantities =
            zonebook_ledger::document::OrderQuantities { declared, statutory1, statutory2: None };
        event.products.push(OrderProduct { line: 1, number: product, quantities });
    }
    if left.is_multiple_of(3) {
        event.residues.push(order_residue(1, 11, ResidueKind::Scrap, "0.5"));
        event.residues.push(order_residue(2, 12, ResidueKind::Defective, "1"));
    }
    Some(report(order, OrderEvent::Output(event)))
}

/// An event is taken back; now and then one that was before, or a counter-event.
fn counter(order: &OrderCopy, intent: &Intent) -> Option<WorkOrderStep> {
    let events: Vec<u64> = order.events.iter().rev().map(|event| event.number).collect();
    let cites = choose(&events, intent.picks[3])?;
    Some(report(order, OrderEvent::Counter { cites, reason: "counted wrong".into() }))
}

/// Products that orders made leave like goods, and so does what else came of them.
fn deliver(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [pick, which, _, amount, ..] = intent.picks;
    let there = |row: &Row| scribe.model.shelf.figures(&zone_of(book, row)).available();
    let of_orders = |row: &&Row| row.mark != Mark::Goods && there(row)[0] > 0;
    let stocked: Vec<&Row> = book.rows.iter().filter(of_orders).collect();
    let row = choose(&stocked, which)?;
    let line = list_line(1, row.number, &goods_of(row), taken(&row.units, there(row), amount));
    let list = blank(free_number(scribe, pick), "K1", Direction::Out);
    let list = dressed(List { mark: row.mark, lines: vec![line], ..list }, intent);
    let list = if amount % 4 == 1 { super::processing::sold_by_taxpayer(list) } else { list };
    Some(finished(list, intent))
}

/// A book asks for another way of accounting for its materials.
fn change_of_regime(book: &BookCopy, intent: &Intent) -> Option<Document> {
    let Document::Book(mut filing) = super::processing::change(book, &Intent { twist: None, ..*intent })
    else {
        return None;
    };
    let regimes = [Regime::Slip, Regime::Bom, Regime::WorkOrder];
    filing.regime = choose(&regimes, intent.picks[3]);
    if intent.picks[4].is_multiple_of(4) {
        filing.bom.clear();
    }
    Some(Document::Book(filing))
}

/// What is wrong with a record of use for research.
const RESEARCH_TWISTS: &[Twist<ConsumptionFiling>] = &[
    ("nobody says for what", |slip| slip.research = None),
    ("other book", |slip| slip.book_no = build::book_no("M1")),
    ("book of work orders", |slip| {
        slip.book_no = build::book_no("K1");
        slip.research = None;
    }),
    ("parts of units", |slip| slip.part_swap = true),
    ("prototype that is not filed", |slip| prototypes(slip, |made| made.number = 77)),
    ("nothing made", |slip| prototypes(slip, |made| made.quantities = quantities("0"))),
    ("second quantity too many", |slip| {
        prototypes(slip, |made| made.quantities.statutory2 = Some(quantity("1")));
    }),
    ("more than there is", |slip| {
        slip.materials.iter_mut().for_each(|used| used.declared = quantity("5000"))
    }),
    ("left of another kind", |slip| {
        slip.residues.iter_mut().for_each(|left| left.kind = Some(ResidueKind::Defective));
    }),
    ("left of another code", |slip| {
        let tariff = TariffCode::new("9999999999").unwrap();
        slip.residues.iter_mut().for_each(|left| left.tariff_code = tariff.clone());
    }),
];

fn prototypes(slip: &mut ConsumptionFiling, change: impl Fn(&mut Prototype)) {
    if let Some(research) = &mut slip.research {
        research.prototypes.iter_mut().for_each(change);
    }
}

/// Use by project, with prototypes and leftovers; where there is no research book, the book.
pub fn research(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let Some(book) = shelf.book("N1") else { return Some(book::file_number(scribe, "N1", intent)) };
    let [pick, which, amount, made, left, _] = intent.picks;
    let there = |row: &Row| shelf.figures(&zone_of(book, row)).available();
    let stocked: Vec<&Row> = book.goods().filter(|row| there(row)[0] > 0).collect();
    let row = choose(&stocked, which)?;
    let used = taken(&row.units, there(row), amount).declared;
    let mut filing = consumption(free_consumption(scribe), "N1", &[(row.number, used)]);
    let mut research = Research {
        project: ProjectCode::new(PROJECTS[usize::from(pick) % PROJECTS.len()]).unwrap(),
        evidence: Evidence::new("sha256:0a1b2c").unwrap(),
        prototypes: Vec::new(),
    };
    if made.is_multiple_of(2) {
        let mut quantities = quantities("1");
        quantities.statutory1 = Some(quantity("2"));
        research.prototypes.push(Prototype { line: 1, number: u64::from(made / 2 % 2) + 1, quantities });
    }
    filing.research = Some(research);
    if left.is_multiple_of(3) {
        let some = Quantity::from_raw((used.raw() / 3).max(1));
        let mut left_over = residue(1, row.number, &goods_in("N1", row.number), some, None);
        left_over.kind =
            [None, Some(ResidueKind::Scrap), Some(ResidueKind::ByProduct)][usize::from(left) / 3 % 3];
        left_over.item = left.is_multiple_of(2).then_some(21);
        filing.residues.push(left_over);
    }
    twist(RESEARCH_TWISTS, &mut filing, intent.twist);
    Some(Document::Consumption(filing))
}

/// What is wrong with lists of an exchange.
const EXCHANGE_TWISTS: &[Twist<List>] = &[
    ("for nothing", |list| list.exchanged_list = None),
    ("for a list of nobody", |list| list.exchanged_list = Some(build::list_no("L99"))),
    ("in another mode", |list| list.mode = build::mode("5034")),
    ("more than came back", |list| {
        list.lines.iter_mut().for_each(|line| line.declared = quantity("99"));
    }),
];

/// Products come back, and others leave for them.
pub fn exchange(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let [pick, which, amount, flow, how, _] = intent.picks;
    let makers: Vec<&BookCopy> =
        shelf.books.iter().filter(|book| book.filing.usage == Usage::Processing).collect();
    let book = choose(&makers, pick)?;
    let came_back: Vec<_> = shelf
        .lists
        .iter()
        .filter(|list| {
            let content = &list.content;
            (content.direction, content.mark) == (Direction::In, Mark::Product)
                && (list.state == DocumentState::Posted || how.is_multiple_of(8))
        })
        .collect();
    let flow = FlowType::ALL.get(usize::from(flow) % 8).copied();
    let number = free_number(scribe, pick);
    let Some(back) = choose(&came_back, which).filter(|_| !how.is_multiple_of(3)) else {
        let declared = Quantity::whole(i64::from(amount % 4) + 1);
        let amount =
            Amount { declared, statutory1: Quantity::from_raw(declared.raw() * 2), statutory2: None };
        let lines = vec![list_line(1, u64::from(which % 2) + 1, &product(u64::from(which % 2) + 1), amount)];
        // It is not declared and needs no release: the gate is all it waits for.
        let list = blank(number, book.filing.book_no.as_str(), Direction::In);
        let list = List { mark: Mark::Product, mode: build::mode("4600"), flow, lines, ..list };
        return Some(finished(list, intent));
    };
    let list = blank(number, back.content.book_no.as_str(), Direction::Out);
    let mut list = List {
        mark: Mark::Product,
        mode: build::mode("4600"),
        exchanged_list: Some(back.content.list_no.clone()),
        flow,
        lines: back.content.lines.clone(),
        ..list
    };
    // Now and then part of what came back, so that several lists go out for it.
    if amount.is_multiple_of(2) {
        for line in &mut list.lines {
            (line.declared, line.statutory1) = (Quantity::whole(1), Quantity::whole(2));
        }
    }
    twist(EXCHANGE_TWISTS, &mut list, intent.twist);
    Some(build::filed(list))
}
