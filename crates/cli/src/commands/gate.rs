//! `gate`: passes and passages.

use super::{correspondence, filed, read_bytes, show_outcome};
use crate::arguments::{Gate, Online};
use crate::failure::{Failure, code, explain};
use crate::output::{self, Column};
use std::path::Path;
use zonebook_api::v1;
use zonebook_api::v1::get_passage_advice_request::By;
use zonebook_api::v1::get_printout_request::Document;
use zonebook_exchange::passages::{self, PassageRow};

const PASS: &[Column<'static>] = &[
    Column("pass_no", "/pass/pass_no"),
    Column("state", "/state"),
    Column("direction", "/pass/direction"),
    Column("binding", "/pass/binding"),
    Column("linked", "/pass/linked"),
    Column("vehicle", "/pass/vehicle_no"),
    Column("filed", "/filed_time"),
    Column("passed_at", "/passed_at"),
    Column("weight_error", "/weight_error"),
];

const OUTCOMES: &[Column<'static>] = &[
    Column("pass_no", "/document"),
    Column("verdict", "/verdict"),
    Column("state", "/state"),
    Column("reason", "/refusal/reason"),
    Column("text", "/refusal/text_en"),
];

const ADVICE: &[Column<'static>] = &[
    Column("pass_no", "/pass_no"),
    Column("state", "/state"),
    Column("may_pass", "/may_pass"),
    Column("unreleased", "/unreleased_declarations"),
];

/// Reports that are sent together.
const TOGETHER: usize = 1_000;

pub async fn run(online: &Online, command: Gate) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Gate::Pass { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FilePassRequest { request_id, validate_only, pass: filed("Pass", &file)? };
            client.file_pass(request).await?.outcome
        }
        Gate::Passage { pass_no, status, at, weight, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let (passed_at, collected_weight) = (at, weight);
            let request = v1::ReportPassageRequest {
                request_id,
                validate_only,
                pass_no,
                status,
                passed_at,
                collected_weight,
            };
            client.report_passage(request).await?.outcome
        }
        Gate::Void { pass_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            client.void_pass(v1::VoidPassRequest { request_id, validate_only, pass_no }).await?.outcome
        }
        Gate::Passages { file, dry_run } => return passages(online, &file, dry_run).await,
        Gate::Check { pass_no, vehicle } => return check(online, pass_no, vehicle).await,
        Gate::Get { pass_no } => {
            let found = client.get_pass(v1::GetPassRequest { pass_no, consistency: None }).await?;
            return output::one(online.output, PASS, "GetPassResponse", &found);
        }
        Gate::Print { pass_no, file } => {
            return correspondence::print(online, Document::PassNo(pass_no), file.as_deref()).await;
        }
    };
    show_outcome(online, outcome)
}

/// A gate reports many passages: those that are refused are shown and make the command fail, the others stand.
async fn passages(online: &Online, file: &Path, validate_only: bool) -> Result<(), Failure> {
    let name = file.display().to_string();
    let rows = passages::passages(&name, &read_bytes(file)?).map_err(Failure::usage)?;
    let client = online.client();
    let mut outcomes = Vec::with_capacity(rows.len());
    for some in rows.chunks(TOGETHER) {
        let reports = some.iter().map(report).collect();
        let request = v1::BatchReportPassagesRequest { reports, validate_only };
        outcomes.extend(client.batch_report_passages(request).await?.outcomes);
    }
    let refused = outcomes.iter().filter(|outcome| outcome.verdict() == v1::Verdict::Refused).count();
    output::many(online.output, OUTCOMES, "Outcome", &outcomes)?;
    if refused == 0 {
        return Ok(());
    }
    Err(Failure::new(code::REFUSED, format!("{refused} of {} passages were refused", outcomes.len())))
}

fn report(row: &PassageRow) -> v1::ReportPassageRequest {
    v1::ReportPassageRequest {
        request_id: zonebook_client::request_id(),
        validate_only: false,
        pass_no: row.pass_no.to_string(),
        status: row.status.clone(),
        passed_at: row.passed_at.to_string().replace('T', " "),
        collected_weight: row.collected.map(|weight| weight.to_string()).unwrap_or_default(),
    }
}

async fn check(online: &Online, pass_no: Option<String>, vehicle: Option<String>) -> Result<(), Failure> {
    let by = pass_no.map(By::PassNo).or(vehicle.map(By::VehicleNo));
    let request = v1::GetPassageAdviceRequest { by, consistency: None };
    let found = online.client().get_passage_advice(request).await?;
    output::many(online.output, ADVICE, "PassageAdvice", &found.passes)?;
    if found.stale && !online.quiet {
        eprintln!("the leader did not confirm in time: this is what the node knows");
    }
    if found.may_pass {
        return Ok(());
    }
    let obstacles: Vec<_> = found.passes.iter().flat_map(|advice| &advice.obstacles).map(explain).collect();
    let none = || "no pass on which it may go through".to_owned();
    let text = if obstacles.is_empty() { none() } else { obstacles.join("\n") };
    Err(Failure::new(code::REFUSED, text))
}
