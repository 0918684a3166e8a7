//! The bytes of messages as they are kept: without the personal data of buyers, compressed (`design.md` 8, 9).
//!
//! This runs at the edge, before anything is proposed: what is taken out here reaches neither the log nor the state.
//! `zstd`, because the store holds it already for the archive, and messages, which repeat their tags, shrink to a sixth.
//!
//! Kept are messages whose type is known and whose content was checked. Bytes that are not well-formed, of an unknown
//! type, or invalid are known by their hash alone: nobody can say whom they name.

use crate::convert::{PARCELS, RESULTS, SALES};
use crate::xml::{BYTES_MAX, Event, Reader};
use sha2::{Digest, Sha256};
use zonebook_ledger::limits::ORIGINAL_BYTES_MAX;
use zonebook_ledger::message::{Content, Message};
use zonebook_ledger::original::Original;

/// How hard `zstd` tries: its own default.
const LEVEL: i32 = 3;
/// Types that are checked for well-formedness only and name no buyer.
const RECEIPTS: [&str; 2] = ["SAS223", "DEC_RESULT"];
/// The fewest bytes of a value that is looked for in the rest of the message: shorter ones occur by chance.
const SOUGHT_BYTES_MIN: usize = 6;

/// The bytes of a message in the form in which they are kept; `None` where they are not.
#[must_use]
pub fn keep(message: &Message, bytes: &[u8]) -> Option<Original> {
    let label = match &message.content {
        Content::Unreadable(_) => return None,
        Content::Invalid { label, .. } if names_buyers(&label.kind) => label,
        Content::Invalid { .. } => return None,
        Content::Keyed { label, .. } => label,
    };
    let kind = label.kind.as_str();
    if names_buyers(kind) {
        return kept(redacted(bytes)?.as_bytes(), true);
    }
    let known =
        crate::schema::Schema::of(kind).is_some() || RECEIPTS.contains(&kind) || RESULTS.contains(&kind);
    if known { kept(bytes, false) } else { None }
}

/// Whether messages of a type name who buys.
fn names_buyers(kind: &str) -> bool {
    kind == PARCELS || SALES.iter().any(|sales| sales.kind == kind)
}

fn kept(bytes: &[u8], redacted: bool) -> Option<Original> {
    let compressed = zstd::bulk::compress(bytes, LEVEL).ok()?;
    if compressed.len() > ORIGINAL_BYTES_MAX {
        return None;
    }
    let length = u64::try_from(bytes.len()).ok()?;
    Some(Original { kept_sha256: Sha256::digest(bytes).into(), length, redacted, compressed })
}

/// The bytes that were kept; `None` if they are not what was kept.
#[must_use]
pub fn bytes(original: &Original) -> Option<Vec<u8>> {
    let length = usize::try_from(original.length).ok().filter(|length| *length <= BYTES_MAX)?;
    let bytes = zstd::bulk::decompress(&original.compressed, length).ok()?;
    let sha256: [u8; 32] = Sha256::digest(&bytes).into();
    (sha256 == original.kept_sha256).then_some(bytes)
}

/// Whether an element of a parcel list holds personal data: who buys, who receives, how to reach them, and free text,
/// in which anything may stand.
fn is_personal(element: &str) -> bool {
    let element = element.to_ascii_lowercase();
    let begins = ["buyer", "consignee", "recipient", "receiver", "payer"];
    let holds = ["telephone", "mobile", "address", "idnumber", "email"];
    element != "buyeridtype"
        && (element == "note"
            || begins.iter().any(|part| element.starts_with(part))
            || holds.iter().any(|part| element.contains(part)))
}

