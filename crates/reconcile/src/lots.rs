//! What each lot of an item did in a stretch of history, from the layers that the ledger keeps of it.
//!
//! A lot is looked at as a whole: that it goes from one place of the book to another changes nothing. What stands in a place
//! [beyond the book](crate::flow::is_beyond) has left it, so the lots of an item add up to the item.

use crate::flow::is_beyond;
use crate::sums::{add, within};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::book::Book;
use zonebook_ledger::code::LotNo;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::layer::{LayerKey, LayerMoment, Lot, LotMethod, StackKey};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::query::{self, LotRow, Moment};
use zonebook_ledger::state::{Key, Lots, Order, Read, Row, Visit, get};

/// The lots of an item at a moment that may be short: those that a count missed before, then those in stock in the order
/// in which its book gives them up.
pub(crate) fn in_order(
    view: &dyn Read,
    book: &Book,
    item: &ItemKey,
    moment: Moment,
) -> Result<Vec<LotRow>, Fault> {
    let mut rows =
        query::lots(view, &item.book_no, Some((item.mark, item.number)), None, usize::MAX, moment)?;
    rows.retain(|row| row.key.stack.place == Place::Difference || row.key.stack.place.is_stock());
    let by_expiry = book.lot_method == LotMethod::NearestExpiry;
    rows.sort_by_key(|row| {
        let expires = row.layer.expires.filter(|_| by_expiry);
        let never = by_expiry && expires.is_none();
        (row.key.stack.place != Place::Difference, never, expires, row.key.id.clone())
    });
    Ok(rows)
}

/// A lot in a stretch of history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LotHistory {
    /// What it came in with.
    pub(crate) lot: Arc<Lot>,
    /// What was there when the stretch began.
    pub(crate) before: Measure,
    /// What came of it, less what went, revision by revision. Revisions that changed nothing are left out.
    pub(crate) changes: BTreeMap<Revision, Measure>,
}

/// The lots of an item behind a revision and up to another one, in order of number.
pub(crate) fn of_item(
    view: &dyn Read,
    item: &ItemKey,
    (after, until): (Revision, Revision),
) -> Result<BTreeMap<LotNo, LotHistory>, Fault> {
    let mut sums: BTreeMap<LotNo, (Measure, BTreeMap<Revision, Measure>)> = BTreeMap::new();
    let mut last: Option<(LayerKey, Measure)> = None;
    let stack =
        |place| StackKey { book_no: item.book_no.clone(), mark: item.mark, number: item.number, place };
    let from = LayerMoment { layer: stack(Place::Zone).lowest(), revision: Revision(0) };
    let to = LayerMoment { layer: stack(Place::Found).highest(), revision: Revision(u64::MAX) };
    let mut outcome = Ok(());
    view.scan(&Key::LayerMoment(from), &Key::LayerMoment(to), Order::Forward, &mut |key, row| {
        let (Key::LayerMoment(moment), Row::LayerMoment(layer)) = (key, row) else {
            return Visit::Continue(());
        };
        if is_beyond(moment.layer.stack.place) || moment.revision > until {
            return Visit::Continue(());
        }
        let was = match &last {
            Some((of, was)) if *of == moment.layer => *was,
            _ => Measure::ZERO,
        };
        outcome = within(layer.remaining.checked_sub(&was)).and_then(|change| {
            let (before, changes) = sums.entry(moment.layer.id.lot.clone()).or_default();
            let sum =
                if moment.revision <= after { before } else { changes.entry(moment.revision).or_default() };
            add(sum, &change)
        });
        last = Some((moment.layer, layer.remaining));
        if outcome.is_ok() { Visit::Continue(()) } else { Visit::Break(()) }
    })?;
    outcome?;
    let history = |(number, (before, mut changes)): (LotNo, (Measure, BTreeMap<Revision, Measure>))| {
        changes.retain(|_, change| !change.is_zero());
        let lot = get::<Lots>(view, (item.clone(), number.clone()))?
            .ok_or_else(|| Fault(format!("lot {number} of {item:?} is not known")))?;
        Ok((number, LotHistory { lot, before, changes }))
    };
    sums.into_iter().map(history).collect()
}
