//! Brings trouble over a cluster, one fault after the other, and sees that it recovers from each.

use crate::nemesis::cluster::Cluster;
use crate::nemesis::fault::Fault;
use crate::nemesis::link::CLIENTS;
use crate::nemesis::load::Load;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use zonebook_api::v1;
use zonebook_sim::Chance;

/// How long a write may take when the trouble is over: nodes start, elect and catch up on two busy cores.
const RECOVERY_PATIENCE: Duration = Duration::from_secs(60);
const LEADER_PATIENCE: Duration = Duration::from_secs(60);

/// The nemesis.
pub struct Nemesis<'load> {
    /// What it troubles.
    pub cluster: Cluster,
    load: &'load Load,
    chance: Chance,
    /// How long a probing client had no answer after each loss of a leader, by how it was lost.
    pub failovers: BTreeMap<Fault, Vec<Duration>>,
    /// How often each fault happened.
    pub done: BTreeMap<Fault, u64>,
    /// The longest time that a write took after a fault.
    pub recovery_max: Duration,
}

impl<'load> Nemesis<'load> {
    /// Of a cluster under load.
    #[must_use]
    pub fn new(cluster: Cluster, load: &'load Load, seed: u64) -> Self {
        Self {
            cluster,
            load,
            chance: Chance::new(seed, 1),
            failovers: BTreeMap::new(),
            done: BTreeMap::new(),
            recovery_max: Duration::ZERO,
        }
    }

    /// One fault, and the recovery from it.
    ///
    /// # Errors
    /// The cluster does not recover, or a node ended by itself.
    pub async fn strike(&mut self, schedule: &mut crate::nemesis::fault::Schedule) -> Result<()> {
        let Some(fault) = schedule.next(&mut self.chance) else { return Ok(()) };
        self.cluster.chronicle.line(format_args!("-- {fault:?}"));
        self.happen(fault).await.with_context(|| format!("{fault:?}"))?;
        self.cluster.links.heal();
        self.cluster.check_alive()?;
        let took = tokio::time::timeout(RECOVERY_PATIENCE, self.load.probe()).await;
        let took = took.with_context(|| format!("no write within {RECOVERY_PATIENCE:?} after {fault:?}"))?;
        self.cluster.chronicle.line(format_args!("a write after it took {took:?}"));
        self.recovery_max = self.recovery_max.max(took);
        *self.done.entry(fault).or_default() += 1;
        Ok(())
    }

    async fn leader(&mut self) -> Result<u64> {
        Ok(self.cluster.wait_for_leader(LEADER_PATIENCE).await?.node_id)
    }

    async fn follower(&mut self) -> Result<u64> {
        let leader = self.leader().await?;
        let others = self.others(leader);
        self.chance.one_of(&others).context("there is one node only")
    }

    fn others(&self, node: u64) -> Vec<u64> {
        self.cluster.nodes().into_iter().filter(|other| *other != node).collect()
    }

    async fn last(&mut self, least: u64, most: u64) {
        tokio::time::sleep(self.chance.milliseconds(least, most)).await;
    }

    async fn happen(&mut self, fault: Fault) -> Result<()> {
        match fault {
            Fault::KillLeader => self.kill_leader().await,
            Fault::KillFollower => {
                let node = self.follower().await?;
                self.cluster.kill(node).await?;
                self.last(0, 5_000).await;
                self.cluster.start(node).await
            }
            Fault::KillAll => self.kill_all().await,
            Fault::RollingRestart => self.rolling_restart().await,
            Fault::PauseLeader => {
                let node = self.leader().await?;
                let lost = Instant::now();
                self.cluster.pause(node)?;
                let written = self.failed_over(fault, lost).await;
                self.last(0, 3_000).await;
                self.cluster.resume(node)?;
                written
            }
            Fault::PauseFollower => {
                let node = self.follower().await?;
                self.cluster.pause(node)?;
                self.last(1_500, 6_000).await;
                self.cluster.resume(node)
            }
            Fault::IsolateLeader => {
                let node = self.leader().await?;
                let lost = Instant::now();
                self.isolate(node);
                self.failed_over(fault, lost).await?;
                self.mend().await;
                Ok(())
            }
            Fault::IsolateFollower => {
                let node = self.follower().await?;
                self.isolate(node);
                self.mend().await;
                Ok(())
            }
            Fault::Halves => self.halves(false).await,
            Fault::Bridge => self.halves(true).await,
            Fault::OneWay => self.one_way().await,
            Fault::Ring => self.ring().await,
            Fault::SlowLinks => self.slow_links().await,
            Fault::SeverLinks => self.sever_links().await,
            Fault::CutClients => self.cut_clients().await,
            Fault::HandOver => self.hand_over().await,
            Fault::Snapshot => self.snapshot().await,
            Fault::Replace => self.replace().await,
            Fault::GrowAndShrink => self.grow_and_shrink().await,
        }
    }

