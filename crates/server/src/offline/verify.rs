//! Checks everything that is kept: each file by its checksum, each row and each entry by its form.

use super::{Layout, OfflineError, Place};
use crate::server::GROUP;
use std::fmt;
use std::path::{Path, PathBuf};
use zonebook_consensus::history::{check_entry, check_marks, position};
use zonebook_store::archive::{ArchiveFolder, Range, read_segment};
use zonebook_store::backup::BackupFolder;
use zonebook_store::identity::{IdentityError, InspectedFolder};
use zonebook_store::{StoredLog, snapshot, stored_state, stored_tables};

const READ_BYTES_MAX: usize = 4 << 20;

/// Something was read and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What: `log`, `state`, `snapshot`, `archive`, `manifest`, `identity`, `tail`.
    pub kind: &'static str,
    /// Where.
    pub path: PathBuf,
    /// Entries, rows or files.
    pub count: u64,
}

/// Something is damaged or missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// As in [`Checked`].
    pub kind: &'static str,
    /// Where.
    pub path: PathBuf,
    /// What is wrong, with file, entry, key or offset as far as it is known.
    pub what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.kind, self.path.display(), self.what)
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is whole.
    pub checked: Vec<Checked>,
    /// What is not.
    pub damages: Vec<Damage>,
}

impl Report {
    fn note<E: fmt::Display>(&mut self, kind: &'static str, path: &Path, checked: Result<u64, E>) -> bool {
        let path = path.to_path_buf();
        match checked {
            Ok(count) => self.checked.push(Checked { kind, path, count }),
            Err(error) => {
                self.damages.push(Damage { kind, path, what: error.to_string() });
                return false;
            }
        }
        true
    }
}

/// Checks a data folder or a backup.
///
/// # Errors
/// It is neither, or a node works on it. What is damaged is no error but in the report.
pub fn verify(folder: &Path) -> Result<Report, OfflineError> {
    let mut report = Report::default();
    match Place::of(folder)? {
        Place::Data(folder) => verify_data(&folder, &mut report)?,
        Place::Backup(folder) => verify_backup(&BackupFolder::at(&folder), &mut report)?,
    }
    Ok(report)
}

fn verify_data(folder: &Path, report: &mut Report) -> Result<(), OfflineError> {
    let layout = Layout(folder);
    let inspected = match InspectedFolder::open(folder) {
        Err(error @ IdentityError::InUse(_)) => return Err(error.into()),
        inspected => inspected,
    };
    report.note("identity", &folder.join("identity"), inspected.as_ref().map(|_| 1));
    let archive = ArchiveFolder::existing(&layout.archive());
    let segments = archive.segments()?;
    verify_segments(&archive, &segments, report);
    match log_of(&layout) {
        Ok((first, last, entries)) => {
            report.note::<OfflineError>("log", &layout.raft(), Ok(entries));
            if let Some((from, to)) = gap(&segments, first) {
                let what = format!("the entries {from} to {to} are in neither archive nor log");
                report.note("archive", &layout.archive(), Err::<u64, _>(what));
            }
            verify_state(&layout, last, report);
        }
        Err(error) => {
            report.note("log", &layout.raft(), Err::<u64, _>(error));
            verify_state(&layout, u64::MAX, report);
        }
    }
    for folder in snapshot::finished(&layout.snapshots())? {
        let whole = snapshot::check(&folder).and_then(|(mark, files)| {
            position(Some(&mark)).map_err(std::io::Error::other)?;
            Ok(files as u64)
        });
        report.note("snapshot", &folder, whole);
    }
    drop(inspected);
    Ok(())
}

/// The first entries that are missing between segments, or between them and a log that begins with `first`. A node that
/// joined later has none before its first segment until it has fetched them.
fn gap(segments: &[Range], first: u64) -> Option<(u64, u64)> {
    let mut next = segments.first()?.first;
    for range in segments {
        if range.first > next && next < first {
            return Some((next, range.first.min(first) - 1));
        }
        next = next.max(range.last + 1);
    }
    (next < first).then(|| (next, first - 1))
}

