//! From which countries the goods come that a count found missing, or too many: the rate of duty depends on it, and a count by
//! item does not say it. So it is taken from what stands in the book.
//!
//! What is short is taken from the goods in stock as a document would take it that names none: lots in the order of the
//! book's method, those that nothing is reserved of; in a book kept by receipt, the receipt of the row; in any other the
//! oldest receipts that are still available, as for suspended duty ([`zonebook_ledger::exposure::quote`]). What is over, and
//! what is short beyond all of these, is taken for goods like those that came last. What came without an origin, made in
//! the zone or taken over with the book, bears the rate of most favoured nations.

use crate::lots;
use crate::sums::{magnitude, within};
use compact_str::CompactString;
use std::collections::BTreeMap;
use zonebook_ledger::book::Book;
use zonebook_ledger::error::Fault;
use zonebook_ledger::exposure::{Sourced, origin_of, sources};
use zonebook_ledger::item::{Item, ItemKey};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{LotRow, Moment};
use zonebook_ledger::state::Read;

/// How much comes from where; `None` where nothing says from where.
pub(crate) type Origins = BTreeMap<Option<CompactString>, Quantity>;

/// Where goods of an item come from of which so much is over, or short where it is less than nothing; `None` where its
/// receipts lie too far back.
pub(crate) fn of_difference(
    view: &dyn Read,
    book: &Book,
    item: (&ItemKey, &Item),
    moment: Moment,
    difference: Quantity,
) -> Result<Option<Origins>, Fault> {
    let Some(stock) = Stock::of(view, book, item, moment)? else { return Ok(None) };
    let (mut origins, mut left) = (Origins::new(), magnitude(difference)?);
    let given_up = if difference.is_negative() { stock.in_order } else { Vec::new() };
    for Sourced { quantity, origin } in given_up {
        let taken = left.min(quantity);
        if taken.is_positive() {
            left = within(left.checked_sub(taken))?;
            add(&mut origins, origin, taken)?;
        }
    }
    if left.is_positive() {
        add(&mut origins, stock.latest, left)?;
    }
    Ok(Some(origins))
}

fn add(origins: &mut Origins, origin: Option<CompactString>, more: Quantity) -> Result<(), Fault> {
    let sum = origins.entry(origin).or_default();
    *sum = within(sum.checked_add(more))?;
    Ok(())
}

/// What of an item is in stock, by origin.
#[derive(Default)]
struct Stock {
    /// In the order in which it is given up.
    in_order: Vec<Sourced>,
    /// The origin of what came last.
    latest: Option<CompactString>,
}

impl Stock {
    fn of(
        view: &dyn Read,
        book: &Book,
        (key, item): (&ItemKey, &Item),
        moment: Moment,
    ) -> Result<Option<Self>, Fault> {
        if let Some(lot) = &item.lot {
            return Ok(Some(Self { in_order: Vec::new(), latest: origin_of(view, lot)? }));
        }
        if book.lot_method != LotMethod::None {
            return Self::by_lot(&lots::in_order(view, book, key, moment)?).map(Some);
        }
        let sources = sources(view, key, moment)?;
        Ok(sources.map(|in_order| {
            let latest = in_order.last().and_then(|last| last.origin.clone());
            Self { in_order, latest }
        }))
    }

    fn by_lot(rows: &[LotRow]) -> Result<Self, Fault> {
        let in_stock = || rows.iter().filter(|row| row.key.stack.place.is_stock());
        let origin = |row: &LotRow| Some(row.lot.origin.clone()).filter(|origin| !origin.is_empty());
        let free = |row: &LotRow| {
            let quantity = row.layer.remaining.checked_sub(&row.layer.reserved);
            within(quantity).map(|free| Sourced { quantity: free.declared(), origin: origin(row) })
        };
        let latest = in_stock().max_by_key(|row| &row.key.id).and_then(origin);
        Ok(Self { in_order: in_stock().map(free).collect::<Result<_, _>>()?, latest })
    }
}
