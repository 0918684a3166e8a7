//! What the ledger's tests hold it against, for other crates: a naive model, and histories that chance makes.
//!
//! The sources are those of the ledger's tests, so that there is one model and one generator. A crate of its own, so that
//! they are compiled once and not with every change of the simulation.

#[path = "../../ledger/tests/common/mod.rs"]
#[allow(missing_docs)]
mod common;

mod history;

pub use common::agreement::{holds_the_same, said};
pub use common::model::{Model, Prediction};
pub use common::run::Asked;
pub use history::{BEGINNING, history};
