//! Slips I that name the slip E whose goods they bring back (`rltSasStockNo`, `rltStockSeqno`): of each of its lines not
//! more comes back than went out (`replaceQty`; `domain.md` 3.1, returns).

use super::work::{Stop, Work};
use crate::code::SlipNo;
use crate::direction::Direction;
use crate::document::{SlipFiling, SlipLine};
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::permit::{Slip, SlipGoods};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Slips;
use std::sync::Arc;

fn measure(line: &SlipLine) -> Measure {
    Measure::new(line.declared, line.statutory1, line.statutory2.unwrap_or_default(), line.value_usd)
}

/// Counts what a slip I brings back on the lines of the slip E that it names.
pub(crate) fn claim(work: &mut Work<'_>, filing: &SlipFiling) -> Result<(), Stop> {
    let Some(number) = &filing.related_slip else {
        return match filing.lines.iter().find(|line| line.related_line.is_some()) {
            None => Ok(()),
            Some(line) => Err(not_of(line, "none: the slip names no other in rltSasStockNo").into()),
        };
    };
    let mut sent = open(work, number, filing)?;
    for line in &filing.lines {
        let at = line.related_line.unwrap_or(0);
        let found = sent.lines.iter_mut().find(|sent| sent.filed.line == at);
        let same = |sent: &&mut SlipGoods| {
            (sent.filed.permit_line, sent.filed.number) == (line.permit_line, line.number)
        };
        let Some(sent) = found.filter(same) else {
            return Err(not_of(line, "a line of the slip E for the same line of the permit")
                .document(number)
                .into());
        };
        bring(sent, line, number)?;
    }
    work.put::<Slips>(number.clone(), Arc::new(sent));
    Ok(())
}

fn not_of(line: &SlipLine, expected: &str) -> Refusal {
    Refusal::new(Reason::ItemNotFiled)
        .line(line.line)
        .field("rltStockSeqno", line.related_line.unwrap_or(0))
        .expected(expected)
}

/// `SLIP_NOT_OPEN`: a slip E of the same permit that has passed and is not declared.
fn open(work: &Work<'_>, number: &SlipNo, filing: &SlipFiling) -> Result<Slip, Stop> {
    let Some(sent) = work.get::<Slips>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("rltSasStockNo", number)
            .document(number)
            .into());
    };
    let fits = filing.direction == Direction::In
        && sent.direction == Direction::Out
        && sent.permit_no == filing.permit_no
        && sent.state == DocumentState::Passed;
    if fits { Ok((*sent).clone()) } else { Err(not_open(number, &sent)) }
}

fn not_open(number: &SlipNo, sent: &Slip) -> Stop {
    Refusal::new(Reason::SlipNotOpen)
        .field("rltSasStockNo", sent.state)
        .expected(format!("a slip E of permit {}, PASSED, named by a slip I", sent.permit_no))
        .document(number)
        .into()
}

/// `RETURN_EXCEEDS_OUT`, in each unit.
fn bring(sent: &mut SlipGoods, line: &SlipLine, number: &SlipNo) -> Result<(), Stop> {
    let back = sent.returned.checked_add(&measure(line)).ok_or_else(Stop::overflow)?;
    let left = measure(&sent.filed).checked_sub(&back).ok_or_else(Stop::overflow)?;
    if let Some(unit) = Unit::QUANTITIES.into_iter().find(|unit| left.get(*unit).is_negative()) {
        let there = measure(&sent.filed).checked_sub(&sent.returned).ok_or_else(Stop::overflow)?;
        return Err(Refusal::new(Reason::ReturnExceedsOut)
            .line(line.line)
            .field("rltStockSeqno", sent.filed.line)
            .document(number)
            .short(None, unit, measure(line).get(unit), there.get(unit))
            .into());
    }
    sent.returned = back;
    Ok(())
}

/// A slip I is taken back or gets new lines. The slip E that it names must not be declared yet: the list counted on what
/// came back.
pub(crate) fn free(work: &mut Work<'_>, slip: &Slip) -> Result<(), Stop> {
    let Some(number) = &slip.related_slip else { return Ok(()) };
    let Some(sent) = work.get::<Slips>(number.clone())? else {
        return Err(Stop::Broken(format!("slip {number} vanished")));
    };
    if sent.state != DocumentState::Passed {
        return Err(not_open(number, &sent));
    }
    let mut sent = (*sent).clone();
    for line in &slip.lines {
        let at = line.filed.related_line.unwrap_or(0);
        let found = sent.lines.iter_mut().find(|sent| sent.filed.line == at);
        let left = found.as_ref().and_then(|sent| sent.returned.checked_sub(&measure(&line.filed)));
        match (found, left) {
            (Some(sent), Some(left)) if left.declared() >= Quantity::ZERO => sent.returned = left,
            _ => return Err(Stop::Broken(format!("slip {number} gives back more than was returned"))),
        }
    }
    work.put::<Slips>(number.clone(), Arc::new(sent));
    Ok(())
}
