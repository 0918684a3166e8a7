//! What the gate and the customs system report: `SAS223`, `DEC_RESULT`, `INV202`.

use crate::code::{DeclarationNo, ListNo, PassNo};
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// What a report of the gate says of the vehicle (`stucd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassageStage {
    /// 3: through gate one of two.
    GateOne,
    /// 2 or 4: through the only gate, or through gate two.
    Passed,
    /// Any other status: noted.
    Other,
}

/// `SAS223`: passage of a gate (过卡), `RULES.md` 8.3 and 8.4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassageReport {
    /// `businessId`
    pub pass_no: PassNo,
    /// `stucd`
    pub stage: PassageStage,
    /// `secdPassTime` where given, else `passTime`.
    pub passed_at: Option<LocalTime>,
    /// `passCollectWt`: what the vehicle weighed at the gate, in kilograms.
    pub collected: Option<Quantity>,
}

/// `DEC_RESULT`: a notice about a declaration (`RULES.md` 8.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationNotice {
    /// `ENTRY_ID`
    pub declaration_no: DeclarationNo,
    /// `CHANNEL` is `P` or `R`.
    pub releases: bool,
    /// `CHANNEL`
    pub channel: CompactString,
    /// `NOTICE_DATE`
    pub noticed_at: LocalTime,
}

/// The declaration number of a list that was accepted without it, or with another one (`INV202`; `domain.md` 5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationAssignment {
    /// `invtNo`
    pub list_no: ListNo,
    /// `entryNo`
    pub declaration_no: DeclarationNo,
}
