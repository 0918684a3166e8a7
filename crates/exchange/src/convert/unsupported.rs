//! Messages that the trade has and Zonebook does not take yet. They are recognised, kept apart by their keys, and
//! refused by name, never skipped.

use super::fields::{first_text, numbers};
use crate::message::{label, missing};
use crate::outline::Outline;
use crate::schema::Records;
use compact_str::CompactString;
use zonebook_ledger::message::Content;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The root of a parcel list.
pub(crate) const PARCELS_ROOT: &str = "CEB621Message";
/// What tables call it.
const PARCELS: &str = "CEB621";
/// The messages that are supported.
const SUPPORTED: &str = "BWS101 INV101 SAS121 SAS223 DEC_RESULT";

/// A valid message of a type that is not supported.
pub(super) fn message(kind: &str) -> Box<Refusal> {
    Box::new(Refusal::new(Reason::Unsupported).field("BussinessData", kind).expected(SUPPORTED))
}

/// The numbers of the document and of what it is about, by message: record and field.
const NUMBERS: &[(&str, &[(&str, &str)])] = &[
    ("EMS111", &[("EmsPutrecBsc", "emsNo")]),
    ("EMS121", &[("EmsChgoffBsc", "emsNo")]),
    ("CMB101", &[("SasCmbBsc", "cmbNo"), ("SasCmbBsc", "emsNo")]),
    ("SAS101", &[("SasDclBsc", "sasDclNo"), ("SasDclBsc", "areainOriactNo")]),
    ("SAS111", &[("SasStockBsc", "sasStockNo"), ("SasStockBsc", "sasDclNo")]),
];

pub(super) fn names(message: &str, records: &Records<'_>) -> Vec<CompactString> {
    let fields = NUMBERS.iter().find(|(known, _)| *known == message).map_or(&[][..], |(_, fields)| fields);
    numbers(fields.iter().map(|(record, field)| first_text(records, record, field)))
}

/// `CEB621Message`: parcels of electronic commerce.
pub(crate) fn parcels(outline: &Outline<'_>) -> Content {
    let number = outline.text("InventoryHead", "invtNo");
    let label = label(PARCELS, number);
    let guid = outline.guid.as_deref().filter(|guid| !guid.is_empty() && guid.len() <= 128);
    let Some(guid) = guid else { return missing(label, "guid") };
    Content::Keyed {
        label,
        key: format!("{PARCELS}:{guid}").into(),
        filed: true,
        document: Err(message(PARCELS)),
        names: numbers([number, outline.text("InventoryHead", "emsNo")]),
    }
}
