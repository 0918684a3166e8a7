//! Units for repair, known by their serial numbers (`RULES.md` 10).

use crate::code::{ListNo, LotNo};
use crate::document::Provenance;
use serde::{Deserialize, Serialize};

/// One time that a unit came into a book. Receipts of withdrawn lists and of replaced lines are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitReceipt {
    /// The list that brought it.
    pub list_no: ListNo,
    /// Its lot: list and line.
    pub lot: LotNo,
    /// The item of the unit.
    pub number: u64,
    /// Where it comes from.
    pub provenance: Option<Provenance>,
}

/// All receipts of a serial number in one book, in order of acceptance.
pub type UnitReceipts = Vec<UnitReceipt>;
