//! What the tests of the rules share: documents as the trade writes them, a naive ledger to compare with, sequences of
//! commands that chance makes, and a runner that any `apply` can be put into.

// Each test binary uses its own part of this.
#![allow(dead_code, unused_imports)]

pub mod agreement;
pub mod build;
pub mod contracts;
pub mod correct;
pub mod counting;
pub mod differing;
pub mod dispose;
pub mod generate;
pub mod model;
pub mod papers;
pub mod run;
pub mod world;
pub mod zone;
