//! Consumption slips, and what they leave, as chance files them.

use super::list::{dressed, finished, free_number, goods_of, taken, zone_of};
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{self, list as blank, list_line, quantity};
use crate::common::model::{BookCopy, ConsumptionCopy, Row};
use crate::common::papers::{consumption, list_numbers, residue};
use crate::common::world::{self, CONSUMPTIONS, goods_in, is_processing};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{ConsumptionChange, ConsumptionFiling, ConsumptionVoid, Document, List};
use zonebook_ledger::quantity::Quantity;

/// What consumption slips have wrong.
const CONSUMPTION_TWISTS: &[Twist<ConsumptionFiling>] = &[
    ("number that is taken", |slip| {
        slip.consumption_no = zonebook_ledger::code::ConsumptionNo::new("U01").unwrap();
    }),
    ("book that is not there", |slip| slip.book_no = build::book_no(world::NO_BOOK)),
    ("owner of another book", |slip| slip.owner = build::customs_no("2217960009")),
    ("declared late", |slip| slip.declared_at = world::local("2027-01-01T00:00:00")),
    ("list of nobody", |slip| slip.lists = list_numbers(&["L99"])),
    ("list that came first", |slip| slip.lists = list_numbers(&["L01"])),
    ("nothing used", |slip| slip.materials.iter_mut().for_each(|line| line.declared = Quantity::ZERO)),
    ("material that is not filed", |slip| slip.materials.iter_mut().for_each(|line| line.number = 77)),
    ("more than there is", |slip| {
        slip.materials.iter_mut().for_each(|line| line.declared = quantity("5000"));
    }),
    ("material twice", |slip| slip.materials.extend(slip.materials.first().cloned())),
    ("nothing left", |slip| slip.residues.iter_mut().for_each(|line| line.declared = Quantity::ZERO)),
    ("left of what is not filed", |slip| slip.residues.iter_mut().for_each(|line| line.number = 77)),
    ("nothing used, something left", |slip| slip.materials.clear()),
    ("parts of units", |slip| slip.part_swap = !slip.part_swap),
    ("parts of a unit of nobody", |slip| {
        slip.part_swap = true;
        slip.residues.iter_mut().for_each(|line| line.serial = None);
    }),
];

pub fn twisted(mut filing: ConsumptionFiling, intent: &Intent) -> Document {
    twist(CONSUMPTION_TWISTS, &mut filing, intent.twist);
    Document::Consumption(filing)
}

/// The next number that is free; when all are taken, the first.
pub fn free_consumption(scribe: &Scribe) -> &'static str {
    let free = |number: &&&str| {
        scribe.model.shelf.consumptions.iter().all(|slip| slip.filing.consumption_no.as_str() != **number)
    };
    CONSUMPTIONS.iter().find(free).copied().unwrap_or(CONSUMPTIONS[0])
}

const VOID_TWISTS: &[Twist<ConsumptionVoid>] = &[
    ("slip of nobody", |void| {
        void.consumption_no = zonebook_ledger::code::ConsumptionNo::new("U99").unwrap();
    }),
    ("other change number", |void| void.change_no += 1),
];

/// A slip that is taken back, or says something else now: less, more, or of another book.
pub fn again(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, how, amount, which, ..] = intent.picks;
    let slips = &scribe.model.shelf.consumptions;
    let open: Vec<&ConsumptionCopy> = slips.iter().filter(|copy| !copy.cancelled).collect();
    let copy = if which.is_multiple_of(8) { None } else { choose(&open, pick) };
    let copy = copy.or_else(|| choose(&slips.iter().collect::<Vec<_>>(), pick))?;
    let change_no = copy.version + 1;
    if how.is_multiple_of(3) {
        let mut void = ConsumptionVoid { consumption_no: copy.filing.consumption_no.clone(), change_no };
        twist(VOID_TWISTS, &mut void, intent.twist);
        return Some(Document::ConsumptionVoid(void));
    }
    let mut filing = copy.filing.clone();
    for line in &mut filing.materials {
        line.declared = match amount % 4 {
            0 => Quantity::from_raw((line.declared.raw() / 2).max(1)),
            1 => Quantity::from_raw(line.declared.raw() + 100_000),
            _ => line.declared,
        };
    }
    if amount.is_multiple_of(5) {
        filing.residues.pop();
    }
    twist(CONSUMPTION_TWISTS, &mut filing, intent.twist);
    Some(Document::ConsumptionChange(ConsumptionChange { change_no, content: filing }))
}

/// Materials in stock, used, and now and then some of it left.
pub fn file(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, which, amount, left, listed, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let workshops = |book: &&BookCopy| is_processing(book.filing.book_no.as_str());
    let book = choose(&shelf.books.iter().filter(workshops).collect::<Vec<_>>(), pick)?;
    let there = |row: &Row| shelf.figures(&zone_of(book, row)).available();
    let stocked: Vec<&Row> = book.goods().filter(|row| there(row)[0] > 0).collect();
    let row = choose(&stocked, which)?;
    let used = taken(&row.units, there(row), amount).declared;
    let book_no = book.filing.book_no.as_str();
    let mut filing = consumption(free_consumption(scribe), book_no, &[(row.number, used)]);
    for line in 1..=u64::from(left % 3) {
        let some = Quantity::from_raw((used.raw() / 3).max(1));
        filing.residues.push(residue(line, row.number, &goods_in(book_no, row.number), some, None));
    }
    let of_book = shelf.lists.iter().filter(|list| list.content.book_no == book.filing.book_no);
    let of_book: Vec<&str> = of_book.map(|list| list.content.list_no.as_str()).collect();
    if let (0, Some(number)) = (listed % 2, choose(&of_book, listed / 2)) {
        filing.lists = list_numbers(&[number]);
    }
    Some(twisted(filing, intent))
}

/// Scrap that leaves.
pub fn residue_out(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [pick, _, amount, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let mut scrap: Vec<(&BookCopy, &Row)> = Vec::new();
    for book in &shelf.books {
        let left =
            |row: &&Row| row.mark == Mark::Residue && shelf.figures(&zone_of(book, row)).available()[0] > 0;
        scrap.extend(book.rows.iter().filter(left).map(|row| (book, row)));
    }
    let (book, row) = choose(&scrap, pick)?;
    let amounts = taken(&row.units, shelf.figures(&zone_of(book, row)).available(), amount);
    let list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::Out);
    let lines = vec![list_line(1, row.number, &goods_of(row), amounts)];
    let list = dressed(List { mark: Mark::Residue, lines, ..list }, intent);
    Some(finished(list, intent))
}
