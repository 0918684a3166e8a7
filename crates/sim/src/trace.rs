//! What happened, as one number: two runs of a seed are the same if their numbers are.

use parking_lot::Mutex;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;
use zonebook_ledger::digest::sha256;

struct Rolling {
    digest: [u8; 32],
    now: Duration,
    lines: u64,
    shown: bool,
}

/// A rolling hash over lines with their simulated time.
#[derive(Clone)]
pub struct Trace(Arc<Mutex<Rolling>>);

impl Trace {
    /// Of nothing; its lines go to stderr as well if they are to be shown.
    #[must_use]
    pub fn new(shown: bool) -> Self {
        Self(Arc::new(Mutex::new(Rolling { digest: [0; 32], now: Duration::ZERO, lines: 0, shown })))
    }

    /// Sets the simulated time of the lines that follow.
    pub fn set_time(&self, now: Duration) {
        self.0.lock().now = now;
    }

    /// The simulated time of the last step.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.0.lock().now
    }

    /// Adds a line.
    pub fn line(&self, what: impl Display) {
        let mut rolling = self.0.lock();
        let line = format!("{:>7} {what}", rolling.now.as_millis());
        if rolling.shown {
            eprintln!("{line}");
        }
        rolling.lines += 1;
        rolling.digest = sha256(&[rolling.digest.as_slice(), line.as_bytes()].concat());
    }

    /// The hash so far, in 16 digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let rolling = self.0.lock();
        rolling.digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
