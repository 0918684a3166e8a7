//! Tables that Zonebook hands out: the columns of the samples' `expected/` folders (`RULES.md` 14).
//!
//! The rows are plain structs that also serialise to JSON under the names of the columns; quantities and times are
//! texts there as in CSV. Rows are written in the order in which they are given; [`BalanceRow::in_text_order`] is the
//! order of the balances.

use serde::{Serialize, Serializer};
use std::fmt::Display;
use thiserror::Error;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;
use zonebook_reconcile::count::{Reckoning, Timing};
use zonebook_reconcile::flow::Flow;
use zonebook_reconcile::verification::Row as Verified;

/// A row of `outcomes.csv`: what became of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutcomeRow {
    /// Number of the delivery.
    pub seq: u64,
    /// Name of the file.
    pub file: String,
    /// Type of the message.
    #[serde(rename = "type")]
    pub kind: String,
    /// Number in the envelope.
    pub business_id: String,
    /// `accepted`, `refused` or `duplicate`.
    pub outcome: String,
    /// Why it was refused.
    pub reason: String,
    /// The document it is about.
    pub document: String,
    /// The state of the document after it.
    pub state: String,
    /// `NUMBER=STATE`, joined by `;`.
    pub changed: String,
}

/// A row of `balances.csv` or `boundary.csv`: the counters of a position in one measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceRow {
    /// Name of the cut-off.
    pub cutoff: String,
    /// Number of the book.
    pub book: String,
    /// `I`, `E` or `R`.
    pub kind: String,
    /// Number of the item.
    pub item: u64,
    /// Lot; empty where the book keeps none.
    pub lot: String,
    /// Serial number; empty where units are not tracked.
    pub serial: String,
    /// Code of the place.
    pub place: String,
    /// `declared`, `statutory1` or `statutory2`.
    pub measure: String,
    /// Announced, not actual yet.
    #[serde(serialize_with = "as_text")]
    pub increase_pending: Quantity,
    /// Came in.
    #[serde(serialize_with = "as_text")]
    pub increase_posted: Quantity,
    /// Reserved, still there.
    #[serde(serialize_with = "as_text")]
    pub decrease_pending: Quantity,
    /// Went out.
    #[serde(serialize_with = "as_text")]
    pub decrease_posted: Quantity,
    /// `increase_posted - decrease_posted`
    #[serde(serialize_with = "as_text")]
    pub on_hand: Quantity,
    /// `on_hand - decrease_pending`
    #[serde(serialize_with = "as_text")]
    pub available: Quantity,
}

/// A row of `movements.csv`: an accepted list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovementRow {
    /// `bondInvtNo`
    pub list_no: String,
    /// Number of the book.
    pub book: String,
    /// `I` or `E`.
    pub direction: String,
    /// `I`, `E` or `R`.
    pub mark: String,
    /// `bondInvtTypecd`
    pub list_kind: String,
    /// `supvModecd`
    pub mode: String,
    /// Last accepted change number.
    pub version: u64,
    /// Number of lines.
    pub lines: u64,
    /// Code of the state.
    pub state: String,
    /// When it was accepted.
    #[serde(serialize_with = "as_text")]
    pub prevd_time: LocalTime,
    /// When its declaration was released.
    #[serde(serialize_with = "as_text_or_empty")]
    pub release_time: Option<LocalTime>,
    /// When the last of its goods so far went through the gate.
    #[serde(serialize_with = "as_text_or_empty")]
    pub gate_time: Option<LocalTime>,
    /// When it was posted.
    #[serde(serialize_with = "as_text_or_empty")]
    pub posted_time: Option<LocalTime>,
    /// When its verification was settled.
    #[serde(serialize_with = "as_text_or_empty")]
    pub verified_time: Option<LocalTime>,
    /// When it was withdrawn.
    #[serde(serialize_with = "as_text_or_empty")]
    pub withdrawn_time: Option<LocalTime>,
}

