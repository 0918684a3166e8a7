//! A node that serves: gRPC, health, reflection, HTTP for probes and metrics.
//!
//! The services check the form of a request, pass commands on to [`zonebook_consensus::Node`], and answer reads from a
//! view. Decisions are the ledger's. Until certificates are in use everyone who reaches a server is the loopback
//! principal, so it binds to loopback only.

mod admission;
mod checks;
pub mod config;
mod gateway;
mod http;
mod leisure;
pub mod offline;
mod page;
mod reads;
mod receipts;
mod room;
mod server;
mod services;
mod stock;
mod ticker;
mod verification;

pub use config::Config;
pub use server::{ServeError, Server};
/// The folder that a backup is taken in.
pub use zonebook_store::backup;
