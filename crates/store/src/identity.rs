//! Whose data this is: one process, one node, one cluster, one life of the disk.
//!
//! A node whose disk was wiped has forgotten its votes and acknowledgements; let back in under its old number it could
//! take back what was promised (`openraft-notes.md` 4). So each data folder has an incarnation, drawn when it is made,
//! and every node remembers the incarnation under which it first met another.
//!
//! A folder that was rolled back, to a copy of it or to a disk image, has forgotten as much. So each start counts up a
//! session and draws a number for it; the others remember the newest they met, and how far the log of that node went a
//! while ago. A session that is older, one that was drawn twice, or a new one whose log is shorter than it was, comes
//! from an older copy. Not noticed is a copy that was taken within the last session, less than one comparison of digests
//! before its end; nor anything where nobody remembers: a cluster of one node.

use crate::files::{make_folder, write_whole};
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
    session: u64,
    draw: [u8; 16],
    /// Other nodes, as they were met.
    met: BTreeMap<u64, Life>,
}

/// The first version had no sessions.
#[derive(Deserialize)]
struct FormerIdentity {
    cluster_id: String,
    node_id: u64,
    incarnation: [u8; 16],
    met: BTreeMap<u64, [u8; 16]>,
}

impl From<FormerIdentity> for Identity {
    fn from(former: FormerIdentity) -> Self {
        let met = |(node, incarnation)| (node, Life { incarnation, ..Life::default() });
        Self {
            cluster_id: former.cluster_id,
            node_id: former.node_id,
            incarnation: former.incarnation,
            session: 0,
            draw: [0; 16],
            met: former.met.into_iter().map(met).collect(),
        }
    }
}

/// What a node says of its data folder when it meets another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Drawn when the folder was made.
    pub incarnation: [u8; 16],
    /// How often a node was started on it.
    pub session: u64,
    /// Drawn at that start.
    pub draw: [u8; 16],
    /// The last log entry that it had at that start; as it is remembered, one that it had at any time.
    pub reached: u64,
}

/// Whether a node is the one that was met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recognition {
    /// It is, or was never met.
    Known,
    /// Its folder is another one: it was wiped, or comes from elsewhere.
    Wiped,
    /// Its folder is an older copy.
    RolledBack,
}

