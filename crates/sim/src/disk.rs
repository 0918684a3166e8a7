//! A disk that a log lies on: it takes its time, it fails, and a crash keeps only a prefix of what was asked of it.

use crate::chance::Chance;
use crate::image::{Image, Operation};
use crate::stored::{self, Members, Place};
use anyhow::Result;
use bytes::Bytes;
use openraft_rt::AsyncRuntime;
use parking_lot::Mutex;
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use zonebook_consensus::Runtime;
use zonebook_store::log::{Done, Log, LogRecord, LogState, Poisoned};

/// What is wrong with a disk for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ailment {
    /// Nothing.
    #[default]
    Well,
    /// Each fsync takes longer than an election.
    Slow,
    /// The next fsync fails.
    Failing,
    /// Nothing more can be written.
    Full,
    /// Now and then a bit is read that was not written.
    Rotten,
}

struct Pending {
    operation: Operation,
    done: Option<Done>,
}

#[derive(Default)]
struct Platter {
    /// What survives a crash for certain.
    durable: Image,
    /// Term and node of all votes that were ever written down, whether they won or not.
    votes: BTreeSet<(u64, u64)>,
    /// What is read.
    memory: Image,
    /// What was asked for and is not durable yet, oldest first.
    queue: VecDeque<Pending>,
    ailment: Ailment,
    /// A write failed in this life of the host: none succeeds any more.
    poisoned: bool,
    /// Who is to hear of it.
    tell: Option<Poisoned>,
    /// Something was read in this life that was not written.
    misread: bool,
    reads: u64,
    /// Reads before this life. The first of a life is that of `contract`, which is no part of the product.
    reads_before: u64,
}

impl Platter {
    fn keep(&mut self, operation: &Operation) {
        if let Operation::SaveVote(vote) = operation
            && let Ok(vote) = stored::vote(vote)
        {
            self.votes.insert((vote.term, vote.node));
        }
        self.durable.carry_out(operation);
    }
}

/// What a crash took away.
pub struct Loss {
    /// Entries.
    pub entries: u64,
    /// Whether a part of an append was kept.
    pub torn: bool,
}

/// A disk: outlives the crashes of its host.
#[derive(Clone, Default)]
pub struct Disk {
    platter: Arc<Mutex<Platter>>,
    /// Hiccups often.
    poor: bool,
}

impl Disk {
    /// An empty disk, a good or a poor one.
    #[must_use]
    pub fn new(poor: bool) -> Self {
        Self { platter: Arc::default(), poor }
    }

    /// The log on this disk, with a writer task that lives as long as the host. Inside a [`Runtime::scope`] only.
    #[must_use]
    pub fn open(&self, chance: Chance) -> SimulatedLog {
        let wake = Arc::new(Notify::new());
        {
            let mut platter = self.platter.lock();
            (platter.poisoned, platter.misread, platter.tell) = (false, false, None);
            platter.reads_before = platter.reads + 1;
        }
        drop(Runtime::spawn(write(self.clone(), Arc::clone(&wake), chance)));
        SimulatedLog { disk: self.clone(), wake }
    }

    /// Falls ill, or is well again.
    pub fn suffers(&self, ailment: Ailment) {
        self.platter.lock().ailment = ailment;
    }

