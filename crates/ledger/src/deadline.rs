//! Deadlines: what must have happened by which day (`domain.md` 3.1, 3.2.5, 3.4).
//!
//! [`RULES`] is the table of their kinds. Each open deadline is one row of the index, keyed by the day on which it falls;
//! the index is kept in the same step as the documents that it follows from (`rules/deadlines.rs`). A deadline refuses
//! nothing: what a document may do is decided by the guards of its own rules. Office and party of a deadline are those
//! of its book when it is asked for, so that a book that changes hands takes its deadlines along.
//!
//! The days of a kind are a dated parameter. A deadline has the days that were in force on the day on which its document
//! was accepted: a later value is for later documents. A calendar is a fact, not a rule: it counts as it stands when a
//! deadline is looked at, which is why the index holds the plain day.

use crate::behaviour::BehaviourChange;
use crate::calendar::{Calendar, days_after, end_of_month};
use crate::code::{BookNo, DocumentNo};
use crate::coded::code_list;
use crate::hold::HeldKind;
use crate::outcome::Revision;
use crate::parameter::Parameter;
use crate::time::Date;
use serde::{Deserialize, Serialize};

code_list! {
    /// What must happen by a day.
    DeadlineKind, "kind of deadline" {
        /// A list that was accepted is posted, or taken back.
        ListNotPosted = "LIST_NOT_POSTED",
        /// Goods that came through the gate on a bill of lading are claimed by a list (`domain.md` 3.4 row 3).
        SuspenseNotDeclared = "SUSPENSE_NOT_DECLARED",
        /// A slip that was approved goes through the gate.
        SlipNotPassed = "SLIP_NOT_PASSED",
        /// A batch that left is declared by a consolidated list (`domain.md` 3.2.5).
        BatchNotDeclared = "BATCH_NOT_DECLARED",
        /// A permit is used up, or given back by its last day.
        PermitExpiry = "PERMIT_EXPIRY",
        /// What is out under a permit comes back or is sold (`domain.md` 3.4 rows 15 to 17).
        TemporaryExit = "TEMPORARY_EXIT",
        /// Goods between two zones arrive.
        Transit = "TRANSIT",
        /// Goods in storage leave, or customs is told of them (`domain.md` 2.4).
        StorageLimit = "STORAGE_LIMIT",
        /// Dangerous goods leave (`clyMarkcd` 1).
        DangerousDwell = "DANGEROUS_DWELL",
        /// A book is extended, or closed by its last day.
        BookExpiry = "BOOK_EXPIRY",
        /// A processing book is verified (`vclrPridVal`).
        VerificationCycle = "VERIFICATION_CYCLE",
        /// A parcel is gathered into a list, or cancelled.
        ParcelNotListed = "PARCEL_NOT_LISTED",
        /// A payment of rent is declared (`domain.md` 3.4 row 13).
        LeaseRent = "LEASE_RENT",
        /// A lease that is over is closed: returned, bought out or extended (`domain.md` 3.4 row 14).
        LeaseEnd = "LEASE_END",
        /// Customs decides on a difference of a count (`domain.md` 4.1).
        DifferenceUndecided = "DIFFERENCE_UNDECIDED",
        /// Customs decides on what an accepted tally did not find (`domain.md` 3.4 rows 25 and 30).
        TallyNotDecided = "TALLY_NOT_DECIDED",
        /// A transfer form is used up, or closed by its last day; at either end.
        TransferFormExpiry = "TRANSFER_FORM_EXPIRY",
        /// Goods of an announced return are back, so long after their original was posted (`domain.md` 3.4 row 27).
        ReturnNotBack = "RETURN_NOT_BACK",
        /// A destruction that customs approved is carried out while the approval holds (`domain.md` 3.4 row 23).
        DestructionNotDone = "DESTRUCTION_NOT_DONE",
        /// Customs decides on a disposal: whether goods may be destroyed or given up, and what becomes of those that are
        /// lost or given up (`domain.md` 3.4 rows 23 to 26).
        DisposalNotDecided = "DISPOSAL_NOT_DECIDED",
        /// Customs decides on what an adjustment found missing or too many (`domain.md` 3.4 row 30).
        AdjustmentNotDecided = "ADJUSTMENT_NOT_DECIDED",
    }
}

code_list! {
    /// Who has to act.
    Duty, "duty" {
        /// The owner of the book.
        Owner = "OWNER",
        /// The operator of the zone, whose gate it waits for, and the owner of the book.
        Gate = "GATE",
        /// Customs, who is told, and the owner of the book.
        Customs = "CUSTOMS",
    }
}

