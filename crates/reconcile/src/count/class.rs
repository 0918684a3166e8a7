//! What a difference of a count is (`RULES.md` 14.6).

use zonebook_ledger::code_list;
use zonebook_ledger::quantity::Quantity;

code_list! {
    /// The class of a difference.
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
        /// Less than the book has, at most [`SMALL_PPM`] of the inflow.
        ShortageSmall = "SHORTAGE_SMALL",
        /// Less than the book has.
        Shortage = "SHORTAGE",
        /// More than the book has.
        Surplus = "SURPLUS",
    }
}

/// Up to so many parts of a million of the inflow a shortage is small (`RULES.md` 14.6, `domain.md` 4.1).
pub const SMALL_PPM: Quantity = Quantity::whole(100);

/// What the class depends on.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// D, in the declared unit.
    pub difference: Quantity,
    /// D in parts of a million of the inflow.
    pub ppm: Quantity,
    /// Every kind of timing is nothing.
    pub nothing_under_way: bool,
    /// The row is one unit with a serial number.
    pub serial: bool,
    /// The row is of parts removed in repair.
    pub removed_part: bool,
}

impl Class {
    /// The class of a difference: the first that fits.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        if case.difference.is_zero() {
            return if case.nothing_under_way { Self::Match } else { Self::ExplainedTiming };
        }
        match (case.difference.is_negative(), case.removed_part) {
            (true, _) if case.serial => Self::SerialMissing,
            (true, true) => Self::RemovedPartMissing,
            (true, false) if case.ppm <= SMALL_PPM => Self::ShortageSmall,
            (true, false) => Self::Shortage,
            (false, true) => Self::RemovedPartUnbooked,
            (false, false) => Self::Surplus,
        }
    }
}
