//! A statement as a workbook of one sheet.

use super::StatementFileError;
use super::record::{self, COLUMNS, Cell, Record};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use zonebook_ledger::time::UtcOffset;
use zonebook_reconcile::statement::{Head, Piece, Section};

/// Rows of a sheet.
const ROWS_MAX: u32 = 1_048_576;
/// A workbook keeps numbers as binary floating point: whole up to this many digits.
const DIGITS_EXACT: usize = 15;

pub(super) struct Sheet {
    head: Head,
    utc_offset: UtcOffset,
    workbook: Workbook,
    next: u32,
    bold: Format,
}

fn failed(error: impl std::fmt::Display) -> StatementFileError {
    StatementFileError::Library(error.to_string())
}

impl Sheet {
    pub(super) fn new(head: &Head, utc_offset: UtcOffset) -> Result<Self, StatementFileError> {
        let mut workbook = Workbook::new();
        // Without it the library writes the time of the clock.
        let (year, month, day) = utc_offset.local(head.ledger_time).date().civil();
        let created = ExcelDateTime::from_ymd(
            u16::try_from(year).unwrap_or(1900),
            u8::try_from(month).unwrap_or(1),
            u8::try_from(day).unwrap_or(1),
        );
        let properties = DocProperties::new().set_title("对账单 Statement");
        workbook.set_properties(&properties.set_creation_datetime(&created.map_err(failed)?));
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet();
        let mut begin = || -> Result<(), XlsxError> {
            sheet.set_name("对账单")?;
            sheet.set_freeze_panes(1, 0)?;
            let heads = Format::new().set_bold().set_align(FormatAlign::Center).set_text_wrap();
            for (column, (_, shown)) in (0..).zip(COLUMNS) {
                sheet.write_string_with_format(0, column, shown, &heads)?;
                sheet.set_column_width(column, width(shown))?;
            }
            Ok(())
        };
        begin().map_err(failed)?;
        let mut started = Self { head: head.clone(), utc_offset, workbook, next: 1, bold };
        for row in record::heads(head, utc_offset) {
            started.write(&row, true)?;
        }
        Ok(started)
    }

    pub(super) fn take(&mut self, section: &Section, piece: &Piece) -> Result<(), StatementFileError> {
        let row = record::record(&self.head, section, piece, self.utc_offset);
        self.write(&row, !matches!(piece, Piece::Row(_)))
    }

    pub(super) fn finish(mut self: Box<Self>) -> Result<Vec<u8>, StatementFileError> {
        self.workbook.save_to_buffer().map_err(failed)
    }

    fn write(&mut self, row: &Record, strong: bool) -> Result<(), StatementFileError> {
        if self.next >= ROWS_MAX {
            return Err(StatementFileError::TooManyRows { rows_max: ROWS_MAX });
        }
        let plain = Format::default();
        let format = if strong { &self.bold } else { &plain };
        let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
        for (column, cell) in (0..).zip(&row.0) {
            let written = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => sheet.write_string_with_format(self.next, column, text.as_str(), format),
                Cell::Count(count) => match number(&count.to_string()) {
                    Some(number) => sheet.write_number_with_format(self.next, column, number, format),
                    None => sheet.write_string_with_format(self.next, column, count.to_string(), format),
                },
                Cell::Amount(amount) => match number(&amount.to_string()) {
                    Some(number) => sheet.write_number_with_format(self.next, column, number, format),
                    None => sheet.write_string_with_format(self.next, column, amount.to_string(), format),
                },
            };
            written.map_err(failed)?;
        }
        self.next += 1;
        Ok(())
    }
}

/// A figure as a number of a workbook, where none of its digits is lost; otherwise it is written as a text.
fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.parse().ok().filter(|_| digits <= DIGITS_EXACT)
}

/// Wide enough for the head and for what mostly stands under it.
fn width(shown: &str) -> f64 {
    let wide = shown.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u32>();
    f64::from(wide.clamp(10, 24))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zonebook_ledger::quantity::Quantity;

    #[test]
    fn what_a_number_of_a_workbook_cannot_hold_stays_a_text() {
        for (text, exact) in [("0.1", true), ("1234567890.12345", true), ("12345678901.12345", false)] {
            let amount = Quantity::parse(text).unwrap();
            assert_eq!(number(&amount.to_string()).is_some(), exact, "{text}");
        }
    }
}
