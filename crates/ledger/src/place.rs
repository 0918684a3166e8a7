//! Where goods stand in the sense of the rules.

use crate::book::Usage;
use crate::coded::code_list;
use crate::direction::Mark;

code_list! {
    /// A place (`RULES.md` 3.3; the finer ones `domain.md` 2.6). Every transfer takes from one and gives to another,
    /// so the places outside of the book are places too.
    Place, "place" {
        /// In the zone, in stock.
        Zone = "ZONE",
        /// Through the gate before any list: enter-then-declare.
        SuspenseIn = "SUSPENSE_IN",
        /// Out by slip, consolidated list still to come.
        ShippedUndeclared = "SHIPPED_UNDECLARED",
        /// Out on a form: display, test, repair.
        OutOnForm = "OUT_ON_FORM",
        /// Between two zones.
        InTransit = "IN_TRANSIT",
        /// Out on lease.
        LeasedOut = "LEASED_OUT",
        /// Issued to work orders and not used yet.
        InProcess = "IN_PROCESS",
        /// Scrap, by-products and defectives.
        Scrap = "SCRAP",
        /// Parts removed in repair.
        RemovedPart = "REMOVED_PART",
        /// Approved for destruction, or given up to customs; not to be used any more.
        AwaitingDestruction = "AWAITING_DESTRUCTION",
        /// In the book and not there: lost, or not found by a count, until customs decides.
        Difference = "DIFFERENCE",
        /// There and not in the book: found by a count, until customs decides. Apart from what is missing, so that a
        /// figure never is the sum of both.
        Surplus = "SURPLUS",
        /// Outside: abroad, the domestic side, another book.
        Outside = "OUTSIDE",
        /// Outside: where opening balances come from.
        Opening = "OPENING",
        /// Outside: used up.
        Consumed = "CONSUMED",
        /// Outside: where products come from.
        Made = "MADE",
        /// Outside: destroyed.
        Destroyed = "DESTROYED",
        /// Outside: lost, and written off free of duty.
        Lost = "LOST",
        /// Outside: where what a count finds comes from.
        Found = "FOUND",
    }
}

impl Place {
    /// Where goods of a mark stand in stock: for residues read scrap, in a repair book removed parts (`RULES.md` 5.5).
    #[must_use]
    pub const fn stock(usage: Usage, mark: Mark) -> Self {
        match (mark, usage) {
            (Mark::Residue, Usage::Repair) => Self::RemovedPart,
            (Mark::Residue, _) => Self::Scrap,
            (Mark::Goods | Mark::Product, _) => Self::Zone,
        }
    }

    /// Whether goods there are in the book. Inside, no counter may be overdrawn.
    #[must_use]
    pub const fn is_inside(self) -> bool {
        !matches!(
            self,
            Self::Outside
                | Self::Opening
                | Self::Consumed
                | Self::Made
                | Self::Destroyed
                | Self::Lost
                | Self::Found
        )
    }
}
