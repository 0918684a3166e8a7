//! Orders of customs about a book: a later last day, an investigation and its end, and the end of the book itself.

use super::guards;
use super::work::{Stop, Work};
use crate::book::{Act, Book, Case, Paper};
use crate::code::{BookNo, CaseNo, DocumentNo, LotNo, SerialNo};
use crate::command::{BookAction, BookOrder};
use crate::counters::Counters;
use crate::direction::Mark;
use crate::limits::CANCELLED_POSITIONS_MAX;
use crate::measure::Unit;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{BookOrders, Books, Key, LeasedUnits, OpenPapers, Order, Positions, Row, Table, Visit};
use crate::time::Date;
use std::sync::Arc;

/// Carries the order out and keeps it in the history of the book.
pub(crate) fn order(work: &mut Work<'_>, order: &BookOrder) -> Result<(), Stop> {
    if order.reason.is_empty() {
        let expected = "why customs orders it";
        return Err(Refusal::new(Reason::InvalidField).field("reason", "").expected(expected).into());
    }
    let act = match order.action {
        BookAction::Extend(_) => Some(Act::Extension),
        BookAction::Cancel => Some(Act::Cancellation),
        BookAction::OpenCase(_) | BookAction::LiftCase(_) => None,
    };
    let book = match act {
        Some(act) => guards::book_for(work, &order.book_no, "book_no", act)?,
        None => guards::book(work, &order.book_no, "book_no")?,
    };
    let mut book = (*book).clone();
    match &order.action {
        BookAction::Extend(valid_until) => extend(&mut book, *valid_until)?,
        BookAction::OpenCase(case_no) => open_case(work, &mut book, case_no)?,
        BookAction::LiftCase(case_no) => lift_case(&mut book, case_no)?,
        BookAction::Cancel => {
            nothing_in_it(work, &book.book_no)?;
            nothing_open(work, &book.book_no)?;
            book.cancelled = Some(work.now());
        }
    }
    work.document = Some(book.book_no.as_str().into());
    let key = (book.book_no.clone(), work.head.revision);
    work.put::<BookOrders>(key, Arc::new(order.clone()));
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    Ok(())
}

fn extend(book: &mut Book, valid_until: Date) -> Result<(), Stop> {
    if valid_until <= book.valid_until {
        return Err(Refusal::new(Reason::InvalidField)
            .field("valid_until", valid_until)
            .expected(format!("after {}, the last day so far", book.valid_until))
            .document(&book.book_no)
            .into());
    }
    book.valid_until = valid_until;
    Ok(())
}

fn open_case(work: &Work<'_>, book: &mut Book, case_no: &CaseNo) -> Result<(), Stop> {
    if let Some(case) = &book.case {
        return Err(Refusal::new(Reason::CaseMismatch)
            .field("case_no", case_no)
            .expected(format!("a book under no case; this one is under {}", case.case_no))
            .document(&book.book_no)
            .into());
    }
    book.case = Some(Case { case_no: case_no.clone(), since: work.now() });
    Ok(())
}

fn lift_case(book: &mut Book, case_no: &CaseNo) -> Result<(), Stop> {
    match &book.case {
        Some(case) if case.case_no == *case_no => {
            book.case = None;
            Ok(())
        }
        other => {
            let under = other.as_ref().map_or("no case", |case| case.case_no.as_str());
            Err(Refusal::new(Reason::CaseMismatch)
                .field("case_no", case_no)
                .expected(format!("the case of the book: {under}"))
                .document(&book.book_no)
                .into())
        }
    }
}

/// What keeps a book from ending: the first of its positions at which something is or waits. Outside of the book only
/// what waits counts, such as a list of products whose materials a slip accounts for.
fn nothing_in_it(work: &Work<'_>, book_no: &BookNo) -> Result<(), Stop> {
    let end = |mark, number, upper: bool| PositionKey {
        book_no: book_no.clone(),
        mark,
        number,
        lot: upper.then(LotNo::highest),
        serial: upper.then(SerialNo::highest),
        place: if upper { Place::Found } else { Place::Zone },
    };
    let (from, to) = (end(Mark::Goods, 0, false), end(Mark::Residue, u64::MAX, true));
    let (mut seen, mut found) = (0_usize, None);
    work.state().scan(&Positions::key(from), &Positions::key(to), Order::Forward, &mut |key, row| {
        seen = seen.saturating_add(1);
        if let (Key::Position(position), Row::Position(counters)) = (key, row) {
            found = held(&position, &counters).map(|(unit, quantity)| (position, unit, quantity));
        }
        if found.is_some() || seen > CANCELLED_POSITIONS_MAX { Visit::Break(()) } else { Visit::Continue(()) }
    })?;
    if let Some((position, unit, quantity)) = found {
        return Err(Refusal::new(Reason::BookNotEmpty)
            .field("number", format!("{} {}", position.mark, position.number))
            .expected("a book without goods, and without any that wait")
            .document(book_no)
            .short(Some(position.place), unit, Quantity::ZERO, quantity)
            .into());
    }
    guards::at_most("positions of the book", seen, CANCELLED_POSITIONS_MAX)
}

/// What is or waits at a position, in the first unit in which there is anything. A value without goods is a remainder of
/// rounding and holds no book.
fn held(position: &PositionKey, counters: &Counters) -> Option<(Unit, Quantity)> {
    let on_hand = counters.on_hand().filter(|_| position.place.is_inside()).unwrap_or_default();
    let of_goods = Unit::QUANTITIES.into_iter().flat_map(|unit| {
        [on_hand, counters.decrease_pending, counters.increase_pending].map(|m| (unit, m.get(unit)))
    });
    let waiting =
        [counters.decrease_pending, counters.increase_pending].map(|m| (Unit::Value, m.get(Unit::Value)));
    of_goods.chain(waiting).find(|(_, quantity)| !quantity.is_zero())
}

/// The first document that is open on the book without goods of it: a permit, a work order, a pass, a campaign, differences,
/// a transfer form, a lease.
fn nothing_open(work: &Work<'_>, book_no: &BookNo) -> Result<(), Stop> {
    let from = (book_no.clone(), Paper::Permit, DocumentNo::lowest());
    let to = (book_no.clone(), Paper::TransferForm, DocumentNo::highest());
    let first = work.first_key::<OpenPapers>(from, to)?;
    let open = match first {
        Some(Key::OpenPaper((.., number))) => Some(number),
        _ => {
            let (from, to) = ((book_no.clone(), 0), (book_no.clone(), u64::MAX));
            match work.first_key::<LeasedUnits>(from, to)? {
                Some(Key::LeasedUnit(key)) => work.get::<LeasedUnits>(key)?.as_ref().map(DocumentNo::from),
                _ => None,
            }
        }
    };
    match open {
        None => Ok(()),
        Some(number) => Err(Refusal::new(Reason::BookNotEmpty)
            .field("document", &number)
            .expected("a book on which no document is open")
            .document(&number)
            .into()),
    }
}
