//! Overdrafts that customs allows (`domain.md` 3.4 row 32, `design.md` 2.2).

use super::work::{Stop, Work};
use super::{guards, lists, standing};
use crate::book::Book;
use crate::direction::Mark;
use crate::document::List;
use crate::event::Action;
use crate::item::ItemKey;
use crate::layer::LotMethod;
use crate::limits::{LINES_MAX, ORDERS_MAX};
use crate::matrix::MatrixRow;
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement};
use crate::overdraft::{Overdraft, OverdraftGiven, OverdraftOrder, OverdraftTaken};
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Movements, Overdrafts, OverdrawnPositions};
use crate::time::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Keeps an order: the list it names may overdraw what it names, until a day. A later order replaces it.
pub(crate) fn order(work: &mut Work<'_>, wanted: &OverdraftOrder) -> Result<(), Stop> {
    work.document = Some(wanted.list_no.as_str().into());
    sound(work, wanted)?;
    let book = guards::book(work, &wanted.book_no, "book_no")?;
    guards::bonded(&book)?;
    keeps_no_lots(&book)?;
    goods_known_by_quantity(work, wanted)?;
    if let Some(movement) = work.get::<Movements>(wanted.list_no.clone())? {
        let of_list = guards::book(work, &movement.book_no, "book_no")?;
        may_still_change(&movement, &of_list, wanted)?;
        work.names(wanted.list_no.as_str(), movement.state);
        work.state = Some(movement.state);
    }
    let mut overdraft = work.get::<Overdrafts>(wanted.list_no.clone())?.unwrap_or_default();
    guards::at_most("orders", overdraft.given.len().saturating_add(1), ORDERS_MAX)?;
    let (revision, time) = (work.head.revision, work.now());
    Arc::make_mut(&mut overdraft).given.push(OverdraftGiven { order: wanted.clone(), revision, time });
    work.put::<Overdrafts>(wanted.list_no.clone(), overdraft);
    Ok(())
}

/// A reason, goods, each once and with a quantity, and a day that is not over.
fn sound(work: &Work<'_>, wanted: &OverdraftOrder) -> Result<(), Stop> {
    if wanted.reason.trim().is_empty() {
        return Err(guards::invalid("reason", &wanted.reason, "the reason of the override"));
    }
    guards::at_most("goods", wanted.goods.len(), LINES_MAX)?;
    if wanted.goods.is_empty() {
        return Err(guards::invalid("goods", 0, "the goods that the list may overdraw"));
    }
    let mut seen = BTreeSet::new();
    for limit in &wanted.goods {
        if !seen.insert((limit.mark, limit.number)) {
            return Err(Refusal::new(Reason::NamedTwice).field("number", limit.number).into());
        }
        guards::positive(limit.number, "declared", Unit::Declared, limit.declared)?;
    }
    match work.live_date() {
        Some(today) if wanted.valid_until < today => {
            Err(guards::invalid("valid_until", wanted.valid_until, format!("not before {today}")))
        }
        _ => Ok(()),
    }
}

/// `ORDER_NOT_APPLICABLE`: what is not there is in no lot either.
fn keeps_no_lots(book: &Book) -> Result<(), Stop> {
    match book.lot_method {
        LotMethod::None => Ok(()),
        method => Err(not_applicable("lot_method", method, "a book that keeps no lots", &book.book_no)),
    }
}

/// `ORDER_NOT_APPLICABLE`: a unit known by its serial number is there or not; it cannot be taken twice.
fn goods_known_by_quantity(work: &Work<'_>, wanted: &OverdraftOrder) -> Result<(), Stop> {
    for limit in &wanted.goods {
        let key = ItemKey { book_no: wanted.book_no.clone(), mark: limit.mark, number: limit.number };
        let item = guards::item(work, key, limit.number, "number")?;
        if item.tracked_by_serial || item.serial.is_some() {
            let expected = "goods known by quantity, not by serial number";
            return Err(not_applicable("number", limit.number, expected, &wanted.book_no));
        }
    }
    Ok(())
}

/// A list that is there already can only use it by a change.
fn may_still_change(movement: &Movement, book: &Book, wanted: &OverdraftOrder) -> Result<(), Stop> {
    standing::not_over(movement, book)?;
    if movement.state != DocumentState::PrePosted {
        return Err(Refusal::new(Reason::AlreadyPosted).field("bondInvtNo", &movement.list_no).into());
    }
    if movement.book_no == wanted.book_no {
        return Ok(());
    }
    Err(not_applicable("book_no", &wanted.book_no, &movement.book_no, &movement.list_no))
}

