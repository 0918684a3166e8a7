//! Compares digests: replicas that were given the same commands must have come to the same state (`design.md` 6).
//!
//! Each node asks the others for their digest at its own revision. Who differs from a majority stops and says so; where
//! no digest has a majority, all stop: nobody can tell who is right.

use crate::applier::Progress;
use crate::connection::{Connection, Dialer};
use crate::frame::{Request, Response};
use crate::raft::{Raft, Runtime};
use crate::status::metrics;
use openraft::AsyncRuntime;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use zonebook_ledger::message::Sha256;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query;
use zonebook_store::state::StateStore;

/// How long a node may take to come as far as the one that asks.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Compares this node's digests with those of the others.
pub struct Auditor {
    pub raft: Raft,
    pub dialer: Dialer,
    pub state: Arc<dyn StateStore>,
    pub progress: watch::Receiver<Progress>,
    pub interval: Duration,
    pub failure: watch::Sender<Option<String>>,
}

/// The digest of a state after a revision; `None` if it has not come so far.
pub fn digest_at(state: &dyn StateStore, revision: Revision) -> Option<Sha256> {
    query::event(&*state.view(), revision).ok().flatten().map(|event| event.digest)
}

/// What digests of all members mean for one of them.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// All that are known agree, or too few are known.
    Nothing,
    /// These differ from a majority.
    Others(Vec<u64>),
    /// This one differs from a majority.
    Self_,
    /// All are known, and none has a majority.
    NoMajority,
}

fn judge(own: u64, digests: &BTreeMap<u64, Sha256>, members: usize) -> Finding {
    let count = |digest: &Sha256| digests.values().filter(|other| *other == digest).count();
    let Some(mine) = digests.get(&own) else { return Finding::Nothing };
    let different: Vec<u64> =
        digests.iter().filter(|(_, digest)| *digest != mine).map(|(node, _)| *node).collect();
    if different.is_empty() {
        return Finding::Nothing;
    }
    if count(mine) * 2 > members {
        return Finding::Others(different);
    }
    if digests.values().any(|digest| count(digest) * 2 > members) {
        return Finding::Self_;
    }
    if digests.len() == members { Finding::NoMajority } else { Finding::Nothing }
}

impl Auditor {
    /// Until the node stops, or must.
    pub async fn run(self) {
        let mut before = 0;
        loop {
            Runtime::sleep(self.interval).await;
            let now = self.progress.borrow().index;
            self.tell(before).await;
            before = now;
            if let Some(why) = self.compare().await {
                tracing::error!(why, "digests differ");
                self.failure.send_replace(Some(why));
                return;
            }
        }
    }

    /// Tells the others what was applied here an interval ago, and is on this node's disk since long: if it should ever
    /// come back without it, they know that it was rolled back.
    async fn tell(&self, reached: u64) {
        let metrics = metrics(&self.raft);
        let membership = metrics.membership_config.membership();
        for (node, member) in membership.nodes().filter(|(node, _)| **node != self.dialer.node_id) {
            let mut connection = Connection::new(self.dialer.clone(), *node, member.peer_address.clone());
            if let Err(error) = connection.call(&Request::Reached(reached), PATIENCE).await {
                tracing::debug!(node, %error, "not told how far this node is");
            }
        }
    }

    async fn compare(&self) -> Option<String> {
        let revision = self.progress.borrow().revision;
        let own = self.dialer.node_id;
        let mut digests = BTreeMap::from([(own, digest_at(&*self.state, revision)?)]);
        let metrics = metrics(&self.raft);
        let membership = metrics.membership_config.membership();
        for (node, member) in membership.nodes().filter(|(node, _)| **node != own) {
            let mut connection = Connection::new(self.dialer.clone(), *node, member.peer_address.clone());
            let request = Request::Digest(revision.0);
            if let Ok(Response::Digest(Some(digest))) = connection.call(&request, PATIENCE * 2).await {
                digests.insert(*node, digest);
            }
        }
        match judge(own, &digests, membership.nodes().count()) {
            Finding::Nothing => None,
            Finding::Others(nodes) => {
                tracing::error!(
                    ?nodes,
                    revision = revision.0,
                    "these nodes have another digest and will stop"
                );
                None
            }
            Finding::Self_ => Some(format!(
                "at revision {} this node has another digest than a majority: its state must not be trusted; wipe it \
                 and join again under a new number",
                revision.0
            )),
            Finding::NoMajority => Some(format!(
                "at revision {} the nodes have different digests and none has a majority",
                revision.0
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(of: &[u8]) -> BTreeMap<u64, Sha256> {
        (1..).zip(of.iter().map(|byte| [*byte; 32])).collect()
    }

    #[test]
    fn who_differs_from_a_majority_is_found() {
        assert_eq!(judge(1, &digests(&[7, 7, 7]), 3), Finding::Nothing);
        assert_eq!(judge(1, &digests(&[7, 7, 8]), 3), Finding::Others(vec![3]));
        assert_eq!(judge(3, &digests(&[7, 7, 8]), 3), Finding::Self_);
        assert_eq!(judge(1, &digests(&[7, 8, 9]), 3), Finding::NoMajority);
        assert_eq!(judge(1, &digests(&[7, 8]), 3), Finding::Nothing, "the third one may settle it");
        assert_eq!(judge(1, &digests(&[7]), 3), Finding::Nothing);
        assert_eq!(judge(4, &digests(&[7, 7, 7]), 3), Finding::Nothing);
    }
}
