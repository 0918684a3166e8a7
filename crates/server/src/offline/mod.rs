//! Work on a data folder or a backup without a server: verify, replay, restore. Verify and replay change nothing.

mod history;
mod replay;
mod restore;
mod verify;

pub use replay::{Replayed, replay};
pub use restore::{Restore, Restored, restore};
pub use verify::{Checked, Damage, Report, verify};

pub use zonebook_consensus::{Member, Stop};

use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;
use zonebook_consensus::history::HistoryError;
use zonebook_ledger::error::Fault;
use zonebook_ledger::message::Sha256;
use zonebook_store::identity::IdentityError;

/// Offline work does not come to its end.
#[derive(Debug, Error)]
pub enum OfflineError {
    /// The data folder is in use, or is none.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// What was asked for cannot be done with what is there.
    #[error("{0}")]
    Refused(String),
    /// What is there is damaged, or contradicts itself.
    #[error("{0}")]
    Damaged(String),
    /// Files.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A state could not be read or written.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// History could not be executed again.
    #[error(transparent)]
    History(#[from] HistoryError),
}

/// What offline work is done on.
enum Place {
    /// The data folder of a node.
    Data(PathBuf),
    /// A folder of backups.
    Backup(PathBuf),
}

impl Place {
    fn of(folder: &Path) -> Result<Self, OfflineError> {
        if zonebook_store::backup::BackupFolder::is_one(folder) {
            return Ok(Self::Backup(folder.into()));
        }
        if ["identity", "raft", "groups"].iter().any(|name| folder.join(name).exists()) {
            return Ok(Self::Data(folder.into()));
        }
        let folder = folder.display();
        Err(OfflineError::Refused(format!("{folder} is neither the data folder of a node nor a backup")))
    }
}

/// The folders under the data folder of a node (`design.md` 7).
struct Layout<'a>(&'a Path);

impl Layout<'_> {
    fn raft(&self) -> PathBuf {
        self.0.join("raft")
    }

    fn group(&self) -> PathBuf {
        self.0.join("groups").join(crate::server::GROUP.to_string())
    }

    fn archive(&self) -> PathBuf {
        self.group().join("archive")
    }

    fn snapshots(&self) -> PathBuf {
        self.group().join("snapshots")
    }
}

/// A digest in hexadecimal.
fn digits(digest: &Sha256) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
