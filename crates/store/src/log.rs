//! What replication needs of a log. Two implementations: RocksDB here, a simulated disk in `sim`.

use bytes::Bytes;
use std::io;

/// One entry of the log: its index and its bytes, which only the writer of the entry can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// The Raft index.
    pub index: u64,
    /// The entry in its stored form; copied as it is.
    pub bytes: Bytes,
}

/// What a log holds when it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogState {
    /// The mark given to the last [`Log::purge`]: what it purged up to.
    pub purged: Option<(u64, Bytes)>,
    /// The last entry.
    pub last: Option<LogRecord>,
    /// The vote, as last saved.
    pub vote: Option<Bytes>,
    /// The committed mark, as last saved.
    pub committed: Option<Bytes>,
}

/// Called exactly once: when what was asked for is durable, or with the error that poisoned the log.
pub type Done = Box<dyn FnOnce(io::Result<()>) + Send>;

/// Called once at most: with the error that poisoned the log.
pub type Poisoned = Box<dyn FnOnce(io::Error) + Send>;

/// A log of entries with a vote beside it.
///
/// To ensure correctness:
/// * everything asked for takes effect in the order of the calls, also across a crash: what survives is a prefix;
/// * entries are readable as soon as [`Log::append`] returns, durable when `done` is called;
/// * no method waits for the disk, except [`Log::read`] of entries that memory no longer holds;
/// * after the first error every `done`, pending and future, gets an error: a failed fsync is never retried;
/// * the first error is told of as soon as it happens: what fails may be something that no `done` waits for.
pub trait Log: Send + Sync + 'static {
    /// What the log holds now.
    ///
    /// # Errors
    /// The log could not be read.
    fn state(&self) -> io::Result<LogState>;

    /// Entries with `from <= index < to`, from the first on as many as fit into `bytes_max`, at least one if there is one.
    ///
    /// # Errors
    /// The log could not be read, or an entry's checksum is wrong.
    fn read(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>>;

    /// Appends entries with consecutive indexes behind the last one.
    fn append(&self, records: Vec<LogRecord>, done: Done);

    /// Saves the vote.
    fn save_vote(&self, vote: Bytes, done: Done);

    /// Saves the committed mark, some time; only the newest counts.
    fn save_committed(&self, committed: Bytes);

    /// Removes all entries above `index`; all entries if `None`.
    fn truncate_after(&self, index: Option<u64>);

    /// Removes all entries up to and including `index` and keeps `mark` for [`LogState::purged`].
    fn purge(&self, index: u64, mark: Bytes);

    /// Asks to be told of the first error, at once if there was one. Who asks last is told.
    fn on_poisoned(&self, tell: Poisoned);
}
