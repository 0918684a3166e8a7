//! Goods by status (货物按状态分类监管; `domain.md` 3.1, 3.4 rows 28 and 29): goods that are not bonded come and go by gate
//! registration; bonded or not is changed in one step, by declared documents.

use crate::code::{BookNo, CustomsNo, DeclarationNo, PartNo, RegistrationNo, StatusChangeNo, TariffCode};
use crate::coded::code_list;
use crate::direction::Direction;
use crate::item::Units;
use crate::layer::NamedLot;
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// Types of pass under which goods are registered at the gate (`passportTypecd`; `domain.md` 3.0).
    PassType, "pass type" {
        /// Not declared, 非报关.
        NotDeclared = "4",
        /// Registered at the gate, 卡口登记货物.
        GateRegistered = "5",
    }
}

/// Goods that are not bonded pass the gate (卡口登记).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationFiling {
    /// Its number.
    pub registration_no: RegistrationNo,
    /// The book, of usage `NON_BONDED`.
    pub book_no: BookNo,
    /// The owner of the book.
    pub owner: CustomsNo,
    /// Under which type of pass.
    pub pass_type: PassType,
    /// Into or out of the zone.
    pub direction: Direction,
    /// `vehicleNo`
    pub vehicle_no: CompactString,
    /// When they passed.
    pub passed_at: LocalTime,
    /// What passed.
    pub lines: Vec<StatusLine>,
    /// The lots that its lines take, in a book that gives up the lots that are named.
    pub lots: Vec<NamedLot>,
}

/// Goods become bonded, or cease to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChangeFiling {
    /// Its number.
    pub status_change_no: StatusChangeNo,
    /// The book that they leave.
    pub from_book: BookNo,
    /// The book that they enter: of the same owner, in the same zone; one of the two is of usage `NON_BONDED`.
    pub to_book: BookNo,
    /// The owner of both.
    pub owner: CustomsNo,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// The declaration that it rests on, which must be released.
    pub declaration_no: DeclarationNo,
    /// What changes.
    pub lines: Vec<StatusChangeLine>,
    /// The lots that its lines take, where the book that goods leave gives up the lots that are named.
    pub lots: Vec<NamedLot>,
}

/// Goods of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLine {
    /// Its number in the document.
    pub line: u64,
    /// The item in the book; of a change of status, in the book that they leave.
    pub number: u64,
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// The three units.
    pub units: Units,
    /// `dclQty`
    pub declared: Quantity,
    /// `lawfQty`
    pub statutory1: Quantity,
    /// `secdLawfQty`, when given.
    pub statutory2: Option<Quantity>,
    /// US dollars.
    pub value_usd: Quantity,
}

/// Goods whose status changes: one quantity for both books, so that the two sides cannot differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChangeLine {
    /// What, and where it stands.
    pub goods: StatusLine,
    /// The item in the book that they enter; what stands there does not matter where the line opens a row.
    pub to_number: u64,
}
