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
        /// How many days a permit for batched delivery may last from the day of its filing; 0 is no limit, here and below.
        PermitDaysBatched = "PERMIT_DAYS_A",
        /// The same for outsourced processing.
        PermitDaysOutsourced = "PERMIT_DAYS_B",
        /// The same for display.
        PermitDaysDisplay = "PERMIT_DAYS_C",
        /// The same for the test of equipment.
        PermitDaysTest = "PERMIT_DAYS_D",
        /// The same for the repair of equipment.
        PermitDaysRepair = "PERMIT_DAYS_E",
        /// The same for a mould sent out.
        PermitDaysMould = "PERMIT_DAYS_F",
        /// The same for simple processing.
        PermitDaysSimple = "PERMIT_DAYS_G",
        /// The same for other permits.
        PermitDaysOther = "PERMIT_DAYS_H",
        /// The same for moves of a general taxpayer.
        PermitDaysTaxpayer = "PERMIT_DAYS_Y",
        /// How many days more the one extension may give to a permit for equipment or a mould.
        PermitExtensionDays = "PERMIT_EXTENSION_DAYS",
        /// Percentage of the duty at stake that an advanced certified enterprise has to secure.
        GuaranteeShareAdvanced = "GUARANTEE_SHARE_ADVANCED",
        /// The same for a regular enterprise.
        GuaranteeShareRegular = "GUARANTEE_SHARE_REGULAR",
        /// The same for a discredited enterprise.
        GuaranteeShareDiscredited = "GUARANTEE_SHARE_DISCREDITED",
    }
}

impl Parameter {
    /// The value that holds while none is set.
    #[must_use]
    pub const fn default(self) -> Quantity {
        match self {
            Self::ParcelValueMax => Quantity::whole(5_000),
            Self::PermitDaysBatched
            | Self::PermitDaysOutsourced
            | Self::PermitDaysDisplay
            | Self::PermitDaysTest
            | Self::PermitDaysRepair
            | Self::PermitDaysMould
            | Self::PermitDaysSimple
            | Self::PermitDaysOther
            | Self::PermitDaysTaxpayer
            | Self::PermitExtensionDays => Quantity::ZERO,
            Self::GuaranteeShareAdvanced | Self::GuaranteeShareRegular | Self::GuaranteeShareDiscredited => {
                Quantity::whole(100)
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
