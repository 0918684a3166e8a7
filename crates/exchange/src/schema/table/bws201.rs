//! `BWS201`: what became of a logistics book (物流账册审核回执).

use super::bws101;
use super::{Schema, envelope, receipt, record, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "BWS201",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "BWS201",
        &[
            record("HdeApprResult", receipt::HDE_APPR_RESULT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).repeated(),
            record("BwsBsc", bws101::BWS_BSC).repeated(),
            record("BwsDt", bws101::BWS_DT).repeated(),
        ],
    ),
};
