//! Adjustments of a count as filed (核增核减; `domain.md` 3.4 row 30, 4.1): the only way in which a count changes a book.

use super::decision::{Decision, Matter};
use super::goods::NamedGoods;
use crate::code::{AdjustmentNo, BookNo, CustomsNo};
use crate::coded::code_list;
use crate::layer::NamedLot;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// On which side of the book the count is.
    Difference, "difference" {
        /// Less was counted than the book has, 短少.
        Shortage = "SHORTAGE",
        /// More was counted than the book has, 溢出.
        Surplus = "SURPLUS",
    }
}

impl Difference {
    /// What a line with it is about.
    #[must_use]
    pub const fn matter(self) -> Matter {
        match self {
            Self::Shortage => Matter::Shortage,
            Self::Surplus => Matter::Surplus,
        }
    }
}

/// An adjustment: the differences of a verification, each with its cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentFiling {
    /// Its number.
    pub adjustment_no: AdjustmentNo,
    /// The book.
    pub book_no: BookNo,
    /// The enterprise that owns the book.
    pub owner: CustomsNo,
    /// The accepted verification of the book that found the differences (`chgoffTmsCnt`).
    pub verification: u64,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// The differences.
    pub lines: Vec<AdjustmentLine>,
    /// The lots in which less was counted, in a book that gives up the lots that are named.
    pub lots: Vec<NamedLot>,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentLine {
    /// Less or more.
    pub difference: Difference,
    /// Which goods, and how much less or more.
    pub goods: NamedGoods,
    /// Why, in words.
    pub cause: CompactString,
}

/// Customs decides on an accepted adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentDecision {
    /// Which adjustment.
    pub adjustment_no: AdjustmentNo,
    /// What it decides.
    pub decision: Decision,
}
