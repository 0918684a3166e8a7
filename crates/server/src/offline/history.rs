//! The entries of a history, in order, wherever they lie: in the archive, in the tail of a backup, in a log.

use super::OfflineError;
use std::path::PathBuf;
use zonebook_store::StoredLog;
use zonebook_store::archive::{ArchiveFolder, Range, read_segment};
use zonebook_store::log::LogRecord;

const READ_BYTES_MAX: usize = 4 << 20;

/// What follows the segments.
pub enum Rest {
    /// The tail of a backup.
    Tail(Option<(PathBuf, Range)>),
    /// The entries of a log up to one, which it includes.
    Log(Box<StoredLog>, u64),
}

/// A history from its first entry on.
pub struct History {
    archive: ArchiveFolder,
    /// The segments, without a gap from the first entry on.
    pub segments: Vec<Range>,
    rest: Rest,
}

impl History {
    /// Of segments and what follows them.
    pub fn new(archive: ArchiveFolder, rest: Rest) -> Result<Self, OfflineError> {
        let segments = archive.from_the_beginning()?;
        Ok(Self { archive, segments, rest })
    }

    /// Keeps the segments up to an entry only.
    pub fn up_to(mut self, last: u64) -> Self {
        self.segments.retain(|range| range.last <= last);
        self
    }

    /// The segments' folder.
    pub fn archive(&self) -> &ArchiveFolder {
        &self.archive
    }

    /// Hands over the entries of a segment; checked against its SHA-256.
    pub fn each_of_segment(
        &self,
        range: Range,
        mut take: impl FnMut(&LogRecord) -> Result<(), OfflineError>,
    ) -> Result<(), OfflineError> {
        through(|give| self.archive.each(range, |record| give(&record)), &mut take)
    }

    /// Hands over the entries behind the segments.
    pub fn each_of_rest(
        &self,
        mut take: impl FnMut(&LogRecord) -> Result<(), OfflineError>,
    ) -> Result<(), OfflineError> {
        match &self.rest {
            Rest::Tail(None) => Ok(()),
            Rest::Tail(Some((path, range))) => {
                through(|give| read_segment(path, *range, |record| give(&record)), &mut take)
            }
            Rest::Log(log, last) => {
                let mut next = self.segments.last().map_or(0, |range| range.last + 1);
                while next <= *last {
                    let records = log.read(next, last.saturating_add(1), READ_BYTES_MAX)?;
                    if records.is_empty() {
                        let what = format!("entry {next} is in neither archive nor log");
                        return Err(OfflineError::Damaged(what));
                    }
                    for record in &records {
                        take(record)?;
                        next += 1;
                    }
                }
                Ok(())
            }
        }
    }
}

/// Lets an error of what takes the entries through a reader that knows only its own.
fn through(
    read: impl FnOnce(&mut dyn FnMut(&LogRecord) -> std::io::Result<()>) -> std::io::Result<()>,
    take: &mut dyn FnMut(&LogRecord) -> Result<(), OfflineError>,
) -> Result<(), OfflineError> {
    let mut failed = None;
    let read = read(&mut |record| {
        take(record).map_err(|error| {
            failed = Some(error);
            std::io::Error::other("stopped")
        })
    });
    match (failed, read) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(OfflineError::Damaged(error.to_string())),
        (None, Ok(())) => Ok(()),
    }
}
