//! Many callers' commands become one entry: what arrives while entries are under way goes into the next one.

use crate::batch::Batch;
use crate::error::ProposeError;
use crate::forward::Forwarder;
use crate::pace::{Meter, Pace};
use crate::raft::{Raft, Runtime, Types};
use bytes::Bytes;
use openraft::AsyncRuntime;
use openraft::async_runtime::{Instant as _, WatchReceiver};
use openraft::errors::ClientWriteError;
use openraft::impls::ProgressResponder;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use zonebook_ledger::outcome::Applied;
use zonebook_ledger::time::Instant;

/// Entries under way at a time: while one is on the disks, the next is on the network and one is gathered.
const IN_FLIGHT_MAX: usize = 3;
/// Gathering stops here; a request that is larger by itself is one entry.
const ENTRY_BYTES_TARGET: usize = 512 << 10;
/// A request larger than this is refused.
pub const REQUEST_BYTES_MAX: usize = 16 << 20;
/// What may wait.
const WAITING_MAX: usize = 16 << 10;

/// Whether commands came from a caller of this node or from another node, which must not pass them on again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Caller,
    Peer,
}

pub type Outcome = Result<Vec<Applied>, ProposeError>;

/// Commands of one caller, which stay together in one entry.
pub struct Submission {
    pub proposals: Vec<Bytes>,
    pub origin: Origin,
    pub answer: oneshot::Sender<Outcome>,
    share: Share,
}

/// What a submission takes of the room, until it is answered.
struct Share {
    bytes: usize,
    under_way: Arc<AtomicUsize>,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.under_way.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Where commands wait to be gathered.
#[derive(Clone)]
pub struct Queue {
    sender: mpsc::Sender<Submission>,
    /// Bytes of commands that wait or are in entries under way.
    under_way: Arc<AtomicUsize>,
    pace: Arc<Pace>,
}

impl Queue {
    /// A queue and its other end.
    pub fn new() -> (Self, mpsc::Receiver<Submission>) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        (Self { sender, under_way: Arc::default(), pace: Arc::default() }, receiver)
    }

    /// Puts commands behind what waits already.
    ///
    /// # Errors
    /// They are too large, too much is under way, or the node is stopping.
    pub fn submit(
        &self,
        proposals: Vec<Bytes>,
        origin: Origin,
    ) -> Result<oneshot::Receiver<Outcome>, ProposeError> {
        let bytes: usize = proposals.iter().map(Bytes::len).sum();
        if bytes > REQUEST_BYTES_MAX {
            return Err(ProposeError::TooLarge { bytes, bytes_max: REQUEST_BYTES_MAX });
        }
        let before = self.under_way.fetch_add(bytes, Ordering::Relaxed);
        let share = Share { bytes, under_way: Arc::clone(&self.under_way) };
        // Whatever its own size: large requests would never get in beside small ones.
        if before > self.pace.room() {
            return Err(self.overloaded(before));
        }
        let (answer, answered) = oneshot::channel();
        let submission = Submission { proposals, origin, answer, share };
        self.sender.try_send(submission).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => self.overloaded(before),
            mpsc::error::TrySendError::Closed(_) => ProposeError::NotProposed("this node stops".into()),
        })?;
        Ok(answered)
    }

    fn overloaded(&self, under_way: usize) -> ProposeError {
        ProposeError::Overloaded { again_after: self.pace.again_after(under_way) }
    }
}

/// Gathers and proposes, or passes on to the leader.
pub struct Gatherer {
    pub raft: Raft,
    pub node_id: u64,
    pub queue: Queue,
    pub receiver: mpsc::Receiver<Submission>,
    pub forwarder: Forwarder,
    /// Why this node takes no commands while it leads, if it does not.
    pub no_room: watch::Receiver<Option<String>>,
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
}

