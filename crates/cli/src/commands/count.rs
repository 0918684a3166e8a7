//! `count`: count campaigns.

use super::{all_pages, read_bytes, show_outcome};
use crate::arguments::{Count, Online};
use crate::failure::{Failure, code};
use crate::json;
use crate::output::{self, Column};
use std::path::Path;
use zonebook_api::{count as count_api, v1};
use zonebook_exchange::count;
use zonebook_ledger::document::CountLine;
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::time::LocalTime;

const CAMPAIGNS: &[Column<'static>] = &[
    Column("campaign_no", "/campaign/campaign_no"),
    Column("book", "/campaign/book_no"),
    Column("state", "/state"),
    Column("blind", "/campaign/blind"),
    Column("counters", "/campaign/counters"),
    Column("cut_off", "/cut_off_time"),
    Column("revision", "/cut_off_revision"),
    Column("sheets", "/sheets"),
    Column("lines", "/lines"),
    Column("ended", "/ended_time"),
];

const PROGRESS: &[Column<'static>] = &[
    Column("campaign_no", "/campaign/campaign/campaign_no"),
    Column("book", "/campaign/campaign/book_no"),
    Column("state", "/campaign/state"),
    Column("cut_off", "/campaign/cut_off_time"),
    Column("revision", "/campaign/cut_off_revision"),
    Column("items", "/coverage/items"),
    Column("counted", "/coverage/counted"),
    Column("agreed", "/coverage/agreed"),
    Column("to_recount", "/coverage/to_recount"),
    Column("percent", "/coverage/progress_percent"),
];

/// A sheet to fill in; its first columns are those that are read back.
const SHEET: &[Column<'static>] = &[
    Column("book", "/book"),
    Column("kind", "/mark"),
    Column("item", "/number"),
    Column("serial", "/serial"),
    Column("unit", "/unit"),
    // Left empty, for whoever counts.
    Column("counted", "/to_fill_in"),
    Column("place", "/place"),
    Column("part_no", "/part_no"),
    Column("name", "/name"),
    Column("round", "/round"),
    Column("verdict", "/verdict"),
    Column("cause", "/cause"),
    Column("book_quantity", "/book_quantity"),
];

const LINES: &[Column<'static>] = &[
    Column("kind", "/line/mark"),
    Column("item", "/line/number"),
    Column("serial", "/line/serial"),
    Column("place", "/line/place"),
    Column("area", "/line/area"),
    Column("lot", "/line/lot"),
    Column("round", "/round"),
    Column("counter", "/counter"),
    Column("sheet", "/sheet_no"),
    Column("line", "/line/line"),
    Column("counted", "/line/quantity_declared"),
    Column("unit", "/line/unit"),
    Column("counted_at", "/line/counted_at"),
];

pub async fn run(online: &Online, command: Count) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Count::Open { campaign_no, book_no, owner, items, area, blind, counters, change } => {
            let items = items.iter().map(|text| range(text)).collect::<Result<_, _>>()?;
            let campaign = Some(v1::Campaign { campaign_no, book_no, owner, items, area, blind, counters });
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            client
                .open_campaign(v1::OpenCampaignRequest { request_id, validate_only, campaign })
                .await?
                .outcome
        }
        Count::Close { campaign_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::CloseCampaignRequest { request_id, validate_only, campaign_no, reason };
            client.close_campaign(request).await?.outcome
        }
        Count::Cancel { campaign_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::CancelCampaignRequest { request_id, validate_only, campaign_no, reason };
            client.cancel_campaign(request).await?.outcome
        }
        Count::Record { campaign_no, file, counter, sheet, round, counted_at, dry_run } => {
            let sheet_no = sheet.unwrap_or_else(|| stem(&file));
            let counted = v1::CountSheet { counter, sheet_no, round, lines: Vec::new() };
            return record(online, campaign_no, &file, counted, counted_at.as_deref(), dry_run).await;
        }
        Count::Sheet { campaign_no, open, reveal } => return sheet(online, campaign_no, open, reveal).await,
        Count::Show { campaign_no } => {
            let found =
                client.get_campaign(v1::GetCampaignRequest { campaign_no, consistency: None }).await?;
            return output::one(online.output, PROGRESS, "GetCampaignResponse", &found);
        }
        Count::Lines { campaign_no, reveal } => {
            let request = v1::ListCountsRequest { campaign_no, reveal, ..Default::default() };
            let found = all_pages!(client, list_counts, request, counts);
            return output::many(online.output, LINES, "Count", &found);
        }
        Count::List { book } => {
            let request =
                v1::ListCampaignsRequest { book_no: book.unwrap_or_default(), ..Default::default() };
            let found = all_pages!(client, list_campaigns, request, campaigns);
            return output::many(online.output, CAMPAIGNS, "CampaignStatus", &found);
        }
    };
    show_outcome(online, outcome)
}

