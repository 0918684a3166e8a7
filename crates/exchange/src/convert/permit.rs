//! `SAS101`: a permit, 业务申报表 (`RULES.md` 9.1).

use super::fields::{Fields, first_text, numbers};
use super::{Converted, Declaration, declaration};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::code::{BookNo, CustomsNo, OfficeCode, PermitNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    Document, PermitBomLine, PermitClosing, PermitFiling, PermitKind, PermitLine,
};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

const HEAD: &str = "SasDclBsc";
const LINE: &str = "SasDclDt";
const BOM: &str = "SasDclUcnsDt";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers(["sasDclNo", "areainOriactNo"].map(|field| first_text(records, HEAD, field)))
}

/// A permit, its change or its end. What stays outside at the end is not in any message: it is for customs to decide.
pub(super) fn document(records: &Records<'_>, bytes: &[u8]) -> Converted<Document> {
    let head = Fields::head(records, HEAD, bytes)?;
    let change_no = || head.number_or_zero("chgTmsCnt");
    Ok(match declaration(&head)? {
        Declaration::File => Document::Permit(convert(&head, None, records, bytes)?),
        Declaration::Change => Document::Permit(convert(&head, Some(change_no()?), records, bytes)?),
        Declaration::End => Document::PermitClosing(PermitClosing {
            permit_no: head.read("sasDclNo", PermitNo::new)?,
            change_no: change_no()?,
            left: Vec::new(),
        }),
    })
}

fn convert(
    head: &Fields<'_, '_>,
    change_no: Option<u64>,
    records: &Records<'_>,
    bytes: &[u8],
) -> Converted<PermitFiling> {
    Ok(PermitFiling {
        permit_no: head.read("sasDclNo", PermitNo::new)?,
        change_no,
        office: head.read("masterCuscd", OfficeCode::new)?,
        kind: head.read("businessTypecd", PermitKind::from_code)?,
        book_no: head.read("areainOriactNo", BookNo::new)?,
        owner: head.read("areainEtpsno", CustomsNo::new)?,
        valid_until: head.read("validTime", Date::parse)?,
        declared_at: head.time("dclTime")?,
        guarantee_no: head.owned("dpstLevyBlNo")?,
        guarantee_amount: Quantity::ZERO,
        exhibition_place: head.owned("exhibitionPlace")?,
        lines: records.all(LINE).map(|record| line(record, bytes)).collect::<Converted<_>>()?,
        bom: bom(records, bytes)?,
    })
}

fn bom(records: &Records<'_>, bytes: &[u8]) -> Converted<Vec<PermitBomLine>> {
    let read = |(at, record)| {
        let fields = Fields::counted(record, Some(at), bytes);
        Ok(PermitBomLine {
            product_line: fields.reference("endprdSeqno"),
            material_line: fields.reference("mtpckSeqno"),
            net: fields.factor_or_zero("netUseupQty")?,
            loss: fields.factor_or_zero("lossRate")?,
        })
    };
    (1..).zip(records.all(BOM)).map(read).collect()
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
        match message(head, line, &[])? {
            Document::Permit(filing) => Ok(filing),
            other => panic!("{other:?}"),
        }
    }

    fn message(
        head: &[(&'static str, &str)],
        line: &[(&'static str, &str)],
        bom: &[(&'static str, &str)],
    ) -> Converted<Document> {
        let mut all = vec![record(HEAD, HEAD_VALUES, head), record(LINE, LINE_VALUES, line)];
        all.extend((!bom.is_empty()).then(|| record(BOM, bom, &[])));
        document(&rows(all), b"")
    }

    #[test]
    fn a_message_files_changes_or_closes_and_nothing_else() {
        assert_eq!(read(&[], &[]).unwrap().change_no, None);
        let changed = read(&[("dclTypecd", "2"), ("chgTmsCnt", "3")], &[]).unwrap();
        assert_eq!(changed.change_no, Some(3));
        let closed = message(&[("dclTypecd", "3"), ("chgTmsCnt", "4")], &[], &[]).unwrap();
        let Document::PermitClosing(closed) = closed else { panic!("{closed:?}") };
        assert_eq!((closed.permit_no.as_str(), closed.change_no), ("D99312606040000201", 4));
        assert!(closed.left.is_empty());
        for other in ["0", "22", ""] {
            refused(read(&[("dclTypecd", other)], &[]), Reason::Unsupported, "dclTypecd", other);
        }
    }

    #[test]
    fn unit_consumption_is_read_with_its_nine_decimals() {
        let bom =
            [("endprdSeqno", "2"), ("mtpckSeqno", "1"), ("netUseupQty", "0.123456789"), ("lossRate", "2.5")];
        let Document::Permit(filing) = message(&[("businessTypecd", "B")], &[], &bom).unwrap() else {
            panic!()
        };
        let [part] = filing.bom[..] else { panic!("{:?}", filing.bom) };
        assert_eq!((part.product_line, part.material_line), (2, 1));
        assert_eq!((part.net.to_string(), part.loss.to_string()), ("0.123456789".into(), "2.5".into()));
        let odd = [("netUseupQty", "1E3")];
        refused(message(&[], &[], &odd), Reason::InvalidField, "netUseupQty", "1E3");
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
