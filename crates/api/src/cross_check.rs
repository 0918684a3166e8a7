//! Breaks of cross checks on the wire.

use crate::field::{Field, FieldError, optional};
use crate::v1;
use crate::value::text;
use zonebook_ledger::code::{BookNo, OfficeCode};
use zonebook_reconcile::cross_check::{Break, Check, GRACE_DAYS, Scope, row_of};

/// Which breaks are asked for.
///
/// # Errors
/// Names the field.
pub fn scope(request: &v1::ListBreaksRequest) -> Field<Scope> {
    let grace_days = request.grace_days.map_or(Ok(GRACE_DAYS), |days| {
        i32::try_from(days).map_err(|error| FieldError::new("grace_days", days, error))
    });
    Ok(Scope {
        book_no: optional("book_no", &request.book_no, BookNo::new)?,
        office: optional("office", &request.office, OfficeCode::new)?,
        check: optional("check", &request.check, Check::from_code)?,
        grace_days: grace_days?,
    })
}

/// A break.
#[must_use]
pub fn to_wire(found: &Break) -> v1::Break {
    let row = row_of(found.check);
    v1::Break {
        check: found.check.to_string(),
        check_zh: row.map(|row| row.zh.to_owned()).unwrap_or_default(),
        check_en: row.map(|row| row.en.to_owned()).unwrap_or_default(),
        document: found.document.to_string(),
        other: found.other.to_string(),
        book_no: text(found.book_no.as_ref()),
        what: found.what.to_string(),
        expected: found.expected.to_string(),
        found: found.found.to_string(),
        since: found.since.to_string(),
        age_days: u32::try_from(found.age_days).unwrap_or_default(),
    }
}
