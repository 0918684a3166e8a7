//! BOM versions: what one unit of a product takes of each material (单耗; `domain.md` 3.3, `RULES.md` 4.4 and 6).
//!
//! Lines are added and never change, so what a product used can be computed again at any time.

use crate::code::{BomVersion, BookNo};
use crate::quantity::{Decimal, Factor, Quantity};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Key of a version: what a product is made of, under one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BomKey {
    /// The book.
    pub book_no: BookNo,
    /// The item of the product.
    pub product: u64,
    /// The version (`ucnsVerno`).
    pub version: BomVersion,
}

/// A version: its lines by the item of the material.
pub type Bom = BTreeMap<u64, BomLine>;

/// What one unit of a product takes of one material. Rates and share are percent figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomLine {
    /// Embodied in the product (净耗).
    pub net: Factor,
    /// Lost as scrap (有形损耗率).
    pub tangible_loss: Factor,
    /// Lost without a trace (无形损耗率).
    pub intangible_loss: Factor,
    /// Bonded part of the material (保税料件比例).
    pub bonded_share: Factor,
}

const HUNDRED: Factor = Factor::from_raw(100 * Factor::ONE);

impl BomLine {
    /// What the figures break, in the words of a refusal: field, value, rule. `None` for a sound line.
    #[must_use]
    pub fn flaw(&self) -> Option<(&'static str, String, &'static str)> {
        let share_fits = !self.bonded_share.is_negative() && self.bonded_share <= HUNDRED;
        let flaw = |field, value: Factor, rule| Some((field, value.to_string(), rule));
        if !self.net.is_positive() {
            flaw("netUseupQty", self.net, "more than 0")
        } else if self.tangible_loss.is_negative() {
            flaw("tgblLossRate", self.tangible_loss, "not less than 0")
        } else if self.intangible_loss.is_negative() {
            flaw("intgbLossRate", self.intangible_loss, "not less than 0")
        } else if self.kept().is_none_or(|kept| !kept.is_positive()) {
            flaw("intgbLossRate", self.intangible_loss, "with tgblLossRate less than 100")
        } else if share_fits {
            None
        } else {
            flaw("bondMtpckPrpr", self.bonded_share, "0 to 100")
        }
    }

    /// The percentage that is not lost.
    fn kept(&self) -> Option<Factor> {
        HUNDRED.checked_sub(self.tangible_loss)?.checked_sub(self.intangible_loss)
    }

    /// Net consumption with its loss on top, rounded to nine decimals (`RULES.md` 4.4).
    #[must_use]
    pub fn unit_consumption(&self) -> Option<Factor> {
        let kept = self.kept()?;
        rounded(BigInt::from(self.net.raw()) * HUNDRED.raw(), BigInt::from(kept.raw()))
    }

    /// The bonded part of [`Self::unit_consumption`], rounded once to nine decimals.
    #[must_use]
    pub fn bonded_unit_consumption(&self) -> Option<Factor> {
        let kept = self.kept()?;
        rounded(BigInt::from(self.net.raw()) * self.bonded_share.raw(), BigInt::from(kept.raw()))
    }

    /// What a quantity of the product uses of the material, its bonded part, rounded once (`RULES.md` 6.1).
    #[must_use]
    pub fn usage(&self, quantity: Quantity) -> Option<Quantity> {
        let (numerator, denominator) = self.exact_usage(quantity)?;
        rounded(numerator, denominator)
    }

    /// The part of [`Self::usage`] that is left as scrap, rounded once from the exact use (`RULES.md` 6.2).
    #[must_use]
    pub fn tangible_loss_of(&self, quantity: Quantity) -> Option<Quantity> {
        self.lost_of(quantity, self.tangible_loss)
    }

    /// The part of [`Self::usage`] that is gone without a trace, rounded likewise.
    #[must_use]
    pub fn intangible_loss_of(&self, quantity: Quantity) -> Option<Quantity> {
        self.lost_of(quantity, self.intangible_loss)
    }

    fn lost_of(&self, quantity: Quantity, rate: Factor) -> Option<Quantity> {
        let (numerator, denominator) = self.exact_usage(quantity)?;
        rounded(numerator * rate.raw(), denominator * HUNDRED.raw())
    }

