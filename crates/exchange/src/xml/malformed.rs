//! Why a text is not a well-formed document.

use super::location::Location;
use std::borrow::Cow;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// A breach of the rules of XML, or of the limits of this reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where, in bytes from the start.
    pub offset: usize,
    /// What stands there.
    pub found: String,
    /// What the rule asks for.
    pub rule: Cow<'static, str>,
}

impl Malformed {
    pub(crate) fn new(offset: usize, found: impl Into<String>, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { offset, found: found.into(), rule: rule.into() }
    }

    /// As a refusal `MALFORMED_XML` that says where in the bytes.
    #[must_use]
    pub fn refusal(&self, bytes: &[u8]) -> Refusal {
        Refusal::new(Reason::MalformedXml)
            .field("xml", crate::excerpt(&self.found))
            .expected(&self.rule)
            .at(Location::of(bytes, self.offset))
    }
}
