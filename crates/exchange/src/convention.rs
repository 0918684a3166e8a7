//! Conventions of the sample months (`RULES.md` 2.3): what the 2017 list schema has no field for, and where this data
//! carries it. Nothing of this is known outside of this module.

use zonebook_ledger::book::Usage;
use zonebook_ledger::document::Provenance;

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
/// The field of the provenance of a line of a list.
pub(crate) const LINE_PROVENANCE: &str = "param1";
/// The field of the serial number of a line of a list.
pub(crate) const LINE_SERIAL: &str = "param2";
/// The type of an accompanying form (`formTypecd`) whose number (`formNo`) is that of a parcel.
pub(crate) const PARCEL_FORM: &str = "CEB621";
/// The field of the usage of a book.
pub(crate) const BOOK_USAGE: &str = "rmk";
/// The field of the marks of a row of a book, or of a residue of a consumption slip.
pub(crate) const MARKS: &str = "rmk";
/// The field that tells a part swap from ordinary use of materials.
pub(crate) const CONSUMPTION_KIND: &str = "cmTypecd";
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

/// The usage of a book: `USAGE=STORE`, alone or among other marks. Books of goods that are not bonded have no message.
pub(crate) fn book_usage(remark: &str) -> Option<Usage> {
    Usage::from_code(mark(remark, "USAGE=")?).ok().filter(|usage| usage.is_bonded())
}

/// The serial number in a remark: `SN=...`, alone or among other marks; empty without one.
pub(crate) fn serial(remark: &str) -> &str {
    mark(remark, "SN=").unwrap_or_default()
}

/// Whether units of an item are tracked by serial number: `SERIAL=1`, alone or among other marks.
pub(crate) fn tracked_by_serial(remark: &str) -> bool {
    mark(remark, "SERIAL=") == Some("1")
}

/// Whether a consumption slip is for a part swap; `None` for a value that the convention lacks.
pub(crate) fn part_swap(text: &str) -> Option<bool> {
    match text {
        "1" => Some(false),
        "2" => Some(true),
        _ => None,
    }
}

/// Where a unit for repair comes from; `None` also for a code that is not known.
pub(crate) fn provenance(text: &str) -> Option<Provenance> {
    Provenance::from_code(text).ok()
}

/// What stands behind a key in a remark; marks are parted by semicolons.
fn mark<'t>(remark: &'t str, key: &str) -> Option<&'t str> {
    remark.split(';').find_map(|mark| mark.trim().strip_prefix(key))
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
        assert_eq!(book_usage("USAGE=NON_BONDED"), None);
        assert_eq!(book_usage(""), None);
    }

    #[test]
    fn marks_of_rows_are_found_whole() {
        assert_eq!(serial("SN=CF34-169997"), "CF34-169997");
        assert_eq!(serial("x; SN=A 1;SERIAL=1"), "A 1");
        assert_eq!((serial(""), serial("SERIAL=1"), serial("SN=")), ("", "", ""));
        assert!(tracked_by_serial("SERIAL=1") && tracked_by_serial("SN=1; SERIAL=1"));
        assert!(!tracked_by_serial("SERIAL=10") && !tracked_by_serial("SERIAL=0") && !tracked_by_serial(""));
    }

    #[test]
    fn what_the_convention_lacks_is_told_from_what_it_has() {
        assert_eq!([part_swap("1"), part_swap("2"), part_swap("3")], [Some(false), Some(true), None]);
        assert_eq!(provenance("2"), Some(Provenance::Foreign));
        assert_eq!([provenance(""), provenance("9"), provenance("02")], [None; 3]);
    }
}
