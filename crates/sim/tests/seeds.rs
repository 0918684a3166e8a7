//! The simulator itself: the same seed is the same run, what must hold holds, and a disk that lies is found out.

use std::process::{Command, Output};

fn simulate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zonebook-sim")).args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn explained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn seeds_hold_and_repeat() {
    let first = simulate(&["--seeds", "1..9"]);
    assert!(first.status.success(), "{}", explained(&first));
    let all = lines(&first);
    assert_eq!(all.len(), 8);
    let again = simulate(&["--seeds", "1..9"]);
    assert_eq!(lines(&again), all, "the same seeds in another process");
    let alone = simulate(&["--seed", "8"]);
    assert_eq!(lines(&alone), all[7..], "a seed without those before it");
}

#[test]
fn different_seeds_are_different_runs() {
    let runs = lines(&simulate(&["--seeds", "1..3", "--trouble", "2"]));
    let hash = |line: &String| line.split_whitespace().nth(4).unwrap().to_owned();
    assert_ne!(hash(&runs[0]), hash(&runs[1]));
}

/// A disk that says "durable" too early loses what the cluster has promised. No run with it may go unnoticed for long.
#[test]
fn a_disk_that_acknowledges_early_is_found_out() {
    let found = simulate(&["--seeds", "1..60", "--plant", "early-ack"]);
    assert!(!found.status.success(), "no seed found it: {}", lines(&found).join("\n"));
    let line = lines(&found).pop().unwrap();
    assert!(line.contains("VIOLATED"), "{line}");
    let seed = line.split_whitespace().nth(1).unwrap().to_owned();
    assert!(explained(&found).contains(&format!("seed {seed}: ")), "{}", explained(&found));
    let replayed = simulate(&["--seed", &seed, "--plant", "early-ack"]);
    assert_eq!(lines(&replayed), [line], "the violation is found again from its seed");
}

/// Seeds that once found a violation, and what it was.
const FOUND: &[(u64, &str)] = &[(42, "a state ahead of its log left purged entries without a snapshot")];

#[test]
fn seeds_that_found_something_hold() {
    for (seed, what) in FOUND {
        let run = simulate(&["--seed", &seed.to_string()]);
        assert!(run.status.success(), "seed {seed}, {what}: {}", explained(&run));
    }
}
