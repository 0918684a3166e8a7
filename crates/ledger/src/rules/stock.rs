//! The stock test (`RULES.md` 3.7), over a whole message and inside the step that reserves.
//!
//! Goods that an override of customs lets a list overdraw (`domain.md` 3.4 row 32) are tested as far as there is
//! something to test: an overdraft in the declared unit overdraws every other unit of which something was there; once
//! more goods are back than were missing, a unit that documents left at nothing or below is a finding, no guard.

use super::goods::Transfer;
use super::overdrafts::Allowance;
use super::work::{Stop, Work};
use crate::measure::{Measure, Unit};
use crate::overdraft::OverdraftTaken;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::OverdrawnPositions;
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
    test_with(work, transfers, &Allowance::default()).map(drop)
}

/// The same where customs allows an overdraft; says what is overdrawn.
pub(crate) fn test_with<'t>(
    work: &mut Work<'_>,
    transfers: impl IntoIterator<Item = &'t Transfer>,
    allowance: &Allowance,
) -> Result<Vec<OverdraftTaken>, Stop> {
    let taken = taken(transfers)?;
    let mut overdrawn = Vec::new();
    for (position, taken) in &taken {
        if let Some(declared) = declared_suffices(work, position, taken, allowance)? {
            overdrawn.push(OverdraftTaken { position: (*position).clone(), declared });
        }
    }
    for (position, taken) in taken.iter().filter(|(position, _)| position.place != Place::SuspenseIn) {
        statutory_remainder(work, position, taken)?;
    }
    Ok(overdrawn)
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

/// Nothing, or how much more than is available customs lets it take.
fn declared_suffices(
    work: &mut Work<'_>,
    position: &PositionKey,
    taken: &Taken,
    allowance: &Allowance,
) -> Result<Option<Quantity>, Stop> {
    let available = work.counters(position)?.available().ok_or_else(Stop::overflow)?.declared();
    if available >= taken.sum.declared() {
        return Ok(None);
    }
    let there = available.max(Quantity::ZERO);
    let beyond = taken.sum.declared().checked_sub(there).ok_or_else(Stop::overflow)?;
    if allowance.covers(position, beyond) {
        return Ok(Some(beyond));
    }
    let (reason, field, value) = match &position.serial {
        Some(serial) => (Reason::SerialNotInPlace, "param2", serial.to_string()),
        None => (Reason::ShortStock, "putrecSeqno", position.number.to_string()),
    };
    let mut refusal = Refusal::new(reason)
        .line(taken.last_line)
        .field(field, value)
        .document(&position.book_no)
        .short(Some(position.place), Unit::Declared, taken.sum.declared(), available);
    if let Some(allowed) = allowance.shown(position) {
        refusal = refusal.expected(allowed);
    }
    Err(refusal.into())
}

/// The last withdrawal takes the rest in every unit, and no earlier one does.
fn statutory_remainder(work: &mut Work<'_>, position: &PositionKey, taken: &Taken) -> Result<(), Stop> {
    let available = work.counters(position)?.available().ok_or_else(Stop::overflow)?;
    let remainder = available.checked_sub(&taken.sum).ok_or_else(Stop::overflow)?;
    let last = remainder.declared().is_zero();
    let short = remainder.declared().is_negative();
    for unit in [Unit::Statutory1, Unit::Statutory2] {
        let (there, left) = (available.get(unit), remainder.get(unit));
        let sound = if short {
            left.is_negative() || !there.is_positive()
        } else {
            !left.is_negative() && (there.is_zero() || left.is_zero() == last)
        };
        if sound || (!short && !there.is_positive() && was_overdrawn(work, position)?) {
            continue;
        }
        let expected = match (short, last) {
            (true, _) => format!("more than {there}"),
            (false, true) => format!("exactly {there}"),
            (false, false) => format!("less than {there}"),
        };
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

/// Whether customs ever let it be overdrawn.
fn was_overdrawn(work: &Work<'_>, position: &PositionKey) -> Result<bool, Stop> {
    Ok(work.get::<OverdrawnPositions>(position.clone())?.is_some())
}
