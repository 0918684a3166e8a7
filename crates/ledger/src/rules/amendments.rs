//! Customs amends the lists of a transfer to what was counted: both in one step, so that they keep matching (`RULES.md` 7.2).
//!
//! Only who filed a list changes it, and lists of transfers not even they (`RULES.md` 5.9): they are withdrawn and filed
//! anew, which goods at the gate cannot wait for. Nothing is amended upwards: goods beyond what is listed come by a list
//! of their own.

use super::goods::{carry, carry_lots};
use super::layers::{self, Wishes};
use super::work::{Stop, Work};
use super::{claims, guards, lines, lists, overdrafts, standing, stock, undoing, units};
use crate::book::Book;
use crate::correction::Undone;
use crate::direction::Mark;
use crate::document::{LinePart, TallyFiling};
use crate::event::Action;
use crate::layer::{LotMethod, NamedLot};
use crate::matrix::{MatrixRow, Rule};
use crate::measure::{Measure, Unit};
use crate::movement::{DocumentState, MaterialUse, Movement, MovementLine};
use crate::mover::Mover;
use crate::quantity::Quantity;
use crate::query::{self, TakenLot};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Lines, Movements};
use std::sync::Arc;

/// A list that is amended.
struct Side {
    movement: Movement,
    book: Arc<Book>,
    rule: &'static Rule,
    /// Its lines so far.
    before: Arc<Vec<MovementLine>>,
    /// What stays of them.
    after: Vec<MovementLine>,
    /// What does not.
    short: Vec<MovementLine>,
    /// The lots that its lines named.
    named: Vec<NamedLot>,
}

/// Amends a list and its partner to a tally of the list. Gives the list.
pub(crate) fn amend(
    work: &mut Work<'_>,
    movement: Movement,
    counted: &TallyFiling,
) -> Result<Movement, Stop> {
    if !lists::rule_of(&movement)?.is_paired() {
        let expected = "a list of a transfer: others are changed by who filed them";
        return Err(standing::not_applicable(&movement, "matrix_row", movement.row, expected));
    }
    let partner = match &movement.partner {
        Some(partner) => work.get::<Movements>(partner.clone())?.map(|partner| (*partner).clone()),
        None => None,
    };
    let mut sides = Vec::with_capacity(2);
    for (at, movement) in std::iter::once(movement).chain(partner).enumerate() {
        may_be_amended(&movement)?;
        sides.push(side(work, movement, counted, at == 0)?);
    }
    sides.iter().try_for_each(|side| take_back(work, side))?;
    let mut amended = Vec::with_capacity(sides.len());
    for side in sides {
        amended.push(reserve(work, side)?);
    }
    amended.into_iter().next().ok_or_else(|| Stop::Broken("an amendment of no list".into()))
}

/// Before anything of it is at a gate: what passes reserve of its lines is not amended with them.
fn may_be_amended(movement: &Movement) -> Result<(), Stop> {
    let because = |reason| {
        Err(Refusal::new(reason).field("bondInvtNo", &movement.list_no).document(&movement.list_no).into())
    };
    if movement.state != DocumentState::PrePosted {
        return because(Reason::AlreadyPosted);
    }
    standing::not_held(movement)?;
    let gate_forced = movement.standing.as_deref().is_some_and(|standing| standing.gate_forced);
    if movement.passes > 0 || gate_forced { because(Reason::ListOnPass) } else { Ok(()) }
}

fn side(work: &mut Work<'_>, movement: Movement, counted: &TallyFiling, own: bool) -> Result<Side, Stop> {
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let rule = lists::rule_of(&movement)?;
    let before = lists::content(work, &movement)?;
    let (mut after, mut short) = (Vec::new(), Vec::new());
    for line in before.iter() {
        let found = counted.lines.iter().find(|part| part.line == line.filed.line);
        let found = found.map_or(Measure::ZERO, LinePart::measure);
        let listed = lines::measure(&line.filed);
        if found.declared() > listed.declared() {
            return Err(standing::not_applicable(
                &movement,
                "dclQty",
                found.declared(),
                format!("at most {} of line {}", listed.declared(), line.filed.line),
            ));
        }
        if found.declared() == listed.declared() {
            after.push(line.clone());
        } else if found.declared().is_zero() {
            short.push(line.clone());
        } else {
            let found = if own { found } else { with_value_of(&listed, &found)? };
            let rest = listed.checked_sub(&found).ok_or_else(Stop::overflow)?;
            let part = undoing::part(work, &book, line, &Undone::default(), &rest)?;
            after.push(undoing::taken_of(line, &found, uses_left(line, &part)?));
            short.push(part);
        }
    }
    if after.is_empty() {
        let expected = "something of a line: lists of nothing are withdrawn";
        return Err(standing::not_applicable(&movement, "dclQty", Quantity::ZERO, expected));
    }
    let named = named(work, &book, &movement)?;
    Ok(Side { movement, book, rule, before, after, short, named })
}