    /// quantity x net / (1 - loss / 100) x share / 100, as a fraction of counts of the smallest quantity.
    fn exact_usage(&self, quantity: Quantity) -> Option<(BigInt, BigInt)> {
        let numerator = BigInt::from(quantity.raw()) * self.net.raw() * self.bonded_share.raw();
        Some((numerator, BigInt::from(self.kept()?.raw()) * Factor::ONE))
    }
}

/// What was used for one unit of what was made, rounded to nine decimals; `None` where nothing was made.
#[must_use]
pub fn per_unit(used: Quantity, made: Quantity) -> Option<Factor> {
    rounded(BigInt::from(used.raw()) * Factor::ONE, BigInt::from(made.raw()))
}
impl Quantity {
    /// So many percent of it, rounded half up (`RULES.md` 1.2); `None` beyond the range of a number.
    #[must_use]
    pub fn percent(self, percent: Self) -> Option<Self> {
        rounded(BigInt::from(self.raw()) * percent.raw(), BigInt::from(100 * Self::ONE))
    }

    /// So many times it, rounded half up; `None` beyond the range of a number.
    #[must_use]
    pub fn times(self, factor: Factor) -> Option<Self> {
        rounded(BigInt::from(self.raw()) * factor.raw(), BigInt::from(Factor::ONE))
    }

    /// What it is of a whole, in so many parts (100 for percent, 1,000,000 for ppm), rounded half up; nothing of a whole
    /// that is nothing (`RULES.md` 14.5, 14.7). `None` beyond the range of a number.
    #[must_use]
    pub fn parts_of(self, whole: Self, parts: i64) -> Option<Self> {
        let sign = if whole.is_negative() { -1 } else { 1 };
        if whole.is_zero() {
            return Some(Self::ZERO);
        }
        rounded(BigInt::from(self.raw()) * sign * parts * Self::ONE, BigInt::from(whole.raw()) * sign)
    }

    /// The part of it that `part` is of `whole`, rounded half up; nothing of a whole that is nothing.
    #[must_use]
    pub fn share(self, part: Self, whole: Self) -> Option<Self> {
        if whole.is_zero() {
            return Some(Self::ZERO);
        }
        rounded(BigInt::from(self.raw()) * part.raw(), BigInt::from(whole.raw()))
    }
}

/// Half up, away from zero (`RULES.md` 1.2); `None` beyond the range of a number or for a denominator that is not positive.
pub(crate) fn rounded<const SCALE: u32>(numerator: BigInt, denominator: BigInt) -> Option<Decimal<SCALE>> {
    if denominator <= BigInt::ZERO {
        return None;
    }
    let half = if numerator < BigInt::ZERO { -&denominator } else { denominator.clone() };
    let quotient = (numerator * 2 + half) / (denominator * 2);
    i128::try_from(quotient).ok().map(Decimal::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(net: &str, tangible: &str, intangible: &str, share: &str) -> BomLine {
        let factor = |text| Factor::parse(text).unwrap();
        BomLine {
            net: factor(net),
            tangible_loss: factor(tangible),
            intangible_loss: factor(intangible),
            bonded_share: factor(share),
        }
    }

    #[test]
    fn halves_go_away_from_zero() {
        for (numerator, expected) in [(5, 1), (4, 0), (-5, -1), (-4, 0), (15, 2), (-15, -2)] {
            let rounded: Quantity = rounded(BigInt::from(numerator), BigInt::from(10)).unwrap();
            assert_eq!(rounded.raw(), expected, "{numerator} / 10");
        }
    }

    #[test]
    fn the_largest_figures_do_not_overflow_on_the_way() {
        let line = line("9999999999.999999999", "0", "99.999999999", "0.000000001");
        let most = Quantity::parse("99999999999999.99999").unwrap();
        assert!(line.usage(most).is_some());
    }

    #[test]
    fn a_line_with_a_flaw_names_its_field() {
        for (line, field) in [
            (line("0", "0", "0", "100"), Some("netUseupQty")),
            (line("1", "-1", "0", "100"), Some("tgblLossRate")),
            (line("1", "0", "-1", "100"), Some("intgbLossRate")),
            (line("1", "50", "50", "100"), Some("intgbLossRate")),
            (line("1", "0", "0", "100.1"), Some("bondMtpckPrpr")),
            (line("1", "99", "0.999999999", "0"), None),
        ] {
            assert_eq!(line.flaw().map(|(field, ..)| field), field);
        }
    }
}
