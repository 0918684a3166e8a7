//! Processing books with what products are made of, and products that leave, as chance files them.

use super::Scribe;
use super::book::{received, rows, twisted};
use super::list::{dressed, finished_with, free_number, inside_or_between};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, list, transfer_form};
use crate::common::build::{Amount, filed, list as blank, list_line, office, quantity};
use crate::common::model::{BookCopy, Row, unit_consumption};
use crate::common::papers::{bom_row, processing_book, row};
use crate::common::world::{self, goods_in, product};
use zonebook_ledger::book::{BookKind, BookingMode, Regime, Usage};
use zonebook_ledger::code::{BomVersion, PermitNo};
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::document::{BomRow, BookFiling, BookRow, Document, List, ListLine, PermitKind};
use zonebook_ledger::quantity::{Factor, Quantity};

/// Two products of a book.
const PRODUCTS: [u64; 2] = [1, 2];

/// What is wrong with a book of processing and its BOM.
const BOM_TWISTS: &[Twist<BookFiling>] = &[
    ("nothing used", |book| last(book, |row| row.net = Factor::ZERO)),
    ("tangible loss below nothing", |book| last(book, |row| row.tangible_loss = factor("-1"))),
    ("intangible loss below nothing", |book| last(book, |row| row.intangible_loss = factor("-1"))),
    ("everything lost", |book| last(book, |row| row.intangible_loss = factor("100"))),
    ("more than all of it bonded", |book| last(book, |row| row.bonded_share = factor("100.000000001"))),
    ("less than nothing of it bonded", |book| last(book, |row| row.bonded_share = factor("-1"))),
    ("product that is not filed", |book| last(book, |row| row.product = 77)),
    ("material that is not filed", |book| last(book, |row| row.material = 77)),
    ("line twice", |book| book.bom.extend(book.bom.first().cloned())),
    ("consumption a little off", |book| {
        last(book, |row| row.unit_consumption = Factor::from_raw(row.unit_consumption.raw() + 1));
    }),
    ("by work orders", |book| book.regime = Some(Regime::WorkOrder)),
    ("in a park", |book| book.office = office(world::PARK)),
    ("filed by the other message", |book| book.kind = BookKind::Logistics),
    ("a line that does not count", |book| last(book, |row| row.amended = false)),
    ("part of another name", |book| {
        for row in &mut book.rows {
            row.part_no = zonebook_ledger::code::PartNo::new("WOOL").unwrap();
        }
    }),
];

fn factor(text: &str) -> Factor {
    Factor::parse(text).unwrap()
}

fn last(book: &mut BookFiling, change: impl FnOnce(&mut BomRow)) {
    if let Some(row) = book.bom.last_mut() {
        change(row);
    }
}

fn with_twist(mut filing: BookFiling, intent: &Intent) -> Document {
    match intent.twist {
        Some(which) if !which.is_multiple_of(4) => twist(BOM_TWISTS, &mut filing, Some(which / 4)),
        _ => filing = twisted(filing, intent),
    }
    Document::Book(filing)
}

/// A line of a BOM with figures that need rounding.
fn made_of(product: u64, version: &str, material: u64, pick: u8) -> BomRow {
    let pick = usize::from(pick);
    let net = ["0.5", "0.333333333", "0.00001", "1.25", "0.000000001"][pick % 5];
    let tangible = ["0", "4", "2.5"][pick / 5 % 3];
    let intangible = ["0", "0.7", "30"][pick / 15 % 3];
    let share = ["100", "50", "33.3", "0"][pick / 45 % 4];
    let mut row = bom_row(product, version, material, [net, tangible, share, "0"]);
    row.intangible_loss = factor(intangible);
    row.unit_consumption = unit_consumption(&row);
    row
}

