//! What breaks, when, and for how long.

use crate::chance::Chance;
use crate::coverage::Event;
use crate::disk::Ailment;
use crate::host::{Host, World, name};
use crate::oracle::STEP;
use std::collections::BTreeMap;
use std::time::Duration;
use turmoil::Sim;

/// Between two faults, in a storm and while a node is absent.
const STORM_PAUSE_MS: (u64, u64) = (100, 1_500);
const ABSENCE_PAUSE_MS: (u64, u64) = (1_000, 6_000);
const DOWN_MS: (u64, u64) = (1, 3_000);
const CUT_MS: (u64, u64) = (100, 4_000);
/// How long a disk is slow or full, or reads what was not written.
const ILL_MS: (u64, u64) = (200, 3_000);
/// How far a clock jumps: up to ten hours.
const JUMP_MS: u64 = 10 * 3_600_000;
/// A node whose disk failed must have stopped by then.
const STOP: Duration = Duration::from_secs(5);
/// The latency of messages in good times.
const LATENCY_MS: u64 = 5;
/// Messages that are lost while some are, and lost connections that come back.
const LOSS: f64 = 0.002;

/// The end of a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repair {
    Start(u64),
    Join(u64, u64),
    Speed,
    NoLoss,
    Cure(u64),
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
    /// Since when disks that failed are seen to have failed.
    failed: BTreeMap<u64, Duration>,
    /// When the last fault has struck.
    pub end: Duration,
}

