//! `EMS111`: processing book, filed or changed (账册).

use super::{Element, Schema, date, date_time, decimal, envelope, exact, long, record, sequence, text};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "EMS111",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "EMS111",
        &[
            record("EmsPutrecBsc", EMS_PUTREC_BSC).optional(),
            record("EmsPutrecDt", EMS_PUTREC_DT).repeated(),
            record("EmsPutrecUcnsDt", EMS_PUTREC_UCNS_DT).repeated(),
            record("EmsPutrecAcmpFormDt", EMS_PUTREC_ACMP_FORM_DT).repeated(),
        ],
    ),
};

/// 账册备案基本.
pub(super) const EMS_PUTREC_BSC: &[Element] = &[
    text("emsNo", 64).nil(),
    long("chgTmsCnt", 19).nil(),
    text("etpsPreentNo", 64).nil(),
    exact("masterCuscd", 4).nil(),
    exact("bizopEtpsSccd", 18).nil(),
    exact("bizopEtpsno", 10).nil(),
    text("bizopEtpsNm", 512).nil(),
    exact("rvsngdEtpsSccd", 18).nil(),
    exact("rcvgdEtpsno", 10).nil(),
    text("rcvgdEtpsNm", 512).nil(),
    exact("dclEtpsSccd", 18).nil(),
    exact("dclEtpsno", 10).nil(),
    text("dclEtpsNm", 512).nil(),
    exact("dclEtpsTypecd", 1).nil(),
    exact("emsTypecd", 1).nil(),
    exact("dclTypecd", 1).nil(),
    date("finishValidDate").nil(),
    text("apcretNo", 64).nil(),
    text("netwkEtpsArcrpNo", 64).nil(),
    decimal("maxTovrAmt", 25, 5).nil(),
    date_time("dclTime").nil(),
    exact("ucnsDclSegcd", 1).nil(),
    exact("dclMarkcd", 1).nil(),
    exact("emapvStucd", 1).nil(),
    exact("pauseImpexpMarkcd", 1).nil(),
    exact("pauseChgMarkcd", 1).nil(),
    date_time("putrecApprTime").nil(),
    date_time("chgApprTime").nil(),
    date_time("rcntVclrTime").nil(),
    date_time("vclrApplyTime").nil(),
    decimal("vclrPridVal", 19, 5).nil(),
    text("adjaccMarkcd", 4).nil(),
    long("adjaccTmsCnt", 19).nil(),
    exact("ucnsVernoCntrFlag", 1).nil(),
    exact("rcaseMarkcd", 1).nil(),
    exact("etpsPosesSadjaQuaFlag", 1).nil(),
    text("rmk", 4000).nil(),
];

/// 账册备案明细.
pub(super) const EMS_PUTREC_DT: &[Element] = &[
    text("emsNo", 64).nil(),
    long("chgTmsCnt", 19).nil(),
    long("gdsSeqno", 19).nil(),
    exact("mtpckEndprdTypecd", 1).nil(),
    text("gdsMtno", 32).nil(),
    exact("gdecd", 10).nil(),
    text("gdsNm", 512).nil(),
    text("endprdGdsSpcfModelDesc", 512).nil(),
    exact("dclUnitcd", 3).nil(),
    exact("lawfUnitcd", 3).nil(),
    exact("secdLawfUnitcd", 3).nil(),
    decimal("dclUprcAmt", 25, 5).nil(),
    exact("dclCurrcd", 3).nil(),
    decimal("dclQty", 19, 5).nil(),
    text("lvyrlfModecd", 6).nil(),
    text("qtyCntrMarkcd", 4).nil(),
    exact("adjmtrMarkcd", 1).nil(),
    exact("modfMarkcd", 1).nil(),
    exact("etpsExeMarkcd", 1).nil(),
    exact("cusmExeMarkcd", 1).nil(),
    decimal("apprMaxSurpQty", 19, 5).nil(),
    decimal("vclrPridInitQty", 19, 5).nil(),
    exact("ucnsTqsnFlag", 1).nil(),
    exact("csttnFlag", 1).nil(),
    text("rmk", 4000).nil(),
    text("invtNo", 18).nil(),
    long("invtGNo", 19).nil(),
];

/// 账册备案单耗明细.
pub(super) const EMS_PUTREC_UCNS_DT: &[Element] = &[
    text("emsNo", 64).nil(),
    long("chgTmsCnt", 19).nil(),
    long("endprdSeqno", 19).nil(),
    long("mtpckSeqno", 19).nil(),
    text("ucnsVerno", 8).nil(),
    decimal("ucnsQty", 19, 9).nil(),
    decimal("netUseupQty", 19, 9).nil(),
    decimal("tgblLossRate", 19, 9).nil(),
    decimal("intgbLossRate", 19, 9).nil(),
    exact("ucnsDclStucd", 1).nil(),
    exact("modfMarkcd", 1).nil(),
    decimal("bondMtpckPrpr", 19, 9).nil(),
    exact("etpsExeMarkcd", 1),
    date("finishValidDate").nil(),
    text("rmk", 4000).nil(),
];

/// 账册备案随附单证明细.
const EMS_PUTREC_ACMP_FORM_DT: &[Element] = &[
    text("emsNo", 64).nil(),
    long("chgTmsCnt", 19).nil(),
    long("acmpFormSeqno", 19).nil(),
    text("acmpFormTypecd", 25).nil(),
    text("acmpFormNo", 64).nil(),
    text("fixdNo", 64).nil(),
    text("acmpFormFileNm", 512).nil(),
    text("rmk", 4000).nil(),
];
