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
    /// Puts new content in place of an open permit's, as JSON of `Permit` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook permit change permit.json --change-no 1")]
    Change {
        /// The file
        file: PathBuf,
        /// `chgTmsCnt`: the last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Ends a permit under which nothing is out any more
    #[command(
        after_help = "Examples:\n  zonebook permit close D99312606040000201 --change-no 1\n  zonebook permit close D99312606040000201 --change-no 1 --left left.json   with {\"left\": [...]} of what is taxed or lost (customs)"
    )]
    Close {
        /// `sasDclNo`
        permit_no: String,
        /// `chgTmsCnt`: the last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        /// What stays outside, as JSON of `ClosePermitRequest` in the contract, of which only `left` is read
        #[arg(long)]
        left: Option<PathBuf>,
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
    /// Approves that products of outsourced processing leave from where they are made (customs)
    #[command(
        after_help = "Example:\n  zonebook permit approve-exit X99312606040000201 --permit D99312606040000201 --valid-until 2026-12-31 --line 3:1:300 --reason \"exported from the workshop\"\n\nA list E of kind 0, mark E, that names the approval as permit_no takes them from there."
    )]
    ApproveExit {
        /// The number of the approval, which no permit has
        approval_no: String,
        /// `sasDclNo`: the permit of type B
        #[arg(long)]
        permit: String,
        /// The last day on which a list may name it, YYYY-MM-DD
        #[arg(long)]
        valid_until: String,
        /// A product: line of the permit, item, quantity; once for each
        #[arg(long = "line", required = true, value_name = "LINE:ITEM:QUANTITY")]
        lines: Vec<String>,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// Revokes such an approval; lists that name it already stay (customs)
    #[command(
        after_help = "Example:\n  zonebook permit revoke-exit X99312606040000201 --reason \"sold elsewhere\""
    )]
    RevokeExit {
        /// The number of the approval
        approval_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        change: Change,
    },
    /// One such approval, line by line, and what is left of it
    GetExit {
        /// The number of the approval
        approval_no: String,
    },
    /// Such approvals in order of number
    ListExits,
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
    /// Puts new content in place of a slip's that no pass names, as JSON of `Slip` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook slip change slip.json --change-no 1")]
    Change {
        /// The file
        file: PathBuf,
        /// `chgTmsCnt`: the last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Takes a slip back that no pass names
    #[command(after_help = "Example:\n  zonebook slip void X9931E260605000031 --change-no 1")]
    Void {
        /// `sasStockNo`
        slip_no: String,
        /// `chgTmsCnt`: the last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// One slip and how far it has come
    Get {
        /// `sasStockNo`
        slip_no: String,
    },
}

/// `guarantee`
#[derive(Debug, Subcommand)]
pub enum Guarantee {
    /// Opens an account (customs)
    #[command(
        after_help = "Example:\n  zonebook guarantee open BZ1 --party 99316B4910 --office 9931 --amount 1000000 --valid-until 2027-12-31 --cause \"letter 17\""
    )]
    Open {
        /// `dpstLevyBlNo`
        guarantee_no: String,
        /// Customs number of the enterprise that gives it
        #[arg(long)]
        party: String,
        /// The office that takes it
        #[arg(long)]
        office: String,
        /// In Chinese currency
        #[arg(long)]
        amount: String,
        /// The last day on which it may be drawn on, YYYY-MM-DD
        #[arg(long)]
        valid_until: String,
        /// The paper it rests on
        #[arg(long)]
        cause: String,
        #[command(flatten)]
        change: Change,
    },
    /// Adds security (customs)
    #[command(after_help = "Example:\n  zonebook guarantee levy BZ1 50000 --cause \"letter 18\"")]
    Levy(GuaranteeAmount),
    /// Binds an amount by hand (customs)
    #[command(after_help = "Example:\n  zonebook guarantee draw BZ1 130000 --cause \"case 4\"")]
    Draw(GuaranteeAmount),
    /// Sets an amount free that was bound by hand (customs)
    #[command(after_help = "Example:\n  zonebook guarantee restore BZ1 130000 --cause \"case 4 settled\"")]
    Restore(GuaranteeAmount),
    /// Sets another last day (customs)
    #[command(after_help = "Example:\n  zonebook guarantee extend BZ1 2028-12-31 --cause \"letter 19\"")]
    Extend {
        /// `dpstLevyBlNo`
        guarantee_no: String,
        /// YYYY-MM-DD
        valid_until: String,
        /// The paper it rests on
        #[arg(long)]
        cause: String,
        #[command(flatten)]
        change: Change,
    },
    /// One account and its journal
    #[command(after_help = "Example:\n  zonebook guarantee get BZ1")]
    Get {
        /// `dpstLevyBlNo`
        guarantee_no: String,
    },
    /// The journal of an account: every change with what was available before and after it
    #[command(after_help = "Example:\n  zonebook guarantee journal BZ1 -o csv")]
    Journal {
        /// `dpstLevyBlNo`
        guarantee_no: String,
    },
    /// Accounts in order of number
    List,
}

