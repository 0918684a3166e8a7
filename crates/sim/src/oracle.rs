//! What must hold whatever happens, and whether it did.

use crate::coverage::{Coverage, Event};
use crate::disk::Disk;
use crate::host::ARCHIVE_ENTRIES;
use crate::reference::Reference;
use crate::sendings::Sendings;
use crate::state::SimulatedState;
use crate::stored::{self, Members, Place};
use crate::tables::difference;
use crate::trace::Trace;
use crate::trade;
use crate::workload::{Taken, Workload};
use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use zonebook_ledger::command::{Proposal, RequestId};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::outcome::{Applied, Revision};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::{Key, Read, Row, Writes};
use zonebook_store::archive::Range;
use zonebook_store::log::LogRecord;
use zonebook_store::state::StateStore;

/// Of the simulated time.
pub const STEP: Duration = Duration::from_millis(1);
/// What callers were told is remembered so long.
const REMEMBERED: Duration = Duration::from_secs(5);

#[derive(Default)]
struct Seen {
    reference: Reference,
    sendings: Sendings,
    /// Members that any node has put into its log, committed or not, by index, term and node.
    proposed_members: BTreeMap<(u64, u64, u64), Members>,
    disks: BTreeMap<u64, Disk>,
    acknowledged: u64,
    /// The last revision that a caller was told of, by an acknowledgement or a linearizable read.
    told: Revision,
    /// The same at earlier moments, newest last.
    told_at: VecDeque<(Duration, Revision)>,
    /// Which nodes have sealed which segments.
    segments: BTreeMap<Range, BTreeSet<u64>>,
    purges: Vec<Purged>,
    /// The last entries of snapshots that took the place of a node's state.
    installs: BTreeSet<(u64, u64)>,
    violations: Vec<String>,
}

/// Entries that a node purged: above the first up to the last.
#[derive(Clone, Copy)]
struct Purged {
    node_id: u64,
    above: Option<u64>,
    last: u64,
    /// The node never had them: others told it what came of them.
    never_held: bool,
}

/// Watches all nodes and all callers of a run.
#[derive(Clone)]
pub struct Oracle {
    seen: Arc<Mutex<Seen>>,
    coverage: Coverage,
    trace: Trace,
}

/// How much an oracle has seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Commands with a known outcome.
    pub acknowledged: u64,
    /// Revisions of the ledger.
    pub revisions: u64,
}

impl Oracle {
    /// That has seen nothing.
    #[must_use]
    pub fn new(trace: Trace, coverage: Coverage) -> Self {
        Self { seen: Arc::default(), coverage, trace }
    }

    /// Looks at the disks of the nodes from now on.
    pub fn watch(&self, disks: BTreeMap<u64, Disk>) {
        self.seen.lock().disks = disks;
    }

    /// Something happened that must not.
    pub fn violation(&self, what: String) {
        self.trace.line(format_args!("violation: {what}"));
        self.seen.lock().violations.push(what);
    }

    fn holds(&self, node_id: u64, what: Result<()>) {
        if let Err(why) = what {
            self.violation(format!("node {node_id}: {why:#}"));
        }
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
        Counts { acknowledged: seen.acknowledged, revisions: seen.reference.revision().0 }
    }

    /// Whether a node has a segment in its archive.
    pub fn is_sealed(&self, node_id: u64, range: Range) -> bool {
        self.seen.lock().segments.get(&range).is_some_and(|nodes| nodes.contains(&node_id))
    }

    /// A node sealed a segment: what was committed, and nothing else.
    pub fn sealed(&self, node_id: u64, range: Range, entries: &[Bytes]) {
        self.coverage.event(Event::Seal, format_args!("node {node_id}, {} to {}", range.first, range.last));
        let committed = {
            let mut seen = self.seen.lock();
            seen.segments.entry(range).or_default().insert(node_id);
            (range.first..=range.last).map(|index| seen.reference.entry(index)).eq(entries.iter().map(Some))
        };
        if !committed {
            self.violation(format!("node {node_id} seals other entries {} to {}", range.first, range.last));
        }
    }

    /// A node puts entries into its log.
    pub fn appended(&self, node_id: u64, records: &[LogRecord]) {
        let held = self.seen.lock().appends(records);
        self.holds(node_id, held);
    }