/// A row of `reconciliation.csv`: counted goods beside the book (`RULES.md` 14.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReconciliationRow {
    /// Number of the book.
    pub book: String,
    /// `I`, `E` or `R`.
    pub kind: String,
    /// Number of the item.
    pub item: u64,
    /// Serial number; empty where the item is counted as a whole.
    pub serial: String,
    /// What the book has.
    #[serde(serialize_with = "as_text")]
    pub a_book: Quantity,
    /// What was counted inside the fence.
    #[serde(serialize_with = "as_text")]
    pub b_counted: Quantity,
    /// Out by slip, not declared yet.
    #[serde(serialize_with = "as_text")]
    pub c_shipped_undeclared: Quantity,
    /// Out on a permit.
    #[serde(serialize_with = "as_text")]
    pub c_out_on_form: Quantity,
    /// Out on lease.
    #[serde(serialize_with = "as_text")]
    pub c_leased_out: Quantity,
    /// Between two zones.
    #[serde(serialize_with = "as_text")]
    pub c_in_transit: Quantity,
    /// Through the gate on lists E that are not posted.
    #[serde(serialize_with = "as_text")]
    pub c_gated_out_not_posted: Quantity,
    /// Through the gate on lists I that are not posted; less than nothing.
    #[serde(serialize_with = "as_text")]
    pub c_gated_in_not_posted: Quantity,
    /// Through the gate before any list; less than nothing.
    #[serde(serialize_with = "as_text")]
    pub c_suspense_in: Quantity,
    /// All of C, kinds that have no column included.
    #[serde(serialize_with = "as_text")]
    pub c_total: Quantity,
    /// B - A + C
    #[serde(serialize_with = "as_text")]
    pub d_difference: Quantity,
    /// Its size in parts of a million of what came in.
    #[serde(serialize_with = "as_text")]
    pub ppm_of_inflow: Quantity,
    /// Code of the class.
    pub class: String,
}

impl ReconciliationRow {
    /// From a row of a count, in its declared unit.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn new(reckoning: &Reckoning) -> Result<Self, Fault> {
        let goods = &reckoning.counted;
        let term = |timing| reckoning.term(timing).declared();
        Ok(Self {
            book: goods.book_no.to_string(),
            kind: goods.mark.to_string(),
            item: goods.number,
            serial: goods.serial.as_ref().map(ToString::to_string).unwrap_or_default(),
            a_book: reckoning.book_balance()?.declared(),
            b_counted: goods.declared,
            c_shipped_undeclared: term(Timing::ShippedUndeclared),
            c_out_on_form: term(Timing::OutOnForm),
            c_leased_out: term(Timing::LeasedOut),
            c_in_transit: term(Timing::InTransit),
            c_gated_out_not_posted: term(Timing::GatedOutNotPosted),
            c_gated_in_not_posted: term(Timing::GatedInNotPosted),
            c_suspense_in: term(Timing::SuspenseIn),
            c_total: reckoning.explained()?.declared(),
            d_difference: reckoning.declared_difference()?,
            ppm_of_inflow: reckoning.ppm()?,
            class: reckoning.class.to_string(),
        })
    }
}

/// A row of `verification.csv`: a counted material of a processing book (`RULES.md` 14.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerificationRow {
    /// Number of the book.
    pub book: String,
    /// Number of the item.
    pub item: u64,
    /// What the period opened with.
    #[serde(serialize_with = "as_text")]
    pub opening: Quantity,
    /// In by lists that are no transfers.
    #[serde(serialize_with = "as_text")]
    pub imports: Quantity,
    /// In from other books.
    #[serde(serialize_with = "as_text")]
    pub transfers_in: Quantity,
    /// Used up.
    #[serde(serialize_with = "as_text")]
    pub consumption: Quantity,
    /// Sold at home.
    #[serde(serialize_with = "as_text")]
    pub domestic_sale: Quantity,
    /// Re-exported.
    #[serde(serialize_with = "as_text")]
    pub re_export: Quantity,
    /// Destroyed.
    #[serde(serialize_with = "as_text")]
    pub destroyed: Quantity,
    /// Out by lists of other modes.
    #[serde(serialize_with = "as_text")]
    pub other_out: Quantity,
    /// Out to other books.
    #[serde(serialize_with = "as_text")]
    pub transfers_out: Quantity,
    /// What of the consumption by BOM is left as scrap; reported only.
    #[serde(serialize_with = "as_text")]
    pub tangible_loss: Quantity,
    /// What the book says.
    #[serde(serialize_with = "as_text")]
    pub should_remain: Quantity,
    /// What was counted.
    #[serde(serialize_with = "as_text")]
    pub actual_remain: Quantity,
    /// Actual less should.
    #[serde(serialize_with = "as_text")]
    pub difference: Quantity,
    /// The difference in percent of what should remain.
    #[serde(serialize_with = "as_text")]
    pub rate_percent: Quantity,
}

impl VerificationRow {
    /// The row of a material that was counted; other items have none. What customs wrote off or entered stands in
    /// `should_remain` alone: the table has no column of it.
    ///
    /// # Errors
    /// A figure is beyond the range of a number.
    pub fn of(row: &Verified) -> Result<Option<Self>, TableError> {
        let Some(actual_remain) = row.counted.filter(|_| row.item.mark == Mark::Goods) else {
            return Ok(None);
        };
        let within = |figure: Option<Quantity>| {
            figure.ok_or_else(|| {
                TableError(format!("item {} of {} is too large", row.item.number, row.item.book_no))
            })
        };
        Ok(Some(Self {
            book: row.item.book_no.to_string(),
            item: row.item.number,
            opening: within(row.opening().map(|opening| opening.declared()))?,
            imports: row.flow(Flow::Import),
            transfers_in: row.flow(Flow::TransferIn),
            consumption: row.flow(Flow::Consumption),
            domestic_sale: row.flow(Flow::DomesticSale),
            re_export: row.flow(Flow::ReExport),
            destroyed: row.flow(Flow::Destroyed),
            other_out: row.flow(Flow::OtherOut),
            transfers_out: row.flow(Flow::TransferOut),
            tangible_loss: row.tangible_loss,
            should_remain: within(row.should_remain())?,
            actual_remain,
            difference: within(row.difference())?,
            rate_percent: within(row.rate_percent())?,
        }))
    }
}

