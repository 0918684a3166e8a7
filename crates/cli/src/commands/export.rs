//! `export`: tables of the whole ledger, in the columns that the trade's samples use (`RULES.md` 14).

use super::all_pages;
use super::reconcile::{self, Reckoned};
use super::verification::counted as counted_of;
use crate::arguments::{Export, ExportTable, Online};
use crate::failure::{Failure, code};
use crate::moment;
use crate::output::{self, Column, Format};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use zonebook_api::reckoning::reckoning_of;
use zonebook_api::v1;
use zonebook_api::v1::Verdict;
use zonebook_client::Client;
use zonebook_exchange::count;
use zonebook_exchange::tables::{
    self, BALANCE_COLUMNS, BalanceRow, MOVEMENT_COLUMNS, MovementRow, OUTCOME_COLUMNS, OutcomeRow,
    RECONCILIATION_COLUMNS, ReconciliationRow, VERIFICATION_COLUMNS, VerificationRow,
};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;
use zonebook_reconcile::flow::Flow;

fn wrong(error: impl std::fmt::Display) -> Failure {
    Failure::new(code::FAILED, format!("the server's answer cannot be read: {error}"))
}

/// A cut-off: its name and its moment.
pub struct CutOff {
    pub name: String,
    pub as_of: Option<v1::AsOf>,
}

impl CutOff {
    /// `NAME=MOMENT` or `MOMENT`, which then is the name too.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let (name, at) = text.split_once('=').unwrap_or((text, text));
        Ok(Self { name: name.into(), as_of: Some(moment::as_of(at)?) })
    }

    /// `END`: as it is.
    pub fn now() -> Self {
        Self { name: "END".into(), as_of: None }
    }
}

/// The rows of `balances.csv`, or of `boundary.csv`.
pub async fn balances(
    client: &Client,
    cut_offs: &[CutOff],
    boundary: bool,
) -> Result<Vec<BalanceRow>, Failure> {
    let mut rows = Vec::new();
    for cut_off in cut_offs {
        let request = v1::ListPositionsRequest { as_of: cut_off.as_of, ..Default::default() };
        for position in all_pages!(client, list_positions, request, positions) {
            let place = position.key.as_ref().map(|key| Place::from_code(&key.place)).transpose();
            let inside = place.map_err(wrong)?.is_some_and(Place::is_inside);
            if inside != boundary {
                rows.extend(balance_rows(&cut_off.name, &position)?);
            }
        }
    }
    rows.sort_by(BalanceRow::in_text_order);
    Ok(rows)
}

/// One quantity of a measure.
type Pick = fn(&v1::Measure) -> &str;

fn balance_rows(cutoff: &str, position: &v1::Position) -> Result<Vec<BalanceRow>, Failure> {
    let key = position.key.clone().unwrap_or_default();
    let counters = position.counters.clone().unwrap_or_default();
    let all = [
        &counters.increase_pending,
        &counters.increase_posted,
        &counters.decrease_pending,
        &counters.decrease_posted,
        &counters.on_hand,
        &counters.available,
    ];
    const MEASURES: [(&str, Pick); 3] = [
        ("declared", |measure| &measure.declared),
        ("statutory1", |measure| &measure.statutory1),
        ("statutory2", |measure| &measure.statutory2),
    ];
    let mut rows = Vec::new();
    for (name, of) in MEASURES {
        let mut figures = [Quantity::ZERO; 6];
        for (figure, measure) in figures.iter_mut().zip(all) {
            if let Some(measure) = measure {
                *figure = Quantity::parse_amount(of(measure)).map_err(wrong)?;
            }
        }
        let [increase_pending, increase_posted, decrease_pending, decrease_posted, on_hand, available] =
            figures;
        let counted = [increase_pending, increase_posted, decrease_pending, decrease_posted];
        if counted.iter().all(|figure| figure.is_zero()) {
            continue;
        }
        rows.push(BalanceRow {
            cutoff: cutoff.into(),
            book: key.book_no.clone(),
            kind: key.mark.clone(),
            item: key.number,
            lot: key.lot.clone(),
            serial: key.serial.clone(),
            place: key.place.clone(),
            measure: name.into(),
            increase_pending,
            increase_posted,
            decrease_pending,
            decrease_posted,
            on_hand,
            available,
        });
    }
    Ok(rows)
}

