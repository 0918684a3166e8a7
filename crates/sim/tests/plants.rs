//! Bugs planted on purpose are found within their number of seeds, which hold without them (`tests/seeds.rs`).

mod common;

use common::{explained, lines, simulate};
use zonebook_sim::Plant;

#[test]
fn planted_bugs_are_found() {
    let plants = lines(&simulate(&["--plants"]));
    assert_eq!(plants.len(), Plant::ALL.len());
    let mut unnoticed = Vec::new();
    for line in &plants {
        let [name, seeds, ..] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let end = seeds.parse::<u64>().unwrap() + 1;
        let found = simulate(&["--seeds", &format!("1..{end}"), "--plant", name]);
        if found.status.success() {
            unnoticed.push(line);
        }
    }
    assert!(unnoticed.is_empty(), "nobody noticed {unnoticed:#?}");
}

/// What is found is found again from its seed, with the command that is printed.
#[test]
fn a_violation_prints_the_command_that_replays_it() {
    let found = simulate(&["--seeds", "1..3", "--plant", "acknowledge-before-fsync"]);
    assert!(!found.status.success());
    let line = lines(&found).pop().unwrap();
    assert!(line.contains("VIOLATED"), "{line}");
    let seed = line.split_whitespace().nth(1).unwrap().to_owned();
    let next = seed.parse::<u64>().unwrap() + 1;
    let command = format!(
        "scripts/simulate --seeds {seed}..{next} --trouble 20 --plant acknowledge-before-fsync --trace"
    );
    assert!(explained(&found).contains(&command), "{}", explained(&found));
    let replayed = simulate(&["--seed", &seed, "--plant", "acknowledge-before-fsync"]);
    assert_eq!(lines(&replayed), [line]);
}
