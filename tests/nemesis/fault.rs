//! What the nemesis does.

use clap::ValueEnum;
use zonebook_sim::Chance;

/// Something that happens to a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Fault {
    /// `kill -9` of the leader; how long until a client that probes is served again is measured.
    KillLeader,
    /// `kill -9` of another node.
    KillFollower,
    /// `kill -9` of all at once.
    KillAll,
    /// Each node in turn is told to stop and started again.
    RollingRestart,
    /// `SIGSTOP` of the leader, longer than an election takes.
    PauseLeader,
    /// `SIGSTOP` of another node.
    PauseFollower,
    /// The leader reaches nobody and nobody reaches it; clients perhaps.
    IsolateLeader,
    /// The same with another node.
    IsolateFollower,
    /// Two halves that do not reach each other.
    Halves,
    /// What one node sends does not arrive, or nothing arrives at it.
    OneWay,
    /// Two halves, and one node that reaches both.
    Bridge,
    /// Each node reaches its two neighbours only; of three nodes two do not reach each other.
    Ring,
    /// All ways are slow, each in its own measure.
    SlowLinks,
    /// Connections break, again and again.
    SeverLinks,
    /// Clients do not reach some nodes, or do not hear from them.
    CutClients,
    /// The leader hands over.
    HandOver,
    /// All nodes take a snapshot.
    Snapshot,
    /// A node dies for ever; an empty one takes its place under a new number.
    Replace,
    /// Two nodes join, and two leave.
    GrowAndShrink,
}

/// Faults without end: all of them in one order, all of them in another.
pub struct Schedule {
    faults: Vec<Fault>,
    ahead: Vec<Fault>,
}

impl Schedule {
    /// Of these faults.
    #[must_use]
    pub fn of(faults: &[Fault]) -> Self {
        Self { faults: faults.to_vec(), ahead: Vec::new() }
    }

    /// The next one; none of none.
    pub fn next(&mut self, chance: &mut Chance) -> Option<Fault> {
        if self.ahead.is_empty() {
            self.ahead = chance.shuffled(self.faults.clone());
        }
        self.ahead.pop()
    }
}
