//! A node: one member of the cluster, as the rest of the product sees it.

use crate::applier::{Applier, Progress, rehearse};
use crate::auditor::Auditor;
use crate::backup::{BackupError, BackupOrder, Backups};
use crate::config::{Config, Parts};
use crate::connection::{Connection, Dialer};
use crate::error::{ProposeError, ReadError, StartError};
use crate::forward::Forwarder;
use crate::frame::{Request, Response};
use crate::gather::{Gatherer, Origin, Queue};
use crate::historian::Historian;
use crate::keeper::Keeper;
use crate::log_store::LogStore;
use crate::machine::Machine;
use crate::member::Member;
use crate::network::Network;
use crate::peers::Peers;
use crate::raft::{Raft, Runtime, Types};
use crate::read_index::{Confirmed, ReadIndex, Rounds};
use crate::status::{Status, is_leader, metrics, status};
use crate::worker::Worker;
use bytes::Bytes;
use openraft::async_runtime::WatchReceiver;
use openraft::errors::{ClientWriteError, InitializeError, RaftError};
use openraft::storage::{RaftLogStorage, RaftStateMachine};
use openraft::{AsyncRuntime, ChangeMembers, RaftSnapshotBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use zonebook_codec::plain;
use zonebook_ledger::behaviour::BEHAVIOUR_MAX;
use zonebook_ledger::command::Proposal;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::{Applied, Revision};
use zonebook_ledger::time::Instant;
use zonebook_store::backup::Source;
use zonebook_store::identity::{Life, Recognition};
use zonebook_store::state::{StateStore, View};

/// How long a command waits for a leader before it is refused as not proposed.
const LEADER_WAIT: Duration = Duration::from_secs(5);
/// How long a read waits for the state to come as far as it wishes.
const READ_WAIT: Duration = Duration::from_secs(5);
const RETRY_PAUSE: Duration = Duration::from_millis(50);
/// How long a leader that stops waits for another to take over.
const HANDOVER_WAIT: Duration = Duration::from_secs(3);

/// How fresh a read must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Consistency {
    /// Everything that was answered anywhere before the read began.
    #[default]
    Linearizable,
    /// Everything up to a revision that the caller has seen.
    AtLeast(Revision),
    /// Everything that was answered anywhere until so long before the read began.
    Within(Duration),
    /// Whatever this node has.
    Stale,
}

/// A running member.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    raft: Raft,
    node_id: u64,
    state: Arc<dyn StateStore>,
    worker: Worker<Applier>,
    queue: Queue,
    reads: mpsc::Sender<oneshot::Sender<ReadIndex>>,
    confirmed: watch::Receiver<Option<Confirmed>>,
    progress: watch::Receiver<Progress>,
    clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    seed: AtomicU64,
    tasks: parking_lot::Mutex<Vec<tokio::task::JoinHandle<()>>>,
    stopping: CancellationToken,
    unrecognised_by: watch::Receiver<BTreeMap<u64, Recognition>>,
    failure: watch::Receiver<Option<String>>,
    no_room: watch::Sender<Option<String>>,
    backups: Backups,
    dialer: Dialer,
}

/// How long a member may take to say what it knows.
const ANSWER_WAIT: Duration = Duration::from_secs(3);

/// A power cut can leave a state that was written out ahead of this node's own log: others had the entries, this node
/// had not flushed them yet. openraft then purges its log up to the state. What is purged must be in a snapshot, or a
/// follower that lacks it could not be served from here.
async fn cover_gap(log: &mut LogStore, machine: &mut Machine) -> io::Result<()> {
    let (applied, _) = machine.applied_state().await?;
    let snapshot = machine.get_current_snapshot().await?;
    let covered = snapshot.and_then(|snapshot| snapshot.meta.last_log_id);
    if log.get_log_state().await?.last_log_id < applied && covered < applied {
        machine.get_snapshot_builder().await.build_snapshot().await?;
    }
    Ok(())
}

