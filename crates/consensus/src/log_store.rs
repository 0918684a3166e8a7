//! openraft's view of the log: entries and votes become bytes here.

use crate::raft::{Entry, LogId, Types, Vote};
use crate::stored::{self, Mark, open_entry, seal_entry};
use bytes::Bytes;
use openraft::storage::{IOFlushed, LogState, RaftLogReader, RaftLogStorage};
use openraft::{OptionalSend, RaftTypeConfig};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::io;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;
use tokio::sync::oneshot;
use zonebook_codec::envelope::Kind;
use zonebook_store::log::{Log, LogRecord, Poisoned};

/// What one read of the log returns at most: an append to a follower, a piece of a replay.
const READ_BYTES_MAX: usize = 2 << 20;

/// A handle on a log.
#[derive(Clone)]
pub struct LogStore {
    log: Arc<dyn Log>,
    sizes: Arc<Mutex<Sizes>>,
}

/// Bytes appended so far at some indexes: where the log can be cut by bytes. Entries of before the start count nothing,
/// so that rather more is kept.
#[derive(Debug, Default)]
struct Sizes {
    total: u64,
    /// A point is kept for every so many bytes.
    step: u64,
    at: VecDeque<(u64, u64)>,
}

impl Sizes {
    fn add(&mut self, index: u64, bytes: u64) {
        self.total += bytes;
        if self.at.back().is_none_or(|(_, total)| total + self.step <= self.total) {
            self.at.push_back((index, self.total));
        }
    }
}

impl LogStore {
    /// A handle whose [`LogStore::index_with_bytes_behind`] is exact to so many bytes.
    pub fn new(log: Arc<dyn Log>, step: u64) -> Self {
        Self { log, sizes: Arc::new(Mutex::new(Sizes { step, ..Sizes::default() })) }
    }

    /// As [`Log::on_poisoned`].
    pub fn on_poisoned(&self, tell: Poisoned) {
        self.log.on_poisoned(tell);
    }

    /// Bytes appended since the start.
    pub fn appended_bytes(&self) -> u64 {
        self.sizes.lock().total
    }

    /// The highest index with at least so many bytes of log behind it.
    pub fn index_with_bytes_behind(&self, bytes: u64) -> Option<u64> {
        let mut sizes = self.sizes.lock();
        let limit = sizes.total.checked_sub(bytes)?;
        let mut found = None;
        while let Some((index, total)) = sizes.at.front().copied()
            && total <= limit
        {
            found = Some(index);
            sizes.at.pop_front();
        }
        if let Some(index) = found {
            // Kept for the next question: what is purged is decided elsewhere.
            sizes.at.push_front((index, limit));
        }
        found
    }

    fn read(&self, from: u64, to: u64) -> io::Result<Vec<Entry>> {
        let records = self.log.read(from, to, READ_BYTES_MAX)?;
        records.iter().map(|record| open_entry(&record.bytes)).collect()
    }
}

fn bounds(range: impl RangeBounds<u64>) -> (u64, u64) {
    let from = match range.start_bound() {
        Bound::Included(index) => *index,
        Bound::Excluded(index) => index.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let to = match range.end_bound() {
        Bound::Included(index) => index.saturating_add(1),
        Bound::Excluded(index) => *index,
        Bound::Unbounded => u64::MAX,
    };
    (from, to)
}

fn open_vote(bytes: &Bytes) -> io::Result<Vote> {
    Ok(stored::open::<stored::Vote>(Kind::Vote, bytes)?.into())
}

fn open_mark(bytes: &Bytes) -> io::Result<LogId> {
    Ok(stored::open::<Mark>(Kind::LogMark, bytes)?.into())
}

impl RaftLogReader<Types> for LogStore {
    async fn try_get_log_entries<R: RangeBounds<u64> + Clone + Debug + OptionalSend>(
        &mut self,
        range: R,
    ) -> Result<Vec<Entry>, io::Error> {
        let (mut from, to) = bounds(range);
        let mut entries = Vec::new();
        while from < to {
            let some = self.read(from, to)?;
            let Some(last) = some.last() else { break };
            from = last.log_id.index + 1;
            entries.extend(some);
        }
        Ok(entries)
    }

    async fn limited_get_log_entries(&mut self, start: u64, end: u64) -> Result<Vec<Entry>, io::Error> {
        self.read(start, end)
    }

    async fn read_vote(&mut self) -> Result<Option<Vote>, io::Error> {
        self.log.state()?.vote.as_ref().map(open_vote).transpose()
    }
}

impl RaftLogStorage<Types> for LogStore {
    type LogReader = Self;

    async fn get_log_state(&mut self) -> Result<LogState<Types>, io::Error> {
        let state = self.log.state()?;
        let purged = state.purged.map(|(_, mark)| open_mark(&mark)).transpose()?;
        let last = state.last.map(|record| open_entry(&record.bytes)).transpose()?;
        let last_log_id = last.map(|entry| entry.log_id).or(purged);
        Ok(LogState { last_purged_log_id: purged, last_log_id })
    }

    async fn get_log_reader(&mut self) -> Self {
        self.clone()
    }

    async fn save_vote(&mut self, vote: &Vote) -> Result<(), io::Error> {
        let (done, durable) = oneshot::channel();
        let bytes = stored::seal(Kind::Vote, &stored::Vote::from(*vote))?;
        self.log.save_vote(bytes, Box::new(move |result| drop(done.send(result))));
        durable.await.map_err(io::Error::other)?
    }

    async fn save_committed(&mut self, committed: Option<LogId>) -> Result<(), io::Error> {
        if let Some(committed) = committed {
            self.log.save_committed(stored::seal(Kind::LogMark, &Mark::from(committed))?);
        }
        Ok(())
    }

    async fn read_committed(&mut self) -> Result<Option<LogId>, io::Error> {
        self.log.state()?.committed.as_ref().map(open_mark).transpose()
    }

    async fn append<I>(&mut self, entries: I, callback: IOFlushed<Types>) -> Result<(), io::Error>
    where
        I: IntoIterator<Item = <Types as RaftTypeConfig>::Entry> + OptionalSend,
        I::IntoIter: OptionalSend,
    {
        let mut records = Vec::new();
        for entry in entries {
            records.push(LogRecord { index: entry.log_id.index, bytes: seal_entry(&entry)? });
        }
        if let Some(last) = records.last() {
            let bytes: usize = records.iter().map(|record| record.bytes.len()).sum();
            self.sizes.lock().add(last.index, bytes as u64);
        }
        self.log.append(records, Box::new(move |result| callback.io_completed(result)));
        Ok(())
    }

    async fn truncate_after(&mut self, last: Option<LogId>) -> Result<(), io::Error> {
        self.log.truncate_after(last.map(|id| id.index));
        Ok(())
    }

    async fn purge(&mut self, upto: LogId) -> Result<(), io::Error> {
        self.log.purge(upto.index, stored::seal(Kind::LogMark, &Mark::from(upto))?);
        Ok(())
    }
}
