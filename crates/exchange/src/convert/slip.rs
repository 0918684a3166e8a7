//! `SAS111`: a slip under a permit, 出入库单 (`RULES.md` 9.2).

use super::fields::{Fields, UNITS, first_text, numbers};
use super::{Converted, Declaration, declaration};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{PartNo, PermitNo, SlipNo, TariffCode};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Document, SlipFiling, SlipLine, SlipVoid};

const HEAD: &str = "SasStockBsc";
const LINE: &str = "SasStockDt";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers(["sasStockNo", "sasDclNo", "rltSasStockNo"].map(|field| first_text(records, HEAD, field)))
}

/// A slip, its change or its end.
pub(super) fn document(records: &Records<'_>, bytes: &[u8]) -> Converted<Document> {
    let head = Fields::head(records, HEAD, bytes)?;
    let change_no = || head.number_or_zero("chgTmsCnt");
    Ok(match declaration(&head)? {
        Declaration::File => Document::Slip(convert(&head, None, records, bytes)?),
        Declaration::Change => Document::Slip(convert(&head, Some(change_no()?), records, bytes)?),
        Declaration::End => Document::SlipVoid(SlipVoid {
            slip_no: head.read("sasStockNo", SlipNo::new)?,
            change_no: change_no()?,
        }),
    })
}

fn convert(
    head: &Fields<'_, '_>,
    change_no: Option<u64>,
    records: &Records<'_>,
    bytes: &[u8],
) -> Converted<SlipFiling> {
    Ok(SlipFiling {
        slip_no: head.read("sasStockNo", SlipNo::new)?,
        change_no,
        permit_no: head.read("sasDclNo", PermitNo::new)?,
        direction: head.read("stockTypecd", Direction::from_code)?,
        declared_at: head.time("dclTime")?,
        related_slip: head.optional("rltSasStockNo", SlipNo::optional)?,
        levy_amount: head.amount("levyBlAmt")?,
        lots: Vec::new(),
        lines: records.all(LINE).map(|record| line(record, bytes)).collect::<Converted<_>>()?,
    })
}

fn line(record: &Record<'_>, bytes: &[u8]) -> Converted<SlipLine> {
    let (fields, line) = Fields::line(record, "sasStockSeqno", bytes)?;
    Ok(SlipLine {
        line,
        permit_line: fields.reference("sasDclSeqno"),
        number: fields.reference("oriactGdsSeqno"),
        part_no: fields.read("gdsMtno", PartNo::new)?,
        tariff_code: fields.read("gdecd", TariffCode::new)?,
        name: fields.owned("gdsNm")?,
        units: fields.units(UNITS)?,
        declared: fields.quantity("dclQty")?,
        statutory1: fields.quantity("lawfQty")?,
        // The schema lets no number be left out: nothing is written as zero (`RULES.md` 2.8).
        statutory2: fields.positive_quantity("secdLawfQty")?,
        value_usd: fields.amount("usdStatTotalAmt")?,
        // Zero is what a line says that names none.
        related_line: Some(fields.reference("rltStockSeqno")).filter(|line| *line > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};
    use zonebook_ledger::quantity::Quantity;
    use zonebook_ledger::reason::Reason;

    const HEAD_VALUES: &[(&str, &str)] = &[
        ("sasStockNo", "X9931E260605000031"),
        ("dclTypecd", "1"),
        ("sasDclNo", "D99312606040000201"),
        ("stockTypecd", "E"),
        ("dclTime", "2026-06-05 09:08:29"),
    ];
    const LINE_VALUES: &[(&str, &str)] = &[
        ("sasStockSeqno", "1"),
        ("sasDclSeqno", "1"),
        ("oriactGdsSeqno", "2"),
        ("gdsMtno", "MCU-0417"),
        ("gdecd", "8542319001"),
        ("dclUnitcd", "007"),
        ("lawfUnitcd", "007"),
        ("secdLawfUnitcd", "054"),
        ("lawfQty", "444"),
        ("secdLawfQty", "0.444"),
        ("dclQty", "444"),
    ];

    fn read(head: &[(&'static str, &str)], line: &[(&'static str, &str)]) -> Converted<SlipFiling> {
        match message(head, line)? {
            Document::Slip(filing) => Ok(filing),
            other => panic!("{other:?}"),
        }
    }

    fn message(head: &[(&'static str, &str)], line: &[(&'static str, &str)]) -> Converted<Document> {
        document(&rows(vec![record(HEAD, HEAD_VALUES, head), record(LINE, LINE_VALUES, line)]), b"")
    }

    #[test]
    fn a_message_files_changes_or_takes_back_and_nothing_else() {
        assert_eq!(read(&[], &[]).unwrap().change_no, None);
        let changed = read(&[("dclTypecd", "2"), ("chgTmsCnt", "1")], &[]).unwrap();
        assert_eq!(changed.change_no, Some(1));
        let void = message(&[("dclTypecd", "3"), ("chgTmsCnt", "2")], &[]).unwrap();
        let Document::SlipVoid(void) = void else { panic!("{void:?}") };
        assert_eq!((void.slip_no.as_str(), void.change_no), ("X9931E260605000031", 2));
        for other in ["4", "22", ""] {
            refused(read(&[("dclTypecd", other)], &[]), Reason::Unsupported, "dclTypecd", other);
        }
    }

    #[test]
    fn what_comes_back_names_what_went_out() {
        let read = |head: &[(&'static str, &str)], line: &[(&'static str, &str)]| {
            let filing = read(head, line).unwrap();
            (filing.related_slip.map(|slip| slip.to_string()), filing.lines[0].related_line)
        };
        assert_eq!(read(&[], &[]), (None, None));
        assert_eq!(read(&[("rltSasStockNo", "")], &[("rltStockSeqno", "0")]), (None, None));
        assert_eq!(read(&[("rltSasStockNo", "X1")], &[("rltStockSeqno", "2")]), (Some("X1".into()), Some(2)));
    }

    #[test]
    fn a_second_statutory_quantity_of_nothing_is_none() {
        let second = |text| read(&[], &[("secdLawfQty", text)]).unwrap().lines.remove(0).statutory2;
        assert_eq!(second("0.444"), Some(Quantity::parse("0.444").unwrap()));
        assert_eq!([second("0"), second("0.0"), second("-1"), second("")], [None; 4]);
    }

    #[test]
    fn what_names_nothing_is_left_to_the_rules() {
        let line = read(&[], &[("sasDclSeqno", "-1"), ("oriactGdsSeqno", "")]).unwrap().lines.remove(0);
        assert_eq!((line.permit_line, line.number), (0, 0));
    }

    #[test]
    fn names_are_not_longer_than_in_other_messages() {
        let refusal = *read(&[], &[("gdsNm", &"名".repeat(513))]).unwrap_err();
        assert_eq!((refusal.field.as_deref(), refusal.line), (Some("gdsNm"), Some(1)), "{refusal}");
        assert!(read(&[], &[("gdsNm", &"名".repeat(512))]).is_ok());
        refused(read(&[("stockTypecd", "")], &[]), Reason::InvalidField, "stockTypecd", "");
    }
}
