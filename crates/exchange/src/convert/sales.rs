//! `CEB311`, `CEB411`, `CEB511`: what platforms, payment providers and carriers say of sales (三单).
//!
//! No schema of these is published with those of the books; the elements are named in `zonebook_ledger::document` where they are
//! kept. They are read like parcel lists: well-formed, values by name. Who buys and who pays become a hash.

use super::Converted;
use super::commerce::{self, alike, at_most};
use super::fields::{Fields, numbers};
use crate::buyer::BuyerKey;
use crate::inventory::{Inventories, Inventory, Shape};
use crate::message::{label, missing};
use crate::outline::Outline;
use zonebook_ledger::code::{OrderNo, TraderCode, TransactionNo, WaybillNo};
use zonebook_ledger::document::{
    BuyerHash, Document, OrderStatement, PaymentStatement, SaleAction, SaleFiling, SaleKey, Statement,
    WaybillKey, WaybillStatement,
};
use zonebook_ledger::limits::STATEMENTS_MAX;
use zonebook_ledger::message::Content;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// A type of message about sales.
pub(crate) struct SaleMessage {
    /// Its root.
    pub(crate) root: &'static str,
    /// What tables call it.
    pub(crate) kind: &'static str,
    shape: Shape,
    /// The number that its statements are known by.
    number: &'static str,
    read: Read,
}

type Read = fn(&Fields<'_, '_>, Option<&BuyerKey>) -> Converted<Statement>;

/// All of them.
pub(crate) const SALES: &[SaleMessage] = &[
    SaleMessage {
        root: "CEB311Message",
        kind: "CEB311",
        shape: Shape {
            paper: "Order",
            head: "OrderHead",
            head_values: &[
                "appType",
                "orderNo",
                "ebpCode",
                "goodsValue",
                "freight",
                "discount",
                "taxTotal",
                "acturalPaid",
                "currency",
                "buyerIdType",
                "buyerIdNumber",
            ],
            line: "",
            line_values: &[],
        },
        number: "orderNo",
        read: order,
    },
    SaleMessage {
        root: "CEB411Message",
        kind: "CEB411",
        shape: Shape {
            paper: "Payment",
            head: "PaymentHead",
            head_values: &[
                "appType",
                "payCode",
                "payTransactionId",
                "orderNo",
                "ebpCode",
                "payerIdType",
                "payerIdNumber",
                "amountPaid",
                "currency",
            ],
            line: "",
            line_values: &[],
        },
        number: "orderNo",
        read: payment,
    },
    SaleMessage {
        root: "CEB511Message",
        kind: "CEB511",
        shape: Shape {
            paper: "Logistics",
            head: "LogisticsHead",
            head_values: &[
                "appType",
                "logisticsCode",
                "logisticsNo",
                "orderNo",
                "freight",
                "insuredFee",
                "currency",
            ],
            line: "",
            line_values: &[],
        },
        number: "logisticsNo",
        read: waybill,
    },
];

/// The content of a message whose root is one of [`SALES`].
pub(crate) fn sales(outline: &Outline<'_>, bytes: &[u8], buyers: Option<&BuyerKey>) -> Content {
    let Some(message) = SALES.iter().find(|message| message.root == outline.root) else {
        return missing(label(outline.root, ""), "root");
    };
    let papers = match Inventories::read(bytes, &message.shape) {
        Ok(papers) => papers,
        Err(malformed) => return Content::Unreadable(Box::new(malformed.refusal(bytes))),
    };
    let number = |paper: &Inventory<'_>| {
        paper.head.value(message.number).map_or_else(String::new, |value| value.text.to_string())
    };
    let texts: Vec<String> = papers.parcels.iter().map(number).collect();
    let first = texts.first().map_or("", String::as_str);
    let names = numbers(texts.iter().map(String::as_str));
    commerce::keyed(message.kind, first, outline, names, || {
        convert(message, &papers, bytes, buyers).map(Document::Sales)
    })
}

