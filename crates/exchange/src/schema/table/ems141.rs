//! `EMS141`: asks for the receipts of a book again (回执补发送申请).

use super::{Element, Schema, envelope, exact, sequence, text};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "EMS141",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence("EMS141", &[sequence("ReceiptDclHead", RECEIPT_DCL_HEAD)]),
};

/// 回执补发送申请报文头.
const RECEIPT_DCL_HEAD: &[Element] = &[exact("dclType", 1), text("businessId", 64), text("etpsPreentNo", 64)];
