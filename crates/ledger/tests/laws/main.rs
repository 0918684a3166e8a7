//! Laws of the ledger, held against histories that chance makes (`design.md` 2 and 11, tier 0).
//!
//! A law is a function of a history and an `apply`. One test holds it against the shipped `apply`, another shows that
//! it catches a bug planted in a wrapper around it. `scripts/test` takes the same histories each time, `scripts/laws` new
//! ones until the time is up; a law that breaks prints the command that replays its history.

#[path = "../common/mod.rs"]
mod common;

mod all_or_nothing;
mod as_of;
mod by_hand;
mod chance;
mod conservation;
mod correction;
mod coverage;
mod deadlines;
mod determinism;
mod disposals;
mod documents_once;
mod licences;
mod lots;
mod messages_once;
mod model;
mod orders;
mod overdraft;
mod permits;
mod planted;
mod receipts;
mod requests_once;
mod self_check;
mod transfer_forms;
mod withdrawal;
