//! Production and goods by status: work orders, use for research, registrations and changes of status.

use super::Change;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `work-order`
#[derive(Debug, Subcommand)]
pub enum WorkOrder {
    /// Opens an order, as JSON of `WorkOrder` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook work-order open order.json --dry-run")]
    Open {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Reports an event, as JSON of `WorkOrderEvent` in the contract (`-` reads standard input)
    #[command(
        after_help = "Example:\n  echo '{\"event_no\": 1, \"reported_at\": \"2026-06-02 12:00:00\", \"issue\": {\"goods\": [{\"number\": 1, \"quantities\": {\"declared\": \"20\"}}]}}' | zonebook work-order report WO1 -"
    )]
    Report {
        /// The order
        order_no: String,
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Takes an earlier event back
    #[command(
        after_help = "Example:\n  zonebook work-order counter WO1 2 --event-no 5 --at 2026-06-02T13:00:00 --reason 'counted wrong'"
    )]
    Counter {
        /// The order
        order_no: String,
        /// The event to take back
        cites: u64,
        /// One more than the last event of the order
        #[arg(long)]
        event_no: u64,
        /// When, on the ledger's clock, YYYY-MM-DDThh:mm:ss
        #[arg(long)]
        at: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Closes an order of which nothing is in process any more
    #[command(after_help = "Example:\n  zonebook work-order close WO1 --event-no 6 --at 2026-06-02T18:00:00")]
    Close {
        /// The order
        order_no: String,
        /// One more than the last event of the order
        #[arg(long)]
        event_no: u64,
        /// When, on the ledger's clock, YYYY-MM-DDThh:mm:ss
        #[arg(long)]
        at: String,
        #[command(flatten)]
        change: Change,
    },
    /// One order with what it was issued, gave back, used and made
    Get {
        /// Its number
        order_no: String,
    },
    /// Orders of a book in order of number
    List {
        /// The book
        book_no: String,
    },
    /// Events of an order in order of number
    Events {
        /// The order
        order_no: String,
    },
    /// What was really used for each product beside what the filed BOM version says
    #[command(
        after_help = "Examples:\n  zonebook work-order compare --book H99312600008\n  zonebook work-order compare --order WO1 --product 1"
    )]
    Compare {
        /// All orders of a book, summed up
        #[arg(long, required_unless_present = "order")]
        book: Option<String>,
        /// One order
        #[arg(long, conflicts_with = "book")]
        order: Option<String>,
        /// Of one product only
        #[arg(long)]
        product: Option<u64>,
    },
}

/// A period on the ledger's clock.
#[derive(Clone, Debug, Args)]
pub struct Period {
    /// From this time on, YYYY-MM-DDThh:mm:ss on the ledger's clock
    #[arg(long)]
    pub from: Option<String>,
    /// Before this time
    #[arg(long)]
    pub until: Option<String>,
    /// Of one project
    #[arg(long)]
    pub project: Option<String>,
}

/// `research`
#[derive(Debug, Subcommand)]
pub enum Research {
    /// Records of use in order of project and acceptance
    #[command(
        after_help = "Example:\n  zonebook research list H99312600006 --project LIDAR --from 2026-06-01T00:00:00"
    )]
    List {
        /// The book
        book_no: String,
        #[command(flatten)]
        period: Period,
    },
    /// What each project used and made
    #[command(
        after_help = "Example:\n  zonebook research report H99312600006 --until 2026-07-01T00:00:00 -o csv"
    )]
    Report {
        /// The book
        book_no: String,
        #[command(flatten)]
        period: Period,
    },
}

/// `registration`
#[derive(Debug, Subcommand)]
pub enum Registration {
    /// Registers goods that are not bonded at the gate, as JSON of `Registration` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook registration file registration.json --dry-run")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One registration
    Get {
        /// Its number
        registration_no: String,
    },
    /// Registrations in order of number
    List,
}

/// `status-change`
#[derive(Debug, Subcommand)]
pub enum StatusChange {
    /// Makes goods bonded, or ends that they are (customs), as JSON of `StatusChange` in the contract (`-` reads standard
    /// input)
    #[command(after_help = "Example:\n  zonebook status-change file change.json --dry-run")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One change of status
    Get {
        /// Its number
        status_change_no: String,
    },
    /// Changes of status in order of number
    List,
}
