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
        /// Whether a list in a mode of return must name the list whose goods come back: 0 no, 1 yes (`domain.md` 3.4 row
        /// 27).
        ReturnOriginalRequired = "RETURN_ORIGINAL_REQUIRED",
    }
}

impl Parameter {
    /// The value that holds while none is set.
    #[must_use]
    pub const fn default(self) -> Quantity {
        match self {
            Self::ParcelValueMax => Quantity::whole(5_000),
            Self::ReturnOriginalRequired => Quantity::ZERO,
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
