//! The leader's tick: now and then it has written down what has become overdue (`design.md` 6).
//!
//! A tick refuses nothing and decides nothing, it only leaves a trace in the history; so it does not matter which node
//! proposes it, whether two do, or whether one is missed. Nothing is proposed while nothing is overdue, in a migration,
//! or before the ledger is there. One step is bounded by the ledger; what it leaves stands first in the index of
//! deadlines, which is the mark from which the next step goes on.

use std::time::Duration;
use zonebook_consensus::{Consistency, Node};
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::due;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::time::Instant;

/// Steps of one tick, at most: what is left waits for the next one, so that a flood of deadlines leaves room for the
/// trade.
const STEPS_MAX: usize = 100;

/// Ticks at an interval as long as this node leads; never ends.
pub async fn run(node: Node, every: Duration, clock: impl Fn() -> Instant + Send) {
    loop {
        tokio::time::sleep(every).await;
        if !node.leads() {
            continue;
        }
        match tick(&node, &clock).await {
            Ok(0) => {}
            Ok(steps) => tracing::info!(steps, "what has become overdue is written down"),
            // It comes again.
            Err(error) => tracing::warn!(%error, "what has become overdue is not written down"),
        }
    }
}

/// Goes on step by step until nothing is left; how many steps it took.
async fn tick(node: &Node, clock: &(impl Fn() -> Instant + Send)) -> Result<usize, String> {
    for steps in 0..STEPS_MAX {
        if !awaited(node, clock()).await? {
            return Ok(steps);
        }
        let proposal = Proposal {
            principal: Principal::loopback(),
            request_id: None,
            ledger_time: None,
            command: Command::RecordOverdue,
        };
        let applied = node.propose(&[proposal]).await.map_err(|error| error.to_string())?;
        if let Some(refusal) = applied.first().and_then(|applied| applied.outcome.refusal()) {
            return Err(refusal.reason.to_string());
        }
    }
    Ok(STEPS_MAX)
}

/// Whether there is something to write down; asked where it may block.
async fn awaited(node: &Node, now: Instant) -> Result<bool, String> {
    let view = node.view(Consistency::Linearizable).await.map_err(|error| error.to_string())?;
    let asked = tokio::task::spawn_blocking(move || due::awaits_tick(&*view, now)).await;
    asked.map_err(|error| error.to_string())?.map_err(|fault| fault.to_string())
}
