//! Sales of electronic commerce as the state keeps them: what was said of each, and when.

use crate::code::ParcelNo;
use crate::document::{OrderStatement, PaymentStatement, SaleKey, WaybillKey};
use crate::error::Fault;
use crate::query::collect;
use crate::state::{Key, Order, Read, SaleParcels, WaybillParcels};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// What was said, and the ledger time at which it was said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said<T> {
    /// What.
    pub what: T,
    /// Since when.
    pub since: Instant,
}

/// What was said of one order; a sale of which nothing is said has no row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// By the platform.
    pub order: Option<Said<OrderStatement>>,
    /// By who took the money.
    pub payment: Option<Said<PaymentStatement>>,
}

/// The parcels of a sale that are not cancelled, in order of number, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn parcels_of_sale(state: &dyn Read, sale: &SaleKey, count_max: usize) -> Result<Vec<ParcelNo>, Fault> {
    let (from, to) = ((sale.clone(), ParcelNo::lowest()), (sale.clone(), ParcelNo::highest()));
    collect::<SaleParcels, _>(state, from, to, Order::Forward, count_max, |key, ()| match key {
        Key::SaleParcel((_, number)) => Some(number),
        _ => None,
    })
}

/// The parcels that go with a waybill and are not cancelled, in order of number, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn parcels_of_waybill(
    state: &dyn Read,
    waybill: &WaybillKey,
    count_max: usize,
) -> Result<Vec<ParcelNo>, Fault> {
    let (from, to) = ((waybill.clone(), ParcelNo::lowest()), (waybill.clone(), ParcelNo::highest()));
    collect::<WaybillParcels, _>(state, from, to, Order::Forward, count_max, |key, ()| match key {
        Key::WaybillParcel((_, number)) => Some(number),
        _ => None,
    })
}
