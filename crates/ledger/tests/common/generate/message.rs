//! Documents as messages of the outside.

use super::scribe::choose;
use super::{Intent, Scribe};
use crate::common::world::LISTS;
use compact_str::{CompactString, ToCompactString, format_compact};
use zonebook_ledger::command::Command;
use zonebook_ledger::digest::fingerprint;
use zonebook_ledger::document::{Document, ListFiling};
use zonebook_ledger::message::{Content, Label, Message};
use zonebook_ledger::original::Original;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The message that carries a document; now and then one from which no document could be read.
pub fn carried(scribe: &mut Scribe, intent: &Intent, document: Document) -> Command {
    let content = match intent.who {
        10 => Content::Unreadable(Box::new(Refusal::new(Reason::MalformedXml))),
        11 => {
            let refusal = Box::new(Refusal::new(Reason::SchemaInvalid));
            Content::Invalid { label: label(&document), refusal }
        }
        12 | 13 => unsupported(scribe, intent),
        _ => keyed(scribe.sequence, document),
    };
    Command::Receive(Box::new(delivered(scribe, content)))
}

/// A new delivery.
pub fn delivered(scribe: &mut Scribe, content: Content) -> Message {
    let sequence = scribe.sequence;
    scribe.sequence += 1;
    Message {
        source: "customs".into(),
        sequence,
        name: format_compact!("{sequence:06}.xml"),
        sha256: fingerprint(&content),
        original: original(&content),
        content,
    }
}

/// Bytes that are kept of what could be read.
fn original(content: &Content) -> Option<Box<Original>> {
    let Content::Keyed { key, .. } = content else { return None };
    let compressed = key.as_bytes().to_vec();
    let (kept_sha256, length) = (fingerprint(key), compressed.len() as u64);
    Some(Box::new(Original { kept_sha256, length, redacted: false, compressed }))
}

/// A document with its key (`RULES.md` 2.5).
pub fn keyed(sequence: u64, document: Document) -> Content {
    let (key, filed) = match &document {
        Document::Passage(report) => {
            (format_compact!("SAS223/{}/{:?}/{:?}", report.pass_no, report.stage, report.passed_at), false)
        }
        Document::CustomsResult(result) => (
            format_compact!(
                "{}/{}/{}/{}",
                result.kind,
                result.number,
                result.result,
                result.declaration_no.as_ref().map_or("", |number| number.as_str())
            ),
            false,
        ),
        Document::Notice(notice) => {
            let number = &notice.declaration_no;
            (format_compact!("DEC/{number}/{}/{:?}", notice.channel, notice.noticed_at), false)
        }
        _ => (format_compact!("FILED/{sequence}"), true),
    };
    let (label, names) = (label(&document), names(&document));
    Content::Keyed { label, key, filed, document: Ok(Box::new(document)), names }
}

/// A message of a type that is still to come, about a list that may follow.
fn unsupported(scribe: &Scribe, intent: &Intent) -> Content {
    let refusal = Refusal::new(Reason::Unsupported).field("type", "SAS101");
    let business_id: CompactString =
        choose(&LISTS[LISTS.len() - 4..], intent.picks[0]).unwrap_or("L14").into();
    Content::Keyed {
        label: Label { kind: "SAS101".into(), business_id: business_id.clone() },
        key: format_compact!("FILED/{}", scribe.sequence),
        filed: true,
        document: Err(Box::new(refusal)),
        names: vec![business_id],
    }
}

fn label(document: &Document) -> Label {
    let kind = match document {
        Document::Book(_) => "BWS101",
        Document::List(_) => "INV101",
        Document::Pass(_) | Document::PassVoid(_) => "SAS121",
        Document::Passage(_) => "SAS223",
        Document::Permit(_) | Document::PermitClosing(_) => "SAS101",
        Document::Parcels(_) => "CEB621",
        Document::ParcelReturn(_) => "CEB625",
        Document::Sales(_) => "CEB311",
        Document::Consumption(_) | Document::ConsumptionChange(_) | Document::ConsumptionVoid(_) => "CMB101",
        Document::Slip(_) | Document::SlipVoid(_) => "SAS111",
        Document::Verification(_) => "EMS121",
        Document::CustomsResult(result) => result.kind.code(),
        Document::Assignment(_) => "INV202",
        _ => "DEC_RESULT",
    };
    Label { kind: kind.into(), business_id: document.number().to_compact_string() }
}

/// Its own number and those of other documents that a document names.
fn names(document: &Document) -> Vec<CompactString> {
    let others: Vec<CompactString> = match document {
        Document::List(ListFiling::File(list) | ListFiling::Change { list, .. }) => {
            let related = list.related_list.iter().map(ToCompactString::to_compact_string);
            std::iter::once(list.book_no.to_compact_string()).chain(related).collect()
        }
        Document::Pass(pass) => pass.linked.iter().map(ToCompactString::to_compact_string).collect(),
        _ => Vec::new(),
    };
    std::iter::once(document.number()).chain(others).collect()
}