/// A book with materials, products, and a version of each product.
pub fn file(number: &str, intent: &Intent) -> Document {
    let [_, opening, figures, ..] = intent.picks;
    let mut filing = processing_book(number, world::usage(number));
    filing.rows = rows(number, opening);
    if filing.usage == Usage::Repair {
        let units = row(Mark::Goods, world::UNITS, &world::unit_for_repair(), Amount::default());
        filing.rows.push(BookRow { tracked_by_serial: true, ..units });
    }
    for number in PRODUCTS {
        // Products of work orders come from orders alone: an opening has no statutory quantity to go with them.
        let opens = opening % 8 == number as u8 && filing.regime != Some(Regime::WorkOrder);
        let amount = if opens { one() } else { Amount::default() };
        filing.rows.push(row(Mark::Product, number, &product(number), amount));
        filing.bom.push(made_of(number, "V1", number, figures));
        filing.bom.push(made_of(number, "V1", 3, figures.wrapping_mul(7)));
    }
    with_twist(filing, intent)
}

fn one() -> Amount {
    Amount { declared: Quantity::whole(1), statutory1: Quantity::whole(1), statutory2: None }
}

/// A change: an item is put in place, a version gets another line.
pub fn change(book: &BookCopy, intent: &Intent) -> Document {
    let [_, number, opening, marks, figures, ..] = intent.picks;
    let book_no = book.filing.book_no.as_str();
    let mut filing = processing_book(book_no, book.filing.usage);
    filing.regime = None;
    filing.change_no = Some(book.change_no + 1);
    let number = u64::from(number % 5) + 1;
    let goods = goods_in(book_no, number);
    let mut item = row(Mark::Goods, number, &goods, received(&goods.units, opening));
    item.stops = Stops::from_execution_mark(["1", "1", "1", "1", "4", "5", "6"][usize::from(marks) % 7]);
    filing.rows.push(item);
    let version = ["V1", "V2", "V3"][usize::from(figures) % 3];
    filing.bom.push(made_of(u64::from(marks % 2) + 1, version, number, figures / 3));
    with_twist(filing, intent)
}

/// Lines of a product that has a version, in small amounts.
fn lines(book: &BookCopy, intent: &Intent) -> Vec<ListLine> {
    let [_, pick, amount, ..] = intent.picks;
    let made: Vec<&BomRow> = book.bom.iter().collect();
    let Some(of) = choose(&made, pick) else { return Vec::new() };
    let declared = match amount % 4 {
        0 => quantity("0.00001"),
        1 => Quantity::from_raw(i128::from(amount) * 12_345),
        _ => Quantity::whole(i64::from(amount % 8) + 1),
    };
    let amount = Amount { declared, statutory1: Quantity::from_raw(declared.raw() * 2), statutory2: None };
    let line = list_line(1, of.product, &product(of.product), amount);
    vec![ListLine { bom_version: Some(of.version.clone()), ..line }]
}

/// What is wrong with lists of products that stand in stock or go out under a list kind of their own.
const STOCKED_TWISTS: &[Twist<List>] = &[
    ("made under no permit", |list| list.permit_no = None),
    ("made under a permit of nobody", |list| list.permit_no = PermitNo::new("F99").ok()),
    ("another product", |list| each(list, |line| line.number = 2)),
    ("out of the country", |list| list.transport = "2".into()),
    ("of another sort", |list| list.mark = Mark::Goods),
];

/// Products that were made outside and are in stock; out by any list, as any other goods.
pub fn stocked_product_out(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let [pick, which, amount, how, ..] = intent.picks;
    let mut stocked = Vec::new();
    for copy in shelf.permits.iter().filter(|copy| copy.filing.kind == PermitKind::OutsourcedProcessing) {
        let book = shelf.book(copy.filing.book_no.as_str())?;
        for line in copy.filing.lines.iter().filter(|line| line.mark == Mark::Product) {
            let Some(row) = book.row(Mark::Product, line.number) else { continue };
            let there = shelf.figures(&list::zone_of(book, row)).available();
            if there[0] > 0 {
                stocked.push((book, row, copy.filing.permit_no.clone(), there));
            }
        }
    }
    let (book, row, permit_no, there) = choose(&stocked, which)?;
    let amounts = list::taken(&row.units, there, amount);
    let line = list_line(1, row.number, &list::goods_of(row), amounts);
    let list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::Out);
    let list = List { mark: Mark::Product, permit_no: Some(permit_no.clone()), lines: vec![line], ..list };
    let list = dressed(list, intent);
    let list = if how.is_multiple_of(3) { sold_by_taxpayer(list) } else { list };
    Some(finished_with(STOCKED_TWISTS, list, intent))
}

