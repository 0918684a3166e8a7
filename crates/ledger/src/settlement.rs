//! Consumption slips and verification declarations as the state keeps them (`RULES.md` 13).

use crate::document::{ConsumptionFiling, VerificationFiling};
use crate::movement::DocumentState;
use crate::outcome::Revision;
use crate::time::Instant;
use crate::work_order::OrderMove;
use serde::{Deserialize, Serialize};

/// An accepted consumption slip. It is posted at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumption {
    /// As filed, or changed last.
    pub filed: ConsumptionFiling,
    /// Ledger time of posting of that.
    pub posted_time: Instant,
}

/// How a consumption slip stands that can be changed: a change takes back what it moved and posts anew. Slips that were
/// filed under the first behaviour have none, and stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumptionStanding {
    /// `POSTED` or `CANCELLED`.
    pub state: DocumentState,
    /// Last accepted `chgTmsCnt`.
    pub version: u64,
    /// What its content in force moved; nothing once it is cancelled.
    pub moves: Vec<OrderMove>,
    /// The revision that accepted its content in force.
    pub accepted_at: Revision,
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
