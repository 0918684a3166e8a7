//! Asking for receipts again: `INV141` for lists, `EMS141` for books (`domain.md` 5.1).

use super::Written;
use super::envelope::Envelope;
use super::markup::Markup;
use super::record::{self, Values};
use crate::schema::Schema;
use zonebook_ledger::time::LocalTime;

/// Whose receipts are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Of a list.
    List,
    /// Of a book.
    Book,
}

/// Writes a request for the receipts of a document. `sequence` tells it from others of the same second.
#[must_use]
pub fn ask_again(
    sender: &str,
    asked: Asked,
    number: &str,
    pre_entry_number: &str,
    sent_at: LocalTime,
    sequence: u64,
) -> Written {
    let kind = match asked {
        Asked::List => "INV141",
        Asked::Book => "EMS141",
    };
    let schema = Schema::written(kind);
    let namespace = schema.and_then(|schema| schema.namespace);
    let envelope = Envelope::from(sender, kind, namespace, number, sent_at, sequence);
    let mut markup = Markup::new();
    envelope.begin(&mut markup);
    markup.begin(kind, &[]);
    let values = Values::own(vec![
        ("dclType", "1".into()),
        ("businessId", number.into()),
        ("etpsPreentNo", pre_entry_number.into()),
    ]);
    for element in schema.iter().flat_map(|schema| schema.business.children()) {
        record::write(&mut markup, element, &values);
    }
    Written { kind, file_name: envelope.file_name(), message_id: envelope.message_id, bytes: markup.finish() }
}