/// What a kind of deadline says beside its days.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineRule {
    /// The kind.
    pub kind: DeadlineKind,
    /// It asks for a filing: where the parameter [`Parameter::DeadlinesMove`] says so, it moves to the next working day.
    /// The others are about goods and validity, for which every day counts.
    pub moves: bool,
    /// It ends when the goods are gone, which no document says: looked up when the deadline is looked at.
    pub until_gone: bool,
    /// Who has to act.
    pub duty: Duty,
    /// Which kind of document customs may stop before it is done; the owner cannot be late with what is stopped.
    pub stopped: Option<Stopped>,
    /// The change of behaviour that it came with; what was filed before falls due without it.
    pub came_with: Option<BehaviourChange>,
}

/// What customs may stop: a list, or a document of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A list.
    List,
    /// A permit, a slip, a parcel.
    Document(HeldKind),
}

const fn rule(
    kind: DeadlineKind,
    moves: bool,
    until_gone: bool,
    duty: Duty,
    stopped: Option<Stopped>,
) -> DeadlineRule {
    DeadlineRule { kind, moves, until_gone, duty, stopped, came_with: None }
}

const fn came_with(change: BehaviourChange, rule: DeadlineRule) -> DeadlineRule {
    DeadlineRule { came_with: Some(change), ..rule }
}

const PAPERS: BehaviourChange = BehaviourChange::PapersFallDue;
const LIST: Option<Stopped> = Some(Stopped::List);
const SLIP: Option<Stopped> = Some(Stopped::Document(HeldKind::Slip));
const PERMIT: Option<Stopped> = Some(Stopped::Document(HeldKind::Permit));
const PARCEL: Option<Stopped> = Some(Stopped::Document(HeldKind::Parcel));

/// The table, in the order of [`DeadlineKind`].
#[rustfmt::skip]
pub const RULES: &[DeadlineRule] = &[
    //   kind                                moves  until_gone duty           stopped
    rule(DeadlineKind::ListNotPosted,        true,  false, Duty::Owner,   LIST),
    rule(DeadlineKind::SuspenseNotDeclared,  true,  false, Duty::Owner,   None),
    rule(DeadlineKind::SlipNotPassed,        false, false, Duty::Gate,    SLIP),
    rule(DeadlineKind::BatchNotDeclared,     true,  false, Duty::Owner,   SLIP),
    rule(DeadlineKind::PermitExpiry,         false, false, Duty::Owner,   PERMIT),
    rule(DeadlineKind::TemporaryExit,        false, false, Duty::Owner,   PERMIT),
    rule(DeadlineKind::Transit,              false, false, Duty::Gate,    LIST),
    rule(DeadlineKind::StorageLimit,         false, true,  Duty::Customs, None),
    rule(DeadlineKind::DangerousDwell,       false, true,  Duty::Customs, None),
    rule(DeadlineKind::BookExpiry,           false, false, Duty::Owner,   None),
    rule(DeadlineKind::VerificationCycle,    true,  false, Duty::Owner,   None),
    rule(DeadlineKind::ParcelNotListed,      true,  false, Duty::Owner,   PARCEL),
    rule(DeadlineKind::LeaseRent,            true,  false, Duty::Owner,   None),
    rule(DeadlineKind::LeaseEnd,             true,  false, Duty::Owner,   None),
    rule(DeadlineKind::DifferenceUndecided,  true,  false, Duty::Customs, None),
    rule(DeadlineKind::TallyNotDecided,      false, false, Duty::Customs, None),
    rule(DeadlineKind::TransferFormExpiry,   false, false, Duty::Owner,   None),
    came_with(PAPERS, rule(DeadlineKind::ReturnNotBack,        false, false, Duty::Owner,   None)),
    came_with(PAPERS, rule(DeadlineKind::DestructionNotDone,   false, false, Duty::Owner,   None)),
    came_with(PAPERS, rule(DeadlineKind::DisposalNotDecided,   false, false, Duty::Customs, None)),
    came_with(PAPERS, rule(DeadlineKind::AdjustmentNotDecided, false, false, Duty::Customs, None)),
];

impl DeadlineKind {
    /// Its row of the table.
    #[must_use]
    pub fn rule(self) -> &'static DeadlineRule {
        const NONE: DeadlineRule = rule(DeadlineKind::ListNotPosted, false, false, Duty::Owner, None);
        RULES.iter().find(|rule| rule.kind == self).unwrap_or(&NONE)
    }
}

code_list! {
    /// Whether a deadline was written down as overdue.
    Standing, "standing" {
        /// Not yet: it runs, or no tick has come since it fell.
        Running = "RUNNING",
        /// A tick found it overdue.
        Overdue = "OVERDUE",
    }
}

