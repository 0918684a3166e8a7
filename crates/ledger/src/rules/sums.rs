//! Sums per position, where a list must equal what it declares or gathers (`RULES.md` 9.4, 12.3).

use super::lines;
use super::work::Stop;
use crate::book::Book;
use crate::document::List;
use crate::measure::{Measure, Unit};
use crate::movement::MovementLine;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};

/// The three quantities of each position.
pub(crate) type Sums = BTreeMap<PositionKey, Measure>;

/// Adds to a sum of quantities.
pub(crate) fn grow(sum: &mut Quantity, by: Quantity) -> Result<(), Stop> {
    *sum = sum.checked_add(by).ok_or_else(Stop::overflow)?;
    Ok(())
}

pub(crate) fn add(sums: &mut Sums, position: PositionKey, measure: &Measure) -> Result<(), Stop> {
    let sum = sums.entry(position).or_default();
    *sum = sum.checked_add(&measure.only(&Unit::QUANTITIES)).ok_or_else(Stop::overflow)?;
    Ok(())
}

/// The lines of a list equal the sums of what it names, position by position.
pub(crate) fn agree(
    book: &Book,
    list: &List,
    list_lines: &[MovementLine],
    place: Place,
    named: Sums,
    reason: Reason,
) -> Result<(), Stop> {
    let mut ours = Sums::default();
    for line in list_lines {
        let goods = lines::goods(list.mark, line);
        add(&mut ours, goods.position(book, place), &goods.measure)?;
    }
    let positions: BTreeSet<&PositionKey> = ours.keys().chain(named.keys()).collect();
    for position in positions {
        let of = |sums: &Sums| sums.get(position).copied().unwrap_or_default();
        let (listed, named) = (of(&ours), of(&named));
        if let Some(unit) = Unit::QUANTITIES.into_iter().find(|unit| listed.get(*unit) != named.get(*unit)) {
            let mut refusal = Refusal::new(reason)
                .field("putrecSeqno", position.number)
                .document(&book.book_no)
                .expected(format!("{} as the sum of what the list names", named.get(unit)))
                .short(None, unit, listed.get(unit), named.get(unit));
            refusal.line = list_lines
                .iter()
                .find(|line| line.filed.number == position.number)
                .map(|line| line.filed.line);
            return Err(refusal.into());
        }
    }
    Ok(())
}
