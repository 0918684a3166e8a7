//! Corrections of posted lists as filed (`domain.md` 3.4 row 31, `design.md` 2.8).

use crate::code::{CorrectionNo, CustomsNo, ListNo};
use crate::measure::Measure;
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Asks customs to undo a posted list, or part of it, by a movement the other way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionFiling {
    /// Its number.
    pub correction_no: CorrectionNo,
    /// The posted list that it corrects. Of a pair of transfer lists either one: both are corrected.
    pub list_no: ListNo,
    /// Customs number of the enterprise that files it: the holder of the list's book.
    pub owner: CustomsNo,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// What was wrong.
    pub reason: CompactString,
    /// What is undone, line by line; nothing named means all that is left of every line.
    pub lines: Vec<LinePart>,
}

/// Part of a line of a list, in all its measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePart {
    /// `gdsSeqno` of the list.
    pub line: u64,
    /// In the declared unit.
    pub declared: Quantity,
    /// In the first statutory unit.
    pub statutory1: Quantity,
    /// In the second statutory unit, where the line has one.
    pub statutory2: Option<Quantity>,
    /// In US dollars.
    pub value_usd: Quantity,
}

impl LinePart {
    /// All of it.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure::new(self.declared, self.statutory1, self.statutory2.unwrap_or_default(), self.value_usd)
    }
}
