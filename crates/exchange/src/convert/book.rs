//! `BWS101`: a bonded logistics book.

use super::Converted;
use super::fields::{Fields, first_text, numbers};
use crate::convention::{self, BOOK_USAGE, BOOKING_MODE};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::{BookNo, CustomsNo, ListNo, LotNo, OfficeCode, PartNo, TariffCode, UnitCode};
use zonebook_ledger::direction::Stops;
use zonebook_ledger::document::{BookFiling, BookRow};
use zonebook_ledger::item::Units;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::ZoneKind;

const HEAD: &str = "BwsBsc";
const ROW: &str = "BwsDt";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers([first_text(records, HEAD, "bwsNo")])
}

pub(super) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<BookFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    let change_no = match head.text("dclTypecd") {
        "1" => None,
        "2" => Some(head.number("chgTmsCnt")?),
        _ => return Err(head.wrong("dclTypecd", "1 or 2")),
    };
    Ok(BookFiling {
        book_no: head.read("bwsNo", BookNo::new)?,
        change_no,
        office: head.read("masterCuscd", OfficeCode::new)?,
        zone_kind: head.read("bwlTypecd", ZoneKind::from_code)?,
        owner: head.read("bizopEtpsno", CustomsNo::new)?,
        usage: usage(&head)?,
        booking_mode: head.read(BOOKING_MODE, BookingMode::from_code)?,
        valid_until: head.read("finishValidDate", Date::parse)?,
        declared_at: head.time("dclTime")?,
        rows: records.all(ROW).map(|record| row(record, bytes)).collect::<Converted<_>>()?,
    })
}

/// Only books for storage are supported yet.
fn usage(head: &Fields<'_, '_>) -> Converted<Usage> {
    match convention::book_usage(head.text(BOOK_USAGE)) {
        Some(Usage::Store) => Ok(Usage::Store),
        Some(_) => Err(head.refuse(Reason::Unsupported, BOOK_USAGE, "USAGE=STORE")),
        None => Err(head.wrong(BOOK_USAGE, "USAGE=STORE")),
    }
}

fn row(record: &Record<'_>, bytes: &[u8]) -> Converted<BookRow> {
    let (row, number) = Fields::line(record, "gdsSeqno", bytes)?;
    // Zero is what a list says that names no row.
    if number == 0 {
        return Err(row.wrong("gdsSeqno", "a number from 1"));
    }
    Ok(BookRow {
        number,
        amended: matches!(row.text("modfMarkcd"), "1" | "3"),
        part_no: row.read("gdsMtno", PartNo::new)?,
        tariff_code: row.read("gdecd", TariffCode::new)?,
        name: row.owned("gdsNm"),
        units: units(&row)?,
        lot: lot(&row)?,
        opening_declared: row.quantity("inQty")?,
        opening_statutory1: row.quantity("inLawfQty")?,
        opening_statutory2: row.quantity("inSecdLawfQty")?,
        opening_value: row.amount("totalAmt")?,
        stops: Stops::from_execution_mark(row.text("cusmExeMarkcd")),
    })
}

/// The list and line that the row came in with, where the book keeps rows by receipt.
fn lot(row: &Fields<'_, '_>) -> Converted<Option<LotNo>> {
    match row.optional("invtNo", ListNo::optional)? {
        None => Ok(None),
        Some(list) => {
            let line = row.number("invtGNo")?;
            row.read("invtNo", |_| LotNo::of_receipt(&list, line)).map(Some)
        }
    }
}

/// The three units, called the same in books and lists.
pub(super) fn units(line: &Fields<'_, '_>) -> Converted<Units> {
    Ok(Units {
        declared: line.read("dclUnitcd", UnitCode::new)?,
        statutory1: line.read("lawfUnitcd", UnitCode::new)?,
        statutory2: line.optional("secdLawfUnitcd", UnitCode::optional)?,
    })
}
