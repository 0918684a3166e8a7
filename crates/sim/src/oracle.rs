//! What must hold whatever happens, and whether it did.

use crate::state::SimulatedState;
use crate::trace::Trace;
use crate::trade;
use crate::workload::{Taken, Workload};
use anyhow::{Result, ensure};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::command::{Proposal, RequestId};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::message::Sha256;
use zonebook_ledger::outcome::{Applied, Revision};
use zonebook_ledger::permission::Principal;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::{Key, Read, Requests, Row, Writes, get};
use zonebook_store::archive::Range;
use zonebook_store::state::StateStore;

#[derive(Default)]
struct Seen {
    /// The digest of every revision, as the first node that came to it had it.
    digests: BTreeMap<Revision, Sha256>,
    acknowledged: BTreeMap<RequestId, Revision>,
    /// The last revision that a caller was told of, by an acknowledgement or a linearizable read.
    told: Revision,
    reads: u64,
    installs: u64,
    /// Segments of the archive with the hash that the first node gave them, and which nodes have them.
    segments: BTreeMap<Range, (Sha256, BTreeSet<u64>)>,
    violations: Vec<String>,
}

/// Watches all nodes and all callers of a run.
#[derive(Clone)]
pub struct Oracle {
    seen: Arc<Mutex<Seen>>,
    trace: Trace,
}

/// How much an oracle has seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Requests with a known outcome.
    pub acknowledged: usize,
    /// Revisions of the ledger.
    pub revisions: u64,
    /// Linearizable reads.
    pub reads: u64,
    /// Snapshots that took the place of a node's state.
    pub installs: u64,
    /// Segments of the archive.
    pub segments: usize,
}

impl Oracle {
    /// That has seen nothing.
    #[must_use]
    pub fn new(trace: Trace) -> Self {
        Self { seen: Arc::default(), trace }
    }

    /// Something happened that must not.
    pub fn violation(&self, what: String) {
        self.trace.line(format_args!("violation: {what}"));
        self.seen.lock().violations.push(what);
    }