    /// A node cut off what another leader replaced.
    pub fn cut_off(&self, node_id: u64, after: Option<u64>) {
        self.coverage.event(Event::CutOff, format_args!("node {node_id} after {after:?}"));
    }

    /// A node purged its log.
    pub fn purged(&self, node_id: u64, last: u64) {
        self.coverage.event(Event::Purge, format_args!("node {node_id} up to {last}"));
        let mut seen = self.seen.lock();
        let disk = seen.disks.get(&node_id).cloned().unwrap_or_default();
        let never_held = disk.entry(last).is_none();
        seen.purges.push(Purged { node_id, above: disk.purged(), last, never_held });
    }

    /// A node is about to write what entries changed: they are committed and on a majority of the disks, and the
    /// reference changes the same.
    pub fn written(&self, node_id: u64, before: Option<&[u8]>, mark: &[u8], writes: &Writes) {
        for (key, change) in writes {
            if let (Key::Event(revision), Some(Row::Event(event))) = (key, change) {
                let digest: String = event.digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
                self.trace.line(format_args!("node {node_id} applies {} {digest}", revision.0));
            }
        }
        let held = self.seen.lock().writes(node_id, before, mark, writes);
        self.holds(node_id, held);
    }

    /// A node is about to take a snapshot for its state.
    pub fn installed(&self, node_id: u64, before: Option<&[u8]>, mark: &[u8], rows: &[(Key, Row)]) {
        self.coverage.event(Event::Install, format_args!("node {node_id} takes {} rows", rows.len()));
        let held = self.seen.lock().installs(node_id, before, mark, rows);
        self.holds(node_id, held);
    }

    /// A node made a snapshot of its state.
    pub fn pinned(&self, node_id: u64, mark: &[u8], rows: &[(Key, Row)]) {
        self.trace.line(format_args!("node {node_id} has a snapshot of {} rows", rows.len()));
        let held = self.seen.lock().is_state(mark, rows).context("a snapshot");
        self.holds(node_id, held);
    }

    /// A node says that it leads: a majority of the voters that it asked has written down its vote for it.
    pub fn leads(&self, node_id: u64, term: u64) {
        self.trace.line(format_args!("node {node_id} leads in term {term}"));
        let held = self.seen.lock().is_elected(node_id, term);
        self.holds(node_id, held);
    }

    /// A caller of a node sends commands.
    pub fn sends(&self, node_id: u64, proposals: &[Proposal]) {
        let held = self.seen.lock().sendings.sent(proposals);
        self.holds(node_id, held);
    }

    /// A caller of a node was told that its commands were not proposed.
    pub fn not_proposed(&self, node_id: u64, proposals: &[Proposal]) {
        let held = self.seen.lock().sendings.not_proposed(proposals);
        self.holds(node_id, held);
    }

    /// What a call that begins now comes after.
    #[must_use]
    pub fn begins(&self) -> Revision {
        self.seen.lock().told
    }

    /// What a call that began so long ago came after.
    #[must_use]
    pub fn told_before(&self, age: Duration) -> Revision {
        // Within the step that goes on, nodes differ in what time it is.
        let moment = self.trace.time().checked_sub(age + STEP);
        let seen = self.seen.lock();
        let before = |(at, _): &&(Duration, Revision)| moment.is_some_and(|moment| *at < moment);
        seen.told_at.iter().rev().find(before).map(|(_, revision)| *revision).unwrap_or_default()
    }

    /// A caller of a node was told the outcome of its commands, and had asked when it knew of some revision.
    pub fn acknowledged(&self, node_id: u64, began: Revision, proposals: &[Proposal], applied: &[Applied]) {
        if proposals.len() != applied.len() {
            self.violation(format!("node {node_id}: {} outcomes of {}", applied.len(), proposals.len()));
        }
        for (proposal, applied) in proposals.iter().zip(applied) {
            let (shown, revision) = (shown(proposal.request_id), applied.revision);
            self.trace.line(format_args!("node {node_id} acknowledges {shown} at {}", revision.0));
            let answers = {
                let mut seen = self.seen.lock();
                seen.tells(self.trace.time(), revision);
                seen.acknowledged += 1;
                seen.reference.answers(proposal, applied)
            };
            self.holds(node_id, answers.with_context(|| format!("{shown} at {}", revision.0)));
            if !applied.repeated && revision <= began {
                let what = format!("node {node_id}: {shown} at {}, asked after {}", revision.0, began.0);
                self.violation(what);
            }
        }
    }

