//! A cluster of real processes under a nemesis, for as long as wished; `scripts/nemesis` builds what it needs.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;
use zonebook_tests::nemesis::fault::Fault;
use zonebook_tests::nemesis::run::{Settings, run};

/// Kills, pauses, cuts off and replaces server processes under load, and compares what clients were told with what the
/// nodes have.
#[derive(Parser)]
#[command(name = "nemesis", after_help = "Example: scripts/nemesis --minutes 30 --seed 7 --nodes 5")]
struct Arguments {
    /// How long there is trouble.
    #[arg(long, default_value_t = 5.0)]
    minutes: f64,
    /// Draws the faults and what is filed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Voters.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(3..=5))]
    nodes: u64,
    /// Clients that file and read.
    #[arg(long, default_value_t = 8)]
    clients: u64,
    /// The pause of a client between two calls, on average.
    #[arg(long, default_value_t = 30)]
    pause_ms: u64,
    /// The program to be tested.
    #[arg(long)]
    program: PathBuf,
    /// What may happen; everything without it.
    #[arg(long = "fault", value_enum)]
    faults: Vec<Fault>,
    /// Keeps the folder of a run without violations as well.
    #[arg(long)]
    keep: bool,
    /// Shows the chronicle as it is written.
    #[arg(long)]
    trace: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let folder = TempDir::new()?;
    let faults = match arguments.faults {
        none if none.is_empty() => Fault::value_variants().to_vec(),
        some => some,
    };
    let settings = Settings {
        seed: arguments.seed,
        nodes: arguments.nodes,
        trouble: Duration::from_secs_f64(arguments.minutes * 60.0),
        faults,
        clients: arguments.clients,
        pause: Duration::from_millis(arguments.pause_ms),
        folder: folder.path().into(),
        program: arguments.program,
        shown: arguments.trace,
    };
    let report = run(&settings).await?;
    eprint!("seed {}: {report}", arguments.seed);
    let survived = report.violations.is_empty();
    if !survived || arguments.keep {
        eprintln!("chronicle, settings, data and logs of the nodes: {}", folder.keep().display());
    }
    Ok(if survived { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
