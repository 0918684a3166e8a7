//! Laws of reconciliation, held against histories that chance makes (`design.md` 11, tier 0), by the runner of the
//! ledger's laws.

#[path = "../../../ledger/tests/laws/chance.rs"]
mod chance;
#[path = "../../../ledger/tests/common/mod.rs"]
mod common;
#[path = "../../../ledger/tests/laws/planted.rs"]
// The ledger's laws use the rest of it.
#[allow(dead_code)]
mod planted;

mod count;
mod cross_checks;
mod extract;
mod regimes;
mod statements;
mod verification;
