//! What was elected of goods at their admission to a US foreign-trade zone: a table of zone statuses (`domain.md` 4.3).

use crate::sheet::{self, SheetError};
use zonebook_ledger::code::LotNo;
use zonebook_ledger::direction::Mark;
use zonebook_reconcile::regime::annual::{Statuses, ZoneStatus};

/// The columns of the table. Without a lot a row is of all of the item that no other row is of.
pub const COLUMNS: &[&str] = &["kind", "item", "lot", "status"];

/// Reads the table; of two rows of the same goods the later one counts.
///
/// # Errors
/// Names file, line, column and value.
pub fn statuses(file: &str, bytes: &[u8]) -> Result<Statuses, SheetError> {
    let rows = sheet::read(file, bytes, COLUMNS, |row| {
        let goods = (
            row.read("kind", Mark::from_code)?,
            row.read("item", str::parse)?,
            row.optional("lot", LotNo::new)?,
        );
        Ok((goods, row.read("status", ZoneStatus::from_code)?))
    })?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_and_items_have_statuses() {
        let table = b"kind,item,lot,status\nI,1,L01/1,PF\nI,1,,D\n";
        let statuses = statuses("statuses.csv", table).unwrap();
        let lot = LotNo::new("L01/1").ok();
        assert_eq!(statuses.get(&(Mark::Goods, 1, lot)), Some(&ZoneStatus::PrivilegedForeign));
        assert_eq!(statuses.get(&(Mark::Goods, 1, None)), Some(&ZoneStatus::Domestic));
        let wrong =
            super::statuses("statuses.csv", b"kind,item,lot,status\nI,1,,XX\n").unwrap_err().to_string();
        assert!(wrong.contains("line 2") && wrong.contains("XX"), "{wrong}");
    }
}
