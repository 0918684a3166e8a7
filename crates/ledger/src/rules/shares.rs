//! What lists take of a list that they name, item by item: goods that come back of it, products that go out for what it
//! brought back. Kept line by line, so that a withdrawal, a correction or a tally gives back exactly what was taken.

use super::work::{Stop, Work};
use super::{guards, lists, undoing};
use crate::code::ListNo;
use crate::document::List;
use crate::limits::RETURNED_SHARES_MAX;
use crate::movement::{Movement, MovementLine};
use crate::quantity::Quantity;
use crate::returns::ReturnedShare;
use crate::state::Table;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A table of shares, by the list of which they are.
pub(crate) trait Shares: Table<Key = ListNo, Value = Arc<Vec<ReturnedShare>>> {}

impl<T: Table<Key = ListNo, Value = Arc<Vec<ReturnedShare>>>> Shares for T {}

/// What is left of each item of a list: what it moved, less what corrections undo, less what lists took. An item that is
/// overdrawn, because corrections came later, has nothing left.
pub(crate) fn left<T: Shares>(work: &Work<'_>, of: &Movement) -> Result<BTreeMap<u64, Quantity>, Stop> {
    let lines = lists::content(work, of)?;
    let undone = undoing::undone(work, of, &lines)?;
    let mut left: BTreeMap<u64, Quantity> = BTreeMap::new();
    for (line, undone) in lines.iter().zip(undone.iter()) {
        let undone = undone.sum().ok_or_else(Stop::overflow)?.declared();
        let moved = line.filed.declared.checked_sub(undone).ok_or_else(Stop::overflow)?;
        let sum = left.entry(line.filed.number).or_default();
        *sum = sum.checked_add(moved).ok_or_else(Stop::overflow)?;
    }
    for share in work.get::<T>(of.list_no.clone())?.unwrap_or_default().iter() {
        if let Some(sum) = left.get_mut(&share.number) {
            *sum = sum.checked_sub(share.declared).ok_or_else(Stop::overflow)?;
        }
    }
    Ok(left)
}

/// Keeps what the lines of a list take.
pub(crate) fn take<T: Shares>(
    work: &mut Work<'_>,
    of: &ListNo,
    field: &str,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let mut shares = work.get::<T>(of.clone())?.unwrap_or_default();
    guards::at_most(field, shares.len().saturating_add(lines.len()), RETURNED_SHARES_MAX)?;
    Arc::make_mut(&mut shares).extend(lines.iter().map(|line| ReturnedShare {
        list_no: list.list_no.clone(),
        line: line.filed.line,
        number: line.filed.number,
        declared: line.filed.declared,
    }));
    work.put::<T>(of.clone(), shares);
    Ok(())
}

/// Gives back what a withdrawn list, or replaced lines of one, took.
pub(crate) fn free<T: Shares>(work: &mut Work<'_>, of: Option<&ListNo>, by: &ListNo) -> Result<(), Stop> {
    let Some(of) = of else { return Ok(()) };
    let mut shares = work.get::<T>(of.clone())?.unwrap_or_default();
    Arc::make_mut(&mut shares).retain(|share| share.list_no != *by);
    work.put::<T>(of.clone(), shares);
    Ok(())
}

/// Gives back part of what lines of a list took.
pub(crate) fn give_back<T: Shares>(
    work: &mut Work<'_>,
    of: Option<&ListNo>,
    by: &ListNo,
    parts: &[MovementLine],
) -> Result<(), Stop> {
    let Some(of) = of else { return Ok(()) };
    let mut shares = work.get::<T>(of.clone())?.unwrap_or_default();
    for part in parts {
        let line = part.filed.line;
        let broken = || Stop::Broken(format!("line {line} of {by} took less than it gives back"));
        let own = |share: &&mut ReturnedShare| share.list_no == *by && share.line == line;
        let share = Arc::make_mut(&mut shares).iter_mut().find(own).ok_or_else(broken)?;
        let left = share.declared.checked_sub(part.filed.declared);
        share.declared = left.filter(|left| !left.is_negative()).ok_or_else(broken)?;
    }
    work.put::<T>(of.clone(), shares);
    Ok(())
}
