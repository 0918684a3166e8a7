//! Verification declarations as filed: `EMS121`.

use crate::code::{BookNo, ListNo};
use crate::time::{Date, LocalTime};
use serde::{Deserialize, Serialize};

/// `EMS121`: a book is settled for a period (报核; `RULES.md` 13.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationFiling {
    /// `emsNo`
    pub book_no: BookNo,
    /// `chgoffTmsCnt`
    pub sequence: u64,
    /// `chgoffBeginTime`
    pub begin: Option<Date>,
    /// `chgoffDueTime`
    pub end: Option<Date>,
    /// `chgoffDclTime`
    pub declared_at: Option<LocalTime>,
    /// `EmsChgoffInvtLt`: the lists that it covers.
    pub lists: Vec<ListNo>,
}
