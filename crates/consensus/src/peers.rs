//! Requests of other nodes, answered.

use crate::applier::Progress;
use crate::auditor;
use crate::connection::Dialer;
use crate::error::ProposeError;
use crate::frame::{self, Hello, Rejection, Request, Response, Welcome};
use crate::gather::{Origin, Queue};
use crate::historian;
use crate::raft::{Raft, Runtime, SnapshotMeta, Vote};
use crate::stored::{Mark, open_entry};
use crate::transport::{Listener, Stream};
use openraft::AsyncRuntime;
use openraft::ReadPolicy;
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, TransferLeaderError, TransferLeaderRequest, VoteRequest,
};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::WriteHalf;
use tokio::sync::{Mutex, watch};
use tokio_util::sync::CancellationToken;
use zonebook_ledger::behaviour::BEHAVIOUR_MAX;
use zonebook_ledger::outcome::Revision;
use zonebook_store::archive::{Archive, Range};
use zonebook_store::log::Log;
use zonebook_store::snapshot::{Frame as SnapshotFrame, SnapshotReceiver};
use zonebook_store::state::StateStore;

/// What is needed to answer.
#[derive(Clone)]
pub struct Peers {
    pub raft: Raft,
    pub dialer: Dialer,
    pub queue: Queue,
    pub receiving: Option<PathBuf>,
    pub state: Arc<dyn StateStore>,
    pub progress: watch::Receiver<Progress>,
    pub archive: Arc<dyn Archive>,
    pub archive_entries: u64,
    pub records: Arc<dyn Log>,
    /// Ends every connection when the node stops.
    pub stopping: CancellationToken,
}

type Writer = Arc<Mutex<WriteHalf<Box<dyn Stream>>>>;

/// A snapshot on its way in.
struct Incoming {
    vote: Vote,
    receiver: SnapshotReceiver,
}

static INCOMING_NUMBER: AtomicU64 = AtomicU64::new(0);

