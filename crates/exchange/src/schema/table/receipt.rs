//! What receipts have in common.

use super::{Element, calendar_date, date_time, exact, long, text};

/// 回执表头, of the EMS family.
pub(super) const HDE_APPR_RESULT: &[Element] = &[
    text("etpsPreentNo", 64),
    text("businessId", 128),
    long("tmsCnt", 19),
    exact("typecd", 1),
    exact("manageResult", 1),
    date_time("manageDate"),
    text("rmk", 255),
];

/// 回执表头, of the SAS family: the day alone.
pub(super) const SAS_HDE_APPR_RESULT: &[Element] = &[
    text("etpsPreentNo", 64),
    text("businessId", 128),
    long("tmsCnt", 19),
    exact("typecd", 1),
    exact("manageResult", 1),
    calendar_date("manageDate"),
    text("rmk", 255),
];

/// 检查信息.
pub(super) const CHECK_INFO: &[Element] = &[text("note", 255)];
