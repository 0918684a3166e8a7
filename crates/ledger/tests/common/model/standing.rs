//! Orders of customs about lists, and declaration numbers that come late (issue 3 point 9, `domain.md` 3.4 row 32).

use super::checks::{goes_through_transit, is_transfer};
use super::shelf::Shelf;
use super::{ListCopy, Now, Shown};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::DeclarationAssignment;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::{Conditional, ListOrder, Order, TallyResult};

impl ListCopy {
    /// Customs does not stop it.
    pub(super) fn may_go_on(&self) -> Result<(), Reason> {
        if self.held { Err(Reason::ListHeld) } else { Ok(()) }
    }

    /// Released otherwise than by a notice.
    pub(super) fn let_go(&self) -> bool {
        let conditional = self.conditional.is_some_and(|conditional| conditional != Conditional::Failed);
        self.release_forced || conditional
    }

    /// Nothing but its gates keeps it from being posted.
    pub(super) fn is_clear(&self) -> bool {
        let differs = matches!(self.tally, Some((_, TallyResult::Differs)));
        !self.held && !differs && self.conditional != Some(Conditional::Passable)
    }
}

impl Shelf {
    pub(super) fn order_list(&mut self, wanted: &ListOrder, now: Now) -> Result<Shown, Reason> {
        if wanted.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let number = wanted.list_no.as_str();
        let list = self.list(number).ok_or(Reason::DocumentUnknown)?.clone();
        match list.state {
            DocumentState::Withdrawn => return Err(Reason::AlreadyWithdrawn),
            DocumentState::Returned => return Err(Reason::AlreadyReturned),
            DocumentState::Verified => return Err(Reason::PeriodVerified),
            _ => {}
        }
        let posted = list.state == DocumentState::Posted;
        let expected = |holds: bool| if holds { Ok(()) } else { Err(Reason::OrderNotApplicable) };
        let waits_for_inspection =
            matches!(list.conditional, Some(Conditional::Usable | Conditional::Passable));
        if matches!(wanted.order, Order::ReleaseForUse | Order::ReleaseForPassage | Order::ForceRelease) {
            if posted {
                return Err(Reason::AlreadyPosted);
            }
            expected(list.content.declared)?;
            let for_good = list.release_time.is_some()
                || list.release_forced
                || list.conditional == Some(Conditional::Passed);
            if for_good {
                return Err(Reason::AlreadyReleased);
            }
        }
        let mut next = list.clone();
        match wanted.order {
            Order::Hold => {
                expected(!list.held)?;
                next.held = true;
            }
            Order::Free => {
                expected(list.held)?;
                next.held = false;
            }
            Order::ReleaseForUse => {
                expected(list.conditional != Some(Conditional::Usable))?;
                next.conditional = Some(Conditional::Usable);
            }
            Order::ReleaseForPassage => {
                expected(list.conditional != Some(Conditional::Passable))?;
                next.conditional = Some(Conditional::Passable);
            }
            Order::InspectionPassed => {
                expected(waits_for_inspection)?;
                next.conditional = Some(Conditional::Passed);
            }
            Order::InspectionFailed => {
                expected(waits_for_inspection)?;
                next.conditional = Some(Conditional::Failed);
                next.held = true;
            }
            Order::ForceGate => {
                if posted {
                    return Err(Reason::AlreadyPosted);
                }
                expected(self.waits_at_the_gate(&list) && !list.gate_forced)?;
                next.gate_forced = true;
            }
            Order::ForceRelease => {
                next.release_forced = true;
                next.conditional = None;
            }
            Order::AcceptTally => {
                let Some((tally_no, TallyResult::Differs)) = &list.tally else {
                    return Err(Reason::OrderNotApplicable);
                };
                expected(list.state == DocumentState::PrePosted)?;
                // What was not sent is not to come to the other book either.
                expected(!(is_transfer(&list.content) && list.content.direction == Direction::Out))?;
                let tally = self.tally(tally_no).unwrap().clone();
                self.check_count(&list, &tally)?;
                next.tally = Some((tally_no.clone(), TallyResult::Accepted));
            }
            Order::AmendToTally => {
                let Some((tally_no, TallyResult::Differs)) = &list.tally else {
                    return Err(Reason::OrderNotApplicable);
                };
                expected(list.state == DocumentState::PrePosted)?;
                next.tally = Some((tally_no.clone(), TallyResult::Agrees));
            }
        }
        *self.list_mut(number) = next;
        let mut shown = Shown::default();
        if wanted.order == Order::AmendToTally {
            self.amend_transfer(number, now, &mut shown.changed)?;
        }
        self.post_if_ready(number, now, &mut shown.changed);
        shown.state = self.list(number).map(|list| list.state);
        shown.changed.insert(number.into(), self.list(number).unwrap().state);
        Ok(shown)
    }

    /// A list that passes a gate, and of which something is not through.
    fn waits_at_the_gate(&self, list: &ListCopy) -> bool {
        let content = &list.content;
        let number = content.list_no.as_str();
        self.passes_a_gate(content)
            && content.lines.iter().any(|line| self.gated(number, line) != line.declared.raw())
    }

    /// 5.5
    pub(super) fn passes_a_gate(&self, content: &zonebook_ledger::document::List) -> bool {
        let destroyed =
            content.direction == Direction::Out && matches!(content.mode.as_str(), "0200" | "0400");
        match content.kind.as_str() {
            "8" | "9" => true,
            "0" if goes_through_transit(content) => true,
            "0" => !destroyed && !self.is_buy_out(content) && self.direct_exit_of(content).is_none(),
            _ => false,
        }
    }

    /// `INV202`
    pub(super) fn assign(&mut self, wanted: &DeclarationAssignment, now: Now) -> Result<Shown, Reason> {
        let number = wanted.list_no.as_str();
        let list = self.list(number).ok_or(Reason::DocumentUnknown)?;
        match list.state {
            DocumentState::PrePosted => {}
            DocumentState::Withdrawn => return Err(Reason::AlreadyWithdrawn),
            DocumentState::Returned => return Err(Reason::AlreadyReturned),
            DocumentState::Verified => return Err(Reason::PeriodVerified),
            _ => return Err(Reason::AlreadyPosted),
        }
        if !list.content.declared {
            return Err(Reason::OrderNotApplicable);
        }
        let mut shown = Shown::default();
        if list.content.declaration_no.as_ref() != Some(&wanted.declaration_no) {
            if list.release_time.is_some() {
                return Err(Reason::AlreadyReleased);
            }
            let release_time = self.release_of(&wanted.declaration_no);
            let list = self.list_mut(number);
            list.content.declaration_no = Some(wanted.declaration_no.clone());
            list.release_time = release_time;
            self.post_if_ready(number, now, &mut shown.changed);
        }
        shown.state = self.list(number).map(|list| list.state);
        shown.changed.insert(number.into(), self.list(number).unwrap().state);
        Ok(shown)
    }
}
