//! What can be said on the command line.

mod book;
mod check;
mod corrections;
mod correspondence;
mod count;
mod deadlines;
mod difference;
mod disposal;
mod documents;
mod duty;
mod operations;
mod production;
mod regime;
mod statement;
mod verification;
mod zone;

pub use book::{BomName, Book};
pub use check::Check;
pub use corrections::{Correction, Hold, Tally};
pub use correspondence::{Message, MessageName, Receipts};
pub use count::Count;
pub use deadlines::{Calendar, DeadlineFilter, Due, Lease, Overdue};
pub use difference::{Decide, Difference, DifferenceList, DifferenceRecord, DifferenceTolerance};
pub use disposal::{Adjustment, Disposal};
pub use documents::{
    Consumption, Credit, Guarantee, GuaranteeAmount, Licence, Parameter, Parcel, Permit, Sale, Slip,
    TransferForm,
};
pub use duty::{Duty, Kind, Reference, Scope};
pub use operations::{Backup, Cluster, Offline, RestoreFrom};
pub use production::{Period, Registration, Research, StatusChange, WorkOrder};
pub use regime::Regime;
pub use statement::Statement;
pub use verification::{Verification, VerifiedPeriod};
pub use zone::{Party, Zone};

use crate::output::Format;
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;
use zonebook_client::{Client, Options};

/// The account book of bonded goods.
#[derive(Debug, Parser)]
#[command(
    name = "zonebook",
    version,
    about = "The account book of bonded goods: a replicated ledger of what moves into, within and out of customs special supervision zones",
    after_help = "Examples:\n  zonebook serve                              one node on loopback, data in ./zonebook-data\n  zonebook import FOLDER --clock manifest     take over a month of messages\n  zonebook balance list --book T9935W000001   what stands where\n\nExit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused by a rule, 5 conflict, 6 unavailable or outcome unknown, 7 verification failed."
)]
pub struct Arguments {
    #[command(flatten)]
    pub online: Online,
    #[command(subcommand)]
    pub command: Command,
}

/// How servers are reached and answers are shown.
#[derive(Clone, Debug, Args)]
pub struct Online {
    /// Nodes of the cluster, HOST:PORT, separated by commas; one that works is enough
    #[arg(
        long,
        global = true,
        env = "ZONEBOOK_SERVER",
        default_value = "127.0.0.1:7400",
        value_delimiter = ','
    )]
    pub server: Vec<String>,
    /// Seconds that a call may take, with everything that is tried again
    #[arg(long, global = true, default_value_t = 30.0)]
    pub timeout: f64,
    /// Form of what is printed
    #[arg(short, long, global = true, value_enum, default_value_t)]
    pub output: Format,
    /// No progress and no remarks
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

