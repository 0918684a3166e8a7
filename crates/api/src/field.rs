//! A field that cannot be read.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use zonebook_ledger::command::RequestId;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::{Date, LocalTime};

/// Which field, what stands there, what should.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {value:?} is not accepted: {rule}")]
pub struct FieldError {
    /// Path of the field, such as `list.lines[3].units.declared`.
    pub field: String,
    /// What was sent, cut to 80 characters.
    pub value: String,
    /// The rule it breaks, cut to 200 characters: it may repeat the value, and all this travels in headers.
    pub rule: String,
}

impl FieldError {
    /// Of one field.
    #[must_use]
    pub fn new(field: &str, value: impl fmt::Display, rule: impl fmt::Display) -> Self {
        Self { field: field.into(), value: cut(&value.to_string(), 80), rule: cut(&rule.to_string(), 200) }
    }

    /// The same, within something larger.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.field = format!("{outer}.{}", self.field);
        self
    }

    pub(crate) fn metadata(&self) -> HashMap<String, String> {
        let pairs = [("field", &self.field), ("value", &self.value), ("expected", &self.rule)];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }
}

/// The beginning of a text, at most so many characters.
pub(crate) fn cut(text: &str, characters_max: usize) -> String {
    text.chars().take(characters_max).collect()
}

/// What is read from a field, or which field is wrong.
pub type Field<T> = Result<T, FieldError>;

/// Reads a field by the rule of its type.
pub(crate) fn read<T, E: fmt::Display>(
    field: &str,
    value: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Field<T> {
    parse(value).map_err(|error| FieldError::new(field, value, error))
}

/// Reads a field that may be empty.
pub(crate) fn optional<T, E: fmt::Display>(
    field: &str,
    value: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Field<Option<T>> {
    if value.is_empty() { Ok(None) } else { read(field, value, parse).map(Some) }
}

/// A message that must be there.
pub(crate) fn required<T>(field: &str, value: Option<T>) -> Field<T> {
    value.ok_or_else(|| FieldError::new(field, "", "must be given"))
}

/// A quantity; nothing is zero.
pub(crate) fn quantity(field: &str, value: &str) -> Field<Quantity> {
    if value.is_empty() { Ok(Quantity::ZERO) } else { read(field, value, Quantity::parse) }
}

/// An amount of money; nothing is zero.
pub(crate) fn amount(field: &str, value: &str) -> Field<Quantity> {
    if value.is_empty() { Ok(Quantity::ZERO) } else { read(field, value, Quantity::parse_amount) }
}

pub(crate) fn local_time(field: &str, value: &str) -> Field<LocalTime> {
    read(field, value, LocalTime::parse)
}

pub(crate) fn date(field: &str, value: &str) -> Field<Date> {
    read(field, value, Date::parse)
}

/// Reads a request id.
///
/// # Errors
/// It is missing or not a UUID of version 7.
pub fn request_id(value: &str) -> Field<RequestId> {
    let wrong = |rule: String| FieldError::new("request_id", value, rule);
    if value.is_empty() {
        let offered = uuid::Uuid::now_v7();
        return Err(wrong(format!("every change needs one, a UUIDv7 such as {offered}")));
    }
    let id = uuid::Uuid::from_str(value).map_err(|error| wrong(format!("must be a UUIDv7: {error}")))?;
    if id.get_version_num() != 7 {
        return Err(wrong("must be a UUID of version 7".into()));
    }
    Ok(RequestId(*id.as_bytes()))
}
