//! `check`: documents that must agree and do not.

use super::all_pages;
use crate::arguments::{Check, Online};
use crate::failure::{Failure, code};
use crate::output::{self, Column};
use zonebook_api::v1;

const BREAKS: &[Column<'static>] = &[
    Column("check", "/check"),
    Column("document", "/document"),
    Column("other", "/other"),
    Column("book", "/book_no"),
    Column("what", "/what"),
    Column("expected", "/expected"),
    Column("found", "/found"),
    Column("since", "/since"),
    Column("days", "/age_days"),
];

pub async fn run(online: &Online, command: Check) -> Result<(), Failure> {
    let client = online.client();
    let request = v1::ListBreaksRequest {
        book_no: command.book.unwrap_or_default(),
        office: command.office.unwrap_or_default(),
        check: command.only.unwrap_or_default(),
        grace_days: command.grace_days,
        ..Default::default()
    };
    let breaks = all_pages!(client, list_breaks, request, breaks);
    output::many(online.output, BREAKS, "Break", &breaks)?;
    if breaks.is_empty() {
        return Ok(());
    }
    Err(Failure::new(code::DIFFERENT, format!("{} breaks", breaks.len())))
}
