//! Work orders: goods issued to production, what they give back, use and make (`domain.md` 3.1, 3.4 row 8).

use super::goods::{self, Goods, Transfer, along, carry_lots};
use super::layers::{self, Wishes};
use super::work::{Stop, Work};
use super::{boms, guards, order_lines, stock};
use crate::book::{Act, Book, Paper, Regime, Usage};
use crate::code::{DocumentNo, WorkOrderNo};
use crate::direction::{Direction, Mark};
use crate::document::{
    OrderEvent, OrderReport, PlannedProduct, WorkOrderFiling, WorkOrderOpening, WorkOrderStep,
};
use crate::event::{Action, Step};
use crate::item::ItemKey;
use crate::limits::{LINES_MAX, TRANSFERS_MAX};
use crate::matrix::{MatrixRow, rule_of_row};
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{BookWorkOrders, Books, OpenPapers, OrderEntries, WorkOrders};
use crate::time::LocalTime;
use crate::work_order::{OrderEntry, OrderMove, OrderStock, WorkOrder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A step in the life of an order.
pub(crate) fn file(work: &mut Work<'_>, filing: &WorkOrderFiling) -> Result<(), Stop> {
    match &filing.step {
        WorkOrderStep::Open(opening) => open(work, &filing.order_no, opening),
        WorkOrderStep::Report(report) => self::report(work, &filing.order_no, report),
        WorkOrderStep::Close { event_no, closed_at } => close(work, &filing.order_no, *event_no, *closed_at),
    }
}

fn open(work: &mut Work<'_>, order_no: &WorkOrderNo, opening: &WorkOrderOpening) -> Result<(), Stop> {
    guards::at_most("products", opening.products.len(), LINES_MAX)?;
    if work.get::<WorkOrders>(order_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("order_no", order_no).into());
    }
    let book = guards::book_for(work, &opening.book_no, "book_no", Act::WorkOrder)?;
    guards::owned_by(&book, &opening.owner, "owner")?;
    guards::book_in_validity(work, &book, opening.declared_at, "declared_at")?;
    guards::book_not_stopped(&book, Direction::Out)?;
    if book.usage != Usage::Processing || book.regime != Regime::WorkOrder {
        return Err(Refusal::new(Reason::RegimeForbids)
            .field("regime", format!("{} {}", book.usage, book.regime))
            .expected(format!("{} {}", Usage::Processing, Regime::WorkOrder))
            .document(&book.book_no)
            .into());
    }
    if opening.products.is_empty() {
        let refusal = Refusal::new(Reason::InvalidField).field("products", "").expected("a product at least");
        return Err(refusal.into());
    }
    guards::once_each("number", opening.products.iter().map(|product| product.number))?;
    for product in &opening.products {
        planned(work, &book, product, opening.declared_at)?;
    }
    let order = WorkOrder {
        opening: opening.clone(),
        state: DocumentState::Open,
        events: 0,
        goods: BTreeMap::new(),
        products: BTreeMap::new(),
        residues: BTreeMap::new(),
        uses: BTreeMap::new(),
        opened_time: work.now(),
        closed_time: None,
    };
    let open_orders = book.open_orders.checked_add(1).ok_or_else(Stop::overflow)?;
    work.put::<OpenPapers>((book.book_no.clone(), Paper::WorkOrder, order_no.into()), ());
    work.put::<BookWorkOrders>((book.book_no.clone(), order_no.clone()), ());
    work.put::<Books>(book.book_no.clone(), Arc::new(Book { open_orders, ..(*book).clone() }));
    keep(work, order_no, order);
    Ok(())
}

/// A filed product, with a version that may be used where one is named. What happens under the order later goes by what
/// was really used, so it is asked of the opening alone.
fn planned(
    work: &Work<'_>,
    book: &Book,
    product: &PlannedProduct,
    declared_at: LocalTime,
) -> Result<(), Stop> {
    guards::positive(product.line, "quantity_declared", Unit::Declared, product.declared)?;
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Product, number: product.number };
    guards::item(work, key, product.line, "number")?;
    let version = product.bom_version.as_ref();
    if version.is_none() {
        return Ok(());
    }
    let (line, product) = (Some(product.line), product.number);
    let named = boms::Named { line, field: "bom_version", product, version };
    boms::in_use(work, book, named, declared_at).map(|_| ())
}

