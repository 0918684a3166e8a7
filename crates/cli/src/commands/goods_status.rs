//! `registration` and `status-change`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Online, Registration, StatusChange};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const REGISTRATIONS: &[Column<'static>] = &[
    Column("registration_no", "/registration/registration_no"),
    Column("book", "/registration/book_no"),
    Column("pass_type", "/registration/pass_type"),
    Column("direction", "/registration/direction"),
    Column("vehicle", "/registration/vehicle_no"),
    Column("passed", "/registration/passed_at"),
    Column("lines", "/registration/lines"),
    Column("posted", "/posted_time"),
];

const CHANGES: &[Column<'static>] = &[
    Column("status_change_no", "/change/status_change_no"),
    Column("from_book", "/change/from_book"),
    Column("to_book", "/change/to_book"),
    Column("declaration", "/change/declaration_no"),
    Column("lines", "/change/lines"),
    Column("posted", "/posted_time"),
];

pub async fn registration(online: &Online, command: Registration) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Registration::File { file, change } => {
            let registration = filed("Registration", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileRegistrationRequest { request_id, validate_only, registration };
            show_outcome(online, client.file_registration(request).await?.outcome)
        }
        Registration::Get { registration_no } => {
            let request = v1::GetRegistrationRequest { registration_no, consistency: None };
            let found = client.get_registration(request).await?.registration.unwrap_or_default();
            output::one(online.output, REGISTRATIONS, "AcceptedRegistration", &found)
        }
        Registration::List => {
            let request = v1::ListRegistrationsRequest::default();
            let found = all_pages!(client, list_registrations, request, registrations);
            output::many(online.output, REGISTRATIONS, "AcceptedRegistration", &found)
        }
    }
}

pub async fn status_change(online: &Online, command: StatusChange) -> Result<(), Failure> {
    let client = online.client();
    match command {
        StatusChange::File { file, change: said } => {
            let change = filed("StatusChange", &file)?;
            let (request_id, validate_only) = (said.id(online), said.dry_run);
            let request = v1::ChangeStatusRequest { request_id, validate_only, change };
            show_outcome(online, client.change_status(request).await?.outcome)
        }
        StatusChange::Get { status_change_no } => {
            let request = v1::GetStatusChangeRequest { status_change_no, consistency: None };
            let found = client.get_status_change(request).await?.change.unwrap_or_default();
            output::one(online.output, CHANGES, "AcceptedStatusChange", &found)
        }
        StatusChange::List => {
            let request = v1::ListStatusChangesRequest::default();
            let found = all_pages!(client, list_status_changes, request, changes);
            output::many(online.output, CHANGES, "AcceptedStatusChange", &found)
        }
    }
}
