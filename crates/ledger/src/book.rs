//! Account books (账册).

use crate::code::{BookNo, CaseNo, CustomsNo, OfficeCode};
use crate::coded::code_list;
use crate::direction::Stops;
use crate::layer::LotMethod;
use crate::outcome::Revision;
use crate::period::LastClosed;
use crate::time::{Date, Instant, LocalTime};
use serde::{Deserialize, Serialize};

code_list! {
    /// What a book is for (`RULES.md` 2.3, header `rmk`).
    Usage, "usage" {
        /// Storage, 保税仓储.
        Store = "STORE",
        /// E-commerce, 网购保税.
        ECommerce = "CBEC",
        /// Leasing, 融资租赁.
        Lease = "LEASE",
        /// Processing, 加工.
        Processing = "PROCESSING",
        /// Repair, 维修.
        Repair = "REPAIR",
        /// Research and development, 研发.
        Research = "RND",
        /// Goods that are not bonded, 非保税货物: a book of their own, so that they never share a position with bonded
        /// ones (`domain.md` 3.1, goods by status).
        NonBonded = "NON_BONDED",
    }
}

impl Usage {
    /// Whether its goods are bonded. What is not moves by gate registration and change of status alone.
    #[must_use]
    pub const fn is_bonded(self) -> bool {
        !matches!(self, Self::NonBonded)
    }
}

code_list! {
    /// How the use of materials in a processing book is known (`domain.md` 3.1, processing consumption).
    Regime, "consumption regime" {
        /// By the filed BOM, when products leave (`RULES.md` 6): what a book has of which nothing is said.
        Bom = "BOM",
        /// By consumption slips; products that leave use nothing themselves.
        Slip = "SLIP",
        /// By work orders, 工单: products are made into stock and leave it like goods.
        WorkOrder = "WORK_ORDER",
    }
}

code_list! {
    /// Which message a book is filed by; it decides what an item of it is.
    BookKind, "kind of book" {
        /// `BWS101`: a logistics book, 物流账册.
        Logistics = "BWS",
        /// `EMS111`: a processing book and its kin, 加工账册.
        Processing = "EMS",
    }
}

code_list! {
    /// How receipts are booked (`domain.md` 2.3, `appendTypecd`).
    BookingMode, "booking mode" {
        /// Later receipts of an item add to the same row.
        Accumulating = "1",
        /// Each inbound line opens a row of its own.
        RowPerReceipt = "2",
    }
}

code_list! {
    /// What a document wants with a book that it names.
    Act, "act" {
        /// A list, new or with new content.
        List = "LIST",
        /// A correction of a posted list.
        Correction = "CORRECTION",
        /// A permit, new or with new content.
        Permit = "PERMIT",
        /// A slip, new or with new content.
        Slip = "SLIP",
        /// A pass on a bill of lading, before there is a list.
        BillPass = "BILL_PASS",
        /// A parcel.
        Parcel = "PARCEL",
        /// A consumption slip.
        Consumption = "CONSUMPTION",
        /// A work order, opened, reported to or closed.
        WorkOrder = "WORK_ORDER",
        /// A destruction, loss or abandonment.
        Disposal = "DISPOSAL",
        /// Differences of a count.
        Adjustment = "ADJUSTMENT",
        /// A lease contract, or another lessor of it.
        Lease = "LEASE",
        /// A gate registration of goods that are not bonded.
        Registration = "REGISTRATION",
        /// A change of status of goods.
        StatusChange = "STATUS_CHANGE",
        /// A carry-over to or from another book.
        CarryOver = "CARRY_OVER",
        /// The end of the book.
        Cancellation = "CANCELLATION",
        /// A change of the book: items, stops and BOM versions.
        Change = "CHANGE",
        /// A later last day.
        Extension = "EXTENSION",
        /// A verification of a period.
        Verification = "VERIFICATION",
        /// A count campaign.
        Count = "COUNT",
        /// A transfer form, or a change of one.
        TransferForm = "TRANSFER_FORM",
    }
}

