//! Replication: gathering, proposing, network between nodes, membership, reads at a revision.
//!
//! The only crate that names openraft. Nothing of openraft's own is ever stored or sent: entries, votes, marks and
//! frames have forms of ours (`stored`, `frame`). A write goes: [`Node::propose`] → gathering (many callers' commands
//! become one entry) → openraft → [`zonebook_store::log::Log`] → commit → the apply thread (`machine`) →
//! [`zonebook_store::state::StateStore`] → the answers.

#[cfg(not(tokio_unstable))]
compile_error!("build with --cfg tokio_unstable: RUSTFLAGS in the environment replaces .cargo/config.toml");

mod applier;
mod auditor;
mod backup;
mod batch;
mod cache;
mod config;
mod connection;
mod error;
mod forward;
mod frame;
mod gather;
mod historian;
pub mod history;
mod keeper;
mod log_store;
mod machine;
mod member;
mod network;
mod node;
mod pace;
mod peers;
mod raft;
mod read_index;
mod status;
mod stored;
#[cfg(test)]
mod suite;
mod transport;
mod worker;

pub use applier::{Progress, Stop};
pub use backup::{BackupError, BackupOrder};
pub use config::{Acquaintance, Config, Parts};
pub use error::{ProposeError, ReadError, StartError};
pub use member::Member;
pub use node::{Consistency, Node};
pub use raft::Runtime;
pub use status::{Role, Status};
pub use transport::{Listener, Stream, TcpListener, TcpTransport, Transport};
pub use worker::Execution;
