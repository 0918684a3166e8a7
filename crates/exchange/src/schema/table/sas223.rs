//! `SAS223`: what became of a gate pass: passage (核放单过卡回执). Its element has a namespace of its own and no envelope.

use super::{Schema, envelope, receipt, record, sas121, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS223",
    namespace: envelope::SAS_RECEIPT_NAMESPACE,
    roots: &[],
    business: sequence(
        "SAS223",
        &[
            record("HdeApprResult", receipt::SAS_HDE_APPR_RESULT).optional(),
            record("SasPassportBsc", sas121::SAS_PASSPORT_BSC).repeated(),
            record("CheckInfo", receipt::CHECK_INFO).repeated(),
        ],
    ),
};
