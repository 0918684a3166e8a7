//! `gate`: passes and passages.

use super::{correspondence, filed, show_outcome};
use crate::arguments::{Gate, Online};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;
use zonebook_api::v1::get_printout_request::Document;

const PASS: &[Column<'static>] = &[
    Column("pass_no", "/pass/pass_no"),
    Column("state", "/state"),
    Column("direction", "/pass/direction"),
    Column("binding", "/pass/binding"),
    Column("linked", "/pass/linked"),
    Column("vehicle", "/pass/vehicle_no"),
    Column("filed", "/filed_time"),
    Column("passed_at", "/passed_at"),
];

pub async fn run(online: &Online, command: Gate) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Gate::Pass { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FilePassRequest { request_id, validate_only, pass: filed("Pass", &file)? };
            client.file_pass(request).await?.outcome
        }
        Gate::Passage { pass_no, status, at, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::ReportPassageRequest { request_id, validate_only, pass_no, status, passed_at: at };
            client.report_passage(request).await?.outcome
        }
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
