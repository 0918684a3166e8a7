//! Records for the tests of conversions.

use super::Converted;
use crate::schema::{Record, Records, Value};
use std::fmt::Debug;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// A record with some values, other ones in their place or besides. An empty text is what nil reads as.
pub(crate) fn record(
    name: &'static str,
    values: &[(&'static str, &str)],
    others: &[(&'static str, &str)],
) -> Record<'static> {
    let kept = values.iter().filter(|(field, _)| !others.iter().any(|(other, _)| other == field));
    let value =
        |(name, text): &(&'static str, &str)| Value { name, text: (*text).to_owned().into(), offset: 0 };
    let values = kept.chain(others).filter(|(_, text)| !text.is_empty()).map(value);
    Record { name, values: values.collect(), offset: 0 }
}

/// The records of a message.
pub(crate) fn rows(records: Vec<Record<'static>>) -> Records<'static> {
    Records(records)
}

/// The refusal of a conversion, for a reason, by a field and its value, with rule and place.
#[track_caller]
pub(crate) fn refused<T: Debug>(
    converted: Converted<T>,
    reason: Reason,
    field: &str,
    value: &str,
) -> Refusal {
    let refusal = *converted.unwrap_err();
    assert_eq!(refusal.reason, reason, "{refusal}");
    assert_eq!(refusal.field.as_deref(), Some(field), "{refusal}");
    assert_eq!(refusal.value.as_deref(), Some(value), "{refusal}");
    assert!(refusal.expected.is_some() && refusal.location.is_some(), "{refusal}");
    refusal
}
