//! Who looks after the cluster: members come and go, by one plan that each leader goes on with.

use crate::chance::Chance;
use crate::coverage::{Coverage, Event};
use crate::host::{SPARES, VOTERS, member};
use parking_lot::Mutex;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use zonebook_consensus::Node;

/// A learner that does not catch up in time is added again.
const PATIENCE: Duration = Duration::from_secs(4);

/// A change of the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Add(u64),
    Promote(u64),
    Remove(u64),
}

struct Members {
    plan: VecDeque<(Duration, Step)>,
    done: BTreeSet<Step>,
    /// Who must have everything in the end.
    present: BTreeSet<u64>,
    /// Who was removed and may be switched off for ever.
    retired: Vec<u64>,
}

/// The plan of a run, and how far it has come.
#[derive(Clone)]
pub struct Administrator {
    members: Arc<Mutex<Members>>,
    coverage: Coverage,
}

impl Administrator {
    /// In one of two runs members change: a spare joins, another perhaps, and who was there before leaves.
    #[must_use]
    pub fn new(mut chance: Chance, end: Duration, coverage: Coverage) -> Self {
        let mut steps = Vec::new();
        if chance.one_in(2) {
            let first = VOTERS + 1;
            steps.extend([Step::Add(first), Step::Promote(first)]);
            if chance.one_in(2) {
                steps.push(Step::Remove(chance.between(1, first)));
            }
            if SPARES > 1 && chance.one_in(2) {
                steps.push(Step::Add(first + 1));
                steps.extend(chance.one_in(2).then_some(Step::Promote(first + 1)));
                steps.extend(chance.one_in(2).then_some(Step::Remove(first + 1)));
            }
        }
        let mut at: Vec<Duration> =
            steps.iter().map(|_| end.mul_f64(chance.below(80) as f64 / 100.0)).collect();
        at.sort();
        let members = Members {
            plan: at.into_iter().zip(steps).collect(),
            done: BTreeSet::new(),
            present: (1..=VOTERS).collect(),
            retired: Vec::new(),
        };
        Self { members: Arc::new(Mutex::new(members)), coverage }
    }

    /// Who must have everything in the end.
    #[must_use]
    pub fn present(&self) -> BTreeSet<u64> {
        self.members.lock().present.clone()
    }

    /// Who was removed since the last question.
    #[must_use]
    pub fn retired(&self) -> Vec<u64> {
        std::mem::take(&mut self.members.lock().retired)
    }

    /// No further changes.
    pub fn rest(&self) {
        self.members.lock().plan.clear();
    }

    /// Takes the next step if it is due and this node leads.
    pub async fn look(&self, node: &Node, now: Duration) {
        let next = self.members.lock().plan.front().copied();
        let Some((at, step)) = next else { return };
        if now < at || !node.leads() {
            return;
        }
        if let Step::Remove(id) = step {
            // From now on nobody knows whether it still belongs.
            self.members.lock().present.remove(&id);
        }
        let change = async {
            match step {
                Step::Add(id) => node.add_learner(id, member(id)).await,
                Step::Promote(id) => node.promote(id).await,
                Step::Remove(id) => node.remove(id).await,
            }
        };
        if let Ok(Ok(())) = timeout(PATIENCE, change).await {
            self.done(step);
        }
    }

    fn done(&self, step: Step) {
        let mut members = self.members.lock();
        members.plan.retain(|(_, planned)| *planned != step);
        if !members.done.insert(step) {
            return;
        }
        let (event, id) = match step {
            Step::Add(id) => (Event::AddLearner, id),
            Step::Promote(id) => (Event::Promote, id),
            Step::Remove(id) => (Event::Remove, id),
        };
        match step {
            Step::Add(id) => drop(members.present.insert(id)),
            Step::Promote(_) => {}
            Step::Remove(id) => members.retired.push(id),
        }
        self.coverage.event(event, format_args!("node {id}"));
    }
}