    async fn kill_leader(&mut self) -> Result<()> {
        let node = self.leader().await?;
        let killed = Instant::now();
        self.cluster.kill(node).await?;
        self.failed_over(Fault::KillLeader, killed).await?;
        self.last(0, 2_000).await;
        self.cluster.start(node).await
    }

    /// Measures how long a client that probes is without an answer, from the loss of a leader on.
    async fn failed_over(&mut self, fault: Fault, lost: Instant) -> Result<()> {
        let probed = tokio::time::timeout(RECOVERY_PATIENCE, self.load.probe()).await;
        probed.with_context(|| format!("no write within {RECOVERY_PATIENCE:?} without the leader"))?;
        let took = lost.elapsed();
        self.cluster.chronicle.line(format_args!("a probing client writes again after {took:?}"));
        self.failovers.entry(fault).or_default().push(took);
        Ok(())
    }

    async fn kill_all(&mut self) -> Result<()> {
        let nodes = self.cluster.nodes();
        for node in self.chance.shuffled(nodes.clone()) {
            self.cluster.kill(node).await?;
        }
        self.last(0, 1_000).await;
        for node in self.chance.shuffled(nodes) {
            self.cluster.start(node).await?;
        }
        Ok(())
    }

    async fn rolling_restart(&mut self) -> Result<()> {
        let nodes = self.cluster.nodes();
        for node in self.chance.shuffled(nodes) {
            let due = self.cluster.wait_for_leader(LEADER_PATIENCE).await?.revision;
            self.cluster.stop(node).await?;
            self.cluster.start(node).await?;
            self.caught_up(node, due).await?;
        }
        Ok(())
    }

