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
const MEMBERSHIP: u8 = 2;

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

/// A place in the log, with the leader that put an entry there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The term of the leader.
    pub term: u64,
    /// The leader.
    pub node: u64,
    /// The index.
    pub index: u64,
}

/// Who votes, who only listens, and where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The voters: of a joint configuration, those before it and those after it.
    pub voters: Vec<BTreeSet<u64>>,
    nodes: Vec<(u64, Member)>,
}

impl Members {
    /// Whether nodes are a majority of the voters, of a joint configuration of both its parts.
    #[must_use]
    pub fn is_quorum(&self, nodes: &BTreeSet<u64>) -> bool {
        let has_majority = |voters: &BTreeSet<u64>| voters.intersection(nodes).count() * 2 > voters.len();
        !self.voters.is_empty() && self.voters.iter().all(has_majority)
    }
}

/// How far a state has come: what lies beside its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateMark {
    /// The last entry that it includes.
    pub applied: Option<Place>,
    /// The entry that the members are from.
    pub members_at: Option<Place>,
    /// The members.
    pub members: Members,
}

/// The place of an entry, its kind, and what it carries.
fn opened(stored: &Bytes) -> Result<(Place, u8, Bytes)> {
    envelope::open(Kind::LogEntry, stored)?;
    let mut rest = stored.slice(HEADER_BYTES..);
    ensure!(rest.len() >= HEAD_BYTES, "an entry of {} bytes", rest.len());
    let place = Place { term: rest.get_u64_le(), node: rest.get_u64_le(), index: rest.get_u64_le() };
    Ok((place, rest.get_u8(), rest))
}

/// Where an entry stands.
///
/// # Errors
/// The bytes are no entry, or are damaged.
pub fn place(stored: &Bytes) -> Result<Place> {
    Ok(opened(stored)?.0)
}

/// The members that an entry puts in force; `None` for an entry of another kind.
///
/// # Errors
/// As [`place`].
pub fn members(stored: &Bytes) -> Result<Option<Members>> {
    let (_, kind, rest) = opened(stored)?;
    Ok(if kind == MEMBERSHIP { Some(plain::decode(&rest)?) } else { None })
}

/// The commands of an entry with the time at which a leader took them; `None` for an entry of another kind.
///
/// # Errors
/// As [`place`].
pub fn commands(stored: &Bytes) -> Result<Option<(Instant, Vec<Proposal>)>> {
    let (_, kind, mut rest) = opened(stored)?;
    if kind != BATCH {
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

/// The mark beside a state.
///
/// # Errors
/// The bytes are no mark.
pub fn mark(stored: &[u8]) -> Result<StateMark> {
    Ok(plain::decode(envelope::open(Kind::StateMark, stored)?)?)
}

/// The last entry that a state includes, by the mark beside it.
///
/// # Errors
/// As [`mark`].
pub fn applied(stored: &[u8]) -> Result<Option<u64>> {
    Ok(mark(stored)?.applied.map(|place| place.index))
}

/// A mark with a change.
///
/// # Errors
/// As [`mark`].
pub fn changed_mark(stored: &[u8], change: impl FnOnce(&mut StateMark)) -> Result<Bytes> {
    let mut mark = mark(stored)?;
    change(&mut mark);
    Ok(envelope::seal(Kind::StateMark, &plain::encode(&mark)?).into())
}
