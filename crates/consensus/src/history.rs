//! History, executed again: from the entries of archive and log to a state, and from there to a node that goes on.

use crate::applier::{Applier, Stop, open_mark};
use crate::batch::Batch;
use crate::machine::{WRITE_BYTES_MAX, WRITE_ENTRIES_MAX, payload_bytes};
use crate::member::Member;
use crate::raft::{Entry, EntryPayload, Membership};
use crate::stored::{self, Mark, Vote, open_entry, seal_entry};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, mpsc};
use thiserror::Error;
use zonebook_codec::envelope::Kind;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_store::log::{Done, Log, LogRecord, LogState};
use zonebook_store::state::StateStore;

/// History could not be executed again.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// An entry cannot be read, or is not the one that follows.
    #[error("entry {index}: {error}")]
    Entry {
        /// Which one.
        index: u64,
        /// Why not.
        error: io::Error,
    },
    /// The state cannot be read or written.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A place in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The Raft index.
    pub index: u64,
    /// The term of the entry there.
    pub term: u64,
}

/// How far a state has come, as its mark says; `None` for an empty one.
///
/// # Errors
/// The mark is damaged.
pub fn position(mark: Option<&[u8]>) -> Result<Option<Position>, Fault> {
    let Some(mark) = mark else { return Ok(None) };
    Ok(open_mark(mark)?.applied.map(position_of))
}

fn position_of(mark: Mark) -> Position {
    Position { index: mark.index, term: mark.term }
}

/// Checks that an entry in its stored form can be read.
///
/// # Errors
/// It cannot.
pub fn check_entry(record: &LogRecord) -> Result<(), HistoryError> {
    opened(record).map(|_| ())
}

/// Checks what stands beside the entries of a log: vote, committed and purged mark.
///
/// # Errors
/// One of them is damaged; the text names it.
pub fn check_marks(state: &LogState) -> io::Result<()> {
    let named = |name: &'static str| move |error: io::Error| io::Error::other(format!("{name}: {error}"));
    if let Some(vote) = &state.vote {
        stored::open::<Vote>(Kind::Vote, vote).map_err(named("vote"))?;
    }
    if let Some(committed) = &state.committed {
        stored::open::<Mark>(Kind::LogMark, committed).map_err(named("committed mark"))?;
    }
    if let Some((_, purged)) = &state.purged {
        stored::open::<Mark>(Kind::LogMark, purged).map_err(named("purged mark"))?;
    }
    Ok(())
}

/// The last entry that is known to be committed.
///
/// # Errors
/// The mark is damaged.
pub fn committed(state: &LogState) -> io::Result<Option<u64>> {
    let mark = state.committed.as_ref().map(|mark| stored::open::<Mark>(Kind::LogMark, mark));
    Ok(mark.transpose()?.map(|mark| mark.index))
}

fn opened(record: &LogRecord) -> Result<Entry, HistoryError> {
    let index = record.index;
    let entry = open_entry(&record.bytes).map_err(|error| HistoryError::Entry { index, error })?;
    if entry.log_id.index != index {
        let error = io::Error::other(format!("entry {} stands there", entry.log_id.index));
        return Err(HistoryError::Entry { index, error });
    }
    Ok(entry)
}

/// Executes entries again, from the first one on.
pub struct Replay {
    state: Arc<dyn StateStore>,
    applier: Applier,
    stop: Stop,
    waiting: Vec<Entry>,
    waiting_bytes: usize,
    next: u64,
    last: Option<LogRecord>,
    stopped: bool,
}

