//! From valid messages to documents of the ledger. Whether they agree with the books is not asked here.

mod book;
mod fields;
mod list;
mod pass;
mod receipt;
mod unsupported;

pub(crate) use receipt::{NOTICE, PASSAGE, notice, passage};
pub(crate) use unsupported::{PARCELS_ROOT, parcels};

use crate::schema::Records;
use compact_str::CompactString;
use zonebook_ledger::document::Document;
use zonebook_ledger::refusal::Refusal;

/// A document, or why there is none.
pub(crate) type Converted<T> = Result<T, Box<Refusal>>;

/// The document of a filed message, and the numbers that the message names.
pub(crate) fn filed(
    message: &str,
    records: &Records<'_>,
    bytes: &[u8],
) -> (Converted<Document>, Vec<CompactString>) {
    match message {
        "BWS101" => (book::convert(records, bytes).map(Document::Book), book::names(records)),
        "INV101" => (list::convert(records, bytes).map(Document::List), list::names(records)),
        "SAS121" => (pass::convert(records, bytes).map(Document::Pass), pass::names(records)),
        _ => (Err(unsupported::message(message)), unsupported::names(message, records)),
    }
}
