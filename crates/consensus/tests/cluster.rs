//! Three nodes over TCP with RocksDB under them: what the rest of the product relies on.

#[path = "../../../tests/folder.rs"]
#[allow(dead_code)]
mod folder;
#[path = "../../codec/tests/common/mod.rs"]
mod samples;

use bytes::Bytes;
use folder::copy;
use samples::{Seed, every_table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use zonebook_consensus::{Config, Consistency, Member, Node, Parts, Role, TcpListener, TcpTransport};
use zonebook_ledger::command::{Command, Genesis, Proposal, RequestId};
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::permission::{Assignment, Principal};
use zonebook_ledger::query;
use zonebook_ledger::state::{Key, Read, Row, Writes};
use zonebook_ledger::time::{Instant, UtcOffset};
use zonebook_store::archive::{ArchiveFolder, Range};
use zonebook_store::identity::DataFolder;
use zonebook_store::state::{Pinned, Snapshot, StateStore, View};
use zonebook_store::{Openness, RocksLog, RocksState, snapshot, stored_state};

fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Instant(i64::try_from(since.as_millis()).unwrap())
}

struct Cluster {
    folder: TempDir,
    members: BTreeMap<u64, Member>,
    /// Whom nodes are told to introduce themselves to; those whom they know come beside them.
    introduced: BTreeMap<u64, Member>,
    nodes: BTreeMap<u64, Node>,
    stores: BTreeMap<u64, Stores>,
    /// The election timeout, where it is not to be the one that nodes have.
    election: Option<(Duration, Duration)>,
}

/// RocksDB must be closed before its folder is opened again, and before the process ends.
struct Stores([Openness; 2]);

impl Stores {
    async fn closed(&self) {
        let closing = async {
            while !self.0.iter().all(Openness::is_closed) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), closing)
            .await
            .expect("a stopped node lets go of its stores");
    }
}

impl Cluster {
    async fn of(count: u64) -> Self {
        Self::electing(count, None).await
    }

    async fn electing(count: u64, election: Option<(Duration, Duration)>) -> Self {
        let mut members = BTreeMap::new();
        for id in 1..=count {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let peer_address = free.local_addr().unwrap().to_string();
            members.insert(id, Member { peer_address, api_address: format!("api-{id}") });
        }
        let folder = TempDir::new().unwrap();
        let mut cluster = Self {
            folder,
            members: members.clone(),
            introduced: members.clone(),
            nodes: BTreeMap::new(),
            stores: BTreeMap::new(),
            election,
        };
        for id in 1..=count {
            cluster.start(id).await;
        }
        for node in cluster.nodes.values() {
            node.initialise(members.clone()).await.unwrap();
        }
        cluster.leader().await;
        cluster
    }

    fn data(&self, id: u64) -> std::path::PathBuf {
        self.folder.path().join(id.to_string())
    }

    async fn start(&mut self, id: u64) {
        self.start_over(id, |state| state).await;
    }

    async fn start_over(&mut self, id: u64, over: impl FnOnce(Arc<dyn StateStore>) -> Arc<dyn StateStore>) {
        let data = self.data(id);
        let member = self.members[&id].clone();
        let mut config = Config::new("test", id, member.clone());
        config.seed = id;
        config.election = self.election.unwrap_or(config.election);
        config.receiving = Some(data.join("group/snapshots"));
        config.keep_log_bytes = 0;
        config.keep_log_entries = 5;
        config.archive_entries = 4;
        config.audit_interval = Duration::from_millis(500);
        let (mut parts, stores) = open(&data, "test", id, &member.peer_address).await;
        parts.state = over(parts.state);
        self.stores.insert(id, stores);
        let node = Node::start(config, parts).await.unwrap();
        node.introduce(&self.introduced).await;
        self.nodes.insert(id, node);
    }

