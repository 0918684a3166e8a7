//! What moved the goods of an item, document by document, as the journal has it.

use crate::cut::Cut;
use crate::sums::{add, within};
use std::collections::BTreeMap;
use zonebook_ledger::code::{BookNo, DocumentNo};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::event::JournalKey;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, PositionFilter};
use zonebook_ledger::state::{Journal, Key, Order, Read};

/// What a document did to the goods of an item in a place in a stretch of history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// Announced and not there yet, less what was announced and came.
    pub(crate) increase_pending: Measure,
    /// Reserved and still there, less what was reserved and went.
    pub(crate) decrease_pending: Measure,
    /// Came, less what went.
    pub(crate) on_hand: Measure,
}

impl Change {
    fn between(before: &Counters, after: &Counters) -> Result<Self, Fault> {
        let less = |after: &Measure, before| within(after.checked_sub(before));
        Ok(Self {
            increase_pending: less(&after.increase_pending, &before.increase_pending)?,
            decrease_pending: less(&after.decrease_pending, &before.decrease_pending)?,
            on_hand: less(&within(after.on_hand())?, &within(before.on_hand())?)?,
        })
    }

    fn add(&mut self, other: &Self) -> Result<(), Fault> {
        add(&mut self.increase_pending, &other.increase_pending)?;
        add(&mut self.decrease_pending, &other.decrease_pending)?;
        add(&mut self.on_hand, &other.on_hand)
    }
}

/// By place and document.
pub(crate) type Changes = BTreeMap<(Place, DocumentNo), Change>;

/// What each document did to an item from behind a revision up to a cut; `None` where that is more than so many changes.
pub(crate) fn changes(
    view: &dyn Read,
    cut: &Cut,
    book_no: &BookNo,
    item: (Mark, u64),
    since: Revision,
    count_max: usize,
) -> Result<Option<Changes>, Fault> {
    let filter = PositionFilter { book_no: Some(book_no.clone()), item: Some(item), place: None };
    let mut changes = Changes::new();
    let mut left = count_max;
    for (position, _) in query::positions(view, &filter, None, usize::MAX, cut.moment())? {
        let rows = rows(view, &position, since, cut.revision, left.saturating_add(1))?;
        match left.checked_sub(rows.len()) {
            Some(rest) => left = rest,
            None => return Ok(None),
        }
        let mut before = query::counters(view, &position, query::Moment::After(since))?;
        for (document, after) in rows {
            let change = Change::between(&before, &after)?;
            changes.entry((position.place, document)).or_default().add(&change)?;
            before = after;
        }
    }
    Ok(Some(changes))
}

fn rows(
    view: &dyn Read,
    position: &PositionKey,
    since: Revision,
    until: Revision,
    count_max: usize,
) -> Result<Vec<(DocumentNo, Counters)>, Fault> {
    let key = |revision, ordinal| JournalKey { position: position.clone(), revision, ordinal };
    let (from, to) = (key(Revision(since.0.saturating_add(1)), 0), key(until, u32::MAX));
    if from > to {
        return Ok(Vec::new());
    }
    query::collect::<Journal, _>(view, from, to, Order::Forward, count_max, |key, row| match key {
        Key::Journal(_) => Some((row.document.clone(), row.after)),
        _ => None,
    })
}
