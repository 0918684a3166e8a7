//! `INV201`: what became of a bonded inventory list (核注清单审核回执).

use super::{Schema, envelope, receipt, record, sequence};
use super::{bws101, ems111, inv101};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "INV201",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "INV201",
        &[
            record("HdeApprResult", receipt::HDE_APPR_RESULT).optional(),
            record("CheckInfo", receipt::CHECK_INFO).repeated(),
            record("BondInvtBsc", inv101::BOND_INVT_BSC).optional(),
            record("BondInvtDt", inv101::BOND_INVT_DT).repeated(),
            record("SasCentDclStock", inv101::SAS_CENT_DCL_STOCK).repeated(),
            record("EmsPutrecDt", ems111::EMS_PUTREC_DT).repeated(),
            record("BwsDt", bws101::BWS_DT).repeated(),
            record("BondInvtDtSimple", inv101::BOND_INVT_DT_SIMPLE).repeated(),
        ],
    ),
};
