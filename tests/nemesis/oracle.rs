//! What must hold of what clients were told and of what nodes have, and whether it does. Nothing here knows how a cluster
//! works: histories and journals made by hand are judged alike.

use crate::nemesis::goods::OPENING;
use crate::nemesis::history::{Counters, End, Freshness, History, Operation, Reading, Wish};
use crate::nemesis::journal::{Action, Journal, Line};
use std::collections::{BTreeMap, BTreeSet};

/// Violations shown of one kind; what is broken is broken often.
const SHOWN_MAX: usize = 20;

/// What an item begins with.
pub const BEGINNING: Counters = [0, OPENING, 0, 0];

/// All nodes have the same lines and the same digest at the same revision.
#[must_use]
pub fn same(first: (u64, &Journal), other: (u64, &Journal)) -> Vec<String> {
    let ((one, ours), (two, theirs)) = (first, other);
    let mut found = Vec::new();
    if ours.digest != theirs.digest || ours.digest.is_empty() {
        found.push(format!("nodes {one} and {two} have different digests at revision {}", ours.revision));
    }
    let items: BTreeSet<&u64> = ours.lines.keys().chain(theirs.lines.keys()).collect();
    let different = items.into_iter().filter(|item| ours.lines.get(item) != theirs.lines.get(item));
    found.extend(
        different.map(|item| format!("nodes {one} and {two} tell different journals of item {item}")),
    );
    found
}

/// What a line is about: list, line of the list, what was done.
type About = (u64, u64, Action);

fn about(operation: &Operation, line: u64) -> Option<About> {
    let action = match operation.wish {
        Wish::File => Action::Reserve,
        Wish::Withdraw => Action::Cancel,
        Wish::Release => Action::Post,
        Wish::WithdrawNothing => return None,
    };
    Some((operation.list.number, line, action))
}

/// Everything that was acknowledged is in the journal, once, at the revision that was told; what was refused or never
/// proposed is not; what nobody knows of is there once at most; and every line did to the counters what it says.
#[must_use]
pub fn kept(node: u64, history: &History, journal: &Journal) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines: BTreeMap<About, Vec<&Line>> = BTreeMap::new();
    for line in journal.lines.values().flatten().filter(|line| line.list != 0) {
        lines.entry((line.list, line.line, line.action)).or_default().push(line);
    }
    for operation in &history.operations {
        for (number, (item, _)) in (1..).zip(&operation.list.goods) {
            let Some(about) = about(operation, number) else { continue };
            let there = lines.remove(&about).unwrap_or_default();
            found.extend(misplaced(node, operation, *item, &there));
        }
        found.extend(misremembered(node, operation, journal));
    }
    for (list, line, action) in lines.into_keys() {
        found.push(format!("node {node} has {action:?} of list {list} line {line}, which nobody asked for"));
    }
    found.extend(miscounted(node, history, journal));
    found
}

fn misplaced(node: u64, operation: &Operation, item: u64, there: &[&Line]) -> Option<String> {
    let what = format!("node {node}: {:?} of list {} (item {item})", operation.wish, operation.list.number);
    if there.len() > 1 {
        let revisions: Vec<u64> = there.iter().map(|line| line.revision).collect();
        return Some(format!("{what} is there twice, at {revisions:?}"));
    }
    let revision = there.first().map(|line| line.revision);
    match (&operation.end, revision) {
        (End::Accepted { revision: told, .. }, None) => {
            Some(format!("{what} was acknowledged at {told} and is missing"))
        }
        (End::Accepted { revision: told, .. }, Some(found)) if *told != found => {
            Some(format!("{what} was acknowledged at {told} and is at {found}"))
        }
        (End::Refused { reason, .. }, Some(found)) => {
            Some(format!("{what} was refused ({reason}) and is at {found}"))
        }
        (End::NotProposed, Some(found)) => Some(format!("{what} was never proposed and is at {found}")),
        _ => None,
    }
}

/// What the node says became of a request is what the client was told.
fn misremembered(node: u64, operation: &Operation, journal: &Journal) -> Option<String> {
    let known = journal.outcomes.get(&operation.request_id)?;
    let what = format!("node {node}: {:?} of list {}", operation.wish, operation.list.number);
    let told = match &operation.end {
        End::Accepted { revision, .. } => Some((*revision, false)),
        End::Refused { revision, .. } => Some((*revision, true)),
        End::NotProposed => None,
        End::Unknown => return None,
    };
    (*known != told).then(|| format!("{what} was told as {told:?}, and the node knows of {known:?}"))
}

/// The counters after each line are those before it and what the line did.
fn miscounted(node: u64, history: &History, journal: &Journal) -> Vec<String> {
    let asked: BTreeMap<(u64, Wish), &Operation> = history
        .operations
        .iter()
        .map(|operation| ((operation.list.number, operation.wish), operation))
        .collect();
    let mut found = Vec::new();
    for (item, lines) in &journal.lines {
        let mut counters = [0; 4];
        for line in lines {
            let wish = match line.action {
                Action::Reserve => Wish::File,
                Action::Cancel => Wish::Withdraw,
                Action::Post => Wish::Release,
            };
            let effect = match line.list {
                0 => Some(BEGINNING),
                list => asked.get(&(list, wish)).and_then(|asked| asked.list.effect(wish, *item)),
            };
            if let Some(effect) = effect {
                counters = sum(counters, effect);
            }
            if counters != line.after {
                let (list, revision) = (line.list, line.revision);
                found.push(format!(
                    "node {node}, item {item}: list {list} at {revision} left {:?}, due {counters:?}",
                    line.after
                ));
                counters = line.after;
            }
        }
    }
    found
}

