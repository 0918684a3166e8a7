//! Long work leaves the processors to commands: it waits behind everything else, and rests while commands come in.
//!
//! Low priority alone is not enough. What runs keeps its processor for some milliseconds when something else wakes up, and
//! a command wakes up many threads one after the other.

use std::time::{Duration, Instant};
use tokio::sync::watch;
use zonebook_consensus::Progress;

/// Behind everything that somebody waits for: 0 is ordinary, 19 the last.
const NICENESS: i32 = 15;
/// So many times as long as it has worked, it rests.
const RESTS: u32 = 5;
/// Work that was held up, by a slow listener or by others, is not made up for by longer rests.
const WORKED_MAX: Duration = Duration::from_millis(20);

/// The pace of a thread that does long work.
pub struct Leisure {
    commands: watch::Receiver<Progress>,
    since: Instant,
}

impl Leisure {
    /// Puts the calling thread behind the others; `commands` tells of each that was carried out here.
    pub fn begin(mut commands: watch::Receiver<Progress>) -> Self {
        if let Err(error) = rustix::process::nice(NICENESS) {
            tracing::debug!(%error, "long work has ordinary priority");
        }
        commands.mark_unchanged();
        Self { commands, since: Instant::now() }
    }

    /// Called between pieces of work that take a few milliseconds: rests if commands came in meanwhile.
    pub fn pause(&mut self) {
        if let Some(rest) = self.rest_after(self.since.elapsed()) {
            std::thread::sleep(rest);
        }
        self.since = Instant::now();
    }

    fn rest_after(&mut self, worked: Duration) -> Option<Duration> {
        let came_in = self.commands.has_changed().unwrap_or(false);
        self.commands.mark_unchanged();
        came_in.then(|| worked.min(WORKED_MAX) * RESTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_rests_only_while_commands_come_in() {
        let (applied, commands) = watch::channel(Progress::default());
        let mut leisure = Leisure { commands, since: Instant::now() };
        let piece = Duration::from_millis(4);
        assert_eq!(leisure.rest_after(piece), None);
        applied.send_modify(|progress| progress.index += 1);
        assert_eq!(leisure.rest_after(piece), Some(piece * RESTS));
        assert_eq!(leisure.rest_after(piece), None, "nothing came in since");
        applied.send_modify(|progress| progress.index += 1);
        assert_eq!(leisure.rest_after(Duration::from_secs(9)), Some(WORKED_MAX * RESTS));
        drop(applied);
        assert_eq!(leisure.rest_after(piece), None, "the node ends");
    }
}
