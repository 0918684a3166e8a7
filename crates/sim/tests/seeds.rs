//! The simulator itself: what must hold holds, everything that may happen happens, and the same seed is the same run.

mod common;

use common::{explained, lines, simulate};
use std::collections::BTreeMap;
use zonebook_sim::{COMMANDS, DOCUMENTS, Event};

/// The seeds of CI.
const SEEDS: &str = "1..33";

#[test]
fn seeds_hold_and_everything_occurs_in_them() {
    let run = simulate(&["--seeds", SEEDS, "--coverage"]);
    assert!(run.status.success(), "{}", explained(&run));
    let all = lines(&run);
    let (occurred, seeds): (Vec<_>, Vec<_>) = all.iter().partition(|line| line.starts_with("occurred "));
    assert!(seeds.iter().all(|line| line.contains(" held ")), "{seeds:#?}");
    let occurred: BTreeMap<&str, u64> = occurred
        .iter()
        .filter_map(|line| {
            let mut words = line.split_whitespace().skip(1);
            Some((words.next()?, words.next()?.parse().ok()?))
        })
        .collect();
    let events = Event::ALL.iter().map(|event| format!("{event:?}"));
    let kinds = COMMANDS.iter().chain(DOCUMENTS).map(|kind| (*kind).to_owned());
    let missing: Vec<String> =
        events.chain(kinds).filter(|what| !occurred.contains_key(what.as_str())).collect();
    assert!(missing.is_empty(), "in {SEEDS} there is no {missing:?}");
}

#[test]
fn a_seed_is_the_same_run_in_each_process_and_in_any_company() {
    let first = lines(&simulate(&["--seeds", "1..4"]));
    assert_eq!(first.len(), 3);
    assert_eq!(lines(&simulate(&["--seeds", "1..4"])), first, "in another process");
    assert_eq!(lines(&simulate(&["--seed", "3"])), first[2..], "without those before it");
    let hash = |line: &String| line.split_whitespace().nth(4).unwrap().to_owned();
    assert_ne!(hash(&first[0]), hash(&first[1]), "different seeds are different runs");
}

#[test]
fn seeds_that_found_something_hold() {
    let found = include_str!("regressions.txt").lines().filter(|line| !line.starts_with('#'));
    for (seed, what) in found.filter_map(|line| line.split_once(' ')) {
        let run = simulate(&["--seed", seed]);
        assert!(run.status.success(), "seed {seed}, {what}: {}", explained(&run));
    }
}