/// `MARK:FIRST-LAST` or `MARK:NUMBER`.
fn range(text: &str) -> Result<v1::ItemRange, Failure> {
    let read = || {
        let (mark, numbers) = text.split_once(':')?;
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        Some(v1::ItemRange { mark: mark.into(), first: first.parse().ok()?, last: last.parse().ok()? })
    };
    read().ok_or_else(|| Failure::usage(format!("--items {text}: must be MARK:FIRST-LAST or MARK:NUMBER")))
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

async fn sheet(online: &Online, campaign_no: String, open_only: bool, reveal: bool) -> Result<(), Failure> {
    let client = online.client();
    let request = v1::GetCampaignRequest { campaign_no: campaign_no.clone(), consistency: None };
    let campaign = client.get_campaign(request).await?.campaign.and_then(|status| status.campaign);
    let book = campaign.map(|campaign| campaign.book_no).unwrap_or_default();
    let request = v1::ListCountSheetRequest { campaign_no, open_only, reveal, ..Default::default() };
    let found = all_pages!(client, list_count_sheet, request, subjects);
    let mut rows = Vec::with_capacity(found.len());
    for subject in &found {
        let mut row = json::value("CountSubject", subject)?;
        if let Some(row) = row.as_object_mut() {
            // `book` is the number of the book in sheets, and its figure in the contract.
            let figure = row.insert("book".into(), book.clone().into());
            row.insert("book_quantity".into(), figure.unwrap_or_default());
        }
        rows.push(row);
    }
    output::rows(online.output, SHEET, &rows)
}

/// Records a file in sheets of as many lines as one may have, each whole or not at all. What went before a sheet that is
/// refused stays; the same file once more changes nothing.
async fn record(
    online: &Online,
    campaign_no: String,
    file: &Path,
    head: v1::CountSheet,
    counted_at: Option<&str>,
    dry_run: bool,
) -> Result<(), Failure> {
    let shown = file.display().to_string();
    let bytes = read_bytes(file)?;
    let all = count::lines(&shown, &bytes).map_err(Failure::usage)?;
    let counted_at = counted_at.map(LocalTime::parse).transpose().map_err(Failure::usage)?;
    let client = online.client();
    let request = v1::GetCampaignRequest { campaign_no: campaign_no.clone(), consistency: None };
    let campaign = client.get_campaign(request).await?.campaign.and_then(|status| status.campaign);
    let campaign =
        campaign.ok_or_else(|| Failure::new(code::NOT_FOUND, format!("campaign {campaign_no}")))?;
    let read = all.len();
    let lines: Vec<v1::CountLine> = all
        .into_iter()
        .filter(|(book_no, _)| book_no.as_str() == campaign.book_no)
        .map(|(_, line)| CountLine { counted_at: line.counted_at.or(counted_at), ..line })
        .map(|line| count_api::line_to_wire(&line))
        .collect();
    if lines.is_empty() {
        return Err(Failure::usage(format!("{shown}: no count of book {}", campaign.book_no)));
    }
    if !online.quiet {
        eprintln!("{} counts of book {}, {} of others", lines.len(), campaign.book_no, read - lines.len());
    }
    let parts = lines.chunks(LINES_MAX);
    let single = parts.len() == 1;
    let mut last = None;
    for (part, lines) in (1_usize..).zip(parts) {
        let mut sheet = v1::CountSheet { lines: lines.to_vec(), ..head.clone() };
        if !single {
            sheet.sheet_no = format!("{}/{part}", head.sheet_no);
        }
        let request = v1::RecordCountsRequest {
            request_id: zonebook_client::request_id(),
            validate_only: dry_run,
            campaign_no: campaign_no.clone(),
            sheet: Some(sheet),
        };
        last = client.record_counts(request).await?.outcome;
    }
    show_outcome(online, last)
}
