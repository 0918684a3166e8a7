//! Receipts of customs (`RULES.md` 2.2): checked for well-formedness only, so what is needed is looked for by name.
//!
//! A receipt without what it is known by is invalid; one with an odd value is known, and refused.

use super::Converted;
use super::fields::numbers;
use crate::message::{label, missing};
use crate::outline::{Found, Outline};
use crate::xml::Location;
use compact_str::CompactString;
use std::fmt::Display;
use zonebook_ledger::code::{DeclarationNo, PassNo};
use zonebook_ledger::document::{DeclarationNotice, Document, PassageReport, PassageStage};
use zonebook_ledger::message::{Content, Label};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::time::LocalTime;

/// The type of a report of the gate.
pub(crate) const PASSAGE: &str = "SAS223";
/// The root, and the type, of a notice about a declaration.
pub(crate) const NOTICE: &str = "DEC_RESULT";

const RESULT: &str = "HdeApprResult";
const PASS: &str = "SasPassportBsc";
/// The most bytes of a part of a key; what a receipt is known by is kept for ever.
pub(super) const KEY_PART_BYTES_MAX: usize = 128;

/// `SAS223`
pub(crate) fn passage(outline: &Outline<'_>, bytes: &[u8]) -> Content {
    let number = outline.text(RESULT, "businessId");
    let parts = [
        (RESULT, "businessId"),
        (RESULT, "tmsCnt"),
        (RESULT, "manageResult"),
        (RESULT, "manageDate"),
        ("PocketInfo", "cur_pocket_no"),
    ];
    keyed(outline, label(PASSAGE, number), &parts, number, || {
        let report = Receipt { outline, bytes };
        let stage = match report.text(PASS, "stucd")? {
            "3" => PassageStage::GateOne,
            "2" | "4" => PassageStage::Passed,
            _ => PassageStage::Other,
        };
        let passed_at = report.passed_at()?;
        if stage == PassageStage::Passed && passed_at.is_none() {
            return Err(report.wrong(PASS, "passTime", "the time of the passage"));
        }
        let pass_no = report.read(RESULT, "businessId", PassNo::new)?;
        // Only recorded (`RULES.md` 8.5), so an odd weight is no reason to refuse a passage.
        let collected = Quantity::parse(outline.text(PASS, "passCollectWt")).ok();
        Ok(Document::Passage(PassageReport { pass_no, stage, passed_at, collected }))
    })
}

/// `DEC_RESULT`
pub(crate) fn notice(outline: &Outline<'_>, bytes: &[u8]) -> Content {
    let number = outline.text(NOTICE, "ENTRY_ID");
    let parts = ["CUS_CIQ_NO", "ENTRY_ID", "CHANNEL", "NOTICE_DATE"].map(|name| (NOTICE, name));
    keyed(outline, label(NOTICE, number), &parts, number, || {
        let notice = Receipt { outline, bytes };
        let channel = notice.text(NOTICE, "CHANNEL")?;
        if channel.is_empty() {
            return Err(notice.wrong(NOTICE, "CHANNEL", "a channel"));
        }
        Ok(Document::Notice(DeclarationNotice {
            declaration_no: notice.read(NOTICE, "ENTRY_ID", DeclarationNo::new)?,
            releases: matches!(channel, "P" | "R"),
            channel: channel.into(),
            noticed_at: notice.read(NOTICE, "NOTICE_DATE", LocalTime::parse)?,
        }))
    })
}

/// Finds the key of `RULES.md` 2.5, then the document.
pub(super) fn keyed(
    outline: &Outline<'_>,
    label: Label,
    parts: &[(&str, &str)],
    number: &str,
    document: impl FnOnce() -> Converted<Document>,
) -> Content {
    let mut key = CompactString::new(&label.kind);
    for (at, (around, name)) in parts.iter().enumerate() {
        let Some(found) = outline.value(around, name) else { return missing(label, name) };
        if found.text.len() > KEY_PART_BYTES_MAX {
            let refusal = Refusal::new(Reason::SchemaInvalid)
                .field(name, crate::excerpt(found.text))
                .expected(format!("at most {KEY_PART_BYTES_MAX} bytes"));
            return Content::Invalid { label, refusal: Box::new(refusal) };
        }
        key.push(if at == 0 { ':' } else { '|' });
        // A separator inside of a part must not make two keys one.
        key.push_str(&found.text.replace('\\', r"\\").replace('|', r"\|"));
    }
    let document = document().map(Box::new);
    Content::Keyed { label, key, filed: false, document, names: numbers([number]) }
}

/// A receipt whose values are looked for by name.
pub(super) struct Receipt<'o, 'a> {
    pub(super) outline: &'o Outline<'a>,
    pub(super) bytes: &'a [u8],
}

impl<'o> Receipt<'o, '_> {
    pub(super) fn text(&self, around: &str, name: &str) -> Converted<&'o str> {
        self.outline
            .value(around, name)
            .map(|found| found.text)
            .ok_or_else(|| self.wrong(around, name, format_args!("the element {name}")))
    }

    pub(super) fn read<T, E: Display>(
        &self,
        around: &str,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Converted<T> {
        read(self.text(around, name)?).map_err(|error| self.wrong(around, name, error))
    }

    /// `secdPassTime` where given, else `passTime` (`RULES.md` 8.4).
    fn passed_at(&self) -> Converted<Option<LocalTime>> {
        for name in ["secdPassTime", "passTime"] {
            if !self.outline.text(PASS, name).is_empty() {
                return self.read(PASS, name, LocalTime::parse).map(Some);
            }
        }
        Ok(None)
    }

    fn wrong(&self, around: &str, name: &str, rule: impl Display) -> Box<Refusal> {
        let found = self.outline.value(around, name);
        let text = found.map_or("", |found| found.text);
        let refusal = Refusal::new(Reason::InvalidField).field(name, crate::excerpt(text)).expected(rule);
        Box::new(match found {
            Some(Found { offset, .. }) => {
                refusal.at(format!("{}, {around}/{name}", Location::of(self.bytes, offset)))
            }
            None => refusal,
        })
    }
}
