//! The cluster in a deterministic simulation: the real replication over a simulated network and simulated disks.
//!
//! A seed decides everything: what callers ask for, how long the network and the disks take, what breaks and when. The
//! same seed gives the same run, to the last byte of its trace; so a violation that was found once is found again.
//! Fault model: a node stops at any moment and comes back with a prefix of what it asked its disk for; messages are
//! late, lost, or cut off in one direction or both; clocks differ. Disks do not lie and nodes do not.

#[cfg(not(tokio_unstable))]
compile_error!("build with --cfg tokio_unstable: RUSTFLAGS in the environment replaces .cargo/config.toml");

mod archive;
mod chance;
mod disk;
mod faults;
mod host;
mod net;
mod oracle;
mod scenario;
mod state;
mod trace;
mod trade;
mod workload;

pub use oracle::Counts;
pub use scenario::{Report, Settings, run};
