//! Whose data this is: one process, one node, one cluster, one life of the disk.
//!
//! A node whose disk was wiped has forgotten its votes and acknowledgements; let back in under its old number it could
//! take back what was promised (`openraft-notes.md` 4). So each data folder has an incarnation, drawn when it is made,
//! and every node remembers the incarnation under which it first met another.

use crate::files::write_whole;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;
use zonebook_codec::envelope::{self, Kind};
use zonebook_codec::plain;

/// A data folder is not for this process.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The file system refused.
    #[error("{path}: {error}")]
    Io {
        /// What was touched.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Another process works on it.
    #[error("{0} is in use by another process")]
    InUse(PathBuf),
    /// It belongs to another node or cluster.
    #[error(
        "{path} belongs to node {found_node} of cluster {found_cluster}, not to node {node} of {cluster}"
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// Whose it is.
        found_node: u64,
        /// Whose it is.
        found_cluster: String,
        /// Who wanted it.
        node: u64,
        /// Who wanted it.
        cluster: String,
    },
    /// It holds data and no identity.
    #[error("{0} holds data but no identity: it is not a data folder, or a damaged one")]
    Nameless(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    cluster_id: String,
    node_id: u64,
    incarnation: [u8; 16],
    /// Other nodes, and the incarnation under which each was met first.
    met: BTreeMap<u64, [u8; 16]>,
}

/// A data folder that is locked for this process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    identity: Mutex<Identity>,
    _lock: File,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> IdentityError + '_ {
    move |error| IdentityError::Io { path: path.into(), error }
}

impl DataFolder {
    /// Opens or makes the folder of a node. `fresh` is its incarnation if it is made now: 16 random bytes.
    ///
    /// # Errors
    /// It cannot be used, or not by this node.
    pub fn open(path: &Path, cluster_id: &str, node_id: u64, fresh: [u8; 16]) -> Result<Self, IdentityError> {
        std::fs::create_dir_all(path).map_err(at(path))?;
        let lock_path = path.join("lock");
        let lock = File::create(&lock_path).map_err(at(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(IdentityError::InUse(path.into())),
            Err(TryLockError::Error(error)) => return Err(at(&lock_path)(error)),
        }
        let file = path.join("identity");
        let identity = match std::fs::read(&file) {
            Ok(sealed) => read(&sealed).map_err(at(&file))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if holds_data(path).map_err(at(path))? {
                    return Err(IdentityError::Nameless(path.into()));
                }
                let cluster_id = cluster_id.to_owned();
                let made = Identity { cluster_id, node_id, incarnation: fresh, met: BTreeMap::new() };
                write(&file, &made).map_err(at(&file))?;
                made
            }
            Err(error) => return Err(at(&file)(error)),
        };
        if (identity.cluster_id.as_str(), identity.node_id) != (cluster_id, node_id) {
            return Err(IdentityError::Foreign {
                path: path.into(),
                found_node: identity.node_id,
                found_cluster: identity.cluster_id,
                node: node_id,
                cluster: cluster_id.into(),
            });
        }
        Ok(Self { path: path.into(), identity: Mutex::new(identity), _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// This life of the disk.
    #[must_use]
    pub fn incarnation(&self) -> [u8; 16] {
        self.identity.lock().incarnation
    }

    /// Whether another node is the one that was met under its number; one that was never met is, from now on.
    ///
    /// # Errors
    /// That it was met could not be written down.
    pub fn recognise(&self, node_id: u64, incarnation: [u8; 16]) -> io::Result<bool> {
        let mut identity = self.identity.lock();
        match identity.met.get(&node_id) {
            Some(met) => Ok(*met == incarnation),
            None => {
                let mut known = identity.clone();
                known.met.insert(node_id, incarnation);
                write(&self.path.join("identity"), &known)?;
                *identity = known;
                Ok(true)
            }
        }
    }
}

fn holds_data(path: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(path)? {
        let name = entry?.file_name();
        if name != "lock" && name != "identity.new" {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read(sealed: &[u8]) -> io::Result<Identity> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    plain::decode(envelope::open(Kind::Identity, sealed).map_err(invalid)?).map_err(invalid)
}

fn write(file: &Path, identity: &Identity) -> io::Result<()> {
    let bytes = plain::encode(identity).map_err(io::Error::other)?;
    write_whole(file, &envelope::seal(Kind::Identity, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path, cluster: &str, node: u64, fresh: u8) -> Result<DataFolder, IdentityError> {
        DataFolder::open(path, cluster, node, [fresh; 16])
    }

    #[test]
    fn a_folder_keeps_its_identity() {
        let folder = tempfile::TempDir::new().unwrap();
        assert_eq!(open(folder.path(), "c", 1, 7).unwrap().incarnation(), [7; 16]);
        assert_eq!(open(folder.path(), "c", 1, 8).unwrap().incarnation(), [7; 16]);
        assert!(matches!(open(folder.path(), "c", 2, 8), Err(IdentityError::Foreign { .. })));
        assert!(matches!(open(folder.path(), "d", 1, 8), Err(IdentityError::Foreign { .. })));
    }

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::TempDir::new().unwrap();
        let _first = open(folder.path(), "c", 1, 7).unwrap();
        assert!(matches!(open(folder.path(), "c", 1, 7), Err(IdentityError::InUse(_))));
    }

    #[test]
    fn data_without_identity_is_not_taken_over() {
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("raft")).unwrap();
        assert!(matches!(open(folder.path(), "c", 1, 7), Err(IdentityError::Nameless(_))));
    }

    #[test]
    fn a_wiped_node_is_recognised_as_another_one() {
        let folder = tempfile::TempDir::new().unwrap();
        let data = open(folder.path(), "c", 1, 7).unwrap();
        assert!(data.recognise(2, [1; 16]).unwrap());
        assert!(data.recognise(2, [1; 16]).unwrap());
        assert!(!data.recognise(2, [2; 16]).unwrap());
        drop(data);
        assert!(!open(folder.path(), "c", 1, 7).unwrap().recognise(2, [2; 16]).unwrap());
    }

    #[test]
    fn a_damaged_identity_is_an_error() {
        let folder = tempfile::TempDir::new().unwrap();
        drop(open(folder.path(), "c", 1, 7).unwrap());
        let file = folder.path().join("identity");
        let mut sealed = std::fs::read(&file).unwrap();
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        std::fs::write(&file, sealed).unwrap();
        assert!(matches!(open(folder.path(), "c", 1, 7), Err(IdentityError::Io { .. })));
    }
}
