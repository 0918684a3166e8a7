//! Parameters: limits and days that the law changes, with the day from which each value holds (`design.md` 5).

use crate::coded::code_list;
use crate::quantity::Quantity;
use crate::time::Date;
use serde::{Deserialize, Serialize};

code_list! {
    /// What a parameter sets.
    Parameter, "parameter" {
        /// The highest total of one parcel, in Chinese currency (`RULES.md` 12.1).
        ParcelValueMax = "PARCEL_VALUE_MAX",
        /// The highest total of the parcels of one buyer in a calendar year, in Chinese currency (`domain.md` 3.1).
        BuyerYearMax = "BUYER_YEAR_MAX",
        /// Days from delivery within which a return is applied for (`domain.md` 3.1, A18).
        ReturnApplyDays = "RETURN_APPLY_DAYS",
        /// Days from delivery within which returned goods arrive (`domain.md` 3.1, A18).
        ReturnArriveDays = "RETURN_ARRIVE_DAYS",
        /// Which part of value-added and consumption tax parcels within the limits pay, in percent (`domain.md` 3.1).
        ParcelTaxShare = "PARCEL_TAX_SHARE",
        /// Interest on deferred duty, percent a year of 360 days (A17).
        DeferredInterestRate = "DEFERRED_INTEREST_RATE",
        /// How long duty-free equipment is under custody, in months (`domain.md` 3.1, A19).
        CustodyMonths = "CUSTODY_MONTHS",
        /// Lines that one declaration may have (`domain.md` 3.0, A7).
        DeclarationLinesMax = "DECLARATION_LINES_MAX",
    }
}

impl Parameter {
    /// The value that holds while none is set.
    #[must_use]
    pub const fn default(self) -> Quantity {
        match self {
            Self::ParcelValueMax => Quantity::whole(5_000),
            Self::BuyerYearMax => Quantity::whole(26_000),
            Self::ReturnApplyDays => Quantity::whole(30),
            Self::ReturnArriveDays => Quantity::whole(45),
            Self::ParcelTaxShare => Quantity::whole(70),
            Self::DeferredInterestRate => Quantity::from_raw(Quantity::ONE * 35 / 100),
            Self::CustodyMonths => Quantity::whole(60),
            Self::DeclarationLinesMax => Quantity::whole(50),
        }
    }
}

/// A value from a day on, until a later one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterValue {
    /// Which parameter.
    pub parameter: Parameter,
    /// The first day on which it holds, by the ledger's clock.
    pub from: Date,
    /// The value.
    pub value: Quantity,
}