/// The last entry that this node has, in its log or in its state.
async fn reached(log: &mut LogStore, applied: u64) -> io::Result<u64> {
    let last = log.get_log_state().await?.last_log_id;
    Ok(last.map_or(0, |id| id.index).max(applied))
}

impl Node {
    /// Starts a node from what its log and state hold. A new node waits to be told of its cluster.
    ///
    /// # Errors
    /// Log or state cannot be read, or contradict each other.
    pub async fn start(config: Config, parts: Parts) -> Result<Self, StartError> {
        let seed = config.seed;
        Runtime::scope(seed, Self::start_in_scope(config, parts)).await
    }

    async fn start_in_scope(config: Config, parts: Parts) -> Result<Self, StartError> {
        let applier = Applier::new(Arc::clone(&parts.state))?;
        let progress = applier.progress();
        let applied = progress.borrow().index;
        if let Some(head) = zonebook_ledger::query::head(&*parts.state.view())?
            && head.behaviour > BEHAVIOUR_MAX
        {
            return Err(StartError::Behaviour { in_force: head.behaviour, known: BEHAVIOUR_MAX });
        }
        let worker = Worker::new(config.execution, applier)?;
        let records = Arc::clone(&parts.log);
        let log = LogStore::new(parts.log, config.keep_log_bytes / 256);
        let reached = reached(&mut log.clone(), applied).await?;
        let life = Life { reached, ..parts.acquaintance.life() };
        let dialer = Dialer {
            transport: parts.transport,
            cluster_id: config.cluster_id.clone(),
            node_id: config.node_id,
            acquaintance: parts.acquaintance,
            life,
            unrecognised_by: watch::Sender::default(),
        };
        let unrecognised_by = dialer.unrecognised_by.subscribe();
        let mut machine = Machine::new(worker.clone(), config.execution);
        let settings = config.raft().validate().map_err(|error| StartError::Raft(error.to_string()))?;
        let network = Network(dialer.clone());
        cover_gap(&mut log.clone(), &mut machine)
            .await
            .map_err(|error| StartError::Raft(error.to_string()))?;
        let raft = Raft::new(config.node_id, Arc::new(settings), network, log.clone(), machine)
            .await
            .map_err(|error| StartError::Raft(error.to_string()))?;
        let (queue, receiver) = Queue::new();
        let no_room = watch::Sender::new(None);
        let stopping = CancellationToken::new();
        let (reads, read_receiver) = mpsc::channel(16 << 10);
        let gatherer = Gatherer {
            raft: raft.clone(),
            node_id: config.node_id,
            queue: queue.clone(),
            receiver,
            forwarder: Forwarder::new(dialer.clone(), raft.clone()),
            no_room: no_room.subscribe(),
            clock: Arc::clone(&parts.clock),
        };
        let peers = Peers {
            raft: raft.clone(),
            dialer: dialer.clone(),
            queue: queue.clone(),
            receiving: config.receiving.clone(),
            state: Arc::clone(&parts.state),
            progress: progress.clone(),
            archive: Arc::clone(&parts.archive),
            archive_entries: config.archive_entries.max(1),
            records: Arc::clone(&records),
            stopping: stopping.clone(),
        };
        let failure = watch::Sender::new(None);
        let of_the_log = failure.clone();
        log.on_poisoned(Box::new(move |error| {
            of_the_log.send_replace(Some(format!("the log cannot be written: {error}")));
        }));
        let auditor = Auditor {
            raft: raft.clone(),
            dialer: dialer.clone(),
            state: Arc::clone(&parts.state),
            progress: progress.clone(),
            interval: config.audit_interval,
            failure: failure.clone(),
        };
        let asking = dialer.clone();
        let (confirmed, last_confirmed) = watch::channel(None);
        let rounds = Rounds { raft: raft.clone(), dialer, receiver: read_receiver, confirmed };
        let stores = (records, parts.archive, Arc::clone(&parts.state));
        let keeper = Keeper::new(raft.clone(), log, stores.clone(), failure.clone(), &config);
        let backups = Backups::new(raft.clone(), worker.clone(), stores, &config);
        let historian = backups.archive.folder().map(|folder| Historian {
            raft: raft.clone(),
            dialer: asking.clone(),
            folder: folder.into(),
            archive_entries: config.archive_entries.max(1),
        });
        let mut tasks = vec![
            Runtime::spawn(gatherer.run()),
            Runtime::spawn(peers.listen(parts.listener)),
            Runtime::spawn(rounds.run()),
            Runtime::spawn(keeper.run()),
            Runtime::spawn(auditor.run()),
        ];
        tasks.extend(historian.map(|historian| Runtime::spawn(historian.run())));
        let inner = Inner {
            raft,
            node_id: config.node_id,
            state: parts.state,
            worker,
            queue,
            reads,
            confirmed: last_confirmed,
            progress,
            clock: parts.clock,
            seed: AtomicU64::new(config.seed.wrapping_add(1)),
            tasks: parking_lot::Mutex::new(tasks),
            stopping,
            unrecognised_by,
            failure: failure.subscribe(),
            no_room,
            backups,
            dialer: asking,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// openraft draws random numbers where it is called from; each call gets a seed of its own.
    fn scoped<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        Runtime::scope(self.inner.seed.fetch_add(1, Ordering::Relaxed), future)
    }

    /// Forms a cluster of these members. Every one of them may be told, with the same members; done before is no error.
    ///
    /// # Errors
    /// This node is not among them, or has stopped.
    pub async fn initialise(&self, members: BTreeMap<u64, Member>) -> Result<(), StartError> {
        match self.scoped(self.inner.raft.initialize(members)).await {
            Ok(()) | Err(RaftError::APIError(InitializeError::NotAllowed(_))) => Ok(()),
            Err(error) => Err(StartError::Raft(error.to_string())),
        }
    }

    /// Tells of every step that this node's state takes.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.inner.progress.clone()
    }