/// A parcel list without personal data: elements that hold it are empty, what stood in them is taken out of the rest of
/// the text, comments and instructions are left out. `None` for what is not well-formed.
#[must_use]
pub fn redacted(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader::new(bytes).ok()?;
    let (mut out, mut sought) = (String::with_capacity(text.len()), Vec::new());
    let (mut copied, mut depth) = (0, 0_usize);
    // Where a personal element begins, its depth, its name with the prefix, and the text in it so far.
    let mut inside: Option<(usize, &str, String)> = None;
    loop {
        match reader.next_event().ok()? {
            Event::Start(tag) => {
                depth += 1;
                if inside.is_none() && is_personal(tag.local) {
                    let at = reader.offset();
                    out.push_str(text.get(copied..at)?);
                    inside = Some((depth, name_at(text, at)?, String::new()));
                }
            }
            Event::Text(piece) | Event::Cdata(piece) => {
                if let Some((_, _, value)) = &mut inside {
                    value.push_str(&piece);
                }
            }
            Event::End => {
                if let Some((began, name, value)) = inside.take_if(|(began, ..)| *began == depth) {
                    debug_assert_eq!(began, depth);
                    copied = end_of_tag(text, reader.offset())?;
                    out.push_str(&format!("<{name}></{name}>"));
                    sought.extend(
                        Some(value.trim().to_owned()).filter(|value| value.len() >= SOUGHT_BYTES_MIN),
                    );
                }
                depth = depth.checked_sub(1)?;
            }
            Event::Eof => break,
        }
    }
    out.push_str(text.get(copied..)?);
    sought.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
    sought.dedup();
    Some(without(&out, &sought))
}

/// The name of the element whose tag begins here, with its prefix.
fn name_at(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?.strip_prefix('<')?;
    rest.get(..rest.find([' ', '\t', '\r', '\n', '/', '>'])?)
}

/// Where the tag that begins here ends. A `>` inside of an attribute's value does not end it.
fn end_of_tag(text: &str, at: usize) -> Option<usize> {
    let mut quote = None;
    for (offset, byte) in text.get(at..)?.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return Some(at + offset + 1),
            _ => {}
        }
    }
    None
}

/// A well-formed text without comments and instructions, and with its character data free of some values.
fn without(text: &str, sought: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let cleaned = |piece: &str| {
        let mut piece = piece.to_owned();
        for value in sought {
            for form in [value.clone(), crate::write::escaped(value)] {
                if piece.contains(&form) {
                    piece = piece.replace(&form, "");
                }
            }
        }
        piece
    };
    while let Some(at) = rest.find('<') {
        let (before, markup) = rest.split_at(at);
        out.push_str(&cleaned(before));
        let (end, keeps) = if markup.starts_with("<!--") {
            (markup.find("-->").map(|end| end + 3), false)
        } else if markup.starts_with("<![CDATA[") {
            (markup.find("]]>").map(|end| end + 3), true)
        } else if markup.starts_with("<?") {
            (markup.find("?>").map(|end| end + 2), markup.starts_with("<?xml "))
        } else {
            (end_of_tag(markup, 0), true)
        };
        let (piece, after) = markup.split_at(end.unwrap_or(markup.len()));
        if keeps {
            let data = piece.starts_with("<![CDATA[");
            out.push_str(&if data { cleaned(piece) } else { piece.to_owned() });
        }
        rest = after;
    }
    out.push_str(&cleaned(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_leaves_its_elements_and_the_rest_of_the_text() {
        let text = r#"<?xml version="1.0"?><?who 110101199001011234?>
<c:CEB621Message xmlns:c="x" guid="G"><!-- 13800138000 -->
<c:buyerIdType>1</c:buyerIdType><c:buyerIdNumber a="110101199001011234>">110101199001011234</c:buyerIdNumber>
<c:buyerName><![CDATA[张三丰]]></c:buyerName><c:buyerTelephone>138001&#51;8000</c:buyerTelephone>
<c:consigneeAddress/><c:consignee><c:inner>Smith &amp; Sons</c:inner></c:consignee>
<c:gname>for 张三丰, Smith &amp; Sons, <![CDATA[call 13800138000]]></c:gname><c:note>anything</c:note>
</c:CEB621Message>"#;
        let clean = redacted(text.as_bytes()).unwrap();
        for personal in ["110101", "13800", "张三丰", "Smith", "anything", "&#51;"] {
            assert!(!clean.contains(personal), "{personal} in {clean}");
        }
        assert!(
            clean.contains("<c:buyerIdType>1</c:buyerIdType><c:buyerIdNumber></c:buyerIdNumber>"),
            "{clean}"
        );
        assert!(clean.contains("<c:gname>for , , <![CDATA[call ]]></c:gname>"), "{clean}");
        assert!(clean.contains("guid=\"G\""));
        assert_eq!(redacted(clean.as_bytes()).unwrap(), clean);
    }

    #[test]
    fn what_is_kept_comes_back() {
        let original = kept("<a>三</a>".as_bytes(), false).unwrap();
        assert_eq!(bytes(&original).unwrap(), "<a>三</a>".as_bytes());
        let other = Original { kept_sha256: [0; 32], ..original };
        assert_eq!(bytes(&other), None);
    }
}
