//! Undoing part of a list that is posted: by a correction, or because its tally shows it short. What of each line, which
//! materials go with it, and which way the goods go.

use super::goods::Transfer;
use super::work::{Stop, Work};
use super::{lines, lists};
use crate::bom::{Bom, BomKey};
use crate::book::Book;
use crate::correction::Undone;
use crate::matrix::Rule;
use crate::measure::{Measure, Unit};
use crate::movement::{MaterialUse, Movement, MovementLine};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Boms, UndoneLines};
use std::sync::Arc;

/// How much of each line of a list is undone, in line order.
pub(crate) fn undone(
    work: &Work<'_>,
    movement: &Movement,
    lines: &[MovementLine],
) -> Result<Arc<Vec<Undone>>, Stop> {
    match work.get::<UndoneLines>(movement.list_no.clone())? {
        Some(undone) if undone.len() == lines.len() => Ok(undone),
        Some(_) => Err(Stop::Broken(format!("corrections of {} are of other lines", movement.list_no))),
        None => Ok(Arc::new(vec![Undone::default(); lines.len()])),
    }
}

pub(crate) fn no_such_line(movement: &Movement, line: u64) -> Stop {
    Refusal::new(Reason::InvalidField)
        .line(line)
        .field("gdsSeqno", line)
        .expected("a line of the list")
        .document(&movement.list_no)
        .into()
}

/// As `RULES.md` 3.7: what takes all of the declared quantity takes all of each other measure; what leaves some of it
/// leaves some of each statutory one.
pub(crate) fn leaves_a_sound_rest(line: &MovementLine, there: &Measure, taken: &Measure) -> Result<(), Stop> {
    let last = taken.declared() == there.declared();
    for unit in [Unit::Statutory1, Unit::Statutory2, Unit::Value] {
        let (there, taken) = (there.get(unit), taken.get(unit));
        let may_be_all = there.is_zero() || unit == Unit::Value;
        let fits = match last {
            true => taken == there,
            false => taken < there || (may_be_all && taken == there),
        };
        if fits {
            continue;
        }
        let expected = if last { format!("exactly {there}") } else { format!("less than {there}") };
        return Err(Refusal::new(Reason::StatutoryRemainder)
            .line(line.filed.line)
            .field("gdsSeqno", line.filed.line)
            .expected(expected)
            .short(None, unit, taken, there)
            .into());
    }
    Ok(())
}

/// Part of a line as a line of its own: its measure, and what of its materials goes with it.
pub(crate) fn part(
    work: &Work<'_>,
    book: &Book,
    line: &MovementLine,
    undone: &Undone,
    taken: &Measure,
) -> Result<MovementLine, Stop> {
    let before = undone.sum().ok_or_else(Stop::overflow)?.declared();
    let rest = line
        .filed
        .declared
        .checked_sub(before)
        .and_then(|left| left.checked_sub(taken.declared()))
        .ok_or_else(Stop::overflow)?;
    let uses = uses_back(work, book, line, undone, rest)?;
    Ok(taken_of(line, taken, uses))
}

pub(crate) fn taken_of(line: &MovementLine, taken: &Measure, uses: Vec<MaterialUse>) -> MovementLine {
    let mut part = MovementLine { uses, ..line.clone() };
    part.filed.declared = taken.declared();
    part.filed.statutory1 = taken.get(Unit::Statutory1);
    part.filed.statutory2 = line.filed.statutory2.map(|_| taken.get(Unit::Statutory2));
    part.filed.value_usd = taken.get(Unit::Value);
    part
}

