//! Goods on their way back: which lists return goods of a list, and how much (`domain.md` 3.4 row 27). Lists by which
//! products leave for others that came back take of those in the same way.

use crate::code::ListNo;
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};

/// What one line of a return takes of the list whose goods come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedShare {
    /// The returning list. Withdrawn lists and replaced lines are not kept.
    pub list_no: ListNo,
    /// Its line.
    pub line: u64,
    /// The item of the original.
    pub number: u64,
    /// In the declared unit.
    pub declared: Quantity,
}
