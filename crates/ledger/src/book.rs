//! Account books (账册).

use crate::code::{BookNo, CustomsNo, OfficeCode};
use crate::coded::code_list;
use crate::direction::Stops;
use crate::layer::LotMethod;
use crate::time::{Date, Instant, LocalTime};
use crate::zone::ZoneKind;
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

/// A book as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Its number (`bwsNo`, `emsNo`).
    pub book_no: BookNo,
    /// Which message it was filed by.
    pub kind: BookKind,
    /// Its zone's office (`masterCuscd`).
    pub office: OfficeCode,
    /// Kind of the zone it lies in (`bwlTypecd`).
    pub zone_kind: ZoneKind,
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
    /// Which directions customs has stopped for the whole book.
    pub stops: Stops,
    /// Stopped by the ledger itself: a broken invariant touched this book (`design.md` 5).
    pub faulted: bool,
}