    /// Proposes commands and waits until they are applied. They stay together and in order, but are not one: each has an
    /// outcome of its own. While there is no leader, waits for one.
    ///
    /// # Errors
    /// None of them has an outcome, or none that is known here.
    pub async fn propose(&self, proposals: &[Proposal]) -> Result<Vec<Applied>, ProposeError> {
        let encoded: Result<Vec<Bytes>, _> =
            proposals.iter().map(|proposal| plain::encode(proposal).map(Bytes::from)).collect();
        let encoded = encoded.map_err(|error| ProposeError::NotProposed(error.to_string()))?;
        let deadline = tokio::time::Instant::now() + LEADER_WAIT;
        loop {
            let answered = self.inner.queue.submit(encoded.clone(), Origin::Caller)?;
            let outcome = answered
                .await
                .unwrap_or_else(|_| Err(ProposeError::OutcomeUnknown("this node stopped".into())));
            match outcome {
                Err(ProposeError::NotProposed(why)) if tokio::time::Instant::now() < deadline => {
                    tracing::debug!(why, "not proposed yet");
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                other => return other,
            }
        }
    }

    /// What commands would do now, one after the other, and the revision that this was seen at; leaves no trace.
    ///
    /// # Errors
    /// As [`Node::view`].
    pub async fn rehearse(&self, proposals: Vec<Proposal>) -> Result<(Revision, Vec<Applied>), ReadError> {
        let view = self.view(Consistency::Linearizable).await?;
        let now = (self.inner.clock)();
        let rehearsed = tokio::task::spawn_blocking(move || {
            let revision = zonebook_ledger::query::revision(&*view)?;
            Ok::<_, Fault>((revision, rehearse(&*view, now, &proposals)?))
        });
        Ok(rehearsed.await.map_err(|error| Fault(error.to_string()))??)
    }

    /// The state, as fresh as wished.
    ///
    /// # Errors
    /// There is no leader to ask, or the state does not come that far in time.
    pub async fn view(&self, consistency: Consistency) -> Result<Arc<dyn View>, ReadError> {
        match consistency {
            Consistency::Stale => {}
            Consistency::AtLeast(revision) => {
                self.wait_until(|progress| progress.revision >= revision).await?;
            }
            Consistency::Within(age) => {
                let index = match self.confirmed_within(age) {
                    Some(index) => index,
                    None => self.read_index().await?,
                };
                self.wait_until(|progress| progress.index >= index).await?;
            }
            Consistency::Linearizable => {
                let index = self.read_index().await?;
                self.wait_until(|progress| progress.index >= index).await?;
            }
        }
        Ok(self.inner.state.view())
    }

    /// What a round has shown that began no longer ago: a leader that was replaced since cannot have answered it.
    fn confirmed_within(&self, age: Duration) -> Option<u64> {
        let confirmed = *self.inner.confirmed.borrow();
        confirmed.filter(|confirmed| confirmed.began.elapsed() <= age).map(|confirmed| confirmed.index)
    }

    async fn read_index(&self) -> Result<u64, ReadError> {
        let deadline = tokio::time::Instant::now() + LEADER_WAIT;
        loop {
            let (answer, answered) = oneshot::channel();
            let stopped = || ReadError::Unavailable("this node stops".into());
            self.inner.reads.send(answer).await.map_err(|_| stopped())?;
            match answered.await.map_err(|_| stopped())? {
                Ok(index) => return Ok(index),
                Err(why) if tokio::time::Instant::now() < deadline => {
                    tracing::debug!(why, "no read index yet");
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                Err(why) => return Err(ReadError::Unavailable(why)),
            }
        }
    }

    async fn wait_until(&self, reached: impl FnMut(&Progress) -> bool) -> Result<(), ReadError> {
        let mut progress = self.inner.progress.clone();
        let waited = timeout(READ_WAIT, progress.wait_for(reached)).await;
        match waited {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(ReadError::Unavailable("this node stops".into())),
            Err(_) => Err(ReadError::Unavailable("this node is behind".into())),
        }
    }

    /// What this node knows of itself and of the cluster.
    #[must_use]
    pub fn status(&self) -> Status {
        status(&self.inner.raft, *self.inner.progress.borrow())
    }

    /// Whether this node leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        is_leader(&self.inner.raft)
    }

    /// Adds a member that receives everything and decides nothing, and waits until it has caught up. Leader only.
    ///
    /// # Errors
    /// This node does not lead, or another change is under way.
    pub async fn add_learner(&self, id: u64, member: Member) -> Result<(), ProposeError> {
        changed(self.scoped(self.inner.raft.add_learner(id, member, true)).await)
    }

    /// Makes a learner a voter. Leader only.
    ///
    /// # Errors
    /// As [`Node::add_learner`].
    pub async fn promote(&self, id: u64) -> Result<(), ProposeError> {
        self.change(ChangeMembers::AddVoterIds(BTreeSet::from([id]))).await
    }

    /// Removes a member, voter or learner; its id is not to be used again. Leader only.
    ///
    /// # Errors
    /// As [`Node::add_learner`].
    pub async fn remove(&self, id: u64) -> Result<(), ProposeError> {
        if self.status().members.iter().any(|(member, _, role)| *member == id && *role == crate::Role::Voter)
        {
            self.change(ChangeMembers::RemoveVoters(BTreeSet::from([id]))).await?;
        }
        if self.status().members.iter().any(|(member, ..)| *member == id) {
            self.change(ChangeMembers::RemoveNodes(BTreeSet::from([id]))).await?;
        }
        Ok(())
    }

    async fn change(&self, change: ChangeMembers<u64, Member>) -> Result<(), ProposeError> {
        changed(self.scoped(self.inner.raft.change_membership(change, false)).await)
    }

    /// Hands leadership over and waits until another leads. Without a target, to the voter that is furthest.
    ///
    /// # Errors
    /// This node does not lead, there is nobody to hand over to, or nobody took over in time.
    pub async fn transfer_leader(&self, to: Option<u64>) -> Result<u64, ProposeError> {
        let status = self.status();
        let refused = |why: &str| Err(ProposeError::NotProposed(why.into()));
        if !status.leads() {
            return refused("this node does not lead");
        }
        let voters = status.members.iter().filter(|(_, _, role)| *role == crate::Role::Voter);
        let others: BTreeSet<u64> =
            voters.map(|(id, ..)| *id).filter(|id| *id != self.inner.node_id).collect();
        let furthest = status.matched.iter().filter(|(id, _)| others.contains(id)).max_by_key(|(_, at)| *at);
        let Some(target) = to.or(furthest.map(|(id, _)| *id)) else {
            return refused("there is no other voter");
        };
        if !others.contains(&target) {
            return refused("the target is not another voter");
        }
        let stopped = |error: &dyn std::fmt::Display| ProposeError::NotProposed(error.to_string());
        self.scoped(self.inner.raft.trigger().transfer_leader(target)).await.map_err(|e| stopped(&e))?;
        let deadline = tokio::time::Instant::now() + HANDOVER_WAIT;
        while tokio::time::Instant::now() < deadline {
            match self.status().leader {
                Some(leader) if leader != self.inner.node_id => return Ok(leader),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        refused("nobody took over in time")
    }

    /// Takes no commands from now on while it leads, and says why; `None`: takes them again. Reads are served.
    pub fn set_no_room(&self, why: Option<String>) {
        self.inner.no_room.send_replace(why);
    }

    /// Why this node takes no commands while it leads, if it does not.
    #[must_use]
    pub fn no_room(&self) -> Option<String> {
        self.inner.no_room.borrow().clone()
    }

    /// Takes a snapshot now.
    ///
    /// # Errors
    /// The node has stopped.
    pub async fn trigger_snapshot(&self) -> Result<(), ProposeError> {
        let triggered = self.scoped(self.inner.raft.trigger().snapshot()).await;
        triggered.map_err(|error| ProposeError::NotProposed(error.to_string()))
    }

    /// Asks every member whether its program knows a behaviour: one that did not could not go on with it in force.
    ///
    /// # Errors
    /// Names a member that does not know it, or does not answer.
    pub async fn know_behaviour(&self, behaviour: u32) -> Result<(), String> {
        for (id, member, _) in self.status().members {
            let known = if id == self.inner.node_id {
                BEHAVIOUR_MAX
            } else {
                let mut connection = Connection::new(self.inner.dialer.clone(), id, member.peer_address);
                match connection.call(&Request::BehaviourMax, ANSWER_WAIT).await {
                    Ok(Response::BehaviourMax(known)) => known,
                    Ok(other) => return Err(format!("node {id} answers {other:?}")),
                    Err(error) => return Err(format!("node {id} does not answer: {error}")),
                }
            };
            if known < behaviour {
                return Err(format!("node {id} knows behaviours up to {known}, not {behaviour}"));
            }
        }
        Ok(())
    }

    /// Gathers the files of a backup of all that is applied here now, beside further work. They stay until what is
    /// returned is dropped.
    ///
    /// # Errors
    /// This node lacks a part of the history, or its files cannot be read.
    pub async fn backup(&self, order: BackupOrder) -> Result<Source, BackupError> {
        self.scoped(self.inner.backups.clone().gather(order)).await
    }

    /// Introduces itself to other nodes, so that a wiped or rolled back data folder is noticed before anything is served.
    /// Nodes that do not answer in time are left out: they say so when they are met.
    pub async fn introduce(&self, others: &BTreeMap<u64, Member>) {
        let mut known = others.clone();
        known.extend(self.members().await);
        known.remove(&self.inner.node_id);
        let meetings = known.into_iter().map(|(id, member)| async move {
            match timeout(ANSWER_WAIT, self.inner.dialer.dial(id, &member.peer_address)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::info!(id, %error, "not introduced"),
                Err(_) => tracing::info!(id, "not introduced in time"),
            }
        });
        futures::future::join_all(meetings).await;
    }

    /// The members by what its log says. Asked of openraft's core, which answers only once it has read the log; its metrics
    /// name nobody until then, and the state may have been stopped short of the entry that names them.
    async fn members(&self) -> BTreeMap<u64, Member> {
        let effective = self.inner.raft.with_raft_state(|raft| raft.membership_state.effective().clone());
        match self.scoped(effective).await {
            Ok(membership) => membership.nodes().map(|(id, member)| (*id, member.clone())).collect(),
            // It has stopped; `failed` says why.
            Err(_) => BTreeMap::new(),
        }
    }

    /// Why this node must not go on, if so many of the others met it with another data folder, or any of them with a newer
    /// one. Another folder may be the mistake of the one who says so: it may come from elsewhere itself. That a session
    /// was forgotten is known for certain by each who met it, and the others may not have.
    #[must_use]
    pub fn unrecognised(&self, enough: usize) -> Option<String> {
        let refusing = self.inner.unrecognised_by.borrow().clone();
        let rolled_back = refusing.values().any(|as_what| *as_what == Recognition::RolledBack);
        (rolled_back || refusing.len() >= enough.max(1)).then(|| {
            let nodes: Vec<u64> = refusing.into_keys().collect();
            format!(
                "nodes {nodes:?} met this node with another or a newer data folder: its disk was wiped, rolled back \
                 to an older copy, or comes from elsewhere. It may have forgotten what it promised. Remove its number \
                 (`zonebook cluster remove`), and let it join with an empty data folder, `join = true` and a new number \
                 (`zonebook cluster add`)"
            )
        })
    }

    /// Waits until the node can go on no longer, and says why: its storage failed, most others do not
    /// recognise it, or its digest is another one than theirs.
    pub async fn failed(&self) -> String {
        let mut watched = self.inner.raft.metrics();
        let mut unrecognised_by = self.inner.unrecognised_by.clone();
        let mut failure = self.inner.failure.clone();
        loop {
            if let Some(why) = failure.borrow_and_update().clone() {
                return why;
            }
            if let Err(fatal) = metrics(&self.inner.raft).running_state {
                return fatal.to_string();
            }
            unrecognised_by.mark_unchanged();
            // Half of all members: of two nodes there is only one to say so.
            if let Some(why) = self.unrecognised(self.status().members.len().div_ceil(2)) {
                return why;
            }
            tokio::select! {
                changed = watched.changed() => {
                    if changed.is_err() {
                        return "replication stopped".into();
                    }
                }
                Ok(()) = unrecognised_by.changed() => {}
                Ok(()) = failure.changed() => {}
            }
        }
    }

    /// Stops: a leader hands over first, the state is flushed.
    pub async fn shutdown(&self) {
        if self.leads()
            && let Err(error) = self.transfer_leader(None).await
        {
            tracing::info!(%error, "stopping without a handover");
        }
        if let Err(error) = self.scoped(self.inner.raft.shutdown()).await {
            tracing::warn!(%error, "replication did not stop in order");
        }
        self.inner.stopping.cancel();
        for task in self.inner.tasks.lock().drain(..) {
            task.abort();
        }
        match self.inner.worker.run(|applier| applier.flush()).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "the state was not flushed; the log has everything"),
            Err(error) => tracing::warn!(%error, "the state was not flushed; the log has everything"),
        }
        self.inner.worker.close();
    }
}

type Written = openraft::raft::ClientWriteResponse<Types>;

fn changed(result: Result<Written, RaftError<Types, ClientWriteError<Types>>>) -> Result<(), ProposeError> {
    match result {
        Ok(_) => Ok(()),
        Err(RaftError::APIError(error @ ClientWriteError::LogEntryDiscarded(_))) => {
            Err(ProposeError::OutcomeUnknown(error.to_string()))
        }
        Err(error) => Err(ProposeError::NotProposed(error.to_string())),
    }
}