/// The rows of `movements.csv`.
pub async fn movements(client: &Client) -> Result<Vec<MovementRow>, Failure> {
    let found = all_pages!(client, list_movements, v1::ListMovementsRequest::default(), movements);
    found.into_iter().map(movement_row).collect()
}

fn movement_row(movement: v1::Movement) -> Result<MovementRow, Failure> {
    let reported = |text: &str| {
        if text.is_empty() { Ok(None) } else { LocalTime::parse(text).map(Some).map_err(wrong) }
    };
    let prevd_time = movement.pre_posted_time.as_ref().map(moment::local);
    Ok(MovementRow {
        prevd_time: prevd_time.ok_or_else(|| wrong("a list without time of acceptance"))?,
        release_time: reported(&movement.release_time)?,
        gate_time: reported(&movement.gate_time)?,
        posted_time: movement.posted_time.as_ref().map(moment::local),
        verified_time: movement.verified_time.as_ref().map(moment::local),
        withdrawn_time: movement.withdrawn_time.as_ref().map(moment::local),
        list_no: movement.list_no,
        book: movement.book_no,
        direction: movement.direction,
        mark: movement.mark,
        list_kind: movement.kind,
        mode: movement.mode,
        version: movement.change_no,
        lines: movement.lines,
        state: movement.state,
    })
}

/// The rows of `reconciliation.csv`.
pub fn reconciliation(reckoned: &Reckoned) -> Result<Vec<ReconciliationRow>, Failure> {
    let row = |wire| ReconciliationRow::new(&reckoning_of(wire).map_err(wrong)?).map_err(wrong);
    reckoned.rows.iter().map(row).collect()
}

/// The rows of `verification.csv`: the counted materials of processing books, over a period of days.
pub async fn verification(
    client: &Client,
    count: &Path,
    (begin, end): (&str, &str),
) -> Result<Vec<VerificationRow>, Failure> {
    let counted = count::counted(&count.display().to_string(), &super::read_bytes(count)?);
    let books: BTreeSet<String> =
        counted.map_err(Failure::usage)?.iter().map(|goods| goods.book_no.to_string()).collect();
    let mut rows = Vec::new();
    for book_no in books {
        let book =
            client.get_book(v1::GetBookRequest { book_no: book_no.clone(), consistency: None }).await?;
        if book.book.is_none_or(|book| book.usage != Usage::Processing.code()) {
            continue;
        }
        let request = v1::ComputeVerificationRequest {
            counted: counted_of(&book_no, Some(count))?,
            book_no: book_no.clone(),
            begin: begin.into(),
            end: end.into(),
            ..Default::default()
        };
        let lines = all_pages!(client, compute_verification, request, lines);
        for line in lines.iter().filter(|line| line.counted && line.mark == Mark::Goods.code()) {
            rows.push(verification_row(&book_no, line)?);
        }
    }
    Ok(rows)
}

fn verification_row(book_no: &str, line: &v1::VerificationLine) -> Result<VerificationRow, Failure> {
    let figure = |figures: &HashMap<String, String>, name: &str| match figures.get(name) {
        Some(figure) => Quantity::parse_amount(figure).map_err(wrong),
        None => Ok(Quantity::ZERO),
    };
    let flow = |flow: Flow| figure(&line.flows, flow.code());
    let computed = |name| figure(&line.computed, name);
    Ok(VerificationRow {
        book: book_no.into(),
        item: line.number,
        opening: computed("vclrPridInitQty")?,
        imports: flow(Flow::Import)?,
        transfers_in: flow(Flow::TransferIn)?,
        consumption: flow(Flow::Consumption)?,
        domestic_sale: flow(Flow::DomesticSale)?,
        re_export: flow(Flow::ReExport)?,
        destroyed: flow(Flow::Destroyed)?,
        other_out: flow(Flow::OtherOut)?,
        transfers_out: flow(Flow::TransferOut)?,
        tangible_loss: computed("tgblLossQty")?,
        should_remain: computed("shdRemainQty")?,
        actual_remain: computed("actlRemainQty")?,
        difference: computed("dsmlQty")?,
        rate_percent: computed("dsmlRate")?,
    })
}

