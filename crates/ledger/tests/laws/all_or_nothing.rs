//! A command is carried out as a whole or not at all (`design.md` 2.3 and 2.7).

use crate::chance::{catches, holds};
use crate::common::run::{Apply, Asked, Taken, run, shipped};
use crate::planted::writing;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::command::Command;
use zonebook_ledger::document::{Document, ListFiling};
use zonebook_ledger::event::{Action, Step};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::outcome::{Applied, Verdict};
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{GatheredBy, Key, Lines, MemoryState, Movements, Writes, get};

/// What may stay of a command that was refused: that it came, its keys, its bytes, and that somebody is told.
const TRACES: [&str; 10] = [
    "Heads",
    "Events",
    "Requests",
    "Messages",
    "Deliveries",
    "UnsupportedNumbers",
    "Originals",
    "DocumentMessages",
    "Mailboxes",
    "Outbox",
];

/// A refused command changes no book and no document; a repeat leaves no more than its request id; an accepted one moves every line of a
/// document that it moves at all.
pub fn all_or_nothing(history: &[Asked], apply: Apply) -> Result<(), String> {
    for taken in run(history, apply) {
        let whole = match (&taken.applied.outcome.verdict, taken.applied.repeated) {
            (_, true) => nothing(&taken.writes, &["Requests"]),
            (Verdict::Accepted, _) => moves_all_lines(&taken),
            (Verdict::Duplicate, _) => nothing(&taken.writes, &TRACES),
            (Verdict::Refused(refusal), _) if refusal.reason == Reason::InternalFault => {
                Err(format!("the ledger found itself broken: {refusal}"))
            }
            (Verdict::Refused(_), _) => nothing(&taken.writes, &TRACES),
        };
        whole.map_err(|why| format!("{}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn nothing(writes: &Writes, but_for: &[&str]) -> Result<(), String> {
    match writes.keys().find(|key| !but_for.contains(&key.table())) {
        Some(key) => Err(format!("it was not carried out, and yet it wrote {key:?}")),
        None => Ok(()),
    }
}

/// Each step of the event has posting lines for every line of its document: two sides, or four where the units of the
/// line go different ways.
fn moves_all_lines(taken: &Taken) -> Result<(), String> {
    let event = query::event(&taken.after, taken.applied.revision).unwrap().unwrap();
    for step in event.steps.iter().filter(|step| step.row.is_some()) {
        let Some(lines) = lines_of(taken, step) else { continue };
        let moved = moved_lines(taken, step);
        if moved.keys().copied().collect::<BTreeSet<_>>() != lines {
            return Err(format!("{step:?} moved the lines {moved:?} of {lines:?}"));
        }
        if let Some((line, sides)) = moved.iter().find(|(_, sides)| *sides % 2 != 0) {
            return Err(format!("line {line} of {step:?} has {sides} posting lines"));
        }
    }
    Ok(())
}

/// The lines of a list, in the version that the step moved.
fn lines_of(taken: &Taken, step: &Step) -> Option<BTreeSet<u64>> {
    let number = zonebook_ledger::code::ListNo::new(step.document.as_str()).ok()?;
    // The goods of a list that gathers parcels are those of its parcels.
    let list = get::<Movements>(&taken.after, number.clone()).unwrap()?;
    if list.row == MatrixRow::ParcelsGathered {
        return None;
    }
    let lines = get::<Lines>(&taken.after, (number, step.version)).unwrap()?;
    let gathered = get::<GatheredBy>(&taken.after, list.list_no.clone()).unwrap().unwrap_or_default();
    Some(lines.iter().chain(&gathered.results).map(|line| line.filed.line).collect())
}

fn moved_lines(taken: &Taken, step: &Step) -> BTreeMap<u64, usize> {
    let mut moved = BTreeMap::new();
    for (key, row) in &taken.writes {
        let (Key::Journal(_), Some(zonebook_ledger::state::Row::Journal(row))) = (key, row) else { continue };
        if row.document == step.document && row.action == step.action {
            *moved.entry(row.line).or_default() += 1;
        }
    }
    moved
}

#[test]
fn a_command_is_carried_out_whole_or_not_at_all() {
    holds("a_command_is_carried_out_whole_or_not_at_all", all_or_nothing);
}

/// Keeps a list that was refused.
#[test]
fn a_write_of_a_refused_command_is_caught() {
    let keeps = writing(|_, asked, applied, writes| {
        if let (Verdict::Refused(_), Command::File(document)) =
            (&applied.outcome.verdict, &asked.proposal.command)
            && let Document::List(ListFiling::File(list)) = &**document
        {
            let key = Key::BookMovement((list.book_no.clone(), list.list_no.clone()));
            writes.insert(key, Some(zonebook_ledger::state::Row::BookMovement(())));
        }
    });
    catches(all_or_nothing, &keeps);
}

#[test]
fn a_line_that_is_left_behind_is_caught() {
    let drops = writing(|_, _, _, writes| {
        let last_post = writes.iter().rposition(|(_, row)| {
            matches!(row, Some(zonebook_ledger::state::Row::Journal(row)) if row.action == Action::Post)
        });
        if let Some(at) = last_post {
            writes.shift_remove_index(at);
        }
    });
    catches(all_or_nothing, &drops);
}

#[test]
fn a_repeat_that_is_carried_out_is_caught() {
    let twice = |state: &MemoryState, asked: &Asked| -> (Applied, Writes) {
        let (applied, writes) = shipped(state, asked);
        if !applied.repeated {
            return (applied, writes);
        }
        let fresh = Asked {
            proposal: zonebook_ledger::command::Proposal { request_id: None, ..asked.proposal.clone() },
            ..asked.clone()
        };
        (applied, shipped(state, &fresh).1)
    };
    catches(all_or_nothing, &twice);
}
