//! Receipts on the wire: read from a view, written as messages.

use zonebook_api::v1;
use zonebook_exchange::write;
use zonebook_ledger::correspondence::{self, Letter};
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query;
use zonebook_ledger::receipt::Recipient;
use zonebook_store::state::View;

/// Bytes of receipts in one message of a stream or on one page, unless a single receipt is larger.
const CHUNK_BYTES_MAX: usize = 1 << 20;
/// Receipts in one message of a stream or on one page.
pub const CHUNK_RECEIPTS_MAX: usize = 100;

/// Some receipts of a recipient, and where the next ones begin.
pub struct Chunk {
    /// The revision that they rest on.
    pub revision: Revision,
    /// The receipts, in order.
    pub receipts: Vec<v1::Receipt>,
    /// The last number that was looked at, whether or not it was wanted.
    pub seen: u64,
    /// Whether there is nothing behind it.
    pub ended: bool,
}

/// Receipts from behind a number up to another, of one document or of all.
pub fn chunk(
    view: &dyn View,
    recipient: &Recipient,
    (after, up_to): (u64, u64),
    document: Option<&str>,
    count_max: usize,
) -> Result<Chunk, Fault> {
    let revision = query::revision(view)?;
    let (mut receipts, mut seen, mut bytes) = (Vec::new(), after, 0_usize);
    loop {
        let some = correspondence::receipts(view, recipient, (seen, up_to), CHUNK_RECEIPTS_MAX)?;
        if some.is_empty() {
            return Ok(Chunk { revision, receipts, seen, ended: true });
        }
        for (sequence, receipt) in some {
            if document.is_none_or(|document| receipt.number == document) {
                if receipts.len() >= count_max {
                    return Ok(Chunk { revision, receipts, seen, ended: false });
                }
                let letter = correspondence::letter(view, recipient, sequence)?
                    .ok_or_else(|| Fault(format!("receipt {sequence} of {recipient} is not there")))?;
                let written = written(&letter);
                bytes = bytes.saturating_add(written.content.len());
                if bytes > CHUNK_BYTES_MAX && !receipts.is_empty() {
                    return Ok(Chunk { revision, receipts, seen, ended: false });
                }
                receipts.push(written);
            }
            seen = sequence;
        }
    }
}

/// A receipt as its message. The words of a refusal are those of the catalogue, in Chinese and in English.
fn written(letter: &Letter) -> v1::Receipt {
    let words = letter.event.outcome.refusal().map(v1::Refusal::from);
    let words = words.map(|refusal| format!("{} {}", refusal.text_zh, refusal.text_en)).unwrap_or_default();
    let written = write::receipt(letter, &words);
    let receipt = &letter.receipt;
    v1::Receipt {
        recipient: letter.recipient.to_string(),
        sequence: letter.sequence,
        r#type: receipt.kind.code().into(),
        document: receipt.number.to_string(),
        change_no: receipt.change_no,
        ruling: receipt.ruling.name().into(),
        decided_revision: receipt.revision.0,
        file_name: written.file_name,
        content: written.bytes,
    }
}
