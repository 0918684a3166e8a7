//! Keeps the log short: takes snapshots, seals what is old into the archive, and purges, by bytes.
//!
//! Purged is what is in a durable snapshot and in the archive, and not among the newest entries and bytes that a follower
//! may still need (`engineering.md` 1.5 #33; `openraft-notes.md` 4 says why never to the tip). A node that began with a
//! snapshot lacks what was before: the first segment that it seals is the first that it holds whole, the others it
//! fetches (`historian`).

use crate::config::Config;
use crate::log_store::LogStore;
use crate::raft::{Raft, Runtime};
use crate::status::metrics;
use crate::worker::Execution;
use openraft::AsyncRuntime;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use zonebook_store::archive::{Archive, Range};
use zonebook_store::log::Log;
use zonebook_store::state::StateStore;

const INTERVAL: Duration = Duration::from_secs(1);

/// Looks after one node's log.
pub struct Keeper {
    pub raft: Raft,
    pub log: LogStore,
    pub records: Arc<dyn Log>,
    pub archive: Arc<dyn Archive>,
    pub state: Arc<dyn StateStore>,
    pub failure: watch::Sender<Option<String>>,
    pub snapshot_log_bytes: u64,
    pub keep_log_bytes: u64,
    pub keep_log_entries: u64,
    pub archive_entries: u64,
    pub execution: Execution,
}

impl Keeper {
    pub fn new(
        raft: Raft,
        log: LogStore,
        (records, archive, state): (Arc<dyn Log>, Arc<dyn Archive>, Arc<dyn StateStore>),
        failure: watch::Sender<Option<String>>,
        config: &Config,
    ) -> Self {
        Self {
            raft,
            log,
            records,
            archive,
            state,
            failure,
            snapshot_log_bytes: config.snapshot_log_bytes,
            keep_log_bytes: config.keep_log_bytes,
            keep_log_entries: config.keep_log_entries,
            archive_entries: config.archive_entries.max(1),
            execution: config.execution,
        }
    }

    /// Until openraft stops, or the archive cannot be written: history that is not kept must not be purged.
    pub async fn run(self) {
        let mut bytes_at_snapshot = 0;
        loop {
            Runtime::sleep(INTERVAL).await;
            let appended = self.log.appended_bytes();
            if appended - bytes_at_snapshot >= self.snapshot_log_bytes {
                self.flush().await;
                if self.raft.trigger().snapshot().await.is_err() {
                    return;
                }
                bytes_at_snapshot = appended;
            }
            let Some(index) = self.purgeable() else { continue };
            match self.seal_up_to(index).await {
                Ok(None) => {}
                Ok(Some(sealed)) => {
                    if self.raft.trigger().purge_log(sealed).await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    self.failure.send_replace(Some(format!("the archive cannot be written: {error}")));
                    return;
                }
            }
        }
    }

    /// A snapshot begins with a flush, which postings wait for. Beside them most of it can be done before.
    async fn flush(&self) {
        let state = Arc::clone(&self.state);
        let flushed = self.execution.beside(move || state.flush()).await;
        if let Err(error) = flushed.and_then(|flushed| flushed.map_err(io::Error::other)) {
            tracing::warn!(%error, "the state was not flushed before a snapshot, which will say so too");
        }
    }

    /// The last entry that nobody needs any more.
    fn purgeable(&self) -> Option<u64> {
        let metrics = metrics(&self.raft);
        let in_snapshot = metrics.snapshot?.index;
        let by_entries = metrics.last_log_index?.checked_sub(self.keep_log_entries)?;
        let by_bytes = self.log.index_with_bytes_behind(self.keep_log_bytes)?;
        let index = in_snapshot.min(by_entries).min(by_bytes);
        (index > metrics.purged.map_or(0, |id| id.index)).then_some(index)
    }

    /// Seals all whole segments up to an entry; gives the last entry of the last of them.
    async fn seal_up_to(&self, index: u64) -> io::Result<Option<u64>> {
        let held = metrics(&self.raft).purged.map_or(0, |id| id.index + 1);
        let mut first = held.next_multiple_of(self.archive_entries);
        let mut sealed = None;
        while first + self.archive_entries <= index.saturating_add(1) {
            let range = Range { first, last: first + self.archive_entries - 1 };
            self.seal(range).await?;
            sealed = Some(range.last);
            first += self.archive_entries;
        }
        Ok(sealed)
    }

    async fn seal(&self, range: Range) -> io::Result<()> {
        let (archive, records) = (Arc::clone(&self.archive), Arc::clone(&self.records));
        let seal = move || {
            if archive.is_sealed(range)? { Ok(()) } else { archive.seal(range, &*records) }
        };
        self.execution.beside(seal).await?
    }
}
