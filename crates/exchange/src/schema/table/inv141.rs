//! `INV141`: asks for the receipts of a list again (回执补发送申请).

use super::{Element, Schema, envelope, sequence, text};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "INV141",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence("INV141", &[sequence("ReceiptDclHead", RECEIPT_DCL_HEAD)]),
};

/// 回执补发送申请报文头.
const RECEIPT_DCL_HEAD: &[Element] = &[text("businessId", 64), text("etpsPreentNo", 64)];
