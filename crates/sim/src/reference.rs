//! The ledger that all nodes must come to: committed entries, carried out once, by the rules and by the naive model.

use crate::stored::{self, Members, Place, StateMark};
use crate::tables::Tables;
use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use std::collections::BTreeMap;
use zonebook_ledger::apply::apply;
use zonebook_ledger::command::{Proposal, RequestId};
use zonebook_ledger::outcome::{Applied, Revision};
use zonebook_ledger::permission::Principal;
use zonebook_ledger::state::{Key, MemoryState, Row, Writes};
use zonebook_ledger::time::Instant;
use zonebook_trial::{Asked, Model, holds_the_same, said};

/// A committed entry.
struct Committed {
    bytes: Bytes,
    place: Place,
    writes: Writes,
    /// The revision after it.
    revision: Revision,
}

/// A command that took a revision, and what became of it.
struct Took {
    proposal: Proposal,
    applied: Applied,
}

/// The reference.
#[derive(Default)]
pub struct Reference {
    entries: Vec<Committed>,
    /// The members from an entry on.
    members: BTreeMap<u64, Members>,
    state: MemoryState,
    /// Versions are indexes.
    tables: Tables,
    model: Model,
    took: BTreeMap<Revision, Took>,
    /// The entry after which a revision stood.
    entry_of: BTreeMap<Revision, u64>,
    effects: BTreeMap<(RequestId, Principal), Revision>,
}

