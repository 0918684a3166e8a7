//! A receipt as a message.

use super::envelope::Envelope;
use super::markup::Markup;
use super::record::{self, Values};
use super::{Written, list, pass};
use crate::original;
use crate::schema::{Element, Record, Records, Schema, validate};
use zonebook_ledger::correspondence::{Content, Letter, ListContent};
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::receipt::{ReceiptKind, Ruling};

/// The most characters of a note, and of a remark.
const NOTE_CHARACTERS_MAX: usize = 255;
/// What the filed messages call the pre-entry number.
const PRE_ENTRY_NUMBERS: [&str; 5] =
    ["invtPreentNo", "etpsPreentNo", "sasPassportPreentNo", "sasDclPreentNo", "sasStockPreentNo"];

/// Writes a receipt. `words` are what people are told of a refusal; the reason itself stands in `rmk`.
#[must_use]
pub fn receipt(letter: &Letter, words: &str) -> Written {
    let kind = letter.receipt.kind;
    let original = letter.original.as_ref().and_then(|original| original::bytes(original));
    let filed_by = Schema::of(kind.filed_by());
    let filed = match (&original, filed_by) {
        (Some(bytes), Some(schema)) => validate(bytes, schema).unwrap_or_default(),
        _ => Records::default(),
    };
    let sent_at = letter.utc_offset.local(letter.event.ledger_time);
    let schema = schema_of(kind);
    let in_envelope = schema.is_some_and(|schema| !schema.roots.is_empty());
    let envelope = Envelope::to(
        letter.recipient.as_str(),
        kind.code(),
        schema.and_then(|schema| schema.namespace).filter(|_| in_envelope),
        &letter.receipt.number,
        sent_at,
        letter.sequence,
    );
    let mut markup = Markup::new();
    envelope.begin(&mut markup);
    match schema.and_then(|schema| schema.namespace).filter(|_| !in_envelope) {
        Some(namespace) => markup.begin(kind.code(), &[("xmlns", namespace)]),
        None => markup.begin(kind.code(), &[]),
    }
    if let Some(schema) = schema {
        for element in schema.business.children() {
            write_records(&mut markup, element, letter, words, &filed);
        }
    }
    Written {
        kind: kind.code(),
        file_name: envelope.file_name(),
        message_id: envelope.message_id,
        bytes: markup.finish(),
    }
}

/// `INV211` has no schema of its own; its records are those of `INV201`.
fn schema_of(kind: ReceiptKind) -> Option<&'static Schema> {
    Schema::written(if kind == ReceiptKind::ListPosting { "INV201" } else { kind.code() })
}

fn write_records(
    markup: &mut Markup,
    element: &'static Element,
    letter: &Letter,
    words: &str,
    filed: &Records<'_>,
) {
    let posting = letter.receipt.kind == ReceiptKind::ListPosting;
    match (element.name, &letter.content) {
        // Of a posting, practice says what is in the book, not that it was decided.
        ("HdeApprResult" | "CheckInfo" | "BondInvtDt", _) if posting => {}
        ("HdeApprResult", _) => {
            record::write(markup, element, &decision(letter, element, filed));
        }
        ("CheckInfo", _) => write_notes(markup, element, words),
        (_, _) if letter.receipt.ruling == Ruling::Returned => {}
        ("BondInvtBsc", Content::List(content)) => {
            record::write(markup, element, &list::head(letter, content, filed));
        }
        ("BondInvtDt", Content::List(content)) => {
            for line in content.lines.iter() {
                record::write(markup, element, &list::line(letter, content, line, filed));
            }
        }
        ("BwsDt" | "EmsPutrecDt", Content::List(content)) => {
            if posting && content.logistics == (element.name == "BwsDt") {
                write_rows(markup, element, letter, content);
            }
        }
        ("SasPassportBsc", Content::Pass(pass_no, found)) => {
            record::write(markup, element, &pass::head(letter, pass_no, found, filed));
        }
        _ => repeat(markup, element, filed),
    }
}

/// The decision (`HdeApprResult`).
fn decision<'a>(letter: &Letter, element: &Element, filed: &Records<'_>) -> Values<'a> {
    let receipt = &letter.receipt;
    let time = letter.utc_offset.local(letter.event.ledger_time).to_string();
    let date_only = element.children().iter().any(|child| {
        child.name == "manageDate"
            && matches!(child.content, crate::schema::Content::Value(crate::schema::Simple::CalendarDate))
    });
    let manage_date = if date_only {
        time.split('T').next().unwrap_or_default().to_owned()
    } else {
        list::date_time(&time)
    };
    let remark = match &letter.event.outcome.verdict {
        Verdict::Refused(refusal) => refusal.reason.code().to_owned(),
        _ => receipt.remark.chars().take(NOTE_CHARACTERS_MAX).collect(),
    };
    Values::own(vec![
        ("etpsPreentNo", pre_entry_number(filed)),
        ("businessId", receipt.number.to_string()),
        ("tmsCnt", receipt.change_no.to_string()),
        ("typecd", receipt.filing.code().into()),
        ("manageResult", receipt.ruling.manage_result().into()),
        ("manageDate", manage_date),
        ("rmk", remark),
    ])
}

fn pre_entry_number(filed: &Records<'_>) -> String {
    let head = filed.0.first();
    let find = |head: &Record<'_>| {
        PRE_ENTRY_NUMBERS.iter().find_map(|name| head.value(name)).map(|value| value.text.to_string())
    };
    head.and_then(find).unwrap_or_default()
}

/// The words, in notes of the length that one may have; in one, cut, where the schema allows one only.
fn write_notes(markup: &mut Markup, element: &'static Element, words: &str) {
    let characters: Vec<char> = words.chars().collect();
    if element.max == 1 && characters.len() > NOTE_CHARACTERS_MAX {
        let note: String = characters.iter().take(NOTE_CHARACTERS_MAX - 1).chain(&['…']).collect();
        record::write(markup, element, &Values::own(vec![("note", note)]));
        return;
    }
    for note in characters.chunks(NOTE_CHARACTERS_MAX) {
        record::write(markup, element, &Values::own(vec![("note", note.iter().collect())]));
    }
}

fn write_rows(markup: &mut Markup, element: &'static Element, letter: &Letter, content: &ListContent) {
    for row in &content.rows {
        let values = match element.name {
            "BwsDt" => list::logistics_row(letter, content, row),
            _ => list::processing_row(content, row),
        };
        record::write(markup, element, &values);
    }
}

/// What was filed, once more; as many as the schema of the receipt allows.
fn repeat(markup: &mut Markup, element: &'static Element, filed: &Records<'_>) {
    let max = usize::try_from(element.max).unwrap_or(usize::MAX);
    for record in filed.all(element.name).take(max) {
        let values = Values { filed: Some(record), ..Values::default() };
        record::write(markup, element, &values);
    }
}