impl Gatherer {
    /// Until the queue is closed.
    pub async fn run(mut self) {
        let in_flight = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
        let (mut meter, began) = (Meter::default(), <Runtime as AsyncRuntime>::Instant::now());
        loop {
            let none_free = in_flight.available_permits() == 0;
            let Ok(permit) = Arc::clone(&in_flight).acquire_owned().await else { return };
            let waited = none_free && !self.receiver.is_empty();
            let Some((gathered, bytes)) = self.gather().await else { return };
            meter.taken(&self.queue.pace, began.elapsed(), bytes, waited);
            let alone = in_flight.available_permits() == IN_FLIGHT_MAX - 1;
            let leader = self.raft.metrics().borrow_watched().current_leader;
            let no_room = self.no_room.borrow().clone();
            let waiting = match (leader, no_room) {
                (Some(leader), Some(why)) if leader == self.node_id => {
                    refuse(gathered, &ProposeError::NoRoom(why));
                    continue;
                }
                (Some(leader), None) if leader == self.node_id => self.propose(gathered).await,
                (Some(leader), _) => self.pass_on(leader, gathered),
                (None, _) => {
                    refuse(gathered, &ProposeError::NotProposed("there is no leader".into()));
                    continue;
                }
            };
            let (pace, proposed) = (Arc::clone(&self.queue.pace), began.elapsed());
            drop(Runtime::spawn(async move {
                let done = waiting.finish().await;
                if done && alone {
                    pace.finished_alone(began.elapsed().saturating_sub(proposed));
                }
                drop(permit);
            }));
        }
    }

    /// What waits, up to the size of an entry, and its bytes.
    async fn gather(&mut self) -> Option<(Vec<Submission>, usize)> {
        let first = self.receiver.recv().await?;
        let mut bytes = first.share.bytes;
        let mut gathered = vec![first];
        while bytes < ENTRY_BYTES_TARGET
            && let Ok(next) = self.receiver.try_recv()
        {
            bytes += next.share.bytes;
            gathered.push(next);
        }
        Some((gathered, bytes))
    }

    /// Queues the entry at once, so that entries keep the order of the queue; the answer comes later.
    async fn propose(&self, gathered: Vec<Submission>) -> Waiting {
        let proposals: Vec<Bytes> =
            gathered.iter().flat_map(|submission| submission.proposals.iter().cloned()).collect();
        let batch = Batch::new((self.clock)(), &proposals);
        let (responder, answered) = ProgressResponder::<Types, _>::complete_only();
        let queued = self.raft.client_write_ff(batch, Some(responder)).await;
        let outcome = async move {
            if let Err(error) = queued {
                return Err(ProposeError::NotProposed(error.to_string()));
            }
            match answered.await {
                Ok(Ok(response)) => Ok(response.data),
                Ok(Err(ClientWriteError::ForwardToLeader(error))) => {
                    Err(ProposeError::NotProposed(error.to_string()))
                }
                Ok(Err(error)) => Err(ProposeError::OutcomeUnknown(error.to_string())),
                Err(_) => Err(ProposeError::OutcomeUnknown("this node stopped".into())),
            }
        };
        Waiting { gathered, outcome: Box::pin(outcome) }
    }

    fn pass_on(&mut self, leader: u64, gathered: Vec<Submission>) -> Waiting {
        let (own, foreign): (Vec<_>, Vec<_>) =
            gathered.into_iter().partition(|submission| submission.origin == Origin::Caller);
        refuse(foreign, &ProposeError::NotProposed("this node does not lead".into()));
        let members = self.raft.metrics().borrow_watched().membership_config.clone();
        let address = members.membership().get_node(&leader).map(|member| member.peer_address.clone());
        let proposals = own.iter().flat_map(|submission| submission.proposals.iter().cloned()).collect();
        let answered = address.map(|address| self.forwarder.send(leader, &address, proposals));
        let outcome = async move {
            match answered {
                None => Err(ProposeError::NotProposed(format!("leader {leader} is not a member"))),
                Some(answered) => answered.await.unwrap_or_else(|_| {
                    Err(ProposeError::OutcomeUnknown("the connection to the leader broke".into()))
                }),
            }
        };
        Waiting { gathered: own, outcome: Box::pin(outcome) }
    }
}

/// Submissions that wait for the outcome of their entry.
struct Waiting {
    gathered: Vec<Submission>,
    outcome: futures::future::BoxFuture<'static, Outcome>,
}

impl Waiting {
    /// Whether it was carried out.
    async fn finish(self) -> bool {
        if self.gathered.is_empty() {
            return false;
        }
        match self.outcome.await {
            Err(error) => {
                refuse(self.gathered, &error);
                false
            }
            Ok(mut applied) => {
                for submission in self.gathered {
                    let rest = applied.split_off(submission.proposals.len().min(applied.len()));
                    let complete = applied.len() == submission.proposals.len();
                    let outcome = if complete {
                        Ok(applied)
                    } else {
                        Err(ProposeError::OutcomeUnknown("an entry with fewer answers than commands".into()))
                    };
                    drop(submission.answer.send(outcome));
                    applied = rest;
                }
                true
            }
        }
    }
}

fn refuse(gathered: Vec<Submission>, error: &ProposeError) {
    for submission in gathered {
        drop(submission.answer.send(Err(error.clone())));
    }
}
