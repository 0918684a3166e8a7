//! What replication stores and sends, in forms of ours: openraft's own types may change their layout between releases.

use crate::batch::Batch;
use crate::member::Member;
use crate::raft::{
    Entry, EntryPayload, LeaderId, LogId, Membership, SnapshotMeta, StoredMembership, Vote as RaftVote,
};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use zonebook_codec::envelope::{self, HEADER_BYTES, Kind};
use zonebook_codec::plain;

/// Bytes in front of an entry's payload: term, node, index, kind.
const ENTRY_HEAD_BYTES: usize = 25;

const BLANK: u8 = 0;
const BATCH: u8 = 1;
const MEMBERSHIP: u8 = 2;

/// A place in the log, with the leader that put the entry there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub term: u64,
    pub node: u64,
    pub index: u64,
}

impl From<LogId> for Mark {
    fn from(id: LogId) -> Self {
        Self { term: id.leader_id.term, node: id.leader_id.node_id, index: id.index }
    }
}

impl From<Mark> for LogId {
    fn from(mark: Mark) -> Self {
        Self::new(LeaderId { term: mark.term, node_id: mark.node }, mark.index)
    }
}

/// A vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    term: u64,
    node: u64,
    committed: bool,
}

impl Vote {
    /// One that was asked for and not granted by others.
    pub fn asked(term: u64, node: u64) -> Self {
        Self { term, node, committed: false }
    }
}

impl From<RaftVote> for Vote {
    fn from(vote: RaftVote) -> Self {
        Self { term: vote.leader_id.term, node: vote.leader_id.node_id, committed: vote.committed }
    }
}

impl From<Vote> for RaftVote {
    fn from(vote: Vote) -> Self {
        let leader_id = LeaderId { term: vote.term, node_id: vote.node };
        Self { leader_id, committed: vote.committed }
    }
}

/// Who votes, who only listens, and where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    configurations: Vec<BTreeSet<u64>>,
    nodes: Vec<(u64, Member)>,
}

impl From<&Membership> for Members {
    fn from(membership: &Membership) -> Self {
        Self {
            configurations: membership.get_joint_config().clone(),
            nodes: membership.nodes().map(|(id, member)| (*id, member.clone())).collect(),
        }
    }
}

impl Members {
    /// As openraft wants it; before a cluster is formed there is nobody.
    fn membership(self) -> io::Result<Membership> {
        if self == Self::default() {
            return Ok(Membership::default());
        }
        let nodes: BTreeMap<u64, Member> = self.nodes.into_iter().collect();
        Membership::new(self.configurations, nodes).map_err(io::Error::other)
    }
}

/// How far a state has come: what it holds beside the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateMark {
    pub applied: Option<Mark>,
    members_at: Option<Mark>,
    members: Members,
}

impl StateMark {
    /// After an entry.
    pub fn advance(&mut self, entry: &Entry) {
        let at = Mark::from(entry.log_id);
        self.applied = Some(at);
        if let EntryPayload::Membership(membership) = &entry.payload {
            self.members_at = Some(at);
            self.members = Members::from(membership);
        }
    }

    pub fn applied_id(&self) -> Option<LogId> {
        self.applied.map(LogId::from)
    }

    pub fn membership(&self) -> io::Result<StoredMembership> {
        let membership = self.members.clone().membership()?;
        Ok(StoredMembership::new(self.members_at.map(LogId::from), membership))
    }

    pub fn snapshot_meta(&self) -> io::Result<SnapshotMeta> {
        Ok(SnapshotMeta { last_log_id: self.applied_id(), last_membership: self.membership()? })
    }
}

/// A value in its envelope.
pub fn seal(kind: Kind, value: &impl Serialize) -> io::Result<Bytes> {
    let bytes = plain::encode(value).map_err(damaged)?;
    Ok(envelope::seal(kind, &bytes).into())
}

/// A value out of its envelope.
pub fn open<T: serde::de::DeserializeOwned>(kind: Kind, sealed: &[u8]) -> io::Result<T> {
    plain::decode(envelope::open(kind, sealed).map_err(damaged)?).map_err(damaged)
}

