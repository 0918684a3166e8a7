//! Holds on permits, slips, passes and parcels: as customs orders them, and as they stand.

use crate::correction::order_given;
use crate::field::{Field, read};
use crate::v1;
use zonebook_ledger::code::DocumentNo;
use zonebook_ledger::hold::{DocumentHold, DocumentOrder, HeldKind};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::standing::Order;

/// An order of customs about a document.
///
/// # Errors
/// Names the field.
pub fn order(wire: &v1::OrderDocumentRequest) -> Field<DocumentOrder> {
    let (kind, number) = named(&wire.kind, &wire.number)?;
    let order = read("order", &wire.order, Order::from_code)?;
    Ok(DocumentOrder { kind, number, order, reason: wire.reason.as_str().into() })
}

/// A document by its kind and number.
///
/// # Errors
/// Names the field.
pub fn named(kind: &str, number: &str) -> Field<(HeldKind, DocumentNo)> {
    Ok((read("kind", kind, HeldKind::from_code)?, read("number", number, DocumentNo::new)?))
}

/// How a document stands with customs.
#[must_use]
pub fn hold(
    (kind, number): &(HeldKind, DocumentNo),
    hold: &DocumentHold,
    state: Option<DocumentState>,
) -> v1::DocumentHold {
    v1::DocumentHold {
        kind: kind.to_string(),
        number: number.to_string(),
        state: state.map(|state| state.to_string()).unwrap_or_default(),
        held_reason: hold.held.as_deref().unwrap_or_default().to_owned(),
        conditional: hold.conditional.map(|found| found.to_string()).unwrap_or_default(),
        orders: hold.orders.iter().map(order_given).collect(),
    }
}
