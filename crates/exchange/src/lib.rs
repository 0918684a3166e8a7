//! The formats of the outside, in and out: special-zone XML messages and CSV tables.
//!
//! [`read_message`] turns the bytes of a message into what the ledger takes: a document, or the reason why there is
//! none. Everything here is a pure function of its input; nothing is posted, stored or looked up. Bytes of the outside
//! are hostile: nothing here panics on them, and memory is bounded by the limits in [`xml`].
//!
//! What is a convention of the sample months alone (`RULES.md` 2.3) stands in `convention` and nowhere else.

pub mod buyer;
pub mod comparison;
mod convention;
mod convert;
pub mod count;
pub mod election;
pub mod extract;
mod inventory;
pub mod manifest;
mod message;
pub mod original;
mod outline;
pub mod passages;
pub mod print;
pub mod reference;
pub mod reference_table;
pub mod schema;
pub mod sheet;
pub mod statement;
pub mod tables;
pub mod workbook;
pub mod write;
pub mod xml;

pub use message::{read_message, receive};

/// The most characters of a foreign text that a refusal repeats.
const EXCERPT_CHARACTERS: usize = 80;

/// The beginning of a foreign text, for messages.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
