//! What a difference of a count is (`RULES.md` 14.6).

use zonebook_ledger::difference::Class;
use zonebook_ledger::quantity::Quantity;

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

/// The class of a difference: the first that fits.
#[must_use]
pub fn class_of(case: &Case) -> Class {
    if case.difference.is_zero() {
        return if case.nothing_under_way { Class::Match } else { Class::ExplainedTiming };
    }
    match (case.difference.is_negative(), case.removed_part) {
        (true, _) if case.serial => Class::SerialMissing,
        (true, true) => Class::RemovedPartMissing,
        (true, false) if case.ppm <= SMALL_PPM => Class::ShortageSmall,
        (true, false) => Class::Shortage,
        (false, true) => Class::RemovedPartUnbooked,
        (false, false) => Class::Surplus,
    }
}