fn convert(
    message: &SaleMessage,
    papers: &Inventories<'_>,
    bytes: &[u8],
    buyers: Option<&BuyerKey>,
) -> Converted<SaleFiling> {
    at_most(message.shape.paper, papers.parcel_count, STATEMENTS_MAX)?;
    let heads = || papers.parcels.iter().map(|paper| Fields::counted(&paper.head, None, bytes));
    let Some(first) = heads().next() else {
        let refusal = Refusal::new(Reason::InvalidField).field(message.shape.paper, "");
        return Err(Box::new(refusal.expected("at least one")));
    };
    let action = match first.text("appType") {
        "1" => SaleAction::File,
        "2" => SaleAction::Change,
        "3" => SaleAction::Remove,
        _ => return Err(first.wrong("appType", "1, 2 or 3")),
    };
    alike(&first, heads(), "the first")?;
    let statements = heads().map(|head| (message.read)(&head, buyers)).collect::<Converted<_>>()?;
    Ok(SaleFiling { action, statements })
}

fn sale(head: &Fields<'_, '_>) -> Converted<SaleKey> {
    Ok(SaleKey {
        platform: head.read("ebpCode", TraderCode::new)?,
        order_no: head.read("orderNo", OrderNo::new)?,
    })
}

fn person(
    head: &Fields<'_, '_>,
    buyers: Option<&BuyerKey>,
    (kind, number): (&str, &str),
) -> Option<BuyerHash> {
    buyers.and_then(|key| key.hash(head.text(kind), head.text(number)))
}

fn order(head: &Fields<'_, '_>, buyers: Option<&BuyerKey>) -> Converted<Statement> {
    Ok(Statement::Order(OrderStatement {
        sale: sale(head)?,
        goods_value: head.amount("goodsValue")?,
        freight: head.amount("freight")?,
        discount: head.amount("discount")?,
        tax: head.amount("taxTotal")?,
        paid: head.amount("acturalPaid")?,
        currency: head.owned("currency")?,
        buyer: person(head, buyers, ("buyerIdType", "buyerIdNumber")),
    }))
}

fn payment(head: &Fields<'_, '_>, buyers: Option<&BuyerKey>) -> Converted<Statement> {
    Ok(Statement::Payment(PaymentStatement {
        sale: sale(head)?,
        provider: head.read("payCode", TraderCode::new)?,
        transaction_no: head.read("payTransactionId", TransactionNo::new)?,
        amount: head.amount("amountPaid")?,
        currency: head.owned("currency")?,
        payer: person(head, buyers, ("payerIdType", "payerIdNumber")),
    }))
}

