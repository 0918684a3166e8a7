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
        /// Days from the acceptance of a list to its posting; this one and all that follow: `crate::deadline`, 0 = off.
        ListPostDays = "LIST_POST_DAYS",
        /// Days from the gate to a list, for goods that entered on a bill of lading.
        SuspenseDays = "SUSPENSE_DAYS",
        /// Days from the approval of a slip to its passage.
        SlipPassDays = "SLIP_PASS_DAYS",
        /// Months of a period of batched delivery: 1 monthly, 3 by the quarter (`domain.md` 3.2.5).
        BatchPeriodMonths = "BATCH_PERIOD_MONTHS",
        /// Months after that period, at whose end the batches must be declared.
        BatchAfterMonths = "BATCH_AFTER_MONTHS",
        /// Days after that end.
        BatchGraceDays = "BATCH_GRACE_DAYS",
        /// 1: batches of a year are declared by 31 December of that year.
        BatchWithinYear = "BATCH_WITHIN_YEAR",
        /// Days that goods may be out for display (type C).
        DisplayDays = "DISPLAY_DAYS",
        /// Days that goods may be out for outsourced processing (type B).
        OutsourcedDays = "OUTSOURCED_DAYS",
        /// Days that machines and moulds may be out for test or repair (types D, E, F).
        EquipmentDays = "EQUIPMENT_DAYS",
        /// Days that goods may be on the way between two zones.
        TransitDays = "TRANSIT_DAYS",
        /// Days of storage in a comprehensive bonded zone, after which customs is told.
        StorageDaysComprehensive = "STORAGE_DAYS_Z",
        /// Days of storage in a bonded zone.
        StorageDaysBonded = "STORAGE_DAYS_K",
        /// Days of storage in an export processing zone.
        StorageDaysExport = "STORAGE_DAYS_L",
        /// Days of storage in a bonded logistics park.
        StorageDaysPark = "STORAGE_DAYS_M",
        /// Days of storage in a bonded port zone.
        StorageDaysPort = "STORAGE_DAYS_N",
        /// Days of storage in a cross-border industrial zone.
        StorageDaysCrossBorder = "STORAGE_DAYS_Q",
        /// Days that dangerous goods may dwell in a zone before they are flagged.
        DangerousDays = "DANGEROUS_DAYS",
        /// Days of a verification cycle of a processing book (`vclrPridVal`).
        VerificationDays = "VERIFICATION_DAYS",
        /// Days from the reservation of a parcel to its list.
        ParcelListDays = "PARCEL_LIST_DAYS",
        /// Days from delivery within which a consumer applies for a return (`domain.md` 3.1).
        ReturnApplyDays = "RETURN_APPLY_DAYS",
        /// Days from delivery within which what comes back has arrived.
        ReturnArriveDays = "RETURN_ARRIVE_DAYS",
        /// Days from a payment of rent to its declaration.
        LeaseRentDays = "LEASE_RENT_DAYS",
        /// Days from the end of a lease to its closing.
        LeaseEndDays = "LEASE_END_DAYS",
        /// 1: a deadline of a filing that falls on a day without work moves to the next working day.
        DeadlinesMove = "DEADLINES_MOVE",
    }
}

/// Days, months and switches are not larger than this.
pub const DAYS_MAX: i64 = 36_500;

impl Parameter {
    /// The value that holds while none is set.
    #[must_use]
    pub const fn default(self) -> Quantity {
        match self {
            Self::ParcelValueMax => Quantity::whole(5_000),
            Self::ListPostDays | Self::SuspenseDays | Self::SlipPassDays => Quantity::whole(14),
            Self::BatchPeriodMonths | Self::BatchAfterMonths | Self::BatchWithinYear => Quantity::whole(1),
            Self::DisplayDays => Quantity::whole(180),
            Self::OutsourcedDays | Self::VerificationDays => Quantity::whole(365),
            Self::EquipmentDays => Quantity::whole(60),
            Self::TransitDays | Self::ParcelListDays => Quantity::whole(14),
            // A comprehensive bonded zone has no limit, but customs is told of what has been there for two years.
            Self::StorageDaysComprehensive => Quantity::whole(730),
            Self::DangerousDays => Quantity::whole(10),
            Self::ReturnApplyDays | Self::LeaseEndDays => Quantity::whole(30),
            Self::ReturnArriveDays => Quantity::whole(45),
            Self::LeaseRentDays => Quantity::whole(15),
            Self::BatchGraceDays
            | Self::StorageDaysBonded
            | Self::StorageDaysExport
            | Self::StorageDaysPark
            | Self::StorageDaysPort
            | Self::StorageDaysCrossBorder
            | Self::DeadlinesMove => Quantity::ZERO,
        }
    }

    /// Whether it counts days, months or yes and no of a deadline. Such a value is whole, and holds from a later day
    /// than the one on which it is set: what runs keeps its days.
    #[must_use]
    pub const fn is_term(self) -> bool {
        (self as u8) >= (Self::ListPostDays as u8) && (self as u8) <= (Self::DeadlinesMove as u8)
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
