//! What a node is made of and how it is tuned.

use crate::member::Member;
use crate::transport::{Listener, Transport};
use crate::worker::Execution;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use zonebook_ledger::time::Instant;
use zonebook_store::archive::Archive;
use zonebook_store::identity::{DataFolder, Life, Recognition};
use zonebook_store::log::Log;
use zonebook_store::state::StateStore;

/// How a node is tuned. The defaults are those of `engineering.md` 1.6, but for a shorter election.
#[derive(Clone, Debug)]
pub struct Config {
    /// The cluster it belongs to: checked on every connection.
    pub cluster_id: String,
    /// Its number in the cluster, never used for another node.
    pub node_id: u64,
    /// Where it is reached.
    pub member: Member,
    /// Between two heartbeats; three quarters of it is the deadline of an append.
    pub heartbeat: Duration,
    /// The election timeout is drawn between these. A follower campaigns when it has heard nothing for the longer one and
    /// then for what it has drawn: after 1.3 to 1.6 s with the default, so that a lost vote and its repetition still fit
    /// into the 3 s within which a client writes again.
    pub election: (Duration, Duration),
    /// Where the files of a snapshot on its way are put; `None`: snapshots travel in memory.
    pub receiving: Option<PathBuf>,
    /// A snapshot is taken after so many bytes of log.
    pub snapshot_log_bytes: u64,
    /// So many bytes of log are kept behind a snapshot,
    pub keep_log_bytes: u64,
    /// and so many entries.
    pub keep_log_entries: u64,
    /// Entries of a segment of the archive; the same on all nodes, for ever.
    pub archive_entries: u64,
    /// Digests are compared with those of the other nodes this often.
    pub audit_interval: Duration,
    /// How the work on the state is executed.
    pub execution: Execution,
    /// Seeds what openraft draws: election timeouts.
    pub seed: u64,
}

impl Config {
    /// With the defaults.
    #[must_use]
    pub fn new(cluster_id: &str, node_id: u64, member: Member) -> Self {
        Self {
            cluster_id: cluster_id.into(),
            node_id,
            member,
            heartbeat: Duration::from_millis(200),
            election: (Duration::from_millis(500), Duration::from_millis(800)),
            receiving: None,
            snapshot_log_bytes: 512 << 20,
            keep_log_bytes: 256 << 20,
            keep_log_entries: 1000,
            archive_entries: 4096,
            audit_interval: Duration::from_secs(60),
            execution: Execution::Thread,
            seed: 0,
        }
    }

    pub(crate) fn raft(&self) -> openraft::Config {
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        openraft::Config {
            cluster_name: self.cluster_id.clone(),
            heartbeat_interval: milliseconds(self.heartbeat),
            heartbeat_min_interval: Some(milliseconds(self.heartbeat)),
            election_timeout_min: milliseconds(self.election.0),
            election_timeout_max: milliseconds(self.election.1),
            install_snapshot_timeout: 60_000,
            max_payload_entries: 1024,
            max_append_entries: Some(4096),
            replication_lag_threshold: 100_000,
            snapshot_policy: openraft::SnapshotPolicy::Never,
            // Purging goes by bytes, in `keeper`.
            max_in_snapshot_log_to_keep: u64::MAX,
            purge_batch_size: 4096,
            enable_pre_vote: Some(true),
            enable_leader_restore: Some(false),
            backoff: "100ms 200ms 400ms ...2s".into(),
            ..openraft::Config::default()
        }
    }
}

/// Tells whether other nodes are the ones that were met before, across restarts: a node whose disk was wiped or rolled
/// back is not.
pub trait Acquaintance: Send + Sync + 'static {
    /// This life of the node's disk, without how far its log goes.
    fn life(&self) -> Life;

    /// Whether another node is the one that was met before under its number.
    ///
    /// # Errors
    /// That it was met could not be written down.
    fn recognise(&self, node: u64, life: Life) -> io::Result<Recognition>;

    /// Another node has a log entry that it will have for ever.
    ///
    /// # Errors
    /// It could not be written down.
    fn saw(&self, node: u64, reached: u64) -> io::Result<()>;
}

impl Acquaintance for DataFolder {
    fn life(&self) -> Life {
        self.life()
    }

    fn recognise(&self, node: u64, life: Life) -> io::Result<Recognition> {
        self.recognise(node, life)
    }

    fn saw(&self, node: u64, reached: u64) -> io::Result<()> {
        self.saw(node, reached)
    }
}

/// What a node stands on.
pub struct Parts {
    /// Its log.
    pub log: Arc<dyn Log>,
    /// Its state.
    pub state: Arc<dyn StateStore>,
    /// What the log held before it was purged.
    pub archive: Arc<dyn Archive>,
    /// Who it is and whom it has met.
    pub acquaintance: Arc<dyn Acquaintance>,
    /// How it reaches others.
    pub transport: Arc<dyn Transport>,
    /// Where others reach it.
    pub listener: Box<dyn Listener>,
    /// The time of day, UTC.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
}
