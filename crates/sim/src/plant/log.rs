//! Logs that lie about what is durable, or about what they hold.

use super::Plant;
use crate::clock::Clock;
use crate::stored;
use bytes::Bytes;
use parking_lot::Mutex;
use std::io;
use std::sync::Arc;
use zonebook_codec::envelope::{self, HEADER_BYTES, Kind};
use zonebook_ledger::time::Instant;
use zonebook_store::log::{Done, Log, LogRecord, LogState, Poisoned};

/// A log with a bug in it, if there is one for it.
pub fn planted(plant: Option<Plant>, log: Arc<dyn Log>, clock: &Clock) -> Arc<dyn Log> {
    match plant {
        Some(
            plant @ (Plant::AcknowledgeBeforeFsync
            | Plant::SwallowFailedFsync
            | Plant::LoseVote
            | Plant::VoteAfterAppend
            | Plant::CutNothingOff
            | Plant::ForgetPurgeMark
            | Plant::PurgeTooMuch
            | Plant::ServeBitRot
            | Plant::ApplyWithLocalClock
            | Plant::ReplayAtAnotherTime),
        ) => Arc::new(PlantedLog { plant, log, clock: clock.clone(), vote: Mutex::default() }),
        _ => log,
    }
}

struct PlantedLog {
    plant: Plant,
    log: Arc<dyn Log>,
    clock: Clock,
    /// A vote that waits for the next append.
    vote: Mutex<Option<Bytes>>,
}

fn nobody() -> Done {
    Box::new(|_| {})
}

/// An entry whose last byte is another one, under a checksum that fits; only commands, so that it can be read.
fn rotten(stored: &Bytes) -> Bytes {
    match (stored::commands(stored), stored.get(HEADER_BYTES..)) {
        (Ok(Some(_)), Some(payload)) => {
            let mut payload = payload.to_vec();
            if let Some(last) = payload.last_mut() {
                *last ^= 1;
            }
            envelope::seal(Kind::LogEntry, &payload).into()
        }
        _ => stored.clone(),
    }
}

impl PlantedLog {
    fn seen(&self, record: LogRecord) -> LogRecord {
        let restamped = |time| stored::restamped(&record.bytes, time);
        let bytes = match self.plant {
            Plant::ServeBitRot if envelope::open(Kind::LogEntry, &record.bytes).is_err() => {
                // What is behind the damage is as good a guess as any.
                let payload = record.bytes.get(HEADER_BYTES..).unwrap_or_default();
                Ok(envelope::seal(Kind::LogEntry, payload).into())
            }
            Plant::ServeBitRot if record.index % 100 == 99 => Ok(rotten(&record.bytes)),
            Plant::ApplyWithLocalClock => restamped(self.clock.now()),
            Plant::ReplayAtAnotherTime => match stored::commands(&record.bytes) {
                Ok(Some((time, _))) => restamped(Instant(time.0 + 1)),
                _ => return record,
            },
            _ => return record,
        };
        LogRecord { bytes: bytes.unwrap_or(record.bytes), ..record }
    }
}

impl Log for PlantedLog {
    fn state(&self) -> io::Result<LogState> {
        let mut state = self.log.state()?;
        if self.plant == Plant::ForgetPurgeMark {
            state.purged = None;
        }
        Ok(state)
    }

    fn read(&self, from: u64, to: u64, bytes_max: usize) -> io::Result<Vec<LogRecord>> {
        let records = self.log.read(from, to, bytes_max)?;
        Ok(records.into_iter().map(|record| self.seen(record)).collect())
    }

    fn append(&self, records: Vec<LogRecord>, done: Done) {
        match self.plant {
            Plant::AcknowledgeBeforeFsync => {
                self.log.append(records, nobody());
                done(Ok(()));
            }
            Plant::SwallowFailedFsync => self.log.append(records, Box::new(move |_| done(Ok(())))),
            _ => self.log.append(records, done),
        }
        if let Some(vote) = self.vote.lock().take() {
            self.log.save_vote(vote, nobody());
        }
    }

    fn save_vote(&self, vote: Bytes, done: Done) {
        match self.plant {
            Plant::LoseVote => done(Ok(())),
            Plant::VoteAfterAppend => {
                *self.vote.lock() = Some(vote);
                done(Ok(()));
            }
            _ => self.log.save_vote(vote, done),
        }
    }

    fn save_committed(&self, committed: Bytes) {
        self.log.save_committed(committed);
    }

    fn truncate_after(&self, index: Option<u64>) {
        if self.plant != Plant::CutNothingOff {
            self.log.truncate_after(index);
        }
    }

    fn purge(&self, index: u64, mark: Bytes) {
        let more = if self.plant == Plant::PurgeTooMuch { 3 } else { 0 };
        self.log.purge(index + more, mark);
    }

    fn on_poisoned(&self, tell: Poisoned) {
        if self.plant != Plant::SwallowFailedFsync {
            self.log.on_poisoned(tell);
        }
    }
}
