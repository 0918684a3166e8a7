//! `regime`.

use super::{all_pages, read_bytes};
use crate::arguments::{Online, Regime};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use std::path::Path;
use zonebook_api::reckoning::goods_to_wire;
use zonebook_api::v1;
use zonebook_exchange::{count, election};
use zonebook_ledger::code::LotNo;
use zonebook_ledger::direction::Mark;
use zonebook_reconcile::regime::annual::ZoneStatus;

const YEAR: &[Column<'static>] = &[
    Column("kind", "/mark"),
    Column("item", "/number"),
    Column("part", "/part_no"),
    Column("opening", "/columns/opening"),
    Column("receipts", "/columns/receipts"),
    Column("transfers", "/columns/transfers"),
    Column("adjusted up", "/columns/positive_adjustments"),
    Column("adjusted down", "/columns/negative_adjustments"),
    Column("book closing", "/columns/closing"),
    Column("counted", "/counted"),
    Column("timing", "/timing"),
    Column("difference", "/difference"),
    Column("closing", "/closing"),
    Column("duty_usd", "/duty"),
    Column("report", "/manner"),
];

const BILL: &[Column<'static>] = &[
    Column("item", "/number"),
    Column("part", "/part_no"),
    Column("placed", "/placed"),
    Column("re-exported", "/discharged/RE_EXPORTED"),
    Column("released", "/discharged/RELEASED"),
    Column("destroyed", "/discharged/DESTROYED"),
    Column("transferred", "/discharged/TRANSFERRED"),
    Column("lost", "/discharged/LOST"),
    Column("processed", "/discharged/PROCESSED"),
    Column("remaining", "/remaining"),
];

const REPAIR: &[Column<'static>] = &[
    Column("kind", "/mark"),
    Column("item", "/number"),
    Column("part", "/part_no"),
    Column("from", "/provenance"),
    Column("came in", "/fates/CAME_IN"),
    Column("removed", "/fates/REMOVED"),
    Column("entered", "/fates/ENTERED"),
    Column("repaired", "/fates/REPAIRED"),
    Column("other out", "/fates/OTHER_OUT"),
    Column("exported", "/fates/EXPORTED"),
    Column("sold", "/fates/SOLD"),
    Column("transferred", "/fates/TRANSFERRED"),
    Column("destroyed", "/fates/DESTROYED"),
    Column("fitted", "/fates/FITTED"),
    Column("written off", "/fates/WRITTEN_OFF"),
    Column("on hand", "/on_hand"),
    Column("difference", "/difference"),
];

fn counted(book_no: &str, file: Option<&Path>) -> Result<Vec<v1::CountedGoods>, Failure> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let rows = count::counted(&file.display().to_string(), &read_bytes(file)?).map_err(Failure::usage)?;
    Ok(rows.iter().filter(|goods| goods.book_no.as_str() == book_no).map(goods_to_wire).collect())
}

fn statuses(file: Option<&Path>) -> Result<Vec<v1::ZoneStatusElection>, Failure> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let found =
        election::statuses(&file.display().to_string(), &read_bytes(file)?).map_err(Failure::usage)?;
    let election = |((mark, number, lot), status): (&(Mark, u64, Option<LotNo>), &ZoneStatus)| {
        let lot = lot.as_ref().map(ToString::to_string).unwrap_or_default();
        v1::ZoneStatusElection { mark: mark.to_string(), number: *number, lot, status: status.to_string() }
    };
    Ok(found.iter().map(election).collect())
}

pub async fn run(online: &Online, command: Regime) -> Result<(), Failure> {
    match command {
        Regime::Annual { book_no, end, begin, counted: file, statuses: elected, reported_on, revision } => {
            let request = v1::ReconcileYearRequest {
                counted: counted(&book_no, file.as_deref())?,
                book_no,
                end,
                begin: begin.unwrap_or_default(),
                statuses: statuses(elected.as_deref())?,
                reported_on: reported_on.unwrap_or_default(),
                as_of_revision: revision.unwrap_or(0),
                ..Default::default()
            };
            annual(online, request).await
        }
        Regime::Discharge { book_no, placed_on, gathered, months, revision } => {
            let request = v1::ComputeDischargeRequest {
                book_no,
                placed_on,
                aggregation: gathered.code().into(),
                months,
                as_of_revision: revision.unwrap_or(0),
                ..Default::default()
            };
            discharge(online, request).await
        }
        Regime::Repair { book_no, revision } => {
            let as_of_revision = revision.unwrap_or(0);
            let request = v1::ReconcileRepairsRequest { book_no, as_of_revision, ..Default::default() };
            let client = online.client();
            let lines = all_pages!(client, reconcile_repairs, request, lines);
            output::many(online.output, REPAIR, "RepairLine", &lines)
        }
    }
}

async fn annual(online: &Online, mut request: v1::ReconcileYearRequest) -> Result<(), Failure> {
    let client = online.client();
    let mut lines = Vec::new();
    loop {
        let page = client.reconcile_year(request.clone()).await?;
        lines.extend(page.lines);
        if page.next_page_token.is_empty() {
            if online.output == Format::Table {
                eprintln!(
                    "{} to {}: report by {}, letter by {}",
                    page.begin, page.end, page.report_due, page.letter_due
                );
            }
            return output::many(online.output, YEAR, "AnnualLine", &lines);
        }
        request.page_token = page.next_page_token;
    }
}

async fn discharge(online: &Online, mut request: v1::ComputeDischargeRequest) -> Result<(), Failure> {
    let client = online.client();
    let mut lines = Vec::new();
    loop {
        let page = client.compute_discharge(request.clone()).await?;
        lines.extend(page.lines);
        if page.next_page_token.is_empty() {
            if online.output == Format::Table {
                eprintln!(
                    "placed {} to {}: discharged by {}, bill by {} (extended: {})",
                    page.placed_from, page.begins, page.ends, page.due, page.due_extended
                );
            }
            return output::many(online.output, BILL, "DischargeLine", &lines);
        }
        request.page_token = page.next_page_token;
    }
}
