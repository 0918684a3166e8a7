//! Deadlines, the calendar, leases.

use super::Change;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Which deadlines.
#[derive(Clone, Debug, Args)]
pub struct DeadlineFilter {
    /// Of one kind, such as LEASE_RENT
    #[arg(long, default_value = "")]
    pub kind: String,
    /// Of books of one zone, by its customs office
    #[arg(long, default_value = "")]
    pub office: String,
    /// Of books of one owner, by customs number
    #[arg(long, default_value = "")]
    pub party: String,
    /// Of one book
    #[arg(long, default_value = "")]
    pub book: String,
}

/// `due`
#[derive(Debug, Args)]
pub struct Due {
    /// Up to so many days after the first day
    #[arg(long, default_value_t = 14)]
    pub days: u32,
    /// The first day, YYYY-MM-DD [default: the ledger's own day]
    #[arg(long, default_value = "")]
    pub from: String,
    #[command(flatten)]
    pub filter: DeadlineFilter,
}

/// `overdue`
#[derive(Debug, Subcommand)]
pub enum Overdue {
    /// Deadlines that fell before a day and are still open
    #[command(after_help = "Example:\n  zonebook overdue list --kind BATCH_NOT_DECLARED --as-of 2026-08-01")]
    List {
        /// They fell before this day, YYYY-MM-DD [default: the ledger's own day]
        #[arg(long, default_value = "")]
        as_of: String,
        #[command(flatten)]
        filter: DeadlineFilter,
    },
    /// Writes down at once what has become overdue since the last time; the node that leads has it done now and then by
    /// itself (`serve --tick-seconds`)
    #[command(after_help = "Example:\n  zonebook overdue record")]
    Record {
        #[command(flatten)]
        change: Change,
    },
    /// What was written down, also what has ended since
    #[command(after_help = "Example:\n  zonebook overdue history -o csv")]
    History,
}

/// `calendar`
#[derive(Debug, Subcommand)]
pub enum Calendar {
    /// Sets a year; it replaces what was set of that year before (customs)
    #[command(
        after_help = "Example:\n  zonebook calendar set 2026 --holiday 2026-10-01 --holiday 2026-10-02 --working-day 2026-10-10"
    )]
    Set {
        /// The year
        year: u64,
        /// A day without work, YYYY-MM-DD. May be repeated
        #[arg(long)]
        holiday: Vec<String>,
        /// A Saturday or Sunday on which work is done, YYYY-MM-DD. May be repeated
        #[arg(long)]
        working_day: Vec<String>,
        #[command(flatten)]
        change: Change,
    },
    /// One year
    #[command(after_help = "Example:\n  zonebook calendar get 2026")]
    Get {
        /// The year
        year: u64,
    },
}

/// `lease`
#[derive(Debug, Subcommand)]
pub enum Lease {
    /// Registers a contract, as JSON of `Lease` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook lease register lease.json --dry-run")]
    Register {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Notes that a payment of rent was declared
    #[command(
        after_help = "Example:\n  zonebook lease rent K2026-1 3 --declaration 993520261000000001 --on 2026-07-10 --change-no 4"
    )]
    Rent {
        /// The contract
        lease_no: String,
        /// The number of the payment
        number: u64,
        /// The declaration or list, mode 9800
        #[arg(long)]
        declaration: String,
        /// The day of the declaration, YYYY-MM-DD
        #[arg(long)]
        on: String,
        /// One more than the last accepted change
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// A later last day, more payments, as JSON of `ExtendLeaseRequest` in the contract (`-` reads standard input)
    Extend {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Another lessor, as JSON of `ChangeLessorRequest` in the contract (`-` reads standard input)
    Lessor {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// What the office elsewhere saw
    #[command(
        after_help = "Example:\n  zonebook lease observe K2026-1 --office 0217 --at 2026-07-10T10:00:00 --location 'Hangar 3' --attended --change-no 5"
    )]
    Observe {
        /// The contract
        lease_no: String,
        /// The office
        #[arg(long)]
        office: String,
        /// When, on its clock, YYYY-MM-DDThh:mm:ss
        #[arg(long)]
        at: String,
        /// Where the assets are
        #[arg(long)]
        location: String,
        /// The officers were there
        #[arg(long)]
        attended: bool,
        /// What they saw
        #[arg(long, default_value = "")]
        remark: String,
        /// One more than the last accepted change
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Closes a lease whose rent is declared and whose assets are back or bought out
    Close {
        /// The contract
        lease_no: String,
        /// The day, YYYY-MM-DD
        #[arg(long)]
        on: String,
        /// One more than the last accepted change
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// One lease, payment by payment
    Get {
        /// The contract
        lease_no: String,
    },
    /// Leases in order of contract number
    List,
}
