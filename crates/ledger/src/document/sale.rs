//! What three parties say of one sale of electronic commerce (三单): the platform of the order (`CEB311`), who took the money of
//! the payment (`CEB411`), who carries the goods of the waybill (`CEB511`).
//!
//! No schema of these messages is published with those of the books. Their elements are as in the interface specification of
//! the unified import system for cross-border electronic commerce (跨境电子商务进口统一版信息化系统企业对接报文规范): `acturalPaid` is
//! goods, freight and tax less what was not paid in money, and what the payment says.

use super::BuyerHash;
use crate::code::{OrderNo, TraderCode, TransactionNo, WaybillNo};
use crate::coded::code_list;
use crate::quantity::Quantity;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// An order: numbers of orders are the platform's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SaleKey {
    /// `ebpCode`
    pub platform: TraderCode,
    /// `orderNo`
    pub order_no: OrderNo,
}

/// A waybill: numbers of waybills are the carrier's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WaybillKey {
    /// `logisticsCode`
    pub carrier: TraderCode,
    /// `logisticsNo`
    pub waybill_no: WaybillNo,
}

code_list! {
    /// What is done with statements (`appType`).
    SaleAction, "action on statements of a sale" {
        /// 1: nobody said it before.
        File = "FILE",
        /// 2: it takes the place of what was said.
        Change = "CHANGE",
        /// 3: it is taken back.
        Remove = "REMOVE",
    }
}

/// Statements of sales: all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleFiling {
    /// What is done with them.
    pub action: SaleAction,
    /// In order.
    pub statements: Vec<Statement>,
}

impl SaleFiling {
    /// The number of the first statement, by which the message is known.
    #[must_use]
    pub fn first_number(&self) -> &str {
        self.statements.first().map_or("", Statement::number)
    }
}

/// What one party says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Statement {
    /// `CEB311`
    Order(OrderStatement),
    /// `CEB411`
    Payment(PaymentStatement),
    /// `CEB511`
    Waybill(WaybillStatement),
}

impl Statement {
    /// The number that it is known by: of its order, or of its waybill.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::Order(order) => order.sale.order_no.as_str(),
            Self::Payment(payment) => payment.sale.order_no.as_str(),
            Self::Waybill(waybill) => waybill.waybill.waybill_no.as_str(),
        }
    }

    /// Its amounts by the elements that hold them.
    #[must_use]
    pub fn amounts(&self) -> Vec<(&'static str, Quantity)> {
        match self {
            Self::Order(order) => vec![
                ("goodsValue", order.goods_value),
                ("freight", order.freight),
                ("discount", order.discount),
                ("taxTotal", order.tax),
                ("acturalPaid", order.paid),
            ],
            Self::Payment(payment) => vec![("amountPaid", payment.amount)],
            Self::Waybill(waybill) => {
                vec![("freight", waybill.freight), ("insuredFee", waybill.insurance)]
            }
        }
    }

    /// Its currency.
    #[must_use]
    pub fn currency(&self) -> &str {
        match self {
            Self::Order(order) => &order.currency,
            Self::Payment(payment) => &payment.currency,
            Self::Waybill(waybill) => &waybill.currency,
        }
    }
}

/// `OrderHead`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStatement {
    /// Which order.
    pub sale: SaleKey,
    /// `goodsValue`
    pub goods_value: Quantity,
    /// `freight`
    pub freight: Quantity,
    /// `discount`: what was not paid in money.
    pub discount: Quantity,
    /// `taxTotal`: tax that the platform took in advance.
    pub tax: Quantity,
    /// `acturalPaid`
    pub paid: Quantity,
    /// `currency`, three digits.
    pub currency: CompactString,
    /// Who buys, where it is known.
    pub buyer: Option<BuyerHash>,
}

impl OrderStatement {
    /// What its parts add up to: goods, freight and tax less what was not paid in money.
    #[must_use]
    pub fn due(&self) -> Option<Quantity> {
        let gross = self.goods_value.checked_add(self.freight)?.checked_add(self.tax)?;
        gross.checked_sub(self.discount)
    }
}

/// `PaymentHead`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentStatement {
    /// The order that it pays for.
    pub sale: SaleKey,
    /// `payCode`
    pub provider: TraderCode,
    /// `payTransactionId`
    pub transaction_no: TransactionNo,
    /// `amountPaid`
    pub amount: Quantity,
    /// `currency`, three digits.
    pub currency: CompactString,
    /// Who pays, where it is known.
    pub payer: Option<BuyerHash>,
}

/// `LogisticsHead`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaybillStatement {
    /// Which waybill.
    pub waybill: WaybillKey,
    /// `orderNo`, which not every version of the message has.
    pub order_no: Option<OrderNo>,
    /// `freight`
    pub freight: Quantity,
    /// `insuredFee`
    pub insurance: Quantity,
    /// `currency`, three digits.
    pub currency: CompactString,
}

/// What a parcel says of its sale (`InventoryHead`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCitation {
    /// `ebpCode`, `orderNo`
    pub sale: SaleKey,
    /// `logisticsCode`, `logisticsNo`
    pub waybill: Option<WaybillKey>,
    /// `currency`
    pub currency: CompactString,
}