impl Life {
    /// What a node that comes so is for one who remembers this.
    #[must_use]
    pub fn judge(&self, comes: &Self) -> Recognition {
        let newer = comes.session > self.session;
        match comes {
            _ if comes.incarnation != self.incarnation => Recognition::Wiped,
            _ if newer && comes.reached >= self.reached => Recognition::Known,
            _ if (comes.session, comes.draw) == (self.session, self.draw) => Recognition::Known,
            _ => Recognition::RolledBack,
        }
    }
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
    /// Opens or makes the folder of a node and begins a session. `fresh` is drawn for it, and is its incarnation if it is
    /// made now: 16 random bytes.
    ///
    /// # Errors
    /// It cannot be used, or not by this node.
    pub fn open(path: &Path, cluster_id: &str, node_id: u64, fresh: [u8; 16]) -> Result<Self, IdentityError> {
        make_folder(path).map_err(at(path))?;
        let lock_path = path.join("lock");
        let lock = File::create(&lock_path).map_err(at(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(IdentityError::InUse(path.into())),
            Err(TryLockError::Error(error)) => return Err(at(&lock_path)(error)),
        }
        let file = path.join("identity");
        let mut identity = match std::fs::read(&file) {
            Ok(sealed) => read(&sealed).map_err(at(&file))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if holds_data(path).map_err(at(path))? {
                    return Err(IdentityError::Nameless(path.into()));
                }
                let cluster_id = cluster_id.to_owned();
                let (incarnation, draw, met) = (fresh, fresh, BTreeMap::new());
                Identity { cluster_id, node_id, incarnation, session: 0, draw, met }
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
        (identity.session, identity.draw) = (identity.session + 1, fresh);
        write(&file, &identity).map_err(at(&file))?;
        Ok(Self { path: path.into(), identity: Mutex::new(identity), _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// This life of the disk; how far the log goes is not known here.
    #[must_use]
    pub fn life(&self) -> Life {
        let identity = self.identity.lock();
        let Identity { incarnation, session, draw, .. } = *identity;
        Life { incarnation, session, draw, reached: 0 }
    }

    /// Whether another node is the one that was met under its number. One that is, or was never met, is remembered so.
    ///
    /// # Errors
    /// That it was met could not be written down.
    pub fn recognise(&self, node_id: u64, life: Life) -> io::Result<Recognition> {
        let mut identity = self.identity.lock();
        let met = identity.met.get(&node_id).copied();
        let recognition = met.map_or(Recognition::Known, |met| met.judge(&life));
        let reached = met.map_or(0, |met| met.reached).max(life.reached);
        let life = Life { reached, ..life };
        if recognition == Recognition::Known && met != Some(life) {
            self.remember(&mut identity, node_id, life)?;
        }
        Ok(recognition)
    }

    /// Another node has a log entry that it will have for ever.
    ///
    /// # Errors
    /// It could not be written down.
    pub fn saw(&self, node_id: u64, reached: u64) -> io::Result<()> {
        let mut identity = self.identity.lock();
        match identity.met.get(&node_id).copied() {
            Some(met) if met.reached < reached => {
                self.remember(&mut identity, node_id, Life { reached, ..met })
            }
            _ => Ok(()),
        }
    }

    fn remember(&self, identity: &mut Identity, node_id: u64, life: Life) -> io::Result<()> {
        let mut known = identity.clone();
        known.met.insert(node_id, life);
        write(&self.path.join("identity"), &known)?;
        *identity = known;
        Ok(())
    }
}

/// A data folder that is looked at and not changed; no node can start on it meanwhile.
#[derive(Debug)]
pub struct InspectedFolder {
    /// The cluster that it belongs to.
    pub cluster_id: String,
    /// The node that it belongs to.
    pub node_id: u64,
    _lock: Option<File>,
}

impl InspectedFolder {
    /// Looks at it.
    ///
    /// # Errors
    /// A node works on it, or its identity cannot be read.
    pub fn open(path: &Path) -> Result<Self, IdentityError> {
        let lock_path = path.join("lock");
        let lock = match File::open(&lock_path) {
            Ok(lock) => match lock.try_lock_shared() {
                Ok(()) => Some(lock),
                Err(TryLockError::WouldBlock) => return Err(IdentityError::InUse(path.into())),
                Err(TryLockError::Error(error)) => return Err(at(&lock_path)(error)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(at(&lock_path)(error)),
        };
        let file = path.join("identity");
        let sealed = std::fs::read(&file).map_err(at(&file))?;
        let identity = read(&sealed).map_err(at(&file))?;
        Ok(Self { cluster_id: identity.cluster_id, node_id: identity.node_id, _lock: lock })
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
    let (version, payload) = envelope::open_versioned(Kind::Identity, sealed).map_err(invalid)?;
    match version {
        1 => plain::decode::<FormerIdentity>(payload).map(Into::into),
        _ => plain::decode(payload),
    }
    .map_err(invalid)
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
        let first = open(folder.path(), "c", 1, 7).unwrap().life();
        assert_eq!((first.incarnation, first.session, first.draw), ([7; 16], 1, [7; 16]));
        let second = open(folder.path(), "c", 1, 8).unwrap().life();
        assert_eq!((second.incarnation, second.session, second.draw), ([7; 16], 2, [8; 16]));
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
    fn a_wiped_or_rolled_back_node_is_recognised_as_another_one() {
        let folder = tempfile::TempDir::new().unwrap();
        let data = open(folder.path(), "c", 1, 7).unwrap();
        let life = |incarnation, session, draw, reached| Life {
            incarnation: [incarnation; 16],
            session,
            draw: [draw; 16],
            reached,
        };
        assert_eq!(data.recognise(2, life(1, 5, 1, 10)).unwrap(), Recognition::Known, "never met");
        assert_eq!(data.recognise(2, life(1, 5, 1, 10)).unwrap(), Recognition::Known, "met again");
        assert_eq!(data.recognise(2, life(1, 6, 2, 10)).unwrap(), Recognition::Known, "started again");
        data.saw(2, 90).unwrap();
        assert_eq!(data.recognise(2, life(1, 6, 2, 10)).unwrap(), Recognition::Known, "connects again");
        drop(data);
        let data = open(folder.path(), "c", 1, 7).unwrap();
        assert_eq!(data.recognise(2, life(2, 7, 3, 90)).unwrap(), Recognition::Wiped);
        assert_eq!(data.recognise(2, life(1, 5, 1, 90)).unwrap(), Recognition::RolledBack, "older session");
        assert_eq!(data.recognise(2, life(1, 6, 3, 90)).unwrap(), Recognition::RolledBack, "drawn twice");
        assert_eq!(data.recognise(2, life(1, 7, 3, 89)).unwrap(), Recognition::RolledBack, "shorter log");
        assert_eq!(data.recognise(2, life(1, 7, 3, 90)).unwrap(), Recognition::Known);
    }

    /// As the release before this one wrote it.
    const FORMER: &str = "080001002e00000019c9b6560600000000000000666f726d65720100000000000000\
                          bdcbc6d12a2048d89672b0996ce4c15b0000000000000000";

    #[test]
    fn the_former_version_is_read_and_an_unknown_one_named() {
        let bytes = |text: &str| -> Vec<u8> {
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
        };
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::write(folder.path().join("identity"), bytes(FORMER)).unwrap();
        let life = open(folder.path(), "former", 1, 9).unwrap().life();
        assert_eq!((life.incarnation[0], life.session, life.draw), (0xbd, 1, [9; 16]));
        let mut unknown = bytes(FORMER);
        unknown[2] = 9;
        std::fs::write(folder.path().join("identity"), unknown).unwrap();
        let error = open(folder.path(), "former", 1, 9).unwrap_err().to_string();
        assert!(error.contains("Identity has format version 9; this release knows 1 to 2"), "{error}");
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
