//! Makes a data folder of a backup.
//!
//! Every file is compared with its SHA-256, the history is executed again from its first command on, and every table is
//! compared with the state that the node had: only then is the folder there, by a rename. The restored node is another
//! one: a cluster of its own under a new name, so that nodes of the old one, which may go on somewhere, neither talk to
//! it nor take over what it decides.

use super::history::History;
use super::replay::{Course, head_differs, kept_in, newest, of_backup};
use super::{Layout, OfflineError, digits};
use crate::server::GROUP;
use std::path::{Path, PathBuf};
use zonebook_consensus::{Member, Stop};
use zonebook_ledger::query;
use zonebook_store::RocksLog;
use zonebook_store::archive::ArchiveFolder;
use zonebook_store::backup::{BackupFolder, Manifest};
use zonebook_store::files::fsync_folder;
use zonebook_store::identity::DataFolder;
use zonebook_store::log::LogRecord;

/// What is to be restored, and as whom.
#[derive(Clone, Debug)]
pub struct Restore {
    /// The folder of backups.
    pub from: PathBuf,
    /// The data folder to make.
    pub to: PathBuf,
    /// Where to stop.
    pub stop: Stop,
    /// The name of the new cluster; one is made where it is `None`.
    pub cluster: Option<String>,
    /// The number of the new node.
    pub node: u64,
    /// Where it will be reached.
    pub member: Member,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The name of the new cluster, for the settings of the node.
    pub cluster: String,
    /// The cluster that the backup was taken of.
    pub former: String,
    /// The last revision.
    pub revision: u64,
    /// The digest after it, in hexadecimal.
    pub digest: String,
    /// The entry after which all tables were compared with the state in the backup; `None` where the end lies before it.
    pub compared_at: Option<u64>,
}

/// Restores a backup.
///
/// # Errors
/// The target is not empty, something is damaged or differs, or the end lies outside of the backup. The target is as
/// before then.
pub fn restore(order: &Restore, tell: &mut dyn FnMut(u64)) -> Result<Restored, OfflineError> {
    let target = &order.to;
    if target.exists() && std::fs::read_dir(target)?.next().is_some() {
        let target = target.display();
        return Err(OfflineError::Refused(format!("{target} is not empty: restore into a new folder")));
    }
    let folder = BackupFolder::at(&order.from);
    let manifest = newest(&folder)?;
    if let Stop::At(revision) = order.stop
        && (revision.0 == 0 || revision.0 > manifest.revision)
    {
        let (wanted, last) = (revision.0, manifest.revision);
        return Err(OfflineError::Refused(format!(
            "there is no revision {wanted}: the backup has 1 to {last}"
        )));
    }
    let cluster = new_name(order, &manifest)?;
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    let unfinished = target.with_file_name(name);
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)?;
    }
    let restored = make(order, &folder, &manifest, &cluster, &unfinished, tell);
    match restored {
        Ok(restored) => {
            if target.exists() {
                std::fs::remove_dir(target)?;
            }
            std::fs::rename(&unfinished, target)?;
            fsync_folder(&parent(target))?;
            Ok(restored)
        }
        Err(error) => {
            drop(std::fs::remove_dir_all(&unfinished));
            Err(error)
        }
    }
}

fn parent(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).into()
}

fn new_name(order: &Restore, manifest: &Manifest) -> Result<String, OfflineError> {
    let fresh = || {
        let former: String = manifest.cluster_id.chars().take(32).collect();
        format!("{former}-{}", &uuid::Uuid::new_v4().simple().to_string()[..8])
    };
    let name = order.cluster.clone().unwrap_or_else(fresh);
    if name == manifest.cluster_id {
        return Err(OfflineError::Refused(format!(
            "the restored cluster needs another name than {name}: nodes of the old one must not take it for theirs"
        )));
    }
    Ok(name)
}

fn make(
    order: &Restore,
    folder: &BackupFolder,
    manifest: &Manifest,
    cluster: &str,
    unfinished: &Path,
    tell: &mut dyn FnMut(u64),
) -> Result<Restored, OfflineError> {
    for file in &manifest.files {
        folder.check(file).map_err(|error| OfflineError::Damaged(error.to_string()))?;
    }
    let layout = Layout(unfinished);
    let fresh = *uuid::Uuid::new_v4().as_bytes();
    let data = DataFolder::open(unfinished, cluster, order.node, fresh)?;
    std::fs::create_dir_all(layout.group())?;
    let history = of_backup(folder, manifest)?;
    let mut course = Course::new(&layout.group(), order.stop, kept_in(folder, manifest)?)?;
    course.run(&history, tell)?;
    let outcome = course.outcome()?;
    let different = outcome
        .difference
        .clone()
        .or_else(|| if course.replay.stopped() { None } else { head_differs(&outcome, manifest) });
    if let Some(different) = different {
        return Err(OfflineError::Damaged(different));
    }
    if outcome.revision == 0 {
        return Err(OfflineError::Refused("nothing happened before that moment".into()));
    }
    found(order, &history, &mut course, &layout)?;
    let head = query::head(&course.state.tables().view())?;
    let digest = head.map(|head| digits(&head.digest)).unwrap_or_default();
    let openness = course.state.openness();
    drop(course);
    while !openness.is_closed() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for folder in [layout.group(), unfinished.join("groups"), unfinished.to_path_buf()] {
        fsync_folder(&folder)?;
    }
    drop(data);
    let former = manifest.cluster_id.clone();
    let (revision, compared_at) = (outcome.revision, outcome.compared_at);
    Ok(Restored { cluster: cluster.into(), former, revision, digest, compared_at })
}

/// The archive and the log of the new node: whole segments there, what is behind them here.
fn found(
    order: &Restore,
    history: &History,
    course: &mut Course,
    layout: &Layout<'_>,
) -> Result<(), OfflineError> {
    let last = course.replay.last().cloned();
    let last = last.ok_or_else(|| OfflineError::Refused("there is no history".into()))?;
    let archive = ArchiveFolder::open(&layout.archive())?;
    let (mut archived, mut rest): (Option<LogRecord>, Option<_>) = (None, None);
    for range in &history.segments {
        let mut end = None;
        history.each_of_segment(*range, |record| {
            end = Some(record.clone());
            Ok(())
        })?;
        // The last one may be cut off within its last entry.
        let whole = end.as_ref().is_some_and(|end| end.index < last.index || *end == last);
        if !whole {
            rest = Some(*range);
            break;
        }
        let beside = archive.segment(*range).with_extension("new");
        std::fs::copy(history.archive().segment(*range), &beside)?;
        archive.adopt(*range, &beside)?;
        archived = end;
        if archived.as_ref().is_some_and(|end| end.index == last.index) {
            break;
        }
    }
    let log = RocksLog::open(&layout.raft(), GROUP)?;
    let openness = log.openness();
    let first = archived.as_ref().map_or(0, |record| record.index + 1);
    let feed = |append: &mut dyn FnMut(LogRecord) -> std::io::Result<()>| {
        let mut take = |record: &LogRecord| match record.index {
            index if index < first || index > last.index => Ok(()),
            index if index == last.index => append(last.clone()).map_err(OfflineError::from),
            _ => append(record.clone()).map_err(OfflineError::from),
        };
        let fed = match rest {
            Some(range) => history.each_of_segment(range, &mut take),
            None => history.each_of_rest(&mut take),
        };
        fed.map_err(std::io::Error::other)
    };
    let member = order.member.clone();
    course.replay.found(&log, archived.as_ref(), feed, (order.node, member))?;
    drop(log);
    while !openness.is_closed() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    Ok(())
}
