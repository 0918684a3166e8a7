//! Cross checks that run by themselves: at an interval, on whatever this node has, told as figures and in the log.

use crate::gateway::Gateway;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tonic::Status;
use zonebook_api::v1;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query;
use zonebook_reconcile::cross_check::{Check, Scope, page};

/// Documents looked at on one view.
const DOCUMENTS: usize = 1_000;

/// What the last run found; nothing before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The revision at which it began.
    pub revision: Revision,
    /// How many breaks each check found, and how old the oldest is, in days.
    pub of_checks: BTreeMap<Check, (u64, i32)>,
}

/// The findings, shared with whoever shows them.
#[derive(Clone, Default)]
pub struct Board(Arc<Mutex<Findings>>);

impl Board {
    /// What the last run found.
    #[must_use]
    pub fn findings(&self) -> Findings {
        self.0.lock().clone()
    }
}

/// Runs the checks again and again, with a pause in between.
pub async fn watch(gateway: Gateway, every: Duration, board: Board) {
    loop {
        tokio::time::sleep(every).await;
        match run(&gateway).await {
            Ok(findings) => {
                for (check, (breaks, oldest_days)) in &findings.of_checks {
                    if *breaks > 0 {
                        tracing::warn!(%check, breaks, oldest_days, "documents do not agree: zonebook check");
                    }
                }
                tracing::info!(revision = findings.revision.0, "cross checks have run");
                *board.0.lock() = findings;
            }
            Err(status) => tracing::debug!(%status, "cross checks cannot run yet"),
        }
    }
}

/// One run over all documents, page by page, so that no view is held for long.
async fn run(gateway: &Gateway) -> Result<Findings, Status> {
    let stale = v1::Consistency { kind: Some(v1::consistency::Kind::Stale(true)) };
    let revision = gateway.read(Some(&stale), |view| query::revision(view)).await?;
    let of_checks = Check::ALL.iter().map(|check| (*check, (0, 0))).collect();
    let mut findings = Findings { revision, of_checks };
    let mut from = None;
    loop {
        let found =
            gateway.read(Some(&stale), move |view| page(view, &Scope::default(), from.as_ref(), DOCUMENTS));
        let found = found.await?;
        for found in &found.breaks {
            let (count, oldest_days) = findings.of_checks.entry(found.check).or_default();
            *count += 1;
            *oldest_days = found.age_days.max(*oldest_days);
        }
        match found.next {
            Some(next) => from = Some(next),
            None => return Ok(findings),
        }
    }
}