/// The first entry that a log can have, its last one, and how many there are.
fn log_of(layout: &Layout<'_>) -> Result<(u64, u64, u64), OfflineError> {
    let log = StoredLog::open(&layout.raft(), GROUP)?;
    let state = log.state()?;
    check_marks(&state)?;
    let first = state.purged.as_ref().map_or(0, |(index, _)| index + 1);
    let Some(last) = state.last.map(|record| record.index) else {
        return Ok((first, first.saturating_sub(1), 0));
    };
    let mut next = first;
    while next <= last {
        let records = log.read(next, last + 1, READ_BYTES_MAX)?;
        for record in &records {
            check_entry(record)?;
        }
        if records.is_empty() {
            return Err(OfflineError::Damaged(format!("entry {next} is missing")));
        }
        next += records.len() as u64;
    }
    Ok((first, last, last + 1 - first))
}

fn verify_state(layout: &Layout<'_>, last: u64, report: &mut Report) {
    let group = layout.group();
    let rows = stored_state(&group).map_err(OfflineError::from).and_then(|tables| {
        let rows = tables.check()?;
        let at = position(tables.mark()?.as_deref())?;
        match at {
            Some(at) if at.index > last => Err(OfflineError::Damaged(format!(
                "it includes entry {}, the log ends with entry {last}: the log lost its end",
                at.index
            ))),
            _ => Ok(rows),
        }
    });
    report.note("state", &group, rows);
}

fn verify_segments(archive: &ArchiveFolder, segments: &[Range], report: &mut Report) {
    for range in segments {
        let mut entries = 0;
        let read = archive.each(*range, |record| {
            entries += 1;
            check_entry(&record).map_err(std::io::Error::other)
        });
        report.note("archive", &archive.segment(*range), read.map(|()| entries));
    }
}

fn verify_backup(folder: &BackupFolder, report: &mut Report) -> Result<(), OfflineError> {
    let archive = folder.archive();
    let segments = archive.segments()?;
    verify_segments(&archive, &segments, report);
    let points = folder.points()?;
    if points.is_empty() {
        return Err(OfflineError::Refused(format!("{} holds no finished backup", folder.path("").display())));
    }
    for point in points {
        let path = folder.manifest_path(&point);
        let manifest = match folder.manifest(&point) {
            Ok(manifest) => manifest,
            Err(error) => {
                report.note("manifest", &path, Err::<u64, _>(error));
                continue;
            }
        };
        report.note::<OfflineError>("manifest", &path, Ok(manifest.files.len() as u64));
        for file in &manifest.files {
            let kind = match () {
                () if file.name.starts_with("archive/") => "archive",
                () if file.name.contains("/state/") => "state",
                () => "tail",
            };
            if let Err(error) = folder.check(file) {
                report.note(kind, &folder.path(&file.name), Err::<u64, _>(error));
            }
        }
        let own = path.parent().unwrap_or(&path);
        if let Some(range) = manifest.tail() {
            let path = own.join("tail.zst");
            let mut entries = 0;
            let read = read_segment(&path, range, |record| {
                entries += 1;
                check_entry(&record).map_err(std::io::Error::other)
            });
            report.note("tail", &path, read.map(|()| entries));
        }
        if manifest.state_index.is_some() {
            let path = own.join("state");
            let rows = stored_tables(&path).map_err(OfflineError::from);
            report.note("state", &path, rows.and_then(|tables| Ok(tables.check()?)));
        }
    }
    // The same damage may be met as a segment and as a file of several points.
    report.damages.dedup_by(|a, b| a.path == b.path);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_neither_archive_nor_log_has_is_a_gap() {
        let of = |starts: &[u64]| -> Vec<Range> {
            starts.iter().map(|first| Range { first: *first, last: first + 7 }).collect()
        };
        assert_eq!(gap(&of(&[0, 8, 16]), 24), None, "the log goes on where the archive ends");
        assert_eq!(gap(&of(&[0, 8, 16]), 16), None, "sealed ahead of a purge");
        assert_eq!(gap(&of(&[0, 8, 16]), 0), None, "nothing is purged");
        assert_eq!(gap(&of(&[8, 16]), 24), None, "joined later");
        assert_eq!(gap(&[], 24), None, "joined, nothing sealed yet");
        assert_eq!(gap(&of(&[0, 16]), 24), Some((8, 15)));
        assert_eq!(gap(&of(&[0, 16]), 12), Some((8, 11)));
        assert_eq!(gap(&of(&[0, 8]), 24), Some((16, 23)));
    }
}
