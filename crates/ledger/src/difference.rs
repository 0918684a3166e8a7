//! Differences of a count as the state keeps them: found at a revision, above the tolerance of the office, owned by
//! somebody, decided on by customs, and settled by the adjustments that cite them (`domain.md` 4.1, 4.2).

use crate::code::{AdjustmentNo, BookNo, CampaignNo, DeskCode, DifferenceNo};
use crate::coded::code_list;
use crate::document::{Difference, DifferenceDecision, DifferenceLine};
use crate::message::Sha256;
use crate::movement::DocumentState;
use crate::outcome::Revision;
use crate::permission::Principal;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use crate::tolerance::Tolerance;
use serde::{Deserialize, Serialize};
use std::fmt;

code_list! {
    /// What a difference of a count is (`RULES.md` 14.6).
    Class, "class of difference" {
        /// Book and count agree, and nothing is on its way.
        Match = "MATCH",
        /// Book and count agree once what is on its way is taken into account.
        ExplainedTiming = "EXPLAINED_TIMING",
        /// A unit with a serial number is not there.
        SerialMissing = "SERIAL_MISSING",
        /// A part removed in repair is not there.
        RemovedPartMissing = "REMOVED_PART_MISSING",
        /// A part removed in repair is there and not in the book.
        RemovedPartUnbooked = "REMOVED_PART_UNBOOKED",
        /// Less than the book has, by few parts of a million of the inflow.
        ShortageSmall = "SHORTAGE_SMALL",
        /// Less than the book has.
        Shortage = "SHORTAGE",
        /// More than the book has.
        Surplus = "SURPLUS",
    }
}

impl Class {
    /// On which side of the book the count is; `None` where they agree.
    #[must_use]
    pub const fn side(self) -> Option<Difference> {
        match self {
            Self::Match | Self::ExplainedTiming => None,
            Self::SerialMissing | Self::RemovedPartMissing | Self::ShortageSmall | Self::Shortage => {
                Some(Difference::Shortage)
            }
            Self::RemovedPartUnbooked | Self::Surplus => Some(Difference::Surplus),
        }
    }
}

code_list! {
    /// How far a difference has come.
    DifferenceState, "state of a difference" {
        /// Nobody has decided on it.
        Open = "OPEN",
        /// A penalty case comes first; how it ends is to be decided still.
        UnderCase = "UNDER_CASE",
        /// Customs has decided; an adjustment that cites it may change the book.
        Decided = "DECIDED",
        /// Adjustments took all of it into the book.
        Settled = "SETTLED",
        /// It is counted again: what a new count finds is a new difference.
        Recount = "RECOUNT",
    }
}

impl DifferenceState {
    /// Whether customs is still to decide.
    #[must_use]
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Open | Self::UnderCase)
    }

    /// Whether nothing more becomes of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Settled | Self::Recount)
    }
}

/// A difference by its report and its line there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DifferenceRef {
    /// The report.
    pub difference_no: DifferenceNo,
    /// Its line.
    pub line: u64,
}

impl fmt::Display for DifferenceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.difference_no, self.line)
    }
}

/// What figures rest on: who has the same history up to the revision finds the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The last revision that the book's side knows.
    pub revision: Revision,
    /// The ledger's digest after it.
    pub digest: Sha256,
    /// The campaign that counted, if one did: the revision is then its cut-off.
    pub campaign_no: Option<CampaignNo>,
}

/// The head of a report of differences; its lines are kept one by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceReport {
    /// The book.
    pub book_no: BookNo,
    /// What its figures rest on.
    pub basis: Basis,
    /// The tolerance of the office that was applied: differences within it are shown by a reconciliation and are not here.
    pub tolerance: Tolerance,
    /// How many parts of it were recorded.
    pub parts: u64,
    /// How many differences they have.
    pub lines: u64,
    /// How many of these are not over yet.
    pub open: u64,
}

/// A difference and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDifference {
    /// The book.
    pub book_no: BookNo,
    /// As recorded.
    pub filed: DifferenceLine,
    /// Where it stands.
    pub state: DifferenceState,
    /// Who had to see to it, and by when: the first entry is of its recording, the last one holds.
    pub assignments: Vec<Assigned>,
    /// What customs decided; a penalty case has a second entry in the end.
    pub decisions: Vec<Decided>,
    /// The movements that took it into the book.
    pub settled: Vec<Settled>,
    /// The revision after which nothing more became of it.
    pub ended_at: Option<Revision>,
}

impl KeptDifference {
    /// Who has to see to it, and by when.
    #[must_use]
    pub fn assigned(&self) -> Option<&Assigned> {
        self.assignments.last()
    }

    /// Where it stands in the words of all documents.
    #[must_use]
    pub const fn document_state(&self) -> DocumentState {
        match self.state {
            DifferenceState::Open | DifferenceState::UnderCase => DocumentState::Open,
            DifferenceState::Decided => DocumentState::Decided,
            DifferenceState::Settled => DocumentState::Settled,
            DifferenceState::Recount => DocumentState::Closed,
        }
    }

    /// The decision in force.
    #[must_use]
    pub fn decided(&self) -> Option<&Decided> {
        self.decisions.last()
    }

    /// How much of it no adjustment has taken yet, without a sign; `None` beyond the range of numbers.
    #[must_use]
    pub fn left(&self) -> Option<Quantity> {
        let size = self.filed.size()?;
        self.settled.iter().try_fold(size, |left, part| left.checked_sub(part.declared))
    }
}

/// Who has to see to a difference, from a revision on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who has to.
    pub owner: Option<DeskCode>,
    /// By which day; without one the days of [`crate::parameter::Parameter::DifferenceDays`] from its recording on.
    pub due: Option<Date>,
    /// Who said so.
    pub by: Principal,
    /// When: the revision.
    pub at: Revision,
    /// When: ledger time.
    pub time: Instant,
}

/// A decision as it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What it says.
    pub decision: DifferenceDecision,
    /// Who approved it.
    pub by: Principal,
    /// When: the revision.
    pub at: Revision,
    /// When: ledger time.
    pub time: Instant,
}

/// What an adjustment took of a difference into the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The adjustment.
    pub adjustment_no: AdjustmentNo,
    /// Its line.
    pub line: u64,
    /// How much, in the declared unit.
    pub declared: Quantity,
    /// The dutiable value of that in US dollars, where it is taxed.
    pub dutiable_value: Option<Quantity>,
    /// When: the revision.
    pub at: Revision,
}
