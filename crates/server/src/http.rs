//! HTTP for probes and metrics.

use crate::checks::{Board, Findings};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use std::fmt::Write;
use zonebook_consensus::Node;

/// `/livez`: the process works. `/readyz`: it knows a leader. `/metrics`: figures in Prometheus' text format.
pub fn router(node: Node, board: Board) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Shown { node, board })
}

/// What figures are made of.
#[derive(Clone)]
struct Shown {
    node: Node,
    board: Board,
}

async fn ready(State(Shown { node, .. }): State<Shown>) -> (StatusCode, &'static str) {
    match node.status().leader {
        Some(_) => (StatusCode::OK, "ok\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "no leader is known\n"),
    }
}

async fn metrics(State(Shown { node, board }): State<Shown>) -> String {
    let status = node.status();
    let figures = [
        ("zonebook_revision", "The last revision applied here.", status.revision.0),
        ("zonebook_applied_index", "The last log entry applied here.", status.applied_index),
        ("zonebook_last_index", "The last log entry here.", status.last_index),
        ("zonebook_snapshot_index", "The last log entry in a snapshot here.", status.snapshot_index),
        ("zonebook_purged_index", "The last log entry purged here.", status.purged_index),
        ("zonebook_term", "The term.", status.term),
        ("zonebook_leader", "1 if this node leads.", u64::from(status.leads())),
        (
            "zonebook_no_room",
            "1 if this node takes no changes while it leads: its disk is nearly full.",
            u64::from(node.no_room().is_some()),
        ),
        ("zonebook_leader_known", "1 if a leader is known.", u64::from(status.leader.is_some())),
    ];
    let mut text = String::new();
    for (name, help, figure) in figures {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {figure}");
    }
    text.push_str(&breaks(&board.findings()));
    text
}

/// Figures of the cross checks, from their first run on.
fn breaks(findings: &Findings) -> String {
    let mut text = String::new();
    if findings.of_checks.is_empty() {
        return text;
    }
    let revision = findings.revision.0;
    let _ =
        writeln!(text, "# HELP zonebook_checked_revision The revision at which the cross checks last began.");
    let _ = writeln!(text, "# TYPE zonebook_checked_revision gauge\nzonebook_checked_revision {revision}");
    let _ = writeln!(text, "# HELP zonebook_breaks Documents that do not agree, by cross check.");
    let _ = writeln!(text, "# TYPE zonebook_breaks gauge");
    for (check, (count, _)) in &findings.of_checks {
        let _ = writeln!(text, "zonebook_breaks{{check=\"{check}\"}} {count}");
    }
    let _ = writeln!(
        text,
        "# HELP zonebook_break_age_days Days since the oldest of them, on the ledger's clock."
    );
    let _ = writeln!(text, "# TYPE zonebook_break_age_days gauge");
    for (check, (_, oldest_days)) in &findings.of_checks {
        let _ = writeln!(text, "zonebook_break_age_days{{check=\"{check}\"}} {oldest_days}");
    }
    text
}
