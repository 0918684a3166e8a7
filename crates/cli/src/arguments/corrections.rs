//! What goes wrong with documents after they were filed.

use super::Change;
use clap::Subcommand;
use std::path::PathBuf;

/// `correction`
#[derive(Debug, Subcommand)]
pub enum Correction {
    /// Asks customs to undo a posted list, or part of it, as JSON of `Correction` in the contract (`-` reads standard
    /// input)
    #[command(after_help = "Example:\n  zonebook correction file correction.json --dry-run")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Approves a correction, which posts it (customs)
    #[command(after_help = "Example:\n  zonebook correction approve GZ993526000001")]
    Approve {
        /// Its number
        correction_no: String,
        /// What is said to it
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Rejects a correction, which gives back what it reserved (customs)
    #[command(
        after_help = "Example:\n  zonebook correction reject GZ993526000001 --reason \"papers are missing\""
    )]
    Reject {
        /// Its number
        correction_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// One correction and what it undoes
    Get {
        /// Its number
        correction_no: String,
    },
    /// Corrections in order of number
    List,
}

/// `hold`
#[derive(Debug, Subcommand)]
pub enum Hold {
    /// Orders something about a document: HOLD, FREE, RELEASE_FOR_PASSAGE (before inspection), INSPECTION_PASSED,
    /// INSPECTION_FAILED (customs)
    #[command(
        after_help = "Examples:\n  zonebook hold order slip SLIP993526000001 HOLD --reason \"seal is broken\"\n  zonebook hold order permit FORM993526000001 FREE --reason \"papers are complete\""
    )]
    Order {
        /// permit, slip, pass or parcel
        kind: String,
        /// Its number
        number: String,
        /// What is ordered
        order: String,
        /// Why; shown with the document for ever
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// How one document stands with customs
    #[command(after_help = "Example:\n  zonebook hold get slip SLIP993526000001")]
    Get {
        /// permit, slip, pass or parcel
        kind: String,
        /// Its number
        number: String,
    },
    /// Documents about which customs ordered something, in order of kind and number
    #[command(after_help = "Example:\n  zonebook hold list --open")]
    List {
        /// Those alone that are stopped, or whose inspection is to come
        #[arg(long)]
        open: bool,
    },
}

/// `tally`
#[derive(Debug, Subcommand)]
pub enum Tally {
    /// Records what was counted of the goods of a list, as JSON of `Tally` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook tally file tally.json")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Decides on what an accepted tally did not find, as JSON of `CustomsDecision` in the contract (customs; `-` reads
    /// standard input)
    #[command(
        after_help = "Example:\n  echo '{\"decision_no\": \"K1\", \"decided_on\": \"2026-06-12\", \"lines\": [{\"line\": 1, \"outcome\": \"TAXED\"}]}' | zonebook tally decide LH99312606110001 -"
    )]
    Decide {
        /// Its number
        tally_no: String,
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One tally, what is short by it, and what customs decided on that
    #[command(after_help = "Example:\n  zonebook tally get LH99312606110001")]
    Get {
        /// Its number
        tally_no: String,
    },
    /// Tallies in order of number
    #[command(after_help = "Example:\n  zonebook tally list --undecided")]
    List {
        /// Those alone that wait for customs: to be accepted, or to be decided on
        #[arg(long)]
        undecided: bool,
    },
}
