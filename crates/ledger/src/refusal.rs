//! A refusal explains itself (`design.md` 2.7).

use crate::measure::Unit;
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use compact_str::{CompactString, ToCompactString};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why, where, and what would have had to be there. Everything but the reason is there when it applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The stable reason.
    pub reason: Reason,
    /// The line of the document (`gdsSeqno`, `passportSeqno`).
    pub line: Option<u64>,
    /// The field, as the wire calls it.
    pub field: Option<CompactString>,
    /// The value found.
    pub value: Option<CompactString>,
    /// The value that would have passed.
    pub expected: Option<CompactString>,
    /// The other document that this is about.
    pub document: Option<CompactString>,
    /// The place that is short.
    pub place: Option<Place>,
    /// Which quantity.
    pub unit: Option<Unit>,
    /// The quantity asked for.
    pub wanted: Option<Quantity>,
    /// The quantity there is.
    pub available: Option<Quantity>,
    /// Position in the message: line and column of the text, or the path of the element.
    pub location: Option<CompactString>,
}

impl Refusal {
    /// With nothing but a reason.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self {
            reason,
            line: None,
            field: None,
            value: None,
            expected: None,
            document: None,
            place: None,
            unit: None,
            wanted: None,
            available: None,
            location: None,
        }
    }

    /// Names the line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Names the field and the value found.
    #[must_use]
    pub fn field(mut self, field: &str, value: impl fmt::Display) -> Self {
        self.field = Some(field.into());
        self.value = Some(value.to_compact_string());
        self
    }

    /// Names the value that would have passed.
    #[must_use]
    pub fn expected(mut self, expected: impl fmt::Display) -> Self {
        self.expected = Some(expected.to_compact_string());
        self
    }

    /// Names another document.
    #[must_use]
    pub fn document(mut self, document: impl fmt::Display) -> Self {
        self.document = Some(document.to_compact_string());
        self
    }

    /// Says what is short: where, in which unit, how much was wanted, how much there is.
    #[must_use]
    pub fn short(mut self, place: Option<Place>, unit: Unit, wanted: Quantity, available: Quantity) -> Self {
        self.place = place;
        self.unit = Some(unit);
        self.wanted = Some(wanted);
        self.available = Some(available);
        self
    }

    /// Says where in the message.
    #[must_use]
    pub fn at(mut self, location: impl fmt::Display) -> Self {
        self.location = Some(location.to_compact_string());
        self
    }
}

/// The reason and every detail, in one line, for logs and traces; texts for people are in `api`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.code())?;
        let mut say = |name: &str, value: Option<String>| match value {
            Some(value) => write!(f, " {name}={value}"),
            None => Ok(()),
        };
        say("line", self.line.map(|v| v.to_string()))?;
        say("field", self.field.as_ref().map(ToString::to_string))?;
        say("value", self.value.as_ref().map(ToString::to_string))?;
        say("expected", self.expected.as_ref().map(ToString::to_string))?;
        say("document", self.document.as_ref().map(ToString::to_string))?;
        say("place", self.place.map(|v| v.to_string()))?;
        say("unit", self.unit.map(|v| v.to_string()))?;
        say("wanted", self.wanted.map(|v| v.to_string()))?;
        say("available", self.available.map(|v| v.to_string()))?;
        say("at", self.location.as_ref().map(ToString::to_string))
    }
}
