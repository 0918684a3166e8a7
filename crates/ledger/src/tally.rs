//! Tallies as the state keeps them.

use crate::document::TallyFiling;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An accepted tally. It never changes; what customs decided about it stands at the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// As filed.
    pub filed: TallyFiling,
    /// Ledger time of filing.
    pub filed_time: Instant,
}