/// Each list has a value of its own, of which the share stays that the quantity has.
fn with_value_of(listed: &Measure, found: &Measure) -> Result<Measure, Stop> {
    let value = listed.get(Unit::Value).share(found.declared(), listed.declared());
    Ok(Measure::new(
        found.declared(),
        found.get(Unit::Statutory1),
        found.get(Unit::Statutory2),
        value.ok_or_else(Stop::overflow)?,
    ))
}

/// What a line uses of its materials less what a part of it does.
fn uses_left(line: &MovementLine, part: &MovementLine) -> Result<Vec<MaterialUse>, Stop> {
    let mut left = Vec::with_capacity(line.uses.len());
    for used in &line.uses {
        let gone = part.uses.iter().find(|gone| gone.material == used.material);
        let gone = gone.map_or(Quantity::ZERO, |gone| gone.declared);
        let declared = used.declared.checked_sub(gone).ok_or_else(Stop::overflow)?;
        let statutory1 = if used.statutory1.is_zero() { Quantity::ZERO } else { declared };
        if !declared.is_zero() {
            left.push(MaterialUse { material: used.material, declared, statutory1 });
        }
    }
    Ok(left)
}

/// The lots that the lines took, as they would name them where the book has them named.
fn named(work: &Work<'_>, book: &Book, movement: &Movement) -> Result<Vec<NamedLot>, Stop> {
    if book.lot_method != LotMethod::Specific {
        return Ok(Vec::new());
    }
    let name = |taken: TakenLot| {
        let of_line = taken.key.from.mark == movement.mark || movement.mark != Mark::Product;
        NamedLot {
            line: taken.key.line,
            material: (!of_line).then_some(taken.key.from.number),
            lot: taken.share.layer.lot,
        }
    };
    let taken = query::lots_of_mover(work.state(), &Mover::from(&movement.list_no))?;
    Ok(taken.into_iter().map(name).collect())
}

fn take_back(work: &mut Work<'_>, side: &Side) -> Result<(), Stop> {
    let Side { movement, book, rule, before, .. } = side;
    let transfers = lines::transfers(book, rule, movement.mark, before);
    carry(work, Action::Cancel, &Mover::from(&movement.list_no), &transfers)?;
    lists::step(work, Action::Cancel, movement, MatrixRow::Withdrawal);
    overdrafts::give_back(work, movement)
}

fn reserve(work: &mut Work<'_>, side: Side) -> Result<Movement, Stop> {
    let Side { mut movement, book, rule, before, after, short, named } = side;
    let transfers = lines::transfers(&book, rule, movement.mark, &after);
    stock::test(work, &transfers)?;
    let stays = |line: &MovementLine| after.iter().any(|other| other.filed.line == line.filed.line);
    let dropped: Vec<MovementLine> = before.iter().filter(|line| !stays(line)).cloned().collect();
    units::forget(work, &book, &movement, &dropped)?;
    layers::forget(work, &book, &movement, rule, &dropped)?;
    claims::give_back_parts(work, rule.claim, &movement, &short)?;
    movement.content_version = movement.content_version.checked_add(1).ok_or_else(Stop::overflow)?;
    movement.lines = after.len() as u64;
    movement.dangerous = after.iter().any(|line| line.filed.dangerous);
    movement.ungated = after
        .iter()
        .try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.filed.declared))
        .ok_or_else(Stop::overflow)?;
    let mover = Mover::from(&movement.list_no);
    let wishes = Wishes { named: Some(&named), holder: Some(&mover.number), ..Wishes::default() };
    carry_lots(work, Action::Reserve, &mover, &transfers, wishes)?;
    lists::step(work, Action::Reserve, &movement, rule.row);
    work.put::<Lines>((movement.list_no.clone(), movement.content_version), Arc::new(after));
    work.put::<Movements>(movement.list_no.clone(), Arc::new(movement.clone()));
    work.names(movement.list_no.as_str(), movement.state);
    Ok(movement)
}
