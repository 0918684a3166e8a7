//! Parameters: limits, days and rates that the law changes, with the day from which each value holds (`design.md` 5). One
//! table says what each is, which values it takes, and which value holds while none is set.

use crate::coded::code_list;
use crate::quantity::Quantity;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// Which values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An amount of money, or a rate in percent: 0 or more.
    Amount,
    /// A share in percent: 0 to 100.
    Share,
    /// A whole number in a range.
    Count(i64, i64),
    /// 0 no, 1 yes.
    Switch,
    /// Whole days, months, or yes and no of a deadline, 0 being off. Such a value holds from a later day than the one on
    /// which it is set: what runs keeps the days that it began with.
    Term,
}

/// The most days or months that a parameter takes: a hundred years of days.
pub const DAYS_MAX: i64 = 36_500;

const DAYS: Form = Form::Count(0, DAYS_MAX);

macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $form:expr, $default:expr;)*) => {
        code_list! {
            /// What a parameter sets.
            Parameter, "parameter" { $($(#[$doc])* $name = $code,)* }
        }

        impl Parameter {
            /// Which values it takes.
            #[must_use]
            pub const fn form(self) -> Form {
                match self { $(Self::$name => $form,)* }
            }

            /// The value that holds while none is set.
            #[must_use]
            pub const fn default(self) -> Quantity {
                match self { $(Self::$name => $default,)* }
            }
        }
    };
}

const fn whole(value: i64) -> Quantity {
    Quantity::whole(value)
}

parameters! {
    /// The highest total of one parcel, in Chinese currency (`RULES.md` 12.1).
    ParcelValueMax = "PARCEL_VALUE_MAX", Form::Amount, whole(5_000);
    /// The highest total of the parcels of one buyer in a calendar year, in Chinese currency (`domain.md` 3.1).
    BuyerYearMax = "BUYER_YEAR_MAX", Form::Amount, whole(26_000);
    /// Which part of value-added and consumption tax parcels within the limits pay, in percent (`domain.md` 3.1).
    ParcelTaxShare = "PARCEL_TAX_SHARE", Form::Share, whole(70);
    /// Days from delivery within which a return is applied for (`domain.md` 3.1, A18).
    ReturnApplyDays = "RETURN_APPLY_DAYS", Form::Term, whole(30);
    /// Days from delivery within which returned goods arrive (`domain.md` 3.1, A18).
    ReturnArriveDays = "RETURN_ARRIVE_DAYS", Form::Term, whole(45);
    /// Days from the acceptance of a list to its posting. What the days of the deadlines mean: [`crate::deadline`].
    ListPostDays = "LIST_POST_DAYS", Form::Term, whole(14);
    /// Days from the gate to a list, for goods that entered on a bill of lading.
    SuspenseDays = "SUSPENSE_DAYS", Form::Term, whole(14);
    /// Days from the approval of a slip to its passage.
    SlipPassDays = "SLIP_PASS_DAYS", Form::Term, whole(14);
    /// Months of a period of batched delivery: 1 monthly, 3 by the quarter (`domain.md` 3.2.5).
    BatchPeriodMonths = "BATCH_PERIOD_MONTHS", Form::Term, whole(1);
    /// Months after that period, at whose end the batches must be declared.
    BatchAfterMonths = "BATCH_AFTER_MONTHS", Form::Term, whole(1);
    /// Days after that end.
    BatchGraceDays = "BATCH_GRACE_DAYS", Form::Term, whole(0);
    /// 1: batches of a year are declared by 31 December of that year.
    BatchWithinYear = "BATCH_WITHIN_YEAR", Form::Term, whole(1);
    /// Days that goods may be out for display (type C).
    DisplayDays = "DISPLAY_DAYS", Form::Term, whole(180);
    /// Days that goods may be out for outsourced processing (type B).
    OutsourcedDays = "OUTSOURCED_DAYS", Form::Term, whole(365);
    /// Days that machines and moulds may be out for test or repair (types D, E, F).
    EquipmentDays = "EQUIPMENT_DAYS", Form::Term, whole(60);
    /// Days that goods may be on the way between two zones.
    TransitDays = "TRANSIT_DAYS", Form::Term, whole(14);
    /// Days of storage in a comprehensive bonded zone, after which customs is told: there is no limit.
    StorageDaysComprehensive = "STORAGE_DAYS_Z", Form::Term, whole(730);
    /// Days of storage in a bonded zone.
    StorageDaysBonded = "STORAGE_DAYS_K", Form::Term, whole(0);
    /// Days of storage in an export processing zone.
    StorageDaysExport = "STORAGE_DAYS_L", Form::Term, whole(0);
    /// Days of storage in a bonded logistics park.
    StorageDaysPark = "STORAGE_DAYS_M", Form::Term, whole(0);
    /// Days of storage in a bonded port zone.
    StorageDaysPort = "STORAGE_DAYS_N", Form::Term, whole(0);
    /// Days of storage in a cross-border industrial zone.
    StorageDaysCrossBorder = "STORAGE_DAYS_Q", Form::Term, whole(0);
    /// Days that dangerous goods may dwell in a zone before they are flagged.
    DangerousDays = "DANGEROUS_DAYS", Form::Term, whole(10);
    /// Days of a verification cycle of a processing book (`vclrPridVal`).
    VerificationDays = "VERIFICATION_DAYS", Form::Term, whole(365);
    /// Days from the reservation of a parcel to its list.
    ParcelListDays = "PARCEL_LIST_DAYS", Form::Term, whole(14);
    /// Days from a payment of rent to its declaration (`domain.md` 3.1, A20).
    LeaseRentDays = "LEASE_RENT_DAYS", Form::Term, whole(15);
    /// Days from the end of a lease to its closing (`domain.md` 3.1, A20).
    LeaseEndDays = "LEASE_END_DAYS", Form::Term, whole(30);
    /// 1: a deadline of a filing that falls on a day without work moves to the next working day.
    DeadlinesMove = "DEADLINES_MOVE", Form::Term, whole(0);
    /// Interest on deferred duty, percent a year of 360 days (A17).
    DeferredInterestRate = "DEFERRED_INTEREST_RATE", Form::Amount, Quantity::from_raw(Quantity::ONE * 35 / 100);
    /// How long duty-free equipment is under custody, in months (`domain.md` 3.1, A19).
    CustodyMonths = "CUSTODY_MONTHS", Form::Count(1, 1_200), whole(60);
    /// Lines that one declaration may have (`domain.md` 3.0, A7).
    DeclarationLinesMax = "DECLARATION_LINES_MAX", Form::Count(1, 1_000), whole(50);
    /// How many days a permit for batched delivery may last from the day of its filing; 0 is no limit, here and below.
    PermitDaysBatched = "PERMIT_DAYS_A", DAYS, whole(0);
    /// The same for outsourced processing.
    PermitDaysOutsourced = "PERMIT_DAYS_B", DAYS, whole(0);
    /// The same for display.
    PermitDaysDisplay = "PERMIT_DAYS_C", DAYS, whole(0);
    /// The same for the test of equipment.
    PermitDaysTest = "PERMIT_DAYS_D", DAYS, whole(0);
    /// The same for the repair of equipment.
    PermitDaysRepair = "PERMIT_DAYS_E", DAYS, whole(0);
    /// The same for a mould sent out.
    PermitDaysMould = "PERMIT_DAYS_F", DAYS, whole(0);
    /// The same for simple processing.
    PermitDaysSimple = "PERMIT_DAYS_G", DAYS, whole(0);
    /// The same for other permits.
    PermitDaysOther = "PERMIT_DAYS_H", DAYS, whole(0);
    /// The same for moves of a general taxpayer.
    PermitDaysTaxpayer = "PERMIT_DAYS_Y", DAYS, whole(0);
    /// How many days more the one extension may give to a permit for equipment or a mould.
    PermitExtensionDays = "PERMIT_EXTENSION_DAYS", DAYS, whole(0);
    /// Percentage of the duty at stake that an advanced certified enterprise has to secure.
    GuaranteeShareAdvanced = "GUARANTEE_SHARE_ADVANCED", Form::Amount, whole(100);
    /// The same for a regular enterprise.
    GuaranteeShareRegular = "GUARANTEE_SHARE_REGULAR", Form::Amount, whole(100);
    /// The same for a discredited enterprise.
    GuaranteeShareDiscredited = "GUARANTEE_SHARE_DISCREDITED", Form::Amount, whole(100);
    /// Whether results of customs (`INV201`, `INV202`, `INV211`, `SAS221`) are taken: 0 refuses them as messages of an unknown
    /// type (`RULES.md` 2.4).
    ReceiptsFromCustoms = "RECEIPTS_FROM_CUSTOMS", Form::Switch, whole(0);
    /// Whether a list in a mode of return must name the list whose goods come back (`domain.md` 3.4 row 27).
    ReturnOriginalRequired = "RETURN_ORIGINAL_REQUIRED", Form::Switch, whole(0);
    /// How many levels of customs approve a destruction (`domain.md` 3.1).
    DestructionLevels = "DESTRUCTION_LEVELS", Form::Count(1, 3), whole(1);
    /// How many levels of customs approve that goods are abandoned.
    AbandonmentLevels = "ABANDONMENT_LEVELS", Form::Count(1, 3), whole(1);
    /// For how many days after its approval a destruction may be carried out.
    DestructionApprovalDays = "DESTRUCTION_APPROVAL_DAYS", Form::Count(0, 3_650), whole(30);
    /// By how many millionths counts may differ, from each other or from the book, before a recount is asked for; what is
    /// within this or the next one is let pass (`domain.md` 4.1, tolerance).
    CountTolerancePpm = "COUNT_TOLERANCE_PPM", Form::Count(0, 1_000_000), whole(0);
    /// The same as a quantity in the declared unit of the item.
    CountTolerance = "COUNT_TOLERANCE", Form::Amount, whole(0);
    /// Days from the recording of a difference of a count to the decision on it, where no day was set.
    DifferenceDays = "DIFFERENCE_DAYS", Form::Term, whole(30);
    /// Days from the end of a year of a US foreign-trade zone within which its reconciliation is made (`domain.md` 4.3).
    ZoneReportDays = "ZONE_REPORT_DAYS", DAYS, whole(90);
    /// Working days from that report within which the letter that certifies it is sent.
    ZoneLetterDays = "ZONE_LETTER_DAYS", DAYS, whole(10);
    /// From which share of a lot, in percent, a shortage in such a zone is reported at once ...
    ZoneShortageShare = "ZONE_SHORTAGE_SHARE", Form::Share, whole(1);
    /// ... where duty and taxes on it come to this much, in US dollars.
    ZoneShortageDuty = "ZONE_SHORTAGE_DUTY", Form::Amount, whole(100);
    /// Days from the end of a period of discharge within which its bill is presented (`domain.md` 4.4).
    DischargeDays = "DISCHARGE_DAYS", DAYS, whole(30);
    /// The same where an extension was granted.
    DischargeExtendedDays = "DISCHARGE_EXTENDED_DAYS", DAYS, whole(60);
    /// Days from the posting of a list to the decision of customs on what its accepted tally did not find.
    TallyDecisionDays = "TALLY_DECISION_DAYS", Form::Term, whole(14);
    /// Whether goods sold at home need an import licence where the tariff says so (`domain.md` 3.4 row 5); 0 asks for none.
    LicenceCheck = "LICENCE_CHECK", Form::Switch, whole(1);
    /// Whether a transfer between zones needs a transfer form (`domain.md` 3.4 row 7); `RULES.md` 7 asks for none.
    TransferFormRequired = "TRANSFER_FORM_REQUIRED", Form::Switch, whole(0);
    /// Whether units for repair must be of the catalogue or own-group products (`domain.md` 3.1 bonded repair, 3.4 row 12);
    /// `RULES.md` 10 asks for neither.
    RepairCatalogueCheck = "REPAIR_CATALOGUE_CHECK", Form::Switch, whole(0);
    /// Whether lists and permits must be of what the kind of their zone is for (`domain.md` 2.2): supervision modes, transport
    /// codes, kinds of permit; `RULES.md` 5 and 9 ask for none of it.
    ZoneFunctionsCheck = "ZONE_FUNCTIONS_CHECK", Form::Switch, whole(0);
    /// Days from the posting of a list within which goods of it are back that a return announces; commonly a year.
    ReturnDays = "RETURN_DAYS", Form::Term, whole(365);
    /// Days from the filing of a disposal, or the approval of an abandonment, to the decision of customs.
    DisposalDecisionDays = "DISPOSAL_DECISION_DAYS", Form::Term, whole(30);
    /// Whether assets go to a lessee under an open lease contract alone (`domain.md` 3.4 row 13); `RULES.md` 11 knows none.
    LeaseContractRequired = "LEASE_CONTRACT_REQUIRED", Form::Switch, whole(0);
    /// Whether an asset comes back or is bought out only when all rent paid until then is declared (`domain.md` 3.4 row 14).
    LeaseRentSettled = "LEASE_RENT_SETTLED", Form::Switch, whole(0);
    /// Whether a permit for display says where the goods are shown (`domain.md` 3.4 row 15); `RULES.md` 9 asks for no place.
    DisplayPlaceRequired = "DISPLAY_PLACE_REQUIRED", Form::Switch, whole(0);
    /// Days from the filing of an adjustment to the decision of customs on all of it.
    AdjustmentDecisionDays = "ADJUSTMENT_DECISION_DAYS", Form::Term, whole(30);
}

impl Parameter {
    /// What a value must be, where it is not.
    #[must_use]
    pub fn objection(self, value: Quantity) -> Option<String> {
        let between = |from, to| (whole(from)..=whole(to)).contains(&value);
        let is_whole = value.raw() % Quantity::ONE == 0;
        match self.form() {
            Form::Amount => value.is_negative().then(|| "not less than 0".into()),
            Form::Share => (!between(0, 100)).then(|| "0 to 100 percent".into()),
            Form::Count(from, to) => {
                (!(is_whole && between(from, to))).then(|| format!("a whole number from {from} to {to}"))
            }
            Form::Term => {
                (!(is_whole && between(0, DAYS_MAX))).then(|| format!("a whole number, at most {DAYS_MAX}"))
            }
            Form::Switch => (!(is_whole && between(0, 1))).then(|| "0 or 1".into()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_that_holds_by_itself_could_be_set() {
        for parameter in Parameter::ALL {
            assert_eq!(parameter.objection(parameter.default()), None, "{parameter}");
        }
    }

    #[test]
    fn values_out_of_form_are_named() {
        let half = Quantity::from_raw(Quantity::ONE / 2);
        for (parameter, wrong) in [
            (Parameter::ParcelValueMax, whole(-1)),
            (Parameter::ParcelTaxShare, whole(101)),
            (Parameter::DestructionLevels, whole(4)),
            (Parameter::DestructionLevels, half),
            (Parameter::ReturnApplyDays, half),
        ] {
            assert!(parameter.objection(wrong).is_some(), "{parameter} {wrong}");
        }
    }
}
