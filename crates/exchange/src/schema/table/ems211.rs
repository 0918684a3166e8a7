//! `EMS211`: what became of a processing book (账册审核回执).

use super::ems111;
use super::{Schema, envelope, receipt, record, sequence};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "EMS211",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "EMS211",
        &[
            record("HdeApprResult", receipt::HDE_APPR_RESULT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).repeated(),
            record("EmsPutrecBsc", ems111::EMS_PUTREC_BSC).optional(),
            record("EmsPutrecDt", ems111::EMS_PUTREC_DT).repeated(),
            record("EmsPutrecUcnsDt", ems111::EMS_PUTREC_UCNS_DT).repeated(),
        ],
    ),
};