/// Columns of `outcomes.csv`.
pub const OUTCOME_COLUMNS: &[&str] =
    &["seq", "file", "type", "business_id", "outcome", "reason", "document", "state", "changed"];
/// Columns of `balances.csv` and `boundary.csv`.
pub const BALANCE_COLUMNS: &[&str] = &[
    "cutoff",
    "book",
    "kind",
    "item",
    "lot",
    "serial",
    "place",
    "measure",
    "increase_pending",
    "increase_posted",
    "decrease_pending",
    "decrease_posted",
    "on_hand",
    "available",
];
/// Columns of `movements.csv`.
pub const MOVEMENT_COLUMNS: &[&str] = &[
    "list_no",
    "book",
    "direction",
    "mark",
    "list_kind",
    "mode",
    "version",
    "lines",
    "state",
    "prevd_time",
    "release_time",
    "gate_time",
    "posted_time",
    "verified_time",
    "withdrawn_time",
];

/// Columns of `reconciliation.csv`.
pub const RECONCILIATION_COLUMNS: &[&str] = &[
    "book",
    "kind",
    "item",
    "serial",
    "a_book",
    "b_counted",
    "c_shipped_undeclared",
    "c_out_on_form",
    "c_leased_out",
    "c_in_transit",
    "c_gated_out_not_posted",
    "c_gated_in_not_posted",
    "c_suspense_in",
    "c_total",
    "d_difference",
    "ppm_of_inflow",
    "class",
];

/// Columns of `verification.csv`.
pub const VERIFICATION_COLUMNS: &[&str] = &[
    "book",
    "item",
    "opening",
    "imports",
    "transfers_in",
    "consumption",
    "domestic_sale",
    "re_export",
    "destroyed",
    "other_out",
    "transfers_out",
    "tangible_loss",
    "should_remain",
    "actual_remain",
    "difference",
    "rate_percent",
];

/// A table could not be written.
#[derive(Debug, Error)]
#[error("writing a table: {0}")]
pub struct TableError(String);

/// `outcomes.csv`
///
/// # Errors
/// The rows could not be written.
pub fn outcomes(rows: &[OutcomeRow]) -> Result<String, TableError> {
    write(OUTCOME_COLUMNS, rows)
}

/// `balances.csv` or `boundary.csv`
///
/// # Errors
/// The rows could not be written.
pub fn balances(rows: &[BalanceRow]) -> Result<String, TableError> {
    write(BALANCE_COLUMNS, rows)
}

/// `movements.csv`
///
/// # Errors
/// The rows could not be written.
pub fn movements(rows: &[MovementRow]) -> Result<String, TableError> {
    write(MOVEMENT_COLUMNS, rows)
}

/// `reconciliation.csv`
///
/// # Errors
/// The rows could not be written.
pub fn reconciliation(rows: &[ReconciliationRow]) -> Result<String, TableError> {
    write(RECONCILIATION_COLUMNS, rows)
}

/// `verification.csv`
///
/// # Errors
/// The rows could not be written.
pub fn verification(rows: &[VerificationRow]) -> Result<String, TableError> {
    write(VERIFICATION_COLUMNS, rows)
}

impl BalanceRow {
    /// The order of the table: text order of the columns, the number of the item being a text too.
    #[must_use]
    pub fn in_text_order(&self, other: &Self) -> std::cmp::Ordering {
        let texts =
            |row: &Self| [row.lot.clone(), row.serial.clone(), row.place.clone(), row.measure.clone()];
        (self.cutoff.cmp(&other.cutoff))
            .then_with(|| self.book.cmp(&other.book))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| self.item.to_string().cmp(&other.item.to_string()))
            .then_with(|| texts(self).cmp(&texts(other)))
    }
}

fn write<R: Serialize>(columns: &[&str], rows: &[R]) -> Result<String, TableError> {
    let failed = |error: csv::Error| TableError(error.to_string());
    // The head is written apart, so that a table without rows has one too.
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns).map_err(failed)?;
    for row in rows {
        writer.serialize(row).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| TableError(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| TableError(error.to_string()))
}

fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_text_or_empty<S: Serializer>(value: &Option<LocalTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_str(""),
    }
}
