//! Verifications, the periods that they settle, and what is done with them (`RULES.md` 13.4, `domain.md` 4.1). A closing
//! goes through all lists here.

use super::permits::today;
use super::{Model, Now, Shelf, Shown};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::document::{VerificationFiling, VerificationKind, VerificationOrder, VerificationStep};
use zonebook_ledger::limits::{LINES_MAX, ORDERS_MAX, ROWS_MAX};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Date, Instant};

/// A period under its verification.
#[derive(Clone, Debug)]
pub struct PeriodCopy {
    pub book_no: BookNo,
    pub sequence: u64,
    pub begin: Option<Date>,
    pub end: Option<Date>,
    /// Customs disposed of it by itself.
    pub disposed: bool,
    pub state: DocumentState,
    pub steps: usize,
    /// When it was closed.
    pub closed: Option<Instant>,
}

impl PeriodCopy {
    fn day_after(&self) -> Option<Date> {
        self.end.map(|end| Date(end.0 + 1))
    }
}

impl Shelf {
    /// 13.4
    pub(super) fn verify(&mut self, filing: &VerificationFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lists.len() > LINES_MAX || filing.items.len() > ROWS_MAX {
            return Err(Reason::TooLarge);
        }
        for (at, item) in filing.items.iter().enumerate() {
            if filing
                .items
                .iter()
                .take(at)
                .any(|other| (other.mark, other.number) == (item.mark, item.number))
            {
                return Err(Reason::NamedTwice);
            }
        }
        let book = self.book(filing.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if book.filing.usage == Usage::NonBonded {
            return Err(Reason::NonBondedBook);
        }
        self.declare_period(filing, now)?;
        for number in &filing.lists {
            let list = self.list(number.as_str()).filter(|list| list.content.book_no == filing.book_no);
            let list = list.ok_or(Reason::DocumentUnknown)?;
            if list.state != DocumentState::Posted {
                return Err(Reason::ListNotPosted);
            }
            list.may_go_on()?;
        }
        let mut shown = Shown { state: Some(DocumentState::Settled), ..Shown::default() };
        for number in &filing.lists {
            let list = self.list_mut(number.as_str());
            list.state = DocumentState::Verified;
            list.verified_time = Some(now.ledger_time);
            shown.changed.insert(number.to_string(), DocumentState::Verified);
        }
        self.verifications.push((filing.book_no.clone(), filing.sequence, now.ledger_time));
        Ok(shown)
    }

    pub fn period(&self, book_no: &BookNo, sequence: u64) -> Option<&PeriodCopy> {
        self.periods.iter().find(|period| period.book_no == *book_no && period.sequence == sequence)
    }

    fn declare_period(&mut self, filing: &VerificationFiling, now: Now) -> Result<(), Reason> {
        let supplement = filing.kind == VerificationKind::Supplementary;
        let by_customs = filing.kind == VerificationKind::CustomsDisposal && !now.by_message;
        let at = |period: &PeriodCopy| period.book_no == filing.book_no && period.sequence == filing.sequence;
        let Some(period) = self.periods.iter_mut().find(|period| at(period)) else {
            if supplement {
                return Err(Reason::DocumentUnknown);
            }
            self.periods.push(PeriodCopy {
                book_no: filing.book_no.clone(),
                sequence: filing.sequence,
                begin: filing.begin,
                end: filing.end,
                state: if by_customs { DocumentState::Confirmed } else { DocumentState::Filed },
                disposed: by_customs,
                steps: 0,
                closed: None,
            });
            return Ok(());
        };
        if period.closed.is_some() {
            return Err(Reason::PeriodVerified);
        }
        if by_customs {
            period.state = DocumentState::Confirmed;
            period.disposed = true;
        } else if period.state == DocumentState::Confirmed && (supplement || !filing.items.is_empty()) {
            return Err(Reason::VerificationState);
        } else if supplement {
            period.state = DocumentState::Filed;
        }
        Ok(())
    }

    /// The last period of a book that was closed.
    pub fn last_closed(&self, book_no: &BookNo) -> Option<&PeriodCopy> {
        let closed = self.periods.iter().filter(|period| period.closed.is_some());
        closed.filter(|period| period.book_no == *book_no).max_by_key(|period| period.sequence)
    }

    pub(super) fn order_verification(
        &mut self,
        order: &VerificationOrder,
        now: Now,
    ) -> Result<Shown, Reason> {
        self.book(order.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        let period = self.period(&order.book_no, order.sequence).ok_or(Reason::DocumentUnknown)?.clone();
        if period.steps >= ORDERS_MAX {
            return Err(Reason::TooLarge);
        }
        if period.closed.is_some() {
            return Err(Reason::PeriodVerified);
        }
        let state = match (&order.step, period.state) {
            (VerificationStep::AskSupplement { reason }, DocumentState::Filed | DocumentState::Confirmed) => {
                if reason.trim().is_empty() {
                    return Err(Reason::InvalidField);
                }
                DocumentState::SupplementAsked
            }
            (VerificationStep::Confirm { .. }, DocumentState::Filed) => DocumentState::Confirmed,
            (VerificationStep::Close { .. }, DocumentState::Confirmed) => {
                self.close_period(&period, now)?;
                DocumentState::Closed
            }
            _ => return Err(Reason::VerificationState),
        };
        let place = self.periods.iter_mut();
        let mut place =
            place.filter(|other| other.book_no == order.book_no && other.sequence == order.sequence);
        let place = place.next().unwrap();
        place.state = state;
        place.steps += 1;
        if state == DocumentState::Closed {
            place.closed = Some(now.ledger_time);
        }
        Ok(Shown { state: Some(state), ..Shown::default() })
    }

    /// Its last day is over, it follows on the one before, and nothing of the book is undecided.
    fn close_period(&mut self, period: &PeriodCopy, now: Now) -> Result<(), Reason> {
        let end = period.end.ok_or(Reason::PeriodMismatch)?;
        if end >= today(now) || period.begin.is_some_and(|begin| begin > end) {
            return Err(Reason::PeriodMismatch);
        }
        if let Some(before) = self.last_closed(&period.book_no) {
            let next = before.day_after().unwrap();
            let follows = period.begin.is_none_or(|begin| begin == next);
            if period.sequence <= before.sequence || !follows || end < next {
                return Err(Reason::PeriodMismatch);
            }
        }
        let undecided = |copy: &&super::AdjustmentCopy| {
            copy.filing.book_no == period.book_no && copy.state == DocumentState::Filed
        };
        if self.adjustments.iter().any(|copy| undecided(&copy)) {
            return Err(Reason::VerificationState);
        }
        for list in self.lists.iter_mut().filter(|list| list.content.book_no == period.book_no) {
            let posted = list.posted_time.map(|posted| Model::zone_clock().local(posted).date());
            if list.state == DocumentState::Posted && posted.is_some_and(|posted| posted <= end) {
                list.state = DocumentState::Verified;
                list.verified_time = Some(now.ledger_time);
            }
        }
        Ok(())
    }

    /// Whether a moment lies in a period of the book that is closed.
    pub(super) fn is_settled(&self, book_no: &BookNo, moment: Instant) -> bool {
        let day = Model::zone_clock().local(moment).date();
        self.last_closed(book_no).is_some_and(|period| period.end.is_some_and(|end| day <= end))
    }
}