impl Online {
    /// A client of the cluster.
    pub fn client(&self) -> Client {
        let deadline = Duration::try_from_secs_f64(self.timeout).unwrap_or(Duration::from_secs(30));
        let attempt = Options::default().attempt.min(deadline);
        Client::new(self.server.clone(), Options { deadline, attempt, ..Options::default() })
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs a node
    #[command(
        after_help = "Examples:\n  zonebook serve\n  zonebook serve --config node-1.toml\n  zonebook serve --data /srv/zonebook --api 127.0.0.1:7500"
    )]
    Serve(Serve),
    /// Shows the main job: three nodes, a month of messages, the leader killed half way, every figure compared
    Demo(Demo),
    /// Hands in messages: a month's folder with its manifest, or single files; safe to repeat
    #[command(
        after_help = "Examples:\n  zonebook import tests/samples/month-a --clock manifest\n  zonebook import 0001-BWS101-T9935W000001.xml"
    )]
    Import(Import),
    /// Writes tables of the whole ledger
    #[command(
        after_help = "Examples:\n  zonebook export balances --as-of CUT1=2026-06-11T00:00:00\n  zonebook export movements\n  zonebook export reconciliation count.csv --as-of 2026-07-01T00:00:00\n  zonebook export outcomes -o json"
    )]
    Export(Export),
    /// A count beside the books: what should be there, what is, what of the difference is timing and what stays
    #[command(
        after_help = "Examples:\n  zonebook reconcile count.csv --as-of 2026-07-01T00:00:00\n  zonebook reconcile count.csv --differences\n  zonebook reconcile --campaign P2026-06\n  zonebook reconcile count.csv -o json     with the lists that each kind of timing rests on\n  zonebook reconcile count.csv --convert-products --bom-version H99312600005/1=V2"
    )]
    Reconcile(Reconcile),
    /// Other regimes: the yearly reconciliation of a US foreign-trade zone, the bill of discharge of a special procedure; the closing rule of a repair book
    #[command(subcommand)]
    Regime(Regime),
    /// An enterprise's own stock beside a book: what differs, what explains it, and what stays. Exit code 7 if something stays
    #[command(
        after_help = "The columns of the extract: kind,item,part_no,lot,serial,unit,quantity; what is empty is not named.\n\nExamples:\n  zonebook stock T9931W000001 wms.csv --as-of 2026-07-01T00:00:00\n  zonebook stock T9931W000001 wms.csv --differences -o json     with the evidence of each explanation"
    )]
    Stock(Stock),
    /// A parallel run: where the tables of another system differ from ours. Exit code 7 if they do
    #[command(
        after_help = "Examples:\n  zonebook compare balances theirs.csv --only on_hand --as-of END=2026-07-01T00:00:00\n  zonebook compare movements theirs.csv --only state"
    )]
    Compare(Compare),
    /// Cross checks: documents that must agree and do not, with their age. Exit code 7 if there are any
    #[command(
        after_help = "Examples:\n  zonebook check --office 9931\n  zonebook check --only TRANSFERS --grace-days 30 -o csv"
    )]
    Check(Check),
    /// Lists: submit, get, print, list, change, withdraw, return, order, assign, release, declaration, outcome
    #[command(subcommand)]
    Movement(Movement),
    /// Corrections of posted lists: file, approve, reject, get, list
    #[command(subcommand)]
    Correction(Correction),
    /// Tallies: what was counted of the goods of a list
    #[command(subcommand)]
    Tally(Tally),
    /// Holds: customs stops a permit, a slip, a pass or a parcel, and lets it go on
    #[command(subcommand, after_help = "Example:\n  zonebook hold list --open")]
    Hold(Hold),
    /// The gate: file or take back a pass, report passages, ask whether a vehicle may pass, get or print a pass
    #[command(subcommand)]
    Gate(Gate),
    /// Permits: moves across the fence without a declaration each
    #[command(subcommand, after_help = "Example:\n  zonebook permit get D99312606040000201")]
    Permit(Permit),
    /// Slips: one batch under a permit
    #[command(subcommand, after_help = "Example:\n  zonebook slip get X9931E260605000031")]
    Slip(Slip),
    /// Guarantees: open, levy, draw, restore, extend, get, journal, list
    #[command(subcommand, after_help = "Example:\n  zonebook guarantee get BZ99312606040000201")]
    Guarantee(Guarantee),
    /// Import licences: register, amend, get, journal, list
    #[command(
        subcommand,
        after_help = "Example:\n  zonebook licence list --party 99316B4910 --tariff 8703236190"
    )]
    Licence(Licence),
    /// Transfer forms between zones: file, change, close, get, list
    #[command(subcommand, after_help = "Example:\n  zonebook transfer-form get E99312606040000301")]
    TransferForm(TransferForm),
    /// Credit levels of enterprises
    #[command(subcommand, after_help = "Example:\n  zonebook credit get 99316B4910")]
    Credit(Credit),
    /// Parcels of electronic commerce: reserve, cancel, get
    #[command(subcommand, after_help = "Example:\n  zonebook parcel get 99312026I000700001")]
    Parcel(Parcel),
    /// What platforms, payment providers and carriers say of sales of electronic commerce (三单)
    #[command(subcommand, after_help = "Example:\n  zonebook sale order 99316A3156 ORDI000700001")]
    Sale(Sale),
    /// Leases: contracts, payments of rent, closing
    #[command(subcommand, after_help = "Example:\n  zonebook lease get K2026-1")]
    Lease(Lease),
    /// Deadlines that fall soon
    #[command(after_help = "Example:\n  zonebook due --days 7 --office 9931")]
    Due(Due),
    /// Deadlines that were missed: list, record, history
    #[command(subcommand)]
    Overdue(Overdue),
    /// The calendar of working days: set, get
    #[command(subcommand)]
    Calendar(Calendar),
    /// Consumption slips: materials used, scrap made, parts swapped
    #[command(subcommand, after_help = "Example:\n  zonebook consumption get C99312600000000503")]
    Consumption(Consumption),
    /// Destruction, loss and abandonment: file, approve, reject, withdraw, execute, decide, get, list
    #[command(subcommand, after_help = "Example:\n  zonebook disposal get Q99312606150001")]
    Disposal(Disposal),
    /// Differences of a count: record, assign, decide, get, list, and what an office tolerates
    #[command(subcommand, after_help = "Example:\n  zonebook difference list --state OPEN --office 9931")]
    Difference(Difference),
    /// Adjustments: what a count found missing or too many, taken into the book as customs decided
    #[command(subcommand, after_help = "Example:\n  zonebook adjustment list --book H99312600005")]
    Adjustment(Adjustment),
    /// Work orders: goods issued to production, given back, used, and what is made of them
    #[command(subcommand, after_help = "Example:\n  zonebook work-order get WO1")]
    WorkOrder(WorkOrder),
    /// Research and development: use by project
    #[command(subcommand, after_help = "Example:\n  zonebook research report H99312600006")]
    Research(Research),
    /// Gate registrations of goods that are not bonded
    #[command(subcommand, after_help = "Example:\n  zonebook registration list")]
    Registration(Registration),
    /// Changes of status: goods that become bonded, or cease to be
    #[command(subcommand, after_help = "Example:\n  zonebook status-change list")]
    StatusChange(StatusChange),
    /// Verification: the lists of a period are settled for good
    #[command(
        subcommand,
        after_help = "Examples:\n  zonebook verification compute H99312600005 --end 2026-06-30 --counted count.csv   what it would say\n  zonebook verification file declaration.json                                       declare it\n  zonebook verification confirm H99312600005 2                                      the enterprise\n  zonebook verification close H99312600005 2                                        customs"
    )]
    Verification(Verification),
    /// Count campaigns: open, sheet, record, show, lines, list, close, cancel
    #[command(subcommand, after_help = "Example:\n  zonebook count show P2026-06")]
    Count(Count),
    /// Receipts: what became of an enterprise's documents, as messages
    #[command(subcommand, after_help = "Example:\n  zonebook receipts stream 99316A3156 --folder inbox")]
    Receipts(Receipts),
    /// The bytes of messages as they came
    #[command(subcommand, after_help = "Example:\n  zonebook message get QD993126E000041025")]
    Message(Message),
    /// Limits that the law changes
    #[command(subcommand)]
    Parameter(Parameter),
    /// Dated reference data: tariff, exchange rates, units, code lists
    #[command(subcommand)]
    Reference(Reference),
    /// Duty and taxes: what is suspended, and what goods would bear
    #[command(subcommand)]
    Duty(Duty),
    /// What stands where
    #[command(subcommand)]
    Balance(Balance),
    /// What moved: of one position on the screen; of a book or an enterprise as CSV, XLSX or PDF
    #[command(
        after_help = "Examples:\n  zonebook statement T9935W000001 1\n  zonebook statement --book T9935W000001 --from 2026-06-01 --to 2026-07-01 --file june.pdf\n  zonebook statement --party 99316A3156 --revision 180 --format xlsx --file all.xlsx"
    )]
    Statement(Statement),
    /// Books, their items and BOM versions
    #[command(subcommand)]
    Book(Book),
    /// Zones: define, convert, get, list
    #[command(subcommand)]
    Zone(Zone),
    /// Enterprises: define, get, list
    #[command(subcommand)]
    Party(Party),
    /// The cluster itself: status, add, promote, remove, transfer, snapshot, raise-behaviour
    #[command(subcommand)]
    Cluster(Cluster),
    /// Takes a backup of the node that is asked, beside the load
    #[command(
        after_help = "Examples:\n  zonebook backup --to /backups/zonebook\n  zonebook backup --to /backups/zonebook --incremental --server 127.0.0.1:7410\n\nWhat broke off goes on where it was with the same command."
    )]
    Backup(Backup),
    /// Without a server, on a data folder or a backup: verify, replay, restore
    #[command(subcommand)]
    Offline(Offline),
    /// Looks for what is wrong: servers, clocks, digests, disk
    Doctor(Doctor),
    /// Prints completions for a shell
    #[command(after_help = "Example:\n  zonebook completion bash > /etc/bash_completion.d/zonebook")]
    Completion {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// `serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Settings in TOML; without it one node of its own on loopback
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// Where its data is, instead of what the settings say
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Where clients reach it, instead of what the settings say
    #[arg(long)]
    pub api: Option<std::net::SocketAddr>,
    /// Where other nodes reach it, instead of what the settings say
    #[arg(long)]
    pub peer: Option<std::net::SocketAddr>,
    /// Where probes and metrics are served, instead of what the settings say
    #[arg(long)]
    pub http: Option<std::net::SocketAddr>,
    /// A file with the key for the hashes of buyers, instead of what the settings say: at least 32 bytes, the same on
    /// every node. Without it no yearly limit of buyers is held
    #[arg(long)]
    pub buyer_key: Option<PathBuf>,
    /// Every so many seconds the node that leads has written down what has become overdue, instead of what the settings
    /// say [default: 3600]; 0: only `overdue record` does
    #[arg(long)]
    pub tick_seconds: Option<u64>,
}

