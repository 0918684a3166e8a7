//! A host of the simulation: a node on its disk, and the callers that ask it.

use crate::administrator::Administrator;
use crate::archive::SimulatedArchive;
use crate::caller::Caller;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::contract::{ContractLog, Promises};
use crate::coverage::{Coverage, Event};
use crate::disk::Disk;
use crate::duties::Duties;
use crate::net::{Memory, PORT, SimulatedListener, SimulatedTransport};
use crate::oracle::Oracle;
use crate::plant::{Plant, archive, log, net, state};
use crate::state::SimulatedState;
use crate::trace::Trace;
use crate::watched::WatchedState;
use crate::workload::Workload;
use openraft_rt::AsyncRuntime;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use zonebook_consensus::{Config, Execution, Member, Node, Parts, Runtime};

/// The cluster of every simulation.
pub const CLUSTER_ID: &str = "simulation";
/// Nodes that form the cluster.
pub const VOTERS: u64 = 3;
/// Nodes that may join it.
pub const SPARES: u64 = 2;
/// All nodes.
pub const NODES: u64 = VOTERS + SPARES;
const CALLERS: u64 = 4;
/// Between two looks at who leads,
const LOOK: Duration = Duration::from_millis(2);
/// and at what the administrator has to do.
const PLAN: Duration = Duration::from_millis(200);
/// Entries of a segment: few, so that a run has many segments.
pub const ARCHIVE_ENTRIES: u64 = 16;

/// What outlives the crashes of a host.
#[derive(Clone)]
pub struct Host {
    /// The number of its node.
    pub node_id: u64,
    /// Its disk.
    pub disk: Disk,
    /// Its state.
    pub state: SimulatedState,
    /// Its clock.
    pub clock: Clock,
    promises: Promises,
    memory: Arc<Memory>,
    lives: Arc<AtomicU64>,
    stopped: Arc<AtomicBool>,
    world: World,
}

/// What all hosts share.
#[derive(Clone)]
pub struct World {
    /// Decides everything.
    pub seed: u64,
    /// What callers want.
    pub workload: Arc<Mutex<Workload>>,
    /// Who is a member.
    pub administrator: Administrator,
    /// What must hold.
    pub oracle: Oracle,
    /// What occurred.
    pub coverage: Coverage,
    /// What happened.
    pub trace: Trace,
    /// What is wrong on purpose.
    pub plant: Option<Plant>,
    /// How much of the log is kept.
    pub keeping: Keeping,
    /// What members must do in the end.
    pub duties: Duties,
}

/// How much of the log is kept.
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// A snapshot is taken after so many bytes.
    pub snapshot_log_bytes: u64,
    /// So many entries stay behind it.
    pub entries: u64,
}

impl Keeping {
    /// Mostly so much that nobody falls behind; in one of four runs so little that snapshots are sent all the time.
    #[must_use]
    pub fn new(mut chance: Chance) -> Self {
        let entries = if chance.one_in(4) { chance.between(20, 200) } else { 1_000 };
        Self { snapshot_log_bytes: chance.between(20, 120) << 10, entries }
    }

    /// Whether so little is kept that openraft's own assertion may fail (`openraft-notes.md` 4).
    #[must_use]
    pub const fn is_scarce(self) -> bool {
        self.entries < 1_000
    }
}

/// The name of a node's host.
#[must_use]
pub fn name(node_id: u64) -> String {
    format!("node-{node_id}")
}

/// Where a node is reached.
#[must_use]
pub fn member(node_id: u64) -> Member {
    Member { peer_address: format!("{}:{PORT}", name(node_id)), api_address: String::new() }
}

impl Host {
    /// With an empty disk.
    #[must_use]
    pub fn new(node_id: u64, disk: Disk, clock: Clock, world: World) -> Self {
        let memory = Arc::new(Memory::new(node_id));
        Self {
            node_id,
            disk,
            state: SimulatedState::new(node_id),
            clock,
            promises: Promises::default(),
            memory,
            lives: Arc::default(),
            stopped: Arc::default(),
            world,
        }
    }

    /// Whether the node stopped by itself in this life.
    #[must_use]
    pub fn has_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Is switched on again.
    pub fn starts(&self) {
        self.stopped.store(false, Ordering::Relaxed);
    }

