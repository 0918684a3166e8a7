//! Everything that is left to chance, drawn from one seed: in a simulation, and in the tests that break real processes and
//! disks.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// A source of chance.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// Of a seed and a purpose: different purposes get chances that have nothing to do with each other.
    #[must_use]
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose);
        Self(rng)
    }

    /// Below a limit; 0 if the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.0.random_range(0..limit) }
    }

    /// Between two numbers, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.random_range(least..=most.max(least))
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// Between two durations in milliseconds.
    pub fn milliseconds(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(self.between(least, most))
    }

    /// A number to seed something else with.
    pub fn seed(&mut self) -> u64 {
        self.0.random()
    }

    /// One of several; none of none.
    pub fn one_of<T: Copy>(&mut self, things: &[T]) -> Option<T> {
        let at = usize::try_from(self.below(things.len() as u64)).unwrap_or(0);
        things.get(at).copied()
    }

    /// In another order.
    pub fn shuffled<T>(&mut self, mut things: Vec<T>) -> Vec<T> {
        for end in (1..things.len()).rev() {
            let at = usize::try_from(self.below(end as u64 + 1)).unwrap_or(0);
            things.swap(at, end);
        }
        things
    }
}