    /// Waits until a node has a revision.
    async fn caught_up(&mut self, node: u64, due: u64) -> Result<()> {
        let deadline = Instant::now() + LEADER_PATIENCE;
        while self.cluster.status(node).await.is_none_or(|status| status.revision < due) {
            ensure!(Instant::now() < deadline, "node {node} does not come to revision {due}");
            self.cluster.check_alive()?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    fn cut(&self, one: u64, other: u64) {
        self.cluster.chronicle.line(format_args!("nodes {one} and {other} do not reach each other"));
        self.cluster.links.cut(one, other);
    }

    fn hold(&self, from: u64, to: u64) {
        self.cluster.chronicle.line(format_args!("nothing gets from {from} to {to}"));
        self.cluster.links.hold((from, to));
    }

    /// Ends a partition: what was held arrives late, or the connections are found broken.
    async fn mend(&mut self) {
        self.last(2_000, 8_000).await;
        let breaks = self.chance.one_in(2);
        let nodes = self.cluster.nodes();
        if breaks {
            for one in &nodes {
                for other in nodes.iter().filter(|other| *other > one) {
                    self.cluster.links.sever(*one, *other);
                }
                self.cluster.links.sever(CLIENTS, *one);
            }
        }
        self.cluster.links.heal();
        let how = if breaks { "with new connections" } else { "with what was held" };
        self.cluster.chronicle.line(format_args!("all ways are open, {how}"));
    }

    fn isolate(&mut self, node: u64) {
        for other in self.others(node) {
            self.cut(node, other);
        }
        if self.chance.one_in(2) {
            self.cut(CLIENTS, node);
        }
    }

    async fn halves(&mut self, bridged: bool) -> Result<()> {
        let nodes = self.cluster.nodes();
        let mut nodes = self.chance.shuffled(nodes);
        if bridged {
            nodes.pop();
        }
        let (one_half, other_half) = nodes.split_at(nodes.len() / 2);
        for one in one_half {
            for other in other_half {
                self.cut(*one, *other);
            }
        }
        self.mend().await;
        Ok(())
    }

    async fn one_way(&mut self) -> Result<()> {
        let node = if self.chance.one_in(3) { self.follower().await? } else { self.leader().await? };
        let outwards = self.chance.one_in(2);
        for other in self.others(node) {
            let (from, to) = if outwards { (node, other) } else { (other, node) };
            self.hold(from, to);
        }
        self.mend().await;
        Ok(())
    }

    async fn ring(&mut self) -> Result<()> {
        let nodes = self.cluster.nodes();
        let nodes = self.chance.shuffled(nodes);
        for (at, one) in nodes.iter().enumerate() {
            for (further, other) in nodes.iter().enumerate().skip(at + 2) {
                // In a ring of more than three the first and the last are neighbours.
                if nodes.len() == 3 || (at, further) != (0, nodes.len() - 1) {
                    self.cut(*one, *other);
                }
            }
        }
        self.mend().await;
        Ok(())
    }

    async fn slow_links(&mut self) -> Result<()> {
        let nodes = self.cluster.nodes();
        let most = self.chance.one_of(&[20, 80, 250]).unwrap_or(80);
        self.cluster.chronicle.line(format_args!("each way takes up to {most} ms"));
        for from in nodes.iter().chain([&CLIENTS]) {
            for to in nodes.iter().chain([&CLIENTS]).filter(|to| *to != from) {
                let delay = self.chance.milliseconds(0, most);
                self.cluster.links.slow((*from, *to), delay);
            }
        }
        self.mend().await;
        Ok(())
    }

    async fn sever_links(&mut self) -> Result<()> {
        let nodes: Vec<u64> = self.cluster.nodes().into_iter().chain([CLIENTS]).collect();
        for _ in 0..self.chance.below(60) + 10 {
            let pair = self.chance.shuffled(nodes.clone());
            if let [one, other, ..] = *pair {
                self.cluster.links.sever(one, other);
            }
            self.last(0, 150).await;
        }
        Ok(())
    }

    async fn cut_clients(&mut self) -> Result<()> {
        for node in self.cluster.nodes() {
            match self.chance.below(3) {
                0 => self.hold(CLIENTS, node),
                1 => self.hold(node, CLIENTS),
                _ => {}
            }
        }
        self.mend().await;
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<()> {
        let leader = self.leader().await?;
        let client = self.cluster.direct(leader, Duration::from_secs(10))?;
        let asked = client.transfer_leadership(v1::TransferLeadershipRequest { node_id: None }).await;
        let to = asked.map_or_else(|error| error.to_string(), |done| format!("node {}", done.leader_id));
        self.cluster.chronicle.line(format_args!("node {leader} hands over: {to}"));
        Ok(())
    }

    async fn snapshot(&mut self) -> Result<()> {
        for node in self.cluster.nodes() {
            let client = self.cluster.direct(node, Duration::from_secs(10))?;
            client.trigger_snapshot(v1::TriggerSnapshotRequest {}).await?;
        }
        self.last(0, 2_000).await;
        Ok(())
    }

    async fn replace(&mut self) -> Result<()> {
        let node = if self.chance.one_in(2) { self.leader().await? } else { self.follower().await? };
        self.cluster.kill(node).await?;
        self.cluster.expel(node).await?;
        self.cluster.retire(node).await?;
        self.cluster.join().await?;
        Ok(())
    }

    async fn grow_and_shrink(&mut self) -> Result<()> {
        for _ in 0..2 {
            self.cluster.join().await?;
        }
        self.last(0, 3_000).await;
        for _ in 0..2 {
            let node = if self.chance.one_in(2) { self.leader().await? } else { self.follower().await? };
            self.cluster.dismiss(node).await?;
        }
        Ok(())
    }
}
