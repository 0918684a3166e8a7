//! Bytes at rest.
//!
//! What is stored outside of tables stands in an [`envelope`]; values are bincode, little-endian and of fixed width, or
//! packed by hand where they are hot ([`packed`]); keys keep the order of what they are made of ([`key`]). Only bytes
//! that this product wrote are read here; they are checked all the same, and damage is an error, never a panic.

pub mod envelope;
pub mod key;
pub mod packed;
pub mod plain;
pub mod row;

use thiserror::Error;

/// Stored bytes are not what they should be.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// Fewer bytes than the smallest form has.
    #[error("{0} bytes are too few")]
    TooShort(usize),
    /// Another kind of bytes.
    #[error("expected {expected:?}, found kind {found}")]
    Kind {
        /// Expected.
        expected: envelope::Kind,
        /// Found.
        found: u16,
    },
    /// A version that this release does not know.
    #[error(
        "{kind:?} has format version {found}; this release knows {oldest} to {newest}",
        oldest = kind.oldest(),
        newest = kind.version()
    )]
    Version {
        /// Of what.
        kind: envelope::Kind,
        /// Found.
        found: u16,
    },
    /// More or fewer bytes than announced.
    #[error("{declared} bytes announced, {found} found")]
    Length {
        /// Announced.
        declared: usize,
        /// Found.
        found: usize,
    },
    /// The checksum differs.
    #[error("checksum differs: the bytes are damaged")]
    Checksum,
    /// Not the encoding of a value.
    #[error("not a stored value: {0}")]
    Value(String),
}
