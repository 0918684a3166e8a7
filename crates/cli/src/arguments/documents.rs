//! The smaller documents of the trade: each is filed as JSON of its message in the contract, and read back.

use super::Change;
use clap::Subcommand;
use std::path::PathBuf;

/// `permit`
#[derive(Debug, Subcommand)]
pub enum Permit {
    /// Files a permit, as JSON of `Permit` in the contract (`-` reads standard input)
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One permit, line by line, and how much of it is used
    Get {
        /// `sasDclNo`
        permit_no: String,
    },
    /// Permits in order of number
    List,
}

/// `slip`
#[derive(Debug, Subcommand)]
pub enum Slip {
    /// Files a slip, as JSON of `Slip` in the contract (`-` reads standard input)
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One slip and how far it has come
    Get {
        /// `sasStockNo`
        slip_no: String,
    },
}

/// `parcel`
#[derive(Debug, Subcommand)]
pub enum Parcel {
    /// Reserves goods for parcels, all or none, as JSON of `FileParcelsRequest` in the contract, such as
    /// {"parcels": [...]} (`-` reads standard input)
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Takes reserved parcels back, all or none
    Cancel {
        /// `invtNo` of each
        #[arg(required = true)]
        parcel_nos: Vec<String>,
        #[command(flatten)]
        change: Change,
    },
    /// One parcel and how far it has come
    Get {
        /// `invtNo`
        parcel_no: String,
    },
    /// Takes back goods of a delivered parcel that were found in order, as JSON of `ParcelReturn` in the contract (`-`
    /// reads standard input); by customs
    #[command(after_help = "Example:\n  zonebook parcel return return.json --dry-run")]
    Return {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One return
    #[command(after_help = "Example:\n  zonebook parcel get-return 99312026R000000001")]
    GetReturn {
        /// Its number
        return_no: String,
    },
    /// What a buyer spent in a calendar year
    #[command(after_help = "Example:\n  zonebook parcel buyer 0f3c...  --year 2026")]
    Buyer {
        /// The buyer's hash, as `parcel get -o json` shows it
        buyer: String,
        /// The year [default: this one by the ledger's clock]
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        year: u32,
    },
    /// By when a delivered parcel may be returned
    #[command(after_help = "Example:\n  zonebook parcel returnable 99312026I000700001")]
    Returnable {
        /// `invtNo`
        parcel_no: String,
    },
}

/// `consumption`
#[derive(Debug, Subcommand)]
pub enum Consumption {
    /// Uses materials and makes residues, as JSON of `ConsumptionSlip` in the contract (`-` reads standard input)
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// One consumption slip
    Get {
        /// `cmbNo`
        consumption_no: String,
    },
}

/// `verification`
#[derive(Debug, Subcommand)]
pub enum Verification {
    /// Settles the lists of a period, as JSON of `Verification` in the contract (`-` reads standard input)
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Verifications of a book in order of acceptance
    List {
        /// `emsNo`
        book_no: String,
    },
}

/// `parameter`
#[derive(Debug, Subcommand)]
pub enum Parameter {
    /// Sets a limit from a day on (customs)
    #[command(
        after_help = "Examples:\n  zonebook parameter set PARCEL_VALUE_MAX 5000 --from 2026-01-01\n  zonebook parameter set BUYER_YEAR_MAX 26000 --from 2026-01-01\n\nAll names: zonebook parameter list"
    )]
    Set {
        /// Its name
        parameter: String,
        /// The value
        value: String,
        /// The first day on which it holds, YYYY-MM-DD
        #[arg(long)]
        from: String,
        #[command(flatten)]
        change: Change,
    },
    /// All parameters with the values that were set
    List,
}
