//! `SAS201`: what became of a permit (业务申报表审核回执). Its element has a namespace of its own and no envelope.

use super::{Schema, envelope, receipt, record, sas101, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS201",
    namespace: envelope::SAS_RECEIPT_NAMESPACE,
    roots: &[],
    business: sequence(
        "SAS201",
        &[
            record("HdeApprResult", receipt::SAS_HDE_APPR_RESULT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).repeated(),
            record("SasDclBsc", sas101::SAS_DCL_BSC).optional(),
            record("SasDclDt", sas101::SAS_DCL_DT).repeated(),
            record("SasDclAcmpFormDt", sas101::SAS_DCL_ACMP_FORM_DT).repeated(),
            record("SasDclUcnsDt", sas101::SAS_DCL_UCNS_DT).repeated(),
        ],
    ),
};