/// `demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// A folder with messages, manifest, reference data and the expected tables. May be repeated: each month on a
    /// cluster of its own [default: a month of storage books, then one of all kinds of books]
    #[arg(long, default_values = ["tests/samples/month-s", "tests/samples/month-a"], hide_default_value = true)]
    pub month: Vec<PathBuf>,
    /// Keep data and logs of the nodes here instead of in a folder that goes away
    #[arg(long)]
    pub keep: Option<PathBuf>,
    /// Kill a random node every so many seconds instead of the leader once
    #[arg(long)]
    pub chaos: Option<f64>,
}

/// What counts as the time of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Clock {
    /// When it is taken.
    #[default]
    Live,
    /// `arrived_at` of the manifest: a migration, before any live document.
    Manifest,
}

/// `import`
#[derive(Debug, Args)]
pub struct Import {
    /// A folder with manifest.csv, messages/ and reference/, or files
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// What counts as the time of a message
    #[arg(long, value_enum, default_value_t)]
    pub clock: Clock,
    /// Name under which the messages are known; with their number it recognises repeats [default: name of the folder, or `files`]
    #[arg(long)]
    pub source: Option<String>,
    /// Only says what would happen
    #[arg(long)]
    pub dry_run: bool,
}

/// `export`
#[derive(Debug, Args)]
pub struct Export {
    /// Which table
    #[command(subcommand)]
    pub table: ExportTable,
}

