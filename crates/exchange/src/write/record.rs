//! A record along its schema.

use super::markup::Markup;
use crate::schema::{Content, Element, Record, Simple, UNBOUNDED};
use std::borrow::Cow;

/// The values of a record.
#[derive(Default)]
pub(super) struct Values<'a> {
    /// What the ledger says; it goes before all else.
    pub(super) own: Vec<(&'static str, String)>,
    /// What the filed message said.
    pub(super) filed: Option<&'a Record<'a>>,
    /// What is said where neither says anything, and something must be said.
    pub(super) otherwise: &'static [(&'static str, &'static str)],
}

impl Values<'_> {
    pub(super) fn own(own: Vec<(&'static str, String)>) -> Self {
        Self { own, ..Self::default() }
    }

    /// A value that its element can hold.
    fn of(&self, name: &str, simple: Simple) -> Option<Cow<'_, str>> {
        let own = self.own.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str());
        let filed = || self.filed.and_then(|record| record.value(name)).map(|value| value.text.as_ref());
        let otherwise = || self.otherwise.iter().find(|(other, _)| *other == name).map(|(_, text)| *text);
        let candidates = [own, filed(), otherwise()];
        candidates.into_iter().flatten().find(|text| simple.accepts(text)).map(Cow::Borrowed)
    }
}

/// Writes a record, if each of its elements can be written.
pub(super) fn write(markup: &mut Markup, element: &'static Element, values: &Values<'_>) -> bool {
    let mut cells = Vec::with_capacity(element.children().len());
    for child in element.children() {
        // Where anything may stand, a text may, of any length.
        let simple = match child.content {
            Content::Value(simple) => simple,
            Content::Any => Simple::Text { min: 0, max: UNBOUNDED },
            _ => continue,
        };
        let cell = match values.of(child.name, simple) {
            Some(text) => Some(text),
            None if child.nillable => None,
            None => match nothing(simple) {
                Some(text) => Some(Cow::Borrowed(text)),
                None => return false,
            },
        };
        cells.push((child.name, cell));
    }
    markup.begin(element.name, &[]);
    for (name, cell) in cells {
        match cell {
            Some(text) => markup.value(name, &text),
            None => markup.nil(name),
        }
    }
    markup.end();
    true
}

/// How nothing is said where it cannot be left out: empty, or 0 as filed messages have it before there is a figure.
const fn nothing(simple: Simple) -> Option<&'static str> {
    match simple {
        Simple::Text { min: 0, .. } | Simple::Date | Simple::DateTime => Some(""),
        Simple::Decimal { .. } | Simple::Long { .. } | Simple::Int | Simple::Double => Some("0"),
        Simple::Text { .. } | Simple::OneOf(_) | Simple::CalendarDate | Simple::CalendarDateTime => None,
    }
}
