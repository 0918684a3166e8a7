//! Orders, payments, waybills and parcels of electronic commerce beside each other: what differs is told with its age, what is
//! missing once it has been waited for (`domain.md` 3.1).

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, quantity};
use common::papers::{order, parcel, parcel_no, payment, sale_citation, waybill};
use common::world;
use common::zone::Zone;
use std::sync::Arc;
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::Command;
use zonebook_ledger::document::{
    BuyerHash, CitedParcel, Document, OrderStatement, Parcel, ParcelFiling, PaymentStatement, SaleAction,
    SaleCitation, SaleFiling, Statement, WaybillStatement,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Key, ParcelSales, Parcels, Row, Sales, get};
use zonebook_reconcile::cross_check::{Break, Check, Scope, page};

const ANNE: BuyerHash = BuyerHash([1; 32]);
const BERT: BuyerHash = BuyerHash([2; 32]);

fn cans() -> world::Goods {
    world::Goods { part: "CAN".into(), tariff: "1901101000".into(), units: build::units("122", "035", None) }
}

fn zone() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = build::book("C1");
    filing.usage = Usage::ECommerce;
    filing.rows.push(build::book_row(1, &cans(), amount("100", "90", None)));
    zone.files(Document::Book(filing));
    zone.at("2026-06-02T10:00:00");
    zone
}

fn says(zone: &mut Zone, action: SaleAction, statements: Vec<Statement>) {
    zone.files(Document::Sales(SaleFiling { action, statements }));
}

/// All three say the same of an order of 100.
fn agreed(number: &str) -> Vec<Statement> {
    vec![
        Statement::Order(OrderStatement { buyer: Some(ANNE), ..order(number, "100") }),
        Statement::Payment(PaymentStatement { payer: Some(ANNE), ..payment(number, "100") }),
        Statement::Waybill(waybill(number)),
    ]
}

fn sells(zone: &mut Zone, number: &str, sale: SaleCitation) {
    let sold =
        Parcel { buyer: Some(ANNE), ..parcel(number, "C1", 1, &cans(), amount("2", "1.8", None), "100") };
    let cited = vec![CitedParcel { parcel: sold, sale: Some(sale) }];
    zone.files(Document::Parcels(ParcelFiling::of(cited)));
}

fn breaks(zone: &Zone, grace_days: i32) -> Vec<Break> {
    let scope = Scope { check: Some(Check::Sales), grace_days, ..Scope::default() };
    let (mut from, mut found) = (None, Vec::new());
    loop {
        // One document a page: each walk is left and taken up again.
        let page = page(&zone.state, &scope, from.as_ref(), 2).unwrap();
        found.extend(page.breaks);
        match page.next {
            Some(next) => from = Some(next),
            None => return found,
        }
    }
}

fn told(zone: &Zone, grace_days: i32) -> Vec<(String, String, String, String)> {
    let shown = |found: Break| {
        let (document, what) = (found.document.to_string(), found.what.to_string());
        (document, what, found.expected.to_string(), found.found.to_string())
    };
    breaks(zone, grace_days).into_iter().map(shown).collect()
}

fn one(document: &str, what: &str, expected: &str, found: &str) -> (String, String, String, String) {
    (document.into(), what.into(), expected.into(), found.into())
}

#[test]
fn a_sale_of_which_all_say_the_same_has_no_breaks() {
    let mut zone = zone();
    says(&mut zone, SaleAction::File, agreed("O1"));
    sells(&mut zone, "P1", sale_citation("O1"));
    zone.at("2026-08-01T10:00:00");
    assert_eq!(told(&zone, 0), []);
}

#[test]
fn what_is_missing_is_told_with_its_age_once_it_was_waited_for() {
    let mut zone = zone();
    // Another sale, so that platform and carrier are known to speak here.
    says(&mut zone, SaleAction::File, agreed("O9"));
    sells(&mut zone, "P9", sale_citation("O9"));
    sells(&mut zone, "P1", sale_citation("O1"));
    assert_eq!(told(&zone, 0), []);
    zone.at("2026-06-17T10:00:00");
    zone.files(Document::Sales(SaleFiling { action: SaleAction::Change, statements: agreed("O9") }));
    assert_eq!(told(&zone, 15), []);
    let expected = [
        one("P1", "order", "O1", "none"),
        one("P1", "payment", "one of order O1", "none"),
        one("P1", "waybill", "O1", "none"),
    ];
    assert_eq!(told(&zone, 14), expected);
    for found in breaks(&zone, 14) {
        assert_eq!((found.age_days, found.since.to_string().as_str()), (15, "2026-06-02"));
        assert_eq!(found.book_no, Some(build::book_no("C1")));
    }
}

#[test]
fn where_nobody_says_anything_nothing_is_missing() {
    let mut zone = zone();
    sells(&mut zone, "P1", sale_citation("O1"));
    zone.at("2026-08-01T10:00:00");
    assert_eq!(told(&zone, 0), []);
}

#[test]
fn a_triple_without_a_parcel_is_told() {
    let mut zone = zone();
    says(&mut zone, SaleAction::File, agreed("O1"));
    sells(&mut zone, "P1", sale_citation("O1"));
    zone.files(Document::Parcels(ParcelFiling::Cancel(vec![parcel_no("P1")])));
    zone.at("2026-06-20T10:00:00");
    zone.files(Document::Sales(SaleFiling { action: SaleAction::File, statements: agreed("O2") }));
    let expected = [
        one("O1", "parcel", "one of the sale", "none"),
        one("O1", "parcel", "one that goes with the waybill", "none"),
    ];
    assert_eq!(told(&zone, 14), expected);
    // What the cancelled parcel said of its sale is still known.
    let cited = get::<ParcelSales>(&zone.state, parcel_no("P1")).unwrap().unwrap();
    assert_eq!(*cited, sale_citation("O1"));
}