impl Reference {
    /// The last revision.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.entries.last().map_or(Revision(0), |entry| entry.revision)
    }

    /// An entry that a node carries out: the next one is carried out here as well, one that is known must be the same.
    /// Gives the commands that were carried out here now.
    ///
    /// # Errors
    /// What does not hold.
    pub fn commit(&mut self, index: u64, bytes: &Bytes) -> Result<Vec<Proposal>> {
        let place = usize::try_from(index)?;
        if let Some(known) = self.entries.get(place) {
            ensure!(known.bytes == bytes, "entry {index} is another one than was committed");
            return Ok(Vec::new());
        }
        ensure!(place == self.entries.len(), "entry {index} comes before entry {}", self.entries.len());
        let place = stored::place(bytes)?;
        ensure!(place.index == index, "entry {index} says that it is entry {}", place.index);
        ensure!(
            self.entries.last().is_none_or(|before| before.place.term <= place.term),
            "the term goes back"
        );
        self.members.extend(stored::members(bytes)?.map(|members| (index, members)));
        let mut writes = Writes::default();
        let mut revision = self.revision();
        let (record_time, proposals) = stored::commands(bytes)?.unwrap_or((Instant(0), Vec::new()));
        for proposal in &proposals {
            let asked = Asked { record_time, proposal: proposal.clone() };
            let (applied, some) = apply(&self.state, record_time, &asked.proposal)?;
            self.state.merge(some.clone());
            writes.extend(some);
            revision = revision.max(applied.revision);
            self.predicted(&asked, &applied)?;
            self.took(asked.proposal, applied, index)?;
        }
        self.tables.write(index, &writes);
        self.entries.push(Committed { bytes: bytes.clone(), place, writes, revision });
        Ok(proposals)
    }

    fn predicted(&mut self, asked: &Asked, applied: &Applied) -> Result<()> {
        let due = self.model.predict(asked);
        let said = said(applied);
        ensure!(
            said == due,
            "{:?}: the ledger says {said:?}, {:?}, the model {due:?}",
            asked.proposal.command,
            applied.outcome.verdict
        );
        Ok(())
    }

    fn took(&mut self, proposal: Proposal, applied: Applied, index: u64) -> Result<()> {
        if applied.repeated {
            return Ok(());
        }
        if let Some(last) = self.took.last_key_value().map(|(_, took)| &took.applied) {
            ensure!(
                last.revision.0 + 1 == applied.revision.0,
                "revision {} is left out",
                last.revision.0 + 1
            );
            ensure!(last.record_time <= applied.record_time, "record time goes back");
            ensure!(last.ledger_time <= applied.ledger_time, "ledger time goes back");
        }
        if let Some(id) = proposal.request_id.filter(|_| applied.outcome.is_accepted()) {
            let first = self.effects.insert((id, proposal.principal.clone()), applied.revision);
            ensure!(
                first.is_none(),
                "a request took effect at {first:?} and again at {:?}",
                applied.revision
            );
        }
        self.entry_of.insert(applied.revision, index);
        self.took.insert(applied.revision, Took { proposal, applied });
        Ok(())
    }

    /// What entries change together.
    #[must_use]
    pub fn writes(&self, from: u64, to: u64) -> Writes {
        let range = usize::try_from(from).unwrap_or(0)..=usize::try_from(to).unwrap_or(0);
        let entries = self.entries.get(range).unwrap_or_default();
        entries.iter().flat_map(|entry| entry.writes.clone()).collect()
    }

    /// The rows after an entry.
    pub fn rows(&self, index: u64) -> impl Iterator<Item = (&Key, &Row)> {
        self.tables.rows(index)
    }

    /// A row after a revision; `None` also for a revision that nobody came to.
    #[must_use]
    pub fn row(&self, key: &Key, revision: Revision) -> Option<&Row> {
        self.tables.row(key, *self.entry_of.get(&revision)?)
    }

    /// The bytes of a committed entry.
    #[must_use]
    pub fn entry(&self, index: u64) -> Option<&Bytes> {
        self.entries.get(usize::try_from(index).ok()?).map(|entry| &entry.bytes)
    }

    /// The members after an entry, and the entry that they are from.
    #[must_use]
    pub fn members(&self, index: u64) -> Option<(u64, &Members)> {
        self.members.range(..=index).next_back().map(|(at, members)| (*at, members))
    }

    /// The mark of a state is that of the entries up to its last: the place of that one, and the members after it.
    ///
    /// # Errors
    /// It is another one.
    pub fn is_mark(&self, mark: &StateMark) -> Result<()> {
        let Some(Place { index, .. }) = mark.applied else {
            ensure!(*mark == StateMark::default(), "members without an entry");
            return Ok(());
        };
        let place = |index| Some(self.entries.get(usize::try_from(index).ok()?)?.place);
        let applied = place(index).with_context(|| format!("nobody came to entry {index}"))?;
        let members = self.members(index);
        let due = StateMark {
            applied: Some(applied),
            members_at: members.and_then(|(at, _)| place(at)),
            members: members.map(|(_, members)| members.clone()).unwrap_or_default(),
        };
        ensure!(*mark == due, "the mark is {mark:?}, due is {due:?}");
        Ok(())
    }

    /// What a caller was told of a command is what became of that command.
    ///
    /// # Errors
    /// It is not.
    pub fn answers(&self, proposal: &Proposal, told: &Applied) -> Result<()> {
        let Applied { revision, .. } = told;
        let took = self.took.get(revision).context("no node has carried it out")?;
        ensure!(took.applied.outcome == told.outcome, "the outcome is that of another command");
        ensure!(took.applied.record_time == told.record_time, "the time is that of another command");
        if !told.repeated {
            ensure!(took.proposal == *proposal, "another command took this revision");
            ensure!(took.applied.balances == told.balances, "the balances are those of another command");
        }
        let effect = proposal.request_id.map(|id| (id, proposal.principal.clone()));
        if let Some(effect) = effect.and_then(|effect| self.effects.get(&effect)) {
            ensure!(effect == revision, "it took effect at {}", effect.0);
        }
        Ok(())
    }

    /// The rules and the model have come to the same.
    ///
    /// # Errors
    /// What differs.
    pub fn agrees_with_the_model(&self) -> Result<()> {
        holds_the_same(&self.state, &self.model).map_err(anyhow::Error::msg)
    }
}
