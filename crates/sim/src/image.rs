//! What a log holds, and what may be asked of it.

use bytes::Bytes;
use std::collections::BTreeMap;
use zonebook_store::log::LogRecord;

/// What a log holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Entries by index.
    pub entries: BTreeMap<u64, Bytes>,
    /// What was purged, with the mark that was given.
    pub purged: Option<(u64, Bytes)>,
    /// The vote.
    pub vote: Option<Bytes>,
    /// The committed mark.
    pub committed: Option<Bytes>,
}

/// What was asked of a log.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Entries.
    Append(Vec<LogRecord>),
    /// A vote.
    SaveVote(Bytes),
    /// A committed mark.
    SaveCommitted(Bytes),
    /// Entries above an index go, or all.
    TruncateAfter(Option<u64>),
    /// Entries up to an index go, and a mark stays.
    Purge(u64, Bytes),
}

impl Image {
    /// Does what was asked.
    pub fn carry_out(&mut self, operation: &Operation) {
        match operation {
            Operation::Append(records) => {
                self.entries.extend(records.iter().map(|record| (record.index, record.bytes.clone())));
            }
            Operation::SaveVote(vote) => self.vote = Some(vote.clone()),
            Operation::SaveCommitted(committed) => self.committed = Some(committed.clone()),
            Operation::TruncateAfter(index) => {
                self.entries.retain(|at, _| index.is_some_and(|last| *at <= last));
            }
            Operation::Purge(index, mark) => {
                self.entries.retain(|at, _| at > index);
                self.purged = Some((*index, mark.clone()));
            }
        }
    }

    /// The last entry that it holds or has purged.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        let purged = self.purged.as_ref().map(|(index, _)| *index);
        self.entries.last_key_value().map(|(index, _)| *index).max(purged)
    }

    /// Whether it holds an entry as it was written, or held it.
    #[must_use]
    pub fn holds(&self, index: u64, bytes: &Bytes) -> bool {
        self.entries.get(&index) == Some(bytes)
            || self.purged.as_ref().is_some_and(|(last, _)| index <= *last)
    }
}