fn report(work: &mut Work<'_>, order_no: &WorkOrderNo, report: &OrderReport) -> Result<(), Stop> {
    let (mut order, book) = opened(work, order_no, report.event_no)?;
    guards::book_in_validity(work, &book, report.reported_at, "reported_at")?;
    may_name(&book, report)?;
    let (moves, cites) = match &report.event {
        OrderEvent::Issue(lines) => {
            guards::book_not_stopped(&book, Direction::Out)?;
            (order_lines::of_stock(work, &book, MatrixRow::MaterialIssue, lines)?, None)
        }
        OrderEvent::Return(lines) => {
            (order_lines::of_stock(work, &book, MatrixRow::MaterialReturn, lines)?, None)
        }
        OrderEvent::Output(output) => {
            guards::book_not_stopped(&book, Direction::Out)?;
            (order_lines::of_output(work, &book, &order.opening, output)?, None)
        }
        OrderEvent::Counter { cites, .. } => {
            (taken_back(work, &book, order_no, *cites, report.event_no)?, Some(*cites))
        }
    };
    let back = cites.is_some();
    not_more_than_in_process(order_no, &order, &moves, back)?;
    let transfers = transfers(&book, &moves, back)?;
    stock::test(work, transfers.iter().filter(|transfer| transfer.from.place != Place::InProcess))?;
    let mover = Mover::from(order_no).at(report.event_no);
    let undone = cites.map(|event| Mover::from(order_no).at(event));
    let named = Some(report.lots.as_slice());
    let forth = || Wishes { named, ..Wishes::on_account(&mover.number) };
    let wishes = undone.as_ref().map_or_else(forth, Wishes::undoing);
    carry_lots(work, Action::PostAtOnce, &mover, &transfers, wishes)?;
    steps(work, &mover.number, report.event_no, &moves, back);
    for moved in &moves {
        account(&mut order, moved, back).ok_or_else(Stop::overflow)?;
    }
    guards::at_most("items of one order", order.goods.len(), LINES_MAX)?;
    guards::at_most("items used for products of one order", order.uses.len(), TRANSFERS_MAX)?;
    guards::at_most("residues of one order", order.residues.len(), LINES_MAX)?;
    let entry = OrderEntry { filed: report.clone(), moves, countered_by: None, posted_time: work.now() };
    work.put::<OrderEntries>((order_no.clone(), report.event_no), Arc::new(entry));
    order.events = report.event_no;
    keep(work, order_no, order);
    Ok(())
}

/// Lots are named of what leaves stock, and of what is in process.
fn may_name(book: &Book, report: &OrderReport) -> Result<(), Stop> {
    let (row, lines): (_, Vec<u64>) = match &report.event {
        OrderEvent::Issue(goods) => (MatrixRow::MaterialIssue, goods.iter().map(|line| line.line).collect()),
        OrderEvent::Return(goods) => {
            (MatrixRow::MaterialReturn, goods.iter().map(|line| line.line).collect())
        }
        OrderEvent::Output(output) => {
            (MatrixRow::OrderUse, output.used.iter().map(|used| used.goods.line).collect())
        }
        OrderEvent::Counter { .. } => (MatrixRow::OrderCounter, Vec::new()),
    };
    layers::may_name(book, &report.lots, goods::rule(row)?.lot_source(), lines.iter().copied())
}