/// An amount of a guarantee.
#[derive(Debug, clap::Args)]
pub struct GuaranteeAmount {
    /// `dpstLevyBlNo`
    pub guarantee_no: String,
    /// In Chinese currency
    pub amount: String,
    /// Why: the paper or decision it rests on
    #[arg(long)]
    pub cause: String,
    #[command(flatten)]
    pub change: Change,
}

/// `licence`
#[derive(Debug, Subcommand)]
pub enum Licence {
    /// Registers an import licence; lists by which such goods are sold at home draw on it
    #[command(
        after_help = "Example:\n  zonebook licence register 26-AC-000017 --party 99316B4910 --tariff 8703236190 --unit 001 --quantity 40 --valid-from 2026-01-01 --valid-until 2026-12-31 --cause \"copy filed 2026-01-05\""
    )]
    Register {
        /// `licenceNo`
        licence_no: String,
        /// Customs number of the enterprise in whose books the goods are
        #[arg(long)]
        party: String,
        /// The goods, ten digits
        #[arg(long)]
        tariff: String,
        /// The unit it counts in, three digits: the declared or a statutory one of the goods
        #[arg(long)]
        unit: String,
        /// How much it allows
        #[arg(long)]
        quantity: String,
        /// The first day on which it may be drawn on, YYYY-MM-DD
        #[arg(long)]
        valid_from: String,
        /// The last day, YYYY-MM-DD
        #[arg(long)]
        valid_until: String,
        /// The paper it rests on
        #[arg(long)]
        cause: String,
        #[command(flatten)]
        change: Change,
    },
    /// Sets another quantity and last day, which may end it (customs)
    #[command(
        after_help = "Example:\n  zonebook licence amend 26-AC-000017 --quantity 60 --valid-until 2027-03-31 --cause \"notice 4\""
    )]
    Amend {
        /// `licenceNo`
        licence_no: String,
        /// How much it allows, not less than is used
        #[arg(long)]
        quantity: String,
        /// The last day on which it may be drawn on, YYYY-MM-DD
        #[arg(long)]
        valid_until: String,
        /// The paper it rests on
        #[arg(long)]
        cause: String,
        #[command(flatten)]
        change: Change,
    },
    /// One licence and its journal
    #[command(after_help = "Example:\n  zonebook licence get 26-AC-000017")]
    Get {
        /// `licenceNo`
        licence_no: String,
    },
    /// The journal of a licence: every list that drew on it, with what was left before and after
    #[command(after_help = "Example:\n  zonebook licence journal 26-AC-000017 -o csv")]
    Journal {
        /// `licenceNo`
        licence_no: String,
    },
    /// Licences in order of number; those of an enterprise for some goods in the order in which lists draw on them
    #[command(after_help = "Example:\n  zonebook licence list --party 99316B4910 --tariff 8703236190")]
    List {
        /// Customs number of the enterprise
        #[arg(long, requires = "tariff")]
        party: Option<String>,
        /// The goods, ten digits
        #[arg(long, requires = "party")]
        tariff: Option<String>,
    },
}

