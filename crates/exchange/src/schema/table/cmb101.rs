//! `CMB101`: consumption slip (耗料单).

use super::{Element, Schema, date_time, decimal, envelope, long, record, sequence, text};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "CMB101",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "CMB101",
        &[
            record("SasCmbBsc", SAS_CMB_BSC).optional(),
            record("SasCmbInvt", SAS_CMB_INVT).repeated(),
            record("SasCmbImg", SAS_CMB_IMG).repeated(),
            record("SasCmbRbg", SAS_CMB_RBG).repeated(),
        ],
    ),
};

/// 耗料单基本信息.
const SAS_CMB_BSC: &[Element] = &[
    text("cmbNo", 64),
    long("chgTmsCnt", 19),
    text("sasCmbPreentNo", 18),
    text("dclTypecd", 1).nil(),
    text("cmTypecd", 1),
    text("emsNo", 64),
    text("masterCuscd", 4),
    date_time("cmBeginTime"),
    date_time("cmEndTime"),
    text("bizopEtpsSccd", 18).nil(),
    text("bizopEtpsno", 10),
    text("bizopEtpsNm", 512),
    text("rvsngdEtpsSccd", 18).nil(),
    text("rcvgdEtpsno", 10),
    text("rcvgdEtpsNm", 512),
    text("emapvStucd", 4).nil(),
    date_time("putrecApprTime").nil(),
    date_time("chgApprTime").nil(),
    date_time("dclTime"),
    text("dclMarkcd", 4).nil(),
    text("stucd", 1).nil(),
    text("rmk", 4000).nil(),
];

/// 耗料单清单列表.
const SAS_CMB_INVT: &[Element] = &[
    text("cmbNo", 64),
    long("chgTmsCnt", 19).nil(),
    text("bondInvtNo", 64),
    text("rmk", 255).nil(),
    text("modfMarkcd", 1),
];

/// 耗料单料件表.
const SAS_CMB_IMG: &[Element] = &[
    text("cmbNo", 64),
    long("chgTmsCnt", 19).nil(),
    long("mtpckSeqno", 19),
    decimal("ucnsNetUseupQty", 19, 5),
    text("rmk", 255),
    text("modfMarkcd", 1).nil(),
];

/// 耗料单边角料表.
const SAS_CMB_RBG: &[Element] = &[
    text("cmbNo", 64),
    long("chgTmsCnt", 19).nil(),
    long("mtpckSeqno", 19),
    text("gdecd", 10),
    text("gdsNm", 512),
    text("gdsSpcfModelDesc", 512),
    text("dclUnitcd", 3),
    decimal("dclQty", 19, 5),
    text("modfMarkcd", 1),
    text("rmk", 255).nil(),
];
