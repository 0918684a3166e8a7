//! `SAS111`: a slip under a permit, 出入库单 (`RULES.md` 9.2).

use super::fields::{Fields, UNITS, first_text, numbers};
use super::{Converted, filing_only};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{PartNo, PermitNo, SlipNo, TariffCode};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{SlipFiling, SlipLine};

const HEAD: &str = "SasStockBsc";
const LINE: &str = "SasStockDt";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers(["sasStockNo", "sasDclNo"].map(|field| first_text(records, HEAD, field)))
}

pub(super) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<SlipFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    filing_only(&head)?;
    Ok(SlipFiling {
        slip_no: head.read("sasStockNo", SlipNo::new)?,
        permit_no: head.read("sasDclNo", PermitNo::new)?,
        direction: head.read("stockTypecd", Direction::from_code)?,
        declared_at: head.time("dclTime")?,
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
        convert(&rows(vec![record(HEAD, HEAD_VALUES, head), record(LINE, LINE_VALUES, line)]), b"")
    }

    #[test]
    fn what_is_not_a_filing_is_refused_by_name() {
        for other in ["2", "3", ""] {
            refused(read(&[("dclTypecd", other)], &[]), Reason::Unsupported, "dclTypecd", other);
        }
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
