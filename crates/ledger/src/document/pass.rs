//! Gate passes as filed: `SAS121`.

use crate::code::{BookNo, DocumentNo, OfficeCode, PartNo, PassNo, SealNo, UnitCode};
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
    /// The electronic seal of the vehicle (电子关锁). No message has it.
    pub seal_no: Option<SealNo>,
    /// What the vehicle weighs, as declared.
    pub weights: Option<Weights>,
    /// `SasPassportDt`
    pub lines: Vec<PassLine>,
}

/// Weights of a vehicle on a pass, in kilograms, as declared. They are compared and shown; they decide nothing
/// (`RULES.md` 8.5; `domain.md` 3.0: one of the published samples leaves the goods out of the total).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// `vehicleWt`
    pub vehicle: Quantity,
    /// `vehicleFrameWt`
    pub frame: Quantity,
    /// `containerWt`
    pub container: Quantity,
    /// `totalGrossWt`: of the goods.
    pub goods: Quantity,
    /// `totalWt`
    pub total: Quantity,
}

impl Weights {
    /// What the total should be: vehicle, frame, container and goods. `None` beyond the range of a number.
    #[must_use]
    pub fn sum(&self) -> Option<Quantity> {
        self.vehicle
            .checked_add(self.frame)
            .and_then(|sum| sum.checked_add(self.container))
            .and_then(|sum| sum.checked_add(self.goods))
    }

    /// `wtError`: how far the weight taken at the gate (`passCollectWt`) is from the total, whichever is more.
    #[must_use]
    pub fn error(&self, collected: Quantity) -> Option<Quantity> {
        let over = self.total.checked_sub(collected)?;
        if over.is_negative() { Quantity::ZERO.checked_sub(over) } else { Some(over) }
    }
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
