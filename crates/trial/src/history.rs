//! One long history of a seed.

use crate::common::generate::{Scribe, script};
use crate::common::run::Asked;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Commands that every history begins with: the ledger, its zones, an enterprise.
pub const BEGINNING: usize = 4;
use zonebook_ledger::behaviour::{BEHAVIOUR_FIRST, BEHAVIOUR_MAX};
use zonebook_ledger::zone::ZoneKind;

/// The commands that chance makes of so many intents, in order; themes follow each other as in the ledger's own tests.
///
/// # Panics
/// The generator is broken.
#[must_use]
pub fn history(seed: u64, intents: usize) -> Vec<Asked> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let behaviour = if seed.is_multiple_of(2) { BEHAVIOUR_FIRST } else { BEHAVIOUR_MAX };
    let mut scribe = Scribe::begin(ZoneKind::ComprehensiveBonded, behaviour);
    let (mut left, mut migrates) = (intents, true);
    while left > 0 {
        let (migrated, some) = script().new_tree(&mut runner).expect("a script can be drawn").current();
        for (at, intent) in some.iter().take(left).enumerate() {
            scribe.write(intent, migrates && at < migrated);
        }
        left -= some.len().min(left);
        migrates = false;
    }
    scribe.written
}