/// Tables of the whole ledger.
#[derive(Debug, Subcommand)]
pub enum ExportTable {
    /// The counters of all positions, one row for each of the three quantities
    Balances {
        /// A revision or a time on the ledger's clock, with a name for the column `cutoff` in front if wanted: NAME=MOMENT. May be repeated
        #[arg(long)]
        as_of: Vec<String>,
        /// The counter-accounts outside of the books instead
        #[arg(long)]
        boundary: bool,
    },
    /// All accepted lists with state and times
    Movements,
    /// A count beside the books, in the columns of the trade's samples
    Reconciliation {
        /// What was counted: CSV with the columns book, kind, item, serial, unit, counted (`-` reads standard input)
        count: PathBuf,
        /// The moment of the count: a revision or a time on the ledger's clock [default: now]
        #[arg(long)]
        as_of: Option<String>,
    },
    /// The figures of a verification of counted materials, in the columns of the trade's samples
    Verification {
        /// What was counted: CSV or XLSX with the columns book, kind, item, serial, unit, counted
        count: PathBuf,
        /// First day of the period, YYYY-MM-DD [default: from the beginning of the book]
        #[arg(long)]
        begin: Option<String>,
        /// Last day of the period, YYYY-MM-DD [default: until now]
        #[arg(long)]
        end: Option<String>,
    },
    /// What became of each message
    Outcomes {
        /// Of one source only
        #[arg(long)]
        source: Option<String>,
    },
}

