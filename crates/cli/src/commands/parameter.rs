//! `parameter`: limits that the law changes.

use super::show_outcome;
use crate::arguments::{Online, Parameter};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const VALUES: &[Column<'static>] =
    &[Column("parameter", "/parameter"), Column("from", "/from"), Column("value", "/value")];

pub async fn run(online: &Online, command: Parameter) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Parameter::Set { parameter, value, from, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::SetParameterRequest { request_id, validate_only, parameter, from, value };
            show_outcome(online, client.set_parameter(request).await?.outcome)
        }
        Parameter::List => {
            let found = client.get_parameters(v1::GetParametersRequest { consistency: None }).await?;
            output::many(online.output, VALUES, "ParameterValue", &found.values)
        }
    }
}
