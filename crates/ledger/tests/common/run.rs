//! Carries out a history, one command after the other, with the shipped `apply` or with one that has a bug planted.

use zonebook_ledger::apply::apply;
use zonebook_ledger::command::Proposal;
use zonebook_ledger::outcome::Applied;
use zonebook_ledger::state::{MemoryState, Writes};
use zonebook_ledger::time::Instant;

/// A command and the time at which a leader took it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub record_time: Instant,
    pub proposal: Proposal,
}

/// Something that applies commands.
pub type Apply<'a> = &'a dyn Fn(&MemoryState, &Asked) -> (Applied, Writes);

/// The one that ships.
pub fn shipped(state: &MemoryState, asked: &Asked) -> (Applied, Writes) {
    apply(state, asked.record_time, &asked.proposal).expect("a state in memory can be read")
}

/// A command with what became of it.
#[derive(Clone, Debug)]
pub struct Taken {
    pub asked: Asked,
    pub applied: Applied,
    pub writes: Writes,
    /// The state before it.
    pub before: MemoryState,
    /// The state after it.
    pub after: MemoryState,
}

impl Taken {
    /// What was asked, for messages.
    pub fn shown(&self) -> String {
        format!("revision {}: {:?}", self.applied.revision.0, self.asked.proposal.command)
    }
}

/// Carries out one command.
pub fn take(before: &MemoryState, asked: &Asked, apply: Apply) -> Taken {
    let (applied, writes) = apply(before, asked);
    let mut after = before.clone();
    after.merge(writes.clone());
    Taken { asked: asked.clone(), applied, writes, before: before.clone(), after }
}

/// Carries out a history from nothing.
pub fn run(history: &[Asked], apply: Apply) -> Vec<Taken> {
    let mut taken: Vec<Taken> = Vec::with_capacity(history.len());
    let empty = MemoryState::default();
    for asked in history {
        let next = take(taken.last().map_or(&empty, |last| &last.after), asked, apply);
        taken.push(next);
    }
    taken
}

/// The state at the end of a history.
pub fn last(taken: &[Taken]) -> MemoryState {
    taken.last().map_or_else(MemoryState::default, |last| last.after.clone())
}
