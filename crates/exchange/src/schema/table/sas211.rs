//! `SAS211`: what became of a slip (出入库单审核回执). Its element has a namespace of its own and no envelope.

use super::{
    Element, Schema, any_long, calendar_date, date_time, double, envelope, exact, long, record, sequence,
    string, text,
};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS211",
    namespace: envelope::SAS_RECEIPT_NAMESPACE,
    roots: &[],
    business: sequence(
        "SAS211",
        &[
            record("HdeApprResult", HDE_APPR_RESULT).optional(),
            record("SasStockBsc", SAS_STOCK_BSC).repeated(),
            record("SasStockDt", SAS_STOCK_DT).optional(),
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

/// 出入库单表头.
const SAS_STOCK_BSC: &[Element] = &[
    string("sasStockNo"),
    string("sasStockPreentNo"),
    string("dclTypecd"),
    string("sasDclNo"),
    string("masterCuscd"),
    string("stockTypecd"),
    string("rltBondInvtNo"),
    string("businessTypecd"),
    string("centralizedDclTypecd"),
    string("rltSasStockNo"),
    string("dclEr"),
    date_time("dclTime"),
    double("packageQty"),
    double("grossWt"),
    double("netWt"),
    string("packType"),
    double("levyBlAmt"),
    string("passTypecd"),
    string("passportUsedTypecd"),
    string("stucd"),
    string("emapvMarkcd"),
    string("rmk"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
    double("chgTmsCnt"),
    string("ownerSystem"),
    string("emapvDescription"),
];

/// 出入库单表体.
const SAS_STOCK_DT: &[Element] = &[
    string("sasStockNo"),
    any_long("sasStockSeqno"),
    any_long("sasDclSeqno"),
    any_long("oriactGdsSeqno"),
    string("gdsMtno"),
    string("gdecd"),
    string("gdsNm"),
    string("gdsSpcfModelDesc"),
    string("dclUnitcd"),
    string("lawfUnitcd"),
    string("secdLawfUnitcd"),
    string("natcd"),
    double("dclUprcAmt"),
    double("dclTotalAmt"),
    double("usdStatTotalAmt"),
    string("dclCurrcd"),
    double("lawfQty"),
    double("secdLawfQty"),
    double("wtSfVal"),
    double("fstSfVal"),
    double("secdSfVal"),
    double("dclQty"),
    double("grossWt"),
    double("netWt"),
    string("useCd"),
    string("lvyrlfModecd"),
    string("ucnsVerno"),
    string("clyMarkcd"),
    double("actlPassQty"),
    double("passportUsedQty"),
    double("replaceQty"),
    any_long("rltStockSeqno"),
    string("rmk"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
    double("chgTmsCnt"),
];

/// 检查信息.
const CHECK_INFO: &[Element] = &[text("note", 255)];
