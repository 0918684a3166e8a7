//! Conventions of the sample months (`RULES.md` 2.3): what the 2017 list schema has no field for, and where this data
//! carries it. Nothing of this is known outside of this module.

use zonebook_ledger::book::Usage;

/// What a list declares, from `BondInvtBsc/param1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListDeclaration {
    /// Empty: a new list.
    File,
    /// 2
    Change,
    /// 3
    Withdraw,
}

/// The field of the declaration type of a list.
pub(crate) const LIST_DECLARATION: &str = "param1";
/// The field of the serial number of a line of a list.
pub(crate) const LINE_SERIAL: &str = "param2";
/// The field of the usage of a book.
pub(crate) const BOOK_USAGE: &str = "rmk";
/// The field of the booking mode of a book.
pub(crate) const BOOKING_MODE: &str = "appendTypecd";
/// The field of the book of a pass on a bill of lading.
pub(crate) const PASS_BOOK: &str = "col1";

/// The declaration type of a list; `None` for a value that the convention lacks.
pub(crate) fn list_declaration(text: &str) -> Option<ListDeclaration> {
    match text {
        "" => Some(ListDeclaration::File),
        "2" => Some(ListDeclaration::Change),
        "3" => Some(ListDeclaration::Withdraw),
        _ => None,
    }
}

/// The usage of a book: `USAGE=STORE`, alone or among other marks parted by semicolons.
pub(crate) fn book_usage(remark: &str) -> Option<Usage> {
    let code = remark.split(';').find_map(|mark| mark.trim().strip_prefix("USAGE="))?;
    Usage::from_code(code).ok()
}

/// The field of the declaration number of a list, by `dclcusTypecd`.
pub(crate) const RELATED_DECLARATION_NUMBER: &str = "rltEntryNo";
/// The same where the holder of the book declares.
pub(crate) const OWN_DECLARATION_NUMBER: &str = "entryNo";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_found_among_marks() {
        assert_eq!(book_usage("USAGE=STORE"), Some(Usage::Store));
        assert_eq!(book_usage("x=1; USAGE=CBEC"), Some(Usage::ECommerce));
        assert_eq!(book_usage("USAGE=STOREHOUSE"), None);
        assert_eq!(book_usage(""), None);
    }
}
