//! Runs seeds, one line each; fails at the first violation, with the command that replays it.

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use zonebook_sim::{Plant, Report, Settings, run};

/// Simulates the cluster: crashes, partitions, failing disks, jumping clocks, and what must hold all the same.
#[derive(Parser)]
#[command(name = "zonebook-sim", after_help = "Example: zonebook-sim --seeds 1..100 --minutes 5")]
struct Arguments {
    /// One seed.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Seeds from the first up to but without the second, `A..B`.
    #[arg(long, value_parser = range, default_value = "1..21")]
    seeds: Range<u64>,
    /// No further seed is begun after so many minutes.
    #[arg(long)]
    minutes: Option<f64>,
    /// How many simulated seconds things break.
    #[arg(long, default_value_t = 20)]
    trouble: u64,
    /// A bug to plant, to see that it is found; `--plants` lists them.
    #[arg(long)]
    plant: Option<Plant>,
    /// Lists the bugs that can be planted, each with the number of seeds within which it is found.
    #[arg(long)]
    plants: bool,
    /// Says at the end what occurred in all seeds together, and how often.
    #[arg(long)]
    coverage: bool,
    /// Shows the trace on stderr.
    #[arg(long)]
    trace: bool,
}

fn range(text: &str) -> Result<Range<u64>> {
    let (first, end) = text.split_once("..").context("seeds are given as A..B")?;
    Ok(first.parse()?..end.parse()?)
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if arguments.plants {
        return list_plants();
    }
    let settings = Settings {
        trouble: Duration::from_secs(arguments.trouble),
        plant: arguments.plant,
        shown: arguments.trace,
    };
    let seeds = arguments.seed.map_or(arguments.seeds.clone(), |seed| seed..seed.saturating_add(1));
    let began = Instant::now();
    let budget = arguments.minutes.map(|minutes| Duration::from_secs_f64(minutes * 60.0));
    let mut occurred: BTreeMap<String, u64> = BTreeMap::new();
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
            writeln!(std::io::stderr(), "replay it with\n  {}", replay(seed, &arguments))?;
            return Ok(ExitCode::FAILURE);
        }
        for (what, times) in report.coverage {
            *occurred.entry(what).or_default() += times;
        }
    }
    if arguments.coverage {
        for (what, times) in occurred {
            writeln!(std::io::stdout(), "occurred {what} {times}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list_plants() -> Result<ExitCode> {
    for plant in Plant::ALL {
        let value = plant.to_possible_value().context("every bug has a name")?;
        let what = value.get_help().map(ToString::to_string).unwrap_or_default();
        writeln!(std::io::stdout(), "{} {} {what}", value.get_name(), plant.seeds())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn replay(seed: u64, arguments: &Arguments) -> String {
    let name = |plant: Plant| plant.to_possible_value().map(|value| value.get_name().to_owned());
    let plant = arguments.plant.and_then(name).map(|name| format!(" --plant {name}")).unwrap_or_default();
    format!("scripts/simulate --seeds {seed}..{} --trouble {}{plant} --trace", seed + 1, arguments.trouble)
}

fn line(report: &Report) -> String {
    let Report { seed, hash, counts, ended_early, violations, .. } = report;
    let verdict = match (violations.is_empty(), ended_early) {
        (false, _) => "VIOLATED",
        (true, true) => "ended-early",
        (true, false) => "held",
    };
    let times = |what: &str| report.coverage.get(what).copied().unwrap_or(0);
    format!(
        "seed {seed} {verdict} hash {hash} crashes {} installs {} acknowledged {} revisions {}",
        times("Crash"),
        times("Install"),
        counts.acknowledged,
        counts.revisions
    )
}
