//! Enterprises.

use crate::code::{CreditCode, CustomsNo, OfficeCode};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// An enterprise, known by its customs registration number (`domain.md` 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Ten characters.
    pub customs_no: CustomsNo,
    /// Eighteen characters.
    pub credit_code: CreditCode,
    /// The office of its zone, or of the district for one outside.
    pub office: OfficeCode,
    /// What it does, as the reference data says (`storage`, `outside`, ...).
    pub role: CompactString,
    /// Chinese name.
    pub name_zh: CompactString,
    /// English name.
    pub name_en: CompactString,
}
