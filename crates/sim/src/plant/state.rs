//! States that lose rows, keep them too long, or go back.

use super::Plant;
use crate::state::{rows_of, snapshot_of};
use crate::stored::{self, StateMark};
use bytes::Bytes;
use parking_lot::Mutex;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Writes};
use zonebook_store::state::{Pinned, Snapshot, StateStore, View};

/// A state with a bug in it, if there is one for it.
pub fn planted(plant: Option<Plant>, state: Arc<dyn StateStore>) -> Arc<dyn StateStore> {
    match plant {
        Some(
            plant @ (Plant::SkipRequestsInSnapshot
            | Plant::ForgetTableInSnapshot
            | Plant::ForgetMembersInSnapshot
            | Plant::SnapshotOfFirstTerm
            | Plant::InstallOverNewerState
            | Plant::DoubleApplyAfterRestart
            | Plant::KeepRemovedRows
            | Plant::LoseRow
            | Plant::ServeOldView),
        ) => Arc::new(PlantedState { plant, state, written: AtomicU64::new(0), old: Mutex::default() }),
        _ => state,
    }
}

struct PlantedState {
    plant: Plant,
    state: Arc<dyn StateStore>,
    /// Writes in this life.
    written: AtomicU64,
    /// What is shown in place of the state.
    old: Mutex<Option<Arc<dyn View>>>,
}

/// The mark of a state that includes one entry less.
fn earlier(mark: &Bytes) -> Bytes {
    changed(mark, |mark| {
        if let Some(place) = &mut mark.applied {
            place.index = place.index.saturating_sub(1);
        }
    })
}

fn changed(mark: &Bytes, change: impl FnOnce(&mut StateMark)) -> Bytes {
    stored::changed_mark(mark, change).unwrap_or_else(|_| mark.clone())
}

fn spoilt(plant: Plant, snapshot: Snapshot) -> io::Result<Snapshot> {
    let of_first_term = |mark: &mut StateMark| {
        if let Some(place) = &mut mark.applied {
            place.term = 1;
        }
    };
    let table = match plant {
        Plant::SkipRequestsInSnapshot => "Requests",
        Plant::ForgetTableInSnapshot => "Positions",
        Plant::ForgetMembersInSnapshot => {
            let forgets =
                |mark: &mut StateMark| *mark = StateMark { applied: mark.applied, ..StateMark::default() };
            return Ok(Snapshot { mark: changed(&snapshot.mark, forgets), ..snapshot });
        }
        Plant::SnapshotOfFirstTerm => {
            return Ok(Snapshot { mark: changed(&snapshot.mark, of_first_term), ..snapshot });
        }
        _ => return Ok(snapshot),
    };
    let mut rows = rows_of(&snapshot)?;
    rows.retain(|(key, _)| key.table() != table);
    snapshot_of(snapshot.mark, snapshot.id, &rows)
}

struct PlantedPin {
    plant: Plant,
    pinned: Box<dyn Pinned>,
}

impl Pinned for PlantedPin {
    fn finish(self: Box<Self>) -> io::Result<Snapshot> {
        spoilt(self.plant, self.pinned.finish()?)
    }
}

impl StateStore for PlantedState {
    fn mark(&self) -> Result<Option<Bytes>, Fault> {
        let mark = self.state.mark()?;
        // Asked for when a life begins: one entry earlier than it should be.
        if self.plant == Plant::DoubleApplyAfterRestart && self.written.load(Ordering::Relaxed) == 0 {
            return Ok(mark.map(|mark| earlier(&mark)));
        }
        Ok(mark)
    }

    fn view(&self) -> Arc<dyn View> {
        let old = self.old.lock().clone();
        old.unwrap_or_else(|| self.state.view())
    }

    fn prefetch(&self, keys: &[Key]) {
        self.state.prefetch(keys);
    }

    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let mut writes = writes.clone();
        match self.plant {
            Plant::KeepRemovedRows => writes.retain(|_, row| row.is_some()),
            Plant::LoseRow if writes.len() > 12 => drop(writes.shift_remove_index(writes.len() / 2)),
            Plant::ServeOldView => *self.old.lock() = (number % 40 == 39).then(|| self.state.view()),
            Plant::InstallOverNewerState if number % 50 == 49 => {
                if let Some(old) = self.state.latest_snapshot().map_err(|error| Fault(error.to_string()))? {
                    self.state.install(old).map_err(|error| Fault(error.to_string()))?;
                }
            }
            _ => {}
        }
        self.state.write(&writes, mark)
    }

    fn flush(&self) -> Result<(), Fault> {
        self.state.flush()
    }

    fn pin(&self, mark: Bytes) -> io::Result<Box<dyn Pinned>> {
        let pinned = self.state.pin(mark)?;
        Ok(Box::new(PlantedPin { plant: self.plant, pinned }))
    }

    fn latest_snapshot(&self) -> io::Result<Option<Snapshot>> {
        self.state.latest_snapshot()?.map(|snapshot| spoilt(self.plant, snapshot)).transpose()
    }

    fn install(&self, snapshot: Snapshot) -> io::Result<()> {
        self.state.install(snapshot)
    }
}