#[test]
fn a_payment_without_its_order_is_told_and_an_order_without_its_payment() {
    let mut zone = zone();
    says(&mut zone, SaleAction::File, vec![agreed("O1").remove(0), agreed("O2").remove(1)]);
    zone.at("2026-06-20T10:00:00");
    says(&mut zone, SaleAction::File, agreed("O3"));
    let told = told(&zone, 14);
    assert!(told.contains(&one("O1", "payment", "one of the order", "none")), "{told:?}");
    assert!(told.contains(&one("O2", "order", "the one that was paid", "none")), "{told:?}");
}

#[test]
fn amounts_currency_buyer_and_waybill_that_differ_are_told_at_once() {
    let mut zone = zone();
    let said = vec![
        Statement::Order(OrderStatement {
            buyer: Some(BERT),
            tax: quantity("9.1"),
            goods_value: quantity("99"),
            ..order("O1", "100")
        }),
        Statement::Payment(PaymentStatement {
            payer: Some(ANNE),
            currency: "502".into(),
            ..payment("O1", "101")
        }),
        Statement::Waybill(WaybillStatement { order_no: waybill("O2").order_no, ..waybill("O1") }),
    ];
    says(&mut zone, SaleAction::File, said);
    zone.at("2026-06-03T10:00:00");
    sells(&mut zone, "P1", SaleCitation { currency: "110".into(), ..sale_citation("O1") });
    let (anne, bert) = (ANNE.to_string(), BERT.to_string());
    let expected = [
        one("P1", "currency", "142", "110"),
        one("P1", "buyer", &bert, &anne),
        one("P1", "order of the waybill", "O1", "O2"),
        one("O1", "currency", "142", "502"),
        one("O1", "amount paid", "100", "101"),
        one("O1", "payer", &bert, &anne),
        one("O1", "goods, freight and tax less discount", "108.1", "100"),
        one("O1", "value of the goods", "99", "100"),
    ];
    assert_eq!(told(&zone, i32::MAX), expected);
    zone.at("2026-06-05T10:00:00");
    says(&mut zone, SaleAction::File, agreed("O9"));
    let ages: Vec<i32> = breaks(&zone, i32::MAX).iter().map(|found| found.age_days).collect();
    // Since both were there: the order was said on the 2nd, the parcel came on the 3rd.
    assert_eq!(ages, [2, 2, 2, 3, 3, 3, 3, 2]);
    // Said anew as it is, nothing is left of it but what the parcel says.
    says(&mut zone, SaleAction::Change, agreed("O1"));
    assert_eq!(told(&zone, i32::MAX), [one("P1", "currency", "142", "110")]);
}

/// A worth beyond the range of a number is no figure, and not nothing: an order of goods worth nothing differs from it.
#[test]
fn a_worth_beyond_the_range_of_a_number_is_told() {
    let mut zone = zone();
    let said = OrderStatement { buyer: Some(ANNE), goods_value: quantity("0"), ..order("O1", "0") };
    says(&mut zone, SaleAction::File, vec![Statement::Order(said)]);
    sells(&mut zone, "P1", sale_citation("O1"));
    sells(&mut zone, "P2", sale_citation("O1"));
    for number in ["P1", "P2"] {
        let mut parcel = (*get::<Parcels>(&zone.state, parcel_no(number)).unwrap().unwrap()).clone();
        parcel.lines[0].filed.price = Quantity::from_raw(i128::MAX);
        let planted = (Key::Parcel(parcel_no(number)), Some(Row::Parcel(Arc::new(parcel))));
        zone.state.merge([planted].into_iter().collect());
    }
    let value = told(&zone, i32::MAX).into_iter().find(|(_, what, ..)| what == "value of the goods");
    let beyond = "beyond the range of a number";
    assert_eq!(value, Some(one("O1", "value of the goods", "0", beyond)));
}

#[test]
fn what_was_said_is_said_once_changed_and_taken_back() {
    let mut zone = zone();
    let filing = |action, statements| Document::Sales(SaleFiling { action, statements });
    assert_eq!(zone.refuses(filing(SaleAction::Change, agreed("O1"))), Reason::DocumentUnknown);
    zone.files(filing(SaleAction::File, agreed("O1")));
    assert_eq!(zone.refuses(filing(SaleAction::File, agreed("O1"))), Reason::DocumentExists);
    // All or none.
    let both = agreed("O2").into_iter().chain(agreed("O1")).collect();
    assert_eq!(zone.refuses(filing(SaleAction::File, both)), Reason::DocumentExists);
    let of_o2 =
        zone.state.rows().filter(|(key, _)| matches!(key, Key::Sale(sale) if sale.order_no.as_str() == "O2"));
    assert_eq!(of_o2.count(), 0);
    let applied = zone.files(filing(SaleAction::Remove, agreed("O1")));
    assert_eq!(applied.outcome.state, Some(DocumentState::Cancelled));
    assert!(get::<Sales>(&zone.state, common::papers::sale_key("O1")).unwrap().is_none());
    assert_eq!(zone.refuses(filing(SaleAction::Remove, agreed("O1"))), Reason::DocumentUnknown);
    let mut negative = agreed("O1");
    if let Statement::Order(order) = &mut negative[0] {
        order.discount = quantity("-1");
    }
    let command = Command::File(Box::new(filing(SaleAction::File, negative)));
    let refusal = zone.takes(command).applied.outcome.refusal().unwrap().clone();
    assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::InvalidField, Some("discount")));
    // What was taken back may be said again.
    zone.files(filing(SaleAction::File, agreed("O1")));
}
