//! Reference data of a month: `reference/zones.csv` and `reference/enterprises.csv`.

use crate::sheet::{self, SheetError};
use zonebook_ledger::code::{CreditCode, CustomsNo, OfficeCode};
use zonebook_ledger::party::Party;
use zonebook_ledger::zone::{Zone, ZoneKind};

/// Reads zones: office, kind, name in Chinese, name in English.
///
/// # Errors
/// Names file, line, column and value.
pub fn zones(file: &str, bytes: &[u8]) -> Result<Vec<Zone>, SheetError> {
    sheet::read(file, bytes, &["office", "kind", "name_zh", "name_en"], |row| {
        Ok(Zone {
            office: row.read("office", OfficeCode::new)?,
            kind: row.read("kind", ZoneKind::from_code)?,
            name_zh: row.text("name_zh").into(),
            name_en: row.text("name_en").into(),
        })
    })
}

/// Reads enterprises: customs number, credit code, office, role, name in Chinese, name in English.
///
/// # Errors
/// Names file, line, column and value.
pub fn enterprises(file: &str, bytes: &[u8]) -> Result<Vec<Party>, SheetError> {
    let columns = &["customs_no", "credit_code", "zone_office", "role", "name_zh", "name_en"];
    sheet::read(file, bytes, columns, |row| {
        Ok(Party {
            customs_no: row.read("customs_no", CustomsNo::new)?,
            credit_code: row.read("credit_code", CreditCode::new)?,
            office: row.read("zone_office", OfficeCode::new)?,
            role: row.text("role").into(),
            name_zh: row.text("name_zh").into(),
            name_en: row.text("name_en").into(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        let text = "office,kind,name_zh,name_en\n9935,Z,区,Zone\n9936,X,园,Park\n";
        let error = zones("zones.csv", text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("zones.csv: line 3: column kind: `X`: "), "{error}");
    }

    #[test]
    fn other_columns_are_refused() {
        let error = zones("zones.csv", b"kind,office\n").unwrap_err().to_string();
        assert!(error.contains("they must be `office,kind,name_zh,name_en`"), "{error}");
        assert!(zones("zones.csv", b"office,kind,name_zh,name_en\n9935,Z\n").is_err());
        assert!(zones("zones.csv", b"office,kind,name_zh,name_en\n9935,Z,\xFF,x\n").is_err());
    }
}
