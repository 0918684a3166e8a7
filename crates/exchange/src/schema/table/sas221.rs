//! `SAS221`: what became of a gate pass (核放单审核回执). Its element has a namespace of its own and no envelope.

use super::{
    Element, Schema, any_long, calendar_date, date_time, double, envelope, exact, long, record, sequence,
    string, text,
};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS221",
    namespace: envelope::SAS_RECEIPT_NAMESPACE,
    roots: &[],
    business: sequence(
        "SAS221",
        &[
            record("HdeApprResult", HDE_APPR_RESULT).optional(),
            record("SasPassportBsc", SAS_PASSPORT_BSC).repeated(),
            record("SasPassportDt", SAS_PASSPORT_DT).repeated(),
            record("SasPassportRlt", SAS_PASSPORT_RLT).optional(),
            record("CheckInfo", CHECK_INFO).optional(),
        ],
    ),
};

/// 回执表头.
const HDE_APPR_RESULT: &[Element] = &[
    text("etpsPreentNo", 64),
    text("businessId", 128),
    long("tmsCnt", 19),
    exact("typecd", 1),
    exact("manageResult", 1),
    calendar_date("manageDate"),
    text("rmk", 255),
];

/// 核放单表头.
const SAS_PASSPORT_BSC: &[Element] = &[
    string("passportNo"),
    string("sasPassportPreentNo"),
    string("passportTypecd"),
    string("dclTypecd"),
    string("ioTypecd"),
    string("bindTypecd"),
    string("masterCuscd"),
    string("rltTbTypecd"),
    string("rltNo"),
    string("areainEtpsno"),
    string("areainEtpsNm"),
    string("areainEtpsSccd"),
    string("vehicleNo"),
    string("vehicleIcNo"),
    string("containerNo"),
    double("vehicleWt"),
    string("vehicleFrameNo"),
    double("vehicleFrameWt"),
    string("containerType"),
    double("containerWt"),
    double("totalWt"),
    double("passCollectWt"),
    double("wtError"),
    double("totalGrossWt"),
    double("totalNetWt"),
    string("dclErConc"),
    date_time("dclTime"),
    string("passId"),
    string("secdPassId"),
    date_time("passTime"),
    date_time("secdPassTime"),
    string("stucd"),
    string("emapvMarkcd"),
    string("logisticsStucd"),
    string("rmk"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
    double("chgTmsCnt"),
    string("ownerSystem"),
];

/// 核放单表体.
const SAS_PASSPORT_DT: &[Element] = &[
    string("passportNo"),
    any_long("passportSeqno"),
    string("gdsMtno"),
    string("gdecd"),
    string("gdsNm"),
    double("grossWt"),
    double("netWt"),
    any_long("rltGdsSeqno"),
    string("dclUnitcd"),
    double("dclQty"),
    string("rmk"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
    double("chgTmsCnt"),
];

/// 核放单关联单证表.
const SAS_PASSPORT_RLT: &[Element] = &[string("passportNo"), string("rltNo"), string("rltTbTypecd")];

/// 检查信息.
const CHECK_INFO: &[Element] = &[text("note", 255)];
