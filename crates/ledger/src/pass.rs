//! Gate passes, held reports, declarations and bills of lading as the state keeps them.

use crate::code::{BookNo, ListNo, SealNo};
use crate::direction::Direction;
use crate::document::{Binding, LinkedType, PassLine, PassageReport, Weights};
use crate::movement::DocumentState;
use crate::quantity::Quantity;
use crate::time::{Instant, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// An accepted pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// `FILED`, `GATE_ONE`, `PASSED` or `CANCELLED`.
    pub state: DocumentState,
    /// `ioTypecd`
    pub direction: Direction,
    /// `bindTypecd`
    pub binding: Binding,
    /// `rltTbTypecd`
    pub linked_type: LinkedType,
    /// The linked documents.
    pub linked: Vec<crate::code::DocumentNo>,
    /// The book of a pass on a bill of lading.
    pub book_no: Option<BookNo>,
    /// `vehicleNo`
    pub vehicle_no: CompactString,
    /// The electronic seal of the vehicle.
    pub seal_no: Option<SealNo>,
    /// What the vehicle weighs, as declared.
    pub weights: Option<Weights>,
    /// What it weighed at the gate, as the last report with a weight says.
    pub collected: Option<Quantity>,
    /// `SasPassportDt`
    pub lines: Vec<PassLine>,
    /// For a bill of lading: the item of each line.
    pub items: Vec<u64>,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// When it went through, as the report says.
    pub passed_at: Option<LocalTime>,
    /// Ledger time of the report.
    pub passed_time: Option<Instant>,
}

/// Reports that came before their pass, in order of arrival (`RULES.md` 8.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldReports(pub Vec<PassageReport>);

/// A declaration: whether it is released, and which lists wait for it (`RULES.md` 8.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Time of the first notice that released it.
    pub release_time: Option<LocalTime>,
    /// Accepted lists with this number, withdrawn ones included.
    pub lists: Vec<ListNo>,
}

/// What entered a book on a bill of lading, per item, and what lists claim of it (`RULES.md` 8.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillBalance {
    /// Came through the gate.
    pub entered: Quantity,
    /// Claimed by lists that are not withdrawn.
    pub claimed: Quantity,
    /// Ledger time of the first entry: the goods of a bill are one consignment.
    pub since: Option<Instant>,
}
