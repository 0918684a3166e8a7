//! The cluster in a deterministic simulation: the real replication over a simulated network and simulated disks.
//!
//! A seed decides everything: what callers ask for, how long the network and the disks take, what breaks and when. The
//! same seed gives the same run, to the last byte of its trace; so a violation that was found once is found again.
//! Fault model (`coverage` lists all of it): a node stops at any moment and comes back with a prefix of what it asked its
//! disk for; disks are slow, full, fail, or read what was not written; messages are late, lost, or cut off in one
//! direction or both; clocks differ and jump; members come and go. Disks do not lie about durability and nodes do not lie
//! at all: that they are found out if they do is what `plant` is for.
//! Oracles: `contract` (what a log promises), `reference` (every committed entry carried out once more, by the rules and
//! by the naive model), `oracle` (what callers are told, what is on the disks of a majority of the voters in force, what is
//! archived), `sendings` (how often a command may be carried out), `duties` (what every member must do once all is well).

#[cfg(not(tokio_unstable))]
compile_error!("build with --cfg tokio_unstable: RUSTFLAGS in the environment replaces .cargo/config.toml");

mod administrator;
mod archive;
mod caller;
mod chance;
mod clock;
mod contract;
mod coverage;
mod disk;
mod duties;
mod faults;
mod host;
mod image;
mod net;
mod oracle;
mod panics;
mod plant;
mod reference;
mod scenario;
mod sendings;
mod state;
mod stored;
mod tables;
mod trace;
mod trade;
mod watched;
mod workload;

pub use chance::Chance;
pub use coverage::{COMMANDS, DOCUMENTS, Event};
pub use oracle::Counts;
pub use plant::Plant;
pub use scenario::{Report, Settings, run};
