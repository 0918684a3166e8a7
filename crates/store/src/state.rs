//! What replication needs of a state. Two implementations: RocksDB here, memory in `sim`.

use bytes::Bytes;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Read, Writes};

/// The state at one moment; later writes do not show.
pub trait View: Read + Send + Sync {
    /// The same moment, for work that reads much of it once: what it reads takes no room in a cache from what is read
    /// often. `None` where there is no such cache.
    fn in_passing(&self) -> Option<Arc<dyn View>> {
        None
    }
}

/// A snapshot as it travels: a mark that only replication can read, and files by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What was given to [`StateStore::pin`].
    pub mark: Bytes,
    /// Its identity, unique per node.
    pub id: String,
    /// Where its bytes are.
    pub source: SnapshotSource,
}

/// Where the bytes of a snapshot are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotSource {
    /// A directory with a manifest, checked against it when read.
    Directory(PathBuf),
    /// Memory: simulation.
    Memory(Bytes),
}

/// A pinned state that is not yet a durable snapshot.
pub trait Pinned: Send + Sync + 'static {
    /// Makes it durable: files, manifest, directory are synced and published by rename.
    ///
    /// # Errors
    /// It could not be written.
    fn finish(self: Box<Self>) -> io::Result<Snapshot>;
}

/// The state of one group with the mark of how far it has come.
///
/// To ensure correctness: writes and their mark become visible together and survive together; what is on disk is always
/// one consistent point, though it may be an older one (the log is the state's write-ahead log).
pub trait StateStore: Send + Sync + 'static {
    /// The mark of the last write; `None` for an empty state.
    ///
    /// # Errors
    /// The state could not be read.
    fn mark(&self) -> Result<Option<Bytes>, Fault>;

    /// The state as it is now.
    fn view(&self) -> Arc<dyn View>;

    /// Loads rows that will be needed soon. Only speed depends on it.
    fn prefetch(&self, keys: &[Key]);

    /// Writes rows and the mark in one step.
    ///
    /// # Errors
    /// The state could not be written; the store is poisoned from then on.
    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault>;

    /// Makes all writes so far survive a power cut; may be called beside [`StateStore::write`] on another thread.
    ///
    /// # Errors
    /// As [`StateStore::write`].
    fn flush(&self) -> Result<(), Fault>;

    /// Pins the state as it is now, quickly; [`Pinned::finish`] makes it durable on another thread.
    ///
    /// # Errors
    /// It could not be pinned.
    fn pin(&self, mark: Bytes) -> io::Result<Box<dyn Pinned>>;

    /// The newest durable snapshot.
    ///
    /// # Errors
    /// The folder could not be read.
    fn latest_snapshot(&self) -> io::Result<Option<Snapshot>>;

    /// Checks a snapshot and puts it in the place of the state, whole; returns it as the newest snapshot of this node.
    ///
    /// # Errors
    /// It is damaged, or could not be written. The state is as before then.
    fn install(&self, snapshot: Snapshot) -> io::Result<()>;
}
