//! `BWS101`: a bonded logistics book.

use super::{amended, change_no, row_number, usage};
use crate::convention::{self, BOOKING_MODE, MARKS};
use crate::convert::Converted;
use crate::convert::fields::{Fields, UNITS, first_text, numbers};
use crate::schema::{Record, Records};
use compact_str::CompactString;
use zonebook_ledger::book::{BookKind, BookingMode};
use zonebook_ledger::code::{BookNo, CustomsNo, ListNo, LotNo, OfficeCode, PartNo, SerialNo, TariffCode};
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::{BookFiling, BookRow};
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::ZoneKind;

const HEAD: &str = "BwsBsc";
const ROW: &str = "BwsDt";

pub(crate) fn names(records: &Records<'_>) -> Vec<CompactString> {
    numbers([first_text(records, HEAD, "bwsNo")])
}

pub(crate) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<BookFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    Ok(BookFiling {
        change_no: change_no(&head)?,
        book_no: head.read("bwsNo", BookNo::new)?,
        kind: BookKind::Logistics,
        office: head.read("masterCuscd", OfficeCode::new)?,
        zone_kind: Some(head.read("bwlTypecd", ZoneKind::from_code)?),
        owner: head.read("bizopEtpsno", CustomsNo::new)?,
        usage: usage(&head)?,
        regime: None,
        booking_mode: head.read(BOOKING_MODE, BookingMode::from_code)?,
        valid_until: head.read("finishValidDate", Date::parse)?,
        declared_at: head.time("dclTime")?,
        rows: records.all(ROW).map(|record| row(record, bytes)).collect::<Converted<_>>()?,
        bom: Vec::new(),
    })
}

fn row(record: &Record<'_>, bytes: &[u8]) -> Converted<BookRow> {
    let (row, number) = Fields::line(record, "gdsSeqno", bytes)?;
    Ok(BookRow {
        mark: Mark::Goods,
        number: row_number(&row, number)?,
        amended: amended(&row),
        part_no: row.read("gdsMtno", PartNo::new)?,
        tariff_code: row.read("gdecd", TariffCode::new)?,
        name: row.owned("gdsNm")?,
        units: row.units(UNITS)?,
        lot: lot(&row)?,
        serial: row.read(MARKS, |text| SerialNo::optional(convention::serial(text)))?,
        tracked_by_serial: false,
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
