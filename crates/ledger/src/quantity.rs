//! Exact decimal numbers: quantities, weights and amounts with five fraction digits, factors with nine
//! (`domain.md` 2.4, `RULES.md` 1.1).

use crate::error::NumberError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A fixed-point number with `SCALE` fraction digits, held as an integer of 1/10^`SCALE`.
///
/// Quantities, weights and factors have at most 19 digits, amounts at most 25 (`domain.md` 2.4); sums may be larger.
/// There is no binary floating point anywhere and no rounding in this type.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal<const SCALE: u32>(i128);

/// A quantity, a weight or an amount of money: five fraction digits.
pub type Quantity = Decimal<5>;

/// A factor of a BOM: unit consumption, loss rate, bonded share (nine fraction digits).
pub type Factor = Decimal<9>;

impl<const SCALE: u32> Decimal<SCALE> {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Total digits of a quantity or weight.
    pub const QUANTITY_DIGITS_MAX: u32 = 19;
    /// Total digits of an amount of money.
    pub const AMOUNT_DIGITS_MAX: u32 = 25;
    /// One, as a count of the smallest part.
    pub const ONE: i128 = 10_i128.pow(SCALE);

    /// From a count of the smallest part.
    #[must_use]
    pub const fn from_raw(raw: i128) -> Self {
        Self(raw)
    }

    /// The count of the smallest part.
    #[must_use]
    pub const fn raw(self) -> i128 {
        self.0
    }

    /// From a whole number.
    #[must_use]
    pub const fn whole(number: i64) -> Self {
        Self(number as i128 * Self::ONE)
    }

    /// Reads `[-+]digits[.digits]` with at most `SCALE` significant fraction digits and at most
    /// [`Self::QUANTITY_DIGITS_MAX`] digits in all.
    ///
    /// # Errors
    /// The text is empty, holds anything but a plain decimal number, or is out of range.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Self::parse_within(text, Self::QUANTITY_DIGITS_MAX)
    }

    /// Like [`Self::parse`], for amounts of money: [`Self::AMOUNT_DIGITS_MAX`] digits.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_amount(text: &str) -> Result<Self, NumberError> {
        Self::parse_within(text, Self::AMOUNT_DIGITS_MAX)
    }

    fn parse_within(text: &str, digits_max: u32) -> Result<Self, NumberError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(NumberError::NotANumber(text.into()));
        }
        let mut raw: i128 = 0;
        let mut fraction_digits: u32 = 0;
        let significant = fraction.trim_end_matches('0');
        for (in_fraction, digit) in
            whole.bytes().map(|b| (false, b)).chain(significant.bytes().map(|b| (true, b)))
        {
            if !digit.is_ascii_digit() {
                return Err(NumberError::NotANumber(text.into()));
            }
            fraction_digits += u32::from(in_fraction);
            raw = raw
                .checked_mul(10)
                .and_then(|r| r.checked_add(i128::from(digit - b'0')))
                .ok_or_else(|| NumberError::TooManyDigits(text.into(), digits_max))?;
        }
        if fraction.bytes().any(|b| !b.is_ascii_digit()) {
            return Err(NumberError::NotANumber(text.into()));
        }
        if fraction_digits > SCALE {
            return Err(NumberError::TooManyFractionDigits(text.into(), SCALE));
        }
        for _ in fraction_digits..SCALE {
            raw = raw.checked_mul(10).ok_or_else(|| NumberError::TooManyDigits(text.into(), digits_max))?;
        }
        if raw >= 10_i128.pow(digits_max) {
            return Err(NumberError::TooManyDigits(text.into(), digits_max));
        }
        Ok(Self(if negative { -raw } else { raw }))
    }

    /// Sum, or `None` beyond the range of the type.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// Difference, or `None` beyond the range of the type.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// Whether this is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is greater than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Without trailing zeros (`RULES.md` 14.8).
impl<const SCALE: u32> fmt::Display for Decimal<SCALE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = Self::ONE.unsigned_abs();
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / one, magnitude % one);
        let mut text = whole.to_string();
        if fraction != 0 {
            text.push('.');
            text.push_str(format!("{fraction:0width$}", width = SCALE as usize).trim_end_matches('0'));
        }
        f.pad_integral(self.0 >= 0, "", &text)
    }
}

impl<const SCALE: u32> fmt::Debug for Decimal<SCALE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_plain_decimals() {
        for (text, shown) in [
            ("0", "0"),
            ("12.50", "12.5"),
            ("-0.00001", "-0.00001"),
            ("+3", "3"),
            (".5", "0.5"),
            ("7.", "7"),
            ("99999999999999.99999", "99999999999999.99999"),
            ("1.000000000", "1"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_plain_decimal() {
        for text in ["", "-", ".", "1e5", "1,000", " 1", "0x1", "--1", "１", "1.2.3", "1.0x"] {
            assert!(matches!(Quantity::parse(text), Err(NumberError::NotANumber(_))), "{text}");
        }
        assert!(matches!(Quantity::parse("0.000001"), Err(NumberError::TooManyFractionDigits(_, 5))));
        assert!(matches!(Quantity::parse("100000000000000"), Err(NumberError::TooManyDigits(_, 19))));
        assert!(Quantity::parse_amount("100000000000000").is_ok());
        assert!(Quantity::parse(&"9".repeat(200)).is_err());
    }

    #[test]
    fn pads_to_the_right() {
        assert_eq!(format!("{:>8}", Quantity::parse("-1.5").unwrap()), "    -1.5");
    }
}
