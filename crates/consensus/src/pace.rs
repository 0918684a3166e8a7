//! How fast commands are finished, and so how much may be under way: what is let in is answered soon, the rest is told
//! when to come back. A bound in bytes alone would let a slow node make everybody wait for as long as the bytes last.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is let in is answered within about this time, whatever is offered.
pub const ANSWER_TARGET: Duration = Duration::from_millis(100);
/// What may be under way before the pace is known, and at least whatever the pace: less would leave slow disks and long
/// ways between the nodes idle.
const ROOM_UNKNOWN_BYTES: usize = 4 << 20;
const ROOM_BYTES_MIN: usize = 256 << 10;
/// What may be under way at most.
const ROOM_BYTES_MAX: usize = 64 << 20;
/// When to come back, at the earliest and at the latest.
const AGAIN_MIN: Duration = Duration::from_millis(100);
const AGAIN_MAX: Duration = Duration::from_secs(5);
/// A measurement takes at least so long, so that one entry on a free disk says nothing,
const SPAN_MIN: Duration = Duration::from_millis(50);
/// and counts for a quarter.
const WEIGHT: u64 = 4;

/// Bytes of commands a second that were finished while more waited.
#[derive(Debug, Default)]
pub struct Pace(AtomicU64);

impl Pace {
    /// Bytes that may be under way.
    pub fn room(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => ROOM_UNKNOWN_BYTES,
            pace => {
                let room = u128::from(pace) * ANSWER_TARGET.as_millis() / 1_000;
                usize::try_from(room).unwrap_or(usize::MAX).clamp(ROOM_BYTES_MIN, ROOM_BYTES_MAX)
            }
        }
    }

    /// When there will be room, if so many bytes are under way now.
    pub fn again_after(&self, under_way: usize) -> Duration {
        let pace = self.0.load(Ordering::Relaxed).max(1);
        let milliseconds = (under_way as u64).saturating_mul(1_000) / pace;
        Duration::from_millis(milliseconds).clamp(AGAIN_MIN, AGAIN_MAX)
    }

    fn note(&self, bytes: u64, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let measured = (bytes.saturating_mul(1_000) / milliseconds).max(1);
        let before = self.0.load(Ordering::Relaxed);
        let now = if before == 0 { measured } else { before - before / WEIGHT + measured / WEIGHT };
        self.0.store(now.max(1), Ordering::Relaxed);
    }
}

/// Measures the pace: commands are taken as fast as entries are finished, as long as they wait for that.
#[derive(Debug, Default)]
pub struct Meter {
    /// Since when commands wait each time, and the bytes taken in that time.
    span: Option<(Duration, u64)>,
}

impl Meter {
    /// Commands were taken at a time, counted from any fixed moment, and had `waited` for an entry to be finished.
    pub fn taken(&mut self, pace: &Pace, at: Duration, bytes: usize, waited: bool) {
        let bytes = bytes as u64;
        self.span = Some(match self.span {
            Some((since, taken)) if waited && at.saturating_sub(since) < SPAN_MIN => (since, taken + bytes),
            Some((since, taken)) if waited => {
                pace.note(taken, at.saturating_sub(since));
                (at, bytes)
            }
            _ => (at, bytes),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEBIBYTE: usize = 1 << 20;

    fn saturated(pace: &Pace, bytes: usize, every: Duration, times: u32) {
        let mut meter = Meter::default();
        for time in 0..times {
            meter.taken(pace, every * time, bytes, true);
        }
    }

    #[test]
    fn what_is_let_in_is_answered_within_the_target() {
        let pace = Pace::default();
        assert_eq!(pace.room(), ROOM_UNKNOWN_BYTES);
        saturated(&pace, MEBIBYTE, Duration::from_millis(100), 100);
        let room = pace.room();
        assert!((MEBIBYTE - MEBIBYTE / 20..=MEBIBYTE).contains(&room), "{room}");
        assert_eq!(pace.again_after(10 * room).as_millis() / 10, 100);
    }

    #[test]
    fn a_slower_disk_means_less_room_and_a_later_return() {
        let pace = Pace::default();
        let much = 4 * MEBIBYTE;
        saturated(&pace, much, Duration::from_millis(100), 100);
        let (room, again) = (pace.room(), pace.again_after(much * 10));
        saturated(&pace, much / 10, Duration::from_millis(100), 100);
        assert!(pace.room() < room / 5);
        assert!(pace.again_after(much * 10) > again);
        saturated(&pace, much, Duration::from_millis(100), 100);
        assert!(pace.room() > room - room / 10, "a stall is forgotten");
    }

    #[test]
    fn a_free_node_says_nothing_of_its_pace() {
        let pace = Pace::default();
        let mut meter = Meter::default();
        for second in 0..100 {
            meter.taken(&pace, Duration::from_secs(second), 100, false);
        }
        assert_eq!(pace.room(), ROOM_UNKNOWN_BYTES);
    }

    #[test]
    fn a_crawl_leaves_room_for_some() {
        let pace = Pace::default();
        saturated(&pace, 10, Duration::from_secs(1), 1_000);
        assert_eq!(pace.room(), ROOM_BYTES_MIN);
        assert_eq!(pace.again_after(usize::MAX / 2), AGAIN_MAX);
    }
}
