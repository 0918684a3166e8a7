//! Orders of customs that stop a permit, a slip, a pass or a parcel, and let it go on (`domain.md` 2.1; the table is
//! [`crate::hold::HOLD_RULES`]).

use super::work::{Stop, Work};
use super::{gate, guards, slips};
use crate::code::{BookNo, DocumentNo, ParcelNo, PassNo, PermitNo, SlipNo};
use crate::document::LinkedType;
use crate::error::Fault;
use crate::hold::{DocumentHold, DocumentOrder, HeldKind, HoldRule, Step};
use crate::limits::ORDERS_MAX;
use crate::movement::DocumentState;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::standing::{Conditional, Order, OrderGiven};
use crate::state::{DocumentHolds, Parcels, Passes, Permits, Read, Slips, get};
use std::fmt::Display;
use std::sync::Arc;

/// Carries an order out. What waited for the end of a stop happens now: a slip whose goods are through is posted, reports
/// of a pass take effect.
pub(crate) fn order(work: &mut Work<'_>, wanted: &DocumentOrder) -> Result<(), Stop> {
    work.document = Some(wanted.number.as_str().into());
    let rule = rule(wanted.kind)?;
    if wanted.reason.trim().is_empty() {
        return Err(guards::invalid("reason", &wanted.reason, "the reason of the order"));
    }
    let Some((state, book_no)) = found(work.state(), wanted.kind, &wanted.number)? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field(rule.field, &wanted.number).into());
    };
    if let Some(book_no) = book_no {
        guards::book(work, &book_no, rule.field)?;
    }
    let key = (wanted.kind, wanted.number.clone());
    let mut hold =
        work.get::<DocumentHolds>(key.clone())?.map_or_else(Default::default, |hold| (*hold).clone());
    guards::at_most("orders", hold.orders.len().saturating_add(1), ORDERS_MAX)?;
    carry_out(wanted, rule, state, &mut hold)?;
    let (revision, time) = (work.head.revision, work.now());
    hold.orders.push(OrderGiven { order: wanted.order, reason: wanted.reason.clone(), revision, time });
    let moves = hold.stops(rule, Step::Passage).is_none();
    work.put::<DocumentHolds>(key, Arc::new(hold));
    if moves {
        go_on(work, wanted)?;
    }
    work.state = found(work.state(), wanted.kind, &wanted.number)?.map(|(state, _)| state);
    Ok(())
}

fn rule(kind: HeldKind) -> Result<&'static HoldRule, Stop> {
    kind.rule().ok_or_else(|| Stop::Broken(format!("nothing says what holds a {kind}")))
}

/// Where a document stands, and of which book it is.
pub(crate) fn found(
    state: &dyn Read,
    kind: HeldKind,
    number: &DocumentNo,
) -> Result<Option<(DocumentState, Option<BookNo>)>, Fault> {
    let number = number.as_str();
    Ok(match kind {
        HeldKind::Permit => match PermitNo::new(number) {
            Ok(number) => get::<Permits>(state, number)?.map(|row| (row.state, Some(row.book_no.clone()))),
            Err(_) => None,
        },
        HeldKind::Slip => match SlipNo::new(number) {
            Ok(number) => get::<Slips>(state, number)?.map(|row| (row.state, Some(row.book_no.clone()))),
            Err(_) => None,
        },
        HeldKind::Pass => match PassNo::new(number) {
            // What a pass for lists or slips says of a book, nobody looked at.
            Ok(number) => get::<Passes>(state, number)?.map(|row| {
                let of_bill = row.linked_type == LinkedType::Bill;
                (row.state, row.book_no.clone().filter(|_| of_bill))
            }),
            Err(_) => None,
        },
        HeldKind::Parcel => match ParcelNo::new(number) {
            Ok(number) => get::<Parcels>(state, number)?.map(|row| (row.state, Some(row.book_no.clone()))),
            Err(_) => None,
        },
    })
}