/// Key of a row of the index: what was found overdue apart, then by day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeadlineKey {
    /// Whether it was written down as overdue.
    pub standing: Standing,
    /// The last day on which it is kept, before any calendar.
    pub due: Date,
    /// What must happen.
    pub kind: DeadlineKind,
    /// The book that it concerns.
    pub book_no: BookNo,
    /// The document that it follows from.
    pub document: DocumentNo,
    /// The item of a bill of lading, the number of a payment of rent, the line of a report of differences; else 0.
    pub part: u64,
}

impl DeadlineKey {
    /// Below every key of a standing from a day on.
    #[must_use]
    pub const fn from(standing: Standing, due: Date) -> Self {
        Self {
            standing,
            due,
            kind: DeadlineKind::ListNotPosted,
            book_no: BookNo::lowest(),
            document: DocumentNo::lowest(),
            part: 0,
        }
    }

    /// Above every key of a standing up to a day.
    #[must_use]
    pub const fn up_to(standing: Standing, due: Date) -> Self {
        Self {
            standing,
            due,
            kind: DeadlineKind::AdjustmentNotDecided,
            book_no: BookNo::highest(),
            document: DocumentNo::highest(),
            part: u64::MAX,
        }
    }

    /// The last day on which it is kept, by a calendar if it moves.
    #[must_use]
    pub fn falls_on(&self, calendar: Option<&Calendar>) -> Date {
        match calendar {
            Some(calendar) if self.kind.rule().moves => calendar.next_working_day(self.due),
            _ => self.due,
        }
    }
}

/// A row of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineRow {
    /// The day from which it runs.
    pub since: Date,
    /// The tick that wrote it down as overdue.
    pub recorded_at: Option<Revision>,
}

/// A deadline as a tick found it overdue. Kept for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueRecord {
    /// What had to happen.
    pub kind: DeadlineKind,
    /// The book.
    pub book_no: BookNo,
    /// The document.
    pub document: DocumentNo,
    /// As in the index.
    pub part: u64,
    /// The day from which it ran.
    pub since: Date,
    /// The last day on which it was kept, by the calendar as it was then.
    pub due: Date,
}

/// A deadline that a document has, before its days are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What must happen.
    pub kind: DeadlineKind,
    /// The book.
    pub book_no: BookNo,
    /// The document.
    pub document: DocumentNo,
    /// As in [`DeadlineKey::part`].
    pub part: u64,
    /// The day from which it runs.
    pub since: Date,
    /// How its last day follows from that.
    pub term: Term,
}

/// How the last day of a deadline follows from its first one. Parameters are those of the day `known`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The day that the document names.
    On(Date),
    /// So many days after.
    Days {
        /// How many; none for 0.
        parameter: Parameter,
        /// The ledger's day on which the document was accepted.
        known: Date,
    },
    /// So many days after, but not after the day that the document names.
    DaysWithin {
        /// How many; 0 leaves the day that the document names.
        parameter: Parameter,
        /// The ledger's day on which the document was accepted.
        known: Date,
        /// Days more that extensions of the document gave.
        more: u64,
        /// The day that the document names.
        until: Date,
    },
    /// By the end of the period of batched delivery, and what is granted after it.
    Batch {
        /// The ledger's day on which the slip was accepted.
        known: Date,
    },
}

impl Running {
    /// Its last day, with the value of a parameter on a day; `None` if there is no such deadline.
    ///
    /// # Errors
    /// A value could not be read.
    pub fn due<E>(
        &self,
        mut value: impl FnMut(Parameter, Date) -> Result<i64, E>,
    ) -> Result<Option<Date>, E> {
        match self.term {
            Term::On(day) => Ok(Some(day)),
            Term::Days { parameter, known } => {
                let days = value(parameter, known)?;
                Ok((days > 0).then(|| days_after(self.since, days)))
            }
            Term::DaysWithin { parameter, known, more, until } => {
                let days = value(parameter, known)?;
                let all = days.saturating_add(i64::try_from(more).unwrap_or(i64::MAX));
                Ok(Some(if days > 0 { days_after(self.since, all).min(until) } else { until }))
            }
            Term::Batch { known } => {
                let period = value(Parameter::BatchPeriodMonths, known)?;
                let after = value(Parameter::BatchAfterMonths, known)?;
                let grace = value(Parameter::BatchGraceDays, known)?;
                let within_year = value(Parameter::BatchWithinYear, known)? > 0;
                Ok((period > 0).then(|| batch_due(self.since, period, after, grace, within_year)))
            }
        }
    }

