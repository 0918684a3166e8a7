//! Orders, payments and waybills of electronic commerce: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, FieldError, amount, optional, read};
use crate::v1;
use crate::value::{text, timestamp};
use zonebook_ledger::code::{OrderNo, ParcelNo, TraderCode, TransactionNo, WaybillNo};
use zonebook_ledger::document::{
    BuyerHash, OrderStatement, PaymentStatement, SaleAction, SaleCitation, SaleFiling, SaleKey, Statement,
    WaybillKey, WaybillStatement,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::sale::{Said, Sale};

/// Statements of sales; `hash` turns an identity into what the ledger may know of it.
///
/// # Errors
/// Names the field.
pub fn filing(
    wire: &v1::FileSaleStatementsRequest,
    hash: impl Fn(&v1::BuyerIdentity) -> Field<BuyerHash>,
) -> Field<SaleFiling> {
    let action = optional("action", &wire.action, SaleAction::from_code)?.unwrap_or(SaleAction::File);
    let statements = each("statements", &wire.statements, |wire| statement(wire, &hash))?;
    Ok(SaleFiling { action, statements })
}

fn statement(
    wire: &v1::SaleStatement,
    hash: &impl Fn(&v1::BuyerIdentity) -> Field<BuyerHash>,
) -> Field<Statement> {
    use v1::sale_statement::Statement as Wire;
    match &wire.statement {
        Some(Wire::Order(wire)) => {
            order(wire, hash).map(Statement::Order).map_err(|error| error.within("order"))
        }
        Some(Wire::Payment(wire)) => {
            payment(wire, hash).map(Statement::Payment).map_err(|error| error.within("payment"))
        }
        Some(Wire::Waybill(wire)) => {
            waybill(wire).map(Statement::Waybill).map_err(|error| error.within("waybill"))
        }
        None => Err(FieldError::new("statement", "", "an order, a payment or a waybill")),
    }
}

/// An order by its platform and number.
///
/// # Errors
/// Names the field.
pub fn sale_key(platform: &str, order_no: &str) -> Field<SaleKey> {
    Ok(SaleKey {
        platform: read("platform", platform, TraderCode::new)?,
        order_no: read("order_no", order_no, OrderNo::new)?,
    })
}

/// A waybill by its carrier and number.
///
/// # Errors
/// Names the field.
pub fn waybill_key(carrier: &str, waybill_no: &str) -> Field<WaybillKey> {
    Ok(WaybillKey {
        carrier: read("carrier", carrier, TraderCode::new)?,
        waybill_no: read("waybill_no", waybill_no, WaybillNo::new)?,
    })
}

/// Who buys or pays: an identity, never a hash.
fn person(
    (field, given): (&str, &str),
    identity: Option<&v1::BuyerIdentity>,
    hash: &impl Fn(&v1::BuyerIdentity) -> Field<BuyerHash>,
) -> Field<Option<BuyerHash>> {
    if !given.is_empty() {
        let rule = format!("give {field}_identity: hashes are made by the server, under its key");
        return Err(FieldError::new(field, given, rule));
    }
    identity.map(hash).transpose().map_err(|error| error.within(&format!("{field}_identity")))
}

fn order(
    wire: &v1::SaleOrder,
    hash: &impl Fn(&v1::BuyerIdentity) -> Field<BuyerHash>,
) -> Field<OrderStatement> {
    Ok(OrderStatement {
        sale: sale_key(&wire.platform, &wire.order_no)?,
        goods_value: amount("goods_value", &wire.goods_value)?,
        freight: amount("freight", &wire.freight)?,
        discount: amount("discount", &wire.discount)?,
        tax: amount("tax", &wire.tax)?,
        paid: amount("paid", &wire.paid)?,
        currency: wire.currency.as_str().into(),
        buyer: person(("buyer", &wire.buyer), wire.buyer_identity.as_ref(), hash)?,
    })
}

fn payment(
    wire: &v1::SalePayment,
    hash: &impl Fn(&v1::BuyerIdentity) -> Field<BuyerHash>,
) -> Field<PaymentStatement> {
    Ok(PaymentStatement {
        sale: sale_key(&wire.platform, &wire.order_no)?,
        provider: read("provider", &wire.provider, TraderCode::new)?,
        transaction_no: read("transaction_no", &wire.transaction_no, TransactionNo::new)?,
        amount: amount("amount", &wire.amount)?,
        currency: wire.currency.as_str().into(),
        payer: person(("payer", &wire.payer), wire.payer_identity.as_ref(), hash)?,
    })
}

fn waybill(wire: &v1::SaleWaybill) -> Field<WaybillStatement> {
    Ok(WaybillStatement {
        waybill: waybill_key(&wire.carrier, &wire.waybill_no)?,
        order_no: optional("order_no", &wire.order_no, OrderNo::new)?,
        freight: amount("freight", &wire.freight)?,
        insurance: amount("insurance", &wire.insurance)?,
        currency: wire.currency.as_str().into(),
    })
}

/// What a parcel says of its sale.
pub(crate) fn citation(wire: &v1::SaleCitation) -> Field<SaleCitation> {
    let named = !wire.carrier.is_empty() || !wire.waybill_no.is_empty();
    Ok(SaleCitation {
        sale: sale_key(&wire.platform, &wire.order_no)?,
        waybill: named.then(|| waybill_key(&wire.carrier, &wire.waybill_no)).transpose()?,
        currency: read("currency", &wire.currency, |text| match text.chars().count() {
            3 => Ok(text.into()),
            _ => Err("three characters"),
        })?,
    })
}

pub(crate) fn citation_to_wire(cited: &SaleCitation) -> v1::SaleCitation {
    let waybill = cited.waybill.as_ref();
    v1::SaleCitation {
        platform: cited.sale.platform.to_string(),
        order_no: cited.sale.order_no.to_string(),
        carrier: text(waybill.map(|waybill| &waybill.carrier)),
        waybill_no: text(waybill.map(|waybill| &waybill.waybill_no)),
        currency: cited.currency.to_string(),
    }
}

/// What was said of an order.
#[must_use]
pub fn sale(sale: &Sale, parcels: &[ParcelNo], revision: Revision) -> v1::GetSaleResponse {
    let order = |said: &Said<OrderStatement>| {
        let order = &said.what;
        v1::SaleOrder {
            platform: order.sale.platform.to_string(),
            order_no: order.sale.order_no.to_string(),
            goods_value: order.goods_value.to_string(),
            freight: order.freight.to_string(),
            discount: order.discount.to_string(),
            tax: order.tax.to_string(),
            paid: order.paid.to_string(),
            currency: order.currency.to_string(),
            buyer_identity: None,
            buyer: text(order.buyer.as_ref()),
        }
    };
    let payment = |said: &Said<PaymentStatement>| {
        let payment = &said.what;
        v1::SalePayment {
            platform: payment.sale.platform.to_string(),
            order_no: payment.sale.order_no.to_string(),
            provider: payment.provider.to_string(),
            transaction_no: payment.transaction_no.to_string(),
            amount: payment.amount.to_string(),
            currency: payment.currency.to_string(),
            payer_identity: None,
            payer: text(payment.payer.as_ref()),
        }
    };
    v1::GetSaleResponse {
        revision: revision.0,
        order: sale.order.as_ref().map(order),
        order_time: sale.order.as_ref().map(|said| timestamp(said.since)),
        payment: sale.payment.as_ref().map(payment),
        payment_time: sale.payment.as_ref().map(|said| timestamp(said.since)),
        parcel_nos: parcels.iter().map(ToString::to_string).collect(),
    }
}

/// What was said of a waybill.
#[must_use]
pub fn waybill_reply(
    said: Option<&Said<WaybillStatement>>,
    parcels: &[ParcelNo],
    revision: Revision,
) -> v1::GetWaybillResponse {
    let waybill = |said: &Said<WaybillStatement>| {
        let waybill = &said.what;
        v1::SaleWaybill {
            carrier: waybill.waybill.carrier.to_string(),
            waybill_no: waybill.waybill.waybill_no.to_string(),
            order_no: text(waybill.order_no.as_ref()),
            freight: waybill.freight.to_string(),
            insurance: waybill.insurance.to_string(),
            currency: waybill.currency.to_string(),
        }
    };
    v1::GetWaybillResponse {
        revision: revision.0,
        waybill: said.map(waybill),
        waybill_time: said.map(|said| timestamp(said.since)),
        parcel_nos: parcels.iter().map(ToString::to_string).collect(),
    }
}
