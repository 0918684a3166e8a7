//! A statement tells every movement once, leads from the opening to the closing balance, and says the same later.

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked as Command, Taken, last, run, shipped};
use crate::common::{build, papers, world};
use crate::planted::{more, writing};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::command as ledger;
use zonebook_ledger::counters::{Counter, Counters};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::Document;
use zonebook_ledger::event::{JournalKey, JournalRow};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::{Key, MemoryState, Row as StateRow};
use zonebook_reconcile::statement::{Asked, Head, Holder, Piece, Statement};

/// How many pieces are asked for at a time: few, so that every position is left and taken up again.
const PIECES: usize = 3;

fn asked(holder: Holder, from: Revision, to: Revision, revision: Option<Revision>) -> Asked {
    Asked { holder, from: Moment::After(from), to: Moment::After(to), revision, pending: true }
}

fn told(state: &MemoryState, asked: Asked) -> Result<(Head, Vec<Piece>), String> {
    let mut statement = Statement::open(state, asked).map_err(|error| error.to_string())?;
    let mut pieces = Vec::new();
    loop {
        let some = statement.pieces(state, PIECES).map_err(|fault| fault.to_string())?;
        if some.is_empty() {
            return Ok((statement.head().clone(), pieces));
        }
        pieces.extend(some);
    }
}

fn books(state: &MemoryState) -> Vec<BookNo> {
    let number = |(key, _): (&Key, _)| match key {
        Key::Book(number) => Some(number.clone()),
        _ => None,
    };
    state.rows().filter_map(number).collect()
}

/// Journal rows inside a book, behind a revision and up to another.
fn journal(
    state: &MemoryState,
    book: &BookNo,
    from: Revision,
    to: Revision,
) -> Vec<(JournalKey, Arc<JournalRow>)> {
    let inside = |(key, row): (&Key, &StateRow)| match (key, row) {
        (Key::Journal(key), StateRow::Journal(row))
            if key.position.book_no == *book
                && key.position.place.is_inside()
                && key.revision > from
                && key.revision <= to =>
        {
            Some((key.clone(), Arc::clone(row)))
        }
        _ => None,
    };
    state.rows().filter_map(inside).collect()
}

/// Each position's opening, movements and closing agree with each other and with the ledger.
fn adds_up(state: &MemoryState, head: &Head, pieces: &[Piece]) -> Result<(), String> {
    let mut at: Option<(PositionKey, Counters, Measure)> = None;
    for piece in pieces {
        match (piece, at.take()) {
            (Piece::Opening(section), None) => {
                let there = query::counters(state, &section.position, Moment::After(head.opening)).unwrap();
                if there != section.counters {
                    return Err(format!(
                        "{:?} opens with {:?}, not {there:?}",
                        section.position, section.counters
                    ));
                }
                at = Some((section.position.clone(), there, there.on_hand().unwrap()));
            }
            (Piece::Row(row), Some((position, _, balance))) => {
                let balance = balance.checked_add(&row.received).unwrap().checked_sub(&row.given).unwrap();
                if row.after.on_hand() != Some(balance) {
                    return Err(format!("{position:?}: {row:?} leads to {balance:?}"));
                }
                at = Some((position, row.after, balance));
            }
            (Piece::Closing(closing), Some((position, after, balance))) => {
                let there = query::counters(state, &position, Moment::After(head.closing)).unwrap();
                if closing.counters != there || after != there || there.on_hand() != Some(balance) {
                    return Err(format!("{position:?} closes with {:?}, not {there:?}", closing.counters));
                }
            }
            (piece, at) => return Err(format!("{piece:?} behind {at:?}")),
        }
    }
    at.map_or(Ok(()), |at| Err(format!("{at:?} has no closing balance")))
}

fn rows(pieces: &[Piece]) -> Vec<(PositionKey, Revision, u32, Counters)> {
    let mut position = None;
    let mut rows = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Opening(section) => position = Some(section.position.clone()),
            Piece::Row(row) => {
                rows.push((position.clone().unwrap(), row.revision, row.ordinal, row.after));
            }
            Piece::Closing(_) => {}
        }
    }
    rows
}

fn every_movement_is_told_once(history: &[Command], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let last = query::revision(&end).unwrap();
    for book in books(&end) {
        for (from, to) in [(0, last.0), (last.0 / 3, last.0), (last.0 / 4, last.0 / 2)] {
            let (from, to) = (Revision(from), Revision(to));
            let (head, pieces) = told(&end, asked(Holder::Book(book.clone()), from, to, None))?;
            adds_up(&end, &head, &pieces)?;
            let expected: Vec<_> = journal(&end, &book, from, to)
                .into_iter()
                .map(|(key, row)| (key.position, key.revision, key.ordinal, row.after))
                .collect();
            if rows(&pieces) != expected {
                return Err(format!("{book}: told {:?}, not {expected:?}", rows(&pieces)));
            }
        }
    }
    Ok(())
}

