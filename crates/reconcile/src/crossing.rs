//! What goes over the boundary of a book: the history of a position beyond it, told as what it gave.

use crate::flow::is_beyond;
use crate::sums::within;
use zonebook_ledger::code::DocumentNo;
use zonebook_ledger::error::Fault;
use zonebook_ledger::event::{JournalKey, JournalRow};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Key, Order, Read, Row, Visit};

/// Shows what a position gave behind a revision and up to another one, row by row of its history; less than nothing is what
/// it took, and nothing a row that changes no stock. `None`, from the visitor too, is a figure beyond the range of a number,
/// and ends it, as does an error of the visitor.
pub(crate) fn each<E: From<Fault>>(
    view: &dyn Read,
    position: &PositionKey,
    (after, until): (Revision, Revision),
    mut show: impl FnMut(&JournalKey, &JournalRow, &Measure) -> Result<Option<()>, E>,
) -> Result<Option<()>, E> {
    let Some(mut there) = query::counters(view, position, Moment::After(after))?.on_hand() else {
        return Ok(None);
    };
    let key = |revision: Revision, ordinal| {
        Key::Journal(JournalKey { position: position.clone(), revision, ordinal })
    };
    let (from, to) = (key(Revision(after.0.saturating_add(1)), 0), key(until, u32::MAX));
    if from > to {
        return Ok(Some(()));
    }
    let mut outcome = Ok(Some(()));
    view.scan(&from, &to, Order::Forward, &mut |key, stored| {
        let (Key::Journal(key), Row::Journal(entry)) = (key, stored) else { return Visit::Continue(()) };
        outcome = given(&entry, &mut there).map_or(Ok(None), |given| show(&key, &entry, &given));
        if matches!(outcome, Ok(Some(()))) { Visit::Continue(()) } else { Visit::Break(()) }
    })?;
    outcome
}

/// What a row gave, given what was there before it.
fn given(entry: &JournalRow, there: &mut Measure) -> Option<Measure> {
    let now = entry.after.on_hand()?;
    let given = there.checked_sub(&now)?;
    *there = now;
    Some(given)
}

/// A row of the history of a position beyond the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crossing {
    /// Where, when, which row.
    pub(crate) key: JournalKey,
    /// The document.
    pub(crate) document: DocumentNo,
    /// Its line.
    pub(crate) line: u64,
    /// What came into the book; less than nothing where it went out.
    pub(crate) given: Measure,
}

/// All that went over the boundary of an item behind a revision and up to another one, in the order in which it happened.
pub(crate) fn of_item(
    view: &dyn Read,
    item: &ItemKey,
    stretch: (Revision, Revision),
) -> Result<Vec<Crossing>, Fault> {
    let filter = PositionFilter {
        book_no: Some(item.book_no.clone()),
        item: Some((item.mark, item.number)),
        place: None,
    };
    let mut found = Vec::new();
    for (position, _) in query::positions(view, &filter, None, usize::MAX, Moment::Now)? {
        if !is_beyond(position.place) {
            continue;
        }
        let whole = each::<Fault>(view, &position, stretch, |key, entry, given| {
            if given.is_zero() {
                return Ok(Some(()));
            }
            let (document, line) = (entry.document.clone(), entry.line);
            found.push(Crossing { key: key.clone(), document, line, given: *given });
            Ok(Some(()))
        })?;
        within(whole)?;
    }
    found.sort_by_key(|crossing| (crossing.key.revision, crossing.key.ordinal));
    Ok(found)
}