fn not_applicable(
    field: &str,
    value: impl std::fmt::Display,
    expected: impl std::fmt::Display,
    document: impl std::fmt::Display,
) -> Stop {
    Refusal::new(Reason::OrderNotApplicable).field(field, value).expected(expected).document(document).into()
}

/// What a list may overdraw.
#[derive(Default)]
pub(crate) struct Allowance {
    limits: BTreeMap<(Mark, u64), (Place, Quantity)>,
    expired: Option<Date>,
}

impl Allowance {
    /// Whether so much more than is available may be taken from a position: of goods in stock that are named.
    pub(crate) fn covers(&self, position: &PositionKey, beyond: Quantity) -> bool {
        self.limit(position).is_some_and(|limit| self.expired.is_none() && beyond <= limit)
    }

    /// What keeps it from being enough, for the refusal; `None` where customs allowed nothing.
    pub(crate) fn shown(&self, position: &PositionKey) -> Option<String> {
        let limit = self.limit(position)?;
        Some(match self.expired {
            Some(day) => format!("not more than there is: the override of customs was valid until {day}"),
            None => format!("at most {limit} beyond what there is, by override of customs"),
        })
    }

    fn limit(&self, position: &PositionKey) -> Option<Quantity> {
        let (place, limit) = self.limits.get(&(position.mark, position.number))?;
        (*place == position.place && position.serial.is_none()).then_some(*limit)
    }
}

/// What customs allows a list that is being judged: the newest order, if it is for this book and still valid.
pub(crate) fn allowance(work: &Work<'_>, book: &Book, list: &List) -> Result<Allowance, Stop> {
    let Some(overdraft) = work.get::<Overdrafts>(list.list_no.clone())? else {
        return Ok(Allowance::default());
    };
    let Some(OverdraftGiven { order, .. }) = overdraft.given.last() else {
        return Ok(Allowance::default());
    };
    if order.book_no != book.book_no || book.lot_method != LotMethod::None {
        return Ok(Allowance::default());
    }
    let days = std::iter::once(list.declared_at.date()).chain(work.live_date());
    let expired = days.max().filter(|day| *day > order.valid_until).map(|_| order.valid_until);
    let limit = |mark| Place::stock(book.usage, mark);
    let limits =
        order.goods.iter().map(|goods| ((goods.mark, goods.number), (limit(goods.mark), goods.declared)));
    Ok(Allowance { limits: limits.collect(), expired })
}

/// Notes what an accepted list takes although it is not there: at the list, at the positions, and in the event.
pub(crate) fn take(work: &mut Work<'_>, movement: &Movement, taken: Vec<OverdraftTaken>) -> Result<(), Stop> {
    if taken.is_empty() {
        return Ok(());
    }
    for part in &taken {
        let before = work.get::<OverdrawnPositions>(part.position.clone())?.unwrap_or_default();
        let sum = before.checked_add(part.declared).ok_or_else(Stop::overflow)?;
        work.put::<OverdrawnPositions>(part.position.clone(), sum);
    }
    let overdraft = work.get::<Overdrafts>(movement.list_no.clone())?.unwrap_or_default();
    let given = overdraft.given.clone();
    let overdraft = Overdraft { given, taken, in_force: true };
    work.put::<Overdrafts>(movement.list_no.clone(), Arc::new(overdraft));
    lists::step(work, Action::Reserve, movement, MatrixRow::Overdrawn);
    Ok(())
}

/// The content of a list is taken back, and what it took too much with it. That it did stays on record.
pub(crate) fn give_back(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    let Some(mut overdraft) = work.get::<Overdrafts>(movement.list_no.clone())? else { return Ok(()) };
    if !overdraft.in_force {
        return Ok(());
    }
    for part in &overdraft.taken {
        let before = work.get::<OverdrawnPositions>(part.position.clone())?.unwrap_or_default();
        let left = before.checked_sub(part.declared).ok_or_else(Stop::overflow)?;
        work.put::<OverdrawnPositions>(part.position.clone(), left);
    }
    Arc::make_mut(&mut overdraft).in_force = false;
    work.put::<Overdrafts>(movement.list_no.clone(), overdraft);
    Ok(())
}
