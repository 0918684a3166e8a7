//! `stock.csv`: an enterprise's own stock, from its WMS or ERP.

use crate::sheet::{self, SheetError};
use zonebook_ledger::code::{LotNo, PartNo, SerialNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::quantity::Quantity;
use zonebook_reconcile::extract::ExtractRow;

/// The columns of an extract. A row names its goods by kind and item, by part number, by lot or by serial number; what is
/// empty is not named.
pub const COLUMNS: &[&str] = &["kind", "item", "part_no", "lot", "serial", "unit", "quantity"];

/// Reads an extract.
///
/// # Errors
/// Names file, line, column and value.
pub fn stock(file: &str, bytes: &[u8]) -> Result<Vec<ExtractRow>, SheetError> {
    sheet::read(file, bytes, COLUMNS, |row| {
        let item = match row.text("item") {
            "" => None,
            _ => Some((row.read("kind", Mark::from_code)?, row.read("item", str::parse)?)),
        };
        Ok(ExtractRow {
            line: row.line(),
            item,
            part_no: row.optional("part_no", PartNo::new)?,
            lot: row.optional("lot", LotNo::new)?,
            serial: row.optional("serial", SerialNo::new)?,
            unit: row.optional("unit", UnitCode::new)?,
            quantity: row.read("quantity", Quantity::parse)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let read = |line: &str| stock("s.csv", format!("{}\n{line}\n", COLUMNS.join(",")).as_bytes());
        let rows = read("I,3,,,,035,12.5\n,,PART-1,,,,7").unwrap();
        assert_eq!(
            (rows[0].item, rows[0].line, rows[0].quantity),
            (Some((Mark::Goods, 3)), 2, Quantity::parse("12.5").unwrap())
        );
        assert_eq!((rows[1].item, rows[1].line, rows[1].unit.clone()), (None, 3, None));
        for (line, column) in
            [("X,3,,,,035,1", "kind"), ("I,x,,,,035,1", "item"), (",,A,,,035,much", "quantity")]
        {
            let text = read(line).unwrap_err().to_string();
            assert!(text.contains("line 2") && text.contains(column), "{text}");
        }
    }
}
