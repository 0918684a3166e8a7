//! The table. One file for each message type, in order of the document; `///` gives the schema's own words for a
//! record.

mod bws101;
mod bws201;
mod cmb101;
mod ems111;
mod ems121;
mod ems141;
mod ems211;
mod ems221;
mod envelope;
mod inv101;
mod inv141;
mod inv201;
mod receipt;
mod sas101;
mod sas111;
mod sas121;
mod sas201;
mod sas211;
mod sas221;
mod sas223;

use super::{Attribute, Content, Element, Schema, Simple, TypeName, UNBOUNDED};

/// All schemas, by message type.
pub(super) const SCHEMAS: &[&Schema] = &[
    &bws101::SCHEMA,
    &cmb101::SCHEMA,
    &ems111::SCHEMA,
    &ems121::SCHEMA,
    &inv101::SCHEMA,
    &sas101::SCHEMA,
    &sas111::SCHEMA,
    &sas121::SCHEMA,
];

/// The schemas of what this side writes: receipts, and requests for receipts. What comes in under these names is checked
/// for well-formedness only (`RULES.md` 2.2).
pub(super) const WRITTEN: &[&Schema] = &[
    &bws201::SCHEMA,
    &ems141::SCHEMA,
    &ems211::SCHEMA,
    &ems221::SCHEMA,
    &inv141::SCHEMA,
    &inv201::SCHEMA,
    &sas201::SCHEMA,
    &sas211::SCHEMA,
    &sas221::SCHEMA,
    &sas223::SCHEMA,
];

const fn element(name: &'static str, content: Content, type_name: Option<TypeName>) -> Element {
    Element { name, content, min: 1, max: 1, nillable: false, attributes: &[], type_name }
}

const fn value(name: &'static str, simple: Simple) -> Element {
    element(name, Content::Value(simple), None)
}

const fn built_in(name: &'static str, simple: Simple, type_name: &'static str) -> Element {
    element(name, Content::Value(simple), Some(TypeName::BuiltIn(type_name)))
}

/// Text of at most so many characters.
const fn text(name: &'static str, max: u32) -> Element {
    value(name, Simple::Text { min: 0, max })
}

/// Text between so many characters.
const fn text_between(name: &'static str, min: u32, max: u32) -> Element {
    value(name, Simple::Text { min, max })
}

/// Text of exactly so many characters.
const fn exact(name: &'static str, length: u32) -> Element {
    value(name, Simple::Text { min: length, max: length })
}

/// `xs:string`
const fn string(name: &'static str) -> Element {
    built_in(name, Simple::Text { min: 0, max: UNBOUNDED }, "string")
}

/// A decimal of so many digits, and so many of them behind the point.
const fn decimal(name: &'static str, total: u32, fraction: u32) -> Element {
    value(name, Simple::Decimal { total, fraction })
}

/// An integer of so many digits.
const fn long(name: &'static str, total: u32) -> Element {
    value(name, Simple::Long { total })
}

/// `xs:long`
const fn any_long(name: &'static str) -> Element {
    built_in(name, Simple::Long { total: UNBOUNDED }, "long")
}

/// `xs:int`
const fn int(name: &'static str) -> Element {
    built_in(name, Simple::Int, "int")
}

/// `xs:double`
const fn double(name: &'static str) -> Element {
    built_in(name, Simple::Double, "double")
}

/// `xs:date`
const fn calendar_date(name: &'static str) -> Element {
    built_in(name, Simple::CalendarDate, "date")
}

/// `xs:dateTime`
const fn calendar_date_time(name: &'static str) -> Element {
    built_in(name, Simple::CalendarDateTime, "dateTime")
}

/// The schemas' own `Date`.
const fn date(name: &'static str) -> Element {
    element(name, Content::Value(Simple::Date), Some(TypeName::Own("Date")))
}

/// The schemas' own `DateTime`.
const fn date_time(name: &'static str) -> Element {
    element(name, Content::Value(Simple::DateTime), Some(TypeName::Own("DateTime")))
}

/// An element of any content.
const fn anything(name: &'static str) -> Element {
    element(name, Content::Any, Some(TypeName::BuiltIn("anyType")))
}

/// Elements in order.
const fn sequence(name: &'static str, children: &'static [Element]) -> Element {
    element(name, Content::Sequence(children), None)
}

/// A record of a named type, the same name as its element's.
const fn record(name: &'static str, children: &'static [Element]) -> Element {
    element(name, Content::Sequence(children), Some(TypeName::Own(name)))
}

impl Element {
    const fn nil(mut self) -> Self {
        self.nillable = true;
        self
    }

    /// Once or not at all.
    const fn optional(mut self) -> Self {
        self.min = 0;
        self
    }

    /// Any number of times, also none.
    const fn repeated(mut self) -> Self {
        self.min = 0;
        self.max = UNBOUNDED;
        self
    }

    const fn with(mut self, attributes: &'static [Attribute]) -> Self {
        self.attributes = attributes;
        self
    }
}
