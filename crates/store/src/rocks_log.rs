//! The log in RocksDB: a thread that writes, a tail in memory that answers.
//!
//! Everything goes through one queue to one thread, which puts all that waits into one batch with one fsync and then
//! says so, in order (group commit). Entries are readable from the tail before they are durable. The first error poisons
//! the log: it and everything after it is answered with that error, nothing is tried again (`engineering.md` 1.5, 2.3).

use crate::database::{Database, Open, Openness};
use crate::log::{Done, Log, LogRecord, LogState, Poisoned};
use bytes::Bytes;
use parking_lot::{Condvar, Mutex};
use rocksdb::{DBRecoveryMode, Direction, IteratorMode, Options, ReadOptions, WriteBatch, WriteOptions};
use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Durable entries beyond this many bytes leave memory.
const TAIL_BYTES_MAX: usize = 64 << 20;

/// The log of one group.
pub struct RocksLog {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

struct Shared {
    database: Database,
    open: Open,
    group: u32,
    queue: Mutex<Queue>,
    woken: Condvar,
    memory: Mutex<Memory>,
    poison: Mutex<Poison>,
}

/// The error after which nothing more is written, and who is to hear of it.
#[derive(Default)]
struct Poison {
    error: Option<String>,
    tell: Option<Poisoned>,
}

#[derive(Default)]
struct Queue {
    operations: VecDeque<Operation>,
    closed: bool,
}

enum Operation {
    Append(Vec<LogRecord>, Done),
    Vote(Bytes, Done),
    Committed(Bytes),
    TruncateAfter(Option<u64>),
    Purge(u64, Bytes),
}

/// What is answered without the database.
#[derive(Default)]
struct Memory {
    state: LogState,
    /// The first entry that is held: what is asked for from before it begins here. From it on nothing may be missing.
    first: u64,
    /// Entries that are not durable yet, and the newest that are, with consecutive indexes.
    tail: VecDeque<LogRecord>,
    tail_bytes: usize,
    durable: u64,
}

impl RocksLog {
    /// Opens or creates the log of a group.
    ///
    /// # Errors
    /// The database cannot be opened; what it holds is damaged beyond a torn tail.
    pub fn open(path: &Path, group: u32) -> io::Result<Self> {
        let open = Open::default();
        let database = Database::open(&options(true), path, &open)?;
        let mut shared = Shared::new(database, open, group);
        let state = shared.read_state()?;
        let first = shared.read_first()?;
        let memory = shared.memory.get_mut();
        memory.first = first;
        memory.durable = state.last.as_ref().map_or(0, |last| last.index);
        memory.state = state;
        let shared = Arc::new(shared);
        let for_thread = Arc::clone(&shared);
        let writer = std::thread::Builder::new()
            .name("raft-log-writer".into())
            .spawn(move || for_thread.write_until_closed())?;
        Ok(Self { shared, writer: Some(writer) })
    }
}

impl RocksLog {
    /// Tells when this and its database are gone.
    #[must_use]
    pub fn openness(&self) -> Openness {
        self.shared.open.openness()
    }
}

/// The log of one group as it lies on disk, read without changing a byte.
pub struct StoredLog(Shared);

impl StoredLog {
    /// Opens it.
    ///
    /// # Errors
    /// The database cannot be opened; what it holds is damaged beyond a torn tail.
    pub fn open(path: &Path, group: u32) -> io::Result<Self> {
        Ok(Self(Shared::new(Database::open_read_only(&options(false), path)?, Open::default(), group)))
    }

    /// What it holds.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn state(&self) -> io::Result<LogState> {
        self.0.read_state()
    }

    /// As [`Log::read`].
    ///
    /// # Errors
    /// It cannot be read, or an entry is missing.
    pub fn read(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>> {
        self.0.read_stored(from, to, bytes_max)
    }
}

impl Drop for RocksLog {
    fn drop(&mut self) {
        self.shared.queue.lock().closed = true;
        self.shared.woken.notify_all();
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the log writer panicked");
        }
    }
}

fn options(create: bool) -> Options {
    let mut options = Options::default();
    options.create_if_missing(create);
    options.set_wal_recovery_mode(DBRecoveryMode::TolerateCorruptedTailRecords);
    options.set_track_and_verify_wals_in_manifest(true);
    options.set_paranoid_checks(true);
    options.set_write_buffer_size(64 << 20);
    options.set_max_background_jobs(2);
    options.set_bytes_per_sync(1 << 20);
    options.set_wal_bytes_per_sync(1 << 20);
    options.set_compression_type(rocksdb::DBCompressionType::Lz4);
    options.set_keep_log_file_num(4);
    // Entries are purged from the left, so levels stay small; the log is never to wait for a compaction.
    options.set_level_zero_slowdown_writes_trigger(1_000);
    options.set_level_zero_stop_writes_trigger(2_000);
    options.set_soft_pending_compaction_bytes_limit(0);
    options.set_hard_pending_compaction_bytes_limit(0);
    options
}

impl Shared {
    fn new(database: Database, open: Open, group: u32) -> Self {
        let (queue, woken, memory, poison) =
            (Mutex::default(), Condvar::new(), Mutex::default(), Mutex::default());
        Self { database, open, group, queue, woken, memory, poison }
    }

