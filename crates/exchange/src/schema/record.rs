//! Business records as the interpreter hands them on: the elements inside of the message's own element.

use std::borrow::Cow;

/// A record of a message, such as one `BondInvtDt`.
#[derive(Debug)]
pub struct Record<'a> {
    /// The element.
    pub name: &'static str,
    /// Its values in order of the schema; what is nil is not there.
    pub values: Vec<Value<'a>>,
    /// Where it begins, in bytes.
    pub offset: usize,
}

/// A value of a record.
#[derive(Debug)]
pub struct Value<'a> {
    /// The element.
    pub name: &'static str,
    /// Its text; for numbers without the white space around it.
    pub text: Cow<'a, str>,
    /// Where its element begins, in bytes.
    pub offset: usize,
}

impl Record<'_> {
    /// The value of an element; `None` when it is nil or left out.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value<'_>> {
        self.values.iter().find(|value| value.name == name)
    }
}

/// The records of a message in order.
#[derive(Debug, Default)]
pub struct Records<'a>(pub Vec<Record<'a>>);

impl<'a> Records<'a> {
    /// The records of one element.
    pub fn all(&self, name: &'static str) -> impl Iterator<Item = &Record<'a>> {
        self.0.iter().filter(move |record| record.name == name)
    }

    /// The first record of an element.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Record<'a>> {
        self.0.iter().find(|record| record.name == name)
    }
}
