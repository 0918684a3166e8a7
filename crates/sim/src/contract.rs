//! The contract of [`Log`], held against the log of a node and against who uses it, across crashes.
//!
//! What survives a crash is a prefix of what was asked for, and everything up to the last thing that was called durable.

use crate::image::{Image, Operation};
use crate::oracle::Oracle;
use bytes::Bytes;
use parking_lot::Mutex;
use std::io;
use std::sync::Arc;
use zonebook_store::log::{Done, Log, LogRecord, LogState, Poisoned};

/// What a log has promised: outlives the crashes of its host.
#[derive(Clone, Default)]
pub struct Promises(Arc<Mutex<Promised>>);

#[derive(Default)]
struct Promised {
    /// What was called durable, with all that was asked for before it.
    durable: Image,
    /// What was asked for since, oldest first.
    since: Vec<Operation>,
    /// How many operations were asked for before those.
    before: u64,
    /// What was asked for altogether.
    asked: Image,
}

impl Promised {
    fn ask(&mut self, operation: Operation) -> u64 {
        self.asked.carry_out(&operation);
        self.since.push(operation);
        self.before + self.since.len() as u64
    }

    fn durable_up_to(&mut self, number: u64) {
        let count = usize::try_from(number.saturating_sub(self.before)).unwrap_or(0).min(self.since.len());
        for operation in self.since.drain(..count) {
            self.durable.carry_out(&operation);
        }
        self.before += count as u64;
    }

    /// Whether a log that was opened again is one that may be left; it is what counts from now on.
    fn reopened(&mut self, found: Image) -> bool {
        let mut may_be = self.durable.clone();
        let mut is_left = may_be == found;
        for operation in std::mem::take(&mut self.since) {
            if let Operation::Append(records) = &operation {
                for record in records {
                    may_be.carry_out(&Operation::Append(vec![record.clone()]));
                    is_left |= may_be == found;
                }
            } else {
                may_be.carry_out(&operation);
                is_left |= may_be == found;
            }
        }
        (self.durable, self.asked) = (found.clone(), found);
        is_left
    }
}

/// A log that is watched.
pub struct ContractLog {
    log: Arc<dyn Log>,
    promises: Promises,
    node_id: u64,
    oracle: Oracle,
}

impl ContractLog {
    /// A log as its host finds it, beside what it promised before.
    ///
    /// # Errors
    /// The log could not be read.
    pub fn open(log: Arc<dyn Log>, promises: Promises, node_id: u64, oracle: Oracle) -> io::Result<Self> {
        let LogState { purged, vote, committed, .. } = log.state()?;
        let entries = log.read(0, u64::MAX, usize::MAX)?;
        let entries = entries.into_iter().map(|record| (record.index, record.bytes)).collect();
        let found = Image { entries, purged, vote, committed };
        let is_left = promises.0.lock().reopened(found);
        if !is_left {
            oracle.violation(format!("node {node_id}: its log is not what may be left of it after a crash"));
        }
        Ok(Self { log, promises, node_id, oracle })
    }

    fn ask(&self, operation: Operation, done: Done) -> Done {
        let number = self.promises.0.lock().ask(operation);
        let promises = self.promises.clone();
        Box::new(move |result| {
            if result.is_ok() {
                promises.0.lock().durable_up_to(number);
            }
            done(result);
        })
    }
}

impl Log for ContractLog {
    fn state(&self) -> io::Result<LogState> {
        self.log.state()
    }

    fn read(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>> {
        self.log.read(from, to, bytes_max)
    }

    fn append(&self, records: Vec<LogRecord>, done: Done) {
        let last = self.promises.0.lock().asked.last();
        if let Ok(LogState { purged, last: found, .. }) = self.log.state()
            && found.map(|record| record.index).max(purged.map(|(index, _)| index)) != last
        {
            self.oracle.violation(format!("node {}: its log does not end at {last:?}", self.node_id));
        }
        let mut next = last.map(|last| last + 1);
        for record in &records {
            if next.is_some_and(|next| next != record.index) {
                let what = format!("node {}: entry {} follows a gap", self.node_id, record.index);
                self.oracle.violation(what);
            }
            next = Some(record.index + 1);
        }
        self.oracle.appended(self.node_id, &records);
        let done = self.ask(Operation::Append(records.clone()), done);
        self.log.append(records, done);
    }

    fn save_vote(&self, vote: Bytes, done: Done) {
        let done = self.ask(Operation::SaveVote(vote.clone()), done);
        self.log.save_vote(vote, done);
    }

    fn save_committed(&self, committed: Bytes) {
        self.promises.0.lock().ask(Operation::SaveCommitted(committed.clone()));
        self.log.save_committed(committed);
    }

    fn truncate_after(&self, index: Option<u64>) {
        self.oracle.cut_off(self.node_id, index);
        self.promises.0.lock().ask(Operation::TruncateAfter(index));
        self.log.truncate_after(index);
    }

    fn purge(&self, index: u64, mark: Bytes) {
        self.oracle.purged(self.node_id, index);
        self.promises.0.lock().ask(Operation::Purge(index, mark.clone()));
        self.log.purge(index, mark);
    }

    fn on_poisoned(&self, tell: Poisoned) {
        self.log.on_poisoned(tell);
    }
}