    /// Whether this disk failed its host in this life, which must stop then.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.platter.lock().poisoned
    }

    /// Whether the host has reason to stop: its disk failed, or read what was not written.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let platter = self.platter.lock();
        platter.poisoned || platter.misread
    }

    /// Whether an entry survives a crash, or was purged.
    #[must_use]
    pub fn keeps(&self, index: u64, bytes: &Bytes) -> bool {
        self.platter.lock().durable.holds(index, bytes)
    }

    /// Whether a vote for a node in a term was ever written down.
    #[must_use]
    pub fn has_kept_vote(&self, (term, node): (u64, u64)) -> bool {
        self.platter.lock().votes.contains(&(term, node))
    }

    /// The members that stand last in the log, in front of what the leader of a term put there.
    ///
    /// # Errors
    /// The log holds what is no entry.
    pub fn members_before(&self, leader: (u64, u64)) -> Result<Option<Members>> {
        for entry in self.platter.lock().memory.entries.values().rev() {
            let Place { term, node, .. } = stored::place(entry)?;
            if (term, node) == leader {
                continue;
            }
            if let Some(members) = stored::members(entry)? {
                return Ok(Some(members));
            }
        }
        Ok(None)
    }

    /// An entry as it is read now.
    #[must_use]
    pub fn entry(&self, index: u64) -> Option<Bytes> {
        self.platter.lock().memory.entries.get(&index).cloned()
    }

    /// What was purged.
    #[must_use]
    pub fn purged(&self) -> Option<u64> {
        self.platter.lock().memory.purged.as_ref().map(|(index, _)| *index)
    }

    /// Loses power: some prefix of what was under way is kept, the last kept append perhaps in part.
    pub fn crash(&self, chance: &mut Chance) -> Loss {
        let mut platter = self.platter.lock();
        let before = platter.memory.entries.len();
        let kept = chance.below(platter.queue.len() as u64 + 1);
        let mut last = None;
        for _ in 0..kept {
            let Some(pending) = platter.queue.pop_front() else { break };
            last.iter().for_each(|operation| platter.keep(operation));
            last = Some(pending.operation);
        }
        let mut torn = false;
        if let Some(Operation::Append(records)) = &mut last {
            let whole = chance.one_in(2);
            let some = usize::try_from(chance.below(records.len() as u64 + 1)).unwrap_or(0);
            torn = !whole && some < records.len();
            records.truncate(if whole { records.len() } else { some });
        }
        last.iter().for_each(|operation| platter.keep(operation));
        platter.queue.clear();
        platter.memory = platter.durable.clone();
        Loss { entries: before.saturating_sub(platter.memory.entries.len()) as u64, torn }
    }

    /// What waits for the next flush, or for being told that there is none.
    fn waiting(&self) -> usize {
        let platter = self.platter.lock();
        let waits = |pending: &&Pending| !platter.poisoned || pending.done.is_some();
        platter.queue.iter().filter(waits).count()
    }

    /// Mostly 0.3 to 16 ms; now and then a hiccup (`openraft-notes.md` 2).
    fn flush_time(&self, chance: &mut Chance) -> Duration {
        let hiccup = chance.one_in(if self.poor { 4 } else { 33 });
        let (least, most) = match self.platter.lock().ailment {
            Ailment::Slow => (100_000, 1_200_000),
            _ if hiccup => (20_000, 120_000),
            _ => (300, 16_000),
        };
        Duration::from_micros(chance.between(least, most))
    }

    /// Makes everything durable that was asked for when the flush began, or fails for this and every later one.
    fn flushed(&self, count: usize) -> (bool, Vec<Done>) {
        let mut platter = self.platter.lock();
        if matches!(platter.ailment, Ailment::Failing | Ailment::Full) {
            platter.poisoned = true;
            if let Some(tell) = platter.tell.take() {
                tell(failed());
            }
        }
        if platter.ailment == Ailment::Failing {
            platter.ailment = Ailment::Well;
        }
        if platter.poisoned {
            // What of it is on the disk is not known: it stays in the queue, and a crash decides.
            return (false, platter.queue.iter_mut().filter_map(|pending| pending.done.take()).collect());
        }
        let pending: Vec<Pending> = platter.queue.drain(..count).collect();
        for Pending { operation, .. } in &pending {
            platter.keep(operation);
        }
        (true, pending.into_iter().filter_map(|pending| pending.done).collect())
    }
}

fn failed() -> io::Error {
    io::Error::other("the disk failed")
}

/// One flush after the other, each for all that waits.
async fn write(disk: Disk, wake: Arc<Notify>, mut chance: Chance) {
    loop {
        let count = disk.waiting();
        if count == 0 {
            wake.notified().await;
            continue;
        }
        Runtime::sleep(disk.flush_time(&mut chance)).await;
        let (well, done) = disk.flushed(count);
        for done in done {
            done(if well { Ok(()) } else { Err(failed()) });
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
        {
            let mut platter = self.disk.platter.lock();
            platter.memory.carry_out(&operation);
            platter.queue.push_back(Pending { operation, done });
        }
        self.wake.notify_one();
    }
}

/// The same bytes but for one bit.
fn rotten(bytes: &Bytes, chance: u64) -> Bytes {
    let mut bytes = bytes.to_vec();
    let place = usize::try_from(chance % (bytes.len().max(1) as u64)).unwrap_or(0);
    if let Some(byte) = bytes.get_mut(place) {
        *byte ^= 1 << (chance / 7 % 8);
    }
    bytes.into()
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
        let mut platter = self.disk.platter.lock();
        let mut bytes_read = 0;
        let mut records = Vec::new();
        for (index, bytes) in platter.memory.entries.range(from..to.max(from)) {
            bytes_read += bytes.len();
            if bytes_read > bytes_max && !records.is_empty() {
                break;
            }
            records.push(LogRecord { index: *index, bytes: bytes.clone() });
        }
        platter.reads += 1;
        let chance = platter.reads.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
        if platter.ailment == Ailment::Rotten
            && platter.reads > platter.reads_before
            && chance.is_multiple_of(3)
            && let Some(record) = records.last_mut()
        {
            record.bytes = rotten(&record.bytes, chance);
            platter.misread = true;
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

    fn on_poisoned(&self, tell: Poisoned) {
        let mut platter = self.disk.platter.lock();
        if platter.poisoned { tell(failed()) } else { platter.tell = Some(tell) }
    }
}
