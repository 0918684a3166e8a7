//! What breaks, when, and for how long.

use crate::chance::Chance;
use crate::host::{Host, NODES, World, name};
use std::collections::BTreeMap;
use std::time::Duration;
use turmoil::Sim;

/// Between two faults, in a storm and while a node is absent.
const STORM_PAUSE_MS: (u64, u64) = (100, 1_500);
const ABSENCE_PAUSE_MS: (u64, u64) = (1_000, 6_000);
const DOWN_MS: (u64, u64) = (1, 3_000);
const CUT_MS: (u64, u64) = (100, 4_000);
/// The latency of messages in good times.
const LATENCY_MS: u64 = 5;
/// Messages that are lost while some are, and lost connections that come back.
const LOSS: f64 = 0.002;

/// The end of a fault.
enum Repair {
    Start(u64),
    Join(u64, u64),
    Speed,
    NoLoss,
}

/// Breaks things and repairs them.
pub struct Faults {
    chance: Chance,
    hosts: BTreeMap<u64, Host>,
    world: World,
    repairs: Vec<(Duration, Repair)>,
    next: Duration,
    pause_ms: (u64, u64),
    /// How long the first node to crash stays away: so long that what it missed is purged elsewhere.
    absence: Option<Duration>,
    down: Vec<u64>,
    /// When the last fault has struck.
    pub end: Duration,
    /// Lives that were ended.
    pub crashes: u64,
    /// Entries that disks lost with them.
    pub lost_entries: u64,
}

impl Faults {
    /// Of a seed: a storm, or in one of six the long absence of a node, which takes three times as long.
    #[must_use]
    pub fn new(hosts: BTreeMap<u64, Host>, world: World, trouble: Duration) -> Self {
        let mut chance = Chance::new(world.seed, u64::MAX);
        // The cluster gets a moment to form in.
        let next = chance.milliseconds(500, 3_000);
        let absent = chance.one_in(6);
        let end = if absent { trouble * 3 } else { trouble };
        let absence = absent.then(|| end.mul_f64(0.9).saturating_sub(next));
        Self {
            chance,
            hosts,
            world,
            repairs: Vec::new(),
            next,
            pause_ms: if absent { ABSENCE_PAUSE_MS } else { STORM_PAUSE_MS },
            absence,
            down: Vec::new(),
            end,
            crashes: 0,
            lost_entries: 0,
        }
    }

    /// Whatever is due now.
    pub fn step(&mut self, sim: &mut Sim<'_>) {
        let now = sim.elapsed();
        let due: Vec<_> = self.repairs.extract_if(.., |(at, _)| *at <= now).collect();
        for (_, repair) in due {
            self.repair(sim, &repair);
        }
        if now >= self.next {
            self.next = now + self.chance.milliseconds(self.pause_ms.0, self.pause_ms.1);
            self.strike(sim);
        }
    }

    /// Ends all faults.
    pub fn heal(&mut self, sim: &mut Sim<'_>) {
        self.world.trace.line("everything heals");
        for (_, repair) in std::mem::take(&mut self.repairs) {
            self.repair(sim, &repair);
        }
    }

    fn strike(&mut self, sim: &mut Sim<'_>) {
        let node = self.chance.between(1, NODES);
        if self.absence.is_some() {
            return self.crash(sim, node);
        }
        let other = (node + self.chance.below(NODES - 1)) % NODES + 1;
        match self.chance.below(12) {
            0..5 => self.crash(sim, node),
            5 | 6 => self.cut(sim, node, other, true),
            7 | 8 => self.cut(sim, node, other, false),
            9 => {
                (1..=NODES).filter(|other| *other != node).for_each(|other| self.cut(sim, node, other, true))
            }
            10 => self.slow(sim),
            _ => self.lose(sim),
        }
    }

    fn repair_after(&mut self, sim: &Sim<'_>, time: Duration, repair: Repair) {
        self.repairs.push((sim.elapsed() + time, repair));
    }

    fn crash(&mut self, sim: &mut Sim<'_>, node: u64) {
        let Some(host) = self.hosts.get(&node) else { return };
        if self.down.contains(&node) {
            return;
        }
        sim.crash(name(node));
        let lost = host.disk.crash(&mut self.chance);
        host.state.crash(&mut self.chance);
        self.world.workload.lock().crashed(node);
        self.world.trace.line(format_args!("node {node} crashes and loses {lost} entries"));
        self.crashes += 1;
        self.lost_entries += lost;
        self.down.push(node);
        let back = self.chance.milliseconds(DOWN_MS.0, DOWN_MS.1);
        let back = self.absence.take().unwrap_or(back);
        self.repair_after(sim, back, Repair::Start(node));
    }

    fn cut(&mut self, sim: &mut Sim<'_>, from: u64, to: u64, both: bool) {
        self.world.trace.line(format_args!("cut from {from} to {to}, both ways: {both}"));
        if both {
            sim.partition(name(from), name(to));
        } else {
            sim.partition_oneway(name(from), name(to));
        }
        let time = self.cut_time();
        self.repair_after(sim, time, Repair::Join(from, to));
    }

    fn cut_time(&mut self) -> Duration {
        self.chance.milliseconds(CUT_MS.0, CUT_MS.1)
    }

    fn slow(&mut self, sim: &mut Sim<'_>) {
        let latency = self.chance.milliseconds(LATENCY_MS, 150);
        self.world.trace.line(format_args!("messages take up to {} ms", latency.as_millis()));
        sim.set_max_message_latency(latency);
        let time = self.cut_time();
        self.repair_after(sim, time, Repair::Speed);
    }

    fn lose(&mut self, sim: &mut Sim<'_>) {
        self.world.trace.line("messages are lost");
        sim.set_fail_rate(LOSS);
        let time = self.cut_time();
        self.repair_after(sim, time, Repair::NoLoss);
    }

    fn repair(&mut self, sim: &mut Sim<'_>, repair: &Repair) {
        match repair {
            Repair::Start(node) => {
                self.down.retain(|down| down != node);
                sim.bounce(name(*node));
            }
            Repair::Join(from, to) => {
                self.world.trace.line(format_args!("joined {from} and {to}"));
                sim.repair(name(*from), name(*to));
            }
            Repair::Speed => sim.set_max_message_latency(Duration::from_millis(LATENCY_MS)),
            Repair::NoLoss => sim.set_fail_rate(0.0),
        }
    }
}

/// A network in good times.
#[must_use]
pub fn network(seed: u64) -> turmoil::Builder {
    let mut chance = Chance::new(seed, u64::MAX - 1);
    let mut builder = turmoil::Builder::new();
    builder
        .rng_seed(chance.seed())
        .tick_duration(Duration::from_millis(1))
        .simulation_duration(Duration::from_secs(3_600))
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(LATENCY_MS))
        .repair_rate(0.05)
        .tcp_capacity(65_536);
    if chance.one_in(2) {
        builder.enable_random_order();
    }
    builder
}