    /// The leader, once there is one and all nodes know it.
    async fn leader(&self) -> Node {
        for _ in 0..400 {
            let known: Vec<_> = self.nodes.values().map(|node| node.status().leader).collect();
            if let Some(Some(leader)) = known.first().copied()
                && known.iter().all(|other| *other == Some(leader))
                && let Some(node) = self.nodes.get(&leader)
            {
                return node.clone();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no leader");
    }

    async fn stop(&mut self, id: u64) {
        self.nodes.remove(&id).unwrap().shutdown().await;
        self.stores[&id].closed().await;
    }

    /// A node that does not lead.
    fn follower(&self) -> u64 {
        (1..=3).find(|id| !self.nodes[id].leads()).unwrap()
    }

    /// Puts a copy of its data folder in the place of a node's.
    fn roll_back(&self, id: u64, older: &Path) {
        std::fs::remove_dir_all(self.data(id)).unwrap();
        copy(older, &self.data(id));
    }

    async fn end(mut self) {
        for id in self.nodes.keys().copied().collect::<Vec<_>>() {
            self.stop(id).await;
        }
    }
}

async fn open(data: &Path, cluster_id: &str, id: u64, peer_address: &str) -> (Parts, Stores) {
    let mut incarnation = [0; 16];
    incarnation[..8].copy_from_slice(&now().0.to_be_bytes());
    let folder = DataFolder::open(data, cluster_id, id, incarnation).unwrap();
    std::fs::create_dir_all(data.join("group")).unwrap();
    let log = Arc::new(RocksLog::open(&data.join("raft"), 1).unwrap());
    let state = Arc::new(RocksState::open(&data.join("group")).unwrap());
    let stores = Stores([log.openness(), state.openness()]);
    let parts = Parts {
        log,
        state,
        archive: Arc::new(ArchiveFolder::open(&data.join("archive")).unwrap()),
        acquaintance: Arc::new(folder),
        transport: Arc::new(TcpTransport),
        listener: Box::new(TcpListener(tokio::net::TcpListener::bind(peer_address).await.unwrap())),
        clock: Arc::new(now),
    };
    (parts, stores)
}

fn genesis() -> Proposal {
    Proposal {
        principal: Principal::loopback(),
        request_id: None,
        ledger_time: None,
        command: Command::Initialise(Genesis {
            cluster_id: "test".into(),
            utc_offset: UtcOffset::CHINA,
            assignments: vec![Assignment::loopback()],
        }),
    }
}

/// A command that takes a revision and is refused: there is no behaviour 0.
fn some_command(number: u64) -> Proposal {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&now().0.to_be_bytes()[2..]);
    id[8..].copy_from_slice(&number.to_be_bytes());
    Proposal {
        principal: Principal::loopback(),
        request_id: Some(RequestId(id)),
        ledger_time: None,
        command: Command::RaiseBehaviour(0),
    }
}

async fn revision(node: &Node, consistency: Consistency) -> Revision {
    query::revision(&*node.view(consistency).await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_node_takes_commands_and_serves_what_was_answered_anywhere() {
    let cluster = Cluster::of(3).await;
    cluster.nodes[&1].propose(&[genesis()]).await.unwrap();
    let mut expected = 1;
    for round in 0..5 {
        for node in cluster.nodes.values() {
            expected += 1;
            let number = round * 10 + node.status().node_id;
            let applied = node.propose(&[some_command(number)]).await.unwrap();
            assert_eq!(applied[0].revision, Revision(expected));
            for reader in cluster.nodes.values() {
                assert_eq!(revision(reader, Consistency::Linearizable).await, Revision(expected));
            }
        }
    }
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_within_an_age_needs_the_others_only_when_what_it_knows_is_older() {
    let mut cluster = Cluster::of(3).await;
    let leader = cluster.leader().await;
    leader.propose(&[genesis()]).await.unwrap();
    let asked = cluster.follower();
    let node = cluster.nodes[&asked].clone();
    let an_hour = Consistency::Within(Duration::from_secs(3_600));
    assert_eq!(revision(&node, an_hour).await, Revision(1));
    leader.propose(&[some_command(1)]).await.unwrap();
    assert_eq!(revision(&node, Consistency::Within(Duration::ZERO)).await, Revision(2));
    drop(leader);
    for other in (1..=3).filter(|id| *id != asked) {
        cluster.stop(other).await;
    }
    assert_eq!(revision(&node, an_hour).await, Revision(2));
    assert!(node.view(Consistency::Within(Duration::ZERO)).await.is_err());
    drop(node);
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_nodes_restart_with_everything() {
    let mut cluster = Cluster::of(3).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let command = some_command(1);
    let first = cluster.leader().await.propose(std::slice::from_ref(&command)).await.unwrap();
    for id in 1..=3 {
        cluster.stop(id).await;
    }
    for id in 1..=3 {
        cluster.start(id).await;
    }
    let again = cluster.leader().await.propose(&[command]).await.unwrap();
    assert!(again[0].repeated);
    assert_eq!(again[0].revision, first[0].revision);
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_stops_hands_over() {
    let patient = (Duration::from_secs(3), Duration::from_secs(4));
    let mut cluster = Cluster::electing(3, Some(patient)).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let old = cluster.leader().await.status().node_id;
    let started = std::time::Instant::now();
    cluster.stop(old).await;
    let other = cluster.nodes.values().next().unwrap();
    other.propose(&[some_command(1)]).await.unwrap();
    // Without a handover a follower waits out the lease of 4 s and its election timeout of 3 s at least first.
    assert!(started.elapsed() < Duration::from_secs(7), "took {:?}", started.elapsed());
    cluster.end().await;
}

/// A cluster of three with a row of every table, whose leader has purged what a new node would need of its log. Says up to
/// where.
async fn purged() -> (Cluster, u64) {
    let mut cluster = Cluster::of(3).await;
    for id in 1..=3 {
        cluster.stop(id).await;
    }
    for id in 1..=3 {
        cluster.start_over(id, |state| Arc::new(Altered(state, laden))).await;
    }
    let leader = cluster.leader().await;
    leader.propose(&[genesis()]).await.unwrap();
    for number in 0..50 {
        leader.propose(&[some_command(number)]).await.unwrap();
    }
    leader.trigger_snapshot().await.unwrap();
    let purging = async {
        while leader.status().purged_index == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), purging).await.expect("the leader purges");
    let purged = leader.status().purged_index;
    (cluster, purged)
}

impl Cluster {
    /// Starts a node that is to join under the next number.
    async fn newcomer(&mut self) -> (u64, Member) {
        let id = self.members.len() as u64 + 1;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let peer_address = free.local_addr().unwrap().to_string();
        drop(free);
        let member = Member { peer_address, api_address: format!("api-{id}") };
        self.members.insert(id, member.clone());
        self.start(id).await;
        (id, member)
    }

    /// All nodes are stopped, and what each has is what the first has, row by row, with a row of each table.
    async fn ends_alike(mut self) {
        for id in self.nodes.keys().copied().collect::<Vec<_>>() {
            self.stop(id).await;
        }
        let state = |id: u64| stored_state(&self.data(id).join("group")).unwrap();
        let first = state(1);
        for id in self.stores.keys().skip(1) {
            let difference = first.first_difference(&state(*id)).unwrap();
            assert!(difference.is_none(), "node 1 and node {id}: {}", difference.unwrap());
        }
        let mut tables = Writes::default();
        tables.insert(Key::Event(Revision(1)), None);
        laden(&mut tables);
        let view = first.view();
        let missing = tables.keys().filter(|key| view.row(key).unwrap().is_none());
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<&Key>::new(), "a row of each table is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_node_joins_from_a_snapshot_and_votes() {
    let (mut cluster, purged) = purged().await;
    let leader = cluster.leader().await;
    let archive = ArchiveFolder::open(&cluster.data(leader.status().node_id).join("archive")).unwrap();
    let mut archived = 0;
    for first in (0..=purged).step_by(4) {
        archived += archive.read(Range { first, last: first + 3 }).unwrap().len() as u64;
    }
    assert_eq!(archived, purged + 1, "everything that was purged is in the archive");
    let (_, member) = cluster.newcomer().await;
    leader.add_learner(4, member).await.unwrap();
    leader.promote(4).await.unwrap();
    assert_eq!(revision(&cluster.nodes[&4], Consistency::Linearizable).await, Revision(51));
    assert!(leader.status().members.iter().any(|(id, _, role)| *id == 4 && *role == Role::Voter));
    // What was purged before it came, it fetches: history does not leave with the nodes that have seen it.
    let fetched = ArchiveFolder::existing(&cluster.data(4).join("archive"));
    let fetching = async {
        while fetched.from_the_beginning().unwrap().last().is_none_or(|range| range.last < purged) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), fetching).await.expect("the archive becomes whole");
    for range in fetched.from_the_beginning().unwrap() {
        assert_eq!(fetched.read(range).unwrap().len(), 4);
    }
    leader.remove(4).await.unwrap();
    assert!(leader.status().members.iter().all(|(id, ..)| *id != 4));
    drop(leader);
    // What came as a snapshot survives a restart of the node that received it.
    cluster.stop(4).await;
    cluster.start(4).await;
    assert_eq!(revision(&cluster.nodes[&4], Consistency::Stale).await, Revision(51));
    cluster.ends_alike().await;
}

/// The leader's own copy has rotted: the new node takes nothing of it, and asks until it comes whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_snapshot_is_refused_and_asked_for_again() {
    let (mut cluster, _) = purged().await;
    let leader = cluster.leader().await;
    let snapshots = cluster.data(leader.status().node_id).join("group/snapshots");
    let newest = snapshot::finished(&snapshots).unwrap().pop().unwrap();
    let files = std::fs::read_dir(newest).unwrap().map(|entry| entry.unwrap().path());
    let table =
        files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "sst")).unwrap();
    // The file is a link of one that the leader works with, which stays whole.
    let whole = std::fs::read(&table).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x10;
    let replace = |bytes: &[u8]| {
        let beside = table.with_extension("beside");
        std::fs::write(&beside, bytes).unwrap();
        std::fs::rename(beside, &table).unwrap();
    };
    replace(&damaged);
    let (id, member) = cluster.newcomer().await;
    let incoming = cluster.data(id).join("group/snapshots");
    let adding = tokio::spawn({
        let leader = leader.clone();
        async move { leader.add_learner(id, member).await }
    });
    // It comes again and again, each time into a folder of another name, and goes.
    let mut came = BTreeSet::new();
    let refused = async {
        while came.len() < 2 {
            came.extend(std::fs::read_dir(&incoming).unwrap().map(|entry| entry.unwrap().file_name()));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), refused).await.expect("it is asked for again");
    assert_eq!(revision(&cluster.nodes[&id], Consistency::Stale).await, Revision(0));
    assert_eq!(snapshot::finished(&incoming).unwrap(), Vec::<std::path::PathBuf>::new());
    replace(&whole);
    adding.await.unwrap().unwrap();
    // A member counts as added before it has everything.
    let whole = async {
        while revision(&cluster.nodes[&id], Consistency::Stale).await < Revision(51) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), whole).await.expect("it comes whole");
    let unfinished = std::fs::read_dir(&incoming)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with("unfinished"));
    assert_eq!(unfinished.count(), 0, "what was refused takes no room");
    assert_eq!(revision(&cluster.nodes[&id], Consistency::Linearizable).await, Revision(51));
    drop(leader);
    cluster.ends_alike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_leaves_no_trace() {
    let cluster = Cluster::of(1).await;
    let node = &cluster.nodes[&1];
    node.propose(&[genesis()]).await.unwrap();
    let (seen, rehearsed) = node.rehearse(vec![some_command(1), some_command(2)]).await.unwrap();
    assert_eq!((seen, rehearsed.len()), (Revision(1), 2));
    assert_eq!(rehearsed[1].revision, Revision(3));
    assert_eq!(revision(node, Consistency::Linearizable).await, Revision(1));
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_not_let_in() {
    let cluster = Cluster::of(1).await;
    let address = cluster.members[&1].peer_address.clone();
    let folder = TempDir::new().unwrap();
    let (parts, stores) = open(folder.path(), "other", 9, "127.0.0.1:0").await;
    let member = Member { peer_address: "127.0.0.1:1".into(), api_address: String::new() };
    let stranger = Node::start(Config::new("other", 9, member), parts).await.unwrap();
    let members = BTreeMap::from([
        (1, Member { peer_address: address, api_address: String::new() }),
        (9, Member::default()),
    ]);
    stranger.initialise(members).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(stranger.status().leader, None, "a node of another cluster gets no vote");
    stranger.shutdown().await;
    drop(stranger);
    stores.closed().await;
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_node_is_not_let_back_in_under_its_number() {
    let mut cluster = Cluster::of(3).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let wiped = cluster.follower();
    cluster.stop(wiped).await;
    std::fs::remove_dir_all(cluster.data(wiped)).unwrap();
    cluster.start(wiped).await;
    let failed = tokio::time::timeout(Duration::from_secs(20), cluster.nodes[&wiped].failed()).await.unwrap();
    assert!(failed.contains("its disk was wiped"), "{failed}");
    let status = cluster.nodes[&wiped].status();
    assert_eq!((status.applied_index, status.leader), (0, None));
    let others: Vec<_> = cluster.nodes.values().filter(|node| node.status().node_id != wiped).collect();
    others[0].propose(&[some_command(1)]).await.unwrap();
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_node_is_not_let_back_in() {
    let mut cluster = Cluster::of(3).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let victim = cluster.follower();
    cluster.stop(victim).await;
    let older = cluster.folder.path().join("older");
    copy(&cluster.data(victim), &older);
    cluster.start(victim).await;
    cluster.leader().await.propose(&[some_command(1)]).await.unwrap();
    cluster.stop(victim).await;
    cluster.roll_back(victim, &older);
    cluster.start(victim).await;
    let failed =
        tokio::time::timeout(Duration::from_secs(20), cluster.nodes[&victim].failed()).await.unwrap();
    assert!(failed.contains("rolled back"), "{failed}");
    cluster.end().await;
}

/// Its state may have been stopped short of the entry that names the members: then only its log knows whom to greet.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_introduces_itself_to_those_whom_only_its_log_names() {
    let mut cluster = Cluster::of(3).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let victim = cluster.follower();
    cluster.stop(victim).await;
    std::fs::remove_dir_all(cluster.data(victim).join("group")).unwrap();
    let older = cluster.folder.path().join("older");
    copy(&cluster.data(victim), &older);
    cluster.introduced.clear();
    cluster.start(victim).await;
    assert_eq!(cluster.nodes[&victim].unrecognised(1), None);
    cluster.stop(victim).await;
    cluster.roll_back(victim, &older);
    cluster.start(victim).await;
    assert!(cluster.nodes[&victim].unrecognised(1).is_some());
    cluster.end().await;
}

/// A copy from within a session carries no older session: the others remember how far its log went.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_became_shorter_is_noticed() {
    let mut cluster = Cluster::of(3).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let victim = cluster.follower();
    cluster.stop(victim).await;
    let log = cluster.folder.path().join("log");
    copy(&cluster.data(victim).join("raft"), &log);
    cluster.start(victim).await;
    for number in 0..20 {
        cluster.leader().await.propose(&[some_command(number)]).await.unwrap();
    }
    // Two comparisons of digests: what the first one saw is told by the second.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    cluster.stop(victim).await;
    for part in ["raft", "group"] {
        std::fs::remove_dir_all(cluster.data(victim).join(part)).unwrap();
    }
    copy(&log, &cluster.data(victim).join("raft"));
    cluster.start(victim).await;
    let failed =
        tokio::time::timeout(Duration::from_secs(20), cluster.nodes[&victim].failed()).await.unwrap();
    assert!(failed.contains("rolled back"), "{failed}");
    cluster.end().await;
}

/// A state that writes down something else than it is told to.
struct Altered<F>(Arc<dyn StateStore>, F);

impl<F: Fn(&mut Writes) + Send + Sync + 'static> StateStore for Altered<F> {
    fn mark(&self) -> Result<Option<Bytes>, Fault> {
        self.0.mark()
    }
    fn view(&self) -> Arc<dyn View> {
        self.0.view()
    }
    fn prefetch(&self, keys: &[Key]) {
        self.0.prefetch(keys);
    }
    fn write(&self, writes: &Writes, mark: Bytes) -> Result<(), Fault> {
        let mut writes = writes.clone();
        (self.1)(&mut writes);
        self.0.write(&writes, mark)
    }
    fn flush(&self) -> Result<(), Fault> {
        self.0.flush()
    }
    fn pin(&self, mark: Bytes) -> std::io::Result<Box<dyn Pinned>> {
        self.0.pin(mark)
    }
    fn latest_snapshot(&self) -> std::io::Result<Option<Snapshot>> {
        self.0.latest_snapshot()
    }
    fn install(&self, snapshot: Snapshot) -> std::io::Result<()> {
        self.0.install(snapshot)
    }
}

/// Other digests than were computed: a replica gone wrong.
fn wrong(writes: &mut Writes) {
    for row in writes.values_mut() {
        if let Some(Row::Event(event)) = row {
            Arc::make_mut(event).digest[0] ^= 1;
        }
    }
}

/// A row of every table beside the first command's: a ledger in which everything has happened.
fn laden(writes: &mut Writes) {
    if !writes.contains_key(&Key::Event(Revision(1))) {
        return;
    }
    let seed = Seed { code: "T1".into(), text: "text".into(), number: 1 << 40, raw: 7, full: true };
    for (key, row) in every_table(&seed) {
        writes.entry(key).or_insert(Some(row));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_with_another_digest_stops_and_the_others_go_on() {
    let mut cluster = Cluster::of(3).await;
    cluster.stop(3).await;
    cluster.start_over(3, |state| Arc::new(Altered(state, wrong))).await;
    cluster.leader().await.propose(&[genesis()]).await.unwrap();
    let failed = tokio::time::timeout(Duration::from_secs(20), cluster.nodes[&3].failed()).await.unwrap();
    assert!(failed.contains("another digest than a majority"), "{failed}");
    cluster.stop(3).await;
    cluster.nodes[&1].propose(&[some_command(1)]).await.unwrap();
    cluster.end().await;
}
