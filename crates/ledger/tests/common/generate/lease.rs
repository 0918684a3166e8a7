//! Assets on lease, as chance files them.

use super::book::{file_number, received};
use super::list::{finished_with, free_number, goods_of, taken, zone_of};
use super::repair::through_the_gate;
use super::scribe::choose;
use super::twist::Twist;
use super::{Intent, Scribe};
use crate::common::build::{list as blank, list_line, mode};
use crate::common::model::{BookCopy, ListCopy, Row};
use crate::common::papers::serial;
use crate::common::world::{SERIALS, goods};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Document, List, ListLine};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;

/// What lists of leased assets have wrong.
const LEASE_TWISTS: &[Twist<List>] = &[
    ("no serial", |list| list.lines.iter_mut().for_each(|line| line.serial = None)),
    ("serial of another row", |list| {
        list.lines.iter_mut().for_each(|line| line.serial = Some(serial("SN9")));
    }),
    ("sold", |list| list.mode = mode("0110")),
    ("no lease", |list| list.mode = mode("5034")),
];

/// The next step in the life of an asset: in, to a lessee, back or sold to him, and the gate between them.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let book = leasing_books(scribe).next()?;
    let [step, ..] = intent.picks;
    if let Some(answer) = handed_over(scribe, intent).filter(|_| step.is_multiple_of(2)) {
        return Some(answer);
    }
    let through = through_the_gate(scribe, book);
    let next = match step % 8 {
        5.. if intent.picks[5].is_multiple_of(2) => taken_over(scribe, intent),
        0 => inward(scribe, book, intent),
        1 | 2 => to_lessee(scribe, book, intent),
        3 | 4 => from_lessee(scribe, book, intent).or(through),
        _ => through.or_else(|| from_lessee(scribe, book, intent)),
    };
    let next = next.or_else(|| to_lessee(scribe, book, intent));
    next.or_else(|| inward(scribe, book, intent))
}

fn inward(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, pick, amount, ..] = intent.picks;
    let list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), Direction::In);
    let goods = goods(u64::from(pick % 3) + 1);
    let line = list_line(1, 1, &goods, received(&goods.units, amount));
    let asset = choose(&SERIALS, pick).map(serial);
    let lines = vec![ListLine { serial: asset, ..line }];
    Some(finished_with(LEASE_TWISTS, List { lines, ..list }, intent))
}

/// Assets that stand in a place, some of them or all.
fn moved(
    scribe: &Scribe,
    book: &BookCopy,
    intent: &Intent,
    place: Place,
    direction: Direction,
) -> Option<List> {
    let [_, pick, amount, ..] = intent.picks;
    let there = |row: &Row| scribe.model.shelf.figures(&zone_of(book, row).at(place)).available();
    let rows: Vec<&Row> = book.goods().filter(|row| there(row)[0] > 0).collect();
    let row = choose(&rows, pick)?;
    let list = blank(free_number(scribe, pick), book.filing.book_no.as_str(), direction);
    let line = list_line(1, row.number, &goods_of(row), taken(&row.units, there(row), amount));
    Some(List { lines: vec![ListLine { serial: row.serial.clone(), ..line }], ..list })
}

fn leasing_books(scribe: &Scribe) -> impl Iterator<Item = &BookCopy> {
    scribe.model.shelf.books.iter().filter(|book| book.filing.usage == Usage::Lease)
}

/// An asset that is out goes to another lessor: the list of the new one, who may still lack a book.
fn taken_over(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let leased = |book: &BookCopy| moved(scribe, book, intent, Place::LeasedOut, Direction::Out);
    let (from, out) = leasing_books(scribe).find_map(|book| leased(book).map(|out| (book, out)))?;
    let Some(to) = leasing_books(scribe).find(|book| book.filing.book_no != from.filing.book_no) else {
        let other = ["Y1", "Y2"].into_iter().find(|number| scribe.model.shelf.book(number).is_none())?;
        return Some(file_number(scribe, other, intent));
    };
    let list = blank(free_number(scribe, intent.picks[1]), to.filing.book_no.as_str(), Direction::In);
    let related_book = Some(from.filing.book_no.clone());
    let list = List { kind: "6".into(), mode: mode("1523"), related_book, lines: out.lines, ..list };
    Some(finished_with(LEASE_TWISTS, list, intent))
}

/// The list of the old lessor, where that of a new one waits.
fn handed_over(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [_, pick, other, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let waits = |list: &&ListCopy| {
        let content = &list.content;
        let trade = content.kind == "6" && content.direction == Direction::In && content.mode == mode("1523");
        trade && list.partner.is_none() && list.state == DocumentState::PrePosted
    };
    let theirs = &shelf.lists.iter().find(waits)?.content;
    let from = shelf.book(theirs.related_book.as_ref()?.as_str())?;
    let out = |row: &Row| shelf.figures(&zone_of(from, row).at(Place::LeasedOut)).available()[0] > 0;
    let mut lines = theirs.lines.clone();
    for line in &mut lines {
        line.number = from.goods().find(|row| row.serial == line.serial && out(row))?.number;
    }
    let list = blank(free_number(scribe, pick), from.filing.book_no.as_str(), Direction::Out);
    let list = List {
        kind: "6".into(),
        // Now and then as if the asset stood in the zone.
        mode: mode(if other.is_multiple_of(8) { "5000" } else { "1500" }),
        related_book: Some(theirs.book_no.clone()),
        related_list: Some(theirs.list_no.clone()),
        lines,
        ..list
    };
    Some(finished_with(LEASE_TWISTS, list, intent))
}

fn to_lessee(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let list = moved(scribe, book, intent, Place::Zone, Direction::Out)?;
    let list = List { mode: mode(["1500", "1523"][usize::from(intent.picks[3]) % 2]), ..list };
    Some(finished_with(LEASE_TWISTS, list, intent))
}

fn from_lessee(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let (direction, of) = match intent.picks[3] % 3 {
        0 => (Direction::Out, "0110"),
        1 => (Direction::In, "1500"),
        _ => (Direction::In, "1523"),
    };
    let list = moved(scribe, book, intent, Place::LeasedOut, direction)?;
    Some(finished_with(LEASE_TWISTS, List { mode: mode(of), ..list }, intent))
}
