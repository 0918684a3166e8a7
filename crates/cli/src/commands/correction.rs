//! `correction`, `hold` and `tally`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Change, Correction, Hold, Online, Tally};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const CORRECTIONS: &[Column<'static>] = &[
    Column("correction_no", "/filed/correction_no"),
    Column("list_no", "/filed/list_no"),
    Column("state", "/state"),
    Column("reason", "/filed/reason"),
    Column("lists", "/lists"),
    Column("filed", "/filed_time"),
    Column("decided", "/decided_time"),
    Column("decision", "/decision"),
];

const HOLDS: &[Column<'static>] = &[
    Column("kind", "/kind"),
    Column("number", "/number"),
    Column("state", "/state"),
    Column("held", "/held_reason"),
    Column("conditional", "/conditional"),
    Column("orders", "/orders"),
];

const TALLY: &[Column<'static>] = &[
    Column("tally_no", "/tally/tally_no"),
    Column("list_no", "/tally/list_no"),
    Column("counted_at", "/tally/counted_at"),
    Column("lines", "/tally/lines"),
    Column("filed", "/filed_time"),
    Column("state", "/state"),
    Column("short", "/short"),
    Column("decided", "/decided_time"),
];

pub async fn correction(online: &Online, command: Correction) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Correction::File { file, change } => {
            let correction = filed("Correction", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileCorrectionRequest { request_id, validate_only, correction };
            show_outcome(online, client.file_correction(request).await?.outcome)
        }
        Correction::Approve { correction_no, reason, change } => {
            decide(online, correction_no, true, reason, &change).await
        }
        Correction::Reject { correction_no, reason, change } => {
            decide(online, correction_no, false, reason, &change).await
        }
        Correction::Get { correction_no } => {
            let request = v1::GetCorrectionRequest { correction_no, consistency: None };
            let found = client.get_correction(request).await?.correction.unwrap_or_default();
            output::one(online.output, CORRECTIONS, "CorrectionStatus", &found)
        }
        Correction::List => {
            let request = v1::ListCorrectionsRequest::default();
            let found = all_pages!(client, list_corrections, request, corrections);
            output::many(online.output, CORRECTIONS, "CorrectionStatus", &found)
        }
    }
}

async fn decide(
    online: &Online,
    correction_no: String,
    approved: bool,
    reason: String,
    change: &Change,
) -> Result<(), Failure> {
    let (request_id, validate_only) = (change.id(online), change.dry_run);
    let request = v1::DecideCorrectionRequest { request_id, validate_only, correction_no, approved, reason };
    show_outcome(online, online.client().decide_correction(request).await?.outcome)
}

pub async fn hold(online: &Online, command: Hold) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Hold::Order { kind, number, order, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let kind = kind.to_uppercase();
            let request = v1::OrderDocumentRequest { request_id, validate_only, kind, number, order, reason };
            show_outcome(online, client.order_document(request).await?.outcome)
        }
        Hold::Get { kind, number } => {
            let request = v1::GetHoldRequest { kind: kind.to_uppercase(), number, consistency: None };
            let found = client.get_hold(request).await?.hold.unwrap_or_default();
            output::one(online.output, HOLDS, "DocumentHold", &found)
        }
        Hold::List { open } => {
            let request = v1::ListHoldsRequest { open, ..Default::default() };
            let found = all_pages!(client, list_holds, request, holds);
            output::many(online.output, HOLDS, "DocumentHold", &found)
        }
    }
}

pub async fn tally(online: &Online, command: Tally) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Tally::File { file, change } => {
            let tally = filed("Tally", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileTallyRequest { request_id, validate_only, tally };
            show_outcome(online, client.file_tally(request).await?.outcome)
        }
        Tally::Decide { tally_no, file, change } => {
            let decision = filed("CustomsDecision", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::DecideTallyRequest { request_id, validate_only, tally_no, decision };
            show_outcome(online, client.decide_tally(request).await?.outcome)
        }
        Tally::Get { tally_no } => {
            let found = client.get_tally(v1::GetTallyRequest { tally_no, consistency: None }).await?;
            output::one(online.output, TALLY, "GetTallyResponse", &found)
        }
        Tally::List { undecided } => {
            let request = v1::ListTalliesRequest { undecided, ..Default::default() };
            let found = all_pages!(client, list_tallies, request, tallies);
            output::many(online.output, TALLY, "TallyStatus", &found)
        }
    }
}
