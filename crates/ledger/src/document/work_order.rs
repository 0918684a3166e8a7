//! Work orders as filed (工单): what is planned, and what the shop floor reports (`domain.md` 3.1, 3.4 row 8).
//!
//! The events of an order are numbered 1, 2, 3, ...; none is ever changed, a wrong one is taken back by a counter-event
//! that cites it.

use crate::code::{BomVersion, BookNo, CustomsNo, PartNo, TariffCode, UnitCode, WorkOrderNo};
use crate::direction::Mark;
use crate::item::ResidueKind;
use crate::layer::NamedLot;
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A step in the life of a work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrderFiling {
    /// Its number.
    pub order_no: WorkOrderNo,
    /// What happens.
    pub step: WorkOrderStep,
}

/// What happens to a work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkOrderStep {
    /// It is opened.
    Open(WorkOrderOpening),
    /// Something is reported to it.
    Report(OrderReport),
    /// It is closed: nothing of it is in process any more.
    Close {
        /// One more than the last event.
        event_no: u64,
        /// When, as the enterprise says.
        closed_at: LocalTime,
    },
}

impl WorkOrderStep {
    /// The number of the event; 0 for the opening.
    #[must_use]
    pub const fn event_no(&self) -> u64 {
        match self {
            Self::Open(_) => 0,
            Self::Report(report) => report.event_no,
            Self::Close { event_no, .. } => *event_no,
        }
    }
}

/// A new work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrderOpening {
    /// The book, of regime `WORK_ORDER`.
    pub book_no: BookNo,
    /// The owner of the book.
    pub owner: CustomsNo,
    /// When, as the enterprise says.
    pub declared_at: LocalTime,
    /// What is to be made, each product once.
    pub products: Vec<PlannedProduct>,
}

/// A product that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedProduct {
    /// Its place in the order, counted from 1.
    pub line: u64,
    /// The item of the product.
    pub number: u64,
    /// How much is planned; more or less may be made.
    pub declared: Quantity,
    /// The filed version (`ucnsVerno`) with which actual use is compared.
    pub bom_version: Option<BomVersion>,
}

/// Something that the shop floor reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReport {
    /// One more than the last event of the order.
    pub event_no: u64,
    /// When, as the enterprise says.
    pub reported_at: LocalTime,
    /// What.
    pub event: OrderEvent,
    /// The lots that are issued, in a book that gives up the lots that are named; that are used or given back, in any.
    pub lots: Vec<NamedLot>,
}

/// What is reported to a work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderEvent {
    /// Goods are issued from stock (领料). Products may be issued as well, for rework.
    Issue(Vec<OrderGoods>),
    /// What was not used goes back into stock (退料).
    Return(Vec<OrderGoods>),
    /// Goods are used and something comes of them (报工).
    Output(OrderOutput),
    /// An earlier event is taken back.
    Counter {
        /// Which event.
        cites: u64,
        /// Why.
        reason: CompactString,
    },
}

/// Quantities of goods, as far as a report says them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderQuantities {
    /// In the declared unit.
    pub declared: Quantity,
    /// In the first statutory unit. Without it the declared quantity where the units are the same, else nothing
    /// (`RULES.md` 3.6).
    pub statutory1: Option<Quantity>,
    /// In the second statutory unit.
    pub statutory2: Option<Quantity>,
}

/// Goods of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderGoods {
    /// The place of the line among its like, counted from 1.
    pub line: u64,
    /// Materials, products or residues.
    pub mark: Mark,
    /// The item.
    pub number: u64,
    /// How much.
    pub quantities: OrderQuantities,
}

/// What was used and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderOutput {
    /// Goods in process that were used up, in the quantities that were really used.
    pub used: Vec<OrderUse>,
    /// Products made.
    pub products: Vec<OrderProduct>,
    /// Scrap, by-products and defectives.
    pub residues: Vec<OrderResidue>,
}

/// Goods used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderUse {
    /// What, and how much.
    pub goods: OrderGoods,
    /// For which product of the order; an order of one product need not say it.
    pub product: Option<u64>,
}

/// A product made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderProduct {
    /// The place of the line among its like, counted from 1.
    pub line: u64,
    /// The item of the product, which the order plans.
    pub number: u64,
    /// How much.
    pub quantities: OrderQuantities,
}

/// What else came of it. The first record that makes an item files it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderResidue {
    /// The place of the line among its like, counted from 1.
    pub line: u64,
    /// The item of the residue, mark `R`.
    pub number: u64,
    /// What it is.
    pub kind: ResidueKind,
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// `dclUnitcd`
    pub unit: UnitCode,
    /// How much, in that unit.
    pub declared: Quantity,
}
