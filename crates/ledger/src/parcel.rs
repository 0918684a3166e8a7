//! Parcels of electronic commerce as the state keeps them (`RULES.md` 12).

use crate::code::{BookNo, ListNo, LotNo, SerialNo};
use crate::document::ParcelLine;
use crate::movement::DocumentState;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An accepted parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// `emsNo`
    pub book_no: BookNo,
    /// `RESERVED`, `CANCELLED`, `LISTED` or `DELIVERED`.
    pub state: DocumentState,
    /// The list that gathers it.
    pub list_no: Option<ListNo>,
    /// Its lines.
    pub lines: Vec<ParcelGoods>,
    /// Ledger time of reservation.
    pub reserved_time: Instant,
    /// Ledger time of delivery or cancellation.
    pub ended_time: Option<Instant>,
}

/// Goods of a parcel, with what the book says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelGoods {
    /// As filed.
    pub filed: ParcelLine,
    /// The lot of the row, in a book kept by receipt.
    pub lot: Option<LotNo>,
    /// The unit of the row, in a leasing book.
    pub serial: Option<SerialNo>,
}
