//! The stock test (`RULES.md` 3.7), over a whole message and inside the step that reserves.

use super::goods::Transfer;
use super::work::{Stop, Work};
use crate::measure::{Measure, Unit};
use crate::place::Place;
use crate::position::PositionKey;
use crate::reason::Reason;
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// What a message takes from one position, and the last of its lines that takes.
struct Taken {
    sum: Measure,
    last_line: u64,
}

/// First the declared quantity of all positions, then the statutory remainders of all.
pub(crate) fn test<'t>(
    work: &mut Work<'_>,
    transfers: impl IntoIterator<Item = &'t Transfer>,
) -> Result<(), Stop> {
    let taken = taken(transfers)?;
    for (position, taken) in &taken {
        declared_suffices(work, position, taken)?;
    }
    for (position, taken) in taken.iter().filter(|(position, _)| position.place != Place::SuspenseIn) {
        statutory_remainder(work, position, taken)?;
    }
    Ok(())
}

fn taken<'t>(
    transfers: impl IntoIterator<Item = &'t Transfer>,
) -> Result<BTreeMap<&'t PositionKey, Taken>, Stop> {
    let mut taken: BTreeMap<&PositionKey, Taken> = BTreeMap::new();
    for transfer in transfers.into_iter().filter(|transfer| transfer.from.place.is_inside()) {
        let entry =
            taken.entry(&transfer.from).or_insert(Taken { sum: Measure::ZERO, last_line: transfer.line });
        entry.sum = entry.sum.checked_add(&transfer.measure).ok_or_else(Stop::overflow)?;
        entry.last_line = transfer.line;
    }
    Ok(taken)
}

fn declared_suffices(work: &mut Work<'_>, position: &PositionKey, taken: &Taken) -> Result<(), Stop> {
    let available = work.counters(position)?.available().ok_or_else(Stop::overflow)?.declared();
    if available >= taken.sum.declared() {
        return Ok(());
    }
    let (reason, field, value) = match &position.serial {
        Some(serial) => (Reason::SerialNotInPlace, "param2", serial.to_string()),
        None => (Reason::ShortStock, "putrecSeqno", position.number.to_string()),
    };
    Err(Refusal::new(reason)
        .line(taken.last_line)
        .field(field, value)
        .document(&position.book_no)
        .short(Some(position.place), Unit::Declared, taken.sum.declared(), available)
        .into())
}

/// The last withdrawal takes the rest in every unit, and no earlier one does.
fn statutory_remainder(work: &mut Work<'_>, position: &PositionKey, taken: &Taken) -> Result<(), Stop> {
    let available = work.counters(position)?.available().ok_or_else(Stop::overflow)?;
    let remainder = available.checked_sub(&taken.sum).ok_or_else(Stop::overflow)?;
    let last = remainder.declared().is_zero();
    for unit in [Unit::Statutory1, Unit::Statutory2] {
        let (there, left) = (available.get(unit), remainder.get(unit));
        if !left.is_negative() && (there.is_zero() || left.is_zero() == last) {
            continue;
        }
        let expected = if last { format!("exactly {there}") } else { format!("less than {there}") };
        return Err(Refusal::new(Reason::StatutoryRemainder)
            .line(taken.last_line)
            .field("putrecSeqno", position.number)
            .document(&position.book_no)
            .expected(expected)
            .short(Some(position.place), unit, taken.sum.get(unit), there)
            .into());
    }
    Ok(())
}
