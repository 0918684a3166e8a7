//! Parcels of electronic commerce as the state keeps them (`RULES.md` 12).

use crate::code::{BookNo, ListNo, LotNo, SerialNo};
use crate::document::{BuyerHash, ParcelLine, ParcelReturnFiling};
use crate::movement::DocumentState;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};

/// An accepted parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// `emsNo`
    pub book_no: BookNo,
    /// Who buys, where it is known.
    pub buyer: Option<BuyerHash>,
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
    /// What its returns in time were worth: that much less counts for the buyer's year.
    pub restored: Quantity,
}

impl Parcel {
    /// What it is worth, in Chinese currency.
    #[must_use]
    pub fn worth(&self) -> Option<Quantity> {
        self.lines.iter().try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.filed.price))
    }
}

/// An accepted return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelReturn {
    /// As filed.
    pub filed: ParcelReturnFiling,
    /// Applied for and arrived in time: no tax on what came back, and the buyer's year is relieved of it.
    pub in_time: bool,
    /// The last days on which it could have been applied for, and have arrived.
    pub apply_by: Date,
    /// See `apply_by`.
    pub arrive_by: Date,
    /// What was taken off the buyer's year; nothing where the buyer is not known.
    pub restored: Quantity,
    /// Ledger time of posting.
    pub posted_time: Instant,
}

/// What came back of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// `qty`
    pub declared: Quantity,
    /// `qty1`
    pub statutory1: Quantity,
    /// `qty2`
    pub statutory2: Quantity,
    /// `qty` of the returns that were in time.
    pub in_time: Quantity,
    /// The share of the price of what came back in time, rounded once from `in_time`.
    pub restored: Quantity,
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
    /// What came back of it so far: the three quantities, and the price of what came back in time.
    pub returned: Returned,
}