/// At home, by a general taxpayer.
pub fn sold_by_taxpayer(list: List) -> List {
    List { kind: "9".into(), transport: "9".into(), ..list }
}

/// What lists of products have wrong.
const PRODUCT_TWISTS: &[Twist<List>] = &[
    ("version of nobody", |list| each(list, |line| line.bom_version = BomVersion::new("V9").ok())),
    ("no version", |list| each(list, |line| line.bom_version = None)),
    ("more than there are materials for", |list| {
        each(list, |line| line.declared = Quantity::whole(100_000));
    }),
    ("destroyed", |list| list.mode = crate::common::build::mode("0200")),
    ("kind of consolidated lists", |list| list.kind = "1".into()),
];

fn each(list: &mut List, change: impl FnMut(&mut ListLine)) {
    list.lines.iter_mut().for_each(change);
}

/// A book whose products are made as they leave.
fn workshop<'s>(scribe: &'s Scribe, intent: &Intent) -> Option<&'s BookCopy> {
    let books = scribe.model.shelf.books.iter();
    let makes = |book: &&BookCopy| book.filing.usage == Usage::Processing && book.regime != Regime::WorkOrder;
    choose(&books.filter(makes).collect::<Vec<_>>(), intent.picks[3])
}

/// Products that leave.
pub fn product_out(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let book = workshop(scribe, intent)?;
    let list = blank(free_number(scribe, intent.picks[0]), book.filing.book_no.as_str(), Direction::Out);
    let list = List { mark: Mark::Product, lines: lines(book, intent), ..list };
    let list = dressed(list, intent);
    let list = if intent.picks[2] % 5 == 4 { sold_by_taxpayer(list) } else { list };
    (!list.lines.is_empty()).then(|| finished_with(PRODUCT_TWISTS, list, intent))
}

/// The transferee's list for products, which become rows of a book kept by receipt.
pub fn transfer_in(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let from = workshop(scribe, intent)?;
    let by_receipt = |book: &&BookCopy| book.filing.booking_mode == BookingMode::RowPerReceipt;
    let to = scribe.model.shelf.books.iter().find(by_receipt)?;
    let lines = lines(from, intent);
    let list = blank(free_number(scribe, intent.picks[0]), to.filing.book_no.as_str(), Direction::In);
    let list = List { related_book: Some(from.filing.book_no.clone()), lines, ..list };
    let list = transfer_form::named(scribe, inside_or_between(list, intent), intent);
    (!list.lines.is_empty()).then(|| list::finished(list, intent))
}

/// Whether lines are of products of a book; they are given its numbers and versions then.
pub fn as_products(from: &BookCopy, lines: &mut [ListLine]) -> bool {
    let of = |line: &ListLine| -> Option<(Row, BomRow)> {
        let same = |row: &&Row| row.mark == Mark::Product && row.tariff == line.tariff_code;
        let row = from.rows.iter().find(same)?;
        let made = from.bom.iter().find(|made| made.product == row.number)?;
        Some((row.clone(), made.clone()))
    };
    let found: Option<Vec<_>> = lines.iter().map(of).collect();
    let Some(found) = found.filter(|found| !found.is_empty()) else { return false };
    for (line, (row, made)) in lines.iter_mut().zip(found) {
        line.number = row.number;
        line.bom_version = Some(made.version);
    }
    true
}
