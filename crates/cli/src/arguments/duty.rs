//! Reference data, and what duty and taxes come to.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// A kind of reference data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Rates and statutory units of tariff codes
    Tariff,
    /// Monthly exchange rates
    Exchange,
    /// How much of one unit is one of another
    Conversion,
    /// What became of tariff codes in a year
    Concordance,
    /// Currencies
    Currency,
    /// Countries
    Country,
    /// Units of measure
    Unit,
    /// Supervision modes
    Mode,
    /// The catalogue of bonded repair
    RepairProduct,
}

/// `reference`
#[derive(Debug, Subcommand)]
pub enum Reference {
    /// Imports a table from CSV, in parts; safe to repeat (customs)
    #[command(
        after_help = "Columns:\n  tariff       code,from,duty,by_origin,vat,consumption,unit1,unit2,dangerous,licence   (by_origin: 116=4.5;133=0)\n  exchange     currency,month,cny,usd\n  conversion   from_unit,to_unit,from,factor\n  concordance  year,old,new\n  repair-product  code,from,allowed,batch,name_zh   (code: 4, 6, 8 or 10 digits; allowed: 0 or 1)\n  others       code,from,iso,name_zh,name_en\n\nExample:\n  zonebook reference import tariff docs/reference/tariff-example.csv --dry-run"
    )]
    Import {
        /// What the table is about
        #[arg(value_enum)]
        kind: Kind,
        /// The file
        file: PathBuf,
        /// Only says what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// The row of a code that holds on a day
    #[command(after_help = "Examples:\n  zonebook reference get tariff 8708299000 --on 2026-06-11\n  \
                            zonebook reference get tariff 8708299000 --on 2026-06-11 --known-at 4021   # as reports of \
                            that revision took it")]
    Get {
        /// What it is about
        #[arg(value_enum)]
        kind: Kind,
        /// The code
        code: String,
        /// The day [default: today by the ledger's clock]
        #[arg(long, default_value = "", hide_default_value = true)]
        on: String,
        /// As it was known after this revision, before later imports [default: as it is known now]
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        known_at: u64,
    },
    /// Rows of one kind in order of code and day
    #[command(after_help = "Example:\n  zonebook reference list exchange --code 502")]
    List {
        /// What they are about
        #[arg(value_enum)]
        kind: Kind,
        /// Of one code
        #[arg(long, default_value = "", hide_default_value = true)]
        code: String,
    },
}

/// Whose goods.
#[derive(Clone, Debug, Args)]
pub struct Scope {
    /// One book
    #[arg(long)]
    pub book: Option<String>,
    /// One item of the book: its number
    #[arg(long, requires = "book")]
    pub item: Option<u64>,
    /// The item's mark: `I` materials and goods, `E` products, `R` residues
    #[arg(long, default_value = "I")]
    pub mark: String,
    /// One place of the item; with it one position alone is looked at
    #[arg(long, requires = "item")]
    pub place: Option<String>,
    /// The lot of that position
    #[arg(long, requires = "place", default_value = "", hide_default_value = true)]
    pub lot: String,
    /// The serial number of that position
    #[arg(long, requires = "place", default_value = "", hide_default_value = true)]
    pub serial: String,
    /// The books of one party: customs registration number
    #[arg(long, conflicts_with = "book")]
    pub party: Option<String>,
    /// The books of one zone: its customs office
    #[arg(long, conflicts_with = "book")]
    pub office: Option<String>,
    /// The day whose rates count, YYYY-MM-DD [default: today by the ledger's clock]
    #[arg(long, default_value = "", hide_default_value = true)]
    pub on: String,
}

/// `duty`
#[derive(Debug, Subcommand)]
pub enum Duty {
    /// Suspended duty and taxes in one sum
    #[command(
        after_help = "Examples:\n  zonebook duty exposure\n  zonebook duty exposure --party 99316A3156 --on 2026-06-11\n  zonebook duty exposure --book T9931W000001 --item 2"
    )]
    Exposure {
        #[command(flatten)]
        scope: Scope,
    },
    /// Suspended duty and taxes position by position, each with what it rests on
    #[command(after_help = "Example:\n  zonebook duty list --book T9931W000001 -o json")]
    List {
        #[command(flatten)]
        scope: Scope,
    },
    /// Selective tariff: duty of a product by its own state and by its materials
    #[command(
        after_help = "Example:\n  zonebook duty product H99312600005 1 --bom 19052201 --quantity 100 --value 5000 --currency 502"
    )]
    Product {
        /// `emsNo`
        book_no: String,
        /// The product's item
        number: u64,
        /// `ucnsVerno`
        #[arg(long)]
        bom: String,
        /// How much, in its declared unit
        #[arg(long)]
        quantity: String,
        /// What it is sold for in all
        #[arg(long)]
        value: String,
        /// The currency of that, three digits
        #[arg(long, default_value = "142")]
        currency: String,
        /// The day whose rates count for the product, YYYY-MM-DD [default: today by the ledger's clock]
        #[arg(long, default_value = "", hide_default_value = true)]
        on: String,
    },
    /// Interest on deferred duty
    #[command(
        after_help = "Examples:\n  zonebook duty interest 100000 --days 123\n  zonebook duty interest 100000 --book H99312600005 --to 2026-06-30"
    )]
    Interest {
        /// The duty that was deferred
        tax: String,
        /// For so many days
        #[arg(long, conflicts_with_all = ["from", "book"])]
        days: Option<u32>,
        /// From this day, YYYY-MM-DD
        #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "book")]
        from: String,
        /// From the last verification of this book, else from its first import
        #[arg(long, default_value = "", hide_default_value = true)]
        book: String,
        /// The day of the tax notice, YYYY-MM-DD [default: today by the ledger's clock]
        #[arg(long, default_value = "", hide_default_value = true)]
        to: String,
    },
    /// Duty-free equipment released before its custody ends
    #[command(after_help = "Example:\n  zonebook duty equipment 1200000 --months 22 --custody 60")]
    Equipment {
        /// What it was worth when it came in
        original_value: String,
        /// Months of custody that are over
        #[arg(long)]
        months: u32,
        /// Months of custody in all [default: the parameter CUSTODY_MONTHS]
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        custody: u32,
        /// Its tariff code, for the taxes
        #[arg(long, default_value = "", hide_default_value = true)]
        tariff: String,
        /// Country of origin, three digits
        #[arg(long, default_value = "", hide_default_value = true)]
        origin: String,
        /// The day whose rates count, YYYY-MM-DD [default: today by the ledger's clock]
        #[arg(long, default_value = "", hide_default_value = true)]
        on: String,
    },
    /// Duty on what processing abroad added to goods that were sent out
    #[command(
        after_help = "Example:\n  zonebook duty added-value 5000 --charge 2400 --charge 484.62 --rate 13"
    )]
    AddedValue {
        /// What was sent out was worth
        sent_out: String,
        /// What was added; may be repeated
        #[arg(long)]
        charge: Vec<String>,
        /// The rate of duty in percent
        #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "tariff")]
        rate: String,
        /// The tariff code of what comes back, instead of a rate
        #[arg(long, default_value = "", hide_default_value = true)]
        tariff: String,
        /// The day whose rates count, YYYY-MM-DD [default: today by the ledger's clock]
        #[arg(long, default_value = "", hide_default_value = true)]
        on: String,
    },
    /// The taxes of a parcel of electronic commerce
    #[command(after_help = "Example:\n  zonebook duty parcel 99312026I000700001")]
    Parcel {
        /// `invtNo`
        parcel_no: String,
    },
}
