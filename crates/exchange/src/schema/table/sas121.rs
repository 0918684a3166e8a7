//! `SAS121`: gate pass (核放单).

use super::{Element, Schema, any_long, date_time, double, envelope, record, sequence, string};

/// The schema.
pub(super) static SCHEMA: Schema = Schema {
    message: "SAS121",
    namespace: None,
    roots: envelope::SAS_ROOTS,
    business: sequence(
        "SAS121",
        &[
            record("SasPassportBsc", SAS_PASSPORT_BSC).optional(),
            record("SasPassportDt", SAS_PASSPORT_DT).repeated(),
            record("SasPassportRlt", SAS_PASSPORT_RLT).repeated(),
        ],
    ),
};

/// 核放单表头.
pub(super) const SAS_PASSPORT_BSC: &[Element] = &[
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
pub(super) const SAS_PASSPORT_DT: &[Element] = &[
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
pub(super) const SAS_PASSPORT_RLT: &[Element] =
    &[string("passportNo"), string("rltNo"), string("rltTbTypecd")];
