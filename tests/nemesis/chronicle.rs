//! What was done to a cluster and when, written down as it happens, so that a failure can be read.

use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A log of a run. Clones write to the same one.
#[derive(Clone)]
pub struct Chronicle {
    began: Instant,
    shown: bool,
    file: Arc<Mutex<File>>,
}

impl Chronicle {
    /// Begins now; shown on standard error as well if wished.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn begin(path: &Path, shown: bool) -> io::Result<Self> {
        let file = Arc::new(Mutex::new(File::create(path)?));
        Ok(Self { began: Instant::now(), shown, file })
    }

    /// Since it began, by a clock that never goes back.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Writes a line.
    pub fn line(&self, what: Arguments<'_>) {
        let line = format!("{:9.3} {what}\n", self.now().as_secs_f64());
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        drop(file.write_all(line.as_bytes()));
        if self.shown {
            drop(io::stderr().write_all(line.as_bytes()));
        }
    }
}