/// Counters after an effect.
#[must_use]
pub fn sum(mut counters: Counters, effect: Counters) -> Counters {
    for (counter, change) in counters.iter_mut().zip(effect) {
        *counter += change;
    }
    counters
}

/// Outcomes are as the rules have them: refused is what nobody filed, and nothing else.
#[must_use]
pub fn lawful(history: &History) -> Vec<String> {
    let mut found = history.impossible.clone();
    for operation in &history.operations {
        let refused = matches!(operation.end, End::Refused { .. });
        let accepted = matches!(operation.end, End::Accepted { .. });
        let wrong = if operation.wish == Wish::WithdrawNothing { accepted } else { refused };
        if wrong {
            let (wish, number) = (operation.wish, operation.list.number);
            found.push(format!("{wish:?} of list {number} ended with {:?}", operation.end));
        }
    }
    found
}

/// No revision was told twice, and what began after something was known has a later revision.
#[must_use]
pub fn ordered(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut owners: BTreeMap<u64, &Operation> = BTreeMap::new();
    let told = |operation: &'_ Operation| operation.end.revision();
    for operation in &history.operations {
        let Some(revision) = told(operation) else { continue };
        if let Some(other) = owners.insert(revision, operation) {
            let (one, two) = (other.list.number, operation.list.number);
            found.push(format!("revision {revision} was told of list {one} and of list {two}"));
        }
    }
    let known = known(history, false);
    for operation in history.operations.iter() {
        let Some(revision) = told(operation) else { continue };
        let before = known.before(operation.began);
        if before >= revision {
            let (wish, list) = (operation.wish, operation.list.number);
            found.push(format!(
                "{wish:?} of list {list} has revision {revision}, and {before} was known before it began"
            ));
        }
    }
    found
}

/// The last revision that was known at any time.
struct Known(Vec<(std::time::Duration, u64)>);

impl Known {
    /// Strictly before a time.
    fn before(&self, time: std::time::Duration) -> u64 {
        let at = self.0.partition_point(|(ended, _)| *ended < time);
        at.checked_sub(1).and_then(|at| self.0.get(at)).map_or(0, |(_, revision)| *revision)
    }
}

fn known(history: &History, by_readings: bool) -> Known {
    let operations = history.operations.iter();
    let mut known: Vec<_> =
        operations.filter_map(|known| Some((known.ended, known.end.revision()?))).collect();
    if by_readings {
        let linear = history.readings.iter().filter(|reading| reading.freshness == Freshness::Linearizable);
        known.extend(linear.map(|reading| (reading.ended, reading.revision)));
    }
    known.sort_unstable();
    let mut last = 0;
    for (_, revision) in &mut known {
        last = last.max(*revision);
        *revision = last;
    }
    Known(known)
}

/// No read is older than it promised.
#[must_use]
pub fn fresh(history: &History) -> Vec<String> {
    let known = known(history, true);
    let mut found = Vec::new();
    for reading in &history.readings {
        let due = match reading.freshness {
            Freshness::Linearizable => known.before(reading.began),
            Freshness::AtLeast(revision) => revision,
            Freshness::Within(age) => reading.began.checked_sub(age).map_or(0, |then| known.before(then)),
            Freshness::Stale => 0,
        };
        if reading.revision < due {
            let Reading { freshness, item, revision, .. } = reading;
            found.push(format!("a read ({freshness:?}) of item {item} shows revision {revision}, due {due}"));
        }
    }
    found
}

/// Every read, stale ones too, and every acknowledgement shows the counters that the journal has at its revision.
#[must_use]
pub fn truthful(history: &History, journal: &Journal) -> Vec<String> {
    let at = |item: u64, revision: u64| {
        let lines = journal.lines.get(&item).map(Vec::as_slice).unwrap_or_default();
        let end = lines.partition_point(|line| line.revision <= revision);
        end.checked_sub(1).and_then(|last| lines.get(last)).map_or([0; 4], |line| line.after)
    };
    let mut found = Vec::new();
    for Reading { item, revision, counters, freshness, .. } in &history.readings {
        let due = at(*item, *revision);
        if due != *counters {
            found.push(format!(
                "a read ({freshness:?}) of item {item} at {revision} shows {counters:?}, due {due:?}"
            ));
        }
    }
    for operation in &history.operations {
        let End::Accepted { revision, after } = &operation.end else { continue };
        for (item, counters) in after {
            let due = at(*item, *revision);
            if due != *counters {
                let list = operation.list.number;
                found.push(format!(
                    "list {list} was acknowledged at {revision} with {counters:?} of item {item}, due {due:?}"
                ));
            }
        }
    }
    found
}

/// Not more than can be read.
#[must_use]
pub fn shown(mut found: Vec<String>) -> Vec<String> {
    let more = found.len().saturating_sub(SHOWN_MAX);
    found.truncate(SHOWN_MAX);
    if more > 0 {
        found.push(format!("and {more} more like these"));
    }
    found
}
