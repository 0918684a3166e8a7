//! Overdrafts: what customs lets a list take although it is not there (强制审批, `domain.md` 3.4 row 32; `design.md` 2.2).
//!
//! Customs says so beforehand, of a list by its number, and says for which goods, how much, until when and why. So the
//! list itself is filed as ever, by its enterprise, by call or by message, and the override stands in the history under
//! the officer's own name, also when it is never used.

use crate::code::{BookNo, ListNo};
use crate::direction::Mark;
use crate::outcome::Revision;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Customs lets a list take more than is available.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdraftOrder {
    /// The list that may; mostly it is still to come.
    pub list_no: ListNo,
    /// The book whose goods it takes.
    pub book_no: BookNo,
    /// Of which goods, and how much; what is not named may not be overdrawn.
    pub goods: Vec<OverdraftLimit>,
    /// The last day on which the list may be declared and accepted.
    pub valid_until: Date,
    /// Why; never empty.
    pub reason: CompactString,
}

/// How much of some goods may be taken although it is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdraftLimit {
    /// Materials and goods, products or residues.
    pub mark: Mark,
    /// The item, in a book kept by receipt the row.
    pub number: u64,
    /// Beyond what is available, in the declared unit.
    pub declared: Quantity,
}

/// What customs lets a list overdraw, and what it took of that. It is shown with the list for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdraft {
    /// The orders, the oldest first; the newest is the one in force.
    pub given: Vec<OverdraftGiven>,
    /// What the list took beyond what was available, by the content that it has or had last.
    pub taken: Vec<OverdraftTaken>,
    /// Whether the list still takes it: it is not taken back.
    pub in_force: bool,
}

/// An order that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdraftGiven {
    /// The order, with its reason.
    pub order: OverdraftOrder,
    /// At which revision; its event says by whom.
    pub revision: Revision,
    /// Ledger time.
    pub time: Instant,
}

/// What a list took from a position although it was not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdraftTaken {
    /// From where.
    pub position: PositionKey,
    /// How much more than was available, in the declared unit.
    pub declared: Quantity,
}