    /// Its row of the index, with its key, from its last day.
    #[must_use]
    pub fn row(self, due: Date) -> (DeadlineKey, DeadlineRow) {
        let Self { kind, book_no, document, part, since, .. } = self;
        let key = DeadlineKey { standing: Standing::Running, due, kind, book_no, document, part };
        (key, DeadlineRow { since, recorded_at: None })
    }
}

/// The last day to declare a batch that left on a day: the end of the period of months that the day lies in, the months
/// and days after it, and never in another year if that is so ordered (`domain.md` 3.2.5).
#[must_use]
pub fn batch_due(left: Date, period: i64, after: i64, grace: i64, within_year: bool) -> Date {
    let (year, month, _) = left.civil();
    // Periods begin with January; a longer one than a year is a year.
    let period = u32::try_from(period.clamp(1, 12)).unwrap_or(1);
    let to_end = (period - 1) - (month.saturating_sub(1) % period).min(period - 1);
    let to_end = to_end.min(12_u32.saturating_sub(month));
    let after = u32::try_from(after.max(0)).unwrap_or(0);
    let due = days_after(end_of_month(left, to_end.saturating_add(after)), grace);
    let year_end = i32::try_from(year).ok().and_then(|year| Date::from_civil(year, 12, 31));
    match year_end {
        Some(year_end) if within_year => due.min(year_end),
        _ => due,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn the_table_has_each_kind_once_and_in_order() {
        let kinds: Vec<_> = RULES.iter().map(|rule| rule.kind).collect();
        assert_eq!(kinds, DeadlineKind::ALL);
        assert!(DeadlineKind::ALL.iter().all(|kind| kind.rule().kind == *kind));
        assert_eq!(DeadlineKind::ALL.last(), Some(&DeadlineKey::up_to(Standing::Running, Date(0)).kind));
    }

    /// 3.2.5: monthly by the end of the following month, not across the year; by the quarter; with days of grace.
    #[test]
    fn batches_are_declared_by_the_end_of_the_period_and_not_across_the_year() {
        for (left, period, after, grace, within_year, due) in [
            ("2026-06-01", 1, 1, 0, true, "2026-07-31"),
            ("2026-06-30", 1, 1, 0, true, "2026-07-31"),
            ("2026-11-30", 1, 1, 0, true, "2026-12-31"),
            ("2026-12-01", 1, 1, 0, true, "2026-12-31"),
            ("2026-12-01", 1, 1, 0, false, "2027-01-31"),
            ("2026-05-20", 3, 0, 0, true, "2026-06-30"),
            ("2026-05-20", 3, 1, 10, true, "2026-08-10"),
            ("2026-10-20", 3, 1, 10, true, "2026-12-31"),
            ("2026-11-20", 5, 0, 0, false, "2026-12-31"),
            ("2026-03-20", 12, 0, 0, false, "2026-12-31"),
        ] {
            let found = batch_due(day(left), period, after, grace, within_year);
            assert_eq!(found, day(due), "{left} {period} {after} {grace} {within_year}");
        }
    }

    fn running(term: Term) -> Running {
        Running {
            kind: DeadlineKind::TemporaryExit,
            book_no: BookNo::lowest(),
            document: DocumentNo::lowest(),
            part: 0,
            since: day("2026-06-02"),
            term,
        }
    }

    #[test]
    fn nothing_is_due_of_a_kind_that_is_off() {
        let known = day("2026-06-02");
        let parameter = Parameter::EquipmentDays;
        let due = |term, days: i64| {
            running(term).due(|_, on| Ok::<_, Infallible>(if on == known { days } else { 7 })).unwrap()
        };
        assert_eq!(due(Term::Days { parameter, known }, 60), Some(day("2026-08-01")));
        assert_eq!(due(Term::Days { parameter, known }, 0), None);
        let extended = |more, until| Term::DaysWithin { parameter, known, more, until: day(until) };
        let within = |until| extended(0, until);
        assert_eq!(due(extended(30, "2026-12-31"), 60), Some(day("2026-08-31")));
        assert_eq!(due(extended(30, "2026-08-15"), 60), Some(day("2026-08-15")));
        assert_eq!(due(extended(u64::MAX, "2026-08-15"), 60), Some(day("2026-08-15")));
        assert_eq!(due(within("2026-12-31"), 60), Some(day("2026-08-01")));
        assert_eq!(due(within("2026-07-01"), 60), Some(day("2026-07-01")));
        assert_eq!(due(within("2026-12-31"), 0), Some(day("2026-12-31")));
        assert_eq!(due(Term::Batch { known }, 0), None);
        assert_eq!(due(Term::On(day("2026-06-05")), 0), Some(day("2026-06-05")));
    }
}
