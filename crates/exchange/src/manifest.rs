//! `manifest.csv`: which files a month is made of, in order of delivery (`RULES.md` 1.3).

use crate::sheet::{self, SheetError};
use compact_str::CompactString;
use zonebook_ledger::time::LocalTime;

/// One delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestRow {
    /// Its number, from 1.
    pub seq: u64,
    /// The name of its file.
    pub file: String,
    /// When it arrived: the clock of a migration.
    pub arrived_at: LocalTime,
    /// The type of the message, as the sender says.
    pub kind: CompactString,
    /// The number of the document, as the sender says.
    pub business_id: CompactString,
}

/// Reads a manifest.
///
/// # Errors
/// Names file, line, column and value. A file name with a path in it is refused: it could lead out of the folder.
pub fn manifest(file: &str, bytes: &[u8]) -> Result<Vec<ManifestRow>, SheetError> {
    sheet::read(file, bytes, &["seq", "file", "arrived_at", "type", "business_id"], |row| {
        Ok(ManifestRow {
            seq: row.read("seq", |text| text.parse::<u64>())?,
            file: row.read("file", plain_name)?,
            arrived_at: row.read("arrived_at", LocalTime::parse)?,
            kind: row.text("type").into(),
            business_id: row.text("business_id").into(),
        })
    })
}

fn plain_name(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.starts_with('.') || text.contains(['/', '\\', ':']) {
        Err("the plain name of a file")
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_cannot_lead_out_of_the_folder() {
        let head = "seq,file,arrived_at,type,business_id\n";
        let read = |line: &str| manifest("manifest.csv", format!("{head}{line}\n").as_bytes());
        assert_eq!(read("1,a.xml,2026-06-01T08:05:18,INV101,x").unwrap().len(), 1);
        for wrong in ["1,../a.xml", "1,/a.xml", "1,..", "1,", "x,a.xml", "-1,a.xml"] {
            assert!(read(&format!("{wrong},2026-06-01T08:05:18,INV101,x")).is_err(), "{wrong}");
        }
        assert!(read("1,a.xml,yesterday,INV101,x").is_err());
    }
}
