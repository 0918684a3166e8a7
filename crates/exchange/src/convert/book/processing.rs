//! `EMS111`: a processing book and its kin (`RULES.md` 4.3).

use super::{amended, bom, change_no, row_number, usage};
use crate::convention::{self, MARKS};
use crate::convert::Converted;
use crate::convert::fields::{Fields, UNITS, first_text, numbers};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::book::{BookKind, BookingMode};
use zonebook_ledger::code::{BookNo, CustomsNo, OfficeCode, PartNo, TariffCode};
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::{BookFiling, BookRow};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

const HEAD: &str = "EmsPutrecBsc";
const ROW: &str = "EmsPutrecDt";

pub(crate) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers([first_text(records, HEAD, "emsNo")])
}

pub(crate) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<BookFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    Ok(BookFiling {
        change_no: change_no(&head)?,
        book_no: head.read("emsNo", BookNo::new)?,
        kind: BookKind::Processing,
        office: head.read("masterCuscd", OfficeCode::new)?,
        zone_kind: None,
        owner: head.read("bizopEtpsno", CustomsNo::new)?,
        usage: usage(&head)?,
        regime: None,
        booking_mode: BookingMode::Accumulating,
        valid_until: head.read("finishValidDate", Date::parse)?,
        declared_at: head.time("dclTime")?,
        rows: records.all(ROW).map(|record| row(record, bytes)).collect::<Converted<_>>()?,
        bom: bom::rows(records, bytes)?,
    })
}

fn row(record: &Record<'_>, bytes: &[u8]) -> Converted<BookRow> {
    let (row, number) = Fields::line(record, "gdsSeqno", bytes)?;
    Ok(BookRow {
        mark: mark(&row)?,
        number: row_number(&row, number)?,
        amended: amended(&row),
        part_no: row.read("gdsMtno", PartNo::new)?,
        tariff_code: row.read("gdecd", TariffCode::new)?,
        name: row.owned("gdsNm")?,
        units: row.units(UNITS)?,
        lot: None,
        serial: None,
        tracked_by_serial: convention::tracked_by_serial(row.text(MARKS)),
        opening_declared: row.quantity("vclrPridInitQty")?,
        // What is not said follows from the declared quantity (`RULES.md` 3.6).
        opening_statutory1: Quantity::ZERO,
        opening_statutory2: Quantity::ZERO,
        opening_value: Quantity::ZERO,
        stops: Stops::from_execution_mark(row.text("cusmExeMarkcd")),
    })
}

/// Materials and products are filed; residues become items when they are made (`RULES.md` 13.2).
fn mark(row: &Fields<'_, '_>) -> Converted<Mark> {
    match row.text("mtpckEndprdTypecd") {
        "I" => Ok(Mark::Goods),
        "E" => Ok(Mark::Product),
        _ => Err(row.wrong("mtpckEndprdTypecd", "I or E")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};
    use zonebook_ledger::reason::Reason;

    const HEAD_VALUES: &[(&str, &str)] = &[
        ("emsNo", "H1"),
        ("masterCuscd", "9931"),
        ("bizopEtpsno", "99316B6090"),
        ("dclTypecd", "1"),
        ("finishValidDate", "2027-12-31"),
        ("dclTime", "2026-06-01 08:30:43"),
        ("rmk", "USAGE=REPAIR"),
    ];
    const ROW_VALUES: &[(&str, &str)] = &[
        ("gdsSeqno", "1"),
        ("mtpckEndprdTypecd", "I"),
        ("gdsMtno", "PCB-4L"),
        ("gdecd", "8534001000"),
        ("dclUnitcd", "007"),
        ("lawfUnitcd", "007"),
    ];

    fn read(head: &[(&'static str, &str)], row: &[(&'static str, &str)]) -> Converted<BookFiling> {
        convert(&rows(vec![record(HEAD, HEAD_VALUES, head), record(ROW, ROW_VALUES, row)]), b"")
    }

    #[test]
    fn a_book_accumulates_and_leaves_its_zone_to_the_office() {
        let book =
            read(&[], &[("rmk", "SERIAL=1"), ("vclrPridInitQty", "12.5"), ("cusmExeMarkcd", "6")]).unwrap();
        assert_eq!((book.kind, book.booking_mode), (BookKind::Processing, BookingMode::Accumulating));
        assert_eq!((book.zone_kind, book.change_no), (None, None));
        let row = &book.rows[0];
        assert!(row.tracked_by_serial && row.stops.outward && !row.amended);
        assert_eq!(row.opening_declared, Quantity::parse("12.5").unwrap());
        assert!(row.opening_statutory1.is_zero() && row.opening_statutory2.is_zero());
        assert!(read(&[], &[]).unwrap().rows[0].opening_declared.is_zero());
    }

    #[test]
    fn a_change_names_its_number() {
        let head = [("dclTypecd", "2"), ("chgTmsCnt", "3")];
        let book = read(&head, &[("modfMarkcd", "1")]).unwrap();
        assert_eq!(book.change_no, Some(3));
        assert!(book.rows[0].amended);
        refused(read(&[("dclTypecd", "2")], &[]), Reason::InvalidField, "chgTmsCnt", "");
        refused(read(&[("dclTypecd", "3")], &[]), Reason::InvalidField, "dclTypecd", "3");
    }

    #[test]
    fn what_the_ledger_cannot_take_is_named_with_its_row() {
        let wrong = |field, value| refused(read(&[], &[(field, value)]), Reason::InvalidField, field, value);
        assert_eq!(wrong("gdsSeqno", "0").line, Some(0));
        assert_eq!(wrong("mtpckEndprdTypecd", "R").line, Some(1));
        wrong("mtpckEndprdTypecd", "");
        wrong("vclrPridInitQty", "0.000001");
        wrong("dclUnitcd", "");
        refused(read(&[("rmk", "USAGE=GARAGE")], &[]), Reason::InvalidField, "rmk", "USAGE=GARAGE");
        refused(read(&[("rmk", "")], &[]), Reason::InvalidField, "rmk", "");
        refused(read(&[("finishValidDate", "")], &[]), Reason::InvalidField, "finishValidDate", "");
    }
}
