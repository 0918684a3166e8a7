//! Orders that are not documents of the trade: the ledger's creation, stops, behaviour.

use super::work::{Stop, Work};
use crate::behaviour::{BEHAVIOUR_FIRST, BEHAVIOUR_MAX};
use crate::command::{Genesis, StopOrder, StopTarget};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Assignments, Books, Heads, Items};
use std::sync::Arc;

/// The first command of a ledger.
pub(crate) fn found(work: &mut Work<'_>, genesis: &Genesis, behaviour: u32) -> Result<(), Stop> {
    if work.get::<Heads>(())?.is_some() {
        return Err(Refusal::new(Reason::AlreadyInitialised).field("cluster_id", &genesis.cluster_id).into());
    }
    is_known(behaviour, BEHAVIOUR_FIRST)?;
    let mut head = work.head.clone();
    head.behaviour = behaviour;
    head.cluster_id = genesis.cluster_id.clone();
    head.utc_offset = genesis.utc_offset;
    work.put::<Heads>((), Arc::new(head));
    for assignment in &genesis.assignments {
        work.put::<Assignments>(assignment.principal.clone(), assignment.roles.clone());
    }
    Ok(())
}

/// Stops a book or an item, by direction, or frees it. Freeing a book also ends the ledger's own stop.
pub(crate) fn set_stops(work: &mut Work<'_>, order: &StopOrder) -> Result<(), Stop> {
    match &order.target {
        StopTarget::Book(book_no) => {
            let Some(book) = work.get::<Books>(book_no.clone())? else {
                return Err(Refusal::new(Reason::BookUnknown).field("book_no", book_no).into());
            };
            if book.cancelled.is_some() {
                let cancelled = Refusal::new(Reason::BookCancelled).field("book_no", book_no);
                return Err(cancelled.document(book_no).into());
            }
            let mut book = (*book).clone();
            book.stops = order.stops;
            book.faulted = false;
            work.document = Some(book_no.as_str().into());
            work.put::<Books>(book_no.clone(), Arc::new(book));
        }
        StopTarget::Item(key) => {
            let Some(item) = work.get::<Items>(key.clone())? else {
                return Err(Refusal::new(Reason::ItemNotFiled)
                    .field("number", key.number)
                    .document(&key.book_no)
                    .into());
            };
            let mut item = (*item).clone();
            item.stops = order.stops;
            work.document = Some(key.book_no.as_str().into());
            work.put::<Items>(key.clone(), Arc::new(item));
        }
    }
    Ok(())
}

/// Puts a higher behaviour in force.
pub(crate) fn raise_behaviour(work: &mut Work<'_>, behaviour: u32) -> Result<(), Stop> {
    is_known(behaviour, work.head.behaviour.saturating_add(1))?;
    let mut head = work.head.clone();
    head.behaviour = behaviour;
    work.put::<Heads>((), Arc::new(head));
    Ok(())
}

/// `BEHAVIOUR_OUT_OF_RANGE`: a behaviour that this release knows, and not below another.
fn is_known(behaviour: u32, least: u32) -> Result<(), Stop> {
    if (least..=BEHAVIOUR_MAX).contains(&behaviour) {
        return Ok(());
    }
    let expected = if least > BEHAVIOUR_MAX {
        format!("none: {BEHAVIOUR_MAX}, the highest that this release knows, is in force")
    } else {
        format!("{least} to {BEHAVIOUR_MAX}")
    };
    Err(Refusal::new(Reason::BehaviourOutOfRange).field("behaviour", behaviour).expected(expected).into())
}
