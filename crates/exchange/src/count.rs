//! `count.csv`: what was counted inside the fence (`RULES.md` 14.4).

use crate::sheet::{self, SheetError};
use zonebook_ledger::code::{BookNo, SerialNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::quantity::Quantity;
use zonebook_reconcile::count::CountedGoods;

/// The columns of a count.
pub const COLUMNS: &[&str] = &["book", "kind", "item", "serial", "unit", "counted"];

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
