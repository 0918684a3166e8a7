//! What the messages of electronic commerce have in common, parcel lists and what is said of sales: a `guid` names them, and
//! their papers are taken whole or not at all.

use super::Converted;
use super::fields::Fields;
use super::receipt::KEY_PART_BYTES_MAX;
use crate::message::{label, missing};
use crate::outline::Outline;
use compact_str::CompactString;
use zonebook_ledger::document::Document;
use zonebook_ledger::message::Content;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The content of a message whose first paper has some number; what it files is asked for if it can be known again.
pub(super) fn keyed(
    kind: &str,
    first: &str,
    outline: &Outline<'_>,
    names: Vec<CompactString>,
    document: impl FnOnce() -> Converted<Document>,
) -> Content {
    let label = label(kind, first);
    let guid = outline.guid.as_deref().filter(|guid| (1..=KEY_PART_BYTES_MAX).contains(&guid.len()));
    let Some(guid) = guid else { return missing(label, "guid") };
    Content::Keyed {
        label,
        key: format!("{kind}:{guid}").into(),
        filed: true,
        document: document().map(Box::new),
        names,
    }
}

/// `TOO_LARGE`: not more than a message may have.
pub(super) fn at_most(field: &str, count: usize, count_max: usize) -> Converted<()> {
    if count <= count_max {
        return Ok(());
    }
    let refusal = Refusal::new(Reason::TooLarge).field(field, count).expected(format!("at most {count_max}"));
    Err(Box::new(refusal))
}

/// `INVALID_FIELD`: the other papers ask for the same as the first (`appType`): a message is accepted whole or refused whole.
pub(super) fn alike<'f, 'a: 'f>(
    first: &Fields<'f, 'a>,
    mut others: impl Iterator<Item = Fields<'f, 'a>>,
    called: &str,
) -> Converted<()> {
    let kind = first.text("appType");
    match others.find(|head| head.text("appType") != kind) {
        None => Ok(()),
        Some(other) => Err(other.wrong("appType", format_args!("{kind}, as in {called}"))),
    }
}
