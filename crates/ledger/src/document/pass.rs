//! Gate passes as filed: `SAS121`.

use crate::code::{BookNo, DocumentNo, OfficeCode, PartNo, PassNo, UnitCode};
use crate::coded::code_list;
use crate::direction::Direction;
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// How a pass binds vehicles to documents (`bindTypecd`).
    Binding, "binding" {
        /// One vehicle, many documents.
        ManyDocuments = "1",
        /// One vehicle, one document.
        OneToOne = "2",
        /// One document, many vehicles.
        ManyVehicles = "3",
    }
}

code_list! {
    /// What the linked numbers of a pass are (`rltTbTypecd`).
    LinkedType, "type of linked document" {
        /// Lists.
        List = "1",
        /// Slips.
        Slip = "2",
        /// A bill of lading.
        Bill = "3",
    }
}

/// `SAS121`: a gate pass (核放单), `RULES.md` 8.1, 8.2 and 8.6.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassFiling {
    /// `passportNo`
    pub pass_no: PassNo,
    /// `masterCuscd`
    pub office: OfficeCode,
    /// `ioTypecd`
    pub direction: Direction,
    /// `bindTypecd`
    pub binding: Binding,
    /// `rltTbTypecd`
    pub linked_type: LinkedType,
    /// `rltNo`, split at `\` and `/`.
    pub linked: Vec<DocumentNo>,
    /// `col1`: the book of a pass on a bill of lading.
    pub book_no: Option<BookNo>,
    /// `vehicleNo`
    pub vehicle_no: CompactString,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `SasPassportDt`
    pub lines: Vec<PassLine>,
}

/// `SAS121` with `dclTypecd` 3: a pass taken back before its vehicle reached a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassVoid {
    /// `passportNo`
    pub pass_no: PassNo,
}

/// `SasPassportDt`: part of a document on one vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassLine {
    /// `passportSeqno`
    pub line: u64,
    /// `rltGdsSeqno`: the line of the linked document.
    pub linked_line: Option<u64>,
    /// `gdsMtno`
    pub part_no: Option<PartNo>,
    /// `dclUnitcd`
    pub unit: Option<UnitCode>,
    /// `dclQty`
    pub declared: Quantity,
}
