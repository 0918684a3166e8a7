//! Products of outsourced processing that leave by list (外发加工成品出区; `domain.md` 3.4 rows 2, 5 to 7 and 17).
//!
//! They came back under their permit, which took their materials then, and are in stock. A list that names the permit
//! takes them from there; a list that does not makes its products as they leave, by the BOM of the book. A message has
//! no field for it: `applyNo` names a permit of lists of kinds 4 and 5 alone.

use super::permits;
use super::work::{Stop, Work};
use crate::book::{Book, Usage};
use crate::direction::{Direction, Mark};
use crate::document::{List, PermitKind};
use crate::reason::Reason;
use crate::refusal::Refusal;

/// Whether a list says that its products were made outside, under a permit.
fn says_so(book: &Book, list: &List) -> bool {
    let product =
        (book.usage, list.direction, list.mark) == (Usage::Processing, Direction::Out, Mark::Product);
    product && list.permit_no.is_some() && matches!(list.kind.as_str(), "0" | "6" | "9")
}

/// `DOCUMENT_UNKNOWN`, `ITEM_NOT_FILED`: the permit is one of outsourced processing of this book, be it closed by now,
/// and makes the products of the lines.
pub(crate) fn made_under_permit(work: &Work<'_>, book: &Book, list: &List) -> Result<(), Stop> {
    if !says_so(book, list) {
        return Ok(());
    }
    let (number, permit) = permits::of_book(work, book, list, PermitKind::OutsourcedProcessing)?;
    for line in &list.lines {
        let made = |mark: Mark, item: u64| (mark, item) == (Mark::Product, line.number);
        if !permit.lines.iter().any(|used| made(used.filed.mark, used.filed.number)) {
            return Err(Refusal::new(Reason::ItemNotFiled)
                .line(line.line)
                .field("putrecSeqno", line.number)
                .expected("a product of the permit")
                .document(&number)
                .into());
        }
    }
    Ok(())
}