    /// One life, from start to crash.
    ///
    /// # Errors
    /// Its port cannot be opened.
    pub async fn live(self) -> turmoil::Result {
        let life = self.lives.fetch_add(1, Ordering::Relaxed);
        // A seed for each life: otherwise every life would draw the same election timeouts.
        let mut chance = Chance::new(self.world.seed, (self.node_id << 32) + life);
        self.world.trace.line(format_args!("node {} starts its life {life}", self.node_id));
        Runtime::scope(chance.seed(), self.run(chance)).await
    }

    async fn run(self, mut chance: Chance) -> turmoil::Result {
        let listener = SimulatedListener::bind().await?;
        let started = match self.parts(&mut chance, listener) {
            Ok(parts) => {
                Node::start(self.config(&mut chance), parts).await.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        let node = match started {
            Ok(node) => node,
            Err(why) => return self.stops(&why).await,
        };
        if self.node_id <= VOTERS {
            // Done before, or a disk that fails at once.
            drop(node.initialise((1..=VOTERS).map(|id| (id, member(id))).collect::<BTreeMap<_, _>>()).await);
        }
        for _ in 0..CALLERS {
            let caller = Caller { node: node.clone(), node_id: self.node_id, world: self.world.clone() };
            drop(Runtime::spawn(caller.call(Chance::new(chance.seed(), 0))));
        }
        drop(Runtime::spawn(watch_leader(node.clone(), self.node_id, self.world.clone())));
        drop(Runtime::spawn(administrate(node.clone(), self.world.clone())));
        let why = node.failed().await;
        self.stops(&why).await
    }

    /// A node stops by itself for its disk alone, and must not be heard of again in this life.
    async fn stops(&self, why: &str) -> turmoil::Result {
        if self.disk.has_failed() {
            self.world.coverage.event(Event::FailStop, format_args!("node {}: {why}", self.node_id));
        } else {
            self.world.oracle.violation(format!("node {} failed: {why}", self.node_id));
        }
        self.stopped.store(true, Ordering::Relaxed);
        std::future::pending().await
    }

    fn parts(&self, chance: &mut Chance, listener: SimulatedListener) -> std::io::Result<Parts> {
        let World { oracle, plant, .. } = &self.world;
        let written = Arc::new(self.disk.open(Chance::new(chance.seed(), 0)));
        let written = log::planted(*plant, written, &self.clock);
        let kept = state::planted(*plant, Arc::new(self.state.clone()));
        let sealed = SimulatedArchive { node_id: self.node_id, oracle: oracle.clone() };
        let state = WatchedState { state: kept, node_id: self.node_id, oracle: oracle.clone() };
        let clock = self.clock.clone();
        Ok(Parts {
            log: Arc::new(ContractLog::open(written, self.promises.clone(), self.node_id, oracle.clone())?),
            state: Arc::new(state),
            archive: archive::planted(*plant, Arc::new(sealed)),
            acquaintance: Arc::clone(&self.memory) as _,
            transport: Arc::new(SimulatedTransport),
            listener: net::planted(*plant, listener, self.node_id, &self.state),
            clock: Arc::new(move || clock.now()),
        })
    }

    fn config(&self, chance: &mut Chance) -> Config {
        Config {
            snapshot_log_bytes: self.world.keeping.snapshot_log_bytes,
            keep_log_bytes: 0,
            keep_log_entries: self.world.keeping.entries,
            archive_entries: ARCHIVE_ENTRIES,
            audit_interval: Duration::from_secs(10),
            execution: Execution::Inline,
            seed: chance.seed(),
            ..Config::new(CLUSTER_ID, self.node_id, member(self.node_id))
        }
    }
}

async fn watch_leader(node: Node, node_id: u64, world: World) {
    let (mut known, mut led) = ((None, 0), false);
    loop {
        let status = node.status();
        if (status.leader, status.term) != known {
            known = (status.leader, status.term);
            world.trace.line(format_args!("node {node_id} follows {:?} in term {}", known.0, known.1));
        }
        let leads = node.leads() && status.leads();
        if leads && !led {
            world.oracle.leads(node_id, status.term);
        }
        led = leads;
        Runtime::sleep(LOOK).await;
    }
}

async fn administrate(node: Node, world: World) {
    loop {
        Runtime::sleep(PLAN).await;
        world.administrator.look(&node, world.trace.time()).await;
    }
}