    fn entry_key(&self, index: u64) -> [u8; 13] {
        let mut key = [b'e'; 13];
        let (_, rest) = key.split_at_mut(1);
        let (group, at) = rest.split_at_mut(4);
        group.copy_from_slice(&self.group.to_be_bytes());
        at.copy_from_slice(&index.to_be_bytes());
        key
    }

    fn mark_key(&self, name: u8) -> [u8; 6] {
        let [a, b, c, d] = self.group.to_be_bytes();
        [b'm', a, b, c, d, name]
    }

    fn index_of(&self, key: &[u8]) -> Option<u64> {
        let (front, index) = key.split_at_checked(5)?;
        (front == self.entry_key(0).get(..5)?).then(|| index.try_into().ok().map(u64::from_be_bytes))?
    }

    fn mark(&self, name: u8) -> io::Result<Option<Bytes>> {
        Ok(self.database.get(self.mark_key(name)).map_err(io::Error::other)?.map(Bytes::from))
    }

    fn read_state(&self) -> io::Result<LogState> {
        let upper = self.entry_key(u64::MAX);
        let newest = self.database.iterator(IteratorMode::From(&upper, Direction::Reverse)).next();
        let last = match newest.transpose().map_err(io::Error::other)? {
            Some((key, bytes)) => {
                self.index_of(&key).map(|index| LogRecord { index, bytes: bytes.to_vec().into() })
            }
            None => None,
        };
        let purged = self.mark(b'p')?.map(split_purged).transpose()?;
        Ok(LogState { purged, last, vote: self.mark(b'v')?, committed: self.mark(b'c')? })
    }

    fn read_first(&self) -> io::Result<u64> {
        let lower = self.entry_key(0);
        let oldest = self.database.iterator(IteratorMode::From(&lower, Direction::Forward)).next();
        let oldest = oldest.transpose().map_err(io::Error::other)?;
        Ok(oldest.and_then(|(key, _)| self.index_of(&key)).unwrap_or(0))
    }

    fn read_stored(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>> {
        let mut options = ReadOptions::default();
        options.set_iterate_lower_bound(self.entry_key(from));
        options.set_iterate_upper_bound(self.entry_key(to));
        let (mut records, mut bytes) = (Vec::new(), 0);
        for entry in self.database.iterator_opt(IteratorMode::Start, options) {
            let (key, value) = entry.map_err(io::Error::other)?;
            let expected = from + records.len() as u64;
            if self.index_of(&key) != Some(expected) {
                return Err(io::Error::other(format!("log entry {expected} is missing")));
            }
            bytes += value.len();
            if bytes > bytes_max && !records.is_empty() {
                break;
            }
            records.push(LogRecord { index: expected, bytes: value.into_vec().into() });
        }
        Ok(records)
    }

    fn enqueue(&self, operation: Operation) {
        self.queue.lock().operations.push_back(operation);
        self.woken.notify_one();
    }

    fn write_until_closed(&self) {
        loop {
            let mut queue = self.queue.lock();
            while queue.operations.is_empty() {
                if queue.closed {
                    return;
                }
                self.woken.wait(&mut queue);
            }
            let operations = std::mem::take(&mut queue.operations);
            drop(queue);
            self.write_all(operations);
        }
    }

    /// One batch, one fsync, then the answers in order.
    fn write_all(&self, operations: VecDeque<Operation>) {
        let mut batch = WriteBatch::default();
        let mut answers = Vec::new();
        let mut last_appended = None;
        for operation in operations {
            match operation {
                Operation::Append(records, done) => {
                    for record in &records {
                        batch.put(self.entry_key(record.index), &record.bytes);
                    }
                    last_appended = records.last().map(|record| record.index).or(last_appended);
                    answers.push(done);
                }
                Operation::Vote(vote, done) => {
                    batch.put(self.mark_key(b'v'), vote);
                    answers.push(done);
                }
                Operation::Committed(mark) => batch.put(self.mark_key(b'c'), mark),
                Operation::TruncateAfter(index) => {
                    let first = index.map_or(0, |index| index.saturating_add(1));
                    batch.delete_range(self.entry_key(first), self.entry_key(u64::MAX));
                }
                Operation::Purge(index, mark) => {
                    batch.delete_range(self.entry_key(0), self.entry_key(index.saturating_add(1)));
                    batch.put(self.mark_key(b'p'), [&index.to_be_bytes(), &mark[..]].concat());
                }
            }
        }
        let written = self.write(batch, !answers.is_empty());
        if let (Ok(()), Some(last)) = (&written, last_appended) {
            self.memory.lock().became_durable(last);
        }
        for done in answers {
            done(written.clone().map_err(io::Error::other));
        }
    }

    /// One batch, unless the log is poisoned; poisons it if the batch cannot be written.
    fn write(&self, batch: WriteBatch, durably: bool) -> Result<(), String> {
        if let Some(error) = self.poison.lock().error.clone() {
            return Err(error);
        }
        let mut options = WriteOptions::default();
        options.set_sync(durably);
        let written = self.database.write_opt(batch, &options).map_err(|error| error.to_string());
        if let Err(error) = &written {
            tracing::error!(error, "the log is poisoned; nothing more is written");
            let mut poison = self.poison.lock();
            poison.error = Some(error.clone());
            if let Some(tell) = poison.tell.take() {
                tell(io::Error::other(error.clone()));
            }
        }
        written
    }
}

fn split_purged(stored: Bytes) -> io::Result<(u64, Bytes)> {
    let index = stored.first_chunk().copied().ok_or_else(|| io::Error::other("purge mark is too short"))?;
    Ok((u64::from_be_bytes(index), stored.slice(8..)))
}

impl Memory {
    fn became_durable(&mut self, index: u64) {
        self.durable = self.durable.max(index);
        while self.tail_bytes > TAIL_BYTES_MAX
            && let Some(front) = self.tail.front()
            && front.index <= self.durable
        {
            self.tail_bytes -= front.bytes.len();
            self.tail.pop_front();
        }
    }

