//! Leases.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::v1::lease_service_server::LeaseService;
use zonebook_api::{lease, status, v1};
use zonebook_ledger::code::LeaseNo;
use zonebook_ledger::document::Document;
use zonebook_ledger::query;
use zonebook_ledger::state::{Leases as LeaseTable, get};

/// `LeaseService`.
pub struct Leases(pub Gateway);

#[tonic::async_trait]
impl LeaseService for Leases {
    async fn register_lease(
        &self,
        request: Request<v1::RegisterLeaseRequest>,
    ) -> Result<Response<v1::RegisterLeaseResponse>, Status> {
        let request = request.get_ref();
        let command = lease::registration(request.lease.as_ref()).map(|lease| filing(Document::Lease(lease)));
        answer!(RegisterLeaseResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn declare_rent(
        &self,
        request: Request<v1::DeclareRentRequest>,
    ) -> Result<Response<v1::DeclareRentResponse>, Status> {
        let request = request.get_ref();
        let command = lease::rent_declared(request).map(|lease| filing(Document::Lease(lease)));
        answer!(DeclareRentResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn extend_lease(
        &self,
        request: Request<v1::ExtendLeaseRequest>,
    ) -> Result<Response<v1::ExtendLeaseResponse>, Status> {
        let request = request.get_ref();
        let command = lease::extension(request).map(|lease| filing(Document::Lease(lease)));
        answer!(ExtendLeaseResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn change_lessor(
        &self,
        request: Request<v1::ChangeLessorRequest>,
    ) -> Result<Response<v1::ChangeLessorResponse>, Status> {
        let request = request.get_ref();
        let command = lease::new_lessor(request).map(|lease| filing(Document::Lease(lease)));
        answer!(ChangeLessorResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn observe_lease(
        &self,
        request: Request<v1::ObserveLeaseRequest>,
    ) -> Result<Response<v1::ObserveLeaseResponse>, Status> {
        let request = request.get_ref();
        let command = lease::observed(request).map(|lease| filing(Document::Lease(lease)));
        answer!(ObserveLeaseResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn close_lease(
        &self,
        request: Request<v1::CloseLeaseRequest>,
    ) -> Result<Response<v1::CloseLeaseResponse>, Status> {
        let request = request.get_ref();
        let command = lease::closing(request).map(|lease| filing(Document::Lease(lease)));
        answer!(CloseLeaseResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_lease(
        &self,
        request: Request<v1::GetLeaseRequest>,
    ) -> Result<Response<v1::GetLeaseResponse>, Status> {
        let request = request.into_inner();
        let lease_no = number("lease_no", &request.lease_no, LeaseNo::new)?;
        let wanted = lease_no.clone();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<LeaseTable>(view, wanted)?))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("lease", &request.lease_no))?;
        let lease = Some(lease::status(&lease_no, &found));
        Ok(Response::new(v1::GetLeaseResponse { revision: revision.0, lease }))
    }

    async fn list_leases(
        &self,
        request: Request<v1::ListLeasesRequest>,
    ) -> Result<Response<v1::ListLeasesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<LeaseNo>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let ends = (LeaseNo::lowest(), LeaseNo::highest());
            let leases = query::behind::<LeaseTable>(view, after, ends, rows)?;
            Ok((query::revision(view)?, leases))
        });
        let (revision, leases) = found.await?;
        let next_page_token = page::next(leases.len(), rows, leases.last().map(|(number, _)| number.clone()));
        let leases = leases.iter().map(|(number, row)| lease::status(number, row)).collect();
        Ok(Response::new(v1::ListLeasesResponse { revision: revision.0, leases, next_page_token }))
    }
}
