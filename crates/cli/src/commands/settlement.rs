//! `consumption` and `verification`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Consumption, Online, Verification};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const CONSUMPTION: &[Column<'static>] = &[
    Column("consumption_no", "/slip/consumption_no"),
    Column("book", "/slip/book_no"),
    Column("part_swap", "/slip/part_swap"),
    Column("lists", "/slip/lists"),
    Column("materials", "/slip/materials"),
    Column("residues", "/slip/residues"),
    Column("posted", "/posted_time"),
];

const VERIFICATIONS: &[Column<'static>] = &[
    Column("book", "/verification/book_no"),
    Column("sequence", "/verification/sequence"),
    Column("begin", "/verification/begin"),
    Column("end", "/verification/end"),
    Column("lists", "/verification/lists"),
    Column("revision", "/accepted_revision"),
    Column("verified", "/verified_time"),
];

pub async fn consumption(online: &Online, command: Consumption) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Consumption::File { file, change } => {
            let slip = filed("ConsumptionSlip", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileConsumptionRequest { request_id, validate_only, slip };
            show_outcome(online, client.file_consumption(request).await?.outcome)
        }
        Consumption::Get { consumption_no } => {
            let request = v1::GetConsumptionRequest { consumption_no, consistency: None };
            let found = client.get_consumption(request).await?;
            output::one(online.output, CONSUMPTION, "GetConsumptionResponse", &found)
        }
    }
}

pub async fn verification(online: &Online, command: Verification) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Verification::File { file, change } => {
            let verification = filed("Verification", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileVerificationRequest { request_id, validate_only, verification };
            show_outcome(online, client.file_verification(request).await?.outcome)
        }
        Verification::List { book_no } => {
            let request = v1::ListVerificationsRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_verifications, request, verifications);
            output::many(online.output, VERIFICATIONS, "AcceptedVerification", &found)
        }
    }
}
