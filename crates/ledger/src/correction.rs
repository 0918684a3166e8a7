//! Corrections as the state keeps them, and how much of a posted list they undo (`domain.md` 3.4 row 31).

use crate::code::{BookNo, CustomsNo, ListNo};
use crate::document::CorrectionFiling;
use crate::measure::Measure;
use crate::movement::{DocumentState, MaterialUse};
use crate::quantity::Quantity;
use crate::time::Instant;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A correction: `PRE_POSTED` while customs has not decided, then `POSTED` or `RETURNED`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// As filed.
    pub filed: CorrectionFiling,
    /// Where it stands.
    pub state: DocumentState,
    /// What it undoes, list by list: the one that it cites first, then its partner.
    pub sides: Vec<CorrectedSide>,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// Ledger time of the decision.
    pub decided_time: Option<Instant>,
    /// What customs said to it.
    pub decision: CompactString,
}

/// What a correction undoes of one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedSide {
    /// The list.
    pub list_no: ListNo,
    /// Its book.
    pub book_no: BookNo,
    /// Who holds that book.
    pub owner: CustomsNo,
    /// What of which lines.
    pub parts: Vec<CorrectedPart>,
}

/// What a correction undoes of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedPart {
    /// `gdsSeqno`
    pub line: u64,
    /// How much.
    pub measure: Measure,
    /// The materials that go back with it, of a product by BOM.
    pub uses: Vec<MaterialUse>,
}

/// How much of a line is undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// By corrections that customs has not decided.
    pub asked: Measure,
    /// For good: by approved corrections, and what the tally showed short.
    pub settled: Measure,
    /// Materials of a product that go back with both, by item.
    pub uses: BTreeMap<u64, Quantity>,
}

impl Undone {
    /// What is asked for and settled together; `None` beyond the range of a number.
    #[must_use]
    pub fn sum(&self) -> Option<Measure> {
        self.asked.checked_add(&self.settled)
    }
}
