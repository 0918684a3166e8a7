//! What `serve` is told, as TOML.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use thiserror::Error;
use zonebook_consensus::Member;
use zonebook_exchange::buyer::BuyerKey;

/// More than this is no bound.
const REQUEST_MIB_MAX: u64 = 1 << 20;

/// The settings of one node. Every key has a default but `members`, so that `serve` alone is a node of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The name of the cluster; the same on every member.
    pub cluster: String,
    /// This node's number, from 1; never used for another node of this cluster.
    pub node: u64,
    /// Where its data is.
    pub data: PathBuf,
    /// Where clients reach it.
    pub api: SocketAddr,
    /// Where other nodes reach it.
    pub peer: SocketAddr,
    /// Where probes and metrics are served.
    pub http: SocketAddr,
    /// The members that form the cluster; the same on every one of them. Empty: this node alone, or one that joins.
    pub members: Vec<ConfiguredMember>,
    /// Waits to be added to a cluster instead of forming one.
    pub join: bool,
    /// A snapshot is taken after so many MiB of log.
    pub snapshot_log_mib: u64,
    /// So many MiB of log are kept behind a snapshot.
    pub keep_log_mib: u64,
    /// At least so many entries are kept behind a snapshot, however small they are. A follower that lacks more takes the
    /// snapshot; fewer than are on their way at once make it do so for nothing.
    pub keep_log_entries: u64,
    /// So many MiB of requests are read or worked on at a time; what is over is told when to come back.
    pub request_mib: u64,
    /// A node with less than so many MiB of free disk takes no changes while it leads, and serves reads. What it keeps free
    /// is for what goes on by itself: the log of others' changes, snapshots, elections.
    pub reserve_mib: u64,
    /// So many entries of the log are sealed into one segment of the archive; the same on every member, and never
    /// changed: backups and nodes know segments by their ranges.
    pub archive_entries: u64,
    /// A file with the key for the hashes of buyers, at least 32 bytes; the same on every member, and for as long as the
    /// limits of a year are to hold. Without it buyers are not known and no yearly limit is held.
    pub buyer_key: Option<PathBuf>,
    /// So many seconds lie between two runs of the cross checks; 0: they do not run.
    pub check_every_seconds: u64,
    /// Every so many seconds the node that leads has written down what has become overdue; 0: only when it is told to
    /// (`zonebook overdue record`).
    pub tick_seconds: u64,
}

/// A member of the cluster to form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredMember {
    /// Its number.
    pub node: u64,
    /// Where other nodes reach it.
    pub peer: SocketAddr,
    /// Where clients reach it.
    pub api: SocketAddr,
}

/// Settings that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {error}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not TOML, or has a key or value that is not known.
    #[error("{path}: {error}")]
    Toml {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: toml::de::Error,
    },
    /// Values that contradict each other.
    #[error("{0}")]
    Value(String),
}

