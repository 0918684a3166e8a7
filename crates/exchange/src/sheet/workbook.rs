//! The first sheet of an XLSX workbook as lines of text, as a CSV of it would be.

use super::SheetError;
use calamine::{Data, ExcelDateTime, Reader, Xlsx};
use csv::StringRecord;
use std::io::Cursor;
use zonebook_ledger::time::LocalTime;

/// A workbook is a ZIP archive.
const SIGNATURE: &[u8] = b"PK\x03\x04";

/// Days from 1899-12-30, the day 0 of a workbook, to 1970-01-01.
const DAYS_TO_1970: f64 = 25_569.0;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// Its lines with their numbers, from 1; lines without anything in them are left out, as in CSV.
pub(super) fn lines(file: &str, bytes: &[u8]) -> Result<Vec<(u64, StringRecord)>, SheetError> {
    let not_one = |problem: String| SheetError::NotWorkbook { file: file.to_owned(), problem };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| not_one(error.to_string()))?;
    let sheet = workbook.worksheet_range_at(0).ok_or_else(|| not_one("it has no sheet".into()))?;
    let sheet = sheet.map_err(|error| not_one(error.to_string()))?;
    let first = sheet.start().map_or(0, |(row, _)| u64::from(row));
    let mut lines = Vec::with_capacity(sheet.height());
    let mut width = None;
    for (number, cells) in (first.saturating_add(1)..).zip(sheet.rows()) {
        let mut record: Vec<String> = cells.iter().map(text).collect();
        // Cells that were formatted and left empty behind the head are no columns.
        match width {
            Some(width) => record.truncate(width),
            None => {
                while record.last().is_some_and(String::is_empty) {
                    record.pop();
                }
                width = Some(record.len());
            }
        }
        if record.iter().any(|cell| !cell.is_empty()) {
            lines.push((number, StringRecord::from(record)));
        }
    }
    Ok(lines)
}

/// A number as the shortest decimal text that reads back as it: what was typed, as long as it has no more than the fifteen
/// digits that a workbook keeps.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) => time(moment),
        Data::Error(error) => error.to_string(),
        #[allow(unreachable_patterns)]
        other => other.to_string(),
    }
}

fn time(moment: &ExcelDateTime) -> String {
    let seconds = (moment.as_f64() - DAYS_TO_1970) * 86_400.0;
    // A day of the year 9999 has fewer seconds than a float tells apart.
    #[allow(clippy::cast_possible_truncation)]
    let local = LocalTime(seconds.round() as i64);
    local.to_string()
}
