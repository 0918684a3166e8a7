//! A message as the ledger receives it (`RULES.md` 2.4).

use crate::buyer::BuyerKey;
use crate::convert;
use crate::original;
use crate::outline::Outline;
use crate::schema::{Failure, Schema, validate};
use compact_str::{CompactString, ToCompactString};
use sha2::{Digest, Sha256};
use zonebook_ledger::message::{Content, Label, Message};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The most characters of a type or number that a table shows; the schemas allow 128.
const LABEL_CHARACTERS_MAX: usize = 128;

/// A message as it came in: from where, under which number and name, with what is kept of its bytes. Buyers get their
/// hashes under the key; without one they are dropped, and no limit is held over them.
#[must_use]
pub fn receive(source: &str, sequence: u64, name: &str, bytes: &[u8], buyers: Option<&BuyerKey>) -> Message {
    let mut message = Message {
        source: source.into(),
        sequence,
        name: name.into(),
        sha256: Sha256::digest(bytes).into(),
        content: read(bytes, buyers),
        original: None,
    };
    message.original = original::keep(&message, bytes).map(Box::new);
    message
}

/// What can be read of a message, without its buyers. Never fails: what is wrong with it is part of the answer.
#[must_use]
pub fn read_message(bytes: &[u8]) -> Content {
    read(bytes, None)
}

fn read(bytes: &[u8], buyers: Option<&BuyerKey>) -> Content {
    let outline = match Outline::read(bytes) {
        Ok(outline) => outline,
        Err(malformed) => return unreadable(malformed.refusal(bytes), bytes),
    };
    match (outline.root, outline.business) {
        (convert::NOTICE, _) => convert::notice(&outline, bytes),
        (convert::PARCELS_ROOT, _) => convert::parcels(&outline, bytes, buyers),
        (root, _) if convert::SALES.iter().any(|sales| sales.root == root) => {
            convert::sales(&outline, bytes, buyers)
        }
        (_, Some(convert::PASSAGE)) => convert::passage(&outline, bytes),
        (_, Some(kind)) if convert::RESULTS.contains(&kind) => convert::result(kind, &outline, bytes),
        (root, business) => filed(&outline, business.unwrap_or(root), bytes),
    }
}

/// What the names of all messages of electronic commerce begin with (`domain.md` 5.1): orders, payments, waybills, parcel
/// lists, returns. Each of them names a buyer.
const ELECTRONIC_COMMERCE: &[u8] = b"CEB";

/// What is said of bytes that cannot be read. Of electronic commerce nothing is repeated, since it names buyers
/// (`design.md` 9); where it breaks is said all the same.
fn unreadable(refusal: Refusal, bytes: &[u8]) -> Content {
    let mut parts = bytes.windows(ELECTRONIC_COMMERCE.len());
    let names_buyers = parts.any(|part| part == ELECTRONIC_COMMERCE);
    let value = refusal.value.clone().filter(|_| !names_buyers);
    Content::Unreadable(Box::new(Refusal { value, ..refusal }))
}

/// A message filed by an enterprise: valid against the schema of its type, or refused.
fn filed(outline: &Outline<'_>, kind: &str, bytes: &[u8]) -> Content {
    let label = label(kind, outline.text("EnvelopInfo", "business_id"));
    let Some(schema) = Schema::of(kind) else {
        let known: Vec<&str> = Schema::all().iter().map(|schema| schema.message).collect();
        let refusal = Refusal::new(Reason::SchemaInvalid)
            .field("BussinessData", crate::excerpt(kind))
            .expected(known.join(" "));
        return Content::Invalid { label, refusal: Box::new(refusal) };
    };
    let records = match validate(bytes, schema) {
        Ok(records) => records,
        Err(Failure::Malformed(malformed)) => return Content::Unreadable(Box::new(malformed.refusal(bytes))),
        Err(Failure::Invalid(invalid)) => {
            return Content::Invalid { label, refusal: Box::new(invalid.refusal(bytes)) };
        }
    };
    // Valid documents may begin inside of the envelope, where there is nothing to know them by.
    let Some(message_id) = outline.value("EnvelopInfo", "message_id") else {
        return missing(label, "message_id");
    };
    let key = format!("FILED:{}", message_id.text).into();
    let (document, names) = convert::filed(schema.message, &records, bytes);
    Content::Keyed { label, key, filed: true, document: document.map(Box::new), names }
}

/// Type and number, of a length fit for a table.
pub(crate) fn label(kind: &str, business_id: &str) -> Label {
    Label { kind: shortened(kind), business_id: shortened(business_id) }
}

fn shortened(text: &str) -> CompactString {
    match text.char_indices().nth(LABEL_CHARACTERS_MAX) {
        None => text.into(),
        Some((end, _)) => text.get(..end).unwrap_or_default().to_compact_string(),
    }
}

/// Invalid because an element is not there that the message is known by.
pub(crate) fn missing(label: Label, element: &str) -> Content {
    let refusal = Refusal::new(Reason::SchemaInvalid).field(element, "").expected(element);
    Content::Invalid { label, refusal: Box::new(refusal) }
}
