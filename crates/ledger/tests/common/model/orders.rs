//! Work orders (`domain.md` 3.1 and 3.4 row 8): a list of events, of which those that were taken back do not count.

use super::checks::{Leg, check_quantities, stock_test};
use super::consumption::same_residue;
use super::lots::Wishes;
use super::permits::today;
use super::shelf::{Row, Shelf, named_twice, stock_place};
use super::{Now, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BookNo, WorkOrderNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    OrderEvent, OrderGoods, OrderOutput, OrderQuantities, OrderReport, OrderResidue, OrderUse,
    WorkOrderFiling, WorkOrderOpening, WorkOrderStep,
};
use zonebook_ledger::item::Units;
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Instant, LocalTime};

/// Goods that an event moved, the product for which they were used, and the line that says so.
pub type Moved = (Leg, Option<u64>, u64);

/// An event of an order.
#[derive(Clone, Debug)]
pub struct EventCopy {
    pub number: u64,
    /// The event that it takes back.
    pub cites: Option<u64>,
    pub moved: Vec<Moved>,
    pub when: Instant,
}

/// A work order.
#[derive(Clone, Debug)]
pub struct OrderCopy {
    pub order_no: WorkOrderNo,
    pub opening: WorkOrderOpening,
    pub events: Vec<EventCopy>,
    pub last: u64,
    pub closed: bool,
}

impl OrderCopy {
    pub fn state(&self) -> DocumentState {
        if self.closed { DocumentState::Closed } else { DocumentState::Open }
    }

    fn is_taken_back(&self, number: u64) -> bool {
        self.events.iter().any(|event| event.cites == Some(number))
    }

    /// What the events moved that count.
    fn moved(&self) -> impl Iterator<Item = &Moved> {
        let counts = |event: &&EventCopy| event.cites.is_none() && !self.is_taken_back(event.number);
        self.events.iter().filter(counts).flat_map(|event| &event.moved)
    }

    /// What it has in process of an item.
    pub fn in_process(&self, mark: Mark, number: u64) -> [i128; 4] {
        let mut sum = [0; 4];
        for ((from, to, moved), ..) in self.moved() {
            for (place, sign) in [(to, 1), (from, -1)] {
                if (place.mark, place.number, place.place) == (mark, number, Place::InProcess) {
                    sum.iter_mut().zip(moved).for_each(|(sum, moved)| *sum += sign * moved);
                }
            }
        }
        sum
    }

    /// Items that were ever issued to it.
    pub fn items(&self) -> Vec<(Mark, u64)> {
        let moved = self.events.iter().flat_map(|event| &event.moved);
        let mut items: Vec<_> = moved
            .filter(|((_, to, _), ..)| to.place == Place::InProcess)
            .map(|((_, to, _), ..)| (to.mark, to.number))
            .collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    /// What it made of an item.
    pub fn made(&self, mark: Mark, number: u64) -> i128 {
        let of_item = |leg: &&Leg| leg.0.place == Place::Made && (leg.0.mark, leg.0.number) == (mark, number);
        self.moved().map(|(leg, ..)| leg).filter(of_item).map(|(_, _, moved)| moved[0]).sum()
    }

    /// What was used of items for products.
    pub fn uses(&self) -> BTreeMap<(u64, Mark, u64), i128> {
        let mut uses = BTreeMap::new();
        for ((from, _, moved), product, _) in self.moved() {
            if let Some(product) = product {
                *uses.entry((*product, from.mark, from.number)).or_default() += moved[0];
            }
        }
        uses
    }
}

impl Shelf {
    pub fn order(&self, number: &WorkOrderNo) -> Option<&OrderCopy> {
        self.orders.iter().find(|order| order.order_no == *number)
    }

    pub(super) fn file_order(&mut self, filing: &WorkOrderFiling, now: Now) -> Result<Shown, Reason> {
        match &filing.step {
            WorkOrderStep::Open(opening) => self.open_order(&filing.order_no, opening, now)?,
            WorkOrderStep::Report(report) => self.report_to_order(&filing.order_no, report, now)?,
            WorkOrderStep::Close { event_no, closed_at } => {
                let order = self.next_event(&filing.order_no, *event_no)?;
                self.check_day(&order.opening.book_no, *closed_at, now)?;
                let in_process = |(mark, number): (Mark, u64)| order.in_process(mark, number)[0] != 0;
                if order.items().into_iter().any(in_process) {
                    return Err(Reason::WorkOrderOpenStock);
                }
                let order = self.order_mut(&filing.order_no);
                order.closed = true;
                order.last = *event_no;
            }
        }
        let state = self.order(&filing.order_no).map(OrderCopy::state);
        Ok(Shown { state, ..Shown::default() })
    }

