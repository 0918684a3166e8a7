//! Destruction, loss, abandonment, and adjustments of a count.

use super::Change;
use clap::Subcommand;
use std::path::PathBuf;

/// `disposal`
#[derive(Debug, Subcommand)]
pub enum Disposal {
    /// Files a disposal, as JSON of `Disposal` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook disposal file destruction.json --dry-run")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Approves a level of a destruction or an abandonment (customs)
    #[command(after_help = "Example:\n  zonebook disposal approve Q99312606150001 --level 1")]
    Approve {
        /// Its number
        disposal_no: String,
        /// Which level, counted from 1: the one after the last that approved
        #[arg(long)]
        level: u64,
        /// A remark
        #[arg(long, default_value = "")]
        remark: String,
        #[command(flatten)]
        change: Change,
    },
    /// Refuses what is not approved yet (customs)
    #[command(
        after_help = "Example:\n  zonebook disposal reject Q99312606150001 --reason \"may be re-exported\""
    )]
    Reject {
        /// Its number
        disposal_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Takes a destruction or an abandonment back
    #[command(
        after_help = "Example:\n  zonebook disposal withdraw Q99312606150001 --reason \"used after all\""
    )]
    Withdraw {
        /// Its number
        disposal_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Records that approved goods were destroyed, as JSON of `ExecuteDisposalRequest` in the contract, such as
    /// {"executed_on": "2026-06-20", "evidence": [...], "residues": [...]} (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook disposal execute Q99312606150001 done.json")]
    Execute {
        /// Its number
        disposal_no: String,
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Decides on a loss or an abandonment, as JSON of `CustomsDecision` in the contract (customs; `-` reads standard
    /// input)
    #[command(after_help = "Example:\n  zonebook disposal decide Q99312606150002 decision.json")]
    Decide {
        /// Its number
        disposal_no: String,
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One disposal and how far it has come
    #[command(after_help = "Example:\n  zonebook disposal get Q99312606150001")]
    Get {
        /// Its number
        disposal_no: String,
    },
    /// Disposals in order of number
    #[command(after_help = "Example:\n  zonebook disposal list --book T9931W000001")]
    List {
        /// Of one book
        #[arg(long)]
        book: Option<String>,
    },
}

/// `adjustment`
#[derive(Debug, Subcommand)]
pub enum Adjustment {
    /// Files the differences of a verification, as JSON of `Adjustment` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook adjustment file differences.json --dry-run")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Decides on differences, as JSON of `CustomsDecision` in the contract (customs; `-` reads standard input)
    #[command(after_help = "Example:\n  zonebook adjustment decide J99312606300001 decision.json")]
    Decide {
        /// Its number
        adjustment_no: String,
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One adjustment and how far it is decided on
    #[command(after_help = "Example:\n  zonebook adjustment get J99312606300001")]
    Get {
        /// Its number
        adjustment_no: String,
    },
    /// Adjustments in order of number
    #[command(after_help = "Example:\n  zonebook adjustment list --book H99312600005")]
    List {
        /// Of one book
        #[arg(long)]
        book: Option<String>,
    },
}
