//! `EMS221`: what became of a verification declaration (账册报核审核回执).

use super::ems121;
use super::{Schema, envelope, receipt, record, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "EMS221",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "EMS221",
        &[
            record("HdeApprResult", receipt::HDE_APPR_RESULT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).repeated(),
            record("EmsChgoffBsc", ems121::EMS_CHGOFF_BSC).optional(),
            record("EmsChgoffDt", ems121::EMS_CHGOFF_DT).repeated(),
        ],
    ),
};