    /// What happened that must not, in order.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.seen.lock().violations.clone()
    }

    /// How much was seen.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let seen = self.seen.lock();
        Counts {
            acknowledged: seen.acknowledged.len(),
            revisions: seen.digests.last_key_value().map_or(0, |(revision, _)| revision.0),
            reads: seen.reads,
            installs: seen.installs,
            segments: seen.segments.len(),
        }
    }

    /// Whether a node has a segment in its archive.
    pub fn is_sealed(&self, node_id: u64, range: Range) -> bool {
        self.seen.lock().segments.get(&range).is_some_and(|(_, nodes)| nodes.contains(&node_id))
    }

    /// A node sealed a segment: all nodes seal the same bytes.
    pub fn sealed(&self, node_id: u64, range: Range, hash: Sha256) {
        let first = {
            let mut seen = self.seen.lock();
            let (first, nodes) = seen.segments.entry(range).or_insert((hash, BTreeSet::new()));
            nodes.insert(node_id);
            *first
        };
        self.trace.line(format_args!("node {node_id} seals {} to {}", range.first, range.last));
        if first != hash {
            self.violation(format!("node {node_id} seals other entries {} to {}", range.first, range.last));
        }
    }

    /// A node wrote rows: at every revision all nodes have the same digest.
    pub fn written(&self, node_id: u64, writes: &Writes) {
        for (key, change) in writes {
            if let (Key::Event(revision), Some(Row::Event(event))) = (key, change) {
                self.trace.line(format_args!("node {node_id} applies {}", shown(*revision, &event.digest)));
                self.revision(node_id, *revision, event.digest);
            }
        }
    }

    /// A node took a snapshot for its state.
    pub fn installed(&self, node_id: u64, rows: &Writes) {
        self.trace.line(format_args!("node {node_id} installs {} rows", rows.len()));
        self.seen.lock().installs += 1;
        for (key, row) in rows {
            if let (Key::Event(revision), Some(Row::Event(event))) = (key, row) {
                self.revision(node_id, *revision, event.digest);
            }
        }
    }

    fn revision(&self, node_id: u64, revision: Revision, digest: Sha256) {
        let first = *self.seen.lock().digests.entry(revision).or_insert(digest);
        if first != digest {
            let (had, has) = (shown(revision, &first), shown(revision, &digest));
            self.violation(format!("node {node_id} has {has}, another had {had}"));
        }
    }

    /// A caller of a node was told the outcome of its requests.
    pub fn acknowledged(&self, node_id: u64, proposals: &[Proposal], applied: &[Applied]) {
        if proposals.len() != applied.len() {
            self.violation(format!("node {node_id}: {} outcomes of {}", applied.len(), proposals.len()));
        }
        for (proposal, applied) in proposals.iter().zip(applied) {
            let Some(id) = proposal.request_id else { continue };
            let number = number(id);
            let Revision(revision) = applied.revision;
            self.trace.line(format_args!("node {node_id} acknowledges request {number} at {revision}"));
            let (first, known) = {
                let mut seen = self.seen.lock();
                seen.told = seen.told.max(applied.revision);
                let known = seen.digests.contains_key(&applied.revision);
                (*seen.acknowledged.entry(id).or_insert(applied.revision), known)
            };
            if first != applied.revision {
                self.violation(format!("request {number} at {revision}, before at {}", first.0));
            }
            if !known {
                self.violation(format!("request {number} at {revision}, which no node has applied"));
            }
        }
    }

    /// What a linearizable read that begins now must show.
    #[must_use]
    pub fn read_begins(&self) -> Revision {
        self.seen.lock().told
    }

    /// A linearizable read ended.
    pub fn read_ends(&self, node_id: u64, due: Revision, revision: Revision) {
        self.trace.line(format_args!("node {node_id} reads {}", revision.0));
        if revision < due {
            let (due, revision) = (due.0, revision.0);
            self.violation(format!("node {node_id} reads {revision}, and {due} was told before it began"));
        }
        let mut seen = self.seen.lock();
        seen.reads += 1;
        seen.told = seen.told.max(revision);
    }

    /// What must hold of every node in the end.
    ///
    /// # Errors
    /// What does not.
    pub fn finally(&self, states: &BTreeMap<u64, SimulatedState>, workload: &Workload) -> Result<()> {
        for (node_id, state) in states {
            let view = state.view();
            self.complete(*node_id, &*view)?;
            self.keeps_its_word(*node_id, &*view)?;
            goods_add_up(*node_id, &*view, &workload.taken())?;
        }
        Ok(())
    }

    /// Every revision has its event, with the digest it always had, and no command took effect twice.
    fn complete(&self, node_id: u64, view: &dyn Read) -> Result<()> {
        let seen = self.seen.lock();
        let last = query::revision(view)?;
        let mut commands = BTreeSet::new();
        let mut next = 1;
        for (revision, event) in query::events(view, Revision(1), usize::MAX)? {
            ensure!(revision.0 == next, "node {node_id} lacks revision {next}");
            ensure!(
                seen.digests.get(&revision) == Some(&event.digest),
                "node {node_id} ends with {}",
                shown(revision, &event.digest)
            );
            ensure!(
                commands.insert(event.fingerprint),
                "node {node_id}: the command of revision {next} was carried out before"
            );
            next += 1;
        }
        ensure!(last.0 + 1 == next, "node {node_id} is at {}, its events end before {next}", last.0);
        ensure!(
            seen.digests.last_key_value().is_none_or(|(revision, _)| *revision == last),
            "node {node_id} is at {}, another was further",
            last.0
        );
        Ok(())
    }

    /// Every acknowledged request is there, at the revision that was told.
    fn keeps_its_word(&self, node_id: u64, view: &dyn Read) -> Result<()> {
        let acknowledged = self.seen.lock().acknowledged.clone();
        for (id, told) in acknowledged {
            let found = get::<Requests>(view, (id, Principal::loopback()))?.map(|seen| seen.revision);
            ensure!(
                found == Some(told),
                "node {node_id}: request {} was acknowledged at {}, found {found:?}",
                number(id),
                told.0
            );
        }
        Ok(())
    }
}

/// What is reserved and gone is what the outcomes say.
fn goods_add_up(node_id: u64, view: &dyn Read, taken: &BTreeMap<u64, Taken>) -> Result<()> {
    for item in 1..=trade::ITEMS {
        let counters = query::counters(view, &trade::position(item)?, Moment::Now)?;
        let [_, _, reserved, gone] = counters.of_unit(Unit::Declared);
        let due = taken.get(&item).copied().unwrap_or_default();
        let due = [Quantity::whole(due.reserved), Quantity::whole(due.gone)];
        ensure!(
            [reserved, gone] == due,
            "node {node_id}, item {item}: {reserved} reserved and {gone} gone, due {} and {}",
            due[0],
            due[1]
        );
    }
    Ok(())
}

fn shown(revision: Revision, digest: &Sha256) -> String {
    let digest: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{} {digest}", revision.0)
}

/// The number that a request was made with.
fn number(id: RequestId) -> u64 {
    id.0.iter().skip(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
