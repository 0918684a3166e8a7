//! Executes a history again and compares every table with what is kept.

use super::history::{History, Rest};
use super::{Layout, OfflineError, Place, digits};
use crate::server::GROUP;
use std::path::Path;
use std::sync::Arc;
use zonebook_consensus::Stop;
use zonebook_consensus::history::{Replay, committed, position};
use zonebook_ledger::query;
use zonebook_store::archive::ArchiveFolder;
use zonebook_store::backup::{BackupFolder, Manifest};
use zonebook_store::files::Scratch;
use zonebook_store::identity::InspectedFolder;
use zonebook_store::log::LogRecord;
use zonebook_store::tables::StateTables;
use zonebook_store::{RocksState, StoredLog, stored_state, stored_tables};

/// What a replay came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Entries that were executed.
    pub entries: u64,
    /// The last revision.
    pub revision: u64,
    /// The digest after it, in hexadecimal.
    pub digest: String,
    /// The entry after which all tables were compared; `None` where nothing was kept to compare with.
    pub compared_at: Option<u64>,
    /// The first difference: table, key, both rows.
    pub difference: Option<String>,
}

/// A state on its way, and what it is compared with when it has come that far.
pub struct Course {
    pub state: Arc<RocksState>,
    pub replay: Replay,
    expected: Option<(u64, StateTables)>,
    pub compared_at: Option<u64>,
    pub difference: Option<String>,
    entries: u64,
}

impl Course {
    /// Into an empty folder.
    pub fn new(group: &Path, stop: Stop, expected: Option<(u64, StateTables)>) -> Result<Self, OfflineError> {
        let state = Arc::new(RocksState::open(group)?);
        let store: Arc<dyn zonebook_store::state::StateStore> = Arc::clone(&state) as _;
        let replay = Replay::new(store, stop)?;
        Ok(Self { state, replay, expected, compared_at: None, difference: None, entries: 0 })
    }

    /// The whole history, as far as it goes or is to go; `tell` hears the index now and then.
    pub fn run(&mut self, history: &History, tell: &mut dyn FnMut(u64)) -> Result<(), OfflineError> {
        for range in &history.segments {
            if self.replay.stopped() {
                break;
            }
            history.each_of_segment(*range, |record| self.take(record))?;
            tell(range.last);
        }
        if !self.replay.stopped() {
            history.each_of_rest(|record| self.take(record))?;
        }
        Ok(self.replay.finish()?)
    }

    fn take(&mut self, record: &LogRecord) -> Result<(), OfflineError> {
        self.replay.take(record)?;
        self.entries += 1;
        if self.expected.as_ref().is_some_and(|(index, _)| *index == record.index) {
            self.replay.finish()?;
            if let Some((index, expected)) = self.expected.take().filter(|_| !self.replay.stopped()) {
                let difference = self.state.tables().first_difference(&expected)?;
                self.difference = difference.map(|difference| {
                    format!("{difference} (executed again against kept, after entry {index})")
                });
                self.compared_at = Some(index);
            }
        }
        Ok(())
    }

    /// What it came to.
    pub fn outcome(&self) -> Result<Replayed, OfflineError> {
        let head = query::head(&self.state.tables().view())?;
        Ok(Replayed {
            entries: self.entries,
            revision: self.replay.revision().0,
            digest: head.map(|head| digits(&head.digest)).unwrap_or_default(),
            compared_at: self.compared_at,
            difference: self.difference.clone(),
        })
    }
}

