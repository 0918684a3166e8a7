//! `SAS101`: a permit, 业务申报表 (`RULES.md` 9.1).

use super::fields::{Fields, first_text, numbers};
use super::{Converted, filing_only};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{BookNo, CustomsNo, OfficeCode, PermitNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{PermitFiling, PermitKind, PermitLine};
use zonebook_ledger::time::Date;

const HEAD: &str = "SasDclBsc";
const LINE: &str = "SasDclDt";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers(["sasDclNo", "areainOriactNo"].map(|field| first_text(records, HEAD, field)))
}

pub(super) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<PermitFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    filing_only(&head)?;
    Ok(PermitFiling {
        permit_no: head.read("sasDclNo", PermitNo::new)?,
        office: head.read("masterCuscd", OfficeCode::new)?,
        kind: head.read("businessTypecd", PermitKind::from_code)?,
        book_no: head.read("areainOriactNo", BookNo::new)?,
        owner: head.read("areainEtpsno", CustomsNo::new)?,
        valid_until: head.read("validTime", Date::parse)?,
        declared_at: head.time("dclTime")?,
        guarantee_no: head.owned("dpstLevyBlNo")?,
        exhibition_place: head.owned("exhibitionPlace")?,
        lines: records.all(LINE).map(|record| line(record, bytes)).collect::<Converted<_>>()?,
    })
}

fn line(record: &Record<'_>, bytes: &[u8]) -> Converted<PermitLine> {
    let (fields, line) = Fields::line(record, "sasDclSeqno", bytes)?;
    // Zero is what a slip says that names no line.
    if line == 0 {
        return Err(fields.wrong("sasDclSeqno", "a number from 1"));
    }
    Ok(PermitLine {
        line,
        mark: fields.read("mtpckEndprdTypecd", Mark::from_code)?,
        number: fields.reference("oriactGdsSeqno"),
        unit: fields.read("dclUnitcd", UnitCode::new)?,
        declared: fields.quantity("dclQty")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};
    use zonebook_ledger::reason::Reason;

    const HEAD_VALUES: &[(&str, &str)] = &[
        ("sasDclNo", "D99312606040000201"),
        ("masterCuscd", "9931"),
        ("dclTypecd", "1"),
        ("businessTypecd", "A"),
        ("areainOriactNo", "T9931W000001"),
        ("areainEtpsno", "99316B4910"),
        ("validTime", "2026-12-31"),
        ("dclTime", "2026-06-04 09:08:29"),
    ];
    const LINE_VALUES: &[(&str, &str)] = &[
        ("sasDclSeqno", "1"),
        ("mtpckEndprdTypecd", "I"),
        ("oriactGdsSeqno", "2"),
        ("dclUnitcd", "007"),
        ("dclQty", "1480"),
    ];

    fn read(head: &[(&'static str, &str)], line: &[(&'static str, &str)]) -> Converted<PermitFiling> {
        convert(&rows(vec![record(HEAD, HEAD_VALUES, head), record(LINE, LINE_VALUES, line)]), b"")
    }

    #[test]
    fn what_is_not_a_filing_is_refused_by_name() {
        assert!(read(&[], &[]).is_ok());
        for other in ["2", "3", ""] {
            refused(read(&[("dclTypecd", other)], &[]), Reason::Unsupported, "dclTypecd", other);
        }
    }

    #[test]
    fn what_the_rules_judge_is_left_to_them() {
        let line = read(&[], &[("dclQty", ""), ("oriactGdsSeqno", "-2")]).unwrap().lines.remove(0);
        assert!(line.declared.is_zero());
        assert_eq!(line.number, 0);
    }

    #[test]
    fn what_the_ledger_cannot_take_is_named() {
        refused(read(&[("businessTypecd", "X")], &[]), Reason::InvalidField, "businessTypecd", "X");
        refused(read(&[("validTime", "")], &[]), Reason::InvalidField, "validTime", "");
        refused(read(&[], &[("sasDclSeqno", "0")]), Reason::InvalidField, "sasDclSeqno", "0");
        // The schema allows any `xs:double`.
        for odd in ["1E3", "INF", "NaN"] {
            let refusal = refused(read(&[], &[("dclQty", odd)]), Reason::InvalidField, "dclQty", odd);
            assert_eq!(refusal.line, Some(1));
        }
        let long = "9".repeat(10_000);
        let refusal = *read(&[("dpstLevyBlNo", &long)], &[("dclQty", &long)]).unwrap_err();
        assert!(refusal.to_string().len() < 500, "{refusal}");
        let refusal = *read(&[], &[("dclQty", &long)]).unwrap_err();
        assert!(refusal.to_string().len() < 500, "{refusal}");
    }
}