/// `transfer-form`
#[derive(Debug, Subcommand)]
pub enum TransferForm {
    /// Files a transfer form, as JSON of `TransferForm` in the contract (`-` reads standard input); lists of both ends name it
    #[command(after_help = "Example:\n  zonebook transfer-form file form.json")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// Puts new content in place of an open form's, as JSON of `TransferForm` in the contract (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook transfer-form change form.json --change-no 1")]
    Change {
        /// The file
        file: PathBuf,
        /// The last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Ends a form on which each list is posted
    #[command(after_help = "Example:\n  zonebook transfer-form close E99312606040000301 --change-no 2")]
    Close {
        /// Its number
        form_no: String,
        /// The last accepted change plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// One form, line by line: declared, listed, sent, received, and what is left at either end
    #[command(after_help = "Example:\n  zonebook transfer-form get E99312606040000301 -o json")]
    Get {
        /// Its number
        form_no: String,
    },
    /// Forms in order of number
    #[command(after_help = "Example:\n  zonebook transfer-form list --book T9931W000001")]
    List {
        /// Only those that name this book at either end
        #[arg(long)]
        book: Option<String>,
    },
}

/// `credit`
#[derive(Debug, Subcommand)]
pub enum Credit {
    /// Sets the credit level of an enterprise from a day on (customs)
    #[command(
        after_help = "Example:\n  zonebook credit set 99316B4910 DISCREDITED --from 2026-07-01 --cause \"decision 3\""
    )]
    Set {
        /// Its customs number
        party: String,
        /// ADVANCED, REGULAR or DISCREDITED
        level: String,
        /// The first day on which it holds, YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// Why
        #[arg(long)]
        cause: String,
        #[command(flatten)]
        change: Change,
    },
    /// The levels of an enterprise that were set
    #[command(after_help = "Example:\n  zonebook credit get 99316B4910")]
    Get {
        /// Its customs number
        party: String,
    },
}

/// `sale`
#[derive(Debug, Subcommand)]
pub enum Sale {
    /// Says, changes or removes orders, payments and waybills, all or none, as JSON of `FileSaleStatementsRequest` in the
    /// contract, such as {"action": "FILE", "statements": [{"order": {...}}]} (`-` reads standard input)
    #[command(after_help = "Example:\n  zonebook sale file statements.json --dry-run")]
    File {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        change: Change,
    },
    /// What was said of one order, and its parcels
    #[command(after_help = "Example:\n  zonebook sale order 99316A3156 ORDI000700001 -o json")]
    Order {
        /// `ebpCode`
        platform: String,
        /// `orderNo`
        order_no: String,
    },
    /// What was said of one waybill, and its parcels
    #[command(after_help = "Example:\n  zonebook sale waybill 99319B9843 88000700001")]
    Waybill {
        /// `logisticsCode`
        carrier: String,
        /// `logisticsNo`
        waybill_no: String,
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
    /// Changes a slip: what it moved goes back, and what it says now is posted, in one step
    #[command(after_help = "Example:\n  zonebook consumption change slip.json --change-no 1 --dry-run")]
    Change {
        /// The file, as for `file`
        file: PathBuf,
        /// `chgTmsCnt`: the last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// Takes a slip back: what it moved goes back
    #[command(after_help = "Example:\n  zonebook consumption void C99312600000000503 --change-no 2")]
    Void {
        /// `cmbNo`
        consumption_no: String,
        /// `chgTmsCnt`: the last accepted one plus 1
        #[arg(long)]
        change_no: u64,
        #[command(flatten)]
        change: Change,
    },
    /// One consumption slip
    Get {
        /// `cmbNo`
        consumption_no: String,
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
