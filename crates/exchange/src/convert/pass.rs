//! `SAS121`: a gate pass.

use super::Converted;
use super::fields::{Fields, first_text, numbers};
use crate::convention::PASS_BOOK;
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{BookNo, DocumentNo, OfficeCode, PartNo, PassNo, UnitCode};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Binding, Document, LinkedType, PassFiling, PassLine, PassVoid, Weights};
use zonebook_ledger::error::CodeError;
use zonebook_ledger::reason::Reason;

const HEAD: &str = "SasPassportBsc";
const LINE: &str = "SasPassportDt";
/// What parts the numbers in `rltNo` (`RULES.md` 8.1).
const SEPARATORS: [char; 2] = ['\\', '/'];

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    let own = first_text(records, HEAD, "passportNo");
    let book = first_text(records, HEAD, PASS_BOOK);
    let linked = first_text(records, HEAD, "rltNo").split(SEPARATORS);
    numbers([own, book].into_iter().chain(linked))
}

/// A pass or its end; a pass is not changed but filed anew (`domain.md` 3.0).
pub(super) fn document(records: &Records<'_>, bytes: &[u8]) -> Converted<Document> {
    let head = Fields::head(records, HEAD, bytes)?;
    match head.text("dclTypecd") {
        "2" => Err(head.refuse(Reason::Unsupported, "dclTypecd", "1 or 3")),
        "3" => Ok(Document::PassVoid(PassVoid { pass_no: head.read("passportNo", PassNo::new)? })),
        _ => convert(&head, records, bytes).map(Document::Pass),
    }
}

fn convert(head: &Fields<'_, '_>, records: &Records<'_>, bytes: &[u8]) -> Converted<PassFiling> {
    Ok(PassFiling {
        pass_no: head.read("passportNo", PassNo::new)?,
        office: head.read("masterCuscd", OfficeCode::new)?,
        direction: head.read("ioTypecd", Direction::from_code)?,
        binding: head.read("bindTypecd", Binding::from_code)?,
        linked_type: head.read("rltTbTypecd", LinkedType::from_code)?,
        linked: head.read("rltNo", linked)?,
        book_no: head.optional(PASS_BOOK, BookNo::optional)?,
        vehicle_no: head.owned("vehicleNo")?,
        declared_at: head.time("dclTime")?,
        seal_no: None,
        weights: weights(head)?,
        lines: records.all(LINE).map(|record| line(record, bytes)).collect::<Converted<_>>()?,
    })
}

/// `None` where the message has none of them.
fn weights(head: &Fields<'_, '_>) -> Converted<Option<Weights>> {
    let read = |name| head.optional_quantity(name);
    let (vehicle, frame, container) = (read("vehicleWt")?, read("vehicleFrameWt")?, read("containerWt")?);
    let (goods, total) = (read("totalGrossWt")?, read("totalWt")?);
    let given = [vehicle, frame, container, goods, total].iter().any(Option::is_some);
    Ok(given.then(|| Weights {
        vehicle: vehicle.unwrap_or_default(),
        frame: frame.unwrap_or_default(),
        container: container.unwrap_or_default(),
        goods: goods.unwrap_or_default(),
        total: total.unwrap_or_default(),
    }))
}

fn linked(text: &str) -> Result<Vec<DocumentNo>, CodeError> {
    if text.is_empty() { Ok(Vec::new()) } else { text.split(SEPARATORS).map(DocumentNo::new).collect() }
}

fn line(record: &Record<'_>, bytes: &[u8]) -> Converted<PassLine> {
    let (fields, line) = Fields::line(record, "passportSeqno", bytes)?;
    Ok(PassLine {
        line,
        // What is no number from 0 names no line (`RULES.md` 8.2); on a bill of lading it does not matter.
        linked_line: fields.text("rltGdsSeqno").parse().ok(),
        part_no: fields.optional("gdsMtno", PartNo::optional)?,
        unit: fields.optional("dclUnitcd", UnitCode::optional)?,
        declared: fields.quantity("dclQty")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};

    #[test]
    fn a_message_files_or_takes_back_and_does_not_change() {
        let head: &[(&str, &str)] = &[
            ("passportNo", "P1"),
            ("masterCuscd", "9931"),
            ("ioTypecd", "E"),
            ("bindTypecd", "2"),
            ("rltTbTypecd", "1"),
            ("rltNo", "QD1"),
            ("dclTime", "2026-06-04 09:08:29"),
        ];
        let read = |kind: &str| document(&rows(vec![record(HEAD, head, &[("dclTypecd", kind)])]), b"");
        assert!(matches!(read("1"), Ok(Document::Pass(_))));
        let void = read("3").unwrap();
        assert!(matches!(void, Document::PassVoid(PassVoid { pass_no }) if pass_no.as_str() == "P1"));
        refused(read("2"), Reason::Unsupported, "dclTypecd", "2");
    }

    #[test]
    fn linked_numbers_are_parted_by_either_slash() {
        let numbers =
            |text| linked(text).map(|numbers| numbers.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(numbers(r"A\B/C").unwrap(), ["A", "B", "C"]);
        assert!(numbers("").unwrap().is_empty());
        assert!(numbers("A//B").is_err());
    }
}