    fn order_mut(&mut self, number: &WorkOrderNo) -> &mut OrderCopy {
        self.orders.iter_mut().find(|order| order.order_no == *number).unwrap()
    }

    fn check_day(&self, book_no: &BookNo, said: LocalTime, now: Now) -> Result<(), Reason> {
        let last_day = self.book(book_no.as_str()).ok_or(Reason::BookUnknown)?.filing.valid_until;
        if said.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::BookExpired);
        }
        Ok(())
    }

    fn not_stopped(&self, book_no: &BookNo) -> Result<(), Reason> {
        let stopped = self.book(book_no.as_str()).is_some_and(|book| book.stops.stops(Direction::Out));
        if stopped { Err(Reason::BookPaused) } else { Ok(()) }
    }

    fn open_order(
        &mut self,
        number: &WorkOrderNo,
        opening: &WorkOrderOpening,
        now: Now,
    ) -> Result<(), Reason> {
        if opening.products.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if self.order(number).is_some() {
            return Err(Reason::DocumentExists);
        }
        let book = self.free_book(opening.book_no.as_str())?;
        if opening.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        self.check_day(&opening.book_no, opening.declared_at, now)?;
        self.not_stopped(&opening.book_no)?;
        if book.filing.usage != Usage::Processing || book.regime != Regime::WorkOrder {
            return Err(Reason::RegimeForbids);
        }
        if opening.products.is_empty() {
            return Err(Reason::InvalidField);
        }
        if named_twice(opening.products.iter().map(|product| product.number)) {
            return Err(Reason::NamedTwice);
        }
        for product in &opening.products {
            if product.declared.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            book.row(Mark::Product, product.number).ok_or(Reason::ItemNotFiled)?;
            let Some(version) = product.bom_version.clone() else { continue };
            if !book.bom.iter().any(|row| row.product == product.number && row.version == version) {
                return Err(Reason::BomVersionUnknown);
            }
            let key = BomKey { book_no: opening.book_no.clone(), product: product.number, version };
            self.may_use(&key, opening.declared_at, now)?;
        }
        let (order_no, opening) = (number.clone(), opening.clone());
        self.orders.push(OrderCopy { order_no, opening, events: Vec::new(), last: 0, closed: false });
        Ok(())
    }

    /// An open order whose next event has this number.
    fn next_event(&self, number: &WorkOrderNo, event_no: u64) -> Result<OrderCopy, Reason> {
        let order = self.order(number).ok_or(Reason::DocumentUnknown)?;
        self.free_book(order.opening.book_no.as_str())?;
        if order.closed {
            return Err(Reason::WorkOrderClosed);
        }
        if event_no != order.last + 1 { Err(Reason::ChangeCountMismatch) } else { Ok(order.clone()) }
    }

    fn report_to_order(
        &mut self,
        number: &WorkOrderNo,
        report: &OrderReport,
        now: Now,
    ) -> Result<(), Reason> {
        let order = self.next_event(number, report.event_no)?;
        let book_no = &order.opening.book_no;
        self.check_day(book_no, report.reported_at, now)?;
        let (from, lines): (&[Place], Vec<u64>) = match &report.event {
            OrderEvent::Issue(lines) => (&[Place::Zone], lines.iter().map(|line| line.line).collect()),
            OrderEvent::Return(lines) => (&[Place::InProcess], lines.iter().map(|line| line.line).collect()),
            OrderEvent::Output(output) => {
                (&[Place::InProcess], output.used.iter().map(|used| used.goods.line).collect())
            }
            OrderEvent::Counter { .. } => (&[], Vec::new()),
        };
        self.may_name(book_no.as_str(), &report.lots, from, &lines)?;
        let mut cites = None;
        let moved: Vec<Moved> = match &report.event {
            OrderEvent::Issue(lines) => {
                self.not_stopped(book_no)?;
                self.moved_stock(book_no, lines, false)?
            }
            OrderEvent::Return(lines) => self.moved_stock(book_no, lines, true)?,
            OrderEvent::Output(output) => {
                self.not_stopped(book_no)?;
                self.output_legs(&order, output)?
            }
            OrderEvent::Counter { cites: cited, .. } => {
                cites = Some(*cited);
                let event = order.events.iter().find(|event| event.number == *cited);
                let event = event.filter(|event| event.cites.is_none() && !order.is_taken_back(event.number));
                let turned = |((from, to, moved), product, line): Moved| ((to, from, moved), product, line);
                let event = event.ok_or(Reason::EventNotOpen)?;
                if self.is_settled(&order.opening.book_no, event.when) {
                    return Err(Reason::PeriodVerified);
                }
                event.moved.iter().cloned().map(turned).collect()
            }
        };
        not_more_than_in_process(&order, &moved)?;
        let legs = moved.iter().map(|(leg, ..)| leg.clone());
        stock_test(self, legs.filter(|(from, ..)| from.place != Place::InProcess))?;
        let wishes = match cites {
            Some(event) => {
                Wishes { undoes: Some(format!("{number}/{event}")), ..Wishes::on_account(number.as_str()) }
            }
            None => Wishes { named: Some(report.lots.clone()), ..Wishes::on_account(number.as_str()) },
        };
        let document = format!("{number}/{}", report.event_no);
        for (leg, _, line) in &moved {
            self.post_at_once((&document, *line), leg.clone(), now, &wishes)?;
        }
        let copy = self.order_mut(number);
        copy.last = report.event_no;
        copy.events.push(EventCopy { number: report.event_no, cites, moved, when: now.ledger_time });
        Ok(())
    }

    fn moved_stock(&self, book_no: &BookNo, lines: &[OrderGoods], back: bool) -> Result<Vec<Moved>, Reason> {
        if lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        let leg = |line: &OrderGoods| {
            let (stock, moved) = self.known(book_no, line)?;
            let in_process = stock.at(Place::InProcess);
            let leg = if back { (in_process, stock, moved) } else { (stock, in_process, moved) };
            Ok((leg, None, line.line))
        };
        lines.iter().map(leg).collect()
    }

    /// Where goods of a line stand in stock, and how much it is.
    fn known(&self, book_no: &BookNo, line: &OrderGoods) -> Result<(PositionKey, [i128; 4]), Reason> {
        let quantities = &line.quantities;
        if quantities.declared.raw() <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        let book = self.book(book_no.as_str()).unwrap();
        let row = book.row(line.mark, line.number).ok_or(Reason::ItemNotFiled)?;
        let same = row.units.statutory1 == row.units.declared;
        let first = quantities.statutory1.unwrap_or(if same { quantities.declared } else { Quantity::ZERO });
        let second = quantities.statutory2;
        if first.raw() < 0 || second.is_some_and(|second| second.raw() < 0) {
            return Err(Reason::InvalidField);
        }
        let mut units = row.units.clone();
        if second.is_none() {
            units.statutory2 = None;
        }
        check_quantities(&units, quantities.declared, first, second)?;
        let moved = [quantities.declared.raw(), first.raw(), second.map_or(0, Quantity::raw), 0];
        Ok((in_stock(book_no, row), moved))
    }

    fn output_legs(&mut self, order: &OrderCopy, output: &OrderOutput) -> Result<Vec<Moved>, Reason> {
        let book_no = &order.opening.book_no;
        let counts = [output.used.len(), output.products.len(), output.residues.len()];
        if counts.iter().any(|count| *count > LINES_MAX) {
            return Err(Reason::TooLarge);
        }
        if counts.iter().sum::<usize>() == 0 {
            return Err(Reason::InvalidField);
        }
        let mut moved: Vec<Moved> = Vec::new();
        for used in &output.used {
            let product = product_of(&order.opening, used)?;
            let (stock, quantities) = self.known(book_no, &used.goods)?;
            let leg = (stock.at(Place::InProcess), stock.at(Place::Consumed), quantities);
            moved.push((leg, Some(product), used.goods.line));
        }
        for product in &output.products {
            if !plans(&order.opening, product.number) {
                return Err(Reason::ProductNotPlanned);
            }
            let book = self.book(book_no.as_str()).unwrap();
            let row = book.row(Mark::Product, product.number).ok_or(Reason::ItemNotFiled)?;
            let stock = in_stock(book_no, row);
            let quantities = made(&row.units, &product.quantities)?;
            moved.push(((stock.at(Place::Made), stock, quantities), None, product.line));
        }
        for residue in &output.residues {
            let stock = self.order_residue(book_no, residue)?;
            let declared = residue.declared.raw();
            moved.push(((stock.at(Place::Made), stock, [declared, declared, 0, 0]), None, residue.line));
        }
        Ok(moved)
    }

    /// The first record that makes a residue files its item.
    fn order_residue(&mut self, book_no: &BookNo, residue: &OrderResidue) -> Result<PositionKey, Reason> {
        if residue.declared.raw() <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        let book = self.book_mut(book_no.as_str())?;
        if let Some(row) = book.row(Mark::Residue, residue.number) {
            same_residue(row, Some(residue.kind), &residue.tariff_code, &residue.unit)?;
            return Ok(in_stock(book_no, row));
        }
        let unit = || residue.unit.clone();
        let row = Row {
            mark: Mark::Residue,
            number: residue.number,
            part: residue.part_no.clone(),
            tariff: residue.tariff_code.clone(),
            units: Units { declared: unit(), statutory1: unit(), statutory2: None },
            lot: None,
            tracked: false,
            serial: None,
            kind: Some(residue.kind),
            stops: Default::default(),
        };
        let stock = in_stock(book_no, &row);
        book.rows.push(row);
        Ok(stock)
    }
}

