//! What three parties say of the sales of electronic commerce, and which parcels are of them. Nothing moves by it, and nothing is
//! refused because two parties say different things: the cross check shows it (`zonebook_reconcile::cross_check`).

use super::guards;
use super::work::{Stop, Work};
use crate::code::ParcelNo;
use crate::document::{
    OrderStatement, PaymentStatement, SaleAction, SaleCitation, SaleFiling, SaleKey, Statement,
    WaybillStatement,
};
use crate::limits::STATEMENTS_MAX;
use crate::movement::DocumentState;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::sale::{Said, Sale};
use crate::state::{ParcelSales, SaleParcels, Sales, WaybillParcels, Waybills};
use std::sync::Arc;

/// `CEB311`, `CEB411`, `CEB511`
pub(crate) fn file(work: &mut Work<'_>, filing: &SaleFiling) -> Result<(), Stop> {
    guards::at_most("statements", filing.statements.len(), STATEMENTS_MAX)?;
    if filing.statements.is_empty() {
        return Err(guards::invalid("statements", 0, "at least one"));
    }
    for statement in &filing.statements {
        sound(statement)?;
        match statement {
            Statement::Order(order) => say_order(work, filing.action, order)?,
            Statement::Payment(payment) => say_payment(work, filing.action, payment)?,
            Statement::Waybill(waybill) => say_waybill(work, filing.action, waybill)?,
        }
    }
    work.state = Some(match filing.action {
        SaleAction::File | SaleAction::Change => DocumentState::Filed,
        SaleAction::Remove => DocumentState::Cancelled,
    });
    Ok(())
}

/// `INVALID_FIELD`: amounts are not negative, currencies have three characters.
fn sound(statement: &Statement) -> Result<(), Stop> {
    let wrong = |field: &str, value: String, expected: &str| {
        let refusal = Refusal::new(Reason::InvalidField).field(field, value).expected(expected);
        Err(refusal.document(statement.number()).into())
    };
    if let Some((field, amount)) = statement.amounts().into_iter().find(|(_, amount)| amount.is_negative()) {
        return wrong(field, amount.to_string(), "not negative");
    }
    if statement.currency().chars().count() != 3 {
        return wrong("currency", statement.currency().to_owned(), "three characters");
    }
    Ok(())
}

/// What takes the place of what was said; `None` where it is taken back.
fn said<T: Clone>(
    work: &Work<'_>,
    action: SaleAction,
    (field, number): (&str, &str),
    before: Option<&Said<T>>,
    now: &T,
) -> Result<Option<Said<T>>, Stop> {
    let reason = match (action, before) {
        (SaleAction::File, Some(_)) => Reason::DocumentExists,
        (SaleAction::Change | SaleAction::Remove, None) => Reason::DocumentUnknown,
        (SaleAction::Remove, Some(_)) => return Ok(None),
        _ => return Ok(Some(Said { what: now.clone(), since: work.now() })),
    };
    Err(Refusal::new(reason).field(field, number).document(number).into())
}

fn say_order(work: &mut Work<'_>, action: SaleAction, order: &OrderStatement) -> Result<(), Stop> {
    let mut sale = of(work, &order.sale)?;
    let number = ("orderNo", order.sale.order_no.as_str());
    sale.order = said(work, action, number, sale.order.as_ref(), order)?;
    keep(work, &order.sale, sale);
    Ok(())
}

fn say_payment(work: &mut Work<'_>, action: SaleAction, payment: &PaymentStatement) -> Result<(), Stop> {
    let mut sale = of(work, &payment.sale)?;
    let number = ("orderNo", payment.sale.order_no.as_str());
    sale.payment = said(work, action, number, sale.payment.as_ref(), payment)?;
    keep(work, &payment.sale, sale);
    Ok(())
}

fn say_waybill(work: &mut Work<'_>, action: SaleAction, waybill: &WaybillStatement) -> Result<(), Stop> {
    let key = waybill.waybill.clone();
    let before = work.get::<Waybills>(key.clone())?;
    let number = ("logisticsNo", key.waybill_no.as_str());
    match said(work, action, number, before.as_deref(), waybill)? {
        Some(now) => work.put::<Waybills>(key, Arc::new(now)),
        None => work.remove::<Waybills>(key),
    }
    Ok(())
}

fn of(work: &Work<'_>, key: &SaleKey) -> Result<Sale, Stop> {
    Ok(work.get::<Sales>(key.clone())?.map_or_else(Sale::default, |sale| (*sale).clone()))
}

fn keep(work: &mut Work<'_>, key: &SaleKey, sale: Sale) {
    if sale == Sale::default() {
        work.remove::<Sales>(key.clone());
    } else {
        work.put::<Sales>(key.clone(), Arc::new(sale));
    }
}

/// A new parcel says of which sale it is.
pub(crate) fn cite(work: &mut Work<'_>, parcel_no: &ParcelNo, citation: &SaleCitation) {
    work.put::<ParcelSales>(parcel_no.clone(), Arc::new(citation.clone()));
    work.put::<SaleParcels>((citation.sale.clone(), parcel_no.clone()), ());
    if let Some(waybill) = &citation.waybill {
        work.put::<WaybillParcels>((waybill.clone(), parcel_no.clone()), ());
    }
}

/// A cancelled parcel is of no sale any more; what it said of it stays.
pub(crate) fn forget(work: &mut Work<'_>, parcel_no: &ParcelNo) -> Result<(), Stop> {
    let Some(citation) = work.get::<ParcelSales>(parcel_no.clone())? else { return Ok(()) };
    work.remove::<SaleParcels>((citation.sale.clone(), parcel_no.clone()));
    if let Some(waybill) = &citation.waybill {
        work.remove::<WaybillParcels>((waybill.clone(), parcel_no.clone()));
    }
    Ok(())
}

/// Whether the first statement of a filing was made.
pub(crate) fn is_said(work: &Work<'_>, filing: &SaleFiling) -> Result<bool, crate::error::Fault> {
    Ok(match filing.statements.first() {
        None => false,
        Some(Statement::Order(order)) => {
            work.get::<Sales>(order.sale.clone())?.is_some_and(|sale| sale.order.is_some())
        }
        Some(Statement::Payment(payment)) => {
            work.get::<Sales>(payment.sale.clone())?.is_some_and(|sale| sale.payment.is_some())
        }
        Some(Statement::Waybill(waybill)) => work.get::<Waybills>(waybill.waybill.clone())?.is_some(),
    })
}
