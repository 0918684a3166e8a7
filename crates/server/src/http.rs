//! HTTP for probes and metrics.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use std::fmt::Write;
use zonebook_consensus::Node;

/// `/livez`: the process works. `/readyz`: it knows a leader. `/metrics`: figures in Prometheus' text format.
pub fn router(node: Node) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(node)
}

async fn ready(State(node): State<Node>) -> (StatusCode, &'static str) {
    match node.status().leader {
        Some(_) => (StatusCode::OK, "ok\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "no leader is known\n"),
    }
}

async fn metrics(State(node): State<Node>) -> String {
    let status = node.status();
    let figures = [
        ("zonebook_revision", "The last revision applied here.", status.revision.0),
        ("zonebook_applied_index", "The last log entry applied here.", status.applied_index),
        ("zonebook_last_index", "The last log entry here.", status.last_index),
        ("zonebook_snapshot_index", "The last log entry in a snapshot here.", status.snapshot_index),
        ("zonebook_purged_index", "The last log entry purged here.", status.purged_index),
        ("zonebook_term", "The term.", status.term),
        ("zonebook_leader", "1 if this node leads.", u64::from(status.leads())),
        ("zonebook_leader_known", "1 if a leader is known.", u64::from(status.leader.is_some())),
    ];
    let mut text = String::new();
    for (name, help, figure) in figures {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {figure}");
    }
    text
}
