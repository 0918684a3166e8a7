//! openraft's view of the network: its requests become frames of ours.

use crate::connection::{Connection, Dialer};
use crate::frame::{Request, Response};
use crate::member::Member;
use crate::raft::{Snapshot, Types, Vote};
use crate::stored::{Mark, seal_entry};
use openraft::errors::{RPCError, ReplicationClosed, StreamingError, Unreachable};
use openraft::network::RPCOption;
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, TransferLeaderError,
    TransferLeaderRequest, TransferLeaderResponse, VoteRequest, VoteResponse,
};
use openraft::{OptionalSend, RaftNetworkFactory, RaftNetworkV2};
use std::future::Future;
use std::io;
use std::time::Duration;
use zonebook_store::snapshot::SnapshotReader;
use zonebook_store::state::Snapshot as StoredSnapshot;

/// How long the other node may take for one frame of a snapshot; the last one installs it.
const SNAPSHOT_FRAME_DEADLINE: Duration = Duration::from_secs(60);
const INSTALL_DEADLINE: Duration = Duration::from_secs(600);

/// Makes connections for openraft.
pub struct Network(pub Dialer);

impl RaftNetworkFactory<Types> for Network {
    type Network = Peer;

    async fn new_client(&mut self, target: u64, member: &Member) -> Peer {
        Peer(Connection::new(self.0.clone(), target, member.peer_address.clone()))
    }
}

/// Another node.
pub struct Peer(Connection);

type Rpc<T> = Result<T, RPCError<Types>>;

fn unreachable(error: &io::Error) -> RPCError<Types> {
    RPCError::Unreachable(Unreachable::new(error))
}

fn unexpected(response: &Response) -> io::Error {
    io::Error::other(format!("unexpected answer {response:?}"))
}

impl Peer {
    async fn ask(&mut self, request: Request, option: &RPCOption) -> Rpc<Response> {
        self.0.call(&request, option.soft_ttl()).await.map_err(|error| unreachable(&error))
    }

    async fn ask_vote(&mut self, request: Request, option: &RPCOption) -> Rpc<VoteResponse<Types>> {
        match self.ask(request, option).await? {
            Response::Voted { vote, granted, last } => Ok(VoteResponse {
                vote: vote.into(),
                vote_granted: granted,
                last_log_id: last.map(Into::into),
            }),
            other => Err(unreachable(&unexpected(&other))),
        }
    }

    async fn send_snapshot(&mut self, vote: Vote, snapshot: &StoredSnapshot) -> io::Result<Vote> {
        self.0.call(&Request::Snapshot { vote: vote.into() }, SNAPSHOT_FRAME_DEADLINE).await?;
        for frame in SnapshotReader::open(snapshot)? {
            let request = Request::SnapshotFrame(frame?);
            let deadline = match &request {
                Request::SnapshotFrame(zonebook_store::snapshot::Frame::End) => INSTALL_DEADLINE,
                _ => SNAPSHOT_FRAME_DEADLINE,
            };
            match self.0.call(&request, deadline).await? {
                Response::SnapshotTaken => {}
                Response::SnapshotInstalled { vote } => return Ok(vote.into()),
                other => return Err(unexpected(&other)),
            }
        }
        Err(io::Error::other("the other node did not install the snapshot"))
    }
}

impl RaftNetworkV2<Types> for Peer {
    type SnapshotData = StoredSnapshot;

    async fn append_entries(
        &mut self,
        request: AppendEntriesRequest<Types>,
        option: RPCOption,
    ) -> Rpc<AppendEntriesResponse<Types>> {
        let entries = request.entries.iter().map(seal_entry).collect::<io::Result<_>>();
        let request = Request::Append {
            vote: request.vote.into(),
            previous: request.prev_log_id.map(Into::into),
            committed: request.leader_commit.map(Into::into),
            entries: entries.map_err(|error| unreachable(&error))?,
        };
        match self.ask(request, &option).await? {
            Response::AppendSuccess => Ok(AppendEntriesResponse::Success),
            Response::AppendPartial(mark) => Ok(AppendEntriesResponse::PartialSuccess(mark.map(Into::into))),
            Response::AppendConflict => Ok(AppendEntriesResponse::Conflict),
            Response::AppendHigherVote(vote) => Ok(AppendEntriesResponse::HigherVote(vote.into())),
            other => Err(unreachable(&unexpected(&other))),
        }
    }

    async fn vote(&mut self, request: VoteRequest<Types>, option: RPCOption) -> Rpc<VoteResponse<Types>> {
        let (vote, last) = (request.vote.into(), request.last_log_id.map(Mark::from));
        self.ask_vote(Request::Vote { vote, last, transfer: request.leadership_transfer }, &option).await
    }

    async fn pre_vote(&mut self, request: VoteRequest<Types>, option: RPCOption) -> Rpc<VoteResponse<Types>> {
        let (vote, last) = (request.vote.into(), request.last_log_id.map(Mark::from));
        self.ask_vote(Request::PreVote { vote, last, transfer: request.leadership_transfer }, &option).await
    }

    async fn full_snapshot(
        &mut self,
        vote: Vote,
        snapshot: Snapshot,
        cancel: impl Future<Output = ReplicationClosed> + OptionalSend + 'static,
        _option: RPCOption,
    ) -> Result<SnapshotResponse<Types>, StreamingError<Types>> {
        let sending = self.send_snapshot(vote, &snapshot.snapshot);
        let cancel = std::pin::pin!(cancel);
        match futures::future::select(std::pin::pin!(sending), cancel).await {
            futures::future::Either::Left((sent, _)) => sent
                .map(SnapshotResponse::new)
                .map_err(|error| StreamingError::Unreachable(Unreachable::new(&error))),
            futures::future::Either::Right((closed, _)) => Err(StreamingError::Closed(closed)),
        }
    }

    async fn transfer_leader(
        &mut self,
        request: TransferLeaderRequest<Types>,
        option: RPCOption,
    ) -> Rpc<TransferLeaderResponse<Types>> {
        let request = Request::TransferLeader {
            from: (*request.from_leader()).into(),
            to: *request.to_node_id(),
            last: request.last_log_id().map(|id| Mark::from(*id)),
        };
        match self.ask(request, &option).await? {
            Response::LeaderTransferred => Ok(Ok(())),
            Response::LeaderTransferVoteChanged { expected, actual } => {
                Ok(Err(TransferLeaderError::VoteChanged { expected: expected.into(), actual: actual.into() }))
            }
            Response::LeaderTransferNotFlushed { expected, actual } => {
                let (expected, actual) = (expected.map(Into::into), actual.map(Into::into));
                Ok(Err(TransferLeaderError::LogNotFlushed { expected, actual }))
            }
            other => Err(unreachable(&unexpected(&other))),
        }
    }
}
