//! The clock of a node: not quite right, and now and then set.

use crate::chance::Chance;
use crate::trace::Trace;
use crate::trade::EPOCH;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use zonebook_ledger::time::Instant;

/// Days must pass in seconds, so that dates decide something: a second of the simulation is so many on clocks.
const RATE: i64 = 3_600;

/// A clock: goes on while its host is down.
#[derive(Clone)]
pub struct Clock {
    wrong_ms: Arc<AtomicI64>,
    trace: Trace,
}

impl Clock {
    /// Up to three hours ahead.
    #[must_use]
    pub fn new(chance: &mut Chance, trace: Trace) -> Self {
        let ahead = i64::try_from(chance.below(3 * 3_600_000)).unwrap_or(0);
        Self { wrong_ms: Arc::new(AtomicI64::new(ahead)), trace }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Instant {
        let passed = i64::try_from(self.trace.time().as_millis()).unwrap_or(i64::MAX).saturating_mul(RATE);
        Instant(EPOCH.0.saturating_add(passed).saturating_add(self.wrong_ms.load(Ordering::Relaxed)))
    }

    /// Sets it by so much.
    pub fn jump(&self, by_ms: i64) {
        self.wrong_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}
