//! Orders, payments and waybills of electronic commerce against each other and against the parcels of the sale (三单比对): three
//! parties state them apart, and nothing is refused because they differ.
//!
//! A paper that is not there is told once it has been waited for for too long, and only of a platform or a carrier that says
//! such things here at all: where nobody sends orders to the ledger, customs compares them elsewhere.

use super::{Asking, Break, Check, Judge, Walked, number, walk};
use compact_str::{CompactString, format_compact};
use std::fmt::Display;
use std::sync::Arc;
use zonebook_ledger::code::{OrderNo, ParcelNo, TraderCode, WaybillNo};
use zonebook_ledger::document::{SaleCitation, SaleKey, WaybillKey, WaybillStatement};
use zonebook_ledger::error::Fault;
use zonebook_ledger::limits::PARCELS_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parcel::Parcel;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::collect;
use zonebook_ledger::sale::{Said, Sale, parcels_of_sale, parcels_of_waybill};
use zonebook_ledger::state::{Key, Order, ParcelSales, Parcels, Sales, Table, Waybills, get};
use zonebook_ledger::time::Instant;

/// What stands between the parts of a number in a walk; no code has it in it.
const SEPARATOR: char = '\n';

pub(super) fn parcels(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_parcel = |parcel_no: &ParcelNo, cited: &SaleCitation| judge_parcel(asking, parcel_no, cited);
    walk!(asking, ParcelSales, ParcelSale(ParcelNo), after, count_max, of_parcel)
}

pub(super) fn sales(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let after = pair(after, TraderCode::new, OrderNo::new)?;
    let after = after.map(|(platform, order_no)| SaleKey { platform, order_no });
    let lowest = SaleKey { platform: TraderCode::lowest(), order_no: OrderNo::lowest() };
    let highest = SaleKey { platform: TraderCode::highest(), order_no: OrderNo::highest() };
    let key = |key| if let Key::Sale(key) = key { Some(key) } else { None };
    let rows = rows_behind::<Sales, _>(asking, after, (lowest, highest), count_max, key)?;
    let cursor = |key: &SaleKey| format_compact!("{}{SEPARATOR}{}", key.platform, key.order_no);
    walked(&rows, count_max, cursor, |key, sale| judge_sale(asking, key, sale))
}

pub(super) fn waybills(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let after = pair(after, TraderCode::new, WaybillNo::new)?;
    let after = after.map(|(carrier, waybill_no)| WaybillKey { carrier, waybill_no });
    let lowest = WaybillKey { carrier: TraderCode::lowest(), waybill_no: WaybillNo::lowest() };
    let highest = WaybillKey { carrier: TraderCode::highest(), waybill_no: WaybillNo::highest() };
    let key = |key| if let Key::Waybill(key) = key { Some(key) } else { None };
    let rows = rows_behind::<Waybills, _>(asking, after, (lowest, highest), count_max, key)?;
    let cursor = |key: &WaybillKey| format_compact!("{}{SEPARATOR}{}", key.carrier, key.waybill_no);
    walked(&rows, count_max, cursor, |key, said| judge_waybill(asking, key, said))
}

/// The two parts of a number at which a walk goes on.
fn pair<A, B>(
    text: &str,
    first: fn(&str) -> Result<A, zonebook_ledger::error::CodeError>,
    second: fn(&str) -> Result<B, zonebook_ledger::error::CodeError>,
) -> Result<Option<(A, B)>, Fault> {
    match text.split_once(SEPARATOR) {
        None => Ok(None),
        Some((one, other)) => Ok(Some((number(one, first)?, number(other, second)?))),
    }
}

/// The rows of a table from behind `after` on, each with its key out of all keys.
fn rows_behind<T: Table<Key = K>, K: Clone + PartialEq>(
    asking: &Asking<'_>,
    after: Option<K>,
    (lowest, highest): (K, K),
    count_max: usize,
    key: impl Fn(Key) -> Option<K>,
) -> Result<Vec<(K, T::Value)>, Fault> {
    let from = after.clone().unwrap_or(lowest);
    collect::<T, _>(asking.state, from, highest, Order::Forward, count_max, |found, row| {
        key(found).filter(|key| after.as_ref() != Some(key)).map(|key| (key, row))
    })
}

