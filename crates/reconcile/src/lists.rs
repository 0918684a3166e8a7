//! The lists of a book, one after the other.

use std::sync::Arc;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::error::Fault;
use zonebook_ledger::movement::Movement;
use zonebook_ledger::query;
use zonebook_ledger::state::Read;

/// How many lists are read at a time.
const LISTS: usize = 1_000;

/// Shows every list of a book, in order of number; never holds more than a page of them.
pub(crate) fn each(
    view: &dyn Read,
    book_no: &BookNo,
    mut show: impl FnMut(&Arc<Movement>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut after = None;
    loop {
        let page = query::movements(view, Some(book_no), after.as_ref(), LISTS)?;
        page.iter().try_for_each(&mut show)?;
        match page.last() {
            Some(last) if page.len() == LISTS => after = Some(last.list_no.clone()),
            _ => return Ok(()),
        }
    }
}
