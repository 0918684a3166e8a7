//! Differences of a count.

use super::Change;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `difference`
#[derive(Debug, Subcommand)]
pub enum Difference {
    /// Records what stays of a count above the tolerance of the office, part after part; safe to repeat
    #[command(
        after_help = "Examples:\n  zonebook difference record V2026-06 --campaign P2026-06 --owner CHEN --due 2026-07-15\n  zonebook difference record V2026-07 count.csv --as-of 2026-07-01T00:00:00 --dry-run"
    )]
    Record(DifferenceRecord),
    /// Differences in order of report and line
    #[command(
        after_help = "Examples:\n  zonebook difference list --state OPEN --office 9931\n  zonebook difference list --book H99312600005 -o csv"
    )]
    List(DifferenceList),
    /// One difference with its history: who recorded it, who decided, which movement settled it
    #[command(after_help = "Example:\n  zonebook difference get V2026-06 3")]
    Get {
        /// The report
        difference_no: String,
        /// The line
        line: u64,
    },
    /// Decides on a difference (customs): ACCEPTED_AS_LOSS, TAXED, RE_ENTERED, PENALTY_CASE or RECOUNT
    #[command(
        after_help = "Examples:\n  zonebook difference decide V2026-06 3 TAXED --decision K2026-118 --on 2026-07-10 --reason 'no cause shown' --dutiable-value 128\n  zonebook difference decide V2026-06 4 RE_ENTERED --decision K2026-119 --on 2026-07-10 --reason 'found in hall 2'"
    )]
    Decide(Decide),
    /// Says who has to see to a difference, and by when
    #[command(after_help = "Example:\n  zonebook difference assign V2026-06 3 --owner CHEN --due 2026-07-15")]
    Assign {
        /// The report
        difference_no: String,
        /// The line
        line: u64,
        /// Who
        #[arg(long)]
        owner: String,
        /// By which day [default: the day stays]
        #[arg(long, default_value = "")]
        due: String,
        #[command(flatten)]
        change: Change,
    },
    /// What an office tolerates; with --from it is set (customs)
    #[command(
        after_help = "Examples:\n  zonebook difference tolerance 9931\n  zonebook difference tolerance 9931 --from 2026-07-01 --ppm 100 --value 1400"
    )]
    Tolerance(DifferenceTolerance),
}

/// `difference record`
#[derive(Debug, Args)]
pub struct DifferenceRecord {
    /// The number of the report
    pub difference_no: String,
    /// What was counted, of one book, as for `reconcile`, where no campaign counted (`-` reads standard input)
    #[arg(required_unless_present = "campaign", requires = "as_of")]
    pub count: Option<PathBuf>,
    /// The campaign that counted; it must be closed
    #[arg(long, conflicts_with_all = ["count", "as_of"])]
    pub campaign: Option<String>,
    /// The moment of the count: a revision or a time on the ledger's clock
    #[arg(long)]
    pub as_of: Option<String>,
    /// Who has to see to them
    #[arg(long, default_value = "")]
    pub owner: String,
    /// By which day [default: the days of the parameter DIFFERENCE_DAYS]
    #[arg(long, default_value = "")]
    pub due: String,
    /// Only says what would happen
    #[arg(long)]
    pub dry_run: bool,
}

/// `difference list`
#[derive(Debug, Args)]
pub struct DifferenceList {
    /// Of one report
    #[arg(long, default_value = "")]
    pub report: String,
    /// Of one book
    #[arg(long, default_value = "")]
    pub book: String,
    /// Of the books of one office
    #[arg(long, default_value = "")]
    pub office: String,
    /// OPEN, UNDER_CASE, DECIDED, SETTLED or RECOUNT
    #[arg(long, default_value = "")]
    pub state: String,
    /// Those that somebody has to see to
    #[arg(long, default_value = "")]
    pub owner: String,
}

/// `difference decide`
#[derive(Debug, Args)]
pub struct Decide {
    /// The report
    pub difference_no: String,
    /// The line
    pub line: u64,
    /// What is decided
    pub outcome: String,
    /// Customs' own number of the decision
    #[arg(long)]
    pub decision: String,
    /// The day on which it was taken
    #[arg(long)]
    pub on: String,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// The day whose rates apply to what is taxed [default: the day of the decision]
    #[arg(long, default_value = "")]
    pub rates_on: String,
    /// What duty on all of it is computed on, in US dollars [default: its value at stake]
    #[arg(long, default_value = "")]
    pub dutiable_value: String,
    /// What it rests on, as often as needed: KIND=FILE, such as REPORT=count.pdf; the file is hashed, not sent
    #[arg(long)]
    pub evidence: Vec<String>,
    #[command(flatten)]
    pub change: Change,
}

/// `difference tolerance`
#[derive(Debug, Args)]
pub struct DifferenceTolerance {
    /// The office
    pub office: String,
    /// Sets what holds from this day on
    #[arg(long)]
    pub from: Option<String>,
    /// Parts of a million of what came in
    #[arg(long, default_value = "0", requires = "from")]
    pub ppm: String,
    /// In the declared unit of the item
    #[arg(long, default_value = "0", requires = "from")]
    pub quantity: String,
    /// In US dollars
    #[arg(long, default_value = "0", requires = "from")]
    pub value: String,
    #[command(flatten)]
    pub change: Change,
}
