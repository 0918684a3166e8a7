//! What customs ordered about a list and what its tally showed: what keeps it from being posted, or let it be posted
//! past a gate (`domain.md` 2.1, 3.4 row 32).

use crate::code::{CorrectionNo, ListNo, TallyNo};
use crate::coded::code_list;
use crate::outcome::Revision;
use crate::time::Instant;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// What customs may order about a list.
    Order, "order" {
        /// Stop it: no posting, no pass, no change, no withdrawal, no correction, no verification (暂停).
        Hold = "HOLD",
        /// End the stop.
        Free = "FREE",
        /// Release it before inspection; its goods may be used (附条件放行).
        ReleaseForUse = "RELEASE_FOR_USE",
        /// Release it before inspection; its goods may pass the gate, and are not in stock before the inspection.
        ReleaseForPassage = "RELEASE_FOR_PASSAGE",
        /// The inspection found nothing: the release is final.
        InspectionPassed = "INSPECTION_PASSED",
        /// The inspection found something: the release is over and the list is stopped.
        InspectionFailed = "INSPECTION_FAILED",
        /// Let it be posted although its goods are not all through the gate (强制过卡).
        ForceGate = "FORCE_GATE",
        /// Let it be posted although its declaration is not released (强制放行).
        ForceRelease = "FORCE_RELEASE",
        /// Post it in spite of what its tally shows: what is short of a list I goes to the place of differences, what a
        /// list E did not ship comes back.
        AcceptTally = "ACCEPT_TALLY",
        /// Make the lists of a transfer what the tally of one of them says, both in one step.
        AmendToTally = "AMEND_TO_TALLY",
    }
}

code_list! {
    /// A release before inspection, and what became of it.
    Conditional, "conditional release" {
        /// The goods may be used; the inspection is to come.
        Usable = "USABLE",
        /// The goods may pass the gate only; the inspection is to come.
        Passable = "PASSABLE",
        /// The inspection found nothing.
        Passed = "PASSED",
        /// The inspection found something.
        Failed = "FAILED",
    }
}

code_list! {
    /// What the latest tally of a list comes to.
    TallyResult, "tally result" {
        /// All as listed.
        Agrees = "AGREES",
        /// Other quantities than listed; customs has not decided.
        Differs = "DIFFERS",
        /// Customs posts the list all the same.
        Accepted = "ACCEPTED",
    }
}

/// A list on which customs ordered something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListOrder {
    /// The list.
    pub list_no: ListNo,
    /// What is ordered.
    pub order: Order,
    /// Why; there is no order without a reason.
    pub reason: CompactString,
}

/// An order that was given: it is shown with the list for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderGiven {
    /// What was ordered.
    pub order: Order,
    /// Why.
    pub reason: CompactString,
    /// At which revision; its event says by whom.
    pub revision: Revision,
    /// Ledger time.
    pub time: Instant,
}

/// How a list stands with customs. Most lists have none of this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Why it is stopped, while it is.
    pub held: Option<CompactString>,
    /// Its release before inspection.
    pub conditional: Option<Conditional>,
    /// Its latest tally, and what that comes to.
    pub tally: Option<(TallyNo, TallyResult)>,
    /// It is posted although goods of it are not through the gate.
    pub gate_forced: bool,
    /// It is posted although its declaration is not released.
    pub release_forced: bool,
    /// Corrections that cite it or its partner, the oldest first.
    pub corrections: Vec<CorrectionNo>,
    /// The orders of customs, the oldest first.
    pub orders: Vec<OrderGiven>,
}

impl Standing {
    /// Whether customs let it go without, or before, the release of its declaration.
    #[must_use]
    pub const fn is_released(&self) -> bool {
        let before_inspection = matches!(
            self.conditional,
            Some(Conditional::Usable | Conditional::Passable | Conditional::Passed)
        );
        self.release_forced || before_inspection
    }

    /// What keeps it from being posted whatever the gates say, in words that stay.
    #[must_use]
    pub fn obstacles(&self) -> Vec<&'static str> {
        let held = self.held.is_some().then_some("HELD");
        let inspected = (self.conditional == Some(Conditional::Passable)).then_some("INSPECTION");
        let tallied = matches!(self.tally, Some((_, TallyResult::Differs))).then_some("TALLY");
        [held, inspected, tallied].into_iter().flatten().collect()
    }
}
