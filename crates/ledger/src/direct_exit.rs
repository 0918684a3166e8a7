//! Approvals by which products of outsourced processing do not come back to the factory that had them made (外发加工成品不运回;
//! `domain.md` 3.1 and 3.4 row 17): they leave from where they were made.
//!
//! No message has such an approval. A list that uses one names it where a list names a permit (`applyNo`), so that its
//! number is one of permits: no permit has the number of an approval, and no approval that of a permit.

use crate::code::PermitNo;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An approval, and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectExit {
    /// What it allows.
    pub grant: DirectExitGrant,
    /// Why it was given.
    pub reason: CompactString,
    /// What lists in force take of it, by line of the permit.
    pub used: BTreeMap<u64, Quantity>,
    /// Ledger time of the approval.
    pub approved_time: Instant,
    /// When and why it was revoked.
    pub revoked: Option<Revocation>,
}

/// The end of an approval before its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Ledger time.
    pub time: Instant,
    /// Why.
    pub reason: CompactString,
}

impl DirectExit {
    /// The line of a product of the permit.
    #[must_use]
    pub fn line_of(&self, number: u64) -> Option<&DirectExitLine> {
        self.grant.lines.iter().find(|line| line.number == number)
    }

    /// How much of a line may still leave. `None` beyond the range of a number.
    #[must_use]
    pub fn left(&self, line: &DirectExitLine) -> Option<Quantity> {
        line.quantity.checked_sub(self.used.get(&line.permit_line).copied().unwrap_or_default())
    }
}

/// What an approval allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectExitGrant {
    /// The permit of outsourced processing.
    pub permit_no: PermitNo,
    /// The last day on which a list may be declared that uses it.
    pub valid_until: Date,
    /// Which products, each once, and how much of each.
    pub lines: Vec<DirectExitLine>,
}

/// How much of a product may leave from where it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectExitLine {
    /// `sasDclSeqno`: the line of the permit that makes it.
    pub permit_line: u64,
    /// `oriactGdsSeqno`: the item of the product.
    pub number: u64,
    /// In its declared unit.
    pub quantity: Quantity,
}

/// What customs orders about an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectExitOrder {
    /// The number of the approval, which a list names as `applyNo`.
    pub approval_no: PermitNo,
    /// What.
    pub action: DirectExitAction,
    /// Why; never empty.
    pub reason: CompactString,
}

/// What may be ordered about an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DirectExitAction {
    /// It is given.
    Approve(DirectExitGrant),
    /// No list may use it any more; those that do already stay.
    Revoke,
}
