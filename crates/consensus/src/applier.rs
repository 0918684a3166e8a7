//! Committed entries, carried out: the only place that writes the state.

use crate::cache::RowCache;
use crate::raft::{Answer, Entry, EntryPayload};
use crate::stored::{self, StateMark};
use std::io;
use std::sync::Arc;
use tokio::sync::watch;
use zonebook_codec::envelope::Kind;
use zonebook_codec::plain;
use zonebook_ledger::apply::{apply, pass_over};
use zonebook_ledger::command::Proposal;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::{Applied, Revision};
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Overlay, Read, Writes};
use zonebook_ledger::time::Instant;
use zonebook_store::state::{Pinned, Snapshot, StateStore};

/// How far this node's state has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last entry applied.
    pub index: u64,
    /// The last revision.
    pub revision: Revision,
}

/// Applies entries to a state.
pub struct Applier {
    store: Arc<dyn StateStore>,
    cache: RowCache,
    mark: StateMark,
    progress: watch::Sender<Progress>,
    /// Where changes are gathered. Kept from write to write: megabytes of fresh memory for each would cost more than
    /// what is written into them.
    room: Writes,
}

impl Applier {
    /// From where the state stands.
    pub fn new(store: Arc<dyn StateStore>) -> Result<Self, Fault> {
        let progress = watch::Sender::new(Progress::default());
        let (cache, mark, room) = (RowCache::new(), StateMark::default(), Writes::default());
        let mut applier = Self { store, cache, mark, progress, room };
        applier.reload()?;
        Ok(applier)
    }

    /// Tells of every step forward.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    pub fn mark(&self) -> &StateMark {
        &self.mark
    }

    fn reload(&mut self) -> Result<(), Fault> {
        self.cache.clear();
        self.mark = match self.store.mark()? {
            Some(bytes) => open_mark(&bytes)?,
            None => StateMark::default(),
        };
        let revision = query::revision(&*self.store.view())?;
        self.publish(revision);
        Ok(())
    }

    fn publish(&self, revision: Revision) {
        let index = self.mark.applied.map_or(0, |mark| mark.index);
        self.progress.send_replace(Progress { index, revision });
    }

    /// Applies entries in one write; the answers are those of the entries, in order. After a fault nothing of it is in
    /// the state.
    pub fn apply(&mut self, entries: &[Entry]) -> Result<Vec<Answer>, Fault> {
        let view = self.store.view();
        let cached = self.cache.over(&*view);
        let mut overlay = Overlay::reusing(&cached, std::mem::take(&mut self.room));
        let mut mark = self.mark.clone();
        let mut answers = Vec::with_capacity(entries.len());
        for entry in entries {
            mark.advance(entry);
            answers.push(match &entry.payload {
                EntryPayload::Normal(batch) => apply_batch(&mut overlay, batch)?,
                EntryPayload::Blank | EntryPayload::Membership(_) => Vec::new(),
            });
        }
        let revision = query::revision(&overlay)?;
        let sealed = stored::seal(Kind::StateMark, &mark).map_err(|error| Fault(error.to_string()))?;
        let mut writes = overlay.into_writes();
        self.store.write(&writes, sealed)?;
        self.cache.merge(&mut writes);
        self.room = writes;
        self.mark = mark;
        self.publish(revision);
        Ok(answers)
    }

    /// Pins the state as it is now.
    pub fn pin(&self) -> io::Result<Box<dyn Pinned>> {
        self.store.pin(stored::seal(Kind::StateMark, &self.mark)?)
    }

    /// Puts a snapshot in the place of the state.
    pub fn install(&mut self, snapshot: Snapshot) -> io::Result<()> {
        self.store.install(snapshot)?;
        self.reload().map_err(io::Error::other)
    }

    /// The newest durable snapshot.
    pub fn latest_snapshot(&self) -> io::Result<Option<Snapshot>> {
        self.store.latest_snapshot()
    }

    /// Makes the state survive a power cut.
    pub fn flush(&self) -> Result<(), Fault> {
        self.store.flush()
    }
}

/// The mark that a state or a snapshot was stored with.
pub fn open_mark(bytes: &[u8]) -> Result<StateMark, Fault> {
    stored::open(Kind::StateMark, bytes).map_err(|error| Fault(format!("mark of the state: {error}")))
}

fn apply_batch(overlay: &mut Overlay<'_>, batch: &crate::batch::Batch) -> Result<Answer, Fault> {
    let Some((record_time, proposals)) = batch.parts() else {
        let refusal = Refusal::new(Reason::InternalFault).field("entry", "not a list of proposals");
        return Ok(vec![step(overlay, |state| pass_over(state, Instant(0), refusal))?]);
    };
    let mut answers = Vec::with_capacity(proposals.len());
    for bytes in proposals {
        answers.push(match plain::decode::<Proposal>(&bytes) {
            Ok(proposal) => step(overlay, |state| apply(state, record_time, &proposal))?,
            Err(error) => {
                let refusal = Refusal::new(Reason::InternalFault).field("proposal", error);
                step(overlay, |state| pass_over(state, record_time, refusal))?
            }
        });
    }
    Ok(answers)
}

fn step(
    overlay: &mut Overlay<'_>,
    decide: impl FnOnce(&dyn Read) -> Result<(Applied, Writes), Fault>,
) -> Result<Applied, Fault> {
    let (applied, writes) = decide(overlay)?;
    overlay.merge(writes);
    Ok(applied)
}

/// What commands would do, one after the other, without doing it (`design.md` 8, `validate_only`).
pub fn rehearse(state: &dyn Read, now: Instant, proposals: &[Proposal]) -> Result<Vec<Applied>, Fault> {
    let mut overlay = Overlay::new(state);
    proposals.iter().map(|proposal| step(&mut overlay, |state| apply(state, now, proposal))).collect()
}