fn walked<K, V>(
    rows: &[(K, V)],
    count_max: usize,
    cursor: impl Fn(&K) -> CompactString,
    judge: impl Fn(&K, &V) -> Result<Vec<Break>, Fault>,
) -> Result<Walked, Fault> {
    let last = rows.last().filter(|_| rows.len() >= count_max).map(|(key, _)| cursor(key));
    let mut breaks = Vec::new();
    for (key, row) in rows {
        breaks.extend(judge(key, row)?);
    }
    Ok(Walked { breaks, last })
}

fn judge_parcel(
    asking: &Asking<'_>,
    parcel_no: &ParcelNo,
    cited: &SaleCitation,
) -> Result<Vec<Break>, Fault> {
    let parcel = get::<Parcels>(asking.state, parcel_no.clone())?;
    let Some(parcel) = parcel.filter(|parcel| parcel.state != DocumentState::Cancelled) else {
        return Ok(Vec::new());
    };
    if !asking.wants(&parcel.book_no)? {
        return Ok(Vec::new());
    }
    let mut judge = Judge::new(asking, Check::Sales, parcel_no, Some(&parcel.book_no), parcel.reserved_time);
    let sale = get::<Sales>(asking.state, cited.sale.clone())?.unwrap_or_default();
    let order_no = &cited.sale.order_no;
    if let Some(order) = &sale.order {
        judge.since = asking.day(order.since.max(parcel.reserved_time));
        judge.same(order_no, "currency", &order.what.currency, &cited.currency);
        same_person(&mut judge, order_no, "buyer", order.what.buyer.as_ref(), parcel.buyer.as_ref());
    }
    let complete = sale.order.is_some() && sale.payment.is_some();
    if !complete && platform_speaks(asking, &cited.sale.platform)? {
        let since = asking.day(parcel.reserved_time);
        if sale.order.is_none() {
            judge.waits(since, "order", order_no, "none");
        }
        if sale.payment.is_none() {
            judge.waits(since, "payment", format_args!("one of order {order_no}"), "none");
        }
    }
    if let Some(waybill) = &cited.waybill {
        judge_cited_waybill(asking, &mut judge, cited, waybill, &parcel)?;
    }
    Ok(judge.breaks)
}

fn judge_cited_waybill(
    asking: &Asking<'_>,
    judge: &mut Judge<'_>,
    cited: &SaleCitation,
    waybill: &WaybillKey,
    parcel: &Parcel,
) -> Result<(), Fault> {
    match get::<Waybills>(asking.state, waybill.clone())? {
        Some(said) => {
            judge.since = asking.day(said.since.max(parcel.reserved_time));
            if let Some(order_no) = &said.what.order_no {
                judge.same(&waybill.waybill_no, "order of the waybill", &cited.sale.order_no, order_no);
            }
        }
        None if carrier_speaks(asking, &waybill.carrier)? => {
            judge.waits(asking.day(parcel.reserved_time), "waybill", &waybill.waybill_no, "none");
        }
        None => {}
    }
    Ok(())
}

