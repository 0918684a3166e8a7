//! What breaks, when, and for how long.

use crate::chance::Chance;
use crate::host::{Host, NODES, World, name};
use std::collections::BTreeMap;
use std::time::Duration;
use turmoil::Sim;

/// Between two faults.
const PAUSE_MS: (u64, u64) = (100, 1_500);
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
    down: Vec<u64>,
    /// Lives that were ended.
    pub crashes: u64,
    /// Entries that disks lost with them.
    pub lost_entries: u64,
}

impl Faults {
    /// Of a seed.
    #[must_use]
    pub fn new(hosts: BTreeMap<u64, Host>, world: World) -> Self {
        let mut chance = Chance::new(world.seed, u64::MAX);
        // The cluster gets a moment to form in.
        let next = chance.milliseconds(500, 3_000);
        Self {
            chance,
            hosts,
            world,
            repairs: Vec::new(),
            next,
            down: Vec::new(),
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
            self.next = now + self.chance.milliseconds(PAUSE_MS.0, PAUSE_MS.1);
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

    fn repair_after(&mut self, sim: &Sim<'_>, (least, most): (u64, u64), repair: Repair) {
        let at = sim.elapsed() + self.chance.milliseconds(least, most);
        self.repairs.push((at, repair));
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
        // Now and then for so long that what it missed is purged elsewhere.
        let long = self.chance.one_in(8);
        self.repair_after(sim, if long { (8_000, 14_000) } else { DOWN_MS }, Repair::Start(node));
    }

    fn cut(&mut self, sim: &mut Sim<'_>, from: u64, to: u64, both: bool) {
        self.world.trace.line(format_args!("cut from {from} to {to}, both ways: {both}"));
        if both {
            sim.partition(name(from), name(to));
        } else {
            sim.partition_oneway(name(from), name(to));
        }
        self.repair_after(sim, CUT_MS, Repair::Join(from, to));
    }

    fn slow(&mut self, sim: &mut Sim<'_>) {
        let latency = self.chance.milliseconds(LATENCY_MS, 150);
        self.world.trace.line(format_args!("messages take up to {} ms", latency.as_millis()));
        sim.set_max_message_latency(latency);
        self.repair_after(sim, CUT_MS, Repair::Speed);
    }

    fn lose(&mut self, sim: &mut Sim<'_>) {
        self.world.trace.line("messages are lost");
        sim.set_fail_rate(LOSS);
        self.repair_after(sim, CUT_MS, Repair::NoLoss);
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
