//! The rate of yield of a special procedure (`domain.md` 4.4): what is obtained of what is placed, as an exact ratio.

use crate::sums::within;
use std::fmt;
use zonebook_ledger::bom::{BomLine, per_unit};
use zonebook_ledger::error::Fault;
use zonebook_ledger::quantity::{Factor, Quantity};

/// So much of a product is obtained of so much of the goods placed, in lowest terms. One for each product and material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateOfYield {
    placed: i128,
    obtained: i128,
}

impl RateOfYield {
    /// What processing does not change: repair, storage.
    pub const ONE_TO_ONE: Self = Self { placed: 1, obtained: 1 };

    /// From a production record: this much was placed, that much came of it. `None` where either is not more than nothing.
    #[must_use]
    pub fn of_record(placed: Quantity, obtained: Quantity) -> Option<Self> {
        Self::reduced(placed.raw(), obtained.raw())
    }

    /// From a BOM: what one unit of the product takes of the material, its bonded part with its loss (`RULES.md` 6.1).
    /// `None` where it takes none of it.
    #[must_use]
    pub fn of_bom(line: &BomLine) -> Option<Self> {
        let hundred = Factor::from_raw(100 * Factor::ONE);
        let kept = hundred.checked_sub(line.tangible_loss)?.checked_sub(line.intangible_loss)?;
        // placed : obtained = net x share : kept, of which net alone is no percent figure.
        let placed = line.net.raw().checked_mul(line.bonded_share.raw())?;
        Self::reduced(placed, kept.raw().checked_mul(Factor::ONE)?)
    }

    fn reduced(placed: i128, obtained: i128) -> Option<Self> {
        if placed <= 0 || obtained <= 0 {
            return None;
        }
        let divisor = greatest_common_divisor(placed, obtained);
        Some(Self { placed: placed.checked_div(divisor)?, obtained: obtained.checked_div(divisor)? })
    }

    /// How much of the goods placed a quantity of the product accounts for, rounded once.
    ///
    /// # Errors
    /// The figure is beyond the range of a number.
    pub fn covered_by(&self, obtained: Quantity) -> Result<Quantity, Fault> {
        within(obtained.share(Quantity::from_raw(self.placed), Quantity::from_raw(self.obtained)))
    }

    /// How much of the product is obtained of a quantity placed, rounded once.
    ///
    /// # Errors
    /// The figure is beyond the range of a number.
    pub fn obtained_of(&self, placed: Quantity) -> Result<Quantity, Fault> {
        within(placed.share(Quantity::from_raw(self.obtained), Quantity::from_raw(self.placed)))
    }

    /// What is obtained of one unit placed, rounded to nine decimals.
    ///
    /// # Errors
    /// The figure is beyond the range of a number.
    pub fn per_unit_placed(&self) -> Result<Factor, Fault> {
        within(per_unit(Quantity::from_raw(self.obtained), Quantity::from_raw(self.placed)))
    }
}

/// As an inverse ratio: placed to obtained.
impl fmt::Display for RateOfYield {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.placed, self.obtained)
    }
}

fn greatest_common_divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(placed: &str, obtained: &str) -> RateOfYield {
        let quantity = |text| Quantity::parse(text).unwrap();
        RateOfYield::of_record(quantity(placed), quantity(obtained)).unwrap()
    }

    /// A14: the rates of the examples, and what a discharge covers by the first.
    #[test]
    fn a14_rate_of_yield() {
        let whisky = rate("500", "2500");
        assert_eq!(whisky.per_unit_placed().unwrap(), Factor::whole(5));
        for (placed, obtained, inverse) in
            [("1000", "500", "2:1"), ("5", "1", "5:1"), ("5", "2", "5:2"), ("7", "7", "1:1")]
        {
            assert_eq!(rate(placed, obtained).to_string(), inverse);
        }
        assert_eq!(rate("3.5", "3.5"), RateOfYield::ONE_TO_ONE);
        let covered = whisky.covered_by(Quantity::whole(2_000)).unwrap();
        assert_eq!(covered, Quantity::whole(400));
        assert_eq!(Quantity::whole(500).checked_sub(covered), Some(Quantity::whole(100)));
        assert_eq!(whisky.obtained_of(Quantity::whole(100)).unwrap(), Quantity::whole(500));
    }

    /// Three of seven: no decimal is exact, so only the result is rounded.
    #[test]
    fn a_rate_without_an_exact_decimal_rounds_once() {
        let odd = rate("7", "3");
        assert_eq!(odd.per_unit_placed().unwrap().to_string(), "0.428571429");
        assert_eq!(odd.covered_by(Quantity::whole(3_000_000)).unwrap(), Quantity::whole(7_000_000));
        assert_eq!(odd.covered_by(Quantity::whole(1)).unwrap().to_string(), "2.33333");
    }

    #[test]
    fn a_bom_is_a_rate() {
        let factor = |text| Factor::parse(text).unwrap();
        let line = |net, share| BomLine {
            net: factor(net),
            tangible_loss: factor("3"),
            intangible_loss: factor("0"),
            bonded_share: factor(share),
        };
        // 0.679 net with 3% lost takes 0.7: ten of the product for seven.
        assert_eq!(RateOfYield::of_bom(&line("0.679", "100")).unwrap().to_string(), "7:10");
        assert_eq!(RateOfYield::of_bom(&line("0.679", "0")), None);
        let half = RateOfYield::of_bom(&line("0.679", "50")).unwrap();
        let quantity = Quantity::whole(60_000);
        assert_eq!(half.covered_by(quantity).ok(), line("0.679", "50").usage(quantity));
    }
}
