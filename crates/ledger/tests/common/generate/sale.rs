//! What chance says of sales of electronic commerce: few orders, so that parcels and statements of one meet.

use super::{Intent, Scribe};
use crate::common::build::quantity;
use crate::common::papers::{order, payment, sale_citation, waybill};
use zonebook_ledger::document::{
    BuyerHash, Document, OrderStatement, PaymentStatement, SaleAction, SaleCitation, SaleFiling, Statement,
};

/// Numbers of orders and of their waybills.
const NUMBERS: [&str; 4] = ["O1", "O2", "O3", "O4"];

fn number(pick: u8) -> &'static str {
    NUMBERS[usize::from(pick) % NUMBERS.len()]
}

/// The sale that a parcel is of; now and then it names no waybill.
pub fn citation(pick: u8) -> SaleCitation {
    let cited = sale_citation(number(pick));
    if pick.is_multiple_of(5) { SaleCitation { waybill: None, ..cited } } else { cited }
}

/// One party says something, says it anew or takes it back; mostly what nobody said yet.
pub fn say(scribe: &Scribe, intent: &Intent) -> Document {
    let [pick, kind, odd, buyer, more, ..] = intent.picks;
    let buyer = (buyer % 4 > 0).then_some(BuyerHash([buyer % 3; 32]));
    let of = |number: &str, kind: u8| match kind % 3 {
        0 => Statement::Order(OrderStatement { buyer, ..order(number, "100") }),
        1 => Statement::Payment(PaymentStatement { payer: buyer, ..payment(number, "100") }),
        _ => Statement::Waybill(waybill(number)),
    };
    let mut statements = vec![of(number(pick), kind)];
    if more.is_multiple_of(3) {
        statements.push(of(number(pick.wrapping_add(more)), kind.wrapping_add(1)));
    }
    let known = scribe.model.shelf.said.iter().any(|said| {
        said.number() == statements[0].number()
            && std::mem::discriminant(said) == std::mem::discriminant(&statements[0])
    });
    let action = match odd % 8 {
        0 => SaleAction::Remove,
        1 => SaleAction::File,
        _ if known => SaleAction::Change,
        _ => SaleAction::File,
    };
    match (odd, &mut statements[0]) {
        (7, Statement::Order(order)) => order.freight = quantity("-1"),
        (7, Statement::Payment(payment)) => payment.currency = "CNYX".into(),
        (7, Statement::Waybill(_)) => statements.clear(),
        _ => {}
    }
    Document::Sales(SaleFiling { action, statements })
}
