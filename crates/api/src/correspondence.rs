//! Receipts, originals and what customs says, on the wire.

use crate::field::{Field, FieldError, read};
use crate::v1;
use crate::v1::get_original_request::Name;
use zonebook_ledger::command::Command;
use zonebook_ledger::correspondence::MessageName;
use zonebook_ledger::customs_result::ReceiptDifference;
use zonebook_ledger::message::Sha256;
use zonebook_ledger::original::Original;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::receipt::{Acknowledgement, Recipient};

/// Who is told.
///
/// # Errors
/// It is neither an enterprise nor an office.
pub fn recipient(text: &str) -> Field<Recipient> {
    read("recipient", text, Recipient::new)
}

/// A recipient says which receipts it has.
///
/// # Errors
/// Names the field.
pub fn acknowledgement(wire: &v1::AcknowledgeReceiptsRequest) -> Field<Command> {
    let recipient = recipient(&wire.recipient)?;
    Ok(Command::AcknowledgeReceipts(Acknowledgement { recipient, up_to: wire.up_to }))
}

/// What a message is asked for by.
///
/// # Errors
/// Names the field.
pub fn message_name(wire: Option<&Name>) -> Field<MessageName> {
    let must = |field: &str| FieldError::new(field, "", "must be given");
    Ok(match wire.ok_or_else(|| must("name"))? {
        Name::Sha256(bytes) => {
            let sha256 = Sha256::try_from(bytes.as_slice())
                .map_err(|_| FieldError::new("sha256", format!("{} bytes", bytes.len()), "32 bytes"))?;
            MessageName::Sha256(sha256)
        }
        Name::Delivery(delivery) => MessageName::Delivery(delivery.source.as_str().into(), delivery.sequence),
        Name::MessageKey(key) if key.is_empty() => return Err(must("message_key")),
        Name::MessageKey(key) => MessageName::Key(key.as_str().into()),
        Name::Document(number) if number.is_empty() => return Err(must("document")),
        Name::Document(number) => MessageName::Document(number.as_str().into()),
    })
}

/// What is kept of the bytes of a message.
#[must_use]
pub fn kept(sha256: &Sha256, original: Option<&Original>) -> v1::KeptOriginal {
    v1::KeptOriginal {
        sha256: sha256.to_vec(),
        kept: original.is_some(),
        redacted: original.is_some_and(|original| original.redacted),
        kept_sha256: original.map(|original| original.kept_sha256.to_vec()).unwrap_or_default(),
    }
}

/// What customs said, and the ledger does not say.
#[must_use]
pub fn difference(revision: Revision, difference: &ReceiptDifference) -> v1::ReceiptDifference {
    let said = &difference.said;
    let number = |number: Option<&zonebook_ledger::code::DeclarationNo>| {
        number.map(ToString::to_string).unwrap_or_default()
    };
    v1::ReceiptDifference {
        taken_revision: revision.0,
        r#type: said.kind.code().into(),
        document: said.number.to_string(),
        change_no: said.change_no,
        result: said.result.to_string(),
        managed_at: said.managed_at.to_string(),
        declaration_no: number(said.declaration_no.as_ref()),
        expected: difference.expected.to_string(),
        found: difference.found.map(|state| state.to_string()).unwrap_or_default(),
        found_declaration_no: number(difference.found_declaration_no.as_ref()),
    }
}
