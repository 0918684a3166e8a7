//! Adjustments of a count as filed (核增核减; `domain.md` 3.4 row 30, 4.1): the only way in which a count changes a book.
//!
//! Each line rests on what customs decided: on a difference, which the line cites, or, where it cites none, on a whole
//! verification of which customs disposed by itself (海关处置).

use super::decision::{Decision, Matter};
use super::goods::NamedGoods;
use crate::code::{AdjustmentNo, BookNo, CustomsNo};
use crate::coded::code_list;
use crate::difference::DifferenceRef;
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

/// An adjustment: differences that customs decided on, or those of a verification of which it disposed, each with its cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentFiling {
    /// Its number.
    pub adjustment_no: AdjustmentNo,
    /// The book.
    pub book_no: BookNo,
    /// The enterprise that owns the book.
    pub owner: CustomsNo,
    /// The accepted verification of the book that found the differences (`chgoffTmsCnt`); needed where a line cites none.
    pub verification: Option<u64>,
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
    /// The decided difference that it takes into the book, all of it or a part.
    pub cites: Option<DifferenceRef>,
}

/// Customs decides on an accepted adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentDecision {
    /// Which adjustment.
    pub adjustment_no: AdjustmentNo,
    /// What it decides.
    pub decision: Decision,
}
