//! What a node says of itself and of the cluster.

use crate::applier::Progress;
use crate::member::Member;
use crate::raft::{Raft, Types};
use openraft::Instant as _;
use openraft::ServerState;
use openraft::async_runtime::WatchReceiver;
use openraft::metrics::RaftMetrics;
use zonebook_ledger::outcome::Revision;

/// What a member does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Counts in every decision.
    Voter,
    /// Receives everything, decides nothing.
    Learner,
}

/// A node's view of the cluster.
#[derive(Clone, Debug)]
pub struct Status {
    /// This node.
    pub node_id: u64,
    /// The leader, as far as this node knows.
    pub leader: Option<u64>,
    /// The term.
    pub term: u64,
    /// All members by id.
    pub members: Vec<(u64, Member, Role)>,
    /// The last entry in this node's log.
    pub last_index: u64,
    /// The last entry applied here.
    pub applied_index: u64,
    /// The last revision here.
    pub revision: Revision,
    /// The last entry that a snapshot of this node includes.
    pub snapshot_index: u64,
    /// The last entry that was purged from the log.
    pub purged_index: u64,
    /// What each member has of the log, as the leader knows; empty on other nodes.
    pub matched: Vec<(u64, u64)>,
    /// The members that this node has heard of lately, itself included; empty where it does not lead.
    pub answering: Vec<u64>,
}

/// A member that has not acknowledged a heartbeat for so long does not answer.
const SILENCE: std::time::Duration = std::time::Duration::from_secs(3);

impl Status {
    /// The voters that would stay without a member, and those of them that answer; as the leader knows.
    #[must_use]
    pub fn voters_without(&self, node: u64) -> (Vec<u64>, Vec<u64>) {
        let voters = self.members.iter().filter(|(id, _, role)| *id != node && *role == Role::Voter);
        let voters: Vec<u64> = voters.map(|(id, ..)| *id).collect();
        let answering = voters.iter().copied().filter(|id| self.answering.contains(id)).collect();
        (voters, answering)
    }

    /// Whether this node leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.leader == Some(self.node_id)
    }
}

pub fn metrics(raft: &Raft) -> RaftMetrics<Types> {
    // Cloned at once: holding the guard would block openraft's core (`engineering.md` 1.5 #18).
    raft.metrics().borrow_watched().clone()
}

pub fn status(raft: &Raft, progress: Progress) -> Status {
    let metrics = metrics(raft);
    let membership = metrics.membership_config.membership();
    let learners: Vec<u64> = membership.learner_ids().collect();
    let role = |id: &u64| if learners.contains(id) { Role::Learner } else { Role::Voter };
    let matched = metrics.replication.iter().flatten();
    let heard = metrics.heartbeat.iter().flatten();
    let heard = heard.filter(|(_, at)| at.as_ref().is_some_and(|at| at.elapsed() < SILENCE));
    let mut answering: Vec<u64> = heard.map(|(id, _)| *id).filter(|id| *id != metrics.id).collect();
    if metrics.state == ServerState::Leader {
        answering.push(metrics.id);
    }
    Status {
        node_id: metrics.id,
        leader: metrics.current_leader,
        term: metrics.current_term,
        members: membership.nodes().map(|(id, member)| (*id, member.clone(), role(id))).collect(),
        last_index: metrics.last_log_index.unwrap_or(0),
        applied_index: progress.index,
        revision: progress.revision,
        snapshot_index: metrics.snapshot.map_or(0, |id| id.index),
        purged_index: metrics.purged.map_or(0, |id| id.index),
        matched: matched.map(|(id, at)| (*id, at.as_ref().map_or(0, |at| at.index))).collect(),
        answering,
    }
}

pub fn is_leader(raft: &Raft) -> bool {
    raft.metrics().borrow_watched().state == ServerState::Leader
}
