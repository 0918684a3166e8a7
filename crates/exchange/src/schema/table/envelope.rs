//! The envelope: `HDE_W3C_Common.xsd` of the two families, and the elements around the business data.
//!
//! A document may begin with any element that the schemas declare at their top; messages begin with `Signature`.

use super::{
    Attribute, Content, Element, Simple, UNBOUNDED, calendar_date_time, element, exact, int, sequence, text,
    text_between,
};

/// The namespace of the EMS family: that of XML signatures. The SAS family has none.
pub(super) const EMS_NAMESPACE: Option<&str> = Some("http://www.w3.org/2000/09/xmldsig#");

/// The namespace of the receipts of the SAS family, which are elements without an envelope.
pub(super) const SAS_RECEIPT_NAMESPACE: Option<&str> = Some("cn.gov.customs.hde.app.sas");

const ANY_TEXT: Simple = Simple::Text { min: 0, max: UNBOUNDED };

const CANONICALIZATION: &[Attribute] = &[algorithm(&["http://www.w3.org/TR/2001/REC-xml-c14n-20010315"])];
const SIGNATURE: &[Attribute] = &[algorithm(&[
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
])];
const DIGEST: &[Attribute] = &[algorithm(&["http://www.w3.org/2000/09/xmldsig#sha1"])];
const URI: &[Attribute] = &[Attribute { name: "URI", required: true, simple: ANY_TEXT }];
const ID: &[Attribute] = &[Attribute { name: "Id", required: false, simple: ANY_TEXT }];

const fn algorithm(values: &'static [&'static str]) -> Attribute {
    Attribute { name: "Algorithm", required: true, simple: Simple::OneOf(values) }
}

const SIGNED_INFO: Element = sequence(
    "SignedInfo",
    &[
        element("CanonicalizationMethod", Content::Empty, None).with(CANONICALIZATION),
        element("SignatureMethod", Content::Empty, None).with(SIGNATURE),
        sequence(
            "Reference",
            &[element("DigestMethod", Content::Empty, None).with(DIGEST), text("DigestValue", 256)],
        )
        .with(URI),
    ],
);

const SIGNATURE_VALUE: Element = text("SignatureValue", 256);

const KEY_INFO: Element = sequence("KeyInfo", &[text_between("KeyName", 2, 32)]);

const ENVELOP_INFO: Element = element(
    "EnvelopInfo",
    Content::All(&[
        text_between("version", 3, 11),
        text_between("business_id", 1, 128).optional(),
        text_between("message_id", 1, 128),
        text_between("file_name", 4, 128),
        text_between("message_type", 6, 16),
        text_between("sender_id", 4, 16),
        text_between("receiver_id", 4, 16),
        calendar_date_time("send_time"),
    ]),
    None,
);

const ANY_DATA: Element = element("any_data", Content::Empty, None);

const EMS_POCKET_INFO: Element = sequence(
    "PocketInfo",
    &[
        text("pocket_id", 128),
        int("total_pocket_qty"),
        int("cur_pocket_no"),
        exact("is_unstructured", 1).optional(),
    ],
);

const SAS_POCKET_INFO: Element =
    sequence("PocketInfo", &[text("pocket_id", 128), int("total_pocket_qty"), int("cur_pocket_no")]);

const BUSSINESS_DATA: Element = element("BussinessData", Content::Business, None);

const EMS_DATA_INFO: Element = sequence("DataInfo", &[EMS_POCKET_INFO, BUSSINESS_DATA]);
const SAS_DATA_INFO: Element = sequence("DataInfo", &[SAS_POCKET_INFO, BUSSINESS_DATA]);
const EMS_PACKAGE: Element = sequence("Package", &[ENVELOP_INFO, EMS_DATA_INFO]);
const SAS_PACKAGE: Element = sequence("Package", &[ENVELOP_INFO, SAS_DATA_INFO]);
const EMS_OBJECT: Element = sequence("Object", &[EMS_PACKAGE]).with(ID);
const SAS_OBJECT: Element = sequence("Object", &[SAS_PACKAGE]).with(ID);
const EMS_SIGNATURE: Element = sequence("Signature", &[SIGNED_INFO, SIGNATURE_VALUE, KEY_INFO, EMS_OBJECT]);
const SAS_SIGNATURE: Element = sequence("Signature", &[SIGNED_INFO, SIGNATURE_VALUE, KEY_INFO, SAS_OBJECT]);

/// What a document of the EMS family may begin with.
pub(super) const EMS_ROOTS: &[Element] = &[
    EMS_SIGNATURE,
    EMS_PACKAGE,
    EMS_DATA_INFO,
    EMS_POCKET_INFO,
    ENVELOP_INFO,
    SIGNED_INFO,
    SIGNATURE_VALUE,
    KEY_INFO,
    ANY_DATA,
];

/// What a document of the SAS family may begin with.
pub(super) const SAS_ROOTS: &[Element] = &[
    SAS_SIGNATURE,
    SAS_PACKAGE,
    SAS_DATA_INFO,
    SAS_POCKET_INFO,
    ENVELOP_INFO,
    SIGNED_INFO,
    SIGNATURE_VALUE,
    KEY_INFO,
    ANY_DATA,
];
