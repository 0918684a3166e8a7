//! Which differences of a count an office lets pass (`domain.md` 4.1: a figure for each office, relative and absolute; no
//! legal one is known, so nothing is let pass while none is set).

use crate::code::OfficeCode;
use crate::quantity::Quantity;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// What an office tolerates. A difference within any one of the three is shown and not recorded: practice calls a
/// difference small by its value *or* by its share of what came in (`domain.md` 4.1). 0 tolerates nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// Relative: parts of a million of what came into the book.
    pub ppm: Quantity,
    /// Absolute, in the declared unit.
    pub quantity: Quantity,
    /// Absolute, in US dollars.
    pub value_usd: Quantity,
}

/// The most parts of a million that an office may tolerate: all of it.
pub const PPM_MAX: Quantity = Quantity::whole(1_000_000);

impl Tolerance {
    /// Whether a difference of a size, without its sign, is let pass. What has no known value is not small by value, and
    /// where nothing came in no share of it is small.
    #[must_use]
    pub fn covers(&self, size: Quantity, inflow: Quantity, value_usd: Option<Quantity>) -> bool {
        let relative = || {
            let of_inflow = self.ppm.raw().checked_mul(inflow.raw());
            let of_size = size.raw().checked_mul(PPM_MAX.raw());
            matches!((of_size, of_inflow), (Some(size), Some(inflow)) if size <= inflow)
        };
        let by_value = || {
            let known = value_usd.filter(|_| self.value_usd.is_positive());
            known.is_some_and(|value| value <= self.value_usd)
        };
        size <= self.quantity || relative() || by_value()
    }
}

/// What an office tolerates from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToleranceOrder {
    /// The office.
    pub office: OfficeCode,
    /// The first day: of the revision that a count rests on, by the ledger's clock.
    pub from: Date,
    /// What it tolerates.
    pub tolerance: Tolerance,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(text: &str) -> Quantity {
        Quantity::parse_amount(text).unwrap()
    }

    fn tolerance(ppm: &str, quantity: &str, value_usd: &str) -> Tolerance {
        Tolerance { ppm: q(ppm), quantity: q(quantity), value_usd: q(value_usd) }
    }

    /// `domain.md` A9: 1 of 10,000 is 100 parts of a million.
    #[test]
    fn one_of_ten_thousand_is_within_100_parts_of_a_million() {
        let (size, inflow) = (q("1"), q("10000"));
        assert!(tolerance("100", "0", "0").covers(size, inflow, None));
        assert!(!tolerance("99.99999", "0", "0").covers(size, inflow, None));
        assert!(!tolerance("100", "0", "0").covers(q("1.00001"), inflow, None));
    }

    #[test]
    fn any_one_of_the_three_lets_pass() {
        assert!(tolerance("0", "2", "0").covers(q("2"), q("10"), None));
        assert!(!tolerance("0", "2", "0").covers(q("2.00001"), q("10"), None));
        assert!(tolerance("0", "0", "50").covers(q("9"), q("10"), Some(q("50"))));
        assert!(!tolerance("0", "0", "50").covers(q("9"), q("10"), None));
    }

    #[test]
    fn nothing_passes_by_itself() {
        for (inflow, value) in [("0", None), ("0", Some(q("0"))), ("1000000", Some(q("0")))] {
            assert!(!Tolerance::default().covers(q("0.00001"), q(inflow), value), "{inflow}");
        }
        assert!(!tolerance("1000000", "0", "0").covers(q("1"), q("0"), None));
    }
}
