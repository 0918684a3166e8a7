//! A disk that a log lies on: it takes its time, and a crash keeps only a prefix of what was asked of it.

use crate::chance::Chance;
use bytes::Bytes;
use openraft_rt::AsyncRuntime;
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use zonebook_consensus::Runtime;
use zonebook_store::log::{Done, Log, LogRecord, LogState};

/// What a log holds.
#[derive(Clone, Default)]
struct Image {
    entries: BTreeMap<u64, Bytes>,
    purged: Option<(u64, Bytes)>,
    vote: Option<Bytes>,
    committed: Option<Bytes>,
}

/// What was asked of a log.
enum Operation {
    Append(Vec<LogRecord>),
    SaveVote(Bytes),
    SaveCommitted(Bytes),
    TruncateAfter(Option<u64>),
    Purge(u64, Bytes),
}

impl Image {
    fn carry_out(&mut self, operation: &Operation) {
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
}

struct Pending {
    operation: Operation,
    done: Option<Done>,
}

#[derive(Default)]
struct Platter {
    /// What survives a crash for certain.
    durable: Image,
    /// What is read.
    memory: Image,
    /// What was asked for and is not durable yet, oldest first.
    queue: VecDeque<Pending>,
}

/// A disk: outlives the crashes of its host.
#[derive(Clone, Default)]
pub struct Disk {
    platter: Arc<Mutex<Platter>>,
    /// Hiccups often.
    poor: bool,
    /// A fault planted on purpose: appends are called durable before they are.
    early_acknowledgement: bool,
}

impl Disk {
    /// An empty disk: a good or a poor one, or even one that lies about durability.
    #[must_use]
    pub fn new(poor: bool, early_acknowledgement: bool) -> Self {
        Self { platter: Arc::default(), poor, early_acknowledgement }
    }

    /// The log on this disk, with a writer task that lives as long as the host. Inside a [`Runtime::scope`] only.
    #[must_use]
    pub fn open(&self, chance: Chance) -> SimulatedLog {
        let wake = Arc::new(Notify::new());
        drop(Runtime::spawn(write(self.clone(), Arc::clone(&wake), chance)));
        SimulatedLog { disk: self.clone(), wake }
    }

    /// Loses power: some prefix of what was under way is kept, the last kept append perhaps in part. Gives the number
    /// of entries that were lost.
    pub fn crash(&self, chance: &mut Chance) -> u64 {
        let mut platter = self.platter.lock();
        let before = platter.memory.entries.len();
        let kept = chance.below(platter.queue.len() as u64 + 1);
        let mut last = None;
        for _ in 0..kept {
            let Some(pending) = platter.queue.pop_front() else { break };
            last.iter().for_each(|operation| platter.durable.carry_out(operation));
            last = Some(pending.operation);
        }
        if let Some(Operation::Append(records)) = &mut last {
            let whole = chance.one_in(2);
            let some = chance.below(records.len() as u64 + 1);
            records.truncate(if whole { records.len() } else { usize::try_from(some).unwrap_or(0) });
        }
        last.iter().for_each(|operation| platter.durable.carry_out(operation));
        platter.queue.clear();
        platter.memory = platter.durable.clone();
        before.saturating_sub(platter.memory.entries.len()) as u64
    }

    fn ask(&self, operation: Operation, done: Option<Done>) {
        let is_append = matches!(operation, Operation::Append(_));
        let (now, later) = if self.early_acknowledgement && is_append { (done, None) } else { (None, done) };
        {
            let mut platter = self.platter.lock();
            platter.memory.carry_out(&operation);
            platter.queue.push_back(Pending { operation, done: later });
        }
        if let Some(done) = now {
            done(Ok(()));
        }
    }

    /// Mostly 0.3 to 16 ms; now and then a hiccup (`openraft-notes.md` 2).
    fn flush_time(&self, chance: &mut Chance) -> Duration {
        let hiccup = chance.one_in(if self.poor { 4 } else { 33 });
        let (least, most) = if hiccup { (20_000, 120_000) } else { (300, 16_000) };
        Duration::from_micros(chance.between(least, most))
    }

    /// Makes everything durable that was asked for when the flush began.
    fn flushed(&self, count: usize) -> Vec<Done> {
        let mut platter = self.platter.lock();
        let pending: Vec<Pending> = platter.queue.drain(..count).collect();
        for Pending { operation, .. } in &pending {
            platter.durable.carry_out(operation);
        }
        pending.into_iter().filter_map(|pending| pending.done).collect()
    }
}

/// One flush after the other, each for all that waits.
async fn write(disk: Disk, wake: Arc<Notify>, mut chance: Chance) {
    loop {
        let count = disk.platter.lock().queue.len();
        if count == 0 {
            wake.notified().await;
            continue;
        }
        Runtime::sleep(disk.flush_time(&mut chance)).await;
        for done in disk.flushed(count) {
            done(Ok(()));
        }
    }
}

/// The log on a [`Disk`], during one life of a host.
pub struct SimulatedLog {
    disk: Disk,
    wake: Arc<Notify>,
}

impl SimulatedLog {
    fn ask(&self, operation: Operation, done: Option<Done>) {
        self.disk.ask(operation, done);
        self.wake.notify_one();
    }
}

impl Log for SimulatedLog {
    fn state(&self) -> io::Result<LogState> {
        let platter = self.disk.platter.lock();
        let image = &platter.memory;
        let last = image.entries.last_key_value();
        Ok(LogState {
            purged: image.purged.clone(),
            last: last.map(|(index, bytes)| LogRecord { index: *index, bytes: bytes.clone() }),
            vote: image.vote.clone(),
            committed: image.committed.clone(),
        })
    }

    fn read(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>> {
        let platter = self.disk.platter.lock();
        let mut bytes_read = 0;
        let mut records = Vec::new();
        for (index, bytes) in platter.memory.entries.range(from..to.max(from)) {
            bytes_read += bytes.len();
            if bytes_read > bytes_max && !records.is_empty() {
                break;
            }
            records.push(LogRecord { index: *index, bytes: bytes.clone() });
        }
        Ok(records)
    }

    fn append(&self, records: Vec<LogRecord>, done: Done) {
        self.ask(Operation::Append(records), Some(done));
    }

    fn save_vote(&self, vote: Bytes, done: Done) {
        self.ask(Operation::SaveVote(vote), Some(done));
    }

    fn save_committed(&self, committed: Bytes) {
        self.ask(Operation::SaveCommitted(committed), None);
    }

    fn truncate_after(&self, index: Option<u64>) {
        self.ask(Operation::TruncateAfter(index), None);
    }

    fn purge(&self, index: u64, mark: Bytes) {
        self.ask(Operation::Purge(index, mark), None);
    }
}
