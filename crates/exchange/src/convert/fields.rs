//! The fields of a record as values of the ledger.

use super::Converted;
use crate::schema::{Record, Records};
use crate::xml::Location;
use compact_str::CompactString;
use std::collections::HashSet;
use std::fmt::Display;
use zonebook_ledger::code::{DocumentNo, UnitCode};
use zonebook_ledger::error::{CodeError, NumberError};
use zonebook_ledger::item::Units;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::time::LocalTime;

/// The units of an item, a line of a list and a line of a slip.
pub(super) const UNITS: [&str; 3] = ["dclUnitcd", "lawfUnitcd", "secdLawfUnitcd"];

/// The most characters of a number with a point: more than any quantity or amount has. Not every schema bounds them.
const DECIMAL_CHARACTERS_MAX: usize = 64;
/// The most characters of a name: what the schemas of the EMS family allow. Those of the SAS family allow any length.
const NAME_CHARACTERS_MAX: usize = 512;

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

    /// Of a record that has no number of its own: known by its place among its like, or by nothing.
    pub(super) const fn counted(record: &'r Record<'a>, line: Option<u64>, bytes: &'a [u8]) -> Self {
        Self { record, bytes, line }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.record.value(name).map_or("", |value| value.text.as_ref())
    }

    /// A name or a remark that the ledger keeps as it is.
    pub(super) fn owned(&self, name: &str) -> Converted<CompactString> {
        let text = self.text(name);
        match text.char_indices().nth(NAME_CHARACTERS_MAX) {
            None => Ok(text.into()),
            Some(_) => Err(self.wrong(name, format_args!("at most {NAME_CHARACTERS_MAX} characters"))),
        }
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

    /// The number of something else that is to be there; what is no number from 1 names nothing, and reads as zero.
    pub(super) fn reference(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }

    /// A quantity; what is not there is nothing.
    pub(super) fn quantity(&self, name: &str) -> Converted<Quantity> {
        Ok(self.optional_quantity(name)?.unwrap_or(Quantity::ZERO))
    }

    /// A quantity that may be left out.
    pub(super) fn optional_quantity(&self, name: &str) -> Converted<Option<Quantity>> {
        if self.text(name).is_empty() { Ok(None) } else { self.decimal(name, Quantity::parse).map(Some) }
    }

    /// A quantity that counts as left out when it is not more than nothing.
    pub(super) fn positive_quantity(&self, name: &str) -> Converted<Option<Quantity>> {
        Ok(self.optional_quantity(name)?.filter(|quantity| quantity.is_positive()))
    }

    /// An amount of money; what is not there is nothing.
    pub(super) fn amount(&self, name: &str) -> Converted<Quantity> {
        if self.text(name).is_empty() {
            Ok(Quantity::ZERO)
        } else {
            self.decimal(name, Quantity::parse_amount)
        }
    }

    /// A factor of a BOM.
    pub(super) fn factor(&self, name: &str) -> Converted<Factor> {
        self.decimal(name, Factor::parse)
    }

    /// A factor of a BOM; what is not there is nothing.
    pub(super) fn factor_or_zero(&self, name: &str) -> Converted<Factor> {
        if self.text(name).is_empty() { Ok(Factor::ZERO) } else { self.factor(name) }
    }

    /// The error of a number repeats it, so a long one is not read at all.
    fn decimal<T>(&self, name: &str, read: fn(&str) -> Result<T, NumberError>) -> Converted<T> {
        if self.text(name).len() > DECIMAL_CHARACTERS_MAX {
            return Err(self.wrong(name, format_args!("at most {DECIMAL_CHARACTERS_MAX} characters")));
        }
        self.read(name, read)
    }

    /// The three units, by the names of their fields.
    pub(super) fn units(&self, [declared, statutory1, statutory2]: [&str; 3]) -> Converted<Units> {
        Ok(Units {
            declared: self.read(declared, UnitCode::new)?,
            statutory1: self.read(statutory1, UnitCode::new)?,
            statutory2: self.optional(statutory2, UnitCode::optional)?,
        })
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

/// The numbers that fields name, without repeats, and without what is the number of nothing: empty or too long.
pub(super) fn numbers<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<CompactString> {
    let mut seen = HashSet::new();
    let fits = |text: &&str| (1..=DocumentNo::CHARACTERS_MAX).contains(&text.chars().count());
    texts.into_iter().filter(fits).filter(|text| seen.insert(*text)).map(CompactString::from).collect()
}

/// The text of a field of the first record of a name; empty when it is not there.
pub(super) fn first_text<'r>(records: &'r Records<'_>, record: &str, field: &str) -> &'r str {
    records.first(record).and_then(|record| record.value(field)).map_or("", |value| value.text.as_ref())
}

/// The texts of a field of all records of a name; nil ones are left out.
pub(super) fn all_texts<'r, 'a>(
    records: &'r Records<'a>,
    record: &'static str,
    field: &'static str,
) -> impl Iterator<Item = &'r str> + use<'r, 'a> {
    records.all(record).filter_map(move |record| record.value(field)).map(|value| value.text.as_ref())
}
