//! A backup of a running node: its newest snapshot, the archive, and what of the log is behind it.
//!
//! Writes go on meanwhile. The moment of the backup is taken on the apply thread, between two entries: revision, digest
//! and index belong together. All that goes into it is committed and will never change: segments are fixed ranges, a
//! snapshot is linked, the tail is copied.

use crate::applier::Applier;
use crate::config::Config;
use crate::raft::Raft;
use crate::status::metrics;
use crate::stored::Mark;
use crate::worker::Worker;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use thiserror::Error;
use zonebook_ledger::error::Fault;
use zonebook_ledger::query;
use zonebook_ledger::state::Head;
use zonebook_store::archive::{Archive, ArchiveFolder, Range, each_entry, write_segment};
use zonebook_store::backup::{Listed, Manifest, Source, listed, point_name, segment_name};
use zonebook_store::files::Scratch;
use zonebook_store::log::Log;
use zonebook_store::snapshot;
use zonebook_store::state::{SnapshotSource, StateStore};

/// How long a snapshot may take.
const SNAPSHOT_WAIT: Duration = Duration::from_secs(600);
const SNAPSHOT_PAUSE: Duration = Duration::from_millis(200);
/// While files are gathered the log may be purged or the snapshot replaced by a newer one; then they are gathered anew.
const ATTEMPTS: usize = 5;

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// There is no backup.
#[derive(Debug, Error)]
pub enum BackupError {
    /// It cannot be taken of this node, or not now.
    #[error("{0}")]
    Refused(String),
    /// The state could not be read.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Files.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a backup is to bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupOrder {
    /// The first entry that the receiver lacks.
    pub next: u64,
    /// Without a snapshot.
    pub incremental: bool,
    /// The version of the program, for the manifest.
    pub program: String,
}

/// What backups are made of.
#[derive(Clone)]
pub struct Backups {
    pub raft: Raft,
    pub worker: Worker<Applier>,
    pub log: Arc<dyn Log>,
    pub archive: Arc<dyn Archive>,
    pub state: Arc<dyn StateStore>,
    pub scratch: Option<PathBuf>,
    pub archive_entries: u64,
    pub cluster_id: String,
    pub node_id: u64,
}

/// The moment of a backup.
struct Moment {
    at: Mark,
    head: Arc<Head>,
}

impl Backups {
    pub fn new(
        raft: Raft,
        worker: Worker<Applier>,
        (log, archive, state): (Arc<dyn Log>, Arc<dyn Archive>, Arc<dyn StateStore>),
        config: &Config,
    ) -> Self {
        Self {
            raft,
            worker,
            log,
            archive,
            state,
            scratch: config.receiving.clone(),
            archive_entries: config.archive_entries.max(1),
            cluster_id: config.cluster_id.clone(),
            node_id: config.node_id,
        }
    }

    /// Gathers the files of a backup. Until the source is dropped they stay.
    pub async fn gather(self, order: BackupOrder) -> Result<Source, BackupError> {
        if !order.incremental {
            self.snapshot().await?;
        }
        let mut attempt = 1;
        loop {
            let moment = self.moment().await?;
            let (gatherer, order) = (self.clone(), order.clone());
            let gathered = tokio::task::spawn_blocking(move || gatherer.files(&order, &moment));
            match gathered.await.map_err(io::Error::other)? {
                Err(BackupError::Io(error)) if attempt < ATTEMPTS => {
                    tracing::info!(%error, "the files of a backup are gathered anew");
                    attempt += 1;
                }
                gathered => return gathered,
            }
        }
    }

    /// Takes a snapshot of all that is applied now.
    async fn snapshot(&self) -> Result<(), BackupError> {
        let wanted = metrics(&self.raft).last_applied.map_or(0, |id| id.index);
        let deadline = tokio::time::Instant::now() + SNAPSHOT_WAIT;
        while metrics(&self.raft).snapshot.is_none_or(|id| id.index < wanted) {
            if tokio::time::Instant::now() > deadline {
                return Err(BackupError::Refused("the snapshot takes too long".into()));
            }
            // Again and again: while one is being taken, another one is not begun.
            let triggered = self.raft.trigger().snapshot().await;
            triggered.map_err(|error| BackupError::Refused(error.to_string()))?;
            tokio::time::sleep(SNAPSHOT_PAUSE).await;
        }
        Ok(())
    }

