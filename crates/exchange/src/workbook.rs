//! XLSX workbooks out: one sheet with a head. The same rows give the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// A workbook with one sheet; all cells are text, so that long numbers and leading zeros stay as they are.
///
/// # Errors
/// The sheet has more rows or longer texts than a workbook takes.
pub fn write<'a>(
    sheet: &str,
    head: &[&str],
    rows: impl IntoIterator<Item = &'a [String]>,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Else it would bear the time at which it was written.
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&never));
    let page = workbook.add_worksheet().set_name(sheet)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(head) {
        page.write_string_with_format(0, column, *name, &bold)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            page.write_string(row, column, cell)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}