    /// Entries of the tail from an index on, if the tail reaches down to it.
    fn read(&self, from: u64, to: u64, bytes_max: usize) -> Option<Vec<LogRecord>> {
        let first = self.tail.front()?.index;
        let skip = usize::try_from(from.checked_sub(first)?).ok()?;
        let mut bytes = 0;
        let mut records = Vec::new();
        for record in self.tail.iter().skip(skip).take_while(|record| record.index < to) {
            bytes += record.bytes.len();
            if bytes > bytes_max && !records.is_empty() {
                break;
            }
            records.push(record.clone());
        }
        Some(records)
    }
}

impl Log for RocksLog {
    fn state(&self) -> io::Result<LogState> {
        Ok(self.shared.memory.lock().state.clone())
    }

    fn read(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>> {
        let (from, below) = {
            let memory = self.shared.memory.lock();
            let from = from.max(memory.first);
            // What was truncated may still be in the database.
            let to = to.min(memory.state.last.as_ref().map_or(0, |last| last.index.saturating_add(1)));
            if let Some(records) = memory.read(from, to, bytes_max) {
                return Ok(records);
            }
            (from, memory.tail.front().map_or(to, |front| front.index.min(to)))
        };
        self.shared.read_stored(from, below, bytes_max)
    }

    fn append(&self, records: Vec<LogRecord>, done: Done) {
        {
            let mut memory = self.shared.memory.lock();
            if let (None, Some(first)) = (&memory.state.last, records.first()) {
                memory.first = first.index;
            }
            memory.tail_bytes += records.iter().map(|record| record.bytes.len()).sum::<usize>();
            memory.state.last = records.last().cloned().or(memory.state.last.take());
            memory.tail.extend(records.iter().cloned());
            // Under the lock, so that the queue has appends in the order of the tail.
            self.shared.enqueue(Operation::Append(records, done));
        }
    }

    fn save_vote(&self, vote: Bytes, done: Done) {
        self.shared.memory.lock().state.vote = Some(vote.clone());
        self.shared.enqueue(Operation::Vote(vote, done));
    }

    fn save_committed(&self, committed: Bytes) {
        self.shared.memory.lock().state.committed = Some(committed.clone());
        let mut queue = self.shared.queue.lock();
        // Only the newest counts; and alone it can wait for the next write of something else.
        if let Some(Operation::Committed(waiting)) = queue.operations.back_mut() {
            *waiting = committed;
        } else {
            queue.operations.push_back(Operation::Committed(committed));
        }
        drop(queue);
        self.shared.woken.notify_one();
    }

    fn truncate_after(&self, index: Option<u64>) {
        let mut memory = self.shared.memory.lock();
        let keep = |record: &LogRecord| index.is_some_and(|index| record.index <= index);
        while let Some(back) = memory.tail.back()
            && !keep(back)
        {
            memory.tail_bytes -= back.bytes.len();
            memory.tail.pop_back();
        }
        memory.durable = memory.durable.min(index.unwrap_or(0));
        let last_in_tail = memory.tail.back().cloned();
        self.shared.enqueue(Operation::TruncateAfter(index));
        memory.state.last = last_in_tail.or_else(|| {
            let index = index?;
            self.shared.read_stored(index, index.saturating_add(1), usize::MAX).ok()?.pop()
        });
    }

    fn purge(&self, index: u64, mark: Bytes) {
        let mut memory = self.shared.memory.lock();
        while let Some(front) = memory.tail.front()
            && front.index <= index
        {
            memory.tail_bytes -= front.bytes.len();
            memory.tail.pop_front();
        }
        memory.state.purged = Some((index, mark.clone()));
        memory.first = memory.first.max(index.saturating_add(1));
        if memory.state.last.as_ref().is_some_and(|last| last.index <= index) {
            memory.state.last = None;
        }
        self.shared.enqueue(Operation::Purge(index, mark));
    }

    fn on_poisoned(&self, tell: Poisoned) {
        let mut poison = self.shared.poison.lock();
        match &poison.error {
            Some(error) => tell(io::Error::other(error.clone())),
            None => poison.tell = Some(tell),
        }
    }
}
