//! `consumption`.

use super::{filed, show_outcome};
use crate::arguments::{Consumption, Online};
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
    Column("state", "/state"),
    Column("change_no", "/change_no"),
    Column("posted", "/posted_time"),
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
        Consumption::Change { file, change_no, change } => {
            let slip = filed("ConsumptionSlip", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ChangeConsumptionRequest { request_id, validate_only, change_no, slip };
            show_outcome(online, client.change_consumption(request).await?.outcome)
        }
        Consumption::Void { consumption_no, change_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::VoidConsumptionRequest { request_id, validate_only, consumption_no, change_no };
            show_outcome(online, client.void_consumption(request).await?.outcome)
        }
        Consumption::Get { consumption_no } => {
            let request = v1::GetConsumptionRequest { consumption_no, consistency: None };
            let found = client.get_consumption(request).await?;
            output::one(online.output, CONSUMPTION, "GetConsumptionResponse", &found)
        }
    }
}
