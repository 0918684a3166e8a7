//! What became of a command.

use crate::counters::Counters;
use crate::layer::LotsTaken;
use crate::movement::DocumentState;
use crate::position::PositionKey;
use crate::refusal::Refusal;
use crate::time::Instant;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The number of a command in the order of the ledger: 1, 2, 3, ... without gaps (`design.md` 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// Taken, not taken, or seen before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It took effect.
    Accepted,
    /// It changed no book and no document.
    Refused(Box<Refusal>),
    /// A message that was received before (`RULES.md` 2.4.3).
    Duplicate,
}

/// The outcome of a command: kept for ever, the same on every replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether it took effect.
    pub verdict: Verdict,
    /// The document it was about, if any (`document` of the table of outcomes).
    pub document: Option<CompactString>,
    /// The state of that document after it.
    pub state: Option<DocumentState>,
    /// Documents that were filed or changed by it, in order of number (`RULES.md` 14.1).
    pub changed: Vec<Changed>,
}

/// A document that a command filed or changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Changed {
    /// Its number.
    pub document: CompactString,
    /// Its state now.
    pub state: DocumentState,
}

impl Outcome {
    /// Whether it took effect.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        matches!(self.verdict, Verdict::Accepted)
    }

    /// The refusal, if it was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.verdict {
            Verdict::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// What `apply` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The revision whose event carries the outcome. For a repeat, that of the first time.
    pub revision: Revision,
    /// Whether this is the stored outcome of an earlier command.
    pub repeated: bool,
    /// Record time of that revision.
    pub record_time: Instant,
    /// Ledger time of that revision.
    pub ledger_time: Instant,
    /// What became of it.
    pub outcome: Outcome,
    /// Positions inside books that it changed, with their counters after it; empty for a repeat.
    pub balances: Vec<(PositionKey, Counters)>,
    /// Lots that it took, line by line; empty for a repeat.
    pub lots: Vec<LotsTaken>,
}
