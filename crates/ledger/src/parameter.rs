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
        /// How many levels of customs approve a destruction, 1 to 3 (`domain.md` 3.1).
        DestructionLevels = "DESTRUCTION_LEVELS",
        /// How many levels of customs approve that goods are abandoned, 1 to 3.
        AbandonmentLevels = "ABANDONMENT_LEVELS",
        /// For how many days after its approval a destruction may be carried out.
        DestructionApprovalDays = "DESTRUCTION_APPROVAL_DAYS",
    }
}

impl Parameter {
    /// The value that holds while none is set.
    #[must_use]
    pub const fn default(self) -> Quantity {
        match self {
            Self::ParcelValueMax => Quantity::whole(5_000),
            Self::DestructionLevels | Self::AbandonmentLevels => Quantity::whole(1),
            Self::DestructionApprovalDays => Quantity::whole(30),
        }
    }

    /// What a value must be, where it is not.
    #[must_use]
    pub fn objection(self, value: Quantity) -> Option<&'static str> {
        let whole = |from: i64, to: i64| {
            value.raw() % Quantity::ONE == 0 && (Quantity::whole(from)..=Quantity::whole(to)).contains(&value)
        };
        match self {
            Self::ParcelValueMax => value.is_negative().then_some("not less than 0"),
            Self::DestructionLevels | Self::AbandonmentLevels => (!whole(1, 3)).then_some("1, 2 or 3"),
            Self::DestructionApprovalDays => {
                (!whole(0, 3_650)).then_some("a whole number of days, 0 to 3,650")
            }
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
