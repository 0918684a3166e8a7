//! A member of the cluster and where it is reached.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a member is reached. Stored in the log: a member that moves is told by a membership change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Where other nodes reach it, `host:port`.
    pub peer_address: String,
    /// Where clients reach it, `host:port`.
    pub api_address: String,
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.peer_address, self.api_address)
    }
}
