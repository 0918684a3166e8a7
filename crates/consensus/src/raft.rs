//! openraft, with our types in it.

use crate::batch::Batch;
use crate::machine::Machine;
use crate::member::Member;
use openraft::alias;
use zonebook_ledger::outcome::Applied;
use zonebook_store::state::Snapshot as StoredSnapshot;

/// The asynchronous runtime: tokio's, with a seeded source of randomness, so that a simulation repeats.
pub type Runtime = openraft_rt::deterministic_rng::DeterministicRng<openraft_rt_tokio::TokioRuntime>;

openraft::declare_raft_types!(
    /// What openraft is told about Zonebook.
    pub Types:
        D = Batch,
        R = Answer,
        NodeId = u64,
        Node = Member,
        AsyncRuntime = Runtime,
);

/// What became of the commands of an entry, in their order; nothing for entries without commands.
pub type Answer = Vec<Applied>;

pub type Raft = openraft::Raft<Types, Machine>;
pub type Entry = alias::EntryOf<Types>;
pub type EntryPayload = openraft::EntryPayload<Batch, u64, Member>;
pub type Vote = alias::VoteOf<Types>;
pub type LogId = alias::LogIdOf<Types>;
pub type LeaderId = alias::LeaderIdOf<Types>;
pub type Membership = openraft::Membership<u64, Member>;
pub type StoredMembership = alias::StoredMembershipOf<Types>;
pub type SnapshotMeta = alias::SnapshotMetaOf<Types>;
pub type Snapshot = alias::SnapshotOf<Types, StoredSnapshot>;
