//! Whether what clients saw of one item can be explained by one order: linearizability, without a look at revisions.
//!
//! What a client gave up on may have happened at any time after it was asked for, or never; both are the same as happening
//! at last, after everything that was seen.

use crate::nemesis::history::{Counters, End, Freshness, History};
use crate::nemesis::oracle::{BEGINNING, sum};
use std::collections::BTreeMap;
use std::time::Duration;
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History as Actions};
use todc_utils::specifications::Specification;

/// What a client did to an item.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Changed it, and saw the counters after it, or nothing.
    Change(Counters, Option<Counters>),
    /// Saw it.
    Look(Counters),
}

/// An item: counters that are changed and seen.
struct Item;

impl Specification for Item {
    type State = Counters;
    type Operation = Step;

    fn init() -> Counters {
        BEGINNING
    }

    fn apply(step: &Step, counters: &Counters) -> (bool, Counters) {
        match step {
            Step::Look(seen) => (seen == counters, *counters),
            Step::Change(effect, seen) => {
                let after = sum(*counters, *effect);
                (seen.is_none_or(|seen| seen == after), after)
            }
        }
    }
}

/// A step with its begin and its end; without an end where the client gave up.
pub type Timed = (Duration, Option<Duration>, Step);

/// What was done to each item.
#[must_use]
pub fn steps(history: &History) -> BTreeMap<u64, Vec<Timed>> {
    let mut steps: BTreeMap<u64, Vec<Timed>> = BTreeMap::new();
    for operation in &history.operations {
        for (item, _) in &operation.list.goods {
            let Some(effect) = operation.list.effect(operation.wish, *item) else { continue };
            let (ended, seen) = match &operation.end {
                End::Accepted { after, .. } => (Some(operation.ended), after.get(item).copied()),
                End::Unknown => (None, None),
                End::Refused { .. } | End::NotProposed => continue,
            };
            steps.entry(*item).or_default().push((operation.began, ended, Step::Change(effect, seen)));
        }
    }
    for reading in history.readings.iter().filter(|reading| reading.freshness == Freshness::Linearizable) {
        let look = (reading.began, Some(reading.ended), Step::Look(reading.counters));
        steps.entry(reading.item).or_default().push(look);
    }
    steps
}

/// Whether there is an order of the steps in which each has its place between its begin and its end and every client saw
/// what it saw.
#[must_use]
pub fn is_linearizable(steps: &[Timed]) -> bool {
    if steps.is_empty() {
        return true;
    }
    // Where a begin and an end have the same time, the begin comes first: the two then overlap, which allows more.
    let mut events = Vec::with_capacity(steps.len() * 2);
    for (number, (began, ended, step)) in steps.iter().enumerate() {
        events.push((*began, 0, number, Action::Call(*step)));
        events.push((ended.unwrap_or(Duration::MAX), 1, number, Action::Response(*step)));
    }
    events.sort_by_key(|(time, end, number, _)| (*time, *end, *number));
    let actions = events.into_iter().map(|(_, _, number, action)| (number, action)).collect();
    WGLChecker::<Item>::is_linearizable(Actions::from_actions(actions))
}

/// Items whose history no order explains.
#[must_use]
pub fn unexplained(history: &History) -> Vec<String> {
    let steps = steps(history);
    let without_order = steps.iter().filter(|(_, steps)| !is_linearizable(steps));
    without_order
        .map(|(item, steps)| format!("item {item}: no order explains its {} steps", steps.len()))
        .collect()
}
