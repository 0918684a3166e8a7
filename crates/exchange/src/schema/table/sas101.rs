//! `SAS101`: declaration form of business (业务申报表).

use super::{
    Element, Schema, any_long, calendar_date, date, date_time, double, envelope, int, record, sequence,
    string,
};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS101",
    namespace: None,
    roots: envelope::SAS_ROOTS,
    business: sequence(
        "SAS101",
        &[
            record("SasDclBsc", SAS_DCL_BSC).optional(),
            record("SasDclDt", SAS_DCL_DT).repeated(),
            record("SasDclUcnsDt", SAS_DCL_UCNS_DT).repeated(),
            record("SasDclAcmpFormDt", SAS_DCL_ACMP_FORM_DT).repeated(),
        ],
    ),
};

/// 申报表表头.
pub(super) const SAS_DCL_BSC: &[Element] = &[
    string("sasDclNo"),
    any_long("chgTmsCnt"),
    string("masterCuscd"),
    string("sasDclPreentNo"),
    string("dclTypecd"),
    string("businessTypecd"),
    string("directionTypecd"),
    string("areainOriactNo"),
    string("areaoutOriactNo"),
    string("areainEtpsno"),
    string("areainEtpsNm"),
    string("areainEtpsSccd"),
    string("areaoutEtpsno"),
    string("areaoutEtpsNm"),
    string("areaoutEtpsSccd"),
    string("dpstLevyBlNo"),
    calendar_date("validTime"),
    string("exhibitionPlace"),
    string("dclEr"),
    date_time("dclTime"),
    date_time("putrecEmapvTime"),
    date_time("chgEmapvTime"),
    date_time("clsCaseTime"),
    string("emapvMarkcd"),
    string("dclTbStucd"),
    string("rmk"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
    string("ownerSystem"),
    string("emapvDescription"),
];

/// 申报表表体.
pub(super) const SAS_DCL_DT: &[Element] = &[
    string("sasDclNo"),
    any_long("sasDclSeqno"),
    any_long("chgTmsCnt"),
    string("mtpckEndprdTypecd"),
    any_long("oriactGdsSeqno"),
    string("gdecd"),
    string("gdsNm"),
    string("gdsSpcfModelDesc"),
    double("dclQty"),
    string("dclUnitcd"),
    double("dclUprcAmt"),
    double("dclTotalAmt"),
    string("dclCurrcd"),
    string("licenceNo"),
    date("licenceValidTime"),
    double("actlAreaoutQty"),
    double("actlAreainQty"),
    string("gdsMarkcd"),
    string("gdsRmk"),
    double("invtVdedtQty"),
    date_time("rcntVdedtTime"),
    string("modfMarkcd"),
    string("rmk"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
];

/// 单耗表体.
pub(super) const SAS_DCL_UCNS_DT: &[Element] = &[
    string("sasDclNo"),
    any_long("chgTmsCnt"),
    any_long("endprdSeqno"),
    any_long("mtpckSeqno"),
    double("netUseupQty"),
    double("lossRate"),
    string("modfMarkcd"),
    string("col1"),
    string("col2"),
    date_time("col3"),
    double("col4"),
];

/// 申报表随附单证表.
pub(super) const SAS_DCL_ACMP_FORM_DT: &[Element] = &[
    string("sasDclNo"),
    int("acmpFormSeqno"),
    int("chgTmsCnt"),
    string("formTypecd"),
    string("formNo"),
    string("fixdNo"),
    string("acmpFormFileNm"),
    string("rmk"),
    double("version"),
];
