//! A state in memory whose last writes a crash may take away.
//!
//! Rows are kept with the versions they had, so that a view costs nothing and a crash goes back to an earlier moment:
//! like the tables of RocksDB without their write-ahead log, what survives is one consistent point (`StateStore`).

use crate::chance::Chance;
use crate::oracle::Oracle;
use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use zonebook_codec::plain;
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Order, Read, Row, Visit, Writes};
use zonebook_store::state::{Pinned, Snapshot, SnapshotSource, StateStore, View};

/// A row at the versions at which it changed; `None` where it was removed.
type History = Vec<(u64, Option<Row>)>;

#[derive(Default)]
struct Tables {
    rows: BTreeMap<Key, History>,
    marks: Vec<(u64, Bytes)>,
    version: u64,
}

impl Tables {
    fn write(&mut self, writes: &Writes, mark: Bytes) {
        self.version += 1;
        self.marks.push((self.version, mark));
        for (key, change) in writes {
            self.rows.entry(key.clone()).or_default().push((self.version, change.clone()));
        }
    }

    fn mark(&self, version: u64) -> Option<Bytes> {
        at(&self.marks, version).cloned()
    }

    fn go_back(&mut self, version: u64) {
        self.version = version;
        self.marks.retain(|(written, _)| *written <= version);
        for history in self.rows.values_mut() {
            history.retain(|(written, _)| *written <= version);
        }
        self.rows.retain(|_, history| !history.is_empty());
    }
}

/// What stood at a version.
fn at<T>(history: &[(u64, T)], version: u64) -> Option<&T> {
    let after = history.partition_point(|(written, _)| *written <= version);
    history.get(after.checked_sub(1)?).map(|(_, value)| value)
}

/// The state at one version.
struct Moment {
    tables: Arc<RwLock<Tables>>,
    version: u64,
}

impl Read for Moment {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        let tables = self.tables.read();
        Ok(tables.rows.get(key).and_then(|history| at(history, self.version)?.clone()))
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        let tables = self.tables.read();
        let mut range = tables.rows.range(from.clone()..=to.clone());
        while let Some((key, history)) =
            if order == Order::Forward { range.next() } else { range.next_back() }
        {
            if let Some(Some(row)) = at(history, self.version)
                && visit(key.clone(), row.clone()).is_break()
            {
                break;
            }
        }
        Ok(())
    }
}

struct Held {
    tables: Arc<RwLock<Tables>>,
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
    oracle: Oracle,
}

impl SimulatedState {
    /// An empty state that shows everything written to it to an oracle.
    #[must_use]
    pub fn new(node_id: u64, oracle: Oracle) -> Self {
        let held = Held { tables: Arc::default(), flushed: 0, snapshot: None, snapshots: 0 };
        Self { node_id, held: Arc::new(Mutex::new(held)), oracle }
    }

    /// Loses power: goes back to some moment that is not before the last flush.
    pub fn crash(&self, chance: &mut Chance) {
        let mut held = self.held.lock();
        let last = held.tables.read().version;
        let kept = chance.between(held.flushed, last);
        held.tables.write().go_back(kept);
        held.flushed = kept;
    }

    fn moment(&self) -> Moment {
        let held = self.held.lock();
        let version = held.tables.read().version;
        Moment { tables: Arc::clone(&held.tables), version }
    }

    fn keep(&self, mark: Bytes, bytes: Bytes) -> Snapshot {
        let mut held = self.held.lock();
        held.snapshots += 1;
        let id = format!("{}-{}", self.node_id, held.snapshots);
        let snapshot = Snapshot { mark, id, source: SnapshotSource::Memory(bytes) };
        held.snapshot = Some(snapshot.clone());
        snapshot
    }
}

impl StateStore for SimulatedState {
    fn mark(&self) -> Result<Option<Bytes>, Fault> {
        let held = self.held.lock();
        let tables = held.tables.read();
        Ok(tables.mark(tables.version))
    }

    fn view(&self) -> Arc<dyn View> {
        Arc::new(self.moment())
    }

    fn prefetch(&self, _keys: &[Key]) {}

    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault> {
        self.oracle.written(self.node_id, writes);
        self.held.lock().tables.write().write(writes, mark);
        Ok(())
    }

    fn flush(&self) -> Result<(), Fault> {
        let mut held = self.held.lock();
        let version = held.tables.read().version;
        held.flushed = version;
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
        let SnapshotSource::Memory(bytes) = snapshot.source else {
            return Err(io::Error::other("a snapshot on disk cannot be installed in memory"));
        };
        let rows: Vec<(Key, Row)> = plain::decode(&bytes).map_err(io::Error::other)?;
        let writes: Writes = rows.into_iter().map(|(key, row)| (key, Some(row))).collect();
        self.oracle.installed(self.node_id, &writes);
        let mut tables = Tables::default();
        tables.write(&writes, snapshot.mark.clone());
        {
            let mut held = self.held.lock();
            held.flushed = tables.version;
            held.tables = Arc::new(RwLock::new(tables));
        }
        self.keep(snapshot.mark, bytes);
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
        let rows: Vec<(Key, Row)> = {
            let tables = self.moment.tables.read();
            let present = |(key, history): (&Key, &History)| {
                at(history, self.moment.version)?.clone().map(|row| (key.clone(), row))
            };
            tables.rows.iter().filter_map(present).collect()
        };
        let bytes = plain::encode(&rows).map_err(io::Error::other)?;
        Ok(self.state.keep(self.mark, bytes.into()))
    }
}
