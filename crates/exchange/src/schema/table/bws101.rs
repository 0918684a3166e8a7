//! `BWS101`: bonded logistics book, filed or changed (物流账册).

use super::{Element, Schema, date_time, decimal, envelope, long, record, sequence, text};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "BWS101",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "BWS101",
        &[
            record("BwsBsc", BWS_BSC).optional(),
            record("BwsDt", BWS_DT).repeated(),
            record("PreBwsPutrecAcmpFormDt", PRE_BWS_PUTREC_ACMP_FORM_DT).repeated(),
        ],
    ),
};

/// 帐册表头.
pub(super) const BWS_BSC: &[Element] = &[
    text("bwsNo", 64),
    long("chgTmsCnt", 19),
    text("etpsPreentNo", 18),
    text("dclTypecd", 1),
    text("bwlTypecd", 1),
    text("masterCuscd", 4),
    text("bizopEtpsno", 10),
    text("bizopEtpsNm", 512),
    text("bizopEtpsSccd", 18),
    text("houseNo", 20).nil(),
    text("houseNm", 512),
    text("dclEtpsno", 10).nil(),
    text("dclEtpsNm", 512).nil(),
    text("dclEtpsSccd", 18).nil(),
    text("dclEtpsTypecd", 25).nil(),
    text("contactEr", 10),
    text("contactTele", 15),
    text("houseTypecd", 1),
    decimal("houseArea", 19, 5),
    decimal("houseVolume", 19, 5),
    text("houseAddress", 100),
    date_time("dclTime"),
    date_time("inputDate"),
    text("taxTypecd", 1).nil(),
    date_time("putrecApprTime").nil(),
    date_time("chgApprTime").nil(),
    date_time("finishValidDate"),
    text("pauseChgMarkcd", 1).nil(),
    text("emapvStucd", 1).nil(),
    text("dclMarkcd", 1).nil(),
    text("appendTypecd", 1),
    text("rmk", 255).nil(),
    text("ownerSystem", 1),
];

/// 帐册表体.
pub(super) const BWS_DT: &[Element] = &[
    text("bwsNo", 64),
    long("chgTmsCnt", 19).nil(),
    long("gdsSeqno", 19),
    date_time("inDate"),
    text("gdsMtno", 32),
    text("gdecd", 10),
    text("gdsNm", 512),
    text("gdsSpcfModelDesc", 512),
    text("natcd", 3),
    text("dclUnitcd", 3),
    text("lawfUnitcd", 3),
    text("secdLawfUnitcd", 3),
    decimal("dclUprcAmt", 25, 5),
    text("dclCurrcd", 3),
    decimal("avgPrice", 25, 5),
    decimal("totalAmt", 25, 5),
    decimal("inQty", 19, 5),
    decimal("inLawfQty", 19, 5),
    decimal("inSecdLawfQty", 19, 5),
    decimal("actlIncQty", 19, 5),
    decimal("actlRedcQty", 19, 5),
    decimal("prevdIncQty", 19, 5),
    decimal("prevdRedcQty", 19, 5),
    date_time("outDate"),
    date_time("limitDate"),
    text("inType", 1),
    text("invtNo", 18),
    long("invtGNo", 19),
    text("cusmExeMarkcd", 1),
    text("rmk", 255).nil(),
    text("modfMarkcd", 1),
];

/// 账册备案随附单证明细.
const PRE_BWS_PUTREC_ACMP_FORM_DT: &[Element] = &[
    text("bopNo", 64),
    long("acmpFormSeqno", 19),
    decimal("chgTmsCnt", 19, 0),
    text("acmpFormTypecd", 25),
    text("acmpFormNo", 64),
    text("fixdNo", 64),
    text("acmpFormFileNm", 512),
    text("rmk", 4000).nil(),
];
