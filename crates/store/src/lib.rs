//! What is on disk: the log with its writer thread, the state with its tables, snapshots, the archive.
//!
//! Nothing here knows Raft's algorithm or the rules of goods: entries, votes and marks are bytes, rows are put where
//! their keys say.

pub mod archive;
mod database;
pub mod files;
pub mod identity;
pub mod log;
mod records;
mod rocks_log;
mod rocks_state;
pub mod snapshot;
pub mod state;
mod view;

pub use database::Openness;
pub use rocks_log::RocksLog;
pub use rocks_state::RocksState;
pub use view::RocksView;
