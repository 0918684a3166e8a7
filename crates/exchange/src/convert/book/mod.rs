//! Books: what the two messages that file them have in common.

mod bom;
pub(super) mod logistics;
pub(super) mod processing;

use super::Converted;
use super::fields::Fields;
use crate::convention::{self, BOOK_USAGE};
use zonebook_ledger::book::Usage;

/// The change number; `None` for a filing.
fn change_no(head: &Fields<'_, '_>) -> Converted<Option<u64>> {
    match head.text("dclTypecd") {
        "1" => Ok(None),
        "2" => head.number("chgTmsCnt").map(Some),
        _ => Err(head.wrong("dclTypecd", "1 or 2")),
    }
}

fn usage(head: &Fields<'_, '_>) -> Converted<Usage> {
    convention::book_usage(head.text(BOOK_USAGE)).ok_or_else(|| {
        let bonded = Usage::ALL.iter().filter(|usage| usage.is_bonded());
        let known: Vec<String> = bonded.map(|usage| format!("USAGE={usage}")).collect();
        head.wrong(BOOK_USAGE, known.join(" "))
    })
}

/// Whether a row or a line counts in a change: changed, or added (`RULES.md` 4.2, 4.3).
fn amended(fields: &Fields<'_, '_>) -> bool {
    matches!(fields.text("modfMarkcd"), "1" | "3")
}

/// The number of a row. Zero is what a list says that names no row.
fn row_number(row: &Fields<'_, '_>, number: u64) -> Converted<u64> {
    if number == 0 { Err(row.wrong("gdsSeqno", "a number from 1")) } else { Ok(number) }
}
