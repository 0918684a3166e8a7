//! Carry-overs as the state keeps them: which item became which, so that goods can be followed across books.

use crate::document::CarryOverFiling;
use crate::measure::Measure;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An accepted carry-over. It is posted at once and never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryOver {
    /// As filed; the item of a line that opened a row is that row.
    pub filed: CarryOverFiling,
    /// What each line carried, in line order.
    pub carried: Vec<Measure>,
    /// Ledger time of posting.
    pub posted_time: Instant,
}
