//! One seed: trouble for a while, then peace, then the reckoning.

use crate::administrator::Administrator;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::coverage::Coverage;
use crate::disk::Disk;
use crate::duties::Duties;
use crate::faults::{Faults, network};
use crate::host::{Host, Keeping, NODES, World, name};
use crate::oracle::{Counts, Oracle};
use crate::panics;
use crate::plant::Plant;
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

/// How long a healed cluster may take to answer every call, to serve at every member, and to have the same state everywhere.
const CONVERGENCE: Duration = Duration::from_secs(60);

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long things break, in simulated time.
    pub trouble: Duration,
    /// What is wrong on purpose, and must be found.
    pub plant: Option<Plant>,
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
    /// How much was seen.
    pub counts: Counts,
    /// What occurred, and how often.
    pub coverage: BTreeMap<String, u64>,
    /// Whether it ended at an assertion of openraft that is known to be wrong.
    pub ended_early: bool,
    /// What happened that must not; nothing, if all is well.
    pub violations: Vec<String>,
}

/// Runs a seed. Not on two threads of a process at once (`align_task_ids`).
///
/// # Errors
/// The simulation could not be set up.
pub fn run(seed: u64, settings: &Settings) -> Result<Report> {
    align_task_ids()?;
    panics::watch();
    let trace = Trace::new(settings.shown);
    let coverage = Coverage::new(trace.clone());
    let workload = Workload::new(Chance::new(seed, u64::MAX - 2), coverage.clone())?;
    let oracle = Oracle::new(trace.clone(), coverage.clone());
    let mut chance = Chance::new(seed, u64::MAX - 3);
    let world = World {
        seed,
        workload: Arc::new(Mutex::new(workload)),
        administrator: Administrator::new(
            Chance::new(seed, u64::MAX - 4),
            settings.trouble,
            coverage.clone(),
        ),
        oracle,
        coverage,
        trace,
        plant: settings.plant,
        keeping: Keeping::new(Chance::new(seed, u64::MAX - 5)),
        duties: Duties::default(),
    };
    let host = |id| {
        let disk = Disk::new(chance.one_in(4));
        let clock = Clock::new(&mut chance, world.trace.clone());
        (id, Host::new(id, disk, clock, world.clone()))
    };
    let hosts: BTreeMap<u64, Host> = (1..=NODES).map(host).collect();
    world.oracle.watch(hosts.iter().map(|(id, host)| (*id, host.disk.clone())).collect());
    let mut faults = Faults::new(hosts.clone(), world.clone(), settings.trouble);
    // openraft's assertions find violations too; a panic in a host comes through the simulation.
    let ended = catch_unwind(AssertUnwindSafe(|| trouble_and_peace(&hosts, &world, &mut faults)));
    let panic = panics::first();
    let known = |panic: &String| world.keeping.is_scarce() && panics::is_known(panic);
    let ended_early = ended.is_err() && panic.as_ref().is_some_and(known);
    let failed = match ended {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("{error:#}")),
        Err(_) if ended_early => None,
        Err(_) => Some(format!("a node panicked: {}", panic.unwrap_or_default())),
    };
    failed.into_iter().for_each(|what| world.oracle.violation(what));
    Ok(Report {
        seed,
        hash: world.trace.hash(),
        counts: world.oracle.counts(),
        coverage: world.coverage.counts(),
        ended_early,
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
        step(&mut sim, world, faults)?;
    }
    faults.heal(&mut sim);
    world.workload.lock().close();
    let deadline = sim.elapsed() + CONVERGENCE;
    loop {
        step(&mut sim, world, faults)?;
        let states = present(hosts, world);
        let revisions = revisions(&states)?;
        let agreed = revisions.windows(2).all(|pair| pair.first() == pair.last());
        let unserved = world.duties.left(&world.administrator.present());
        if agreed && unserved.is_empty() && world.workload.lock().is_done() {
            world.trace.line(format_args!("all agree at {revisions:?}"));
            return world.oracle.finally(&states, &world.workload.lock());
        }
        if sim.elapsed() > deadline {
            let left = world.workload.lock().left();
            bail!(
                "no convergence: {left} calls without outcome, nodes at {revisions:?}, not done {unserved:?}"
            );
        }
    }
}

/// The states of those who must have everything in the end.
fn present(hosts: &BTreeMap<u64, Host>, world: &World) -> BTreeMap<u64, SimulatedState> {
    let present = world.administrator.present();
    let members = hosts.iter().filter(|(id, _)| present.contains(id));
    members.map(|(id, host)| (*id, host.state.clone())).collect()
}

fn step(sim: &mut Sim<'_>, world: &World, faults: &mut Faults) -> Result<()> {
    faults.step(sim);
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
