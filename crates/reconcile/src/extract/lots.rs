//! Lots that a book keeps beside its positions, and what an extract says of them. Documents take such lots by the method of
//! the book, so an enterprise whose store went to another shelf agrees in the item and differs in its lots.
//!
//! What waits at a gate is told of the item: a list that is not posted has taken no lot yet, or has only spoken for it.

use super::matching::FoundLot;
use crate::count::counted_as;
use crate::cut::Cut;
use crate::sums::within;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::code::{BookNo, LotNo};
use zonebook_ledger::code_list;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
use zonebook_ledger::state::{Books, Key, Lots, Order, Read, get};

code_list! {
    /// Who has a lot.
    Side, "side of a lot" {
        /// Book and extract.
        Both = "BOTH",
        /// Only the extract names it: the book never had it, or has none of it left. Without a lot: lines of the item that
        /// name none.
        ExtractOnly = "EXTRACT_ONLY",
        /// Only the book has it.
        BookOnly = "BOOK_ONLY",
    }
}

/// A lot of an item beside the extract, in the declared unit of the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotComparison {
    /// The lot; `None` for lines of the item that name none.
    pub lot: Option<LotNo>,
    /// Who has it.
    pub side: Side,
    /// The lines of the extract that name it.
    pub lines: Vec<u64>,
    /// What they have together.
    pub extract: Quantity,
    /// What the book has of it, places outside the fence included.
    pub book: Quantity,
    /// Of that, what is elsewhere for a known reason, with the sign of C.
    pub elsewhere: Quantity,
    /// Extract less what of it should be there.
    pub difference: Quantity,
}

/// Items of a book by lot.
pub(super) type ItemsOfLots = BTreeMap<LotNo, BTreeSet<(Mark, u64)>>;

/// Which items of a book had which lots by a cut, used up or not; nothing where a book keeps none.
pub(super) fn known(view: &dyn Read, cut: &Cut, book_no: &BookNo) -> Result<ItemsOfLots, Fault> {
    let mut items = ItemsOfLots::new();
    if !keeps(view, book_no)? {
        return Ok(items);
    }
    let item = |mark, number| ItemKey { book_no: book_no.clone(), mark, number };
    let from = (item(Mark::Goods, 0), LotNo::lowest());
    let to = (item(Mark::Residue, u64::MAX), LotNo::highest());
    query::collect::<Lots, ()>(view, from, to, Order::Forward, usize::MAX, |key, lot| {
        let by_then = lot.received_at.is_some_and(|(revision, _)| revision <= cut.revision);
        if let (Key::Lot((item, number)), true) = (key, by_then) {
            items.entry(number).or_default().insert((item.mark, item.number));
        }
        None
    })?;
    Ok(items)
}

fn keeps(view: &dyn Read, book_no: &BookNo) -> Result<bool, Fault> {
    Ok(get::<Books>(view, book_no.clone())?.is_some_and(|book| book.lot_method != LotMethod::None))
}

/// What the book has of a lot: in it, and elsewhere.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    book: Quantity,
    elsewhere: Quantity,
}

/// The lots of an item at a cut beside what lines name of them, those without a lot last.
pub(super) fn compare(
    view: &dyn Read,
    cut: &Cut,
    book_no: &BookNo,
    item: (Mark, u64),
    named: &BTreeMap<Option<LotNo>, FoundLot>,
) -> Result<Vec<LotComparison>, Fault> {
    let mut kept: BTreeMap<LotNo, Kept> = BTreeMap::new();
    for row in query::lots(view, book_no, Some(item), None, usize::MAX, cut.moment())? {
        let Some(counted) = counted_as(row.key.stack.place) else { continue };
        let lot = kept.entry(row.key.id.lot.clone()).or_default();
        let remaining = row.layer.remaining;
        if counted.in_book {
            lot.book = within(lot.book.checked_add(remaining.declared()))?;
        }
        if let Some(timing) = counted.timing {
            let signed = timing.signed(&remaining)?.declared();
            lot.elsewhere = within(lot.elsewhere.checked_add(signed))?;
        }
    }
    let numbers: BTreeSet<Option<LotNo>> =
        named.keys().cloned().chain(kept.keys().cloned().map(Some)).collect();
    let mut compared = Vec::with_capacity(numbers.len());
    for lot in numbers {
        let of_book = lot.as_ref().and_then(|lot| kept.get(lot));
        let found = named.get(&lot).cloned().unwrap_or_default();
        let side = match (of_book, found.lines.is_empty()) {
            (Some(_), false) => Side::Both,
            (Some(_), true) => Side::BookOnly,
            (None, _) => Side::ExtractOnly,
        };
        let Kept { book, elsewhere } = of_book.copied().unwrap_or_default();
        let raw = within(found.quantity.checked_sub(book))?;
        let difference = within(raw.checked_add(elsewhere))?;
        let FoundLot { lines, quantity: extract } = found;
        compared.push(LotComparison { lot, side, lines, extract, book, elsewhere, difference });
    }
    compared.sort_by_key(|lot| lot.lot.is_none());
    Ok(compared)
}
