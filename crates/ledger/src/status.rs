//! Gate registrations and changes of status as the state keeps them. Both are posted at once and never change.

use crate::document::{RegistrationFiling, StatusChangeFiling};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// An accepted gate registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// As filed.
    pub filed: RegistrationFiling,
    /// Ledger time of posting.
    pub posted_time: Instant,
}

/// An accepted change of status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// As filed; the item of a line that opened a row is that row.
    pub filed: StatusChangeFiling,
    /// Ledger time of posting.
    pub posted_time: Instant,
}
