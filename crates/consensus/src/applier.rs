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
        Ok(self.apply_until(entries, Stop::Never)?.0)
    }

    /// The same, but nothing from where it is to stop on; says where that was.
    pub fn apply_until(
        &mut self,
        entries: &[Entry],
        stop: Stop,
    ) -> Result<(Vec<Answer>, Option<Cut>), Fault> {
        let view = self.store.view();
        let cached = self.cache.over(&*view);
        let mut overlay = Overlay::reusing(&cached, std::mem::take(&mut self.room));
        let mut mark = self.mark.clone();
        let mut answers = Vec::with_capacity(entries.len());
        let mut cut = None;
        for (position, entry) in entries.iter().enumerate() {
            let (answer, whole) = match &entry.payload {
                EntryPayload::Normal(batch) => apply_batch(&mut overlay, batch, stop)?,
                EntryPayload::Blank | EntryPayload::Membership(_) => (Vec::new(), true),
            };
            if !whole {
                cut = Some(Cut { entries: position, commands: answer.len() });
            }
            if whole || !answer.is_empty() {
                mark.advance(entry);
                answers.push(answer);
            }
            if cut.is_some() {
                break;
            }
        }
        let revision = query::revision(&overlay)?;
        let sealed = stored::seal(Kind::StateMark, &mark).map_err(|error| Fault(error.to_string()))?;
        let mut writes = overlay.into_writes();
        self.store.write(&writes, sealed)?;
        self.cache.merge(&mut writes);
        self.room = writes;
        self.mark = mark;
        self.publish(revision);
        Ok((answers, cut))
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

/// The answers to the commands of an entry, and whether those are all of them.
fn apply_batch(
    overlay: &mut Overlay<'_>,
    batch: &crate::batch::Batch,
    stop: Stop,
) -> Result<(Answer, bool), Fault> {
    let Some((record_time, proposals)) = batch.parts() else {
        let refusal = Refusal::new(Reason::InternalFault).field("entry", "not a list of proposals");
        let passed_over = step(overlay, stop, |state| pass_over(state, Instant(0), refusal))?;
        return Ok((passed_over.clone().into_iter().collect(), passed_over.is_some()));
    };
    let mut answers = Vec::with_capacity(proposals.len());
    for bytes in proposals {
        let applied = match plain::decode::<Proposal>(&bytes) {
            Ok(proposal) => step(overlay, stop, |state| apply(state, record_time, &proposal))?,
            Err(error) => {
                let refusal = Refusal::new(Reason::InternalFault).field("proposal", error);
                step(overlay, stop, |state| pass_over(state, record_time, refusal))?
            }
        };
        match applied {
            Some(applied) => answers.push(applied),
            None => return Ok((answers, false)),
        }
    }
    Ok((answers, true))
}

/// Where re-execution ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// With the last command.
    #[default]
    Never,
    /// Behind a revision.
    At(Revision),
    /// Before the first command with this ledger time or a later one: as of T is everything before T (`design.md` 6).
    Before(Instant),
}

impl Stop {
    /// Whether a command is behind the end. One that takes no revision, a repeat, belongs to what is before it.
    fn is_passed_by(self, applied: &Applied) -> bool {
        !applied.repeated
            && match self {
                Self::Never => false,
                Self::At(revision) => applied.revision > revision,
                Self::Before(time) => applied.ledger_time >= time,
            }
    }
}

/// Where entries were cut off: so many of them are applied whole, and so many commands of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub entries: usize,
    pub commands: usize,
}

/// Carries out a command; `None`, and nothing of it, where it is behind the end.
fn step(
    overlay: &mut Overlay<'_>,
    stop: Stop,
    decide: impl FnOnce(&dyn Read) -> Result<(Applied, Writes), Fault>,
) -> Result<Option<Applied>, Fault> {
    let (applied, writes) = decide(overlay)?;
    if stop.is_passed_by(&applied) {
        return Ok(None);
    }
    overlay.merge(writes);
    Ok(Some(applied))
}

/// What commands would do, one after the other, without doing it (`design.md` 8, `validate_only`).
pub fn rehearse(state: &dyn Read, now: Instant, proposals: &[Proposal]) -> Result<Vec<Applied>, Fault> {
    let mut overlay = Overlay::new(state);
    let mut rehearse = |proposal| step(&mut overlay, Stop::Never, |state| apply(state, now, proposal));
    proposals.iter().filter_map(|proposal| rehearse(proposal).transpose()).collect()
}
