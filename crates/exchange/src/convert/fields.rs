//! The fields of a record as values of the ledger.

use super::Converted;
use crate::schema::{Record, Records};
use crate::xml::Location;
use compact_str::CompactString;
use std::fmt::Display;
use zonebook_ledger::error::CodeError;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::time::LocalTime;

/// The fields of one record. What is nil or left out reads as empty.
pub(super) struct Fields<'r, 'a> {
    record: &'r Record<'a>,
    bytes: &'a [u8],
    line: Option<u64>,
}

impl<'r, 'a> Fields<'r, 'a> {
    /// Of the head of a message.
    pub(super) fn head(records: &'r Records<'a>, name: &str, bytes: &'a [u8]) -> Converted<Self> {
        match records.first(name) {
            Some(record) => Ok(Self { record, bytes, line: None }),
            None => Err(Box::new(Refusal::new(Reason::InvalidField).field(name, "").expected(name))),
        }
    }

    /// Of a line of a message, known by its number from here on.
    pub(super) fn line(record: &'r Record<'a>, number: &str, bytes: &'a [u8]) -> Converted<(Self, u64)> {
        let mut fields = Self { record, bytes, line: None };
        let line = fields.number(number)?;
        fields.line = Some(line);
        Ok((fields, line))
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.record.value(name).map_or("", |value| value.text.as_ref())
    }

    pub(super) fn owned(&self, name: &str) -> CompactString {
        self.text(name).into()
    }

    /// A value that a constructor of the ledger takes.
    pub(super) fn read<T, E: Display>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Converted<T> {
        read(self.text(name)).map_err(|error| self.wrong(name, error))
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self, name: &str) -> Converted<u64> {
        self.read(name, |text| text.parse::<u64>().map_err(|_| "a whole number, not negative"))
    }

    /// The same; what is not there reads as zero.
    pub(super) fn number_or_zero(&self, name: &str) -> Converted<u64> {
        if self.text(name).is_empty() { Ok(0) } else { self.number(name) }
    }

    /// A quantity; what is not there is nothing.
    pub(super) fn quantity(&self, name: &str) -> Converted<Quantity> {
        Ok(self.optional_quantity(name)?.unwrap_or(Quantity::ZERO))
    }

    /// A quantity that may be left out.
    pub(super) fn optional_quantity(&self, name: &str) -> Converted<Option<Quantity>> {
        if self.text(name).is_empty() { Ok(None) } else { self.read(name, Quantity::parse).map(Some) }
    }

    /// An amount of money; what is not there is nothing.
    pub(super) fn amount(&self, name: &str) -> Converted<Quantity> {
        if self.text(name).is_empty() { Ok(Quantity::ZERO) } else { self.read(name, Quantity::parse_amount) }
    }

    pub(super) fn time(&self, name: &str) -> Converted<LocalTime> {
        self.read(name, LocalTime::parse)
    }

    /// A number of customs that may be left out.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: fn(&str) -> Result<Option<T>, CodeError>,
    ) -> Converted<Option<T>> {
        self.read(name, read)
    }

    /// The field holds what the ledger cannot take.
    pub(super) fn wrong(&self, name: &str, rule: impl Display) -> Box<Refusal> {
        self.refuse(Reason::InvalidField, name, rule)
    }

    /// A refusal that names a field, its value and where it stands.
    pub(super) fn refuse(&self, reason: Reason, name: &str, rule: impl Display) -> Box<Refusal> {
        let offset = self.record.value(name).map_or(self.record.offset, |value| value.offset);
        let location = Location::of(self.bytes, offset);
        let refusal = Refusal::new(reason)
            .field(name, crate::excerpt(self.text(name)))
            .expected(rule)
            .at(format!("{location}, {}/{name}", self.record.name));
        Box::new(match self.line {
            Some(line) => refusal.line(line),
            None => refusal,
        })
    }
}

/// The numbers that fields name, without the empty ones and without repeats.
pub(super) fn numbers<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<CompactString> {
    let mut numbers: Vec<CompactString> = Vec::new();
    for text in texts {
        if !text.is_empty() && !numbers.iter().any(|known| known == text) {
            numbers.push(text.into());
        }
    }
    numbers
}

/// The text of a field of the first record of a name; empty when it is not there.
pub(super) fn first_text<'r>(records: &'r Records<'_>, record: &str, field: &str) -> &'r str {
    records.first(record).and_then(|record| record.value(field)).map_or("", |value| value.text.as_ref())
}
