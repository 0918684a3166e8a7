//! Count campaigns.

use super::Change;
use clap::Subcommand;
use std::path::PathBuf;

/// `count`
#[derive(Debug, Subcommand)]
pub enum Count {
    /// Opens a campaign: what the book has now is what counts are compared with, and movements go on
    #[command(
        after_help = "Examples:\n  zonebook count open P2026-06 H99312600005 --owner 99316A0005\n  zonebook count open P2026-07 H99312600005 --owner 99316A0005 --items I:1-40 --items E:7 --blind --counters 2"
    )]
    Open {
        /// Its number
        campaign_no: String,
        /// The book
        book_no: String,
        /// The enterprise that owns the book
        #[arg(long)]
        owner: String,
        /// Items to count, MARK:FIRST-LAST or MARK:NUMBER, as often as needed [default: all of the book]
        #[arg(long)]
        items: Vec<String>,
        /// The part of the zone where they stand
        #[arg(long, default_value = "")]
        area: String,
        /// Whoever counts is not told what the book has, nor what others counted
        #[arg(long)]
        blind: bool,
        /// How many have to count each thing
        #[arg(long, default_value_t = 1)]
        counters: u64,
        #[command(flatten)]
        change: Change,
    },
    /// What has to be counted, as a sheet to fill in: write into `counted`, then record it
    #[command(
        after_help = "Examples:\n  zonebook count sheet P2026-06 -o xlsx > sheet.xlsx\n  zonebook count sheet P2026-06 --open -o csv     what is not agreed on yet"
    )]
    Sheet {
        /// The campaign
        campaign_no: String,
        /// Only what is still to be counted, or again
        #[arg(long)]
        open: bool,
        /// Also what a blind campaign hides while it is open (customs)
        #[arg(long)]
        reveal: bool,
    },
    /// Records what one counter counted, from a CSV or XLSX file with the columns book, kind, item, serial, unit, counted and
    /// any of place, lot, area, bom_version, counted_at; safe to repeat
    #[command(
        after_help = "Examples:\n  zonebook count record P2026-06 count.csv --counter LI\n  zonebook count record P2026-06 again.xlsx --counter WANG --round 2 --counted-at '2026-06-30 18:30:00'"
    )]
    Record {
        /// The campaign
        campaign_no: String,
        /// The file; lines of other books and lines without a count are passed over
        file: PathBuf,
        /// Who counted
        #[arg(long)]
        counter: String,
        /// The number of the sheet [default: the name of the file]
        #[arg(long)]
        sheet: Option<String>,
        /// 1 for the first count, 2 for the first recount
        #[arg(long, default_value_t = 1)]
        round: u64,
        /// When, for lines that do not say so [default: at the cut-off]
        #[arg(long)]
        counted_at: Option<String>,
        /// Only says what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// One campaign and how far it has come
    #[command(after_help = "Example:\n  zonebook count show P2026-06")]
    Show {
        /// Its number
        campaign_no: String,
    },
    /// What was counted, line by line
    #[command(after_help = "Example:\n  zonebook count lines P2026-06")]
    Lines {
        /// The campaign
        campaign_no: String,
        /// Also what a blind campaign hides while it is open (customs)
        #[arg(long)]
        reveal: bool,
    },
    /// Campaigns in order of number
    #[command(after_help = "Example:\n  zonebook count list --book H99312600005")]
    List {
        /// Of one book
        #[arg(long)]
        book: Option<String>,
    },
    /// Ends a campaign; what was not counted stays uncounted, and needs a reason
    #[command(
        after_help = "Examples:\n  zonebook count close P2026-06\n  zonebook count close P2026-06 --reason 'hall 2 is flooded'"
    )]
    Close {
        /// Its number
        campaign_no: String,
        /// Why, where something in scope is not counted or not agreed on
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Gives a campaign up
    #[command(after_help = "Example:\n  zonebook count cancel P2026-06 --reason 'hall flooded'")]
    Cancel {
        /// Its number
        campaign_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
}
