//! The services of the contract, one file each.

mod balance;
mod book;
mod cluster;
mod gate;
mod message;
mod movement;

use crate::gateway::Gateway;
use tonic::service::RoutesBuilder;
use tonic_health::server::HealthReporter;
use zonebook_api::v1;

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
        balance::Balances, book::Books, cluster::Cluster, gate::Gate, message::Messages, movement::Movements,
    };
    add! {
        book_service_server::BookServiceServer of Books;
        movement_service_server::MovementServiceServer of Movements;
        gate_service_server::GateServiceServer of Gate;
        message_service_server::MessageServiceServer of Messages;
        balance_service_server::BalanceServiceServer of Balances;
        cluster_service_server::ClusterServiceServer of Cluster;
    }
}
