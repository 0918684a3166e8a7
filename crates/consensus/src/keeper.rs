//! Keeps the log short: takes snapshots and purges, by bytes.
//!
//! Purged is what is in a durable snapshot, and not among the newest entries and bytes that a follower may still need
//! (`engineering.md` 1.5 #33; `openraft-notes.md` 4 says why never to the tip).

use crate::config::Config;
use crate::log_store::LogStore;
use crate::raft::{Raft, Runtime};
use crate::status::metrics;
use openraft::AsyncRuntime;
use std::time::Duration;

const INTERVAL: Duration = Duration::from_secs(1);

/// Looks after one node's log.
pub struct Keeper {
    pub raft: Raft,
    pub log: LogStore,
    pub snapshot_log_bytes: u64,
    pub keep_log_bytes: u64,
    pub keep_log_entries: u64,
}

impl Keeper {
    pub fn new(raft: Raft, log: LogStore, config: &Config) -> Self {
        Self {
            raft,
            log,
            snapshot_log_bytes: config.snapshot_log_bytes,
            keep_log_bytes: config.keep_log_bytes,
            keep_log_entries: config.keep_log_entries,
        }
    }

    /// Until openraft stops.
    pub async fn run(self) {
        let mut bytes_at_snapshot = 0;
        loop {
            Runtime::sleep(INTERVAL).await;
            let appended = self.log.appended_bytes();
            let due = appended - bytes_at_snapshot >= self.snapshot_log_bytes;
            if due && self.raft.trigger().snapshot().await.is_err() {
                return;
            }
            if due {
                bytes_at_snapshot = appended;
            }
            if let Some(index) = self.purgeable()
                && self.raft.trigger().purge_log(index).await.is_err()
            {
                return;
            }
        }
    }

    fn purgeable(&self) -> Option<u64> {
        let metrics = metrics(&self.raft);
        let in_snapshot = metrics.snapshot?.index;
        let by_entries = metrics.last_log_index?.checked_sub(self.keep_log_entries)?;
        let by_bytes = self.log.index_with_bytes_behind(self.keep_log_bytes)?;
        let index = in_snapshot.min(by_entries).min(by_bytes);
        (index > metrics.purged.map_or(0, |id| id.index)).then_some(index)
    }
}