impl Default for Config {
    fn default() -> Self {
        let loopback = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            cluster: "zonebook".into(),
            node: 1,
            data: "zonebook-data".into(),
            api: loopback(7400),
            peer: loopback(7401),
            http: loopback(7402),
            members: Vec::new(),
            join: false,
            snapshot_log_mib: 512,
            keep_log_mib: 256,
            keep_log_entries: 1000,
            request_mib: 256,
            reserve_mib: 512,
            archive_entries: 4096,
            buyer_key: None,
            check_every_seconds: 3_600,
            tick_seconds: 3_600,
        }
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or says what cannot be.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| ConfigError::Io { path: path.into(), error })?;
        let config: Self =
            toml::from_str(&text).map_err(|error| ConfigError::Toml { path: path.into(), error })?;
        config.check()?;
        Ok(config)
    }

    /// Checks that the values agree.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: String| Err(ConfigError::Value(text));
        if self.node == 0 {
            return wrong("node: numbers begin at 1".into());
        }
        if !(1..=REQUEST_MIB_MAX).contains(&self.request_mib) {
            return wrong(format!("request_mib: {}; 1 to {REQUEST_MIB_MAX}", self.request_mib));
        }
        if self.cluster.is_empty() || self.cluster.len() > 64 {
            return wrong("cluster: 1 to 64 bytes".into());
        }
        if self.archive_entries == 0 {
            return wrong("archive_entries: at least 1".into());
        }
        for (key, address) in [("api", self.api), ("peer", self.peer), ("http", self.http)] {
            if !address.ip().is_loopback() {
                return wrong(format!(
                    "{key}: {address} is not a loopback address; without certificates a node must not be reached from elsewhere"
                ));
            }
        }
        if self.join && !self.members.is_empty() {
            return wrong("join: a node that joins is told of the members by the cluster".into());
        }
        let numbers: BTreeMap<u64, &ConfiguredMember> =
            self.members.iter().map(|member| (member.node, member)).collect();
        if numbers.len() != self.members.len() {
            return wrong("members: a number stands twice".into());
        }
        if !self.members.is_empty() && !numbers.contains_key(&self.node) {
            return wrong(format!("members: node {} itself is missing", self.node));
        }
        Ok(())
    }

    /// The key for the hashes of buyers.
    ///
    /// # Errors
    /// The file cannot be read, or is too short.
    pub fn buyers(&self) -> Result<Option<BuyerKey>, ConfigError> {
        let Some(path) = &self.buyer_key else { return Ok(None) };
        let bytes = std::fs::read(path).map_err(|error| ConfigError::Io { path: path.clone(), error })?;
        let key = BuyerKey::new(&bytes).ok_or_else(|| {
            let (path, bytes_min) = (path.display(), BuyerKey::BYTES_MIN);
            ConfigError::Value(format!("buyer_key: {path} has {} bytes; at least {bytes_min}", bytes.len()))
        })?;
        Ok(Some(key))
    }

    /// How this node is reached.
    #[must_use]
    pub fn member(&self) -> Member {
        Member { peer_address: self.peer.to_string(), api_address: self.api.to_string() }
    }

    /// The members that form the cluster; `None` for a node that joins one.
    #[must_use]
    pub fn founders(&self) -> Option<BTreeMap<u64, Member>> {
        if self.join {
            return None;
        }
        if self.members.is_empty() {
            return Some(BTreeMap::from([(self.node, self.member())]));
        }
        let member = |member: &ConfiguredMember| Member {
            peer_address: member.peer.to_string(),
            api_address: member.api.to_string(),
        };
        Some(self.members.iter().map(|configured| (configured.node, member(configured))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        let config: Config = toml::from_str(text).map_err(|error| error.to_string())?;
        config.check().map_err(|error| error.to_string())?;
        Ok(config)
    }

    #[test]
    fn nothing_said_is_a_node_of_its_own() {
        let config = read("").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(config.founders().unwrap().len(), 1);
    }

    #[test]
    fn a_key_for_buyers_is_read_from_its_file() {
        let folder = std::env::temp_dir().join(format!("zonebook-key-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (long, short) = (folder.join("long"), folder.join("short"));
        std::fs::write(&long, [7; 32]).unwrap();
        std::fs::write(&short, [7; 31]).unwrap();
        let of = |path: &Path| Config { buyer_key: Some(path.into()), ..Config::default() }.buyers();
        assert!(Config::default().buyers().unwrap().is_none());
        assert!(of(&long).unwrap().is_some());
        assert!(of(&short).unwrap_err().to_string().contains("at least 32"));
        assert!(of(&folder.join("none")).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("nod = 1", "unknown field `nod`"),
            ("node = 0", "node: numbers begin at 1"),
            ("api = '0.0.0.0:7400'", "api: 0.0.0.0:7400 is not a loopback address"),
            ("api = 'here'", "invalid socket address"),
            ("[[members]]\nnode = 2\npeer = '127.0.0.1:1'\napi = '127.0.0.1:2'", "node 1 itself is missing"),
            ("join = true\n[[members]]\nnode = 1\npeer = '127.0.0.1:1'\napi = '127.0.0.1:2'", "join:"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
