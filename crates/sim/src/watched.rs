//! A state of a node, beside the reference: what is written, pinned and installed is what the reference has.

use crate::oracle::Oracle;
use crate::state::rows_of;
use bytes::Bytes;
use std::io;
use std::sync::Arc;
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Writes};
use zonebook_store::state::{Pinned, Snapshot, StateStore, View};

/// A state that is watched.
pub struct WatchedState {
    /// What is watched.
    pub state: Arc<dyn StateStore>,
    /// Whose it is.
    pub node_id: u64,
    /// Who watches.
    pub oracle: Oracle,
}

impl StateStore for WatchedState {
    fn mark(&self) -> Result<Option<Bytes>, Fault> {
        self.state.mark()
    }

    fn view(&self) -> Arc<dyn View> {
        self.state.view()
    }

    fn prefetch(&self, keys: &[Key]) {
        self.state.prefetch(keys);
    }

    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault> {
        let before = self.state.mark()?;
        self.oracle.written(self.node_id, before.as_deref(), &mark, writes);
        self.state.write(writes, mark)
    }

    fn flush(&self) -> Result<(), Fault> {
        self.state.flush()
    }

    fn pin(&self, mark: Bytes) -> io::Result<Box<dyn Pinned>> {
        let pinned = self.state.pin(mark)?;
        Ok(Box::new(WatchedPin { pinned, node_id: self.node_id, oracle: self.oracle.clone() }))
    }

    fn latest_snapshot(&self) -> io::Result<Option<Snapshot>> {
        self.state.latest_snapshot()
    }

    fn install(&self, snapshot: Snapshot) -> io::Result<()> {
        let before = self.state.mark().map_err(io::Error::other)?;
        self.oracle.installed(self.node_id, before.as_deref(), &snapshot.mark, &rows_of(&snapshot)?);
        self.state.install(snapshot)
    }
}

struct WatchedPin {
    pinned: Box<dyn Pinned>,
    node_id: u64,
    oracle: Oracle,
}

impl Pinned for WatchedPin {
    fn finish(self: Box<Self>) -> io::Result<Snapshot> {
        let snapshot = self.pinned.finish()?;
        self.oracle.pinned(self.node_id, &snapshot.mark, &rows_of(&snapshot)?);
        Ok(snapshot)
    }
}
