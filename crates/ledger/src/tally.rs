//! Tallies as the state keeps them.

use crate::disposal::{KeptDecision, OpenGoods};
use crate::document::{NamedGoods, TallyFiling};
use crate::movement::DocumentState;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An accepted tally, and what customs decided on the goods that it did not find. Whether customs accepted it stands at
/// the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// As filed.
    pub filed: TallyFiling,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// What is short of a list I, from its posting on: these goods stand in the place of differences.
    pub short: Vec<ShortGoods>,
    /// What customs decided on them.
    pub decisions: Vec<KeptDecision>,
    /// Ledger time of the last decision, when nothing was left.
    pub decided_time: Option<Instant>,
}

/// Goods of a line that were not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortGoods {
    /// Which goods, under the line of the list, and how much is short.
    pub named: NamedGoods,
    /// How much of that customs has not decided on.
    pub open: OpenGoods,
}

impl Tally {
    /// Whether something is short on which customs has not decided.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.short.iter().any(|short| !short.open.left.is_zero())
    }

    /// `FILED`; `DECIDED` when customs has decided on all that was short.
    #[must_use]
    pub const fn state(&self) -> DocumentState {
        match self.decided_time {
            Some(_) => DocumentState::Decided,
            None => DocumentState::Filed,
        }
    }
}
