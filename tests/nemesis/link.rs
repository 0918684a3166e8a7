//! The ways between nodes, each direction by itself: open, held or slow.
//!
//! TCP never loses bytes out of the middle of a stream, so what is on a held way waits, as what the kernel sends again and
//! again would. It arrives after the way was opened, however old it is by then, unless the connection is broken.

use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;

/// Who calls when no node does.
pub const CLIENTS: u64 = 0;

/// From one node to another.
pub type Way = (u64, u64);

#[derive(Clone, Copy, Default)]
struct Passage {
    held: bool,
    delay: Duration,
    /// Connections that began before the last of these are broken.
    breaks: u64,
}

/// All ways of a cluster. Clones are the same ones.
#[derive(Clone, Default)]
pub struct Links(watch::Sender<BTreeMap<Way, Passage>>);

impl Links {
    fn change(&self, way: Way, change: impl FnOnce(&mut Passage)) {
        self.0.send_modify(|passages| change(passages.entry(way).or_default()));
    }

    /// Nothing gets through any more.
    pub fn hold(&self, way: Way) {
        self.change(way, |passage| passage.held = true);
    }

    /// Nothing gets through in either direction.
    pub fn cut(&self, one: u64, other: u64) {
        self.hold((one, other));
        self.hold((other, one));
    }

    /// Everything takes so much longer.
    pub fn slow(&self, way: Way, delay: Duration) {
        self.change(way, |passage| passage.delay = delay);
    }

    /// Breaks the connections between two.
    pub fn sever(&self, one: u64, other: u64) {
        self.change((one, other), |passage| passage.breaks += 1);
        self.change((other, one), |passage| passage.breaks += 1);
    }

    /// Opens all ways.
    pub fn heal(&self) {
        self.0.send_modify(|passages| {
            for passage in passages.values_mut() {
                (passage.held, passage.delay) = (false, Duration::ZERO);
            }
        });
    }

    fn passage(&self, way: Way) -> Passage {
        self.0.borrow().get(&way).copied().unwrap_or_default()
    }

    /// Waits until something may get through, and as long as it takes.
    pub async fn pass(&self, way: Way) {
        let mut passages = self.0.subscribe();
        let open = passages.wait_for(|passages| !passages.get(&way).is_some_and(|passage| passage.held));
        drop(open.await);
        let delay = self.passage(way).delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }

    /// Waits until connections that begin now are broken.
    pub async fn broken(&self, way: Way) {
        let began = self.passage(way).breaks;
        let mut passages = self.0.subscribe();
        let broken =
            passages.wait_for(|passages| passages.get(&way).is_some_and(|passage| passage.breaks > began));
        drop(broken.await);
    }
}
