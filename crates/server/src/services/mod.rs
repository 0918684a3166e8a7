//! The services of the contract, one file each.

mod adjustment;
mod balance;
mod book;
mod cluster;
mod correction;
mod count;
mod deadline;
mod difference;
mod disposal;
mod duty;
mod gate;
mod goods_status;
mod guarantee;
mod lease;
mod licence;
mod message;
mod movement;
mod permit;
mod reconciliation;
mod reference;
mod regime;
mod research;
mod transfer_form;
mod work_order;

use crate::gateway::Gateway;
use tonic::Status;
use tonic::service::RoutesBuilder;
use tonic_health::server::HealthReporter;
use zonebook_api::field::FieldError;
use zonebook_api::{status, v1};
use zonebook_ledger::error::CodeError;

/// A number that a caller asks for.
fn number<T>(field: &str, text: &str, read: impl FnOnce(&str) -> Result<T, CodeError>) -> Result<T, Status> {
    read(text).map_err(|error| status::invalid(&FieldError::new(field, text, error)))
}

/// A request is at most this long.
const REQUEST_BYTES_MAX: usize = 20 << 20;

/// All of them, each with its health.
pub async fn add_all(routes: &mut RoutesBuilder, gateway: &Gateway, health: &HealthReporter) {
    macro_rules! add {
        ($($server:ident :: $service:ident of $implementation:ident;)*) => {$(
            let service = v1::$server::$service::new($implementation(gateway.clone()))
                .max_decoding_message_size(REQUEST_BYTES_MAX);
            routes.add_service(service);
            health.set_serving::<v1::$server::$service<$implementation>>().await;
        )*};
    }
    use {
        adjustment::Adjustments, balance::Balances, book::Books, cluster::Cluster, correction::Corrections,
        deadline::Deadlines, difference::Differences, disposal::Disposals, duty::Duty, gate::Gate,
        goods_status::GoodsStatus, guarantee::Guarantees, lease::Leases, licence::Licences,
        message::Messages, movement::Movements, permit::Permits, reconciliation::Reconciliation,
        reference::References, research::Research, transfer_form::TransferForms, work_order::WorkOrders,
    };
    add! {
        book_service_server::BookServiceServer of Books;
        movement_service_server::MovementServiceServer of Movements;
        correction_service_server::CorrectionServiceServer of Corrections;
        gate_service_server::GateServiceServer of Gate;
        permit_service_server::PermitServiceServer of Permits;
        disposal_service_server::DisposalServiceServer of Disposals;
        adjustment_service_server::AdjustmentServiceServer of Adjustments;
        difference_service_server::DifferenceServiceServer of Differences;
        deadline_service_server::DeadlineServiceServer of Deadlines;
        lease_service_server::LeaseServiceServer of Leases;
        guarantee_service_server::GuaranteeServiceServer of Guarantees;
        licence_service_server::LicenceServiceServer of Licences;
        transfer_form_service_server::TransferFormServiceServer of TransferForms;
        goods_status_service_server::GoodsStatusServiceServer of GoodsStatus;
        work_order_service_server::WorkOrderServiceServer of WorkOrders;
        research_service_server::ResearchServiceServer of Research;
        reconciliation_service_server::ReconciliationServiceServer of Reconciliation;
        reference_service_server::ReferenceServiceServer of References;
        duty_service_server::DutyServiceServer of Duty;
        message_service_server::MessageServiceServer of Messages;
        balance_service_server::BalanceServiceServer of Balances;
        cluster_service_server::ClusterServiceServer of Cluster;
    }
}