/// What of its materials goes back with part of a product's line: as much as leaves used what the rest of the line would
/// use by itself, rounded once (`RULES.md` 6.1). So the last part gives back exactly what the others left, whatever said
/// what the line uses.
fn uses_back(
    work: &Work<'_>,
    book: &Book,
    line: &MovementLine,
    undone: &Undone,
    rest: Quantity,
) -> Result<Vec<MaterialUse>, Stop> {
    if line.uses.is_empty() {
        return Ok(Vec::new());
    }
    let bom = if rest.is_zero() { None } else { Some(bom_of(work, book, line)?) };
    let mut uses = Vec::with_capacity(line.uses.len());
    for used in &line.uses {
        let stays = match &bom {
            Some(bom) => bom.get(&used.material).ok_or_else(|| no_version(line))?.usage(rest),
            None => Some(Quantity::ZERO),
        };
        let stays = stays.ok_or_else(Stop::overflow)?;
        let gone = undone.uses.get(&used.material).copied().unwrap_or_default();
        let declared = used
            .declared
            .checked_sub(gone)
            .and_then(|left| left.checked_sub(stays))
            .ok_or_else(Stop::overflow)?;
        if declared.is_positive() {
            let same_unit = !used.statutory1.is_zero();
            let statutory1 = if same_unit { declared } else { Quantity::ZERO };
            uses.push(MaterialUse { material: used.material, declared, statutory1 });
        }
    }
    Ok(uses)
}

/// The BOM version that a line of a product names.
fn bom_of(work: &Work<'_>, book: &Book, line: &MovementLine) -> Result<Arc<Bom>, Stop> {
    let version = line.filed.bom_version.clone().ok_or_else(|| no_version(line))?;
    let key = BomKey { book_no: book.book_no.clone(), product: line.filed.number, version };
    work.get::<Boms>(key)?.ok_or_else(|| no_version(line))
}

fn no_version(line: &MovementLine) -> Stop {
    Stop::Broken(format!("line {} lost its BOM version", line.filed.line))
}

/// The transfers of parts of a list along its own legs, the other way; where these led through transit, from its end.
pub(crate) fn the_other_way(
    book: &Book,
    movement: &Movement,
    parts: &[MovementLine],
) -> Result<Vec<Transfer>, Stop> {
    let rule = lists::rule_of(movement)?;
    let there = lines::transfers(book, rule, movement.mark, parts);
    Ok(there.into_iter().map(|transfer| back(book, rule, movement, transfer)).collect())
}

pub(crate) fn back(book: &Book, rule: &Rule, movement: &Movement, there: Transfer) -> Transfer {
    let onward = rule
        .onward_legs
        .iter()
        .find(|leg| leg.from.place(book.usage, movement.mark) == there.to.place)
        .map(|leg| there.to.at(leg.to.place(book.usage, movement.mark)));
    Transfer { line: there.line, from: onward.unwrap_or(there.to), to: there.from, measure: there.measure }
}

/// Changes what is undone of the lines of some parts.
pub(crate) fn change_undone(
    work: &mut Work<'_>,
    movement: &Movement,
    lines: &[MovementLine],
    parts: &[MovementLine],
    change: impl Fn(&mut Undone, &MovementLine) -> Option<()>,
) -> Result<(), Stop> {
    let mut all = undone(work, movement, lines)?;
    for part in parts {
        let mut of_lines = lines.iter().zip(Arc::make_mut(&mut all).iter_mut());
        let Some((_, undone)) = of_lines.find(|(line, _)| line.filed.line == part.filed.line) else {
            return Err(Stop::Broken(format!("line {} of {} vanished", part.filed.line, movement.list_no)));
        };
        change(undone, part).ok_or_else(Stop::overflow)?;
    }
    work.put::<UndoneLines>(movement.list_no.clone(), all);
    Ok(())
}

/// What the accepted tally shows short is undone for good.
pub(crate) fn settle_short(
    work: &mut Work<'_>,
    movement: &Movement,
    lines: &[MovementLine],
    short: &[MovementLine],
) -> Result<(), Stop> {
    change_undone(work, movement, lines, short, |undone, part| {
        undone.settled = undone.settled.checked_add(&lines::measure(&part.filed))?;
        add_uses(undone, part)
    })
}

pub(crate) fn add_uses(undone: &mut Undone, part: &MovementLine) -> Option<()> {
    for used in &part.uses {
        let sum = undone.uses.entry(used.material).or_default();
        *sum = sum.checked_add(used.declared)?;
    }
    Some(())
}

pub(crate) fn take_uses(undone: &mut Undone, part: &MovementLine) -> Option<()> {
    for used in &part.uses {
        let sum = undone.uses.entry(used.material).or_default();
        *sum = sum.checked_sub(used.declared)?;
    }
    Some(())
}
