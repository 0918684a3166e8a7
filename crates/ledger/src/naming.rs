//! What items and enterprises were called at a revision of the past: a statement shown again shows the same names and
//! units, whatever was filed since.

use crate::code::CustomsNo;
use crate::error::Fault;
use crate::item::{Item, ItemKey};
use crate::outcome::Revision;
use crate::party::Party;
use crate::query::collect;
use crate::state::{FormerItems, FormerParties, Items, Order, Parties, Read, get};
use std::sync::Arc;

/// The first revision behind another one.
const fn behind(revision: Revision) -> Revision {
    Revision(revision.0.saturating_add(1))
}

/// An item as it was filed at a revision; its stops as they are now. An item filed later is as it was filed first.
///
/// # Errors
/// The state could not be read.
pub fn item_at(state: &dyn Read, key: &ItemKey, revision: Revision) -> Result<Option<Arc<Item>>, Fault> {
    let (from, to) = ((key.clone(), behind(revision)), (key.clone(), Revision(u64::MAX)));
    let replaced = collect::<FormerItems, _>(state, from, to, Order::Forward, 1, |_, item| Some(item))?;
    match replaced.into_iter().next() {
        Some(former) => Ok(Some(former)),
        None => get::<Items>(state, key.clone()),
    }
}

/// An enterprise as it was known at a revision. One that became known later is as it became known first.
///
/// # Errors
/// The state could not be read.
pub fn party_at(
    state: &dyn Read,
    number: &CustomsNo,
    revision: Revision,
) -> Result<Option<Arc<Party>>, Fault> {
    let (from, to) = ((number.clone(), behind(revision)), (number.clone(), Revision(u64::MAX)));
    let replaced = collect::<FormerParties, _>(state, from, to, Order::Forward, 1, |_, party| Some(party))?;
    match replaced.into_iter().next() {
        Some(former) => Ok(Some(former)),
        None => get::<Parties>(state, number.clone()),
    }
}
