//! Special supervision zones (海关特殊监管区域), known by their customs office.

use crate::book::BookKind;
use crate::code::OfficeCode;
use crate::coded::code_list;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// The six kinds of zone (`domain.md` 2.2, `bwlTypecd`).
    ZoneKind, "zone kind" {
        /// 综合保税区
        ComprehensiveBonded = "Z",
        /// 保税区
        Bonded = "K",
        /// 出口加工区
        ExportProcessing = "L",
        /// 保税物流园区
        LogisticsPark = "M",
        /// 保税港区
        BondedPort = "N",
        /// 跨境工业园区
        CrossBorderIndustrial = "Q",
    }
}

/// Which kinds of book a kind of zone does not allow (`domain.md` 2.2, `RULES.md` 4.3).
pub const FORBIDDEN_BOOKS: &[(ZoneKind, BookKind)] = &[
    // A logistics park has no industrial production.
    (ZoneKind::LogisticsPark, BookKind::Processing),
];

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// The competent customs office (`masterCuscd`).
    pub office: OfficeCode,
    /// Which of the six kinds.
    pub kind: ZoneKind,
    /// Chinese name.
    pub name_zh: CompactString,
    /// English name.
    pub name_en: CompactString,
}
