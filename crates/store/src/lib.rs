//! What is on disk: the log with its writer thread, the state with its tables, snapshots, the archive.
//!
//! Nothing here knows Raft's algorithm or the rules of goods: entries, votes and marks are bytes, rows are put where
//! their keys say.

pub mod archive;
pub mod backup;
mod database;
pub mod files;
pub mod identity;
pub mod log;
mod records;
mod rocks_log;
mod rocks_state;
pub mod snapshot;
pub mod state;
pub mod tables;
mod view;

pub use database::Openness;
pub use rocks_log::{RocksLog, StoredLog};
pub use rocks_state::{RocksState, stored_state, stored_tables};
pub use view::RocksView;
