//! `SAS211`: what became of a slip (出入库单审核回执). Its element has a namespace of its own and no envelope.

use super::{Schema, envelope, receipt, record, sas111, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS211",
    namespace: envelope::SAS_RECEIPT_NAMESPACE,
    roots: &[],
    business: sequence(
        "SAS211",
        &[
            record("HdeApprResult", receipt::SAS_HDE_APPR_RESULT).optional(),
            record("SasStockBsc", sas111::SAS_STOCK_BSC).repeated(),
            record("SasStockDt", sas111::SAS_STOCK_DT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).optional(),
        ],
    ),
};
