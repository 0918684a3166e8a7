//! The bytes of messages, kept under their hash (`design.md` 8).

use crate::message::Sha256;
use serde::{Deserialize, Serialize};

/// The bytes of a message as they travel and are kept. The ledger looks at none of it: who made them is the edge of the
/// server, which also takes out the personal data of buyers before anything is proposed (`design.md` 9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// SHA-256 of the bytes kept, not compressed. It differs from that of the message where something was taken out.
    pub kept_sha256: Sha256,
    /// How many bytes these are when they are not compressed.
    pub length: u64,
    /// Personal data was taken out.
    pub redacted: bool,
    /// The bytes kept, compressed with zstd.
    pub compressed: Vec<u8>,
}
