//! Runs seeds, one line each; fails with the seed at the first violation.

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use std::io::Write;
use std::ops::Range;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use zonebook_sim::{Report, Settings, run};

/// Simulates the cluster: crashes, partitions, slow disks, and what must hold all the same.
#[derive(Parser)]
#[command(name = "zonebook-sim", after_help = "Example: zonebook-sim --seeds 1..100 --budget 300")]
struct Arguments {
    /// One seed.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Seeds from the first up to but without the second, `A..B`.
    #[arg(long, value_parser = range, default_value = "1..21")]
    seeds: Range<u64>,
    /// No further seed is begun after so many seconds.
    #[arg(long)]
    budget: Option<u64>,
    /// How many simulated seconds things break.
    #[arg(long, default_value_t = 20)]
    trouble: u64,
    /// A fault to plant, to see that it is found.
    #[arg(long)]
    plant: Option<Plant>,
    /// Shows the trace on stderr.
    #[arg(long)]
    trace: bool,
}

/// Faults of ours.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Plant {
    /// Disks acknowledge appends before they are durable.
    EarlyAck,
}

fn range(text: &str) -> Result<Range<u64>> {
    let (first, end) = text.split_once("..").context("seeds are given as A..B")?;
    Ok(first.parse()?..end.parse()?)
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let settings = Settings {
        trouble: Duration::from_secs(arguments.trouble),
        early_acknowledgement: arguments.plant == Some(Plant::EarlyAck),
        shown: arguments.trace,
    };
    let seeds = arguments.seed.map_or(arguments.seeds, |seed| seed..seed.saturating_add(1));
    let began = Instant::now();
    let budget = arguments.budget.map(Duration::from_secs);
    for seed in seeds {
        if budget.is_some_and(|budget| began.elapsed() >= budget) {
            break;
        }
        let report = run(seed, &settings)?;
        writeln!(std::io::stdout(), "{}", line(&report))?;
        if !report.violations.is_empty() {
            for violation in &report.violations {
                writeln!(std::io::stderr(), "seed {seed}: {violation}")?;
            }
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(report: &Report) -> String {
    let Report { seed, hash, crashes, lost_entries, counts, violations } = report;
    let verdict = if violations.is_empty() { "held" } else { "VIOLATED" };
    format!(
        "seed {seed} {verdict} hash {hash} crashes {crashes} lost {lost_entries} acknowledged {} revisions {} reads {} \
         installs {} segments {}",
        counts.acknowledged, counts.revisions, counts.reads, counts.installs, counts.segments
    )
}