/// `reconcile`
#[derive(Debug, Args)]
pub struct Reconcile {
    /// What was counted: CSV with the columns book, kind, item, serial, unit, counted (`-` reads standard input)
    #[arg(required_unless_present = "campaign")]
    pub count: Option<PathBuf>,
    /// What a count campaign agreed on, beside its book as it was at the cut-off
    #[arg(long, conflicts_with_all = ["count", "as_of"])]
    pub campaign: Option<String>,
    /// The moment of the count: a revision or a time on the ledger's clock [default: now]
    #[arg(long)]
    pub as_of: Option<String>,
    /// Only rows of which something stays unexplained
    #[arg(long)]
    pub differences: bool,
    /// Tell counted products as the materials that they hold, by BOM: what is there beyond what the book has of the product
    #[arg(long)]
    pub convert_products: bool,
    /// By which version a product was made, where its book has several: `BOOK/PRODUCT=VERSION`; may be repeated
    #[arg(long, requires = "convert_products", value_name = "BOOK/PRODUCT=VERSION")]
    pub bom_version: Vec<String>,
}

/// `stock`
#[derive(Debug, Args)]
pub struct Stock {
    /// Number of the book
    pub book_no: String,
    /// The extract, as CSV (`-` reads standard input)
    pub extract: PathBuf,
    /// The moment of the extract: a revision or a time on the ledger's clock [default: now]
    #[arg(long)]
    pub as_of: Option<String>,
    /// Only items whose book and extract differ
    #[arg(long)]
    pub differences: bool,
}

/// `compare`
#[derive(Debug, Args)]
pub struct Compare {
    /// Which table
    #[command(subcommand)]
    pub table: CompareTable,
}

/// Tables of another system, in the columns of `export`.
#[derive(Debug, Subcommand)]
pub enum CompareTable {
    /// Figures by position and measure
    Balances {
        /// The other system's `balances.csv` (`-` reads standard input)
        file: PathBuf,
        /// The moment of each name in the column `cutoff`: NAME=MOMENT. May be repeated [default: END is now]
        #[arg(long)]
        as_of: Vec<String>,
        /// Only this column, such as on_hand. May be repeated [default: all six]
        #[arg(long)]
        only: Vec<String>,
    },
    /// State, version and times by list
    Movements {
        /// The other system's `movements.csv` (`-` reads standard input)
        file: PathBuf,
        /// Only this column, such as state. May be repeated [default: all]
        #[arg(long)]
        only: Vec<String>,
    },
}

/// What every change takes.
#[derive(Clone, Debug, Args)]
#[group(skip)]
pub struct Change {
    /// A UUIDv7; the same one again is safe [default: a new one, printed to standard error]
    #[arg(long)]
    pub request_id: Option<String>,
    /// Only says what would happen
    #[arg(long)]
    pub dry_run: bool,
}

impl Change {
    /// The id to send.
    pub fn id(&self, online: &Online) -> String {
        self.request_id.clone().unwrap_or_else(|| {
            let id = zonebook_client::request_id();
            if !online.quiet {
                eprintln!("request id {id}");
            }
            id
        })
    }
}

