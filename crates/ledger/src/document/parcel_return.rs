//! Returns of electronic commerce as filed: what came back of a parcel (`CEB625`; `domain.md` 3.1, row 21 of 3.4).

use crate::code::{ParcelNo, ReturnNo};
use crate::quantity::Quantity;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// Goods of a delivered parcel that are back and were found in order by customs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelReturnFiling {
    /// Its number.
    pub return_no: ReturnNo,
    /// `invtNo`: the parcel that it is of.
    pub parcel_no: ParcelNo,
    /// When the return was applied for.
    pub applied_on: Date,
    /// When the goods were back at the place they came from.
    pub arrived_on: Date,
    /// What came back: whole or part.
    pub lines: Vec<ReturnedLine>,
}

/// What came back of one line of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedLine {
    /// `gnum`: the line of the parcel.
    pub line: u64,
    /// `qty`
    pub declared: Quantity,
    /// `qty1`
    pub statutory1: Quantity,
    /// `qty2`, where the item has a second statutory unit.
    pub statutory2: Option<Quantity>,
}
