//! What duty and taxes come to: exact arithmetic, rounded where a rule says so (`domain.md` 3.1, A10, A15, A17, A19).
//!
//! Rates are percent figures. Each amount of tax is rounded once, half up, to two decimals, and what rests on it takes the
//! rounded amount: value-added tax is levied on the duty that is paid, not on a fraction of a fen that is not.

use crate::bom::rounded;
use crate::quantity::{Factor, Quantity};
use num_bigint::BigInt;

/// Decimals of an amount of tax: 1/100.
const CENT: i128 = Quantity::ONE / 100;
/// A day count of interest: 360 days are a year.
const YEAR_DAYS: i128 = 360;
const HUNDRED: i128 = 100 * Factor::ONE;

/// The rates that goods bear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// 关税
    pub duty: Factor,
    /// 消费税, ad valorem.
    pub consumption: Factor,
    /// 增值税
    pub vat: Factor,
}

/// What a value bears at some rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taxes {
    /// 关税
    pub duty: Quantity,
    /// 消费税
    pub consumption: Quantity,
    /// 增值税
    pub vat: Quantity,
}

impl Taxes {
    /// All three.
    #[must_use]
    pub fn total(&self) -> Option<Quantity> {
        self.duty.checked_add(self.consumption)?.checked_add(self.vat)
    }

    /// Sum, one by one.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        Some(Self {
            duty: self.duty.checked_add(other.duty)?,
            consumption: self.consumption.checked_add(other.consumption)?,
            vat: self.vat.checked_add(other.vat)?,
        })
    }
}

/// numerator / denominator, half up, to two decimals; both count the same smallest part.
fn cents(numerator: BigInt, denominator: BigInt) -> Option<Quantity> {
    let whole: Quantity = rounded(numerator, denominator * CENT)?;
    whole.raw().checked_mul(CENT).map(Quantity::from_raw)
}

/// An amount to two decimals, half up.
#[must_use]
pub fn to_cents(amount: Quantity) -> Option<Quantity> {
    cents(BigInt::from(amount.raw()), BigInt::from(1))
}

/// A percentage of an amount, to two decimals.
#[must_use]
pub fn percentage(amount: Quantity, rate: Factor) -> Option<Quantity> {
    cents(BigInt::from(amount.raw()) * rate.raw(), BigInt::from(HUNDRED))
}

/// What a dutiable value bears: duty = value x rate; consumption tax is a part of the price that includes it, so
/// (value + duty) / (1 - rate) x rate; value-added tax = (value + duty + consumption tax) x rate.
#[must_use]
pub fn taxes(value: Quantity, rates: &Rates) -> Option<Taxes> {
    let duty = percentage(value, rates.duty)?;
    let (consumption, vat) = internal(value.checked_add(duty)?, rates)?;
    Some(Taxes { duty, consumption, vat })
}

/// Consumption and value-added tax on a value with its duty.
fn internal(with_duty: Quantity, rates: &Rates) -> Option<(Quantity, Quantity)> {
    let kept = HUNDRED - rates.consumption.raw();
    let consumption = cents(BigInt::from(with_duty.raw()) * rates.consumption.raw(), BigInt::from(kept))?;
    let vat = percentage(with_duty.checked_add(consumption)?, rates.vat)?;
    Some((consumption, vat))
}

/// Selective tariff by the materials (选择性征税): their duty takes the place of the product's, and the taxes are levied
/// on the product as it stands.
#[must_use]
pub fn taxes_with_duty(value: Quantity, duty: Quantity, rates: &Rates) -> Option<Taxes> {
    let (consumption, vat) = internal(value.checked_add(duty)?, rates)?;
    Some(Taxes { duty, consumption, vat })
}

/// What a parcel within the limits pays of its price: no duty, and a share of consumption and value-added tax.
#[must_use]
pub fn parcel_taxes(price: Quantity, rates: &Rates, share: Factor) -> Option<Taxes> {
    let (consumption, vat) = internal(price, rates)?;
    Some(Taxes {
        duty: Quantity::ZERO,
        consumption: percentage(consumption, share)?,
        vat: percentage(vat, share)?,
    })
}

/// Interest on deferred duty: tax x days x rate / 360 (缓税利息, A17).
#[must_use]
pub fn deferred_interest(tax: Quantity, days: u32, rate: Factor) -> Option<Quantity> {
    cents(BigInt::from(tax.raw()) * days * rate.raw(), BigInt::from(HUNDRED) * YEAR_DAYS)
}

/// The dutiable value of equipment that is released before its custody ends: original x (1 - used / custody), nothing
/// from the end of custody on (A19). `None` for a custody of no months.
#[must_use]
pub fn equipment_value(original: Quantity, months_used: u32, custody_months: u32) -> Option<Quantity> {
    let left = custody_months.saturating_sub(months_used);
    cents(BigInt::from(original.raw()) * left, BigInt::from(custody_months))
}

/// What outward processing added: charges on top of what was sent out (A15).
#[must_use]
pub fn added_value(sent_out: Quantity, charges: &[Quantity]) -> Option<AddedValue> {
    let added = charges.iter().try_fold(Quantity::ZERO, |sum, charge| sum.checked_add(*charge))?;
    Some(AddedValue { total: sent_out.checked_add(added)?, added })
}

/// See [`added_value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedValue {
    /// What comes back is worth.
    pub total: Quantity,
    /// The dutiable part of it.
    pub added: Quantity,
}

/// A value in another currency, to two decimals.
#[must_use]
pub fn exchanged(value: Quantity, rate: Factor) -> Option<Quantity> {
    cents(BigInt::from(value.raw()) * rate.raw(), BigInt::from(Factor::ONE))
}

