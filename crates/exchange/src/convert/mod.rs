//! From valid messages to documents of the ledger. Whether they agree with the books is not asked here.

mod book;
mod commerce;
mod consumption;
mod fields;
mod list;
mod parcels;
mod pass;
mod permit;
mod receipt;
mod result;
mod sales;
mod slip;
#[cfg(test)]
mod testing;
mod verification;

pub(crate) use parcels::{PARCELS, PARCELS_ROOT, parcels};
pub(crate) use receipt::{NOTICE, PASSAGE, notice, passage};
pub(crate) use result::{RESULTS, result};
pub(crate) use sales::{SALES, sales};

use crate::schema::Records;
use book::{logistics, processing};
use compact_str::CompactString;
use fields::Fields;
use zonebook_ledger::document::Document;
use zonebook_ledger::reason::Reason;
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
        "BWS101" => (logistics::convert(records, bytes).map(Document::Book), logistics::names(records)),
        "EMS111" => (processing::convert(records, bytes).map(Document::Book), processing::names(records)),
        "EMS121" => {
            (verification::convert(records, bytes).map(Document::Verification), verification::names(records))
        }
        "INV101" => (list::convert(records, bytes).map(Document::List), list::names(records)),
        "CMB101" => (consumption::document(records, bytes), consumption::names(records)),
        "SAS101" => (permit::document(records, bytes), permit::names(records)),
        "SAS111" => (slip::document(records, bytes), slip::names(records)),
        "SAS121" => (pass::document(records, bytes), pass::names(records)),
        // Every schema has its conversion; one without would be refused by name, never skipped.
        _ => {
            let refusal = Refusal::new(Reason::Unsupported).field("BussinessData", message);
            (Err(Box::new(refusal)), Vec::new())
        }
    }
}

/// What a message does with its document (`dclTypecd`; `domain.md` 3.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Declaration {
    /// 1
    File,
    /// 2
    Change,
    /// 3: closed, void.
    End,
}

/// What is neither must not pass for a filing.
fn declaration(head: &Fields<'_, '_>) -> Converted<Declaration> {
    match head.text("dclTypecd") {
        "1" => Ok(Declaration::File),
        "2" => Ok(Declaration::Change),
        "3" => Ok(Declaration::End),
        _ => Err(head.refuse(Reason::Unsupported, "dclTypecd", "1, 2 or 3")),
    }
}
