//! The moment that a report rests on.
//!
//! Positions have a history of their own. Documents do not: they keep the ledger time at which they came to a state, and
//! the event of that moment says in which order things happened where several share one time.

use zonebook_ledger::error::Fault;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::Read;
use zonebook_ledger::time::{Date, Instant};

/// A revision, and when it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The last revision that counts.
    pub revision: Revision,
    /// Its ledger time; 0 before the first revision.
    pub time: Instant,
    /// The view holds nothing later.
    is_now: bool,
}

/// How many events are read at a time.
const EVENTS: usize = 1_000;

impl Cut {
    /// The cut of a moment on a view.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn at(view: &dyn Read, moment: Moment) -> Result<Self, Fault> {
        let revision = query::revision_at(view, moment)?;
        let event = query::event(view, revision)?;
        let time = event.map_or(Instant(0), |event| event.ledger_time);
        Ok(Self { revision, time, is_now: revision == query::revision(view)? })
    }

    /// The same as a moment to ask positions for.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        if self.is_now { Moment::Now } else { Moment::After(self.revision) }
    }

    /// Whether the view holds nothing later, so that documents stand as they stood.
    #[must_use]
    pub const fn is_now(&self) -> bool {
        self.is_now
    }

    /// The day of the ledger's clock then.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn day(&self, view: &dyn Read) -> Result<Date, Fault> {
        Ok(query::head(view)?.map_or(Date(0), |head| head.utc_offset.local(self.time).date()))
    }

    /// Whether a document had come to a state by then, which it came to at a time, if ever.
    ///
    /// # Errors
    /// The state could not be read.
    pub fn had(
        &self,
        view: &dyn Read,
        document: &str,
        state: DocumentState,
        time: Option<Instant>,
    ) -> Result<bool, Fault> {
        match time {
            None => Ok(false),
            Some(time) if time == self.time && !self.is_now => self.says(view, document, state),
            Some(time) => Ok(time <= self.time),
        }
    }

    /// Whether an event of this very time, up to this revision, says that a document came to a state.
    fn says(&self, view: &dyn Read, document: &str, state: DocumentState) -> Result<bool, Fault> {
        let before = query::revision_at(view, Moment::Before(self.time))?;
        let mut next = Revision(before.0.saturating_add(1));
        while next <= self.revision {
            let events = query::events(view, next, EVENTS)?;
            for (revision, event) in &events {
                if *revision > self.revision {
                    return Ok(false);
                }
                let mut changed = event.outcome.changed.iter();
                if changed.any(|changed| changed.document == document && changed.state == state) {
                    return Ok(true);
                }
                next = Revision(revision.0.saturating_add(1));
            }
            if events.is_empty() {
                return Ok(false);
            }
        }
        Ok(false)
    }
}
