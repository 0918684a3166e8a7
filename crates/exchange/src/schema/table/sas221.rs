//! `SAS221`: what became of a gate pass (核放单审核回执). Its element has a namespace of its own and no envelope.

use super::{Schema, envelope, receipt, record, sas121, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS221",
    namespace: envelope::SAS_RECEIPT_NAMESPACE,
    roots: &[],
    business: sequence(
        "SAS221",
        &[
            record("HdeApprResult", receipt::SAS_HDE_APPR_RESULT).optional(),
            record("SasPassportBsc", sas121::SAS_PASSPORT_BSC).repeated(),
            record("SasPassportDt", sas121::SAS_PASSPORT_DT).repeated(),
            record("SasPassportRlt", sas121::SAS_PASSPORT_RLT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).optional(),
        ],
    ),
};
