//! A state in memory whose last writes a crash may take away.
//!
//! Like the tables of RocksDB without their write-ahead log: what survives is one consistent point (`StateStore`).

use crate::chance::Chance;
use crate::tables::{Moment, Tables, at};
use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use std::io;
use std::sync::Arc;
use zonebook_codec::plain;
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Row, Writes};
use zonebook_store::state::{Pinned, Snapshot, SnapshotSource, StateStore, View};

#[derive(Default)]
struct Held {
    tables: Arc<RwLock<Tables>>,
    marks: Vec<(u64, Bytes)>,
    version: u64,
    /// The version that a crash does not take away.
    flushed: u64,
    snapshot: Option<Snapshot>,
    snapshots: u64,
}

/// The state of one node: outlives the crashes of its host.
#[derive(Clone)]
pub struct SimulatedState {
    node_id: u64,
    held: Arc<Mutex<Held>>,
}

/// The rows of a snapshot.
///
/// # Errors
/// It is not one of these.
pub fn rows_of(snapshot: &Snapshot) -> io::Result<Vec<(Key, Row)>> {
    match &snapshot.source {
        SnapshotSource::Memory(bytes) => plain::decode(bytes).map_err(io::Error::other),
        SnapshotSource::Directory(_) => Err(io::Error::other("a snapshot on disk")),
    }
}

/// A snapshot of rows.
///
/// # Errors
/// They have no stored form.
pub fn snapshot_of(mark: Bytes, id: String, rows: &[(Key, Row)]) -> io::Result<Snapshot> {
    let bytes = plain::encode(&rows).map_err(io::Error::other)?;
    Ok(Snapshot { mark, id, source: SnapshotSource::Memory(bytes.into()) })
}

impl SimulatedState {
    /// An empty state.
    #[must_use]
    pub fn new(node_id: u64) -> Self {
        Self { node_id, held: Arc::default() }
    }

    /// Loses power: goes back to some moment that is not before the last flush.
    pub fn crash(&self, chance: &mut Chance) {
        let mut held = self.held.lock();
        let kept = chance.between(held.flushed, held.version);
        held.tables.write().go_back(kept);
        held.marks.retain(|(written, _)| *written <= kept);
        (held.version, held.flushed) = (kept, kept);
    }

    /// All rows as they are now, and the mark beside them.
    #[must_use]
    pub fn all(&self) -> (Option<Bytes>, Vec<(Key, Row)>) {
        let mark = self.held.lock().mark();
        (mark, self.moment().all())
    }

    fn moment(&self) -> Moment {
        let held = self.held.lock();
        Moment { tables: Arc::clone(&held.tables), version: held.version }
    }

    fn keep(&self, snapshot: Snapshot) -> Snapshot {
        let mut held = self.held.lock();
        held.snapshots += 1;
        let snapshot = Snapshot { id: format!("{}-{}", self.node_id, held.snapshots), ..snapshot };
        held.snapshot = Some(snapshot.clone());
        snapshot
    }
}

impl Held {
    fn mark(&self) -> Option<Bytes> {
        at(&self.marks, self.version).cloned()
    }
}

impl StateStore for SimulatedState {
    fn mark(&self) -> Result<Option<Bytes>, Fault> {
        Ok(self.held.lock().mark())
    }

    fn view(&self) -> Arc<dyn View> {
        Arc::new(self.moment())
    }

    fn prefetch(&self, _keys: &[Key]) {}

    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault> {
        let mut held = self.held.lock();
        let version = held.version + 1;
        held.version = version;
        held.tables.write().write(version, writes);
        held.marks.push((version, mark));
        Ok(())
    }

    fn flush(&self) -> Result<(), Fault> {
        let mut held = self.held.lock();
        held.flushed = held.version;
        Ok(())
    }

    fn pin(&self, mark: Bytes) -> io::Result<Box<dyn Pinned>> {
        self.flush().map_err(io::Error::other)?;
        Ok(Box::new(PinnedMoment { state: self.clone(), moment: self.moment(), mark }))
    }

    fn latest_snapshot(&self) -> io::Result<Option<Snapshot>> {
        Ok(self.held.lock().snapshot.clone())
    }

    fn install(&self, snapshot: Snapshot) -> io::Result<()> {
        let rows = rows_of(&snapshot)?;
        let writes: Writes = rows.into_iter().map(|(key, row)| (key, Some(row))).collect();
        let mut tables = Tables::default();
        tables.write(1, &writes);
        {
            let mut held = self.held.lock();
            held.tables = Arc::new(RwLock::new(tables));
            held.marks = vec![(1, snapshot.mark.clone())];
            (held.version, held.flushed) = (1, 1);
        }
        self.keep(snapshot);
        Ok(())
    }
}

struct PinnedMoment {
    state: SimulatedState,
    moment: Moment,
    mark: Bytes,
}

impl Pinned for PinnedMoment {
    fn finish(self: Box<Self>) -> io::Result<Snapshot> {
        let snapshot = snapshot_of(self.mark, String::new(), &self.moment.all())?;
        Ok(self.state.keep(snapshot))
    }
}
