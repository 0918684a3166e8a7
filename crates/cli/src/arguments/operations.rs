//! What operators say: the cluster, backups, work without a server.

use super::Change;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// `cluster`
#[derive(Debug, Subcommand)]
pub enum Cluster {
    /// What every member knows; members that do not answer are named
    #[command(after_help = "Examples:\n  zonebook cluster status\n  zonebook cluster status -o json")]
    Status,
    /// Adds a node that was started with `join = true`: it catches up as a learner, and votes if told to
    #[command(
        after_help = "Example:\n  zonebook cluster add 4 --peer 127.0.0.1:7431 --api 127.0.0.1:7430 --promote"
    )]
    Add {
        /// A number that was never used in this cluster
        node_id: u64,
        /// Where other nodes reach it
        #[arg(long)]
        peer: SocketAddr,
        /// Where clients reach it
        #[arg(long)]
        api: SocketAddr,
        /// Makes it a voter when it has caught up
        #[arg(long)]
        promote: bool,
    },
    /// Makes a learner a voter
    Promote {
        /// Its number
        node_id: u64,
    },
    /// Removes a member for good; refused where too few of the voters that stay answer
    #[command(after_help = "Example:\n  zonebook cluster remove 2")]
    Remove {
        /// Its number
        node_id: u64,
        /// Even where too few of the voters that stay answer
        #[arg(long)]
        even_without_quorum: bool,
    },
    /// Hands leadership over
    #[command(after_help = "Example:\n  zonebook cluster transfer 2")]
    Transfer {
        /// To this voter [default: the one that is furthest]
        node_id: Option<u64>,
    },
    /// Takes a snapshot on the node that is asked
    Snapshot,
    /// Puts a higher behaviour in force, for good, once every member knows it: after an upgrade of all nodes
    #[command(after_help = "Example:\n  zonebook cluster raise-behaviour 2")]
    RaiseBehaviour {
        /// More than the one in force; `cluster status -o json` shows both it and what each node knows
        behaviour: u32,
        #[command(flatten)]
        change: Change,
    },
}

/// `backup`
#[derive(Debug, Args)]
pub struct Backup {
    /// The folder of the backups of this cluster; it is made where it is not there
    #[arg(long)]
    pub to: PathBuf,
    /// Only what is new since the last backup in the folder: segments of the archive, and the log behind them
    #[arg(long)]
    pub incremental: bool,
}

/// `offline`
#[derive(Debug, Subcommand)]
pub enum Offline {
    /// Checks every file of a data folder or a backup, every row and every entry. Exit code 7 if something is damaged
    #[command(
        after_help = "Examples:\n  zonebook offline verify zonebook-data\n  zonebook offline verify /backups/zonebook -o json"
    )]
    Verify {
        /// The data folder of a node that does not run, or a folder of backups
        folder: PathBuf,
    },
    /// Executes the history again and compares every table with what is kept. Exit code 7 if a row differs
    #[command(after_help = "Example:\n  zonebook offline replay zonebook-data --scratch /var/tmp")]
    Replay {
        /// The data folder of a node that does not run, or a folder of backups
        folder: PathBuf,
        /// Where there is room for a second state [default: the folder for temporary files]
        #[arg(long)]
        scratch: Option<PathBuf>,
    },
    /// Makes a data folder of the newest backup, once all of it is verified and executed again
    #[command(
        after_help = "Examples:\n  zonebook offline restore --from /backups/zonebook --to zonebook-restored\n  zonebook offline restore --from /backups/zonebook --to before --time 2026-06-30T18:00:00\n  zonebook offline restore --from /backups/zonebook --to at --revision 120000\n\nThe restored node is a cluster of its own under a new name; `cluster add` lets others join."
    )]
    Restore(RestoreFrom),
}

/// `offline restore`
#[derive(Debug, Args)]
pub struct RestoreFrom {
    /// The folder of backups
    #[arg(long)]
    pub from: PathBuf,
    /// The data folder to make; it must not be there, or be empty
    #[arg(long)]
    pub to: PathBuf,
    /// Stops behind this revision
    #[arg(long, conflicts_with = "time")]
    pub revision: Option<u64>,
    /// Stops before the first command of this moment of the ledger's clock: YYYY-MM-DDThh:mm:ss
    #[arg(long)]
    pub time: Option<String>,
    /// The name of the new cluster [default: the former one with a random ending]
    #[arg(long)]
    pub cluster: Option<String>,
    /// The number of the new node
    #[arg(long, default_value_t = 1)]
    pub node: u64,
    /// Where clients will reach it
    #[arg(long, default_value = "127.0.0.1:7400")]
    pub api: SocketAddr,
    /// Where other nodes will reach it
    #[arg(long, default_value = "127.0.0.1:7401")]
    pub peer: SocketAddr,
}
