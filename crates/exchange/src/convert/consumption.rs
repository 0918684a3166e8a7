//! `CMB101`: a consumption slip, 耗料单 (`RULES.md` 13.1 to 13.3).

use super::fields::{Fields, all_texts, first_text, numbers};
use super::{Converted, Declaration};
use crate::convention::{self, CONSUMPTION_KIND, MARKS};
use crate::schema::Records;
use compact_str::CompactString;
use zonebook_ledger::code::{BookNo, ConsumptionNo, CustomsNo, ListNo, SerialNo, TariffCode, UnitCode};
use zonebook_ledger::document::{
    ConsumptionChange, ConsumptionFiling, ConsumptionVoid, Document, Residue, UsedMaterial,
};

const HEAD: &str = "SasCmbBsc";
const LIST: &str = "SasCmbInvt";
const MATERIAL: &str = "SasCmbImg";
const RESIDUE: &str = "SasCmbRbg";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    let head = ["cmbNo", "emsNo"].map(|field| first_text(records, HEAD, field));
    numbers(head.into_iter().chain(all_texts(records, LIST, "bondInvtNo")))
}

/// A consumption slip, its change or its end.
pub(super) fn document(records: &Records<'_>, bytes: &[u8]) -> Converted<Document> {
    let head = Fields::head(records, HEAD, bytes)?;
    let consumption_no = head.read("cmbNo", ConsumptionNo::new)?;
    match declared(&head)? {
        Declaration::File => filing(records, &head, bytes).map(Document::Consumption),
        Declaration::Change => {
            let change_no = head.number_or_zero("chgTmsCnt")?;
            let content = filing(records, &head, bytes)?;
            Ok(Document::ConsumptionChange(ConsumptionChange { change_no, content }))
        }
        Declaration::End => Ok(Document::ConsumptionVoid(ConsumptionVoid {
            consumption_no,
            change_no: head.number_or_zero("chgTmsCnt")?,
        })),
    }
}

fn filing(records: &Records<'_>, head: &Fields<'_, '_>, bytes: &[u8]) -> Converted<ConsumptionFiling> {
    Ok(ConsumptionFiling {
        consumption_no: head.read("cmbNo", ConsumptionNo::new)?,
        book_no: head.read("emsNo", BookNo::new)?,
        owner: head.read("bizopEtpsno", CustomsNo::new)?,
        declared_at: head.time("dclTime")?,
        part_swap: convention::part_swap(head.text(CONSUMPTION_KIND))
            .ok_or_else(|| head.wrong(CONSUMPTION_KIND, "1 or 2"))?,
        lots: Vec::new(),
        lists: each(records, LIST, bytes, |fields, _| fields.read("bondInvtNo", ListNo::new))?,
        materials: each(records, MATERIAL, bytes, material)?,
        residues: each(records, RESIDUE, bytes, residue)?,
        research: None,
    })
}

/// The declaration type may be nil here, and then files.
fn declared(head: &Fields<'_, '_>) -> Converted<Declaration> {
    if head.text("dclTypecd").is_empty() { Ok(Declaration::File) } else { super::declaration(head) }
}

/// Lines have no numbers of their own: their place counts, from 1.
fn each<'a, T>(
    records: &Records<'a>,
    name: &'static str,
    bytes: &'a [u8],
    read: impl Fn(&Fields<'_, '_>, u64) -> Converted<T>,
) -> Converted<Vec<T>> {
    let counted = records.all(name).zip(1..);
    counted.map(|(record, line)| read(&Fields::counted(record, Some(line), bytes), line)).collect()
}

fn material(fields: &Fields<'_, '_>, line: u64) -> Converted<UsedMaterial> {
    Ok(UsedMaterial {
        line,
        number: fields.reference("mtpckSeqno"),
        declared: fields.quantity("ucnsNetUseupQty")?,
    })
}

