//! `regime`: what other customs regimes ask for, and the closing rule of repair.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// `regime`
#[derive(Debug, Subcommand)]
pub enum Regime {
    /// The yearly reconciliation of a US foreign-trade zone: opening, receipts, transfers, adjustments, closing; what a count
    /// found, and what of that is reported at once
    #[command(
        after_help = "The columns of the statuses: kind,item,lot,status; without a lot a row is of all of the item. PF, NPF, D or ZR.\n\nExamples:\n  zonebook regime annual T9931W000001 --end 2026-12-31 --counted count.csv\n  zonebook regime annual T9931W000001 --end 2026-12-31 --statuses elected.csv -o json     with the lots"
    )]
    Annual {
        /// Number of the book
        book_no: String,
        /// Last day of the year, YYYY-MM-DD
        #[arg(long)]
        end: String,
        /// First day, YYYY-MM-DD [default: a year before]
        #[arg(long)]
        begin: Option<String>,
        /// What was counted on the last day: a table like `count.csv`; rows of other books are passed over
        #[arg(long)]
        counted: Option<PathBuf>,
        /// What was elected of goods at their admission: a table [default: all is non-privileged foreign]
        #[arg(long)]
        statuses: Option<PathBuf>,
        /// The day of the report, YYYY-MM-DD [default: the last day for it]
        #[arg(long)]
        reported_on: Option<String>,
        /// As it was known after this revision [default: now]
        #[arg(long)]
        revision: Option<u64>,
    },
    /// The bill of discharge of a special procedure (EU, UK): what became of goods placed in one month or quarter
    #[command(
        after_help = "Examples:\n  zonebook regime discharge H99312600005 --placed-on 2026-06-15 --months 6\n  zonebook regime discharge H99312600005 --placed-on 2026-06-15 --gathered quarterly --months 6 -o json     with the products"
    )]
    Discharge {
        /// Number of the book
        book_no: String,
        /// A day of the month or quarter in which the goods were placed, YYYY-MM-DD
        #[arg(long)]
        placed_on: String,
        /// How long goods are gathered that have one period of discharge
        #[arg(long, value_enum, default_value_t)]
        gathered: Gathered,
        /// Months of the period of discharge
        #[arg(long)]
        months: u32,
        /// As it was known after this revision [default: now]
        #[arg(long)]
        revision: Option<u64>,
    },
    /// The closing rule of a repair book: what became of units and removed parts, by where they came from
    #[command(
        after_help = "came in + removed + entered = repaired + other out + exported + sold + transferred + destroyed + fitted + written off + on hand; `from` is 2 for units from abroad, 3 for those from the domestic side\n\nExample:\n  zonebook regime repair H99312600007"
    )]
    Repair {
        /// Number of the book
        book_no: String,
        /// As it was known after this revision [default: now]
        #[arg(long)]
        revision: Option<u64>,
    },
}

/// How long goods are gathered.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Gathered {
    /// By calendar month
    #[default]
    Monthly,
    /// By calendar quarter
    Quarterly,
}

impl Gathered {
    /// Its code in the contract.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Monthly => "MONTHLY",
            Self::Quarterly => "QUARTERLY",
        }
    }
}