impl Faults {
    /// Of a seed: a storm, or in one of six the long absence of a node, which takes twice as long.
    #[must_use]
    pub fn new(hosts: BTreeMap<u64, Host>, world: World, trouble: Duration) -> Self {
        let mut chance = Chance::new(world.seed, u64::MAX);
        // The cluster gets a moment to form in.
        let next = chance.milliseconds(500, 3_000);
        let absent = chance.one_in(6);
        let end = if absent { trouble * 2 } else { trouble };
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
            failed: BTreeMap::new(),
            end,
        }
    }

    /// Whatever is due now.
    pub fn step(&mut self, sim: &mut Sim<'_>) {
        let now = sim.elapsed();
        let due: Vec<_> = self.repairs.extract_if(.., |(at, _)| *at <= now).collect();
        for (_, repair) in due {
            self.repair(sim, repair);
        }
        self.look_after(sim);
        if now >= self.next && now < self.end {
            self.next = now + self.chance.milliseconds(self.pause_ms.0, self.pause_ms.1);
            self.strike(sim);
        }
    }

    /// Ends all faults: from now on members must serve.
    pub fn heal(&mut self, sim: &mut Sim<'_>) {
        self.world.trace.line("everything heals");
        self.world.administrator.rest();
        for (_, repair) in std::mem::take(&mut self.repairs) {
            self.repair(sim, repair);
        }
        self.hosts.values().for_each(|host| host.disk.suffers(Ailment::Well));
        self.world.duties.begin();
    }

    /// Members that were removed are switched off; nodes that stopped by themselves are started again, and those that
    /// should have stopped are told of.
    fn look_after(&mut self, sim: &mut Sim<'_>) {
        for node in self.world.administrator.retired() {
            if !self.down.contains(&node) {
                self.crash(sim, node);
            }
            self.repairs.retain(|(_, repair)| *repair != Repair::Start(node));
            self.hosts.remove(&node);
        }
        let stopped: Vec<u64> =
            self.hosts.values().filter(|host| host.has_stopped()).map(|host| host.node_id).collect();
        for node in stopped.into_iter().filter(|node| !self.down.contains(node)).collect::<Vec<_>>() {
            self.crash(sim, node);
        }
        for host in self.hosts.values() {
            let running = host.disk.is_poisoned() && !self.down.contains(&host.node_id);
            if !running {
                self.failed.remove(&host.node_id);
                continue;
            }
            let since = *self.failed.entry(host.node_id).or_insert(sim.elapsed());
            if sim.elapsed() > since + STOP {
                let what = format!("node {} goes on although its disk failed", host.node_id);
                self.world.oracle.violation(what);
            }
        }
    }

    fn some_node(&mut self) -> u64 {
        let nodes: Vec<u64> = self.hosts.keys().copied().collect();
        self.chance.one_of(&nodes).unwrap_or(1)
    }

    fn strike(&mut self, sim: &mut Sim<'_>) {
        let node = self.some_node();
        if self.absence.is_some() {
            let absent = self.chance.between(1, 3);
            self.world.coverage.event(Event::LongAbsence, format_args!("node {absent}"));
            return self.crash(sim, absent);
        }
        let others: Vec<u64> = self.hosts.keys().copied().filter(|other| *other != node).collect();
        let other = self.chance.one_of(&others).unwrap_or(node);
        match self.chance.below(22) {
            0..6 => self.crash(sim, node),
            6 | 7 => self.cut(sim, Event::Partition, (node, other)),
            8 | 9 => self.cut(sim, Event::OneWayPartition, (node, other)),
            10 => others.iter().for_each(|other| self.cut(sim, Event::Isolation, (node, *other))),
            11 => self.slow(sim),
            12 => self.lose(sim),
            13 | 14 => self.fall_ill(sim, node, Event::SlowFsync, Ailment::Slow),
            15 => self.fall_ill(sim, node, Event::FailedFsync, Ailment::Failing),
            16 => self.fall_ill(sim, node, Event::FullDisk, Ailment::Full),
            17 | 18 => self.fall_ill(sim, node, Event::BitRot, Ailment::Rotten),
            _ => self.set_clock(node),
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
        let loss = host.disk.crash(&mut self.chance);
        host.state.crash(&mut self.chance);
        self.world.workload.lock().crashed(node);
        self.world.duties.crashed(node);
        let coverage = &self.world.coverage;
        coverage.event(Event::Crash, format_args!("node {node}"));
        if loss.entries > 0 {
            coverage.event(Event::LostSuffix, format_args!("node {node}, {} entries", loss.entries));
        }
        if loss.torn {
            coverage.event(Event::TornTail, format_args!("node {node}"));
        }
        self.down.push(node);
        let back = self.chance.milliseconds(DOWN_MS.0, DOWN_MS.1);
        let back = self.absence.take().unwrap_or(back);
        self.repair_after(sim, back, Repair::Start(node));
    }

    fn cut(&mut self, sim: &mut Sim<'_>, event: Event, (from, to): (u64, u64)) {
        self.world.coverage.event(event, format_args!("from {from} to {to}"));
        if event == Event::OneWayPartition {
            sim.partition_oneway(name(from), name(to));
        } else {
            sim.partition(name(from), name(to));
        }
        let time = self.chance.milliseconds(CUT_MS.0, CUT_MS.1);
        self.repair_after(sim, time, Repair::Join(from, to));
    }

    fn slow(&mut self, sim: &mut Sim<'_>) {
        let latency = self.chance.milliseconds(LATENCY_MS, 150);
        self.world.coverage.event(Event::Delay, format_args!("up to {} ms", latency.as_millis()));
        sim.set_max_message_latency(latency);
        let time = self.chance.milliseconds(CUT_MS.0, CUT_MS.1);
        self.repair_after(sim, time, Repair::Speed);
    }

    fn lose(&mut self, sim: &mut Sim<'_>) {
        self.world.coverage.event(Event::Loss, "of some messages");
        sim.set_fail_rate(LOSS);
        let time = self.chance.milliseconds(CUT_MS.0, CUT_MS.1);
        self.repair_after(sim, time, Repair::NoLoss);
    }

    fn fall_ill(&mut self, sim: &Sim<'_>, node: u64, event: Event, ailment: Ailment) {
        self.world.coverage.event(event, format_args!("node {node}"));
        self.hosts.get(&node).into_iter().for_each(|host| host.disk.suffers(ailment));
        let time = self.chance.milliseconds(ILL_MS.0, ILL_MS.1);
        self.repair_after(sim, time, Repair::Cure(node));
    }

    fn set_clock(&mut self, node: u64) {
        let by = i64::try_from(self.chance.below(JUMP_MS)).unwrap_or(0);
        let (event, by) = match self.chance.one_in(2) {
            true => (Event::ClockForward, by),
            false => (Event::ClockBack, -by),
        };
        self.world.coverage.event(event, format_args!("node {node}, {} s", by / 1_000));
        self.hosts.get(&node).into_iter().for_each(|host| host.clock.jump(by));
    }

    fn repair(&mut self, sim: &mut Sim<'_>, repair: Repair) {
        match repair {
            Repair::Start(node) => {
                self.down.retain(|down| *down != node);
                self.hosts.get(&node).into_iter().for_each(Host::starts);
                self.world.coverage.event(Event::Restart, format_args!("node {node}"));
                sim.bounce(name(node));
            }
            Repair::Join(from, to) => {
                self.world.trace.line(format_args!("joined {from} and {to}"));
                sim.repair(name(from), name(to));
            }
            Repair::Speed => sim.set_max_message_latency(Duration::from_millis(LATENCY_MS)),
            Repair::NoLoss => sim.set_fail_rate(0.0),
            Repair::Cure(node) => {
                self.hosts.get(&node).into_iter().for_each(|host| host.disk.suffers(Ailment::Well));
            }
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
        .tick_duration(STEP)
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
