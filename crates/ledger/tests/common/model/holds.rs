//! Holds on permits, slips, passes and parcels (issue 3 point 9): customs stops a document, and what it would do next
//! waits, or is refused.

use super::shelf::Shelf;
use super::{Now, PermitCopy, Shown};
use zonebook_ledger::document::PassageReport;
use zonebook_ledger::hold::{DocumentOrder, HeldKind};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::{Conditional, Order};

impl Shelf {
    /// Whether a document is stopped, and whether its inspection is still to come: what its orders, one by one, come to.
    pub fn hold_on(&self, kind: HeldKind, number: &str) -> (bool, Option<Conditional>) {
        let of = self.holds.iter().filter(|order| order.kind == kind && order.number.as_str() == number);
        of.fold((false, None), |(held, conditional), order| match order.order {
            Order::Hold => (true, conditional),
            Order::Free => (false, conditional),
            Order::ReleaseForPassage => (false, Some(Conditional::Passable)),
            Order::InspectionPassed => (held, Some(Conditional::Passed)),
            _ => (true, Some(Conditional::Failed)),
        })
    }

    /// Stopped, or inspected before it does this.
    pub(super) fn free_after_inspection(&self, kind: HeldKind, number: &str) -> Result<(), Reason> {
        let (held, conditional) = self.hold_on(kind, number);
        if held || conditional == Some(Conditional::Passable) { Err(Reason::DocumentHeld) } else { Ok(()) }
    }

    /// Stopped for good or until it is inspected.
    pub(super) fn free_to_pass(&self, kind: HeldKind, number: &str) -> Result<(), Reason> {
        if self.hold_on(kind, number).0 { Err(Reason::DocumentHeld) } else { Ok(()) }
    }

    /// A permit under which something may be done.
    pub(super) fn in_use(&self, permit: &PermitCopy) -> Result<(), Reason> {
        if permit.closed {
            return Err(Reason::FormClosed);
        }
        self.free_to_pass(HeldKind::Permit, permit.filing.permit_no.as_str())
    }

    pub(super) fn held_state(&self, kind: HeldKind, number: &str) -> Option<DocumentState> {
        match kind {
            HeldKind::Permit => {
                let copy = self.permits.iter().find(|copy| copy.filing.permit_no.as_str() == number)?;
                Some(if copy.closed { DocumentState::Closed } else { DocumentState::Open })
            }
            HeldKind::Slip => self.slip(number).map(|slip| slip.state),
            HeldKind::Pass => self.pass(number).map(|pass| pass.state),
            HeldKind::Parcel => {
                let found = self.parcels.iter().find(|copy| copy.parcel.parcel_no.as_str() == number);
                found.map(|copy| copy.state)
            }
        }
    }

    pub(super) fn order_document(&mut self, wanted: &DocumentOrder, now: Now) -> Result<Shown, Reason> {
        use DocumentState::{Approved, Filed, GateOne, Open, Passed, Reserved};
        if wanted.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let (kind, number) = (wanted.kind, wanted.number.as_str());
        let state = self.held_state(kind, number).ok_or(Reason::DocumentUnknown)?;
        let goes_on = match kind {
            HeldKind::Permit => state == Open,
            HeldKind::Slip => matches!(state, Approved | Passed),
            HeldKind::Pass => matches!(state, Filed | GateOne),
            HeldKind::Parcel => state == Reserved,
        };
        let (held, conditional) = self.hold_on(kind, number);
        let fits = match wanted.order {
            Order::Hold => goes_on && !held,
            Order::Free => held,
            Order::ReleaseForPassage => goes_on && held && kind != HeldKind::Permit,
            Order::InspectionPassed | Order::InspectionFailed => conditional == Some(Conditional::Passable),
            _ => false,
        };
        if !fits {
            return Err(Reason::OrderNotApplicable);
        }
        self.holds.push(wanted.clone());
        let mut shown = Shown::default();
        if !self.hold_on(kind, number).0 {
            self.goes_on(kind, number, now, &mut shown);
        }
        shown.state = self.held_state(kind, number);
        Ok(shown)
    }

    /// What waited for the end of a stop.
    fn goes_on(&mut self, kind: HeldKind, number: &str, now: Now, shown: &mut Shown) {
        match kind {
            HeldKind::Slip => self.pass_slip(number, now, shown),
            HeldKind::Pass => {
                let of = |report: &PassageReport| report.pass_no.as_str() == number;
                let (waiting, others): (Vec<PassageReport>, Vec<PassageReport>) =
                    self.held.drain(..).partition(of);
                self.held = others;
                for report in &waiting {
                    self.through(report, now, shown);
                }
            }
            HeldKind::Permit | HeldKind::Parcel => {}
        }
    }
}