    /// A read ended that was due to show some revision. Told to other callers is what a linearizable one showed.
    pub fn read(&self, node_id: u64, due: Revision, linearizable: bool, view: &dyn Read) {
        let held = query::revision(view).map_err(Into::into).and_then(|revision| {
            self.trace.line(format_args!("node {node_id} reads {}", revision.0));
            let mut seen = self.seen.lock();
            if linearizable {
                seen.tells(self.trace.time(), revision);
            }
            ensure!(revision >= due, "{} is read, {} was due", revision.0, due.0);
            seen.shows(view, revision)
        });
        self.holds(node_id, held);
    }

    /// What must hold of every member in the end.
    ///
    /// # Errors
    /// What does not.
    pub fn finally(&self, states: &BTreeMap<u64, SimulatedState>, workload: &Workload) -> Result<()> {
        let seen = self.seen.lock();
        for (node_id, state) in states {
            let (mark, rows) = state.all();
            let shown = || format!("node {node_id} in the end");
            let mark = mark.with_context(shown)?;
            seen.is_state(&mark, &rows).with_context(shown)?;
            let revision = query::revision(&*state.view())?;
            ensure!(revision == seen.reference.revision(), "node {node_id} ends at {}", revision.0);
            goods_add_up(*node_id, &*state.view(), &workload.taken())?;
        }
        seen.reference.agrees_with_the_model()?;
        seen.purges.iter().try_for_each(|purged| seen.is_archived(*purged))
    }
}

impl Seen {
    fn tells(&mut self, at: Duration, revision: Revision) {
        if revision > self.told {
            self.told = revision;
            self.told_at.push_back((at, revision));
            // The first of all that are remembered is what was told before them.
            while self.told_at.get(1).is_some_and(|(next, _)| *next + REMEMBERED < at) {
                self.told_at.pop_front();
            }
        }
    }

    fn appends(&mut self, records: &[LogRecord]) -> Result<()> {
        for record in records {
            if let Some(members) = stored::members(&record.bytes)? {
                let Place { term, node, index } = stored::place(&record.bytes)?;
                self.proposed_members.insert((index, term, node), members);
            }
        }
        Ok(())
    }

    /// openraft elects by the members that stand last in the log of the candidate, committed or not.
    fn is_elected(&self, node_id: u64, term: u64) -> Result<()> {
        let candidate = self.disks.get(&node_id).context("nobody's disk")?;
        let purged = candidate.purged().and_then(|purged| self.reference.members(purged));
        let members = candidate.members_before((term, node_id))?;
        let members = members.as_ref().or(purged.map(|(_, members)| members));
        let members = members.context("it leads nobody")?;
        let voted = self.nodes_whose(|disk| disk.has_kept_vote((term, node_id)));
        let voters = &members.voters;
        ensure!(
            members.is_quorum(&voted),
            "it leads in term {term} with votes on the disks of {voted:?}, of {voters:?}"
        );
        Ok(())
    }

    fn nodes_whose(&self, disk_is: impl Fn(&Disk) -> bool) -> BTreeSet<u64> {
        self.disks.iter().filter(|(_, disk)| disk_is(disk)).map(|(node, _)| *node).collect()
    }

    /// openraft counts by the members that stand last in the log of the leader. When an entry is committed these are the
    /// ones that are in force at it, or the next after it: there is never more than one change that is not committed.
    /// Which leader counted is not seen from here, so the next that any leader may have had who had the entry do as well;
    /// disks only ever gain a committed entry, so the members at it do when it was committed before those.
    fn is_committed(&self, index: u64, bytes: &Bytes) -> Result<()> {
        let kept = self.nodes_whose(|disk| disk.keeps(index, bytes));
        let at = self.reference.members(index).map(|(_, members)| members);
        let term = stored::place(bytes)?.term;
        let behind = self.proposed_members.range((index + 1, 0, 0)..);
        let behind = behind.filter(|((_, proposed, _), _)| *proposed >= term).map(|(_, members)| members);
        let in_force = || at.into_iter().chain(behind.clone());
        let voters: Vec<_> = in_force().map(|members| &members.voters).collect();
        ensure!(
            in_force().any(|members| members.is_quorum(&kept)),
            "entry {index} is carried out, and on the disks of {kept:?} alone, of {voters:?}"
        );
        Ok(())
    }