/// An order stays open until nothing of it is in process.
fn close(
    work: &mut Work<'_>,
    order_no: &WorkOrderNo,
    event_no: u64,
    closed_at: LocalTime,
) -> Result<(), Stop> {
    let (mut order, book) = opened(work, order_no, event_no)?;
    guards::book_in_validity(work, &book, closed_at, "closed_at")?;
    for ((mark, number), stock) in &order.goods {
        let left = stock.in_process().ok_or_else(Stop::overflow)?.declared();
        if !left.is_zero() {
            return Err(Refusal::new(Reason::WorkOrderOpenStock)
                .field("number", format!("{mark} {number}"))
                .expected("nothing in process: used, or given back")
                .document(order_no)
                .short(Some(Place::InProcess), Unit::Declared, Quantity::ZERO, left)
                .into());
        }
    }
    order.state = DocumentState::Closed;
    order.events = event_no;
    order.closed_time = Some(work.now());
    let open_orders = book
        .open_orders
        .checked_sub(1)
        .ok_or_else(|| Stop::Broken(format!("book {} has no open order", book.book_no)))?;
    work.remove::<OpenPapers>((book.book_no.clone(), Paper::WorkOrder, order_no.into()));
    work.put::<Books>(book.book_no.clone(), Arc::new(Book { open_orders, ..(*book).clone() }));
    keep(work, order_no, order);
    Ok(())
}

fn keep(work: &mut Work<'_>, order_no: &WorkOrderNo, order: WorkOrder) {
    work.state = Some(order.state);
    work.put::<WorkOrders>(order_no.clone(), Arc::new(order));
}

/// An open order whose next event has this number, and its book.
fn opened(
    work: &mut Work<'_>,
    order_no: &WorkOrderNo,
    event_no: u64,
) -> Result<(WorkOrder, Arc<Book>), Stop> {
    let Some(order) = work.get::<WorkOrders>(order_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("order_no", order_no)
            .document(order_no)
            .into());
    };
    let book = guards::book_for(work, &order.opening.book_no, "book_no", Act::WorkOrder)?;
    if order.state == DocumentState::Closed {
        return Err(Refusal::new(Reason::WorkOrderClosed)
            .field("order_no", order_no)
            .expected(DocumentState::Open)
            .document(order_no)
            .into());
    }
    let expected = order.events.checked_add(1).ok_or_else(Stop::overflow)?;
    if event_no != expected {
        return Err(Refusal::new(Reason::ChangeCountMismatch)
            .field("event_no", event_no)
            .expected(expected)
            .document(order_no)
            .into());
    }
    Ok(((*order).clone(), book))
}

/// What an earlier event moved. It bears from now on which event takes it back.
fn taken_back(
    work: &mut Work<'_>,
    book: &Book,
    order_no: &WorkOrderNo,
    cites: u64,
    event_no: u64,
) -> Result<Vec<OrderMove>, Stop> {
    let refuse = |value: String| {
        Err(Refusal::new(Reason::EventNotOpen)
            .field("cites", value)
            .expected("an event of this order that is no counter-event and has none")
            .document(order_no)
            .into())
    };
    let Some(entry) = work.get::<OrderEntries>((order_no.clone(), cites))? else {
        return refuse(format!("{cites}, which is not there"));
    };
    if matches!(entry.filed.event, OrderEvent::Counter { .. }) {
        return refuse(format!("{cites}, which is a counter-event"));
    }
    if let Some(other) = entry.countered_by {
        return refuse(format!("{cites}, which event {other} took back"));
    }
    if book.last_closed.is_some_and(|closed| entry.posted_time < closed.before) {
        return Err(Refusal::new(Reason::PeriodVerified).field("cites", cites).document(order_no).into());
    }
    let moves = entry.moves.clone();
    let entry = OrderEntry { countered_by: Some(event_no), ..(*entry).clone() };
    work.put::<OrderEntries>((order_no.clone(), cites), Arc::new(entry));
    Ok(moves)
}

/// Whether a move takes goods out of process, or, taken back, does so.
fn leaves_process(row: MatrixRow, back: bool) -> bool {
    rule_of_row(row).is_some_and(|rule| rule.leaves(Place::InProcess, back))
}