impl Replay {
    /// Into an empty state.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn new(state: Arc<dyn StateStore>, stop: Stop) -> Result<Self, HistoryError> {
        let applier = Applier::new(Arc::clone(&state))?;
        let (waiting, waiting_bytes) = (Vec::new(), 0);
        Ok(Self { state, applier, stop, waiting, waiting_bytes, next: 0, last: None, stopped: false })
    }

    /// Takes the next entry. It may be carried out later; [`Self::finish`] does what waits.
    ///
    /// # Errors
    /// It is damaged, or another one was to follow.
    pub fn take(&mut self, record: &LogRecord) -> Result<(), HistoryError> {
        if self.stopped {
            return Ok(());
        }
        if record.index != self.next {
            let error = io::Error::other(format!("it follows entry {}", self.next));
            return Err(HistoryError::Entry { index: record.index, error });
        }
        let entry = opened(record)?;
        self.waiting_bytes += payload_bytes(&entry);
        self.waiting.push(entry);
        self.next += 1;
        if self.waiting.len() >= WRITE_ENTRIES_MAX || self.waiting_bytes >= WRITE_BYTES_MAX {
            self.finish()?;
        }
        Ok(())
    }

    /// Carries out all that was taken.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub fn finish(&mut self) -> Result<(), HistoryError> {
        let entries = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let (answers, cut) = self.applier.apply_until(&entries, self.stop)?;
        if let Some(last) = answers.len().checked_sub(1).and_then(|last| entries.get(last)) {
            self.last = Some(record_of(last)?);
        }
        if let Some(cut) = cut {
            self.stopped = true;
            if let Some(entry) = entries.get(cut.entries).filter(|_| cut.commands > 0) {
                self.last = Some(record_of(&shortened(entry, cut.commands)?)?);
            }
        }
        Ok(())
    }

    /// Whether the end was reached: what is taken from now on is left out.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// The last entry that was carried out, cut off where the end was within it.
    #[must_use]
    pub fn last(&self) -> Option<&LogRecord> {
        self.last.as_ref()
    }

    /// The revision that was reached.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.applier.progress().borrow().revision
    }

    /// Lets a node go on from here as the only member of a cluster of its own. Its log begins behind what is archived,
    /// of which `archived` is the last entry, goes on with the entries that `rest` hands over, and ends with one by which
    /// this node alone decides. A snapshot holds what the log lacks, so that others can join.
    ///
    /// # Errors
    /// Log or state cannot be written.
    pub fn found(
        &mut self,
        log: &dyn Log,
        archived: Option<&LogRecord>,
        rest: impl FnOnce(&mut dyn FnMut(LogRecord) -> io::Result<()>) -> io::Result<()>,
        (node, member): (u64, Member),
    ) -> Result<(), HistoryError> {
        if let Some(record) = archived {
            let mark = Mark::from(opened(record)?.log_id);
            log.purge(record.index, stored::seal(Kind::LogMark, &mark)?);
        }
        let mut together = Together { log, records: Vec::new(), bytes: 0 };
        rest(&mut |record| together.append(record))?;
        together.write()?;
        let before = self.last.as_ref().map(opened).transpose()?.map(|entry| Mark::from(entry.log_id));
        let (term, index) = before.map_or((1, 0), |mark| (mark.term + 1, mark.index + 1));
        let alone = Membership::new(vec![BTreeSet::from([node])], BTreeMap::from([(node, member)]));
        let payload = EntryPayload::Membership(alone.map_err(io::Error::other)?);
        let entry = Entry { log_id: Mark { term, node, index }.into(), payload };
        append(log, vec![record_of(&entry)?])?;
        let vote = stored::seal(Kind::Vote, &Vote::asked(term, node))?;
        wait(|done| log.save_vote(vote, done))?;
        log.save_committed(stored::seal(Kind::LogMark, &Mark { term, node, index })?);
        self.applier.apply(&[entry])?;
        self.state.flush()?;
        self.applier.pin()?.finish()?;
        Ok(())
    }
}

/// Waits until something is durable.
fn wait(ask: impl FnOnce(Done)) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel();
    ask(Box::new(move |result| drop(sender.send(result))));
    receiver.recv().map_err(io::Error::other)?
}

fn append(log: &dyn Log, records: Vec<LogRecord>) -> io::Result<()> {
    wait(|done| log.append(records, done))
}

/// Entries that are appended with one fsync.
struct Together<'a> {
    log: &'a dyn Log,
    records: Vec<LogRecord>,
    bytes: usize,
}

impl Together<'_> {
    fn append(&mut self, record: LogRecord) -> io::Result<()> {
        self.bytes += record.bytes.len();
        self.records.push(record);
        if self.bytes >= WRITE_BYTES_MAX { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        self.bytes = 0;
        match std::mem::take(&mut self.records) {
            records if records.is_empty() => Ok(()),
            records => append(self.log, records),
        }
    }
}

fn record_of(entry: &Entry) -> io::Result<LogRecord> {
    Ok(LogRecord { index: entry.log_id.index, bytes: seal_entry(entry)? })
}

/// An entry with the first so many of its commands.
fn shortened(entry: &Entry, commands: usize) -> io::Result<Entry> {
    let EntryPayload::Normal(batch) = &entry.payload else {
        return Err(io::Error::other("an entry without commands is not cut"));
    };
    let first: Option<Batch> = batch.first(commands);
    let payload = EntryPayload::Normal(first.ok_or_else(|| io::Error::other("not a list of proposals"))?);
    Ok(Entry { log_id: entry.log_id, payload })
}