/// A statement itself notices a journal that does not lead to what is there.
fn every_statement_adds_up(history: &[Command], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let all = query::revision(&end).unwrap();
    for book in books(&end) {
        told(&end, asked(Holder::Book(book), Revision(0), all, None))?;
    }
    Ok(())
}

/// What a party is told of all its books is what each of them tells, one after the other.
fn a_party_is_told_of_its_books(history: &[Command], apply: Apply) -> Result<(), String> {
    let end = last(&run(history, apply));
    let all = query::revision(&end).unwrap();
    let mut of_books: BTreeMap<_, Vec<Piece>> = BTreeMap::new();
    for book in books(&end) {
        let (head, pieces) = told(&end, asked(Holder::Book(book), Revision(0), all, None))?;
        of_books.entry(head.customs_no).or_default().extend(pieces);
    }
    for (party, expected) in of_books {
        let (_, pieces) = told(&end, asked(Holder::Party(party.clone()), Revision(0), all, None))?;
        if pieces != expected {
            return Err(format!("{party} is told something else than its books say"));
        }
    }
    Ok(())
}

fn asked_aside(head: Head) -> Head {
    Head { asked: asked(Holder::Party(head.customs_no.clone()), Revision(0), Revision(0), None), ..head }
}

/// What was told at a revision is told of that revision for ever, names and units included.
fn the_same_is_told_later(history: &[Command], apply: Apply) -> Result<(), String> {
    let taken: Vec<Taken> = run(history, apply).into_iter().filter(|taken| !taken.applied.repeated).collect();
    let end = last(&taken);
    for taken in taken.iter().step_by(7) {
        let revision = taken.applied.revision;
        for book in books(&taken.after) {
            let then = told(&taken.after, asked(Holder::Book(book.clone()), Revision(0), revision, None))?;
            let request = asked(Holder::Book(book.clone()), Revision(0), revision, Some(revision));
            let (head, later) = told(&end, request)?;
            if later != then.1 || asked_aside(head) != asked_aside(then.0) {
                return Err(format!(
                    "{book} at {revision:?}: {later:?} is told later, {:?} was then",
                    then.1
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn every_movement_of_a_book_is_told_once() {
    holds("every_movement_of_a_book_is_told_once", every_movement_is_told_once);
}

#[test]
fn a_party_hears_of_all_its_books() {
    holds("a_party_hears_of_all_its_books", a_party_is_told_of_its_books);
}

#[test]
fn a_statement_of_a_revision_stays_as_it_is() {
    holds("a_statement_of_a_revision_stays_as_it_is", the_same_is_told_later);
}

#[test]
fn a_journal_row_that_is_lost_is_noticed() {
    let loses = writing(|_, _, _, writes| {
        if let Some(at) = writes.keys().rposition(|key| matches!(key, Key::Journal(_))) {
            writes.shift_remove_index(at);
        }
    });
    catches(every_statement_adds_up, &loses);
}

#[test]
fn a_journal_row_with_other_counters_is_noticed() {
    let wrong = writing(|_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let StateRow::Journal(row) = row {
                let after = more(row.after, Counter::IncreasePending);
                *row = Arc::new(JournalRow { after, ..(**row).clone() });
            }
        }
    });
    catches(every_statement_adds_up, &wrong);
}

/// A book whose item is renamed, long after it was filed.
fn renamed() -> Vec<Command> {
    let filing = |change_no, name: &str| {
        let goods = world::goods_in("M1", 1);
        let mut row = papers::row(Mark::Goods, 1, &goods, build::amount("5", "5", None));
        row.name = name.into();
        let mut filing = papers::processing_book("M1", Usage::Processing);
        filing.change_no = change_no;
        filing.rows = vec![row];
        ledger::Command::File(Box::new(Document::Book(filing)))
    };
    let between = std::iter::repeat_n(ledger::Command::RecordOverdue, 8);
    let commands = world::beginning().into_iter().chain([filing(None, "cotton")]).chain(between);
    let asked = |command| {
        let proposal =
            ledger::Proposal { principal: world::loopback(), request_id: None, ledger_time: None, command };
        Command { record_time: world::moment("2026-06-02T09:00:00"), proposal }
    };
    commands.chain([filing(Some(1), "linen")]).map(asked).collect()
}

#[test]
fn a_former_name_that_is_lost_is_caught() {
    let forgets = writing(|_, _, _, writes| writes.retain(|key, _| !matches!(key, Key::FormerItem(_))));
    let taken = run(&renamed(), &shipped);
    assert!(taken.iter().all(|taken| taken.applied.outcome.is_accepted()), "{:?}", taken.last());
    assert_eq!(the_same_is_told_later(&renamed(), &shipped), Ok(()));
    assert!(the_same_is_told_later(&renamed(), &forgets).is_err());
}
