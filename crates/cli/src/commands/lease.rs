//! `lease`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Lease, Online};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const LEASES: &[Column<'static>] = &[
    Column("lease_no", "/lease/lease_no"),
    Column("state", "/state"),
    Column("change_no", "/change_no"),
    Column("book", "/lease/book_no"),
    Column("lessee", "/lease/lessee"),
    Column("start", "/lease/start"),
    Column("end", "/lease/end"),
    Column("close_by", "/close_by"),
    Column("location", "/lease/location"),
    Column("closed_on", "/closed_on"),
];

const UNITS: &[Column<'static>] =
    &[Column("row", "/number"), Column("serial", "/serial"), Column("at_stake", "/guarantee_amount")];

const SECURED: &[Column<'static>] = &[Column("row", "/number"), Column("drawn", "/drawn")];

const RENTS: &[Column<'static>] = &[
    Column("number", "/number"),
    Column("paid_on", "/paid_on"),
    Column("amount", "/amount"),
    Column("currency", "/currency"),
];

const DECLARED: &[Column<'static>] = &[
    Column("number", "/number"),
    Column("declare_by", "/declare_by"),
    Column("declaration", "/declaration_no"),
    Column("declared_on", "/declared_on"),
];

pub async fn run(online: &Online, command: Lease) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Lease::Register { file, change } => {
            let lease = filed("Lease", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::RegisterLeaseRequest { request_id, validate_only, lease };
            show_outcome(online, client.register_lease(request).await?.outcome)
        }
        Lease::Rent { lease_no, number, declaration, on, change_no, change } => {
            let request = v1::DeclareRentRequest {
                request_id: change.id(online),
                validate_only: change.dry_run,
                lease_no,
                change_no,
                number,
                declaration_no: declaration,
                declared_on: on,
            };
            show_outcome(online, client.declare_rent(request).await?.outcome)
        }
        Lease::Extend { file, change } => {
            let request = filed::<v1::ExtendLeaseRequest>("ExtendLeaseRequest", &file)?.unwrap_or_default();
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ExtendLeaseRequest { request_id, validate_only, ..request };
            show_outcome(online, client.extend_lease(request).await?.outcome)
        }
        Lease::Lessor { file, change } => {
            let request = filed::<v1::ChangeLessorRequest>("ChangeLessorRequest", &file)?.unwrap_or_default();
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ChangeLessorRequest { request_id, validate_only, ..request };
            show_outcome(online, client.change_lessor(request).await?.outcome)
        }
        Lease::Observe { lease_no, office, at, location, attended, remark, change_no, change } => {
            let observation = v1::Observation { office, observed_at: at, location, attended, remark };
            let request = v1::ObserveLeaseRequest {
                request_id: change.id(online),
                validate_only: change.dry_run,
                lease_no,
                change_no,
                observation: Some(observation),
            };
            show_outcome(online, client.observe_lease(request).await?.outcome)
        }
        Lease::Close { lease_no, on, change_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::CloseLeaseRequest { request_id, validate_only, lease_no, change_no, closed_on: on };
            show_outcome(online, client.close_lease(request).await?.outcome)
        }
        Lease::Get { lease_no } => {
            let found = client.get_lease(v1::GetLeaseRequest { lease_no, consistency: None }).await?;
            let status = found.lease.unwrap_or_default();
            output::one(online.output, LEASES, "LeaseStatus", &status)?;
            if online.output == Format::Json {
                return Ok(());
            }
            let lease = status.lease.unwrap_or_default();
            output::many(online.output, UNITS, "RentedUnit", &lease.units)?;
            output::many(online.output, SECURED, "SecuredUnit", &status.secured)?;
            output::many(online.output, RENTS, "Rent", &lease.rents)?;
            output::many(online.output, DECLARED, "RentStatus", &status.rents)
        }
        Lease::List => {
            let found = all_pages!(client, list_leases, v1::ListLeasesRequest::default(), leases);
            output::many(online.output, LEASES, "LeaseStatus", &found)
        }
    }
}
