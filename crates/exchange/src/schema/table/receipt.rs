//! What the receipts of the EMS family have in common.

use super::{Element, date_time, exact, long, text};

/// 回执表头.
pub(super) const HDE_APPR_RESULT: &[Element] = &[
    text("etpsPreentNo", 64),
    text("businessId", 128),
    long("tmsCnt", 19),
    exact("typecd", 1),
    exact("manageResult", 1),
    date_time("manageDate"),
    text("rmk", 255),
];

/// 检查信息.
pub(super) const CHECK_INFO: &[Element] = &[text("note", 255)];
