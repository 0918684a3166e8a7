//! Runs laws over histories that chance makes.

use crate::common::generate::{Script, history, script};
use crate::common::run::{Apply, Asked, shipped};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::hash::{BuildHasher, Hasher, RandomState};

/// A law: whether a history, carried out by some `apply`, is as it must be.
pub type Law = fn(&[Asked], Apply) -> Result<(), String>;

const CASES: u64 = 200;
/// A planted bug has to show itself within so many histories.
const CASES_TO_CATCH: u64 = 2_000;

fn number_from(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}

fn cases() -> u64 {
    number_from("ZONEBOOK_CASES").or_else(|| number_from("PROPTEST_CASES")).unwrap_or(CASES)
}

fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: 1, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Holds a law against new histories each time.
pub fn holds(test: &str, law: Law) {
    let first =
        number_from("ZONEBOOK_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish() >> 1);
    for seed in (first..).take(usize::try_from(cases()).unwrap()) {
        let check = |script: Script| law(&history(&script), &shipped).map_err(TestCaseError::fail);
        match runner(seed).run(&script(), check) {
            Ok(()) => {}
            Err(TestError::Fail(why, script)) => panic!("{}", broken(test, seed, why.message(), &script)),
            Err(TestError::Abort(why)) => panic!("{test}: {}", why.message()),
        }
    }
}

fn broken(test: &str, seed: u64, why: &str, script: &Script) -> String {
    let commands: String = history(script)
        .iter()
        .enumerate()
        .map(|(at, asked)| format!("\n  {at}: {:?} {:?}", asked.record_time, asked.proposal))
        .collect();
    let package = env!("CARGO_PKG_NAME");
    format!(
        "the shortest history found:{commands}\n{test}: {why}\nreplay it with\n  ZONEBOOK_SEED={seed} ZONEBOOK_CASES=1 \
         cargo test -p {package} --test laws {test}"
    )
}

/// The history of a seed: the same each time.
pub fn fixed(seed: u64) -> Vec<Asked> {
    history(&script().new_tree(&mut runner(seed)).unwrap().current())
}

/// Shows that a law catches a planted bug, and that it does not cry out without one.
pub fn catches(law: Law, planted: Apply) {
    for seed in 0..CASES_TO_CATCH {
        let history = fixed(seed);
        if law(&history, planted).is_err() {
            assert_eq!(law(&history, &shipped), Ok(()), "seed {seed}: the law fails without the planted bug");
            return;
        }
    }
    panic!("the planted bug went unnoticed in {CASES_TO_CATCH} histories");
}
