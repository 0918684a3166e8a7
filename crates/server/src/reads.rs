//! Reads that run beside each other: each takes a thread for as long as it works, so their number is bounded.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tonic::Status;
use zonebook_api::status;

const RUNNING_MAX: usize = 64;
const WAITING_MAX: usize = 1_024;
/// Long works, each for as long as it takes, beside the reads that somebody waits for.
const LONG_MAX: usize = 2;
const AGAIN_AFTER_LONG: Duration = Duration::from_secs(5);
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Who may read now, and who may wait for it.
#[derive(Debug)]
pub struct Reads {
    running: Semaphore,
    known: Semaphore,
    long: Arc<Semaphore>,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            running: Semaphore::new(RUNNING_MAX),
            known: Semaphore::new(RUNNING_MAX + WAITING_MAX),
            long: Arc::new(Semaphore::new(LONG_MAX)),
        }
    }
}

/// Leave to read, until it is dropped.
pub struct Leave<'a>(#[expect(dead_code, reason = "held")] [SemaphorePermit<'a>; 2]);

impl Reads {
    /// Waits until there is a thread.
    ///
    /// # Errors
    /// Too many wait.
    pub async fn enter(&self) -> Result<Leave<'_>, Status> {
        let overloaded = || status::overloaded(AGAIN_AFTER);
        let known = self.known.try_acquire().map_err(|_| overloaded())?;
        let running = self.running.acquire().await.map_err(|_| overloaded())?;
        Ok(Leave([known, running]))
    }

    /// Leave for long work, until it is dropped.
    ///
    /// # Errors
    /// As many are under way as may be.
    pub fn enter_long(&self) -> Result<OwnedSemaphorePermit, Status> {
        Arc::clone(&self.long).try_acquire_owned().map_err(|_| status::overloaded(AGAIN_AFTER_LONG))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn some_run_some_wait_and_the_rest_is_told_when_to_come_back() {
        let reads = Reads::default();
        let mut running = Vec::new();
        for _ in 0..RUNNING_MAX {
            running.push(reads.enter().await.unwrap());
        }
        let mut waiting: Vec<_> = (0..WAITING_MAX).map(|_| Box::pin(reads.enter())).collect();
        assert!(waiting.iter_mut().all(|read| read.now_or_never().is_none()));
        let refused = reads.enter().await.err().unwrap();
        assert_eq!(status::again_after(&refused), Some(AGAIN_AFTER));
        running.pop();
        assert!(waiting.iter_mut().next().unwrap().now_or_never().unwrap().is_ok());
        assert!(reads.enter().now_or_never().is_none(), "there is room to wait again");
    }
}
