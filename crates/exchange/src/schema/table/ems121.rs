//! `EMS121`: verification of a book (报核).

use super::{
    Element, Schema, anything, date, date_time, decimal, envelope, exact, long, record, sequence, text,
};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "EMS121",
    namespace: envelope::EMS_NAMESPACE,
    roots: envelope::EMS_ROOTS,
    business: sequence(
        "EMS121",
        &[
            record("EmsChgoffBsc", EMS_CHGOFF_BSC).optional(),
            record("EmsChgoffInvtLt", EMS_CHGOFF_INVT_LT).repeated(),
            record("EmsChgoffDt", EMS_CHGOFF_DT).repeated(),
            record("EmsAdjaccAcmpFormDt", EMS_ADJACC_ACMP_FORM_DT).repeated(),
        ],
    ),
};

/// 账册报核表头.
pub(super) const EMS_CHGOFF_BSC: &[Element] = &[
    text("emsNo", 64),
    long("chgoffTmsCnt", 19),
    text("chgoffTypecd", 25),
    date("chgoffBeginTime"),
    date("chgoffDueTime"),
    exact("bizopEtpsSccd", 18),
    exact("bizopEtpsno", 10),
    text("bizopEtpsNm", 512),
    exact("rvsngdEtpsSccd", 18),
    exact("rcvgdEtpsno", 10),
    text("rcvgdEtpsNm", 512),
    long("impInvtTotalCnt", 19),
    long("expInvtTotalCnt", 19),
    long("chgoffMtpckTotalCnt", 19),
    long("chgoffEndprdTotalCnt", 19),
    long("chgoffLfmtTotalCnt", 19),
    long("chgoffImprTotalCnt", 19),
    decimal("impMtpckTotalAmt", 25, 5),
    decimal("expEndprdTotalAmt", 25, 5),
    date_time("inputTime"),
    text("inputCusrno", 8),
    date_time("chgoffDclTime"),
    text("fstSpareMarkcd", 4),
    decimal("spareAmt", 25, 5),
    decimal("spareQty", 19, 5),
    text("rmk", 4000),
    text("chgoffMarkcd", 4),
    text("emapvMarkcd", 4),
    date_time("emapvTime"),
    text("dspsMarkcd", 4),
    text("dclSourceMarkcd", 4),
    text("masterCuscd", 4),
];

/// 账册报核清单.
const EMS_CHGOFF_INVT_LT: &[Element] =
    &[text("emsNo", 64), long("chgoffTmsCnt", 19), exact("bondInvtNo", 18), anything("dclTypecd")];

/// 账册报核明细.
pub(super) const EMS_CHGOFF_DT: &[Element] = &[
    text("emsNo", 64),
    long("chgoffTmsCnt", 19),
    exact("typecd", 1),
    long("seqno", 19),
    decimal("shdRemainQty", 19, 5),
    decimal("shdRemainTotalAmt", 25, 5),
    decimal("actlRemainQty", 19, 5),
    decimal("actlRemainTotalAmt", 25, 5),
    decimal("csmTotalQty", 19, 5),
    decimal("csmTotalAmt", 25, 5),
    decimal("impOrExpTotalQty", 19, 5),
    decimal("sdinQty", 19, 5),
    decimal("sdinTotalAmt", 25, 5),
    decimal("endprdRetnExchExpQty", 19, 5),
    decimal("endprdRetnExchImpQty", 19, 5),
    decimal("lfmtImprQty", 19, 5),
    decimal("lfmtImprTotalAmt", 25, 5),
    decimal("dprcsCrdwImpexpQty", 19, 5),
    decimal("reexpQty", 19, 5),
    decimal("remainMtpckTrfoutQty", 19, 5),
    decimal("mtpckEndprdDstryQty", 19, 5),
    decimal("lfmtDstryQty", 19, 5),
    decimal("vrfaddQty", 19, 5),
    decimal("vrfredQty", 19, 5),
    decimal("tgblLossQty", 19, 5),
    decimal("intgbLossQty", 19, 5),
    decimal("dsmlQty", 19, 5),
    decimal("dsmlAmt", 19, 5),
    decimal("dclcusInvtAvgUprcAmt", 19, 5),
    decimal("dsmlRate", 19, 5),
    decimal("vclrPridInitQty", 19, 5),
    text("fstSpareMarkcd", 4),
    decimal("spareAmt", 25, 5),
    decimal("spareQty", 19, 5),
    text("rmk", 4000),
];

/// 账册核销随附单证明细.
const EMS_ADJACC_ACMP_FORM_DT: &[Element] = &[
    text("emsNo", 64).nil(),
    long("dcrTmsCnt", 19).nil(),
    long("acmpFormSeqno", 19).nil(),
    text("acmpFormTypecd", 25).nil(),
    text("acmpFormNo", 64).nil(),
    text("fixdNo", 64).nil(),
    text("acmpFormFileNm", 512).nil(),
    text("rmk", 4000).nil(),
];