fn judge_sale(asking: &Asking<'_>, key: &SaleKey, sale: &Arc<Sale>) -> Result<Vec<Break>, Fault> {
    let parcels = parcels_kept(asking, key)?;
    let book_no = parcels.first().map(|(_, parcel)| &parcel.book_no);
    let wanted = match book_no {
        Some(book_no) => asking.wants(book_no)?,
        None => asking.scope.book_no.is_none() && asking.scope.office.is_none(),
    };
    if !wanted {
        return Ok(Vec::new());
    }
    let said = [sale.order.as_ref().map(|said| said.since), sale.payment.as_ref().map(|said| said.since)];
    let first = said.iter().flatten().min().copied().unwrap_or(Instant(0));
    let last = said.iter().flatten().max().copied().unwrap_or(Instant(0));
    let mut judge = Judge::new(asking, Check::Sales, &key.order_no, book_no, last);
    match (&sale.order, &sale.payment) {
        (Some(order), Some(payment)) => {
            let (order, payment) = (&order.what, &payment.what);
            let other = &payment.transaction_no;
            judge.same(other, "currency", &order.currency, &payment.currency);
            judge.same(other, "amount paid", order.paid, payment.amount);
            same_person(&mut judge, other, "payer", order.buyer.as_ref(), payment.payer.as_ref());
        }
        (Some(_), None) => judge.waits(asking.day(first), "payment", "one of the order", "none"),
        (None, _) => judge.waits(asking.day(first), "order", "the one that was paid", "none"),
    }
    if let Some(order) = &sale.order {
        judge.since = asking.day(order.since);
        let due = in_words(order.what.due());
        judge.same("", "goods, freight and tax less discount", due, order.what.paid);
    }
    if parcels.is_empty() {
        judge.waits(asking.day(first), "parcel", "one of the sale", "none");
    } else if let Some(order) = &sale.order {
        let reserved = parcels.iter().map(|(_, parcel)| parcel.reserved_time).max();
        judge.since = asking.day(reserved.map_or(order.since, |reserved| reserved.max(order.since)));
        let worth = |sum: Quantity, (_, parcel): &(ParcelNo, Arc<Parcel>)| sum.checked_add(parcel.worth()?);
        let worth = in_words(parcels.iter().try_fold(Quantity::ZERO, worth));
        let other = parcels.first().map_or("", |(number, _)| number.as_str());
        judge.same(other, "value of the goods", order.what.goods_value, worth);
    }
    Ok(judge.breaks)
}

/// A sum; one that is beyond the range of a number is said to be that, and is the same as no figure.
fn in_words(sum: Option<Quantity>) -> CompactString {
    sum.map_or_else(
        || CompactString::const_new("beyond the range of a number"),
        |sum| format_compact!("{sum}"),
    )
}

fn judge_waybill(
    asking: &Asking<'_>,
    key: &WaybillKey,
    said: &Arc<Said<WaybillStatement>>,
) -> Result<Vec<Break>, Fault> {
    if asking.scope.book_no.is_some() || asking.scope.office.is_some() {
        return Ok(Vec::new());
    }
    let found = parcels_of_waybill(asking.state, key, 1)?;
    let mut judge = Judge::new(asking, Check::Sales, &key.waybill_no, None, said.since);
    if found.is_empty() {
        judge.waits(asking.day(said.since), "parcel", "one that goes with the waybill", "none");
    }
    Ok(judge.breaks)
}

/// The parcels of a sale that are not cancelled. No more than one message may have are looked at.
fn parcels_kept(asking: &Asking<'_>, key: &SaleKey) -> Result<Vec<(ParcelNo, Arc<Parcel>)>, Fault> {
    let numbers = parcels_of_sale(asking.state, key, PARCELS_MAX)?;
    let mut parcels = Vec::with_capacity(numbers.len());
    for number in numbers {
        if let Some(parcel) = get::<Parcels>(asking.state, number.clone())? {
            parcels.push((number, parcel));
        }
    }
    Ok(parcels)
}

/// A break where both are known and are not the same.
fn same_person<T: Display>(
    judge: &mut Judge<'_>,
    other: impl Display,
    what: &str,
    expected: Option<&T>,
    found: Option<&T>,
) {
    if let (Some(expected), Some(found)) = (expected, found) {
        judge.same(other, what, expected, found);
    }
}

/// Whether anything is said here of the sales of a platform.
fn platform_speaks(asking: &Asking<'_>, platform: &TraderCode) -> Result<bool, Fault> {
    let of = |order_no| SaleKey { platform: platform.clone(), order_no };
    let (from, to) = (of(OrderNo::lowest()), of(OrderNo::highest()));
    let found = collect::<Sales, _>(asking.state, from, to, Order::Forward, 1, |_, _| Some(()))?;
    Ok(!found.is_empty())
}

/// Whether a carrier says anything here of its waybills.
fn carrier_speaks(asking: &Asking<'_>, carrier: &TraderCode) -> Result<bool, Fault> {
    let of = |waybill_no| WaybillKey { carrier: carrier.clone(), waybill_no };
    let (from, to) = (of(WaybillNo::lowest()), of(WaybillNo::highest()));
    let found = collect::<Waybills, _>(asking.state, from, to, Order::Forward, 1, |_, _| Some(()))?;
    Ok(!found.is_empty())
}
