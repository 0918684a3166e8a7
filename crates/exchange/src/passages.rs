//! `passages.csv`: what a gate recorded while it was offline, each passage with its own time.

use crate::sheet::{self, SheetError};
use zonebook_ledger::code::PassNo;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;

/// One passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageRow {
    /// `businessId`: the pass.
    pub pass_no: PassNo,
    /// `stucd`: 3 through gate one of two, 2 or 4 through.
    pub status: String,
    /// `passTime`
    pub passed_at: LocalTime,
    /// `passCollectWt`, in kilograms; empty if the vehicle was not weighed.
    pub collected: Option<Quantity>,
}

/// Reads passages with the columns `pass_no,status,passed_at,collected_weight`.
///
/// # Errors
/// Names file, line, column and value.
pub fn passages(file: &str, bytes: &[u8]) -> Result<Vec<PassageRow>, SheetError> {
    sheet::read(file, bytes, &["pass_no", "status", "passed_at", "collected_weight"], |row| {
        Ok(PassageRow {
            pass_no: row.read("pass_no", PassNo::new)?,
            status: row.read("status", status)?,
            passed_at: row.read("passed_at", LocalTime::parse)?,
            collected: row.optional("collected_weight", Quantity::parse)?,
        })
    })
}

fn status(text: &str) -> Result<String, &'static str> {
    if matches!(text, "2" | "3" | "4") { Ok(text.to_owned()) } else { Err("2, 3 or 4") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let head = "pass_no,status,passed_at,collected_weight\n";
        let read = |line: &str| passages("p.csv", format!("{head}{line}\n").as_bytes());
        let rows = read("Z9931I1,4,2026-06-02T16:07:23,70340\nZ9931I2,3,2026-06-02 16:01:31,").unwrap();
        assert_eq!((rows.len(), rows[0].collected), (2, Some(Quantity::whole(70_340))));
        assert_eq!(rows[1].collected, None);
        for (line, column) in [
            (",2,2026-06-02T16:07:23,", "pass_no"),
            ("Z1,5,2026-06-02T16:07:23,", "status"),
            ("Z1,2,2026-06-32T16:07:23,", "passed_at"),
            ("Z1,2,2026-06-02T16:07:23,heavy", "collected_weight"),
        ] {
            let text = read(line).unwrap_err().to_string();
            assert!(text.contains("line 2") && text.contains(column), "{text}");
        }
    }
}
