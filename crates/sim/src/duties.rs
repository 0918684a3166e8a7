//! What every member must do when nothing breaks any more, before a run counts as held: carry out a new command, and show
//! what a linearizable read must show.

use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::Arc;

/// One thing that a member must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// A command that nobody sent before, sent to it, gets its outcome.
    Write,
    /// A linearizable read of it is answered.
    Read,
}

const ALL: [Duty; 2] = [Duty::Write, Duty::Read];

#[derive(Default)]
struct Served {
    begun: bool,
    done: BTreeSet<(u64, Duty)>,
    under_way: BTreeSet<(u64, Duty)>,
    /// Why it was not done the last time.
    failed: BTreeMap<(u64, Duty), String>,
}

/// What is done of it.
#[derive(Clone, Default)]
pub struct Duties(Arc<Mutex<Served>>);

impl Duties {
    /// From now on.
    pub fn begin(&self) {
        self.0.lock().begun = true;
    }

    /// Whether nothing breaks any more.
    #[must_use]
    pub fn have_begun(&self) -> bool {
        self.0.lock().begun
    }

    /// What a caller of a node is to see to now.
    #[must_use]
    pub fn next(&self, node_id: u64) -> Option<Duty> {
        let mut served = self.0.lock();
        if !served.begun {
            return None;
        }
        let is_left = |duty: &Duty| {
            let of = (node_id, *duty);
            !served.done.contains(&of) && !served.under_way.contains(&of)
        };
        let next = ALL.into_iter().find(is_left)?;
        served.under_way.insert((node_id, next));
        Some(next)
    }

    /// How it went. What failed is to be done again.
    pub fn ended(&self, node_id: u64, duty: Duty, how: Result<(), impl Display>) {
        let mut served = self.0.lock();
        served.under_way.remove(&(node_id, duty));
        match how {
            Ok(()) => drop(served.done.insert((node_id, duty))),
            Err(why) => drop(served.failed.insert((node_id, duty), why.to_string())),
        }
    }

    /// A node crashed with what it was to do.
    pub fn crashed(&self, node_id: u64) {
        self.0.lock().under_way.retain(|(node, _)| *node != node_id);
    }

    /// What some of these members have not done, and why not.
    #[must_use]
    pub fn left(&self, members: &BTreeSet<u64>) -> Vec<String> {
        let served = self.0.lock();
        let all = members.iter().flat_map(|node| ALL.map(|duty| (*node, duty)));
        let left = all.filter(|of| !served.done.contains(of));
        let shown = |of: (u64, Duty)| {
            let why = served.failed.get(&of).map_or("not begun or not ended", String::as_str);
            format!("node {}: {:?}: {why}", of.0, of.1)
        };
        left.map(shown).collect()
    }
}
