//! Orders of customs about books and zones, and carry-overs, as chance gives them.

use super::scribe::choose;
use super::{Intent, Scribe};
use crate::common::build;
use crate::common::model::{BookCopy, Row};
use crate::common::world::{CARRY_OVERS, NO_BOOK, NO_OFFICE, OFFICE, PARK, owner};
use zonebook_ledger::code::{CarryOverNo, CaseNo};
use zonebook_ledger::command::{BookAction, BookOrder, Command, ZoneConversion};
use zonebook_ledger::document::{CarryOverFiling, CarryOverLine, Document};
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::ZoneKind;

/// An order about a book, or a conversion.
pub fn order(scribe: &Scribe, intent: &Intent) -> Command {
    let [which, pick, days, ..] = intent.picks;
    let books: Vec<&BookCopy> = scribe.model.shelf.books.iter().collect();
    let under: Vec<&BookCopy> = books.iter().copied().filter(|book| book.case.is_some()).collect();
    let Some(book) = choose(&books, pick) else { return conversion(scribe, intent) };
    let case_no = CaseNo::new(if intent.twist.is_some() { "C2" } else { "C1" }).unwrap();
    let (book, action) = match which % 8 {
        // A case does not last long, so that the trade goes on.
        0..=3 if !under.is_empty() => {
            let book = choose(&under, pick).unwrap_or(book);
            let known = book.case.clone().filter(|_| intent.twist.is_none());
            (book, BookAction::LiftCase(known.unwrap_or(case_no)))
        }
        0 if intent.twist.is_none() => (book, BookAction::OpenCase(case_no)),
        0 => (book, BookAction::LiftCase(case_no)),
        1 if !under.is_empty() => (under[0], BookAction::OpenCase(case_no)),
        2 | 3 => {
            let later = if intent.twist.is_some() { 0 } else { i32::from(days % 40) + 1 };
            (book, BookAction::Extend(Date(book.filing.valid_until.0 + later)))
        }
        4 | 5 => {
            let full: Vec<&BookCopy> = books
                .iter()
                .copied()
                .filter(|book| scribe.model.shelf.holds_something(book.filing.book_no.as_str()))
                .collect();
            let Some(book) = choose(&full, pick) else { return conversion(scribe, intent) };
            (book, BookAction::Cancel)
        }
        _ => return conversion(scribe, intent),
    };
    let nowhere = intent.twist.is_some_and(|twist| twist.is_multiple_of(5));
    let book_no = if nowhere { build::book_no(NO_BOOK) } else { book.filing.book_no.clone() };
    let reason = if intent.twist.is_some_and(|twist| twist % 5 == 1) { "" } else { "order 7" };
    Command::OrderBook(BookOrder { book_no, action, reason: reason.into() })
}

fn conversion(scribe: &Scribe, intent: &Intent) -> Command {
    let [_, _, days, kind, office, _] = intent.picks;
    let offices = [PARK, PARK, OFFICE, NO_OFFICE];
    let kind = if kind.is_multiple_of(4) { ZoneKind::BondedPort } else { ZoneKind::ComprehensiveBonded };
    Command::ConvertZone(ZoneConversion {
        office: build::office(offices[usize::from(office) % offices.len()]),
        kind,
        from: Date(scribe.clock().date().0 + i32::from(days % 4)),
        reason: if intent.twist.is_some() { "" } else { "letter 41" }.into(),
    })
}

/// Goods go from one store book of an enterprise to its other one.
pub fn carry_over(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let [which, way, other, ..] = intent.picks;
    let shelf = &scribe.model.shelf;
    let (from, to) = if way.is_multiple_of(2) { ("A1", "A3") } else { ("A3", "A1") };
    let (from_book, to_book) = (shelf.book(from)?, shelf.book(to)?);
    let stocked = super::status::stocked(scribe, from_book);
    let all: Vec<&Row> = from_book.goods().collect();
    let row = match intent.twist {
        Some(twist) if twist.is_multiple_of(3) => choose(&all, which)?,
        _ => choose(&stocked, which)?.0,
    };
    let same = |other: &&Row| other.tariff == row.tariff && other.units == row.units;
    let fitting = to_book.goods().find(same).map(|row| row.number);
    let to_number = match intent.twist {
        Some(twist) if twist % 3 == 1 => {
            choose(&to_book.goods().map(|row| row.number).collect::<Vec<_>>(), other)
        }
        _ => fitting,
    };
    let free = CARRY_OVERS
        .iter()
        .find(|number| shelf.carry_overs.iter().all(|filing| filing.carry_over_no.as_str() != **number));
    let odd = intent.twist.is_some_and(|twist| twist % 9 == 8);
    let filing = CarryOverFiling {
        carry_over_no: CarryOverNo::new(free.unwrap_or(&CARRY_OVERS[0])).unwrap(),
        from_book: build::book_no(from),
        to_book: build::book_no(if odd { from } else { to }),
        owner: build::customs_no(owner(from)),
        declared_at: scribe.clock(),
        lines: vec![CarryOverLine { line: 1, mark: row.mark, number: row.number, to_number }],
    };
    Some(Document::CarryOver(filing))
}