fn waybill(head: &Fields<'_, '_>, _: Option<&BuyerKey>) -> Converted<Statement> {
    Ok(Statement::Waybill(WaybillStatement {
        waybill: WaybillKey {
            carrier: head.read("logisticsCode", TraderCode::new)?,
            waybill_no: head.read("logisticsNo", WaybillNo::new)?,
        },
        order_no: head.optional("orderNo", OrderNo::optional)?,
        freight: head.amount("freight")?,
        insurance: head.amount("insuredFee")?,
        currency: head.owned("currency")?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zonebook_ledger::message::Message;
    use zonebook_ledger::quantity::Quantity;

    const ORDER: &str = "<c:CEB311Message xmlns:c='urn:ceb' guid='G1'><c:Order><c:OrderHead>\
        <c:appType>1</c:appType><c:orderNo>O1</c:orderNo><c:ebpCode>EBP</c:ebpCode><c:goodsValue>89</c:goodsValue>\
        <c:freight>10</c:freight><c:discount>5</c:discount><c:taxTotal>8.1</c:taxTotal>\
        <c:acturalPaid>102.1</c:acturalPaid><c:currency>142</c:currency><c:buyerIdType>1</c:buyerIdType>\
        <c:buyerIdNumber>000000190001010000</c:buyerIdNumber><c:buyerName>买家甲乙</c:buyerName>\
        <c:buyerTelephone>13800138000</c:buyerTelephone></c:OrderHead>\
        <c:OrderList><c:gnum>1</c:gnum><c:totalPrice>89</c:totalPrice></c:OrderList></c:Order></c:CEB311Message>";
    const PAYMENT: &str = "<c:CEB411Message xmlns:c='urn:ceb' guid='G2'><c:Payment><c:PaymentHead>\
        <c:appType>2</c:appType><c:payCode>PAY</c:payCode><c:payTransactionId>T1</c:payTransactionId>\
        <c:orderNo>O1</c:orderNo><c:ebpCode>EBP</c:ebpCode><c:payerIdType>1</c:payerIdType>\
        <c:payerIdNumber>000000190001010000</c:payerIdNumber><c:payerName>买家甲乙</c:payerName>\
        <c:amountPaid>102.1</c:amountPaid><c:currency>142</c:currency></c:PaymentHead></c:Payment></c:CEB411Message>";
    const WAYBILL: &str = "<c:CEB511Message xmlns:c='urn:ceb' guid='G3'><c:Logistics><c:LogisticsHead>\
        <c:appType>3</c:appType><c:logisticsCode>LC</c:logisticsCode><c:logisticsNo>W1</c:logisticsNo>\
        <c:freight>10</c:freight><c:insuredFee>0</c:insuredFee><c:currency>142</c:currency>\
        <c:consignee>收件人丙</c:consignee></c:LogisticsHead></c:Logistics></c:CEB511Message>";

    fn key() -> BuyerKey {
        BuyerKey::new(&[7; 32]).unwrap()
    }

    fn received(text: &str) -> Message {
        crate::receive("s", 1, "n", text.as_bytes(), Some(&key()))
    }

    fn filing(text: &str) -> SaleFiling {
        match received(text).content {
            Content::Keyed { document: Ok(document), .. } => match *document {
                Document::Sales(filing) => filing,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn refused(text: &str) -> Refusal {
        match received(text).content {
            Content::Keyed { document: Err(refusal), .. } => *refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn order_payment_and_waybill_of_a_sale_are_read() {
        let SaleFiling { action: SaleAction::File, statements } = filing(ORDER) else { panic!() };
        let [Statement::Order(order)] = statements.as_slice() else { panic!("{statements:?}") };
        assert_eq!(order.due(), Some(order.paid), "what the parts of the order add up to is what was paid");
        assert_eq!(order.buyer, key().hash("1", "000000190001010000"));
        let SaleFiling { action: SaleAction::Change, statements } = filing(PAYMENT) else { panic!() };
        let [Statement::Payment(payment)] = statements.as_slice() else { panic!("{statements:?}") };
        assert_eq!((&payment.sale, payment.payer), (&order.sale, order.buyer));
        assert_eq!(payment.amount, order.paid);
        let SaleFiling { action: SaleAction::Remove, statements } = filing(WAYBILL) else { panic!() };
        let [Statement::Waybill(waybill)] = statements.as_slice() else { panic!("{statements:?}") };
        assert_eq!((waybill.order_no.as_ref(), waybill.freight), (None, Quantity::whole(10)));
    }

    #[test]
    fn a_message_is_known_by_its_guid_and_its_first_number() {
        let Content::Keyed { label, key, names, .. } = received(WAYBILL).content else { panic!() };
        assert_eq!((label.kind.as_str(), label.business_id.as_str()), ("CEB511", "W1"));
        assert_eq!((key.as_str(), names), ("CEB511:G3", vec!["W1".into()]));
        assert!(matches!(received(&ORDER.replace(" guid='G1'", "")).content, Content::Invalid { .. }));
    }

    #[test]
    fn nothing_of_a_person_gets_into_the_ledger_nor_into_what_is_kept() {
        for text in [ORDER, PAYMENT, WAYBILL] {
            let message = received(text);
            let kept = crate::original::bytes(message.original.as_ref().unwrap()).unwrap();
            let shown = format!("{message:?} {}", String::from_utf8(kept).unwrap());
            for personal in ["000000190001010000", "买家甲乙", "13800138000", "收件人丙"] {
                assert!(!shown.contains(personal), "{shown}");
            }
        }
    }

    #[test]
    fn what_the_ledger_cannot_take_is_named() {
        assert_eq!(refused(&ORDER.replace(">O1<", "><")).field.as_deref(), Some("orderNo"));
        assert_eq!(refused(&ORDER.replace(">89<", ">x<")).field.as_deref(), Some("goodsValue"));
        assert_eq!(refused(&PAYMENT.replace(">2<", ">4<")).field.as_deref(), Some("appType"));
        assert_eq!(refused(&PAYMENT.replace(">T1<", "><")).field.as_deref(), Some("payTransactionId"));
        let mixed = WAYBILL.replace("</c:Logistics>", "</c:Logistics><c:Logistics/>");
        assert_eq!(refused(&mixed).field.as_deref(), Some("appType"));
        let none = "<CEB511Message guid='G'/>";
        assert_eq!(refused(none).field.as_deref(), Some("Logistics"));
        let many = "<Logistics/>".repeat(STATEMENTS_MAX + 1);
        let many = refused(&format!("<CEB511Message guid='G'>{many}</CEB511Message>"));
        assert_eq!(many.reason, Reason::TooLarge);
    }
}
