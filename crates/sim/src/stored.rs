//! What lies on the disks, read without the code that wrote it.

use anyhow::{Context, Result, ensure};
use bytes::{Buf, Bytes};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use zonebook_codec::envelope::{self, HEADER_BYTES, Kind};
use zonebook_codec::plain;
use zonebook_consensus::Member;
use zonebook_ledger::command::Proposal;
use zonebook_ledger::time::Instant;

/// Term, node, index and kind, in front of what an entry carries.
const HEAD_BYTES: usize = 25;
const BATCH: u8 = 1;

/// A vote, in the order in which votes supersede each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Vote {
    /// The term.
    pub term: u64,
    /// Who stands.
    pub node: u64,
    /// Whether it won.
    pub won: bool,
}

#[derive(Serialize, Deserialize)]
struct Place {
    term: u64,
    node: u64,
    index: u64,
}

#[derive(Serialize, Deserialize)]
struct StateMark {
    applied: Option<Place>,
    members_at: Option<Place>,
    voters: Vec<BTreeSet<u64>>,
    nodes: Vec<(u64, Member)>,
}

/// The commands of an entry with the time at which a leader took them; `None` for an entry of another kind.
///
/// # Errors
/// The bytes are no entry, or are damaged.
pub fn commands(stored: &Bytes) -> Result<Option<(Instant, Vec<Proposal>)>> {
    envelope::open(Kind::LogEntry, stored)?;
    let mut rest = stored.slice(HEADER_BYTES..);
    ensure!(rest.len() >= HEAD_BYTES, "an entry of {} bytes", rest.len());
    let head = rest.split_to(HEAD_BYTES);
    if head.last() != Some(&BATCH) {
        return Ok(None);
    }
    let time = Instant(rest.try_get_i64_le()?);
    let mut proposals = Vec::new();
    for _ in 0..rest.try_get_u32_le()? {
        let length = rest.try_get_u32_le()? as usize;
        ensure!(length <= rest.len(), "a proposal is cut off");
        proposals.push(plain::decode(&rest.split_to(length))?);
    }
    Ok(Some((time, proposals)))
}

/// An entry as if a leader had taken its commands at another time.
///
/// # Errors
/// As [`commands`].
pub fn restamped(stored: &Bytes, time: Instant) -> Result<Bytes> {
    let mut payload = envelope::open(Kind::LogEntry, stored)?.to_vec();
    if payload.get(HEAD_BYTES - 1) == Some(&BATCH) {
        let slot = payload.get_mut(HEAD_BYTES..HEAD_BYTES + 8).context("a batch without a time")?;
        slot.copy_from_slice(&time.0.to_le_bytes());
    }
    Ok(envelope::seal(Kind::LogEntry, &payload).into())
}

/// A vote.
///
/// # Errors
/// The bytes are none.
pub fn vote(stored: &[u8]) -> Result<Vote> {
    Ok(plain::decode(envelope::open(Kind::Vote, stored)?)?)
}

/// The last entry that a state includes, by the mark beside it.
///
/// # Errors
/// The bytes are no mark.
pub fn applied(mark: &[u8]) -> Result<Option<u64>> {
    let mark: StateMark = plain::decode(envelope::open(Kind::StateMark, mark)?)?;
    Ok(mark.applied.map(|place| place.index))
}

/// The mark of a state that includes one entry less.
///
/// # Errors
/// As [`applied`].
pub fn earlier(mark: &[u8]) -> Result<Bytes> {
    let mut mark: StateMark = plain::decode(envelope::open(Kind::StateMark, mark)?)?;
    if let Some(place) = &mut mark.applied {
        place.index = place.index.saturating_sub(1);
    }
    Ok(envelope::seal(Kind::StateMark, &plain::encode(&mark)?).into())
}
