//! Messages of the outside as commands: intake is part of `apply` (`RULES.md` 2.4, 2.5).

use crate::document::Document;
use crate::original::Original;
use crate::refusal::Refusal;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// SHA-256 of some bytes.
pub type Sha256 = [u8; 32];

/// A message as it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Where it came from: an import's folder name, a mailbox, a partner. With `sequence` it names one delivery.
    pub source: CompactString,
    /// Its number in that source. The same delivery twice is one delivery.
    pub sequence: u64,
    /// Name of the file or of the transport's message, for people.
    pub name: CompactString,
    /// SHA-256 of the bytes.
    pub sha256: Sha256,
    /// What could be read of it.
    pub content: Content,
    /// Its bytes, where they are kept.
    pub original: Option<Box<Original>>,
}

/// What could be read of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Not well-formed: there is nothing to know it by (`MALFORMED_XML`).
    Unreadable(Box<Refusal>),
    /// Known by type and number, yet invalid: refused before its key is looked at (`SCHEMA_INVALID`).
    Invalid {
        /// What it is.
        label: Label,
        /// Why not.
        refusal: Box<Refusal>,
    },
    /// Readable, with the key that recognises a repeat.
    Keyed {
        /// What it is.
        label: Label,
        /// The key of `RULES.md` 2.5, with its type in front.
        key: CompactString,
        /// Filed by an enterprise: the same key with other bytes is a conflict, not a repeat.
        filed: bool,
        /// The document; or why there is none although the message is valid (`UNSUPPORTED`, a value out of range).
        document: Result<Box<Document>, Box<Refusal>>,
        /// Numbers that the message names and that matter when one of them belongs to something unsupported.
        names: Vec<CompactString>,
    },
}

/// Type and business number of a message, as the table of outcomes shows them (`RULES.md` 14.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// `INV101`, ...: the child of `BussinessData`, or the root.
    pub kind: CompactString,
    /// `business_id` of the envelope, `businessId` of `SAS223`, `ENTRY_ID` of `DEC_RESULT`.
    pub business_id: CompactString,
}