fn in_stock(book_no: &BookNo, row: &Row) -> PositionKey {
    PositionKey {
        book_no: book_no.clone(),
        mark: row.mark,
        number: row.number,
        lot: row.lot.clone(),
        serial: row.serial.clone(),
        place: stock_place(Usage::Processing, row.mark),
    }
}

/// 2.8, for what is made: it will leave by list.
pub(super) fn made(units: &Units, quantities: &OrderQuantities) -> Result<[i128; 4], Reason> {
    let declared = quantities.declared;
    let same = units.statutory1 == units.declared;
    let first = quantities.statutory1.unwrap_or(if same { declared } else { Quantity::ZERO });
    let second = quantities.statutory2;
    if [Some(declared), Some(first), second].iter().flatten().any(|given| given.raw() <= 0) {
        return Err(Reason::NonPositiveQty);
    }
    check_quantities(units, declared, first, second)?;
    Ok([declared.raw(), first.raw(), second.map_or(0, Quantity::raw), 0])
}

fn plans(opening: &WorkOrderOpening, product: u64) -> bool {
    opening.products.iter().any(|planned| planned.number == product)
}

fn product_of(opening: &WorkOrderOpening, used: &OrderUse) -> Result<u64, Reason> {
    let product = match used.product {
        None if opening.products.len() == 1 => Some(opening.products[0].number),
        said => said,
    };
    product.filter(|product| plans(opening, *product)).ok_or(Reason::ProductNotPlanned)
}

/// The stock test of the order by itself.
fn not_more_than_in_process(order: &OrderCopy, moved: &[Moved]) -> Result<(), Reason> {
    let mut taken: BTreeMap<(Mark, u64), [i128; 4]> = BTreeMap::new();
    for ((from, _, quantities), ..) in moved.iter().filter(|((from, ..), ..)| from.place == Place::InProcess)
    {
        let sum = taken.entry((from.mark, from.number)).or_default();
        sum.iter_mut().zip(quantities).for_each(|(sum, moved)| *sum += moved);
    }
    for ((mark, number), sum) in taken {
        let there = order.in_process(mark, number);
        if sum[0] > there[0] {
            return Err(Reason::WorkOrderExceeded);
        }
        for unit in 1..=2 {
            let left = there[unit] - sum[unit];
            if left < 0 || (there[unit] != 0 && (left == 0) != (there[0] == sum[0])) {
                return Err(Reason::StatutoryRemainder);
            }
        }
    }
    Ok(())
}
