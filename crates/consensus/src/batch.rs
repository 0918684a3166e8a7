//! The commands of one entry, as bytes that are encoded once and copied as they are.
//!
//! `record time i64 | count u32 | (length u32, proposal)*`, little-endian.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::fmt;
use zonebook_ledger::time::Instant;

/// The commands of one entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Batch {
    /// Record time and proposals.
    pub body: Bytes,
    /// The stored form of the entry this was read from, to be passed on without encoding it again.
    pub stored: Option<Bytes>,
}

impl Batch {
    /// Puts proposals under a time.
    #[must_use]
    pub fn new(record_time: Instant, proposals: &[Bytes]) -> Self {
        let length: usize = proposals.iter().map(|proposal| 4 + proposal.len()).sum();
        let mut body = BytesMut::with_capacity(12 + length);
        body.put_i64_le(record_time.0);
        body.put_u32_le(u32::try_from(proposals.len()).unwrap_or(u32::MAX));
        for proposal in proposals {
            body.put_u32_le(u32::try_from(proposal.len()).unwrap_or(u32::MAX));
            body.put_slice(proposal);
        }
        Self { body: body.freeze(), stored: None }
    }

    /// The same with the first so many proposals; `None` if the bytes are not such a list.
    #[must_use]
    pub fn first(&self, count: usize) -> Option<Self> {
        let (record_time, mut proposals) = self.parts()?;
        proposals.truncate(count);
        Some(Self::new(record_time, &proposals))
    }

    /// Record time and proposals; `None` if the bytes are not such a list.
    #[must_use]
    pub fn parts(&self) -> Option<(Instant, Vec<Bytes>)> {
        let mut rest = self.body.clone();
        let record_time = Instant(rest.try_get_i64_le().ok()?);
        let count = rest.try_get_u32_le().ok()?;
        let mut proposals = Vec::new();
        for _ in 0..count {
            let length = rest.try_get_u32_le().ok()? as usize;
            if rest.len() < length {
                return None;
            }
            proposals.push(rest.split_to(length));
        }
        rest.is_empty().then_some((record_time, proposals))
    }
}

/// Without the payload: it may be large, and openraft prints entries in its log.
impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.body.len())
    }
}

impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposals_come_back_as_they_went_in() {
        let proposals = [Bytes::from_static(b"one"), Bytes::new(), Bytes::from_static(b"three")];
        let batch = Batch::new(Instant(7), &proposals);
        assert_eq!(batch.parts(), Some((Instant(7), proposals.to_vec())));
    }

    #[test]
    fn a_cut_batch_is_no_batch() {
        let whole = Batch::new(Instant(7), &[Bytes::from_static(b"one"), Bytes::from_static(b"two")]);
        for length in 0..whole.body.len() {
            let cut = Batch { body: whole.body.slice(..length), stored: None };
            assert_eq!(cut.parts(), None, "cut to {length} bytes");
        }
    }
}
