//! openraft's view of the state: passes work to the worker, answers when it is done.

use crate::applier::{Applier, open_mark};
use crate::raft::{Entry, EntryPayload, LogId, Snapshot, SnapshotMeta, StoredMembership, Types};
use crate::worker::{Execution, Worker};
use futures::{Stream, TryStreamExt};
use openraft::storage::{EntryResponder, RaftStateMachine};
use openraft::{OptionalSend, RaftSnapshotBuilder};
use std::io;
use zonebook_store::state::{Pinned, Snapshot as StoredSnapshot};

/// What one write of the state takes at most.
pub const WRITE_ENTRIES_MAX: usize = 256;
pub const WRITE_BYTES_MAX: usize = 4 << 20;

/// The state machine of one group.
#[derive(Clone)]
pub struct Machine {
    worker: Worker<Applier>,
    execution: Execution,
}

impl Machine {
    pub fn new(worker: Worker<Applier>, execution: Execution) -> Self {
        Self { worker, execution }
    }

    async fn apply_some(&self, waiting: &mut Vec<EntryResponder<Types>>) -> io::Result<()> {
        let (entries, responders): (Vec<Entry>, Vec<_>) = waiting.drain(..).unzip();
        let answers = self.worker.run(move |applier| applier.apply(&entries)).await?;
        for (answer, responder) in answers.map_err(io::Error::other)?.into_iter().zip(responders) {
            if let Some(responder) = responder {
                responder.send(answer);
            }
        }
        Ok(())
    }
}

pub fn payload_bytes(entry: &Entry) -> usize {
    match &entry.payload {
        EntryPayload::Normal(batch) => batch.body.len(),
        EntryPayload::Blank | EntryPayload::Membership(_) => 0,
    }
}

fn with_meta(snapshot: StoredSnapshot) -> io::Result<Snapshot> {
    let meta = open_mark(&snapshot.mark).map_err(io::Error::other)?.snapshot_meta()?;
    Ok(Snapshot { meta, snapshot })
}

impl RaftStateMachine<Types> for Machine {
    type SnapshotData = StoredSnapshot;
    type SnapshotBuilder = Builder;

    async fn applied_state(&mut self) -> Result<(Option<LogId>, StoredMembership), io::Error> {
        let mark = self.worker.run(|applier| applier.mark().clone()).await?;
        Ok((mark.applied_id(), mark.membership()?))
    }

    async fn apply<S>(&mut self, mut entries: S) -> Result<(), io::Error>
    where
        S: Stream<Item = Result<EntryResponder<Types>, io::Error>> + Unpin + OptionalSend,
    {
        let (mut waiting, mut bytes) = (Vec::new(), 0);
        while let Some(next) = entries.try_next().await? {
            bytes += payload_bytes(&next.0);
            waiting.push(next);
            if waiting.len() >= WRITE_ENTRIES_MAX || bytes >= WRITE_BYTES_MAX {
                self.apply_some(&mut waiting).await?;
                bytes = 0;
            }
        }
        if waiting.is_empty() { Ok(()) } else { self.apply_some(&mut waiting).await }
    }

    async fn try_create_snapshot_builder(&mut self, _force: bool) -> Option<Builder> {
        let pinned = self.worker.run(|applier| applier.pin()).await.and_then(|pinned| pinned);
        Some(Builder { pinned: Some(pinned), execution: self.execution })
    }

    async fn get_snapshot_builder(&mut self) -> Builder {
        match self.try_create_snapshot_builder(true).await {
            Some(builder) => builder,
            None => Builder { pinned: None, execution: self.execution },
        }
    }

    async fn install_snapshot(
        &mut self,
        _meta: &SnapshotMeta,
        snapshot: StoredSnapshot,
    ) -> Result<(), io::Error> {
        self.worker.run(move |applier| applier.install(snapshot)).await?
    }

    async fn get_current_snapshot(&mut self) -> Result<Option<Snapshot>, io::Error> {
        let latest = self.worker.run(|applier| applier.latest_snapshot()).await??;
        latest.map(with_meta).transpose()
    }
}

/// A pinned state on its way to a durable snapshot, beside further work on the state.
pub struct Builder {
    pinned: Option<io::Result<Box<dyn Pinned>>>,
    execution: Execution,
}

impl RaftSnapshotBuilder<Types> for Builder {
    type SnapshotData = StoredSnapshot;

    async fn build_snapshot(&mut self) -> Result<Snapshot, io::Error> {
        let pinned =
            self.pinned.take().ok_or_else(|| io::Error::other("the snapshot was taken already"))??;
        with_meta(self.execution.beside(move || pinned.finish()).await??)
    }
}