fn damaged(error: zonebook_codec::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The stored form of an entry; the one it was read from, if it was read.
pub fn seal_entry(entry: &Entry) -> io::Result<Bytes> {
    let head = entry_head(entry);
    let membership;
    let body: &[u8] = match &entry.payload {
        EntryPayload::Blank => &[],
        EntryPayload::Normal(batch) => {
            if let Some(stored) = &batch.stored
                && stored.get(HEADER_BYTES..HEADER_BYTES + ENTRY_HEAD_BYTES) == Some(&head[..])
            {
                return Ok(stored.clone());
            }
            &batch.body
        }
        EntryPayload::Membership(members) => {
            membership = plain::encode(&Members::from(members)).map_err(damaged)?;
            &membership
        }
    };
    let mut bytes = BytesMut::with_capacity(HEADER_BYTES + ENTRY_HEAD_BYTES + body.len());
    bytes.put_bytes(0, HEADER_BYTES);
    bytes.put_slice(&head);
    bytes.put_slice(body);
    let payload = bytes.split_off(HEADER_BYTES);
    bytes.copy_from_slice(&envelope::header(Kind::LogEntry, &payload));
    bytes.unsplit(payload);
    Ok(bytes.freeze())
}

fn entry_head(entry: &Entry) -> [u8; ENTRY_HEAD_BYTES] {
    let mark = Mark::from(entry.log_id);
    let kind = match &entry.payload {
        EntryPayload::Blank => BLANK,
        EntryPayload::Normal(_) => BATCH,
        EntryPayload::Membership(_) => MEMBERSHIP,
    };
    let mut head = [kind; ENTRY_HEAD_BYTES];
    let mut rest = &mut head[..];
    rest.put_u64_le(mark.term);
    rest.put_u64_le(mark.node);
    rest.put_u64_le(mark.index);
    head
}

/// The entry of a stored form.
pub fn open_entry(stored: &Bytes) -> io::Result<Entry> {
    envelope::open(Kind::LogEntry, stored).map_err(damaged)?;
    let mut rest = stored.slice(HEADER_BYTES..);
    if rest.len() < ENTRY_HEAD_BYTES {
        return Err(damaged(zonebook_codec::Error::TooShort(stored.len())));
    }
    let mark = Mark { term: rest.get_u64_le(), node: rest.get_u64_le(), index: rest.get_u64_le() };
    let payload = match rest.get_u8() {
        BLANK => EntryPayload::Blank,
        BATCH => EntryPayload::Normal(Batch { body: rest, stored: Some(stored.clone()) }),
        MEMBERSHIP => {
            let members: Members = plain::decode(&rest).map_err(damaged)?;
            EntryPayload::Membership(members.membership()?)
        }
        other => {
            return Err(damaged(zonebook_codec::Error::Value(format!("entry of kind {other}"))));
        }
    };
    Ok(Entry { log_id: mark.into(), payload })
}

#[cfg(test)]
mod tests {
    use super::*;
    use zonebook_ledger::time::Instant;

    fn entry(payload: EntryPayload) -> Entry {
        Entry { log_id: Mark { term: 3, node: 2, index: 9 }.into(), payload }
    }

    fn members() -> Membership {
        let member = Member { peer_address: "p".into(), api_address: "a".into() };
        Membership::new(vec![BTreeSet::from([1])], BTreeMap::from([(1, member)])).unwrap()
    }

    #[test]
    fn entries_come_back_as_they_went_in() {
        let batch = Batch::new(Instant(1), &[Bytes::from_static(b"x")]);
        for payload in [EntryPayload::Blank, EntryPayload::Normal(batch), EntryPayload::Membership(members())]
        {
            let stored = seal_entry(&entry(payload)).unwrap();
            let back = open_entry(&stored).unwrap();
            assert_eq!(Mark::from(back.log_id), Mark { term: 3, node: 2, index: 9 });
            assert_eq!(seal_entry(&back).unwrap(), stored);
        }
    }

    #[test]
    fn a_batch_under_another_index_is_sealed_anew() {
        let batch = Batch::new(Instant(1), &[Bytes::from_static(b"x")]);
        let stored = seal_entry(&entry(EntryPayload::Normal(batch))).unwrap();
        let mut moved = open_entry(&stored).unwrap();
        moved.log_id.index = 10;
        let again = open_entry(&seal_entry(&moved).unwrap()).unwrap();
        assert_eq!(again.log_id.index, 10);
    }

    #[test]
    fn damage_is_found() {
        let batch = Batch::new(Instant(1), &[Bytes::from_static(b"x")]);
        let stored = seal_entry(&entry(EntryPayload::Normal(batch))).unwrap();
        for position in 0..stored.len() {
            let mut damaged = stored.to_vec();
            damaged[position] ^= 0x10;
            assert!(open_entry(&Bytes::from(damaged)).is_err(), "flipped at {position}");
        }
    }
}
