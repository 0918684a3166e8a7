//! How fast commands are finished, and so how much may be under way: what is let in is answered soon, the rest is told
//! when to come back. A bound in bytes alone would let a slow node make everybody wait for as long as the bytes last.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is let in waits about so long for what came before it, whatever is offered. As long as an entry takes by itself
/// comes on top: with less room, slow disks and long ways between the nodes would stand idle, and be measured as slower yet.
const WAIT_TARGET: Duration = Duration::from_millis(50);
/// What may be under way before the pace is known, and at least whatever the pace.
const ROOM_UNKNOWN_BYTES: usize = 4 << 20;
const ROOM_BYTES_MIN: usize = 64 << 10;
/// What may be under way at most.
const ROOM_BYTES_MAX: usize = 64 << 20;
/// When to come back, at the earliest and at the latest.
const AGAIN_MIN: Duration = Duration::from_millis(50);
const AGAIN_MAX: Duration = Duration::from_secs(5);
/// A measurement takes at least so long, so that one entry on a free disk says nothing,
const SPAN_MIN: Duration = Duration::from_millis(50);
/// and counts for a quarter.
const WEIGHT: u64 = 4;
/// A slower entry counts for a sixteenth beside the fastest, which is so forgotten after a while: large ones take longer.
const SLOWER_WEIGHT: u64 = 16;

/// How fast commands were finished lately.
#[derive(Debug, Default)]
pub struct Pace {
    /// Bytes a second that were finished while more waited; 0 is not known yet.
    bytes: AtomicU64,
    /// How long an entry takes with nothing before it, in microseconds; 0 is not known yet.
    alone: AtomicU64,
}

impl Pace {
    /// Bytes that may be under way.
    pub fn room(&self) -> usize {
        match self.bytes.load(Ordering::Relaxed) {
            0 => ROOM_UNKNOWN_BYTES,
            pace => {
                let time = WAIT_TARGET + Duration::from_micros(self.alone.load(Ordering::Relaxed));
                let room = u128::from(pace) * time.as_micros() / 1_000_000;
                usize::try_from(room).unwrap_or(usize::MAX).clamp(ROOM_BYTES_MIN, ROOM_BYTES_MAX)
            }
        }
    }

    /// When there will be room, if so many bytes are under way now.
    pub fn again_after(&self, under_way: usize) -> Duration {
        let pace = self.bytes.load(Ordering::Relaxed).max(1);
        let milliseconds = (under_way as u64).saturating_mul(1_000) / pace;
        Duration::from_millis(milliseconds).clamp(AGAIN_MIN, AGAIN_MAX)
    }

    fn note(&self, bytes: u64, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
        let measured = (bytes.saturating_mul(1_000) / milliseconds).max(1);
        let before = self.bytes.load(Ordering::Relaxed);
        let now = if before == 0 { measured } else { before - before / WEIGHT + measured / WEIGHT };
        self.bytes.store(now.max(1), Ordering::Relaxed);
    }

    /// An entry with nothing before it took so long to be finished.
    pub fn finished_alone(&self, time: Duration) {
        let measured = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1);
        let before = self.alone.load(Ordering::Relaxed);
        let slower = before.saturating_add(measured.saturating_sub(before) / SLOWER_WEIGHT);
        self.alone.store(if before == 0 { measured } else { measured.min(slower) }, Ordering::Relaxed);
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
        assert!((MEBIBYTE / 2 - MEBIBYTE / 40..=MEBIBYTE / 2).contains(&room), "{room}");
        assert_eq!(pace.again_after(10 * room).as_millis() / 10, 50);
    }

    /// What is under way is measured on a long way, so that too little of it must not lead to less.
    #[test]
    fn a_long_way_leaves_room_for_what_is_on_it() {
        let (pace, way) = (Pace::default(), Duration::from_millis(200));
        pace.finished_alone(way);
        saturated(&pace, ROOM_BYTES_MIN, way, 100);
        let narrow = pace.room();
        for _ in 0..20 {
            saturated(&pace, pace.room(), way, 10);
        }
        assert!(pace.room() > 10 * narrow, "{narrow}, then {}", pace.room());
    }

    #[test]
    fn the_fastest_entry_counts_until_it_is_long_ago() {
        let pace = Pace::default();
        saturated(&pace, MEBIBYTE, Duration::from_millis(100), 100);
        let free = pace.room();
        pace.finished_alone(Duration::from_millis(50));
        let (longer, slow) = (pace.room(), Duration::from_millis(500));
        assert!(longer > free + free / 2, "{free}, then {longer}");
        pace.finished_alone(slow);
        assert!(pace.room() < 2 * longer, "one slow entry");
        (0..100).for_each(|_| pace.finished_alone(slow));
        assert!(pace.room() > 4 * longer, "all are slow now");
        pace.finished_alone(Duration::from_millis(5));
        assert!(pace.room() < longer);
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
