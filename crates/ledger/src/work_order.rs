//! Work orders as the state keeps them: what each was issued, gave back, used and made.
//!
//! Goods in process stand in one position for each item of the book; which order has how much of it is told here.

use crate::code::{LotNo, SerialNo};
use crate::direction::Mark;
use crate::document::{OrderReport, WorkOrderOpening};
use crate::matrix::MatrixRow;
use crate::measure::Measure;
use crate::movement::DocumentState;
use crate::quantity::Quantity;
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A work order and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrder {
    /// As filed.
    pub opening: WorkOrderOpening,
    /// `OPEN` or `CLOSED`.
    pub state: DocumentState,
    /// The number of the last event.
    pub events: u64,
    /// Goods that were issued to it, by mark and item.
    pub goods: BTreeMap<(Mark, u64), OrderStock>,
    /// Products that it made, by item.
    pub products: BTreeMap<u64, Measure>,
    /// Residues that it made, by item.
    pub residues: BTreeMap<u64, Measure>,
    /// What was used for which product, in declared units: product, mark and item.
    pub uses: BTreeMap<(u64, Mark, u64), Quantity>,
    /// Ledger time of opening.
    pub opened_time: Instant,
    /// Ledger time of closing.
    pub closed_time: Option<Instant>,
}

/// What became of goods that were issued to an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStock {
    /// Issued from stock.
    pub issued: Measure,
    /// Given back.
    pub returned: Measure,
    /// Used up.
    pub used: Measure,
}

impl OrderStock {
    /// What is in process still; `None` beyond the range of a number.
    #[must_use]
    pub fn in_process(&self) -> Option<Measure> {
        self.issued.checked_sub(&self.returned)?.checked_sub(&self.used)
    }
}

/// An event of an order that was accepted, with what it moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEntry {
    /// As filed.
    pub filed: OrderReport,
    /// What it moved; of a counter-event, what it took back.
    pub moves: Vec<OrderMove>,
    /// The event that took it back.
    pub countered_by: Option<u64>,
    /// Ledger time of acceptance.
    pub posted_time: Instant,
}

/// Goods that an event moved along the legs of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderMove {
    /// The line of the event.
    pub line: u64,
    /// Which row of the posting matrix.
    pub row: MatrixRow,
    /// Materials, products or residues.
    pub mark: Mark,
    /// The item.
    pub number: u64,
    /// The lot of the row, where the book tracks lots.
    pub lot: Option<LotNo>,
    /// The unit of the row, where the book tracks units.
    pub serial: Option<SerialNo>,
    /// How much.
    pub measure: Measure,
    /// For which product it was used.
    pub product: Option<u64>,
}
