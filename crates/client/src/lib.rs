//! A client in Rust: finds the leader, tries again where that is safe, says plainly what became of a call.
//!
//! Every change carries a request id (or is a delivery, which has a key of its own), so sending it twice is harmless: a
//! broken connection, a node that does not lead and an unknown outcome are all answered by sending the same request
//! again, until the deadline. What is still unknown then is [`Error::OutcomeUnknown`], never a guess.

mod backup;
mod client;
mod error;
mod packer;
mod patience;
mod receipts;
mod statement;
mod stock;
mod verification;

pub use client::{Client, Options};
pub use error::Error;
pub use packer::Packer;
pub use stock::StockCompared;

/// A new request id: a UUIDv7.
#[must_use]
pub fn request_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
