//! openraft's own suite of what log and state machine must do, over the databases that a node has.

use crate::applier::Applier;
use crate::log_store::LogStore;
use crate::machine::Machine;
use crate::raft::{Runtime, Types};
use crate::worker::{Execution, Worker};
use openraft::StorageError;
use openraft::testing::log::{StoreBuilder, Suite};
use std::sync::Arc;
use tempfile::TempDir;
use zonebook_store::{RocksLog, RocksState};

struct Folders;

impl StoreBuilder<Types, LogStore, Machine, TempDir> for Folders {
    async fn build(&self) -> Result<(TempDir, LogStore, Machine), StorageError<Types>> {
        let folder = TempDir::new().unwrap();
        let log = RocksLog::open(&folder.path().join("raft"), 1).unwrap();
        let state = Arc::new(RocksState::open(&folder.path().join("group")).unwrap());
        let worker = Worker::new(Execution::Thread, Applier::new(state).unwrap()).unwrap();
        Ok((folder, LogStore::new(Arc::new(log), 1), Machine::new(worker, Execution::Thread)))
    }
}

#[tokio::test]
async fn log_and_machine_keep_what_openraft_asks_of_them() {
    Runtime::scope(1, Suite::test_all(Folders)).await.unwrap();
}
