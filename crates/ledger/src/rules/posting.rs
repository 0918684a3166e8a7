//! Posting: when both gates are open, all transfers of a list become actual in one step (`RULES.md` 5.6, 7.3).

use super::guards;
use super::lines;
use super::lists::{content, rule_of, step};
use super::work::{Stop, Work};
use crate::code::DocumentNo;
use crate::event::Action;
use crate::matrix::Posting;
use crate::movement::{DocumentState, Movement};
use crate::state::Movements;
use std::sync::Arc;

/// Keeps a list, and posts it if nothing is left to wait for.
pub(crate) fn settle(work: &mut Work<'_>, mut movement: Movement) -> Result<(), Stop> {
    if gates_open(&movement)? {
        post(work, &mut movement)?;
    }
    work.put::<Movements>(movement.list_no.clone(), Arc::new(movement));
    Ok(())
}

/// Released, where declared, and all goods through the gate, where needed. Paired lists are posted with their partner.
fn gates_open(movement: &Movement) -> Result<bool, Stop> {
    let rule = rule_of(movement)?;
    let released = !movement.declared || movement.release_time.is_some();
    let gated = !rule.needs_gate(movement.mode.as_str()) || movement.ungated.is_zero();
    Ok(movement.state == DocumentState::PrePosted
        && matches!(rule.posting, Posting::AtOpenGates { .. })
        && released
        && gated)
}

/// 7.3: both lists of a transfer inside a zone are posted in one step.
pub(crate) fn post_pair(work: &mut Work<'_>, mut out: Movement, partner: &Movement) -> Result<(), Stop> {
    let mut into = partner.clone();
    out.partner = Some(into.list_no.clone());
    into.partner = Some(out.list_no.clone());
    for movement in [&mut out, &mut into] {
        guards::book(work, &movement.book_no, "rltPutrecNo")?;
        post(work, movement)?;
    }
    work.put::<Movements>(out.list_no.clone(), Arc::new(out));
    work.put::<Movements>(into.list_no.clone(), Arc::new(into));
    Ok(())
}

fn post(work: &mut Work<'_>, movement: &mut Movement) -> Result<(), Stop> {
    let rule = rule_of(movement)?;
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let all = content(work, movement)?;
    let document = DocumentNo::from(&movement.list_no);
    lines::transfer(work, Action::Post, rule, &book, (&document, movement.mark), &all)?;
    step(work, Action::Post, movement, rule.row);
    movement.state = DocumentState::Posted;
    movement.posted_time = Some(work.now());
    work.names(movement.list_no.as_str(), DocumentState::Posted);
    Ok(())
}