/// `movement`
#[derive(Debug, Subcommand)]
pub enum Movement {
    /// Submits a list, as JSON of `InventoryList` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook movement submit list.json --dry-run")]
    Submit {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Puts new content in the place of an accepted list's content
    Change {
        /// The file with the whole new content
        file: PathBuf,
        /// `chgTmsCnt`: one more than the last accepted change
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Takes an accepted list back
    Withdraw {
        /// `bondInvtNo`
        list_no: String,
        /// `chgTmsCnt`: one more than the last accepted change
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Sends a pre-posted list back (customs)
    Return {
        /// `bondInvtNo`
        list_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Orders something about a list: HOLD, FREE, RELEASE_FOR_USE, RELEASE_FOR_PASSAGE, INSPECTION_PASSED,
    /// INSPECTION_FAILED, FORCE_GATE, FORCE_RELEASE, ACCEPT_TALLY or AMEND_TO_TALLY (customs)
    #[command(
        after_help = "Example:\n  zonebook movement order QD993526E000041144 HOLD --reason \"inspection\""
    )]
    Order {
        /// `bondInvtNo`
        list_no: String,
        /// What is ordered
        order: String,
        /// Why; shown with the list for ever
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Lets a list, mostly one that is still to come, take more than is available (customs)
    #[command(
        after_help = "Example:\n  zonebook movement overdraw QD993526E000041144 --book T9935W000002 --goods I:2=100 --until 2026-06-30 --reason \"receipt gated, its declaration is late\""
    )]
    Overdraw {
        /// `bondInvtNo`
        list_no: String,
        /// `putrecNo`
        #[arg(long)]
        book: String,
        /// MARK:ITEM=QUANTITY: so much of an item beyond what is available, in the declared unit; may be repeated
        #[arg(long, required = true, value_name = "MARK:ITEM=QUANTITY")]
        goods: Vec<OverdraftGoods>,
        /// The last day on which the list may be declared and accepted, YYYY-MM-DD
        #[arg(long)]
        until: String,
        /// Why; shown with the list for ever
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// What customs lets a list overdraw, whether the list is there or not
    #[command(after_help = "Example:\n  zonebook movement overdraft QD993526E000041144")]
    Overdraft {
        /// `bondInvtNo`
        list_no: String,
    },
    /// Gives an accepted list the number of its declaration
    #[command(after_help = "Example:\n  zonebook movement assign QD993526E000041144 993520261000000001")]
    Assign {
        /// `invtNo`
        list_no: String,
        /// `entryNo`
        declaration_no: String,
        #[command(flatten)]
        change: Change,
    },
    /// Notes what customs says of a declaration
    Release {
        /// `ENTRY_ID`
        declaration_no: String,
        /// `CHANNEL`: P and R release
        #[arg(long, default_value = "P")]
        channel: String,
        /// `NOTICE_DATE` on the ledger's clock, YYYY-MM-DDThh:mm:ss
        #[arg(long)]
        at: String,
        #[command(flatten)]
        change: Change,
    },
    /// One list with its lines, and what customs let it overdraw
    Get {
        /// `bondInvtNo`
        list_no: String,
    },
    /// One list as a page for people, with its bar code: HTML to standard output or a file
    #[command(after_help = "Example:\n  zonebook movement print QD993126E000041025 --file list.html")]
    Print {
        /// `bondInvtNo`
        list_no: String,
        /// Writes it here
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Lists in order of number
    List {
        /// Of one book
        #[arg(long)]
        book: Option<String>,
    },
    /// Transfers between books whose two sides differ, and for how many days: declared before the gate or after it, on
    /// the way, valued, named or sealed otherwise, without a partner
    #[command(after_help = "Example:\n  zonebook movement differences --book T9931W000001")]
    Differences {
        /// With a side in this book
        #[arg(long)]
        book: Option<String>,
    },
    /// The lines of a list's customs declaration, and which lines of the list went into each
    #[command(after_help = "Example:\n  zonebook movement declaration QD993126I000041017")]
    Declaration {
        /// `bondInvtNo`
        list_no: String,
        /// The content of this change [default: the content in force]
        #[arg(long)]
        change_no: Option<u64>,
    },
    /// What became of a request
    Outcome {
        /// Its id
        request_id: String,
    },
}

/// How much of an item a list may overdraw, as it is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdraftGoods {
    /// Materials and goods, products or residues.
    pub mark: String,
    /// Item or row number.
    pub number: u64,
    /// In the declared unit.
    pub quantity: String,
}

impl std::str::FromStr for OverdraftGoods {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is not MARK:ITEM=QUANTITY, such as I:2=100");
        let (item, quantity) = text.split_once('=').ok_or_else(wrong)?;
        let (mark, number) = item.split_once(':').ok_or_else(wrong)?;
        let number = number.parse().map_err(|_| wrong())?;
        Ok(Self { mark: mark.into(), number, quantity: quantity.into() })
    }
}

/// `gate`
#[derive(Debug, Subcommand)]
pub enum Gate {
    /// Files a pass, as JSON of `Pass` in the contract (`-` reads standard input)
    Pass {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Takes a pass back that no gate has seen
    #[command(after_help = "Example:\n  zonebook gate void P9931260605000031")]
    Void {
        /// `passportNo`
        pass_no: String,
        #[command(flatten)]
        change: Change,
    },
    /// Reports a passage
    Passage {
        /// `businessId`: the pass
        pass_no: String,
        /// `stucd`: 3 through gate one of two, 2 or 4 through
        #[arg(long, default_value = "2")]
        status: String,
        /// `passTime` on the ledger's clock, YYYY-MM-DDThh:mm:ss
        #[arg(long)]
        at: String,
        /// `passCollectWt`: what the vehicle weighed, in kilograms
        #[arg(long, default_value = "")]
        weight: String,
        #[command(flatten)]
        change: Change,
    },
    /// Reports what a gate recorded while it was offline, from CSV with the columns
    /// pass_no,status,passed_at,collected_weight. The same file may be sent again
    #[command(after_help = "Example:\n  zonebook gate passages north-gate.csv --dry-run")]
    Passages {
        /// The file
        file: PathBuf,
        /// Only says what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// May this vehicle pass? Exit code 4 if something speaks against it
    #[command(
        after_help = "Example:\n  zonebook gate check Z9931I260602000000000115\n  zonebook gate check --vehicle 豫A12345"
    )]
    Check {
        /// `passportNo`
        #[arg(required_unless_present = "vehicle", conflicts_with = "vehicle")]
        pass_no: Option<String>,
        /// `vehicleNo`: all passes on which it may still go through
        #[arg(long)]
        vehicle: Option<String>,
    },
    /// One pass
    Get {
        /// `passportNo`
        pass_no: String,
    },
    /// One pass as a page for people, with its bar code: HTML to standard output or a file
    #[command(after_help = "Example:\n  zonebook gate print Z9931I260602000000000115 --file pass.html")]
    Print {
        /// `passportNo`
        pass_no: String,
        /// Writes it here
        #[arg(long)]
        file: Option<PathBuf>,
    },
}

/// `balance`
#[derive(Debug, Subcommand)]
pub enum Balance {
    /// One position
    #[command(after_help = "Example:\n  zonebook balance get T9935W000001 1 --as-of 2026-06-11T00:00:00")]
    Get {
        #[command(flatten)]
        position: Position,
        /// A revision, or a time on the ledger's clock
        #[arg(long)]
        as_of: Option<String>,
    },
    /// Positions of a book or of all
    List {
        /// Of one book
        #[arg(long)]
        book: Option<String>,
        /// In one place, such as ZONE
        #[arg(long)]
        place: Option<String>,
        /// A revision, or a time on the ledger's clock
        #[arg(long)]
        as_of: Option<String>,
    },
    /// The lots of a book that keeps lots, or of one item: how much of which receipt is where
    #[command(
        after_help = "Examples:\n  zonebook balance lots T9935W000001 1\n  zonebook balance lots T9935W000001 1 --as-of 2026-06-11T00:00:00"
    )]
    Lots {
        /// The book
        book_no: String,
        /// Item number; all items without it
        number: Option<u64>,
        /// `I` materials and goods, `E` products, `R` residues
        #[arg(long, default_value = "I")]
        mark: String,
        /// A revision, or a time on the ledger's clock
        #[arg(long)]
        as_of: Option<String>,
    },
    /// The lots that a document took, back to the receipts that brought them
    #[command(after_help = "Example:\n  zonebook balance trace QD993526E000000012")]
    Trace {
        /// Any document that moves goods
        document: String,
    },
}

/// A position.
#[derive(Clone, Debug, Args)]
pub struct Position {
    /// The book
    pub book_no: String,
    /// Item or row number
    pub number: u64,
    /// `I` materials and goods, `E` products, `R` residues
    #[arg(long, default_value = "I")]
    pub mark: String,
    /// The lot, where the book tracks lots
    #[arg(long, default_value = "")]
    pub lot: String,
    /// The serial number, where the book tracks them
    #[arg(long, default_value = "")]
    pub serial: String,
    /// The place
    #[arg(long, default_value = "ZONE")]
    pub place: String,
}

/// `doctor`
#[derive(Debug, Args)]
pub struct Doctor {
    /// Also measure the disk under this folder
    #[arg(long)]
    pub data: Option<PathBuf>,
}

/// Prints completions.
pub fn complete(shell: clap_complete::Shell) {
    clap_complete::generate(shell, &mut Arguments::command(), "zonebook", &mut std::io::stdout());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
