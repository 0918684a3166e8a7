//! Consumption slips and verification declarations as the state keeps them (`RULES.md` 13).

use crate::document::{ConsumptionFiling, VerificationFiling};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An accepted consumption slip. It is posted at once and never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumption {
    /// As filed.
    pub filed: ConsumptionFiling,
    /// Ledger time of posting.
    pub posted_time: Instant,
}

/// An accepted verification declaration. What it covers can be neither edited nor withdrawn from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// As filed, without its items: they are kept one by one ([`crate::state::DeclaredItems`]).
    pub filed: VerificationFiling,
    /// How many items it declared.
    pub items: u64,
    /// Ledger time of acceptance.
    pub verified_time: Instant,
}