fn carry_out(
    wanted: &DocumentOrder,
    rule: &HoldRule,
    state: DocumentState,
    hold: &mut DocumentHold,
) -> Result<(), Stop> {
    let given = hold.conditional.map_or("none", Conditional::code);
    let uninspected = hold.conditional == Some(Conditional::Passable);
    match wanted.order {
        Order::Hold | Order::ReleaseForPassage if !rule.states.contains(&state) => {
            let states: Vec<&str> = rule.states.iter().map(|state| state.code()).collect();
            Err(unfit(wanted, "state", state, states.join(" or ")))
        }
        Order::Hold => match &hold.held {
            Some(why) => Err(unfit(wanted, "hold", why, "a document that is not stopped")),
            None => {
                hold.held = Some(wanted.reason.clone());
                Ok(())
            }
        },
        Order::Free => match hold.held.take() {
            Some(_) => Ok(()),
            None => Err(unfit(wanted, "hold", "none", "a document that is stopped")),
        },
        Order::ReleaseForPassage => match rule.before_inspection {
            None => Err(unfit(wanted, "order", wanted.order, "HOLD or FREE")),
            Some(_) if hold.held.is_none() => {
                Err(unfit(wanted, "hold", "none", "a document that is stopped"))
            }
            Some(_) => {
                hold.held = None;
                hold.conditional = Some(Conditional::Passable);
                Ok(())
            }
        },
        Order::InspectionPassed | Order::InspectionFailed if !uninspected => {
            Err(unfit(wanted, "conditional", given, Conditional::Passable))
        }
        Order::InspectionPassed => {
            hold.conditional = Some(Conditional::Passed);
            Ok(())
        }
        Order::InspectionFailed => {
            hold.conditional = Some(Conditional::Failed);
            hold.held = Some(wanted.reason.clone());
            Ok(())
        }
        Order::ReleaseForUse
        | Order::ForceGate
        | Order::ForceRelease
        | Order::AcceptTally
        | Order::AmendToTally => {
            Err(unfit(wanted, "order", wanted.order, "an order that is not for lists alone"))
        }
    }
}

/// The order does not fit what the document is, or where it stands.
fn unfit(wanted: &DocumentOrder, field: &str, value: impl Display, expected: impl Display) -> Stop {
    Refusal::new(Reason::OrderNotApplicable)
        .field(field, value)
        .expected(expected)
        .document(&wanted.number)
        .into()
}

fn go_on(work: &mut Work<'_>, freed: &DocumentOrder) -> Result<(), Stop> {
    let number = freed.number.as_str();
    match freed.kind {
        HeldKind::Slip => {
            let Ok(slip_no) = SlipNo::new(number) else { return Ok(()) };
            match work.get::<Slips>(slip_no.clone())? {
                Some(slip) => slips::settle(work, &slip_no, (*slip).clone()),
                None => Ok(()),
            }
        }
        HeldKind::Pass => match PassNo::new(number) {
            Ok(pass_no) => gate::apply_held_reports(work, &pass_no),
            Err(_) => Ok(()),
        },
        HeldKind::Permit | HeldKind::Parcel => Ok(()),
    }
}

/// `DOCUMENT_HELD`: customs does not stop this step of the document.
pub(crate) fn may(
    work: &Work<'_>,
    kind: HeldKind,
    number: impl Into<DocumentNo>,
    step: Step,
) -> Result<(), Stop> {
    match stopped(work.state(), kind, number.into(), step)? {
        None => Ok(()),
        Some(refusal) => Err(refusal.into()),
    }
}

/// The same as a value, for who only asks.
pub(crate) fn stopped(
    state: &dyn Read,
    kind: HeldKind,
    number: DocumentNo,
    step: Step,
) -> Result<Option<Refusal>, Fault> {
    let Some(hold) = get::<DocumentHolds>(state, (kind, number.clone()))? else { return Ok(None) };
    let why = kind.rule().and_then(|rule| Some((rule, hold.stops(rule, step)?)));
    Ok(why.map(|(rule, why)| {
        Refusal::new(Reason::DocumentHeld)
            .field(rule.field, why)
            .expected("a document that customs does not stop")
            .document(&number)
    }))
}