fn residue(fields: &Fields<'_, '_>, line: u64) -> Converted<Residue> {
    Ok(Residue {
        line,
        number: fields.reference("mtpckSeqno"),
        tariff_code: fields.read("gdecd", TariffCode::new)?,
        name: fields.owned("gdsNm")?,
        unit: fields.read("dclUnitcd", UnitCode::new)?,
        declared: fields.quantity("dclQty")?,
        serial: fields.read(MARKS, |text| SerialNo::optional(convention::serial(text)))?,
        kind: None,
        item: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};
    use zonebook_ledger::reason::Reason;

    const HEAD_VALUES: &[(&str, &str)] = &[
        ("cmbNo", "C99312600000000503"),
        ("cmTypecd", "2"),
        ("emsNo", "H99312600007"),
        ("bizopEtpsno", "99316B2711"),
        ("dclTime", "2026-06-09 10:09:41"),
    ];
    const RESIDUE_VALUES: &[(&str, &str)] = &[
        ("mtpckSeqno", "2"),
        ("gdecd", "8534009000"),
        ("gdsNm", "探头电路板"),
        ("dclUnitcd", "007"),
        ("dclQty", "1"),
    ];

    fn read(head: &[(&'static str, &str)], residue: &[(&'static str, &str)]) -> Converted<ConsumptionFiling> {
        let document = document(&message(head, residue), b"")?;
        let Document::Consumption(slip) = document else { panic!("{document:?}") };
        Ok(slip)
    }

    fn message(head: &[(&'static str, &str)], residue: &[(&'static str, &str)]) -> Records<'static> {
        rows(vec![
            record(HEAD, HEAD_VALUES, head),
            record(LIST, &[("bondInvtNo", "QD1")], &[]),
            record(MATERIAL, &[("mtpckSeqno", "2"), ("ucnsNetUseupQty", "2")], &[]),
            record(MATERIAL, &[("mtpckSeqno", "-2")], &[]),
            record(RESIDUE, RESIDUE_VALUES, &[("rmk", "SN=PRB432381")]),
            record(RESIDUE, RESIDUE_VALUES, residue),
        ])
    }

    #[test]
    fn lines_are_counted_and_what_is_missing_is_left_to_the_rules() {
        let slip = read(&[], &[("dclQty", "")]).unwrap();
        assert!(slip.part_swap);
        assert_eq!(slip.lists.len(), 1);
        let materials: Vec<_> = slip.materials.iter().map(|used| (used.line, used.number)).collect();
        assert_eq!(materials, [(1, 2), (2, 0)]);
        assert!(slip.materials[1].declared.is_zero());
        let serials: Vec<_> = slip.residues.iter().map(|part| (part.line, part.serial.clone())).collect();
        assert_eq!(serials, [(1, Some(SerialNo::new("PRB432381").unwrap())), (2, None)]);
        assert!(slip.residues[1].declared.is_zero());
    }

    #[test]
    fn use_and_swap_are_told_apart() {
        assert!(!read(&[("cmTypecd", "1")], &[]).unwrap().part_swap);
        for odd in ["3", ""] {
            refused(read(&[("cmTypecd", odd)], &[]), Reason::InvalidField, "cmTypecd", odd);
        }
        assert!(read(&[("dclTypecd", "1")], &[]).is_ok());
        refused(read(&[("dclTypecd", "4")], &[]), Reason::Unsupported, "dclTypecd", "4");
    }

    #[test]
    fn a_slip_is_changed_and_taken_back() {
        let changed = document(&message(&[("dclTypecd", "2"), ("chgTmsCnt", "1")], &[]), b"").unwrap();
        let Document::ConsumptionChange(changed) = changed else { panic!("{changed:?}") };
        assert_eq!((changed.change_no, changed.content), (1, read(&[], &[]).unwrap()));
        let void = document(&message(&[("dclTypecd", "3"), ("chgTmsCnt", "2")], &[]), b"").unwrap();
        let Document::ConsumptionVoid(void) = void else { panic!("{void:?}") };
        assert_eq!((void.consumption_no.as_str(), void.change_no), ("C99312600000000503", 2));
    }

    #[test]
    fn a_residue_that_the_ledger_cannot_take_is_named() {
        let refusal = refused(read(&[], &[("gdecd", "")]), Reason::InvalidField, "gdecd", "");
        assert_eq!(refusal.line, Some(2));
        let long = format!("SN={}", "9".repeat(65));
        refused(read(&[], &[("rmk", &long)]), Reason::InvalidField, "rmk", &long);
    }

    #[test]
    fn lists_and_book_are_named() {
        assert_eq!(names(&message(&[], &[])), ["C99312600000000503", "H99312600007", "QD1"]);
    }
}
