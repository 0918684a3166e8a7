//! Work orders: what stands in process is what the orders have, no order takes what is another's, and an event that is
//! taken back leaves what is on hand as it was (`domain.md` 3.4 row 8).

use crate::chance::{catches, holds};
use crate::common::papers::order_event;
use crate::common::run::{Apply, Asked, Taken, run, take};
use crate::common::world::loopback;
use crate::planted::{forgetting, writing};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::document::{Document, OrderEvent, WorkOrderFiling};
use zonebook_ledger::layer::{Layer, LayerKey};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::state::{Key, MemoryState, Row};
use zonebook_ledger::work_order::WorkOrder;

/// After every command, each item has in process what its orders have, and no order has less than nothing.
pub fn process_is_what_orders_have(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        let mut left: BTreeMap<_, Measure> = BTreeMap::new();
        for (key, row) in taken.after.rows() {
            match (key, row) {
                (Key::Position(key), Row::Position(counters)) if key.place == Place::InProcess => {
                    let sum = left.entry((key.book_no.clone(), key.mark, key.number)).or_default();
                    *sum = sum.checked_add(&counters.on_hand().unwrap()).unwrap();
                }
                (Key::WorkOrder(number), Row::WorkOrder(order)) => {
                    for ((mark, item), stock) in &order.goods {
                        let there = stock.in_process().unwrap();
                        if there.0.iter().any(|quantity| quantity.is_negative()) {
                            return Err(format!("after {}: {number} has {stock:?}", taken.shown()));
                        }
                        let key = (order.opening.book_no.clone(), *mark, *item);
                        let sum = left.entry(key).or_default();
                        *sum = sum.checked_sub(&there).unwrap();
                    }
                }
                _ => {}
            }
        }
        if let Some((item, sum)) = left.iter().find(|(_, sum)| !sum.is_zero()) {
            return Err(format!("after {}: {item:?} differs by {sum:?}", taken.shown()));
        }
    }
    Ok(())
}

/// Wherever an event is accepted, taking it back leads to what was on hand before it, lot by lot, in every order, too.
pub fn counter_event_restores(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        for (key, row) in &taken.writes {
            let (Key::OrderEntry((number, event_no)), Some(Row::OrderEntry(entry))) = (key, row) else {
                continue;
            };
            let counter = matches!(entry.filed.event, OrderEvent::Counter { .. });
            if counter || entry.countered_by.is_some() {
                continue;
            }
            let event = OrderEvent::Counter { cites: *event_no, reason: "wrong".into() };
            let back = order_event(number.as_str(), event_no + 1, event);
            let after = on_hand(&carried_out(&taken, back, apply)?);
            let before = on_hand(&taken.before);
            if after != before {
                return Err(format!("{}: taken back it leaves {after:?} of {before:?}", taken.shown()));
            }
        }
    }
    Ok(())
}

/// The state after a counter-event.
fn carried_out(taken: &Taken, filing: WorkOrderFiling, apply: Apply) -> Result<MemoryState, String> {
    let command = Command::File(Box::new(Document::WorkOrder(filing)));
    let proposal = Proposal { principal: loopback(), request_id: None, ledger_time: None, command };
    let done = take(&taken.after, &Asked { record_time: taken.asked.record_time, proposal }, apply);
    match done.applied.outcome.verdict {
        Verdict::Accepted => Ok(done.after),
        other => Err(format!("after {}: it cannot be taken back: {other:?}", taken.shown())),
    }
}

/// What is on hand anywhere, of which lots, and what orders have and made, as far as it is not nothing.
fn on_hand(state: &MemoryState) -> (BTreeMap<PositionKey, Measure>, BTreeMap<LayerKey, Layer>, Vec<String>) {
    let (mut hands, mut lots, mut orders) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Position(key), Row::Position(counters)) => {
                let on_hand = counters.on_hand().unwrap();
                if !on_hand.is_zero() {
                    hands.insert(key.clone(), on_hand);
                }
            }
            (Key::Layer(key), Row::Layer(layer)) => {
                lots.insert(key.clone(), *layer);
            }
            (Key::WorkOrder(number), Row::WorkOrder(order)) => {
                let goods: Vec<_> = order.goods.iter().filter(|(_, stock)| !stock.issued.is_zero()).collect();
                let products: Vec<_> = order.products.iter().filter(|(_, made)| !made.is_zero()).collect();
                let residues: Vec<_> = order.residues.iter().filter(|(_, made)| !made.is_zero()).collect();
                let uses: Vec<_> = order.uses.iter().filter(|(_, used)| !used.is_zero()).collect();
                orders.push(format!("{number} {goods:?} {products:?} {residues:?} {uses:?}"));
            }
            _ => {}
        }
    }
    (hands, lots, orders)
}

#[test]
fn what_is_in_process_is_what_orders_have() {
    holds("what_is_in_process_is_what_orders_have", process_is_what_orders_have);
}

#[test]
fn a_counter_event_restores_what_was_on_hand() {
    holds("a_counter_event_restores_what_was_on_hand", counter_event_restores);
}

/// Changes the account of the orders that a command writes.
fn with_account(
    change: fn(&mut WorkOrder),
) -> impl Fn(&MemoryState, &Asked) -> (zonebook_ledger::outcome::Applied, zonebook_ledger::state::Writes) {
    writing(move |_, _, _, writes| {
        for row in writes.values_mut().flatten() {
            if let Row::WorkOrder(order) = row {
                let mut wrong = (**order).clone();
                change(&mut wrong);
                *order = Arc::new(wrong);
            }
        }
    })
}

#[test]
fn an_order_that_forgets_what_it_used_is_caught() {
    let forgetful =
        with_account(|order| order.goods.values_mut().for_each(|stock| stock.used = Measure::ZERO));
    catches(process_is_what_orders_have, &forgetful);
}

#[test]
fn an_event_that_is_not_kept_is_caught() {
    let forgetful = with_account(|order| {
        order.uses.values_mut().for_each(|used| {
            *used = used.checked_add(zonebook_ledger::quantity::Quantity::whole(1)).unwrap();
        })
    });
    catches(counter_event_restores, &forgetful);
}

#[test]
fn an_order_whose_events_are_lost_is_caught() {
    catches(crate::common::agreement::agrees_with_the_model, &forgetting("OrderEntries"));
}

#[test]
fn an_order_that_is_not_kept_is_caught() {
    catches(crate::common::agreement::agrees_with_the_model, &forgetting("WorkOrders"));
}
