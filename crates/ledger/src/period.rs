//! The period that a verification settles, and what its closing does to the lists of the book (`domain.md` 4.1).
//!
//! A verification goes on after it is declared: customs asks for a supplement, the enterprise confirms the differences,
//! customs closes. `RULES.md` 13.4 says what the declaration itself does, by message or by call: the lists that it names
//! are `VERIFIED` at once. What is confirmed is what was declared, so the steps come after it and never stand in its way.
//!
//! **Closing is one record.** It rewrites no list: a list is verified when it was posted before the end of a closed
//! period, and [`Movement::state_in`] is the only place that says so. Figures count by posting, too, so a closing covers
//! exactly the movements that are in its figures; a list that was declared in the period and posted after it is of the
//! next one.

use crate::book::Book;
use crate::document::{VerificationKind, VerificationStep};
use crate::movement::{DocumentState, Movement};
use crate::outcome::Revision;
use crate::permission::Principal;
use crate::time::{Date, Instant, LocalTime, UtcOffset};
use serde::{Deserialize, Serialize};

/// A period of a book under its verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Normal, or disposed of by customs.
    pub kind: VerificationKind,
    /// Its first day; without it the one after the period closed before, or the first of the book.
    pub begin: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// `FILED`, `SUPPLEMENT_ASKED`, `CONFIRMED`, `CLOSED`.
    pub state: DocumentState,
    /// The revision that accepted its first declaration.
    pub filed_at: Revision,
    /// Ledger time of that.
    pub filed_time: Instant,
    /// What was ordered about it since.
    pub steps: Vec<StepTaken>,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Which one.
    pub step: VerificationStep,
    /// Who took it.
    pub by: Principal,
    /// At which revision.
    pub revision: Revision,
    /// Ledger time.
    pub time: Instant,
}

impl Period {
    /// Ledger time of its closing.
    #[must_use]
    pub fn closed_time(&self) -> Option<Instant> {
        self.closing().map(|step| step.time)
    }

    /// The step that closed it. The figures that it approved are those of its revision.
    #[must_use]
    pub fn closing(&self) -> Option<&StepTaken> {
        self.steps.last().filter(|_| self.state == DocumentState::Closed)
    }
}

/// The last period of a book that was closed. Periods are closed in their order, so it speaks for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastClosed {
    /// `chgoffTmsCnt`
    pub sequence: u64,
    /// The first moment after its last day.
    pub before: Instant,
    /// The first day after it.
    pub next_day: Date,
}

/// The first moment of a day.
#[must_use]
pub fn midnight(offset: UtcOffset, day: Date) -> Instant {
    offset.instant(LocalTime(i64::from(day.0).saturating_mul(86_400)))
}

impl Movement {
    /// Where the list stands in its book: verified, too, when a closed period covers it.
    #[must_use]
    pub fn state_in(&self, book: &Book) -> DocumentState {
        match (self.state, self.posted_time, book.last_closed) {
            (DocumentState::Posted, Some(posted), Some(closed)) if posted < closed.before => {
                DocumentState::Verified
            }
            (state, ..) => state,
        }
    }
}
