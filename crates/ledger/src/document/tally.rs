//! Tallies as filed: what was counted of the goods of a list when they arrived or were shipped (理货).

use super::LinePart;
use super::decision::Decision;
use crate::code::{ListNo, TallyNo};
use crate::time::LocalTime;
use serde::{Deserialize, Serialize};

/// Goods of a list as counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyFiling {
    /// Its number.
    pub tally_no: TallyNo,
    /// The list whose goods were counted.
    pub list_no: ListNo,
    /// When they were counted.
    pub counted_at: LocalTime,
    /// What is there of every line of the list; nothing of a line that is missing altogether.
    pub lines: Vec<LinePart>,
}

/// Customs decides on what the accepted tally of a list I did not find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyDecision {
    /// Which tally.
    pub tally_no: TallyNo,
    /// What it decides.
    pub decision: Decision,
}
