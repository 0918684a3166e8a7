//! One seed: trouble for a while, then peace, then the reckoning.

use crate::chance::Chance;
use crate::disk::Disk;
use crate::faults::{Faults, network};
use crate::host::{CLUSTER_ID, Host, NODES, World, name};
use crate::oracle::{Counts, Oracle};
use crate::state::SimulatedState;
use crate::trace::Trace;
use crate::workload::Workload;
use anyhow::{Result, anyhow, bail};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use turmoil::Sim;
use zonebook_ledger::query;
use zonebook_store::state::StateStore;

/// How long a healed cluster may take to answer every call and to have the same state everywhere.
const CONVERGENCE: Duration = Duration::from_secs(60);

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long things break, in simulated time.
    pub trouble: Duration,
    /// Whether disks call appends durable before they are: a fault that must be found.
    pub early_acknowledgement: bool,
    /// Whether the trace goes to stderr.
    pub shown: bool,
}

/// What became of a seed.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Of its trace.
    pub hash: String,
    /// Crashes of nodes.
    pub crashes: u64,
    /// Entries that disks lost in them.
    pub lost_entries: u64,
    /// How much was seen.
    pub counts: Counts,
    /// What happened that must not; nothing, if all is well.
    pub violations: Vec<String>,
}

/// Runs a seed. Not on two threads of a process at once (`align_task_ids`).
///
/// # Errors
/// The simulation could not be set up.
pub fn run(seed: u64, settings: &Settings) -> Result<Report> {
    align_task_ids()?;
    let trace = Trace::new(settings.shown);
    let workload = Workload::new(Chance::new(seed, u64::MAX - 2), CLUSTER_ID)?;
    let oracle = Oracle::new(trace.clone());
    let world = World { seed, workload: Arc::new(Mutex::new(workload)), oracle, trace };
    let mut chance = Chance::new(seed, u64::MAX - 3);
    let host = |id| {
        let disk = Disk::new(chance.one_in(4), settings.early_acknowledgement);
        (id, Host::new(id, disk, world.clone()))
    };
    let hosts: BTreeMap<u64, Host> = (1..=NODES).map(host).collect();
    let mut faults = Faults::new(hosts.clone(), world.clone(), settings.trouble);
    // openraft's assertions find violations too; a panic in a host comes through the simulation.
    let ended = catch_unwind(AssertUnwindSafe(|| trouble_and_peace(&hosts, &world, &mut faults)));
    let failed = match ended {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("{error:#}")),
        Err(_) => Some("a node panicked".into()),
    };
    failed.into_iter().for_each(|what| world.oracle.violation(what));
    Ok(Report {
        seed,
        hash: world.trace.hash(),
        crashes: faults.crashes,
        lost_entries: faults.lost_entries,
        counts: world.oracle.counts(),
        violations: world.oracle.violations(),
    })
}

fn trouble_and_peace(hosts: &BTreeMap<u64, Host>, world: &World, faults: &mut Faults) -> Result<()> {
    let mut sim = network(world.seed).build();
    for host in hosts.values() {
        let host = host.clone();
        sim.host(name(host.node_id), move || host.clone().live());
    }
    while sim.elapsed() < faults.end {
        faults.step(&mut sim);
        step(&mut sim, world)?;
    }
    faults.heal(&mut sim);
    world.workload.lock().close();
    let states: BTreeMap<u64, SimulatedState> =
        hosts.iter().map(|(id, host)| (*id, host.state.clone())).collect();
    let deadline = sim.elapsed() + CONVERGENCE;
    while !(world.workload.lock().is_done() && agreed(&states)?) {
        step(&mut sim, world)?;
        if sim.elapsed() > deadline {
            bail!(
                "no convergence: {} calls without outcome, nodes at {:?}",
                world.workload.lock().left(),
                revisions(&states)?
            );
        }
    }
    world.trace.line(format_args!("all agree at {:?}", revisions(&states)?));
    world.oracle.finally(&states, &world.workload.lock())
}

fn step(sim: &mut Sim<'_>, world: &World) -> Result<()> {
    sim.step().map_err(|error| anyhow!("a node ended: {error}"))?;
    world.trace.set_time(sim.elapsed());
    match world.oracle.violations().first() {
        Some(_) => bail!("stopped at the first violation"),
        None => Ok(()),
    }
}

fn revisions(states: &BTreeMap<u64, SimulatedState>) -> Result<Vec<u64>> {
    states.values().map(|state| Ok(query::revision(&*state.view())?.0)).collect()
}

fn agreed(states: &BTreeMap<u64, SimulatedState>) -> Result<bool> {
    let revisions = revisions(states)?;
    Ok(revisions.windows(2).all(|pair| pair.first() == pair.last()))
}

/// Brings tokio's counter of tasks to the same remainder before every run.
///
/// tokio keeps the tasks of a runtime in lists by the remainder of their number, and numbers come from one counter of the
/// process. When a host crashes its tasks are dropped list by list, and that order decides about latencies
/// (`openraft-notes.md` 3.2).
fn align_task_ids() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    loop {
        let id: u64 = runtime.spawn(async {}).id().to_string().parse()?;
        if id % 64 == 63 {
            return Ok(());
        }
    }
}
