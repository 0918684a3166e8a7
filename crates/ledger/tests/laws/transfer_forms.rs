//! Transfer forms: at neither end have lists more of a line than it declares, and what they have is what each of them took.

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, run};
use crate::planted::{forgetting, writing};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::code::{ListNo, TransferFormNo};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Key, MemoryState, Movements, Row, get};
use zonebook_ledger::transfer_form::{FormDraw, TransferForm};

/// After every command: of each line of a form, at either end, not more is listed than is declared, and exactly what lists
/// have; each list has not more than its lines; and both books of a form know it.
pub fn no_form_is_exceeded(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        sound(&taken.after).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

type Listed = BTreeMap<(TransferFormNo, u64, bool), i128>;

fn sound(state: &MemoryState) -> Result<(), String> {
    let (mut forms, mut places) = (Vec::new(), Vec::new());
    let (mut listed, mut lists) = (Listed::new(), BTreeMap::<TransferFormNo, u64>::new());
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::TransferForm(number), Row::TransferForm(form)) => {
                forms.push((number.clone(), form.clone()))
            }
            (Key::TransferFormOf(place), _) => places.push(place.clone()),
            (Key::TransferFormDraw((number, list_no)), Row::TransferFormDraw(draws)) => {
                *lists.entry(number.clone()).or_default() += 1;
                add(state, number, list_no, draws, &mut listed)?;
            }
            _ => {}
        }
    }
    for (number, form) in &forms {
        sound_form(number, form, &mut listed).map_err(|why| format!("{number}: {why}"))?;
        if lists.remove(number).unwrap_or_default() != form.lists {
            return Err(format!("{number} has not {} lists", form.lists));
        }
        for book_no in [&form.content.sender.book_no, &form.content.receiver.book_no] {
            if !places.contains(&(book_no.clone(), number.clone())) {
                return Err(format!("{book_no} does not know {number}"));
            }
        }
    }
    if listed.is_empty() && lists.is_empty() { Ok(()) } else { Err(format!("{listed:?} of no form")) }
}

/// What a list has of a form: not more than its own lines.
fn add(
    state: &MemoryState,
    number: &TransferFormNo,
    list_no: &ListNo,
    draws: &[FormDraw],
    listed: &mut Listed,
) -> Result<(), String> {
    let list = get::<Movements>(state, list_no.clone()).unwrap().ok_or("a list that is not there")?;
    let key = (list_no.clone(), list.content_version);
    let lines = get::<zonebook_ledger::state::Lines>(state, key).unwrap().unwrap_or_default();
    let mut by_line = BTreeMap::<u64, i128>::new();
    for draw in draws {
        *by_line.entry(draw.line).or_default() += draw.quantity.raw();
        let key = (number.clone(), draw.form_line, list.direction == Direction::Out);
        *listed.entry(key).or_default() += draw.quantity.raw();
    }
    for (line, sum) in by_line {
        let whole = lines.iter().find(|other| other.filed.line == line).map(|line| line.filed.declared.raw());
        if whole.is_none_or(|whole| sum > whole || sum <= 0) {
            return Err(format!("line {line} of {list_no} has {sum} of {number}"));
        }
    }
    Ok(())
}

fn sound_form(number: &TransferFormNo, form: &Arc<TransferForm>, listed: &mut Listed) -> Result<(), String> {
    for (line, ours) in form.lines() {
        for (out, of) in [(true, ours.out), (false, ours.into)] {
            let by_lists = listed.remove(&(number.clone(), line.line, out)).unwrap_or_default();
            if of.raw() != by_lists || of > line.declared || of < Quantity::ZERO {
                return Err(format!("line {}: {of} of {}, by lists {by_lists}", line.line, line.declared));
            }
        }
    }
    Ok(())
}

#[test]
fn no_transfer_form_is_exceeded() {
    holds("no_transfer_form_is_exceeded", no_form_is_exceeded);
}

#[test]
fn a_list_whose_share_is_forgotten_is_caught() {
    catches(no_form_is_exceeded, &forgetting("TransferFormDraws"));
}

#[test]
fn a_form_that_counts_only_what_leaves_is_caught() {
    let one_sided = writing(|_, _, _, writes| {
        for row in writes.values_mut() {
            if let Some(Row::TransferForm(form)) = row {
                Arc::make_mut(form).listed.iter_mut().for_each(|listed| listed.into = Quantity::ZERO);
            }
        }
    });
    catches(no_form_is_exceeded, &one_sided);
}
