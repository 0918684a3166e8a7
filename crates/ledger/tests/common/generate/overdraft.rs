//! Overrides of customs that let a list take more than there is, and the lists that use them.

use super::list::{dressed, finished, free_number, goods_of, zone_of};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, Amount, filed, list as blank, list_line};
use crate::common::model::{BookCopy, Row};
use crate::common::world::{self, LISTS};
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, List};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::overdraft::{OverdraftLimit, OverdraftOrder};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

const TWISTS: &[Twist<OverdraftOrder>] = &[
    ("no reason", |order| order.reason = " ".into()),
    ("no goods", |order| order.goods.clear()),
    ("goods twice", |order| order.goods.extend(order.goods.first().copied())),
    ("nothing", |order| order.goods.iter_mut().for_each(|limit| limit.declared = Quantity::ZERO)),
    ("a day that is over", |order| order.valid_until = Date(order.valid_until.0 - 10)),
    ("book of nobody", |order| order.book_no = build::book_no(world::NO_BOOK)),
    ("item that is not filed", |order| order.goods.iter_mut().for_each(|limit| limit.number = 77)),
    ("list that came first", |order| order.list_no = build::list_no("L01")),
    ("more goods than a step may have", |order| {
        let limit = |number| OverdraftLimit { mark: Mark::Goods, number, declared: build::quantity("1") };
        order.goods = (1..=LINES_MAX as u64 + 1).map(limit).collect();
    }),
];

/// A list by an order that there is for the next one; else such an order.
pub fn next(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, how, ..] = intent.picks;
    let number = free_number(scribe, pick);
    let shelf = &scribe.model.shelf;
    let order = shelf.overdrafts.iter().rev().find(|order| order.list_no.as_str() == number);
    match order.filter(|_| !how.is_multiple_of(8)).and_then(|order| takes_too_much(scribe, intent, order)) {
        Some(document) => Command::File(Box::new(document)),
        None => Command::AllowOverdraft(allow(scribe, intent, number)),
    }
}

fn allow(scribe: &Scribe, intent: &Intent, number: &str) -> OverdraftOrder {
    let [pick, how, which, amount, until, other] = intent.picks;
    let shelf = &scribe.model.shelf;
    // Units in repair and assets are known by serial number, now and then tried all the same.
    let by_quantity = |book: &&BookCopy| match book.filing.usage {
        Usage::Repair | Usage::Lease | Usage::NonBonded => other.is_multiple_of(16),
        _ => true,
    };
    let books: Vec<&BookCopy> = shelf.books.iter().filter(by_quantity).collect();
    let (book_no, rows) = match choose(&books, which) {
        Some(book) => (book.filing.book_no.as_str(), book.rows.as_slice()),
        None => (world::NO_BOOK, [].as_slice()),
    };
    let row = choose(rows, amount).map_or((Mark::Goods, 1), |row: Row| (row.mark, row.number));
    let declared = build::quantity(["1", "5", "20", "1000"][usize::from(amount / 4) % 4]);
    let list_no = if how % 16 == 8 { LISTS[usize::from(pick) % LISTS.len()] } else { number };
    let mut order = OverdraftOrder {
        list_no: build::list_no(list_no),
        book_no: build::book_no(book_no),
        goods: vec![OverdraftLimit { mark: row.0, number: row.1, declared }],
        valid_until: Date(
            scribe.clock().date().0.max(world::local("2026-06-02T09:00:00").date().0) + i32::from(until % 4),
        ),
        reason: "goods are on the quay, their list is late".into(),
    };
    twist(TWISTS, &mut order, intent.twist);
    order
}

/// All that is available and some of what customs allows beyond it, all of that, or a little more.
fn takes_too_much(scribe: &Scribe, intent: &Intent, order: &OverdraftOrder) -> Option<Document> {
    let [_, _, how, first, second, _] = intent.picks;
    let book = scribe.model.shelf.book(order.book_no.as_str())?;
    let limit = order.goods.first()?;
    let row = book.row(limit.mark, limit.number)?;
    let there = scribe.model.shelf.figures(&zone_of(book, row)).available();
    let beyond = match how % 4 {
        0 => limit.declared.raw(),
        1 => limit.declared.raw() + 1,
        _ => limit.declared.raw() / 2,
    };
    let declared = there[0].max(0) + beyond;
    // More than is there in the other units, too; now and then exactly that, which leaves them at nothing.
    let other = |unit: usize, pick: u8| there[unit].max(0) + i128::from(pick % 8) * 50_000;
    let same = |unit: &zonebook_ledger::code::UnitCode| *unit == row.units.declared;
    let first = if same(&row.units.statutory1) { declared } else { other(1, first) };
    let second =
        row.units.statutory2.as_ref().map(|unit| if same(unit) { declared } else { other(2, second) });
    let amount = Amount {
        declared: Quantity::from_raw(declared),
        statutory1: Quantity::from_raw(first),
        statutory2: second.map(Quantity::from_raw),
    };
    let list = blank(order.list_no.as_str(), order.book_no.as_str(), Direction::Out);
    let lines = vec![list_line(1, row.number, &goods_of(row), amount)];
    let list = dressed(List { mark: row.mark, lines, ..list }, intent);
    Some(if intent.twist.is_some_and(|which| which < 20) { finished(list, intent) } else { filed(list) })
}