/// Executes the history of a data folder or of the newest backup again, in a scratch folder under `scratch`, and compares
/// every table with what is kept. Changes nothing else.
///
/// # Errors
/// The history is damaged or not whole, or a node works on the folder.
pub fn replay(folder: &Path, scratch: &Path, tell: &mut dyn FnMut(u64)) -> Result<Replayed, OfflineError> {
    let scratch = Scratch::new(&scratch.join(format!("zonebook-replay-{}", std::process::id())))?;
    match Place::of(folder)? {
        Place::Data(folder) => {
            let _locked = InspectedFolder::open(&folder)?;
            let (history, kept) = of_data(&Layout(&folder))?;
            let mut course = Course::new(scratch.path(), Stop::Never, kept)?;
            course.run(&history, tell)?;
            course.outcome()
        }
        Place::Backup(folder) => {
            let folder = BackupFolder::at(&folder);
            let manifest = newest(&folder)?;
            let history = of_backup(&folder, &manifest)?;
            let mut course = Course::new(scratch.path(), Stop::Never, kept_in(&folder, &manifest)?)?;
            course.run(&history, tell)?;
            let mut outcome = course.outcome()?;
            if outcome.difference.is_none() {
                outcome.difference = head_differs(&outcome, &manifest);
            }
            Ok(outcome)
        }
    }
}

/// What a data folder has: its history up to the last entry that is known to be decided, and its state.
fn of_data(layout: &Layout<'_>) -> Result<(History, Option<(u64, StateTables)>), OfflineError> {
    let tables = stored_state(&layout.group())?;
    let at = position(tables.mark()?.as_deref())?.map(|at| at.index);
    let log = StoredLog::open(&layout.raft(), GROUP)?;
    let state = log.state()?;
    let archive = ArchiveFolder::existing(&layout.archive());
    let purged = state.purged.as_ref().map_or(0, |(index, _)| index + 1);
    let next = archive.from_the_beginning()?.last().map_or(0, |range| range.last + 1);
    if next < purged {
        return Err(OfflineError::Refused(format!(
            "the entries {next} to {} are not here: this node joined later, or its archive was taken away; replay a \
             node or a backup that has the whole history",
            purged - 1
        )));
    }
    // Entries behind the committed mark may still be taken back by the others.
    let last = committed(&state)?.max(at).unwrap_or(0);
    let history = History::new(archive, Rest::Log(Box::new(log), last))?.up_to(last);
    Ok((history, at.map(|at| (at, tables))))
}

/// The manifest of the newest point.
pub fn newest(folder: &BackupFolder) -> Result<Manifest, OfflineError> {
    let point = folder.points()?.pop();
    let point = point.ok_or_else(|| OfflineError::Refused("there is no finished backup".into()))?;
    folder.manifest(&point).map_err(|error| OfflineError::Damaged(error.to_string()))
}

/// The history of a point.
pub fn of_backup(folder: &BackupFolder, manifest: &Manifest) -> Result<History, OfflineError> {
    let point = manifest.point();
    let tail = manifest
        .tail()
        .map(|range| (folder.path(&zonebook_store::backup::point_name(&point, "tail.zst")), range));
    Ok(History::new(folder.archive(), Rest::Tail(tail))?.up_to(manifest.index))
}

/// The newest state that a folder of backups has, of a point or one before it.
pub fn kept_in(
    folder: &BackupFolder,
    manifest: &Manifest,
) -> Result<Option<(u64, StateTables)>, OfflineError> {
    for point in folder.points()?.into_iter().rev().filter(|point| *point <= manifest.point()) {
        let found = folder.manifest(&point).map_err(|error| OfflineError::Damaged(error.to_string()))?;
        if let Some(index) = found.state_index {
            let state = folder.path(&zonebook_store::backup::point_name(&point, "state"));
            return Ok(Some((index, stored_tables(&state)?)));
        }
    }
    Ok(None)
}

/// Where revision or digest differ from what the manifest says.
pub fn head_differs(outcome: &Replayed, manifest: &Manifest) -> Option<String> {
    let digest = digits(&manifest.digest);
    ((outcome.revision, &outcome.digest) != (manifest.revision, &digest)).then(|| {
        format!(
            "the manifest says revision {} with digest {digest}, the history comes to revision {} with digest {}",
            manifest.revision, outcome.revision, outcome.digest
        )
    })
}