/// What may still be done with a book under investigation (`domain.md` 3.0: no posting of what is new; what was accepted
/// before goes on at the gate and by release, which no act of this table is).
pub const UNDER_CASE: &[(Act, bool)] = &[
    (Act::List, false),
    (Act::Correction, false),
    (Act::Permit, false),
    (Act::Slip, false),
    (Act::BillPass, false),
    (Act::Parcel, false),
    (Act::Consumption, false),
    (Act::WorkOrder, false),
    (Act::Disposal, false),
    (Act::Adjustment, false),
    (Act::Lease, false),
    (Act::Registration, false),
    (Act::StatusChange, false),
    (Act::CarryOver, false),
    (Act::Cancellation, false),
    (Act::TransferForm, false),
    // Customs itself stops items by a change, prolongs books, verifies periods and has goods counted while it investigates.
    (Act::Change, true),
    (Act::Extension, true),
    (Act::Verification, true),
    (Act::Count, true),
];

code_list! {
    /// A type of document that holds a book while it is open, though it need not hold goods of it.
    Paper, "open paper" {
        /// A permit.
        Permit = "PERMIT",
        /// A work order.
        WorkOrder = "WORK_ORDER",
        /// A pass on a bill of lading.
        Pass = "PASS",
        /// A count campaign.
        Campaign = "CAMPAIGN",
        /// A report of differences.
        Differences = "DIFFERENCES",
        /// A transfer form, at either end.
        TransferForm = "TRANSFER_FORM",
    }
}

/// An investigation (立案) that a book is under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The number of the case.
    pub case_no: CaseNo,
    /// Ledger time from which on the book is under it.
    pub since: Instant,
}

/// A book as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Its number (`bwsNo`, `emsNo`).
    pub book_no: BookNo,
    /// Which message it was filed by.
    pub kind: BookKind,
    /// Its zone's office (`masterCuscd`).
    pub office: OfficeCode,
    /// The enterprise that owns it (`bizopEtpsno`).
    pub owner: CustomsNo,
    /// What it is for.
    pub usage: Usage,
    /// How the use of its materials is known; of meaning in a book of usage `PROCESSING` alone.
    pub regime: Regime,
    /// Work orders that are not closed yet.
    pub open_orders: u64,
    /// How it books receipts.
    pub booking_mode: BookingMode,
    /// In which order it gives up its lots, where it keeps them beside its positions.
    pub lot_method: LotMethod,
    /// The revision from which on it does; what was taken of lots before has nothing to do with those of now.
    pub lots_since: Revision,
    /// Last day on which documents may be declared (`finishValidDate`).
    pub valid_until: Date,
    /// Last accepted change (`chgTmsCnt`).
    pub change_no: u64,
    /// Highest row number given so far (`RULES.md` 4.6).
    pub last_item: u64,
    /// When it was declared, as its first filing says.
    pub declared_at: LocalTime,
    /// Ledger time of its first filing.
    pub filed_time: Instant,
    /// Ledger time of its last verification (`rcntVclrTime`).
    pub verified_time: Option<Instant>,
    /// What customs has stopped for the whole book.
    pub stops: Stops,
    /// The investigation it is under (`rcaseMarkcd`).
    pub case: Option<Case>,
    /// Ledger time of its cancellation, after which nothing can be filed on it (execution mark 9).
    pub cancelled: Option<Instant>,
    /// Stopped by the ledger itself: a broken invariant touched this book (`design.md` 5).
    pub faulted: bool,
    /// The last period that customs closed.
    pub last_closed: Option<LastClosed>,
    /// Adjustments on which customs has not decided altogether.
    pub open_adjustments: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_one_row_under_case() {
        for act in Act::ALL {
            assert_eq!(UNDER_CASE.iter().filter(|(of, _)| of == act).count(), 1, "{act}");
        }
    }
}