    async fn moment(&self) -> Result<Moment, BackupError> {
        let state = Arc::clone(&self.state);
        let asked = self.worker.run(move |applier| {
            let head = query::head(&*state.view())?;
            Ok::<_, Fault>(applier.mark().applied.zip(head))
        });
        let known = asked.await??;
        let (at, head) = known.ok_or_else(|| BackupError::Refused("there is no ledger yet".into()))?;
        Ok(Moment { at, head })
    }

    fn files(&self, order: &BackupOrder, moment: &Moment) -> Result<Source, BackupError> {
        let (Some(folder), Some(scratch)) = (self.archive.folder(), &self.scratch) else {
            return Err(BackupError::Refused("this node keeps nothing in files".into()));
        };
        // Below this name it is removed at the next start, if the node should end meanwhile.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let scratch = Scratch::new(&scratch.join(format!("unfinished-backup-{number}")))?;
        let segments = self.segments(folder, moment.at.index)?;
        let first = segments.last().map_or(0, |range| range.last + 1);
        let tail = (first <= moment.at.index).then_some(Range { first, last: moment.at.index });
        let state = if order.incremental { None } else { self.state_into(&scratch)? };
        let head = &moment.head;
        let mut manifest = Manifest {
            cluster_id: self.cluster_id.clone(),
            node_id: self.node_id,
            program: order.program.clone(),
            index: moment.at.index,
            term: moment.at.term,
            revision: head.revision.0,
            digest: head.digest,
            record_time: head.record_time.0,
            ledger_time: head.ledger_time.0,
            behaviour: head.behaviour,
            state_index: state,
            tail: tail.map(|range| (range.first, range.last)),
            files: Vec::new(),
        };
        let archive = ArchiveFolder::existing(folder);
        let mut files = Vec::new();
        for range in segments {
            let path = archive.segment(range);
            let bytes = std::fs::metadata(&path)?.len();
            let listed = Listed { name: segment_name(range), bytes, sha256: archive.sum(range)? };
            manifest.files.push(listed.clone());
            if range.first >= order.next {
                files.push((listed, path));
            }
        }
        let point = manifest.point();
        if let Some(range) = tail {
            let path = scratch.path().join("tail.zst");
            write_segment(&path, range, |take| each_entry(&*self.log, range, take))?;
            files.push((listed(point_name(&point, "tail.zst"), &path)?, path));
        }
        if state.is_some() {
            for entry in std::fs::read_dir(scratch.path().join("state"))? {
                let path = entry?.path();
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                files.push((listed(point_name(&point, &format!("state/{name}")), &path)?, path));
            }
        }
        let archived = manifest.files.len();
        let new = files.iter().map(|(listed, _)| listed.clone());
        manifest.files.extend(new.filter(|listed| listed.name.starts_with("points/")));
        tracing::info!(archived, files = files.len(), index = manifest.index, "a backup is sent");
        Ok(Source { manifest, files, scratch })
    }

    /// All whole segments up to an entry, from the first entry of all on. What is not sealed yet is sealed now.
    fn segments(&self, folder: &std::path::Path, last: u64) -> Result<Vec<Range>, BackupError> {
        let purged = self.log.state()?.purged.map_or(0, |(index, _)| index + 1);
        let archive = ArchiveFolder::existing(folder);
        let mut segments = archive.from_the_beginning()?;
        segments.retain(|range| range.last <= last);
        let mut first = segments.last().map_or(0, |range| range.last + 1);
        if first < purged {
            return Err(BackupError::Refused(format!(
                "this node joined later and lacks the entries {first} to {} of the history; take the backup from a \
                 node that has them, or wait until it has fetched them",
                purged - 1
            )));
        }
        while first + self.archive_entries <= last + 1 {
            let range = Range { first, last: first + self.archive_entries - 1 };
            self.archive.seal(range, &*self.log)?;
            segments.push(range);
            first += self.archive_entries;
        }
        Ok(segments)
    }

    /// Links the newest snapshot; gives the last entry that it includes.
    fn state_into(&self, scratch: &Scratch) -> Result<Option<u64>, BackupError> {
        let latest = self.state.latest_snapshot()?;
        let snapshot = latest.ok_or_else(|| BackupError::Refused("there is no snapshot".into()))?;
        let SnapshotSource::Directory(folder) = &snapshot.source else {
            return Err(BackupError::Refused("this node keeps no snapshots in files".into()));
        };
        snapshot::link_files(folder, &scratch.path().join("state"))?;
        let at = crate::applier::open_mark(&snapshot.mark)?.applied;
        Ok(at.map(|mark| mark.index))
    }
}