impl Peers {
    /// Takes connections until the listener fails.
    pub async fn listen(self, mut listener: Box<dyn Listener>) {
        loop {
            match listener.accept().await {
                Ok(stream) => {
                    let peers = self.clone();
                    drop(Runtime::spawn(async move {
                        let stopping = peers.stopping.clone();
                        if let Some(Err(error)) = stopping.run_until_cancelled(peers.serve(stream)).await
                            && error.kind() != io::ErrorKind::UnexpectedEof
                        {
                            tracing::debug!(%error, "connection of a peer ended");
                        }
                    }));
                }
                Err(error) => {
                    tracing::warn!(%error, "a peer could not connect");
                    Runtime::sleep(std::time::Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn serve(self, mut stream: Box<dyn Stream>) -> io::Result<()> {
        let (tag, hello): (u64, Hello) = frame::read(&mut *stream).await?;
        let welcome = self.check(&hello);
        frame::write(&mut *stream, tag, &welcome).await?;
        if let Err(reason) = welcome {
            tracing::debug!(from = hello.from, ?reason, "a connection is refused");
            return Ok(());
        }
        let (mut reader, writer) = tokio::io::split(stream);
        let writer: Writer = Arc::new(Mutex::new(writer));
        let mut incoming = None;
        loop {
            let (tag, request): (u64, Request) = frame::read(&mut reader).await?;
            match request {
                Request::Forward(proposals) => {
                    // Queued here, in the order of arrival; only the waiting is elsewhere.
                    let answered = self.queue.submit(proposals, Origin::Peer);
                    let writer = Arc::clone(&writer);
                    drop(Runtime::spawn(async move {
                        let response = match answered {
                            Ok(answered) => response_of(answered.await.unwrap_or_else(|_| Err(gone()))),
                            Err(error) => response_of(Err(error)),
                        };
                        drop(frame::write(&mut *writer.lock().await, tag, &response).await);
                    }));
                }
                Request::Unrecognised(as_what) => {
                    self.dialer.is_unrecognised_by(hello.from, as_what);
                    return Ok(());
                }
                Request::Reached(index) => {
                    self.dialer.acquaintance.saw(hello.from, index)?;
                    frame::write(&mut *writer.lock().await, tag, &Response::Noted).await?;
                }
                other => {
                    let response = self.answer(other, &mut incoming).await;
                    frame::write(&mut *writer.lock().await, tag, &response).await?;
                }
            }
        }
    }

    fn check(&self, hello: &Hello) -> Welcome {
        let not_meant = |reason| Err(Rejection::NotMeant(reason));
        if hello.cluster_id != self.dialer.cluster_id {
            return not_meant(format!(
                "this is cluster {}, not {}",
                self.dialer.cluster_id, hello.cluster_id
            ));
        }
        if hello.to != self.dialer.node_id {
            return not_meant(format!("this is node {}, not {}", self.dialer.node_id, hello.to));
        }
        self.dialer.recognise(hello.from, hello.life)?;
        Ok(self.dialer.life)
    }

    async fn answer(&self, request: Request, incoming: &mut Option<Incoming>) -> Response {
        let answered = match request {
            Request::Append { vote, previous, committed, entries } => {
                self.append(vote.into(), previous, committed, &entries).await
            }
            Request::Vote { vote, last, transfer } => self.vote(vote.into(), last, transfer, false).await,
            Request::PreVote { vote, last, transfer } => self.vote(vote.into(), last, transfer, true).await,
            Request::TransferLeader { from, to, last } => self.transfer(from.into(), to, last).await,
            Request::Snapshot { vote } => self.begin_snapshot(vote.into(), incoming),
            Request::SnapshotFrame(next) => self.snapshot_frame(next, incoming).await,
            Request::ReadIndex => self.read_index().await,
            Request::Digest(revision) => Ok(Response::Digest(self.digest(Revision(revision)).await)),
            Request::Segment { first, last, offset } => self.segment(Range { first, last }, offset).await,
            Request::BehaviourMax => Ok(Response::BehaviourMax(BEHAVIOUR_MAX)),
            Request::Forward(_) | Request::Unrecognised(_) | Request::Reached(_) => {
                Err("handled before".into())
            }
        };
        answered.unwrap_or_else(Response::Refused)
    }

    async fn append(
        &self,
        vote: Vote,
        previous: Option<Mark>,
        committed: Option<Mark>,
        entries: &[bytes::Bytes],
    ) -> Result<Response, String> {
        let entries: io::Result<Vec<_>> = entries.iter().map(open_entry).collect();
        let request = AppendEntriesRequest {
            vote,
            prev_log_id: previous.map(Into::into),
            entries: entries.map_err(|error| error.to_string())?,
            leader_commit: committed.map(Into::into),
        };
        let response = self.raft.append_entries(request).await.map_err(|error| error.to_string())?;
        Ok(match response {
            AppendEntriesResponse::Success => Response::AppendSuccess,
            AppendEntriesResponse::PartialSuccess(id) => Response::AppendPartial(id.map(Into::into)),
            AppendEntriesResponse::Conflict => Response::AppendConflict,
            AppendEntriesResponse::HigherVote(vote) => Response::AppendHigherVote(vote.into()),
        })
    }

    async fn vote(
        &self,
        vote: Vote,
        last: Option<Mark>,
        transfer: bool,
        only_asked: bool,
    ) -> Result<Response, String> {
        let mut request = VoteRequest::new(vote, last.map(Into::into));
        request.leadership_transfer = transfer;
        let answered =
            if only_asked { self.raft.pre_vote(request).await } else { self.raft.vote(request).await };
        let voted = answered.map_err(|error| error.to_string())?;
        Ok(Response::Voted {
            vote: voted.vote.into(),
            granted: voted.vote_granted,
            last: voted.last_log_id.map(Into::into),
        })
    }

    async fn transfer(&self, from: Vote, to: u64, last: Option<Mark>) -> Result<Response, String> {
        let request = TransferLeaderRequest::new(from, to, last.map(Into::into));
        let answered = self.raft.handle_transfer_leader(request).await.map_err(|error| error.to_string())?;
        Ok(match answered {
            Ok(()) => Response::LeaderTransferred,
            Err(TransferLeaderError::VoteChanged { expected, actual }) => {
                Response::LeaderTransferVoteChanged { expected: expected.into(), actual: actual.into() }
            }
            Err(TransferLeaderError::LogNotFlushed { expected, actual }) => {
                Response::LeaderTransferNotFlushed {
                    expected: expected.map(Into::into),
                    actual: actual.map(Into::into),
                }
            }
        })
    }

    fn begin_snapshot(&self, vote: Vote, incoming: &mut Option<Incoming>) -> Result<Response, String> {
        let receiver = match &self.receiving {
            None => SnapshotReceiver::in_memory(),
            Some(folder) => {
                let number = INCOMING_NUMBER.fetch_add(1, Ordering::Relaxed);
                let folder = folder.join(format!("unfinished-incoming-{number}"));
                SnapshotReceiver::new(&folder).map_err(|error| error.to_string())?
            }
        };
        *incoming = Some(Incoming { vote, receiver });
        Ok(Response::SnapshotTaken)
    }

    async fn snapshot_frame(
        &self,
        next: SnapshotFrame,
        incoming: &mut Option<Incoming>,
    ) -> Result<Response, String> {
        let current = incoming.as_mut().ok_or("a frame of no snapshot")?;
        if !current.receiver.accept(next).map_err(|error| error.to_string())? {
            return Ok(Response::SnapshotTaken);
        }
        let Incoming { vote, receiver } = incoming.take().ok_or("a frame of no snapshot")?;
        let snapshot = receiver.finish().map_err(|error| error.to_string())?;
        let meta: SnapshotMeta = crate::applier::open_mark(&snapshot.mark)
            .map_err(|error| error.to_string())?
            .snapshot_meta()
            .map_err(|error| error.to_string())?;
        let answered = self.raft.install_full_snapshot(vote, crate::raft::Snapshot { meta, snapshot }).await;
        let vote = answered.map_err(|error| error.to_string())?.vote;
        Ok(Response::SnapshotInstalled { vote: vote.into() })
    }

    async fn digest(&self, revision: Revision) -> Option<[u8; 32]> {
        let mut progress = self.progress.clone();
        let reached = progress.wait_for(|progress| progress.revision >= revision);
        Runtime::timeout(auditor::PATIENCE, reached).await.ok()?.ok()?;
        auditor::digest_at(&*self.state, revision)
    }

    async fn segment(&self, range: Range, offset: u64) -> Result<Response, String> {
        let entries = self.archive_entries;
        if !range.first.is_multiple_of(entries) || range.first.checked_add(entries - 1) != Some(range.last) {
            return Err(format!(
                "segments have {entries} entries here: archive_entries must be the same everywhere"
            ));
        }
        let (kept, log, applied) =
            (Arc::clone(&self.archive), Arc::clone(&self.records), self.progress.borrow().index);
        let reading =
            tokio::task::spawn_blocking(move || historian::piece(&*kept, &*log, applied, range, offset));
        reading.await.map_err(|error| error.to_string())?
    }

    async fn read_index(&self) -> Result<Response, String> {
        let read = self.raft.get_read_log_id(ReadPolicy::ReadIndex).await;
        read.map(|(read, _)| Response::ReadIndex(read.index())).map_err(|error| error.to_string())
    }
}

fn gone() -> ProposeError {
    ProposeError::OutcomeUnknown("the leader stopped".into())
}

fn response_of(outcome: Result<Vec<zonebook_ledger::outcome::Applied>, ProposeError>) -> Response {
    match outcome {
        Ok(applied) => Response::Applied(applied),
        Err(ProposeError::NotProposed(why)) => Response::NotProposed(why),
        Err(ProposeError::NoRoom(why)) => Response::NoRoom(why),
        Err(ProposeError::OutcomeUnknown(why)) => Response::OutcomeUnknown(why),
        Err(ProposeError::Overloaded { again_after }) => {
            Response::Overloaded(u64::try_from(again_after.as_millis()).unwrap_or(u64::MAX))
        }
        Err(error @ ProposeError::TooLarge { .. }) => Response::NotProposed(error.to_string()),
    }
}