/// The value of some of a stock, at the average price of all that came in, to five decimals.
#[must_use]
pub fn share_of_value(value: Quantity, of: Quantity, some: Quantity) -> Option<Quantity> {
    rounded(BigInt::from(value.raw()) * some.raw(), BigInt::from(of.raw()))
}

/// A parameter's value, as the rate that it is.
#[must_use]
pub fn as_rate(percent: Quantity) -> Option<Factor> {
    percent.raw().checked_mul(Factor::ONE / Quantity::ONE).map(Factor::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Quantity {
        Quantity::parse_amount(text).unwrap()
    }

    fn rate(text: &str) -> Factor {
        Factor::parse(text).unwrap()
    }

    fn rates(duty: &str, consumption: &str, vat: &str) -> Rates {
        Rates { duty: rate(duty), consumption: rate(consumption), vat: rate(vat) }
    }

    fn shown(taxes: Option<Taxes>) -> [String; 3] {
        let taxes = taxes.unwrap();
        [taxes.duty.to_string(), taxes.consumption.to_string(), taxes.vat.to_string()]
    }

    /// A10: 50 at 3.20 bear 6.5% duty and 13% value-added tax: 10.40 and 22.152, which is 22.15.
    #[test]
    fn a10_duty_and_tax_of_a_shortage() {
        assert_eq!(shown(taxes(amount("160"), &rates("6.5", "0", "13"))), ["10.4", "0", "22.15"]);
        assert_eq!(shown(taxes(amount("1000"), &rates("10", "0", "13"))), ["100", "0", "143"]);
    }

    /// Wine: 14% duty, 10% consumption tax that is part of its own price, 13% value-added tax.
    #[test]
    fn consumption_tax_is_a_part_of_the_price_that_includes_it() {
        // (1000 + 140) / 0.9 x 0.1 = 126.67; (1140 + 126.67) x 0.13 = 164.6671
        assert_eq!(shown(taxes(amount("1000"), &rates("14", "10", "13"))), ["140", "126.67", "164.67"]);
        // A price that bears half of itself: as much again.
        assert_eq!(shown(taxes(amount("100"), &rates("0", "50", "0"))), ["0", "100", "0"]);
    }

    #[test]
    fn halves_of_a_cent_go_up() {
        assert_eq!(percentage(amount("0.5"), rate("1")).unwrap(), amount("0.01"));
        assert_eq!(percentage(amount("0.49999"), rate("1")).unwrap(), Quantity::ZERO);
        assert_eq!(to_cents(amount("1.005")).unwrap(), amount("1.01"));
        assert_eq!(to_cents(amount("1.00499")).unwrap(), amount("1"));
    }

    /// A15: 5,000.00 sent out, 2,400.00 and 484.62 added; 13% of 2,884.62 is 375.00.
    #[test]
    fn a15_outward_processing_added_value() {
        let value = added_value(amount("5000"), &[amount("2400"), amount("484.62")]).unwrap();
        assert_eq!((value.total, value.added), (amount("7884.62"), amount("2884.62")));
        assert_eq!(percentage(value.added, rate("13")).unwrap(), amount("375"));
        let none = added_value(amount("100"), &[]).unwrap();
        assert_eq!(none, AddedValue { total: amount("100"), added: Quantity::ZERO });
    }

    /// A17: 100,000 for 123 days at 0.35% is 119.58.
    #[test]
    fn a17_deferred_interest() {
        assert_eq!(deferred_interest(amount("100000"), 123, rate("0.35")).unwrap(), amount("119.58"));
        assert_eq!(deferred_interest(amount("100000"), 360, rate("0.35")).unwrap(), amount("350"));
        assert_eq!(deferred_interest(amount("100000"), 0, rate("0.35")).unwrap(), Quantity::ZERO);
        assert_eq!(deferred_interest(amount("2500.5"), 31, rate("1.5")).unwrap(), amount("3.23"));
    }

    /// A19: 1,200,000 after 22 of 60 months is 760,000.
    #[test]
    fn a19_equipment_early_release() {
        assert_eq!(equipment_value(amount("1200000"), 22, 60).unwrap(), amount("760000"));
        assert_eq!(equipment_value(amount("1200000"), 0, 36).unwrap(), amount("1200000"));
        assert_eq!(equipment_value(amount("1000"), 1, 36).unwrap(), amount("972.22"));
        for over in [60, 61, u32::MAX] {
            assert_eq!(equipment_value(amount("1200000"), over, 60).unwrap(), Quantity::ZERO);
        }
        assert_eq!(equipment_value(amount("1"), 0, 0), None);
    }

    /// 70% of 13% of 1,000 without consumption tax; with 15%, 1000 / 0.85 x 0.15 = 176.47 first.
    #[test]
    fn a_parcel_pays_a_share_and_no_duty() {
        let seventy = rate("70");
        let plain = parcel_taxes(amount("1000"), &rates("20", "0", "13"), seventy);
        assert_eq!(shown(plain), ["0", "0", "91"]);
        let dear = parcel_taxes(amount("1000"), &rates("20", "15", "13"), seventy);
        assert_eq!(shown(dear), ["0", "123.53", "107.06"]);
    }

    #[test]
    fn the_largest_amounts_do_not_overflow_on_the_way() {
        let most = amount("99999999999999999999.99999");
        let highest = rates("9999999999.999999999", "99.999999999", "9999999999.999999999");
        assert_eq!(taxes(most, &highest), None);
        assert!(percentage(most, rate("9999999999")).is_some());
        assert_eq!(share_of_value(most, Quantity::ZERO, amount("1")), None);
    }
}
