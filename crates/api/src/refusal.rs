//! A refusal on the wire, and back.

use crate::catalogue::entry_of;
use crate::v1;
use zonebook_ledger::refusal::Refusal;

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

impl From<&Refusal> for v1::Refusal {
    fn from(refusal: &Refusal) -> Self {
        let entry = entry_of(refusal.reason);
        let mut wire = Self {
            reason: refusal.reason.code().into(),
            line: refusal.line,
            field: text(refusal.field.as_ref()),
            value: text(refusal.value.as_ref()),
            expected: text(refusal.expected.as_ref()),
            document: text(refusal.document.as_ref()),
            place: text(refusal.place),
            unit: text(refusal.unit),
            wanted: text(refusal.wanted),
            available: text(refusal.available),
            location: text(refusal.location.as_ref()),
            text_en: String::new(),
            text_zh: String::new(),
        };
        wire.text_en = sentence(entry.en, &details(&wire, &LABELS_EN), " ");
        wire.text_zh = sentence(entry.zh, &details(&wire, &LABELS_ZH), "");
        wire
    }
}

/// What the details are called, in the order of [`details`].
type Labels = [&'static str; 10];
const LABELS_EN: Labels =
    ["line", "field", "value", "expected", "document", "place", "unit", "wanted", "available", "at"];
const LABELS_ZH: Labels =
    ["第几项", "字段", "值", "应为", "单证", "位置", "单位", "所需", "可用", "报文位置"];

/// The details that there are, under names.
#[must_use]
pub fn details<'a>(
    refusal: &'a v1::Refusal,
    labels: &Labels,
) -> Vec<(&'static str, std::borrow::Cow<'a, str>)> {
    let line = refusal.line.map(|line| line.to_string()).unwrap_or_default();
    let values = [
        line.into(),
        (&refusal.field).into(),
        (&refusal.value).into(),
        (&refusal.expected).into(),
        (&refusal.document).into(),
        (&refusal.place).into(),
        (&refusal.unit).into(),
        (&refusal.wanted).into(),
        (&refusal.available).into(),
        (&refusal.location).into(),
    ];
    let named = labels.iter().copied().zip::<[std::borrow::Cow<'a, str>; 10]>(values);
    named.filter(|(_, value)| !value.is_empty()).collect()
}

/// The details under the names of the contract's fields; those of an `ErrorInfo`.
#[must_use]
pub fn metadata(refusal: &v1::Refusal) -> Vec<(&'static str, String)> {
    details(refusal, &LABELS_EN).into_iter().map(|(name, value)| (name, value.into_owned())).collect()
}

fn sentence(text: &str, details: &[(&str, std::borrow::Cow<'_, str>)], space: &str) -> String {
    if details.is_empty() {
        return text.into();
    }
    let named: Vec<String> = details.iter().map(|(name, value)| format!("{name} {value}")).collect();
    format!("{text}{space}({})", named.join(", "))
}

/// Reads a refusal back from what [`metadata`] wrote.
#[must_use]
pub fn from_metadata<'a>(reason: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> v1::Refusal {
    let mut refusal = v1::Refusal { reason: reason.into(), ..v1::Refusal::default() };
    for (name, value) in pairs {
        let slot = match name {
            "line" => {
                refusal.line = value.parse().ok();
                continue;
            }
            "field" => &mut refusal.field,
            "value" => &mut refusal.value,
            "expected" => &mut refusal.expected,
            "document" => &mut refusal.document,
            "place" => &mut refusal.place,
            "unit" => &mut refusal.unit,
            "wanted" => &mut refusal.wanted,
            "available" => &mut refusal.available,
            "at" => &mut refusal.location,
            _ => continue,
        };
        *slot = value.into();
    }
    refusal
}
