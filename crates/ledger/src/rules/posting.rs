//! Posting: when both gates are open, all transfers of a list become actual in one step (`RULES.md` 5.6, 7.3, 7.4).

use super::goods::carry_lots;
use super::layers::Wishes;
use super::lines;
use super::lists::{content, rule_of, step};
use super::work::{Stop, Work};
use super::{direct_exits, guards, leases, parcels, permits, processing, tallies};
use crate::direction::Direction;
use crate::event::Action;
use crate::matrix::{Claim, Posting, Provenance};
use crate::movement::{DocumentState, Movement};
use crate::mover::Mover;
use crate::state::Movements;
use std::sync::Arc;

/// Keeps a list, and posts it if nothing is left to wait for.
pub(crate) fn settle(work: &mut Work<'_>, mut movement: Movement) -> Result<(), Stop> {
    let posting = rule_of(&movement)?.posting;
    if movement.state == DocumentState::PrePosted && nothing_in_the_way(&movement) {
        match posting {
            Posting::AtBothGates if released(&movement) && gated(work, &movement)? => {
                post(work, &mut movement)?;
            }
            Posting::AtRelease if released(&movement) => post(work, &mut movement)?,
            Posting::ThroughTransit if movement.direction == Direction::Out && gated(work, &movement)? => {
                carry_list(work, Action::Post, &movement)?;
                enter_state(work, &mut movement, DocumentState::InTransit);
            }
            _ => {}
        }
    }
    let partner = movement.partner.clone();
    work.put::<Movements>(movement.list_no.clone(), Arc::new(movement.clone()));
    match partner {
        Some(partner) if posting == Posting::ThroughTransit => {
            let Some(partner) = work.get::<Movements>(partner)? else { return Ok(()) };
            arrive(work, movement, (*partner).clone())
        }
        _ => Ok(()),
    }
}

/// Whether its declaration is released, where it is declared.
fn released(movement: &Movement) -> bool {
    !movement.declared || movement.is_released()
}

/// Whether all its goods are through the gate, as far as they are there, or customs lets it go without, or they never come
/// to a gate.
fn gated(work: &Work<'_>, movement: &Movement) -> Result<bool, Stop> {
    let forced = movement.standing.as_deref().is_some_and(|standing| standing.gate_forced);
    if movement.ungated.is_zero() || forced || leases::never_enter(work, movement)? {
        return Ok(true);
    }
    match movement.standing {
        Some(_) => tallies::all_counted_is_gated(work, movement),
        None => Ok(false),
    }
}

/// Neither a stop of customs, nor an inspection to come before use, nor a tally that differs.
fn nothing_in_the_way(movement: &Movement) -> bool {
    movement.standing.as_deref().is_none_or(|standing| standing.obstacles().is_empty())
}

/// 7.2: makes two lists partners. Inside a zone both are posted in this step.
pub(crate) fn pair(work: &mut Work<'_>, mut out: Movement, partner: &Movement) -> Result<(), Stop> {
    let mut into = partner.clone();
    guards::book(work, &into.book_no, "rltPutrecNo")?;
    out.partner = Some(into.list_no.clone());
    into.partner = Some(out.list_no.clone());
    if rule_of(&out)?.posting == Posting::WithPartner {
        post(work, &mut out)?;
        post(work, &mut into)?;
    }
    work.put::<Movements>(into.list_no.clone(), Arc::new(into));
    settle(work, out)
}

/// 7.4: goods in transit arrive when the list I is fully gated and both declarations are released.
fn arrive(work: &mut Work<'_>, one: Movement, other: Movement) -> Result<(), Stop> {
    let (mut out, mut into) = if one.direction == Direction::Out { (one, other) } else { (other, one) };
    let on_the_way = out.state == DocumentState::InTransit && into.state == DocumentState::PrePosted;
    let open = nothing_in_the_way(&out) && nothing_in_the_way(&into);
    if !(on_the_way && open && gated(work, &into)? && released(&out) && released(&into)) {
        return Ok(());
    }
    let rule = rule_of(&out)?;
    let book = guards::book(work, &out.book_no, "putrecNo")?;
    let lines = content(work, &out)?;
    let onward = lines::along_lines(&book, rule.onward_legs, out.mark, &lines);
    let mover = Mover::from(&out.list_no);
    let of = [mover.number.clone()];
    carry_lots(work, Action::PostAtOnce, &mover, &onward, Wishes { of: &of, ..Wishes::default() })?;
    step(work, Action::PostAtOnce, &out, rule.row);
    out.posted_time = Some(work.now());
    enter_state(work, &mut out, DocumentState::Posted);
    work.put::<Movements>(out.list_no.clone(), Arc::new(out));
    post(work, &mut into)?;
    work.put::<Movements>(into.list_no.clone(), Arc::new(into));
    Ok(())
}

fn post(work: &mut Work<'_>, movement: &mut Movement) -> Result<(), Stop> {
    carry_list(work, Action::Post, movement)?;
    match rule_of(movement)?.claim {
        Claim::Parcels => parcels::deliver(work, movement)?,
        Claim::Permit | Claim::Processing => permits::list_posted(work, movement)?,
        Claim::DirectExit => direct_exits::posted(work, movement, &content(work, movement)?)?,
        Claim::None
        | Claim::Bill
        | Claim::Slips
        | Claim::Original
        | Claim::Exchange
        | Claim::TransferForm => {}
    }
    tallies::settle(work, movement)?;
    movement.posted_time = Some(work.now());
    enter_state(work, movement, DocumentState::Posted);
    Ok(())
}

fn carry_list(work: &mut Work<'_>, action: Action, movement: &Movement) -> Result<(), Stop> {
    let rule = rule_of(movement)?;
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let lines = content(work, movement)?;
    let mut transfers = lines::transfers(&book, rule, movement.mark, &lines);
    transfers.extend(processing::transfers(work, &book, rule, &movement.list_no)?);
    let mover = Mover::from(&movement.list_no);
    let goes_on = rule.provenance == Provenance::Inherited;
    let out = movement.partner.as_ref().filter(|_| goes_on).map(Mover::from);
    let wishes = Wishes { holder: Some(&mover.number), continues: out.as_ref(), ..Wishes::default() };
    carry_lots(work, action, &mover, &transfers, wishes)?;
    step(work, action, movement, rule.row);
    Ok(())
}

fn enter_state(work: &mut Work<'_>, movement: &mut Movement, state: DocumentState) {
    movement.state = state;
    work.names(movement.list_no.as_str(), state);
}