/// The rows of `outcomes.csv`.
pub async fn outcomes(client: &Client, source: &str) -> Result<Vec<OutcomeRow>, Failure> {
    let request = v1::ListMessageOutcomesRequest { source: source.into(), ..Default::default() };
    let found = all_pages!(client, list_message_outcomes, request, outcomes);
    Ok(found.into_iter().map(outcome_row).collect())
}

fn outcome_row(message: v1::MessageOutcome) -> OutcomeRow {
    let outcome = message.outcome.unwrap_or_default();
    let changed = outcome.changed.iter().map(|changed| format!("{}={}", changed.document, changed.state));
    OutcomeRow {
        seq: message.sequence,
        file: message.name,
        kind: message.r#type,
        business_id: message.business_id,
        outcome: match outcome.verdict() {
            Verdict::Accepted => "accepted",
            Verdict::Duplicate => "duplicate",
            Verdict::Refused | Verdict::Unspecified => "refused",
        }
        .into(),
        changed: changed.collect::<Vec<_>>().join(";"),
        reason: outcome.refusal.map(|refusal| refusal.reason).unwrap_or_default(),
        document: outcome.document,
        state: outcome.state,
    }
}

/// CSV unless something else is asked for: these tables are for programs.
fn print<R: serde::Serialize>(
    online: &Online,
    columns: &'static [&'static str],
    rows: &[R],
    csv: impl Fn(&[R]) -> Result<String, tables::TableError>,
) -> Result<(), Failure> {
    if online.output == Format::Csv {
        return output::write(&csv(rows).map_err(|error| Failure::new(code::FAILED, error))?);
    }
    let values: Result<Vec<_>, _> = rows.iter().map(serde_json::to_value).collect();
    let values = values.map_err(|error| Failure::new(code::FAILED, error))?;
    let pointers: Vec<String> = columns.iter().map(|column| format!("/{column}")).collect();
    let columns: Vec<Column> =
        columns.iter().zip(&pointers).map(|(column, pointer)| Column(column, pointer)).collect();
    output::rows(online.output, &columns, &values)
}

pub async fn run(online: &Online, command: Export) -> Result<(), Failure> {
    let client = online.client();
    match command.table {
        ExportTable::Balances { as_of, boundary } => {
            let cut_offs: Result<Vec<CutOff>, Failure> =
                as_of.iter().map(|text| CutOff::parse(text)).collect();
            let mut cut_offs = cut_offs?;
            if cut_offs.is_empty() {
                cut_offs.push(CutOff::now());
            }
            let rows = balances(&client, &cut_offs, boundary).await?;
            print(online, BALANCE_COLUMNS, &rows, tables::balances)
        }
        ExportTable::Movements => {
            print(online, MOVEMENT_COLUMNS, &movements(&client).await?, tables::movements)
        }
        ExportTable::Reconciliation { count, as_of } => {
            let reckoned = reconcile::reckon(&client, &count, as_of.as_deref()).await?;
            let rows = reconciliation(&reckoned)?;
            print(online, RECONCILIATION_COLUMNS, &rows, tables::reconciliation)
        }
        ExportTable::Verification { count, begin, end } => {
            let days = (begin.as_deref().unwrap_or_default(), end.as_deref().unwrap_or_default());
            let rows = verification(&client, &count, days).await?;
            print(online, VERIFICATION_COLUMNS, &rows, tables::verification)
        }
        ExportTable::Outcomes { source } => {
            let rows = outcomes(&client, source.as_deref().unwrap_or_default()).await?;
            print(online, OUTCOME_COLUMNS, &rows, tables::outcomes)
        }
    }
}
