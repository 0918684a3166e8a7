//! Exchange of products (成品退换; modes 4400 and 4600): what goes out for products that came back is taken from stock and
//! uses no materials a second time (`domain.md` 6 A11). All lists that name one return take together not more than it
//! brought back; lists that were filed under the first behaviour are not counted.
//!
//! A message has no field for it: there an outbound product uses its BOM whatever the mode says (`RULES.md` 6.1).

use super::work::{Stop, Work};
use super::{lists, shares};
use crate::behaviour::BehaviourChange;
use crate::direction::{Direction, Mark};
use crate::document::List;
use crate::matrix::{Claim, MATRIX, Rule};
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Exchanged, Movements};
use std::collections::BTreeMap;

/// `EXCHANGE_MISMATCH`: the list cited brought products of this book back, and of each item at least as many are left of
/// it that no list went out for.
pub(crate) fn replaces(work: &Work<'_>, list: &List, rule: &Rule) -> Result<(), Stop> {
    let Some(cited) = &list.exchanged_list else { return Ok(()) };
    let mismatch = |field: &str, value: &dyn std::fmt::Display, expected: &dyn std::fmt::Display| {
        Err(Refusal::new(Reason::ExchangeMismatch)
            .field(field, value)
            .expected(expected)
            .document(cited)
            .into())
    };
    // Products come back to be exchanged in the modes in which others go out for them.
    let exchange = MATRIX.iter().find(|rule| rule.claim == Claim::Exchange);
    let modes = exchange.and_then(Rule::modes).unwrap_or_default();
    let in_mode = format!("mode {}", modes.join(" or "));
    if rule.claim != Claim::Exchange {
        let found = format!("kind {} {} {} mode {}", list.kind, list.direction, list.mark, list.mode);
        return mismatch("exchanged_list", &found, &format!("a list E of products, kind 0, {in_mode}"));
    }
    let found = work.get::<Movements>(cited.clone())?.filter(|other| brought_back(other, list, modes));
    let Some(found) = found else {
        return mismatch(
            "exchanged_list",
            cited,
            &format!("a posted list I of products of this book, {in_mode}"),
        );
    };
    let left = left(work, &found)?;
    for line in &list.lines {
        let left = left.get(&line.number).copied().unwrap_or_default().max(Quantity::ZERO);
        let asked =
            total(list.lines.iter().filter(|other| other.number == line.number).map(|other| other.declared))?;
        if asked > left {
            return mismatch("dclQty", &asked, &format!("at most {left} of product {}", line.number));
        }
    }
    Ok(())
}

/// Keeps what a list takes of the return that it names.
pub(crate) fn claim(work: &mut Work<'_>, list: &List, lines: &[MovementLine]) -> Result<(), Stop> {
    let Some(cited) = &list.exchanged_list else { return Ok(()) };
    if !work.has(BehaviourChange::ExchangesCounted) {
        return Ok(());
    }
    shares::take::<Exchanged>(work, cited, "exchanged_list", list, lines)
}

/// Gives back part of what lines of a list took; one that was filed under the first behaviour took nothing.
pub(crate) fn give_back_parts(
    work: &mut Work<'_>,
    movement: &Movement,
    parts: &[MovementLine],
) -> Result<(), Stop> {
    let (cited, by) = (movement.exchanged_list.as_ref(), &movement.list_no);
    let Some(of) = cited else { return Ok(()) };
    let shares = work.get::<Exchanged>(of.clone())?.unwrap_or_default();
    if shares.iter().all(|share| share.list_no != *by) {
        return Ok(());
    }
    shares::give_back::<Exchanged>(work, cited, by, parts)
}

/// What may go out for each item that a list brought back.
fn left(work: &Work<'_>, brought: &Movement) -> Result<BTreeMap<u64, Quantity>, Stop> {
    if work.has(BehaviourChange::ExchangesCounted) {
        return shares::left::<Exchanged>(work, brought);
    }
    let lines = lists::content(work, brought)?;
    let mut left = BTreeMap::new();
    for line in lines.iter() {
        let of_item = lines.iter().filter(|other| other.filed.number == line.filed.number);
        left.insert(line.filed.number, total(of_item.map(|other| other.filed.declared))?);
    }
    Ok(left)
}

fn brought_back(other: &Movement, list: &List, modes: &[&str]) -> bool {
    other.book_no == list.book_no
        && (other.direction, other.mark) == (Direction::In, Mark::Product)
        && modes.contains(&other.mode.as_str())
        && matches!(other.state, DocumentState::Posted | DocumentState::Verified)
}

fn total(mut quantities: impl Iterator<Item = Quantity>) -> Result<Quantity, Stop> {
    quantities.try_fold(Quantity::ZERO, Quantity::checked_add).ok_or_else(Stop::overflow)
}
