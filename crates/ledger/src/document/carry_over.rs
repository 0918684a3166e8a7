//! Carry-over of goods to the book that succeeds theirs (账册结转): all that is in stock of each item, in one step of two
//! books.

use crate::code::{BookNo, CarryOverNo, CustomsNo};
use crate::direction::Mark;
use crate::time::LocalTime;
use serde::{Deserialize, Serialize};

/// Goods go to a successor. A book of many items is carried over by several of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryOverFiling {
    /// Its number.
    pub carry_over_no: CarryOverNo,
    /// The book that is succeeded; it may be past its last day.
    pub from_book: BookNo,
    /// The successor: of the same owner, in the same zone, of the same kind, usage, regime and booking mode.
    pub to_book: BookNo,
    /// The owner of both.
    pub owner: CustomsNo,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// What goes.
    pub lines: Vec<CarryOverLine>,
}

/// An item, and what it is in the successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryOverLine {
    /// Its number in the document.
    pub line: u64,
    /// Materials, products or residues; the same in both books.
    pub mark: Mark,
    /// The item in the book that is succeeded.
    pub number: u64,
    /// The item in the successor. `None` where it is kept by receipt: the goods open a row of their own there, with the
    /// lot and serial number that they had.
    pub to_number: Option<u64>,
}