/// No order uses or gives back more than it has in process, and who takes the rest takes it in every unit: the stock
/// test (`RULES.md` 3.7) of each order by itself.
fn not_more_than_in_process(
    order_no: &WorkOrderNo,
    order: &WorkOrder,
    moves: &[OrderMove],
    back: bool,
) -> Result<(), Stop> {
    let mut taken: BTreeMap<(Mark, u64), (Measure, u64)> = BTreeMap::new();
    for moved in moves.iter().filter(|moved| leaves_process(moved.row, back)) {
        let (sum, line) = taken.entry((moved.mark, moved.number)).or_insert((Measure::ZERO, moved.line));
        *sum = sum.checked_add(&moved.measure).ok_or_else(Stop::overflow)?;
        *line = moved.line;
    }
    for (key, (sum, line)) in taken {
        let stock = order.goods.get(&key).copied().unwrap_or_default();
        let there = stock.in_process().ok_or_else(Stop::overflow)?;
        let left = there.checked_sub(&sum).ok_or_else(Stop::overflow)?;
        let short = |reason, unit| -> Result<(), Stop> {
            Err(Refusal::new(reason)
                .line(line)
                .field("number", format!("{} {}", key.0, key.1))
                .document(order_no)
                .short(Some(Place::InProcess), unit, sum.get(unit), there.get(unit))
                .into())
        };
        if left.declared().is_negative() {
            return short(Reason::WorkOrderExceeded, Unit::Declared);
        }
        for unit in [Unit::Statutory1, Unit::Statutory2] {
            let rest_goes_with_the_rest =
                there.get(unit).is_zero() || left.get(unit).is_zero() == left.declared().is_zero();
            if left.get(unit).is_negative() || !rest_goes_with_the_rest {
                return short(Reason::StatutoryRemainder, unit);
            }
        }
    }
    Ok(())
}

/// The transfers of the moves of an event; of one that is taken back, the other way round.
pub(crate) fn transfers(book: &Book, moves: &[OrderMove], back: bool) -> Result<Vec<Transfer>, Stop> {
    let mut transfers = Vec::with_capacity(moves.len());
    for moved in moves {
        let goods = Goods {
            line: moved.line,
            mark: moved.mark,
            number: moved.number,
            lot: moved.lot.as_ref(),
            serial: moved.serial.as_ref(),
            measure: moved.measure,
        };
        along(book, goods::rule(moved.row)?.legs, &goods, &mut transfers);
    }
    if back {
        for transfer in &mut transfers {
            std::mem::swap(&mut transfer.from, &mut transfer.to);
        }
    }
    Ok(transfers)
}

/// One step for each row that moved something.
fn steps(work: &mut Work<'_>, document: &DocumentNo, event_no: u64, moves: &[OrderMove], back: bool) {
    let rows: BTreeSet<MatrixRow> =
        moves.iter().map(|moved| if back { MatrixRow::OrderCounter } else { moved.row }).collect();
    work.steps.extend(rows.into_iter().map(|row| Step {
        action: Action::PostAtOnce,
        document: document.clone(),
        version: event_no,
        row: Some(row),
    }));
}

/// Keeps the account of the order; `None` beyond the range of a number.
fn account(order: &mut WorkOrder, moved: &OrderMove, back: bool) -> Option<()> {
    let change = |sum: &mut Measure| -> Option<()> {
        *sum = if back { sum.checked_sub(&moved.measure)? } else { sum.checked_add(&moved.measure)? };
        Some(())
    };
    if moved.row == MatrixRow::OrderOutput {
        let made = if moved.mark == Mark::Product { &mut order.products } else { &mut order.residues };
        return change(made.entry(moved.number).or_default());
    }
    let stock: &mut OrderStock = order.goods.entry((moved.mark, moved.number)).or_default();
    match moved.row {
        MatrixRow::MaterialIssue => change(&mut stock.issued),
        MatrixRow::MaterialReturn => change(&mut stock.returned),
        _ => change(&mut stock.used),
    }?;
    if let Some(product) = moved.product {
        let used = order.uses.entry((product, moved.mark, moved.number)).or_default();
        let declared = moved.measure.declared();
        *used = if back { used.checked_sub(declared)? } else { used.checked_add(declared)? };
    }
    Some(())
}
