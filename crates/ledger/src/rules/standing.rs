//! Orders of customs about a list: stops, release before inspection, force (`domain.md` 2.1, 3.4 row 32).

use super::work::{Stop, Work};
use super::{guards, lists, posting, tallies};
use crate::book::Book;
use crate::limits::ORDERS_MAX;
use crate::movement::{DocumentState, Movement};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::standing::{Conditional, ListOrder, Order, OrderGiven, Standing, TallyResult};
use crate::state::Movements;
use std::fmt::Display;

/// Carries an order out: the list keeps it for ever, and is posted if nothing is left to wait for.
pub(crate) fn order(work: &mut Work<'_>, wanted: &ListOrder) -> Result<(), Stop> {
    work.document = Some(wanted.list_no.as_str().into());
    if wanted.reason.trim().is_empty() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("reason", &wanted.reason)
            .expected("the reason of the order")
            .into());
    }
    let Some(movement) = work.get::<Movements>(wanted.list_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("bondInvtNo", &wanted.list_no).into());
    };
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let mut standing = movement.standing.as_deref().cloned().unwrap_or_default();
    guards::at_most("orders", standing.orders.len().saturating_add(1), ORDERS_MAX)?;
    not_over(&movement, &book)?;
    carry_out(wanted, &movement, &mut standing)?;
    if wanted.order == Order::AcceptTally {
        tallies::acceptable(work, &movement)?;
    }
    standing.orders.push(OrderGiven {
        order: wanted.order,
        reason: wanted.reason.clone(),
        revision: work.head.revision,
        time: work.now(),
    });
    let mut movement = Movement { standing: Some(Box::new(standing)), ..(*movement).clone() };
    if wanted.order == Order::AmendToTally {
        movement = tallies::amend(work, movement)?;
    }
    posting::settle(work, movement)?;
    let state = work.get::<Movements>(wanted.list_no.clone())?.map(|movement| movement.state);
    if let Some(state) = state {
        work.names(wanted.list_no.as_str(), state);
    }
    work.state = state;
    Ok(())
}

/// What was taken back or is settled is left alone.
pub(crate) fn not_over(movement: &Movement, book: &Book) -> Result<(), Stop> {
    let reason = match movement.state_in(book) {
        DocumentState::Withdrawn => Reason::AlreadyWithdrawn,
        DocumentState::Returned => Reason::AlreadyReturned,
        DocumentState::Verified => Reason::PeriodVerified,
        _ => return Ok(()),
    };
    Err(Refusal::new(reason).field("bondInvtNo", &movement.list_no).into())
}

/// The order does not fit where the list stands.
pub(crate) fn not_applicable(
    movement: &Movement,
    field: &str,
    value: impl Display,
    expected: impl Display,
) -> Stop {
    Refusal::new(Reason::OrderNotApplicable)
        .field(field, value)
        .expected(expected)
        .document(&movement.list_no)
        .into()
}

/// `LIST_HELD`: customs does not stop the list.
pub(crate) fn not_held(movement: &Movement) -> Result<(), Stop> {
    held(movement).map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// The same as a value, for who only asks.
pub(crate) fn held(movement: &Movement) -> Option<Refusal> {
    movement.held().map(|why| {
        Refusal::new(Reason::ListHeld)
            .field("bondInvtNo", why)
            .expected("a list that customs does not stop")
            .document(&movement.list_no)
    })
}

fn carry_out(wanted: &ListOrder, movement: &Movement, standing: &mut Standing) -> Result<(), Stop> {
    match wanted.order {
        Order::Hold => match &standing.held {
            Some(why) => return Err(not_applicable(movement, "hold", why, "a list that is not stopped")),
            None => standing.held = Some(wanted.reason.clone()),
        },
        Order::Free => {
            if standing.held.take().is_none() {
                return Err(not_applicable(movement, "hold", "none", "a list that is stopped"));
            }
        }
        Order::ReleaseForUse => release(movement, standing, Conditional::Usable)?,
        Order::ReleaseForPassage => release(movement, standing, Conditional::Passable)?,
        Order::InspectionPassed => inspected(movement, standing, Conditional::Passed)?,
        Order::InspectionFailed => {
            inspected(movement, standing, Conditional::Failed)?;
            standing.held = Some(wanted.reason.clone());
        }
        Order::ForceGate => force_gate(movement, standing)?,
        Order::ForceRelease => {
            not_released(movement, standing)?;
            standing.release_forced = true;
            standing.conditional = None;
        }
        Order::AcceptTally => tally_decided(movement, standing, TallyResult::Accepted)?,
        // What is amended to the tally agrees with it.
        Order::AmendToTally => tally_decided(movement, standing, TallyResult::Agrees)?,
    }
    Ok(())
}

/// Before posting, and declared, and not released for good.
fn not_released(movement: &Movement, standing: &Standing) -> Result<(), Stop> {
    let because = |reason| Err(Refusal::new(reason).field("bondInvtNo", &movement.list_no).into());
    if movement.state == DocumentState::Posted {
        return because(Reason::AlreadyPosted);
    }
    if !movement.declared {
        return Err(not_applicable(movement, "dclcusFlag", "2", "a list with a declaration"));
    }
    let inspected = standing.conditional == Some(Conditional::Passed);
    if movement.release_time.is_some() || standing.release_forced || inspected {
        return because(Reason::AlreadyReleased);
    }
    Ok(())
}

/// From one condition to the other as long as the list is not posted and the inspection is to come.
fn release(movement: &Movement, standing: &mut Standing, condition: Conditional) -> Result<(), Stop> {
    not_released(movement, standing)?;
    if standing.conditional == Some(condition) {
        return Err(not_applicable(movement, "conditional", condition, "another condition"));
    }
    standing.conditional = Some(condition);
    Ok(())
}

fn inspected(movement: &Movement, standing: &mut Standing, result: Conditional) -> Result<(), Stop> {
    match standing.conditional {
        Some(Conditional::Usable | Conditional::Passable) => {
            standing.conditional = Some(result);
            Ok(())
        }
        other => {
            let value = other.map_or("none", Conditional::code);
            Err(not_applicable(movement, "conditional", value, "USABLE or PASSABLE"))
        }
    }
}

fn force_gate(movement: &Movement, standing: &mut Standing) -> Result<(), Stop> {
    if movement.state == DocumentState::Posted {
        return Err(Refusal::new(Reason::AlreadyPosted).field("bondInvtNo", &movement.list_no).into());
    }
    let waits = lists::rule_of(movement)?.needs_gate() && !movement.ungated.is_zero();
    if !waits || standing.gate_forced {
        return Err(not_applicable(
            movement,
            "ungated",
            movement.ungated,
            "a list that waits for goods at the gate",
        ));
    }
    standing.gate_forced = true;
    Ok(())
}

fn tally_decided(movement: &Movement, standing: &mut Standing, decided: TallyResult) -> Result<(), Stop> {
    match &mut standing.tally {
        Some((_, result @ TallyResult::Differs)) if movement.state == DocumentState::PrePosted => {
            *result = decided;
            Ok(())
        }
        other => {
            let value = other.as_ref().map_or("none", |(_, result)| result.code());
            Err(not_applicable(movement, "tally", value, TallyResult::Differs))
        }
    }
}
