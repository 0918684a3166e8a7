//! Books: their life, items, BOM versions and what customs orders about them.

use super::Change;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `book`
#[derive(Debug, Subcommand)]
pub enum Book {
    /// Files or changes a book, as JSON of `BookFiling` in the contract (`-` reads standard input)
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Makes a book valid until a later day (customs)
    #[command(
        after_help = "Example:\n  zonebook book extend T9931W000001 --valid-until 2027-12-31 --reason \"application 12\""
    )]
    Extend {
        /// The book
        book_no: String,
        /// The new last day, YYYY-MM-DD
        #[arg(long)]
        valid_until: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Puts a book under investigation, or ends that (customs)
    #[command(
        after_help = "Example:\n  zonebook book case T9931W000001 --case-no C2026-17 --reason \"stock check\""
    )]
    Case {
        /// The book
        book_no: String,
        /// The number of the case
        #[arg(long)]
        case_no: String,
        /// The case is over
        #[arg(long)]
        lift: bool,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Ends an empty book for good (customs)
    #[command(
        after_help = "Example:\n  zonebook book cancel T9931W000001 --reason \"succeeded by T9931W000009\""
    )]
    Cancel {
        /// The book
        book_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Carries goods over to the book that succeeds theirs, as JSON of `CarryOver` in the contract (`-` reads standard
    /// input) (customs)
    #[command(after_help = "Example:\n  zonebook book carry-over carried.json --dry-run")]
    CarryOver {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One carry-over; `-o json` has which item became which
    #[command(after_help = "Example:\n  zonebook book carried-over K99312607010001 -o json")]
    CarriedOver {
        /// Its number
        carry_over_no: String,
    },
    /// What customs ordered about a book, oldest first
    #[command(after_help = "Example:\n  zonebook book orders T9931W000001")]
    Orders {
        /// The book
        book_no: String,
    },
    /// One book
    Get {
        /// `bwsNo`
        book_no: String,
    },
    /// Books in order of number
    List,
    /// Items of a book
    Items {
        /// `bwsNo`
        book_no: String,
    },
    /// BOM versions of a book, line by line
    Bom {
        /// `emsNo`
        book_no: String,
        /// Of one product only
        #[arg(long)]
        product: Option<u64>,
    },
    /// How BOM versions of a book stand: their days, and whether customs challenges them
    #[command(after_help = "Example:\n  zonebook book bom-versions H99312600005 --product 1")]
    BomVersions {
        /// `emsNo`
        book_no: String,
        /// Of one product only
        #[arg(long)]
        product: Option<u64>,
    },
    /// Challenges of the BOM versions of a book, open and settled
    #[command(after_help = "Example:\n  zonebook book bom-challenges H99312600005 --open")]
    BomChallenges {
        /// `emsNo`
        book_no: String,
        /// Of one product only
        #[arg(long)]
        product: Option<u64>,
        /// Only those that are not settled
        #[arg(long)]
        open: bool,
    },
    /// Says on which days a BOM version may be used; without days on all
    #[command(
        after_help = "Example:\n  zonebook book bom-validity H99312600005 1 26061501 --until 2026-12-31 --reason \"season 2026\""
    )]
    BomValidity {
        #[command(flatten)]
        name: BomName,
        /// The first day, YYYY-MM-DD
        #[arg(long)]
        from: Option<String>,
        /// The last day, YYYY-MM-DD
        #[arg(long)]
        until: Option<String>,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Challenges a BOM version: nothing new is made by it until that is settled (customs)
    #[command(
        after_help = "Example:\n  zonebook book bom-challenge H99312600005 1 26061501 --notice N2026-3 --reason \"loss of cloth above the trade's\""
    )]
    BomChallenge {
        #[command(flatten)]
        name: BomName,
        /// The number of the notice
        #[arg(long)]
        notice: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Settles the challenge of a BOM version: confirms it, or puts another one in its place (customs)
    #[command(
        after_help = "Example:\n  zonebook book bom-settle H99312600005 1 26061501 --notice N2026-3 --minutes M2026-3 --replaced-by 26070101 --reason \"measured\""
    )]
    BomSettle {
        #[command(flatten)]
        name: BomName,
        /// The notice by which it is challenged
        #[arg(long)]
        notice: String,
        /// The minutes of the consultation: their number, or what they say
        #[arg(long)]
        minutes: String,
        /// The version that takes its place; without it the version is confirmed
        #[arg(long)]
        replaced_by: Option<String>,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Says in which order an accumulating book gives up its lots (customs)
    #[command(
        after_help = "Example:\n  zonebook book lot-method T9935W000001 FIFO --take-over --reason \"approved method\""
    )]
    LotMethod {
        /// `bwsNo`, `emsNo`
        book_no: String,
        /// FIFO, SPECIFIC, NEAREST_EXPIRY, or NONE to keep no lots
        method: String,
        /// What is on hand becomes one lot for each item and place
        #[arg(long)]
        take_over: bool,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Registers whether the units of an item of a repair book are own-group products (customs)
    #[command(
        after_help = "Examples:\n  zonebook book own-group T9931W000003 6 --from 2026-06-01 --until 2026-12-31 --evidence \"trade mark certificate 7\"\n  zonebook book own-group T9931W000003 6 --not --from 2026-09-01 --until 2026-12-31 --evidence \"mark sold on 31 August\""
    )]
    OwnGroup {
        /// `emsNo`
        book_no: String,
        /// The item: its number
        number: u64,
        /// They are none: takes days back that were registered before
        #[arg(long)]
        not: bool,
        /// The first day, YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// The last day, YYYY-MM-DD
        #[arg(long)]
        until: String,
        /// What it rests on
        #[arg(long)]
        evidence: String,
        #[command(flatten)]
        change: Change,
    },
    /// What was registered of own-group products of a book
    OwnGroups {
        /// `emsNo`
        book_no: String,
    },
    /// Stops or frees a book or an item (customs)
    Stop {
        /// `bwsNo`
        book_no: String,
        /// One item: its number
        #[arg(long)]
        item: Option<u64>,
        /// The item's mark
        #[arg(long, default_value = "I")]
        mark: String,
        /// Nothing may come in
        #[arg(long)]
        inward: bool,
        /// Nothing may go out
        #[arg(long)]
        outward: bool,
        /// What is filed may not be changed
        #[arg(long)]
        changes: bool,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
}

/// Which BOM version
#[derive(Debug, Args)]
pub struct BomName {
    /// `emsNo`
    pub book_no: String,
    /// The item of the product
    pub product: u64,
    /// `ucnsVerno`
    pub version: String,
}
