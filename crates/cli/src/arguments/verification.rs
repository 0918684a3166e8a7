//! `verification`: the figures of a period, its declaration, its closing.

use super::Change;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `verification`
#[derive(Debug, Subcommand)]
pub enum Verification {
    /// The figures of a period item by item, beside what is declared; a difference is what is there less the book
    #[command(
        after_help = "Examples:\n  zonebook verification compute H99312600005 --sequence 2\n  zonebook verification compute H99312600005 --begin 2026-06-01 --end 2026-06-30 --counted count.csv -o json"
    )]
    Compute {
        /// `emsNo`
        book_no: String,
        #[command(flatten)]
        period: VerifiedPeriod,
        /// As it was known after this revision [default: now, or when the period was closed]
        #[arg(long)]
        revision: Option<u64>,
    },
    /// Declares a period, as JSON of `Verification` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook verification file declaration.json")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// How far a verification has come
    #[command(after_help = "Example:\n  zonebook verification show H99312600005 2")]
    Show {
        /// `emsNo`
        book_no: String,
        /// `chgoffTmsCnt`
        sequence: u64,
    },
    /// Declarations of a book in order of acceptance
    #[command(after_help = "Example:\n  zonebook verification list H99312600005 --items -o json")]
    List {
        /// `emsNo`
        book_no: String,
        /// With what each says of its items
        #[arg(long)]
        items: bool,
    },
    /// Asks for an addition to a declaration (customs)
    #[command(
        after_help = "Example:\n  zonebook verification supplement H99312600005 2 --reason 'the scrap'"
    )]
    Supplement {
        /// `emsNo`
        book_no: String,
        /// `chgoffTmsCnt`
        sequence: u64,
        /// What is missing
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Confirms the differences (the enterprise)
    #[command(after_help = "Example:\n  zonebook verification confirm H99312600005 2")]
    Confirm {
        /// `emsNo`
        book_no: String,
        /// `chgoffTmsCnt`
        sequence: u64,
        /// A remark
        #[arg(long, default_value = "")]
        remark: String,
        #[command(flatten)]
        change: Change,
    },
    /// Closes a period: what was posted in it can be neither changed nor taken back from then on (customs)
    #[command(after_help = "Example:\n  zonebook verification close H99312600005 2")]
    Close {
        /// `emsNo`
        book_no: String,
        /// `chgoffTmsCnt`
        sequence: u64,
        /// A remark
        #[arg(long, default_value = "")]
        remark: String,
        #[command(flatten)]
        change: Change,
    },
    /// Writes the declaration as messages (`EMS121`, not signed) into a folder
    #[command(
        after_help = "Example:\n  zonebook verification message H99312600005 2 --end 2026-06-30 --counted count.csv --sent-at '2026-07-02 09:00:00' --folder outbox"
    )]
    Message {
        /// `emsNo`
        book_no: String,
        /// `chgoffTmsCnt` that it is to carry
        sequence: u64,
        /// First day, YYYY-MM-DD, where it is not declared yet
        #[arg(long)]
        begin: Option<String>,
        /// Last day, YYYY-MM-DD, where it is not declared yet
        #[arg(long)]
        end: Option<String>,
        /// What was counted: a table like `count.csv`
        #[arg(long)]
        counted: Option<PathBuf>,
        /// When it is declared, YYYY-MM-DD hh:mm:ss
        #[arg(long)]
        sent_at: String,
        /// Where to
        #[arg(long)]
        folder: PathBuf,
    },
}

/// Which period, and what was counted at its end.
#[derive(Debug, Args)]
pub struct VerifiedPeriod {
    /// `chgoffTmsCnt` of a verification that was declared
    #[arg(long, conflicts_with_all = ["begin", "end"])]
    pub sequence: Option<u64>,
    /// First day, YYYY-MM-DD [default: the first of the book]
    #[arg(long)]
    pub begin: Option<String>,
    /// Last day, YYYY-MM-DD [default: now]
    #[arg(long)]
    pub end: Option<String>,
    /// What was counted: a table like `count.csv` [default: what is declared to remain]
    #[arg(long)]
    pub counted: Option<PathBuf>,
}
