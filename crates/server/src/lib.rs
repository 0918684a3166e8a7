//! gRPC services, principals, health.