    fn writes(&mut self, node_id: u64, before: Option<&[u8]>, mark: &[u8], writes: &Writes) -> Result<()> {
        let before = before.map(stored::applied).transpose()?.flatten();
        let mark = stored::mark(mark)?;
        let last = mark.applied.context("a mark without an entry")?.index;
        let first = before.map_or(0, |before| before + 1);
        ensure!(first <= last, "entry {last} is carried out after {before:?}");
        let own = self.disks.get(&node_id).cloned().unwrap_or_default();
        for index in first..=last {
            let bytes = own.entry(index).with_context(|| format!("entry {index} is not in the log"))?;
            let commands = self.reference.commit(index, &bytes)?;
            self.sendings.carried_out(&commands)?;
            self.is_committed(index, &bytes)?;
        }
        self.reference.is_mark(&mark)?;
        match difference(writes, &self.reference.writes(first, last)) {
            Some(what) => Err(anyhow::anyhow!("entries {first} to {last} change {what}")),
            None => Ok(()),
        }
    }

    fn installs(
        &mut self,
        node_id: u64,
        before: Option<&[u8]>,
        mark: &[u8],
        rows: &[(Key, Row)],
    ) -> Result<()> {
        let before = before.map(stored::applied).transpose()?.flatten();
        let last = stored::applied(mark)?.context("a snapshot of nothing")?;
        ensure!(before <= Some(last), "a snapshot of {last} is installed over {before:?}");
        self.installs.insert((node_id, last));
        self.is_state(mark, rows).context("an installed snapshot")
    }

    /// Rows are those that stood after the entry of their mark, and the mark says of it what is so.
    fn is_state(&self, mark: &[u8], rows: &[(Key, Row)]) -> Result<()> {
        let mark = stored::mark(mark)?;
        self.reference.is_mark(&mark)?;
        let Some(last) = mark.applied.map(|place| place.index) else {
            ensure!(rows.is_empty(), "rows without an entry");
            return Ok(());
        };
        let mut due = self.reference.rows(last);
        for (key, row) in rows {
            let next = due.next();
            ensure!(
                next == Some((key, row)),
                "after entry {last} there is {key:?}, due is {:?}",
                next.map(|at| at.0)
            );
        }
        match due.next() {
            Some((key, _)) => Err(anyhow::anyhow!("after entry {last}, {key:?} is missing")),
            None => Ok(()),
        }
    }

    /// A view shows what stood at its revision: its head, and some goods.
    fn shows(&self, view: &dyn Read, revision: Revision) -> Result<()> {
        if revision == Revision(0) {
            return Ok(());
        }
        let item = revision.0 % trade::ITEMS + 1;
        for key in [Key::Head(()), Key::Position(trade::position(item)?)] {
            let (found, due) = (view.row(&key)?, self.reference.row(&key, revision));
            ensure!(found.as_ref() == due, "at revision {} {key:?} is {found:?}, due is {due:?}", revision.0);
        }
        Ok(())
    }

    /// What a node purged of its own accord is in its archive.
    fn is_archived(&self, purged: Purged) -> Result<()> {
        let Purged { node_id, above, last, never_held } = purged;
        if never_held || self.installs.contains(&(node_id, last)) {
            return Ok(());
        }
        let first = above.map_or(0, |above| above + 1);
        let firsts = (first.next_multiple_of(ARCHIVE_ENTRIES)..).step_by(ARCHIVE_ENTRIES as usize);
        let whole = firsts.map(|first| Range { first, last: first + ARCHIVE_ENTRIES - 1 });
        for range in whole.take_while(|range| range.last <= last) {
            let sealed = self.segments.get(&range).is_some_and(|nodes| nodes.contains(&node_id));
            ensure!(sealed, "node {node_id} purged {range:?}, which its archive lacks");
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

/// A request by the number that it was made with.
fn shown(id: Option<RequestId>) -> String {
    let number =
        |id: RequestId| id.0.iter().skip(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    id.map_or_else(|| "a command without request id".to_owned(), |id| format!("request {}", number(id)))
}
