//! What can be said on the command line.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// How items are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Distribution {
    /// All alike.
    Uniform,
    /// Zipf with exponent 1.1.
    Zipf,
    /// All lines on item 1.
    One,
}

/// What callers do again and again; a list, mostly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Workload {
    /// Submitted, until it is pre-posted.
    Reserve,
    /// Submitted, released, through the gate, posted.
    Life,
    /// Parcels of electronic commerce, so many in a call as a list has lines, each of one line, reserved as one.
    Parcels,
    /// The question whether a vehicle may pass, asked of the nodes in turn.
    Gate,
}

/// How callers reach the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Each over a connection of its own, one call for one list.
    Unary,
    /// All over one client that packs what waits, as a gateway would.
    Shared,
}

/// Load for a running Zonebook cluster.
#[derive(Debug, Parser)]
#[command(name = "zonebook-bench", version)]
pub struct Arguments {
    /// Nodes of the cluster
    #[arg(long, default_value = "127.0.0.1:7400", value_delimiter = ',')]
    pub server: Vec<String>,
    /// Callers at a time; several are measured one after the other
    #[arg(long, default_value = "1,16,64", value_delimiter = ',')]
    pub callers: Vec<usize>,
    /// Lines of a list; several are measured one after the other
    #[arg(long, default_value = "1,10,100,1000", value_delimiter = ',')]
    pub lines: Vec<usize>,
    /// Items in the book
    #[arg(long, default_value_t = 10_000)]
    pub items: u64,
    /// How items are drawn
    #[arg(long, value_enum, default_value_t = Distribution::Uniform)]
    pub distribution: Distribution,
    /// What callers do
    #[arg(long, value_enum, default_value_t = Workload::Reserve)]
    pub workload: Workload,
    /// How callers reach the cluster
    #[arg(long, value_enum, default_value_t = Mode::Shared)]
    pub mode: Mode,
    /// Lists a second, whatever the answers (open loop); without it each caller waits for its answer (closed loop)
    #[arg(long)]
    pub rate: Option<f64>,
    /// Seconds that are measured
    #[arg(long, default_value_t = 10.0)]
    pub seconds: f64,
    /// Seconds before that
    #[arg(long, default_value_t = 2.0)]
    pub warm_up: f64,
    /// Positions that the ledger is filled with first, in books of their own
    #[arg(long, default_value_t = 0)]
    pub positions: u64,
    /// Seed of what is drawn
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Data folders of the nodes, for bytes at rest
    #[arg(long)]
    pub data: Vec<PathBuf>,
    /// Process ids of the nodes, for CPU seconds
    #[arg(long)]
    pub process: Vec<u32>,
    /// JSON instead of a table
    #[arg(long)]
    pub json: bool,
}
