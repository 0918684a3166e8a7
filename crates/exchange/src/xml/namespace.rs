//! Namespaces in force.

use super::{NAMESPACES_MAX, character};
use std::borrow::Cow;

/// The namespace of `xml:lang` and its kin.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A declaration and the depth of the element that made it.
struct Binding<'a> {
    depth: usize,
    prefix: &'a str,
    uri: Cow<'a, str>,
}

/// The declarations in force, innermost last.
#[derive(Default)]
pub(super) struct Namespaces<'a>(Vec<Binding<'a>>);

impl<'a> Namespaces<'a> {
    /// Takes a declaration of an element at a depth. `false` when there are too many.
    pub(super) fn declare(&mut self, depth: usize, prefix: &'a str, uri: Cow<'a, str>) -> bool {
        // Not allowed and therefore without effect: an empty namespace for a prefix, other meanings of `xml`.
        let without_effect = matches!(prefix, "xml" | "xmlns") || (uri.is_empty() && !prefix.is_empty());
        if !without_effect {
            self.0.push(Binding { depth, prefix, uri });
        }
        self.0.len() <= NAMESPACES_MAX
    }

    /// Forgets what elements deeper than this declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.0.last().is_some_and(|binding| binding.depth > depth) {
            self.0.pop();
        }
    }

    /// The namespace of a prefix (the default one for an empty prefix); `None` when it is not declared.
    pub(super) fn resolve(&self, prefix: &str) -> Option<Cow<'a, str>> {
        if prefix == "xml" {
            return Some(Cow::Borrowed(XML));
        }
        let binding = self.0.iter().rev().find(|binding| binding.prefix == prefix)?;
        (!binding.uri.is_empty()).then(|| binding.uri.clone())
    }

    /// Namespace and local name of an element. A name whose prefix is not declared is its own.
    pub(super) fn element(&self, name: &'a str) -> (Option<Cow<'a, str>>, &'a str) {
        match split(name) {
            None => (self.resolve(""), name),
            Some((prefix, local)) => match self.resolve(prefix) {
                Some(uri) => (Some(uri), local),
                None => (None, name),
            },
        }
    }

    /// Namespace and local name of an attribute: without a prefix it has no namespace.
    pub(super) fn attribute(&self, name: &'a str) -> (Option<Cow<'a, str>>, &'a str) {
        match split(name).and_then(|(prefix, local)| Some((self.resolve(prefix)?, local))) {
            Some((uri, local)) => (Some(uri), local),
            None => (None, name),
        }
    }
}

/// Prefix and local part, when the name has both.
fn split(name: &str) -> Option<(&str, &str)> {
    name.split_once(':').filter(|(prefix, local)| !prefix.is_empty() && begins_as_name(local))
}

/// The prefix that an attribute of this name declares; empty for the default namespace.
pub(super) fn declared_prefix(name: &str) -> Option<&str> {
    match name.strip_prefix("xmlns") {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix(':').filter(|prefix| begins_as_name(prefix)),
        None => None,
    }
}

fn begins_as_name(text: &str) -> bool {
    !text.starts_with(':') && !character::leading_name(text).is_empty()
}
