//! What was counted: `count.csv` (`RULES.md` 14.4), and count sheets as they come back filled in.

use crate::sheet::{self, Columns, Row, SheetError};
use zonebook_ledger::code::{BomVersion, BookNo, CountArea, LotNo, SerialNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{CountLine, CountPlace};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;
use zonebook_reconcile::count::CountedGoods;

/// The columns of a count.
pub const COLUMNS: &[&str] = &["book", "kind", "item", "serial", "unit", "counted"];

/// What a count sheet may have besides. The last ones are for whoever counts, and are not read.
pub const SHEET_COLUMNS: &[&str] = &[
    "place",
    "lot",
    "area",
    "bom_version",
    "counted_at",
    "part_no",
    "name",
    "round",
    "verdict",
    "cause",
    "book_quantity",
];

/// Reads a count.
///
/// # Errors
/// Names file, line, column and value.
pub fn counted(file: &str, bytes: &[u8]) -> Result<Vec<CountedGoods>, SheetError> {
    sheet::read(file, bytes, COLUMNS, |row| {
        Ok(CountedGoods {
            book_no: row.read("book", BookNo::new)?,
            mark: row.read("kind", Mark::from_code)?,
            number: row.read("item", str::parse)?,
            serial: row.optional("serial", SerialNo::new)?,
            unit: row.read("unit", UnitCode::new)?,
            declared: row.read("counted", Quantity::parse)?,
            statutory1: None,
            statutory2: None,
        })
    })
}

/// Reads the lines of a count sheet, each with its book. Lines in which nothing was written as counted are left out: they
/// were not counted, while `0` was. A line bears the number of its line in the file.
///
/// # Errors
/// Names file, line, column and value.
pub fn lines(file: &str, bytes: &[u8]) -> Result<Vec<(BookNo, CountLine)>, SheetError> {
    let columns = Columns { required: COLUMNS, optional: SHEET_COLUMNS };
    let lines = sheet::read_some(file, bytes, columns, |row| {
        if row.text("counted").is_empty() { Ok(None) } else { line(row).map(Some) }
    })?;
    Ok(lines.into_iter().flatten().collect())
}

fn line(row: &Row<'_>) -> Result<(BookNo, CountLine), SheetError> {
    let line = CountLine {
        line: row.line(),
        mark: row.read("kind", Mark::from_code)?,
        number: row.read("item", str::parse)?,
        serial: row.optional("serial", SerialNo::new)?,
        lot: row.optional("lot", LotNo::new)?,
        place: row.optional("place", CountPlace::from_code)?.unwrap_or(CountPlace::Stock),
        bom_version: row.optional("bom_version", BomVersion::new)?,
        area: row.optional("area", CountArea::new)?,
        unit: row.read("unit", UnitCode::new)?,
        declared: row.read("counted", Quantity::parse)?,
        counted_at: row.optional("counted_at", LocalTime::parse)?,
    };
    Ok((row.read("book", BookNo::new)?, line))
}
