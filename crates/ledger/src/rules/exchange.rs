//! Exchange of products (成品退换; modes 4400 and 4600): what goes out for products that came back is taken from stock and
//! uses no materials a second time (`domain.md` 6 A11).
//!
//! A message has no field for it: there an outbound product uses its BOM whatever the mode says (`RULES.md` 6.1).

use super::lists;
use super::work::{Stop, Work};
use crate::direction::{Direction, Mark};
use crate::document::List;
use crate::matrix::{Need, Rule, rule_needing};
use crate::movement::{DocumentState, Movement};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Movements;

/// `EXCHANGE_MISMATCH`: the list cited brought products of this book back, at least as many of each item.
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
    let modes = rule_needing(Need::BroughtBack).and_then(Rule::modes).unwrap_or_default();
    let in_mode = format!("mode {}", modes.join(" or "));
    if !rule.needs(Need::BroughtBack) {
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
    let brought = lists::content(work, &found)?;
    for line in &list.lines {
        let of_item = brought.iter().filter(|other| other.filed.number == line.number);
        let there = total(of_item.map(|other| other.filed.declared))?;
        let asked =
            total(list.lines.iter().filter(|other| other.number == line.number).map(|other| other.declared))?;
        if asked > there {
            return mismatch("dclQty", &asked, &format!("at most {there} of product {}", line.number));
        }
    }
    Ok(())
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
