//! A run from an empty folder to a verdict.

use crate::nemesis::chronicle::Chronicle;
use crate::nemesis::cluster::Cluster;
use crate::nemesis::fault::{Fault, Schedule};
use crate::nemesis::goods::{ITEM_LIFE, ITEMS_AT_A_TIME};
use crate::nemesis::history::{End, History};
use crate::nemesis::journal::{self, Journal};
use crate::nemesis::load::Load;
use crate::nemesis::trouble::Nemesis;
use crate::nemesis::{item, oracle};
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Requests of which each node is asked what became of them, of those that were carried out and of the others.
const ASKED_MAX: usize = 2_000;
/// How long a node may take for an answer when the trouble is over.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run is to be.
pub struct Settings {
    /// Draws the faults and what is filed. What happens between them is up to the machine.
    pub seed: u64,
    /// Voters.
    pub nodes: u64,
    /// How long there is trouble.
    pub trouble: Duration,
    /// What may happen.
    pub faults: Vec<Fault>,
    /// Clients.
    pub clients: u64,
    /// Their pause between two calls, on average.
    pub pause: Duration,
    /// Empty; data, logs and chronicle go there.
    pub folder: PathBuf,
    /// `zonebook`
    pub program: PathBuf,
    /// The chronicle is shown as it is written.
    pub shown: bool,
}

/// What became of a run.
#[derive(Default)]
pub struct Report {
    /// What must not be.
    pub violations: Vec<String>,
    /// How long a probing client had no answer after each loss of a leader, from the shortest on, by how it was lost.
    pub failovers: BTreeMap<Fault, Vec<Duration>>,
    /// How often each fault happened.
    pub faults: BTreeMap<Fault, u64>,
    /// The longest time that a write took after a fault.
    pub recovery_max: Duration,
    /// Changes that clients asked for, by how they ended.
    pub ends: BTreeMap<&'static str, usize>,
    /// Reads that were answered.
    pub readings: usize,
    /// Reads that were not.
    pub unanswered: u64,
    /// Items whose history was searched for an order.
    pub items: usize,
    /// The last revision.
    pub revision: u64,
    /// Nodes whose journals were compared.
    pub journals: usize,
}

/// Runs, and judges.
///
/// # Errors
/// It could not even begin; everything later is a violation.
pub async fn run(settings: &Settings) -> Result<Report> {
    let chronicle = Chronicle::begin(&settings.folder.join("chronicle"), settings.shown)?;
    chronicle.line(format_args!("seed {}, {} nodes", settings.seed, settings.nodes));
    let mut cluster = Cluster::new(&settings.folder, &settings.program, chronicle.clone());
    cluster.new_node().await?;
    cluster.wait_for_leader(PATIENCE).await?;
    let lives = settings.trouble.as_secs() / ITEM_LIFE.as_secs() + 30;
    let items = lives * ITEMS_AT_A_TIME;
    let mut load = Load::new(chronicle.clone(), cluster.addresses(), settings.seed, items, settings.pause);
    load.prepare().await?;
    load.begin(settings.clients);
    let mut nemesis = Nemesis::new(cluster, &load, settings.seed);
    let mut report = Report::default();
    if let Err(error) = trouble(settings, &mut nemesis).await {
        report.violations.push(format!("{error:#}"));
    }
    let Nemesis { mut cluster, failovers, done, recovery_max, .. } = nemesis;
    (report.failovers, report.faults, report.recovery_max) = (failovers, done, recovery_max);
    report.failovers.values_mut().for_each(|took| took.sort_unstable());
    cluster.links.heal();
    chronicle.line(format_args!("the trouble is over"));
    let history = load.end().await;
    chronicle.line(format_args!("all clients have ended"));
    if let Err(error) = judge(&mut report, &history, &mut cluster).await {
        report.violations.push(format!("{error:#}"));
    }
    for violation in &report.violations {
        chronicle.line(format_args!("violation: {violation}"));
    }
    Ok(report)
}

/// Grows to the number of nodes under load, then strikes until the time is over.
async fn trouble(settings: &Settings, nemesis: &mut Nemesis<'_>) -> Result<()> {
    while (nemesis.cluster.nodes().len() as u64) < settings.nodes {
        nemesis.cluster.join().await?;
    }
    let deadline = Instant::now() + settings.trouble;
    let mut schedule = Schedule::of(&settings.faults);
    while Instant::now() < deadline {
        nemesis.strike(&mut schedule).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn judge(report: &mut Report, history: &History, cluster: &mut Cluster) -> Result<()> {
    for operation in &history.operations {
        let end = match operation.end {
            End::Accepted { .. } => "accepted",
            End::Refused { .. } => "refused",
            End::NotProposed => "not proposed",
            End::Unknown => "given up",
        };
        *report.ends.entry(end).or_default() += 1;
    }
    (report.readings, report.unanswered) = (history.readings.len(), history.unanswered);
    report.items = item::steps(history).len();
    let mut add = |found: Vec<String>| report.violations.extend(oracle::shown(found));
    add(oracle::lawful(history));
    add(oracle::ordered(history));
    add(oracle::fresh(history));
    add(item::unexplained(history));
    let (revision, _) = cluster.agree().await?;
    report.revision = revision;
    let mut first: Option<(u64, Journal)> = None;
    for node in cluster.nodes() {
        let client = cluster.direct(node, PATIENCE)?;
        let journal = journal::read(&client, revision, history, ASKED_MAX).await?;
        report.violations.extend(oracle::shown(oracle::kept(node, history, &journal)));
        report.journals += 1;
        match &first {
            Some((one, ours)) => {
                report.violations.extend(oracle::shown(oracle::same((*one, ours), (node, &journal))));
            }
            None => {
                report.violations.extend(oracle::shown(oracle::truthful(history, &journal)));
                first = Some((node, journal));
            }
        }
    }
    Ok(())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: u64 = self.faults.values().sum();
        writeln!(f, "changes: {:?}; reads: {} and {} unanswered", self.ends, self.readings, self.unanswered)?;
        writeln!(
            f,
            "revision {}, journals of {} nodes, histories of {} items",
            self.revision, self.journals, self.items
        )?;
        writeln!(f, "faults: {faults}, {:?}", self.faults)?;
        for (fault, took) in &self.failovers {
            let median = took.get(took.len() / 2).copied().unwrap_or_default();
            let longest = took.last().copied().unwrap_or_default();
            let times = took.len();
            writeln!(
                f,
                "{fault:?}, {times} times: written again after {median:.2?} (median), {longest:.2?} (longest)"
            )?;
        }
        writeln!(f, "longest write after a fault: {:.2?}", self.recovery_max)?;
        for violation in &self.violations {
            writeln!(f, "VIOLATED: {violation}")?;
        }
        Ok(())
    }
}
