//! `licence`.

use super::{all_pages, show_outcome};
use crate::arguments::{Licence, Online};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const LICENCES: &[Column<'static>] = &[
    Column("licence_no", "/licence_no"),
    Column("party", "/party"),
    Column("tariff", "/tariff_code"),
    Column("unit", "/unit"),
    Column("quantity", "/quantity"),
    Column("used", "/used"),
    Column("available", "/available"),
    Column("valid_from", "/valid_from"),
    Column("valid_until", "/valid_until"),
];

const ENTRIES: &[Column<'static>] = &[
    Column("number", "/number"),
    Column("revision", "/made_revision"),
    Column("time", "/time"),
    Column("action", "/action"),
    Column("cause", "/cause"),
    Column("before", "/before"),
    Column("after", "/after"),
];

pub async fn run(online: &Online, command: Licence) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Licence::Register {
            licence_no,
            party,
            tariff,
            unit,
            quantity,
            valid_from,
            valid_until,
            cause,
            change,
        } => {
            let request = v1::RegisterLicenceRequest {
                request_id: change.id(online),
                validate_only: change.dry_run,
                licence_no,
                party,
                tariff_code: tariff,
                unit,
                quantity,
                valid_from,
                valid_until,
                cause,
            };
            client.register_licence(request).await?.outcome
        }
        Licence::Amend { licence_no, quantity, valid_until, cause, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::AmendLicenceRequest {
                request_id,
                validate_only,
                licence_no,
                quantity,
                valid_until,
                cause,
            };
            client.amend_licence(request).await?.outcome
        }
        Licence::Get { licence_no } => {
            let request = v1::GetLicenceRequest { licence_no: licence_no.clone(), consistency: None };
            let found = client.get_licence(request).await?.licence.unwrap_or_default();
            output::one(online.output, LICENCES, "Licence", &found)?;
            return if online.output == Format::Json { Ok(()) } else { journal(online, licence_no).await };
        }
        Licence::Journal { licence_no } => return journal(online, licence_no).await,
        Licence::List { party, tariff } => {
            let request = v1::ListLicencesRequest {
                party: party.unwrap_or_default(),
                tariff_code: tariff.unwrap_or_default(),
                ..Default::default()
            };
            let found = all_pages!(client, list_licences, request, licences);
            return output::many(online.output, LICENCES, "Licence", &found);
        }
    };
    show_outcome(online, outcome)
}

async fn journal(online: &Online, licence_no: String) -> Result<(), Failure> {
    let client = online.client();
    let request = v1::ListLicenceEntriesRequest { licence_no, ..Default::default() };
    let found = all_pages!(client, list_licence_entries, request, entries);
    output::many(online.output, ENTRIES, "LicenceEntry", &found)
}
