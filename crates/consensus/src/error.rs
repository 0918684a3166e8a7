//! What can go wrong with replication.

use std::io;
use std::time::Duration;
use thiserror::Error;
use zonebook_ledger::error::Fault;

/// A command got no outcome.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProposeError {
    /// It was not proposed: there is no leader, or this node is stopping. Asking again is safe.
    #[error("not proposed: {0}")]
    NotProposed(String),
    /// It was proposed, and what became of it is not known. Asking again under the same request id is safe.
    #[error("the outcome is not known: {0}")]
    OutcomeUnknown(String),
    /// It is larger than an entry may be.
    #[error("{bytes} bytes in one request; at most {bytes_max} are taken")]
    TooLarge {
        /// Of the request.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The disk of the node that leads is nearly full: it takes no commands until there is room again, and serves reads.
    #[error("{0}")]
    NoRoom(String),
    /// More commands wait than are taken soon. Asking again is safe, but not before the time given.
    #[error("too many commands wait; there will be room in {} ms", again_after.as_millis())]
    Overloaded {
        /// When there will be room.
        again_after: Duration,
    },
}

impl ProposeError {
    /// Whether the same commands can be sent again as they are. All of ours carry a key, so a second time is harmless.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        !matches!(self, Self::TooLarge { .. })
    }
}

/// A state that satisfies the caller's wish could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// There is no leader to ask, or the wait was too long.
    #[error("no answer: {0}")]
    Unavailable(String),
    /// The state could not be read.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A node did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Storage or network.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The state could not be read.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The ledger is of a later release.
    #[error(
        "behaviour {in_force} is in force, this program knows behaviours up to {known}: start the release that the other \
         members run"
    )]
    Behaviour {
        /// In force.
        in_force: u32,
        /// The highest that is known.
        known: u32,
    },
    /// openraft refused.
    #[error("replication did not start: {0}")]
    Raft(String),
}
