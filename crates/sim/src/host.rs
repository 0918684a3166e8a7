//! A host of the simulation: a node on its disk, and the callers that ask it.

use crate::archive::SimulatedArchive;
use crate::chance::Chance;
use crate::disk::Disk;
use crate::net::{Memory, PORT, SimulatedListener, SimulatedTransport};
use crate::oracle::Oracle;
use crate::state::SimulatedState;
use crate::trace::Trace;
use crate::trade::EPOCH;
use crate::workload::Workload;
use openraft_rt::AsyncRuntime;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use zonebook_consensus::{Config, Consistency, Execution, Member, Node, Parts, Runtime};
use zonebook_ledger::query;
use zonebook_ledger::time::Instant;

/// The cluster of every simulation.
pub const CLUSTER_ID: &str = "simulation";
/// Nodes of the cluster.
pub const NODES: u64 = 3;
const CALLERS: u64 = 8;
/// Between two looks at who leads.
const LOOK: Duration = Duration::from_millis(10);
/// Small, so that a run has many segments,
const ARCHIVE_ENTRIES: u64 = 16;
/// and many snapshots.
const SNAPSHOT_LOG_BYTES: u64 = 200 << 10;

/// What outlives the crashes of a host.
#[derive(Clone)]
pub struct Host {
    /// The number of its node.
    pub node_id: u64,
    /// Its disk.
    pub disk: Disk,
    /// Its state.
    pub state: SimulatedState,
    memory: Arc<Memory>,
    lives: Arc<AtomicU64>,
    world: World,
}

/// What all hosts share.
#[derive(Clone)]
pub struct World {
    /// Decides everything.
    pub seed: u64,
    /// What callers want.
    pub workload: Arc<Mutex<Workload>>,
    /// What must hold.
    pub oracle: Oracle,
    /// What happened.
    pub trace: Trace,
}

/// The name of a node's host.
#[must_use]
pub fn name(node_id: u64) -> String {
    format!("node-{node_id}")
}

fn members() -> BTreeMap<u64, Member> {
    let member = |id| Member { peer_address: format!("{}:{PORT}", name(id)), api_address: String::new() };
    (1..=NODES).map(|id| (id, member(id))).collect()
}

impl Host {
    /// With an empty disk.
    #[must_use]
    pub fn new(node_id: u64, disk: Disk, world: World) -> Self {
        let state = SimulatedState::new(node_id, world.oracle.clone());
        let memory = Arc::new(Memory::new(node_id));
        Self { node_id, disk, state, memory, lives: Arc::default(), world }
    }

    /// One life, from start to crash.
    ///
    /// # Errors
    /// The node does not start.
    pub async fn live(self) -> turmoil::Result {
        let life = self.lives.fetch_add(1, Ordering::Relaxed);
        // A seed for each life: otherwise every life would draw the same election timeouts.
        let mut chance = Chance::new(self.world.seed, (self.node_id << 32) + life);
        self.world.trace.line(format_args!("node {} starts its life {life}", self.node_id));
        Runtime::scope(chance.seed(), self.run(chance)).await
    }

    async fn run(self, mut chance: Chance) -> turmoil::Result {
        let log = self.disk.open(Chance::new(chance.seed(), 0));
        let parts = Parts {
            log: Arc::new(log),
            state: Arc::new(self.state.clone()),
            archive: Arc::new(SimulatedArchive { node_id: self.node_id, oracle: self.world.oracle.clone() }),
            acquaintance: Arc::clone(&self.memory) as _,
            transport: Arc::new(SimulatedTransport),
            listener: Box::new(SimulatedListener::bind().await?),
            clock: self.clock(),
        };
        let node = Node::start(self.config(&mut chance), parts).await?;
        node.initialise(members()).await?;
        for _ in 0..CALLERS {
            let caller = Caller { node: node.clone(), node_id: self.node_id, world: self.world.clone() };
            drop(Runtime::spawn(caller.call(Chance::new(chance.seed(), 0))));
        }
        drop(Runtime::spawn(watch_leader(node.clone(), self.node_id, self.world.trace.clone())));
        let why = node.failed().await;
        self.world.oracle.violation(format!("node {} failed: {why}", self.node_id));
        Ok(())
    }

    fn config(&self, chance: &mut Chance) -> Config {
        let member = members().remove(&self.node_id).unwrap_or_default();
        Config {
            snapshot_log_bytes: SNAPSHOT_LOG_BYTES,
            keep_log_bytes: 0,
            archive_entries: ARCHIVE_ENTRIES,
            execution: Execution::Inline,
            seed: chance.seed(),
            ..Config::new(CLUSTER_ID, self.node_id, member)
        }
    }

    /// The time of day; clocks of different nodes are up to three seconds apart.
    fn clock(&self) -> Arc<dyn Fn() -> Instant + Send + Sync> {
        let skew = Chance::new(self.world.seed, self.node_id << 32 | u64::from(u32::MAX)).below(3_000);
        let trace = self.world.trace.clone();
        Arc::new(move || {
            let passed = u64::try_from(trace.time().as_millis()).unwrap_or(u64::MAX).saturating_add(skew);
            Instant(EPOCH.0.saturating_add_unsigned(passed))
        })
    }
}

async fn watch_leader(node: Node, node_id: u64, trace: Trace) {
    let mut known = (None, 0);
    loop {
        let status = node.status();
        if (status.leader, status.term) != known {
            known = (status.leader, status.term);
            trace.line(format_args!("node {node_id} follows {:?} in term {}", known.0, known.1));
        }
        Runtime::sleep(LOOK).await;
    }
}

/// Somebody who asks one node, as long as it lives.
struct Caller {
    node: Node,
    node_id: u64,
    world: World,
}

impl Caller {
    async fn call(self, mut chance: Chance) {
        loop {
            Runtime::sleep(chance.milliseconds(1, 40)).await;
            match chance.below(400) {
                0 => drop(self.node.transfer_leader(None).await),
                1..100 => self.read().await,
                _ => self.propose().await,
            }
        }
    }

    async fn read(&self) {
        let due = self.world.oracle.read_begins();
        let Ok(view) = self.node.view(Consistency::Linearizable).await else { return };
        match query::revision(&*view) {
            Ok(revision) => self.world.oracle.read_ends(self.node_id, due, revision),
            Err(fault) => self.world.oracle.violation(format!("node {}: {fault}", self.node_id)),
        }
    }

    async fn propose(&self) {
        let next = self.world.workload.lock().next(self.node_id);
        let call = match next {
            Ok(Some(call)) => call,
            Ok(None) => return,
            Err(error) => return self.world.oracle.violation(format!("no such command: {error}")),
        };
        match self.node.propose(&call.proposals).await {
            Ok(applied) => {
                self.world.oracle.acknowledged(self.node_id, &call.proposals, &applied);
                self.world.workload.lock().answered(&call, &applied);
            }
            Err(error) => {
                self.world.trace.line(format_args!("node {}, call {}: {error}", self.node_id, call.number));
                self.world.workload.lock().unanswered(&call);
            }
        }
    }
}
