//! The kinds of term C: why the book and the fence differ though nothing is wrong (`domain.md` 4.2, `RULES.md` 14.5).

use crate::sums::negated;
use zonebook_ledger::code_list;
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::Measure;

code_list! {
    /// A kind of timing. Its sign is that of D = B - A + C: what the book has and the fence has not counts up, what the
    /// fence has and the book has not counts down.
    Timing, "timing" {
        /// Out by slip, consolidated list still to come.
        ShippedUndeclared = "SHIPPED_UNDECLARED",
        /// Out on a permit: display, test, repair, outsourced processing.
        OutOnForm = "OUT_ON_FORM",
        /// Out on lease.
        LeasedOut = "LEASED_OUT",
        /// Between two zones, still in this book.
        InTransit = "IN_TRANSIT",
        /// Through the gate on a list E that is not posted yet.
        GatedOutNotPosted = "GATED_OUT_NOT_POSTED",
        /// Through the gate on a list I that is not posted yet.
        GatedInNotPosted = "GATED_IN_NOT_POSTED",
        /// Through the gate on a bill of lading, before any list.
        SuspenseIn = "SUSPENSE_IN",
        /// Posted by force of a list I before it was through the gate.
        PostedInNotGated = "POSTED_IN_NOT_GATED",
        /// Posted by force of a list E before it was through the gate.
        PostedOutNotGated = "POSTED_OUT_NOT_GATED",
        /// Missed before, and customs has not decided yet.
        KnownMissing = "KNOWN_MISSING",
        /// Found before, and customs has not decided yet.
        KnownSurplus = "KNOWN_SURPLUS",
    }
}

impl Timing {
    /// Whether the goods are inside the fence and not in A.
    #[must_use]
    pub const fn counts_down(self) -> bool {
        matches!(
            self,
            Self::GatedInNotPosted | Self::SuspenseIn | Self::PostedOutNotGated | Self::KnownSurplus
        )
    }

    /// A quantity of it with its sign.
    pub(crate) fn signed(self, measure: &Measure) -> Result<Measure, Fault> {
        if self.counts_down() { negated(measure) } else { Ok(*measure) }
    }
}
