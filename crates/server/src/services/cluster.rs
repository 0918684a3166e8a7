//! The cluster itself.

use crate::gateway::Gateway;
use futures::stream::{BoxStream, unfold};
use tokio::sync::mpsc;
use tonic::{Request, Response, Status};
use zonebook_api::field::FieldError;
use zonebook_api::v1::cluster_service_server::ClusterService;
use zonebook_api::{status, v1, value};
use zonebook_consensus::{BackupError, BackupOrder, Member, Role};
use zonebook_ledger::behaviour::BEHAVIOUR_MAX;
use zonebook_ledger::command::Command;
use zonebook_ledger::query;
use zonebook_store::backup::{Source, each_piece};

/// `ClusterService`.
pub struct Cluster(pub Gateway);

impl Cluster {
    fn revision(&self) -> u64 {
        self.0.node.status().revision.0
    }

    /// Refuses to take a member away where too few of the voters that stay answer.
    fn keeps_quorum_without(&self, node: u64) -> Result<(), Status> {
        let known = self.0.node.status();
        let (voters, answering) = known.voters_without(node);
        let voted = known.members.iter().any(|(id, _, role)| *id == node && *role == Role::Voter);
        if !known.leads() || !voted || answering.len() * 2 > voters.len() {
            return Ok(());
        }
        let why = format!(
            "without node {node} the voters are {voters:?}, of which only {answering:?} answer: the cluster could \
             decide nothing; bring the others back first, or remove one that does not answer"
        );
        let zh = format!("移除节点 {node} 后，表决节点 {voters:?} 中仅 {answering:?} 应答，集群将无法决议。");
        Err(status::not_now("QUORUM_AT_RISK", &why, &zh))
    }

    fn status_of(&self, error: &zonebook_consensus::ProposeError) -> Status {
        self.0.propose_status(error)
    }
}

#[tonic::async_trait]
impl ClusterService for Cluster {
    async fn get_status(
        &self,
        _request: Request<v1::GetStatusRequest>,
    ) -> Result<Response<v1::GetStatusResponse>, Status> {
        let known = self.0.node.status();
        let stale = v1::Consistency { kind: Some(v1::consistency::Kind::Stale(true)) };
        let head = self.0.read(Some(&stale), |view| query::head(view)).await?;
        let matched =
            |id: u64| known.matched.iter().find(|(member, _)| *member == id).map_or(0, |(_, at)| *at);
        let members = known.members.iter().map(|(id, member, role)| v1::Member {
            node_id: *id,
            peer_address: member.peer_address.clone(),
            api_address: member.api_address.clone(),
            role: match role {
                Role::Voter => v1::MemberRole::Voter.into(),
                Role::Learner => v1::MemberRole::Learner.into(),
            },
            matched_index: matched(*id),
        });
        let mut response = v1::GetStatusResponse {
            node_id: known.node_id,
            leader_id: known.leader.unwrap_or(0),
            term: known.term,
            members: members.collect(),
            last_index: known.last_index,
            applied_index: known.applied_index,
            snapshot_index: known.snapshot_index,
            purged_index: known.purged_index,
            version: env!("CARGO_PKG_VERSION").into(),
            behaviour_max: BEHAVIOUR_MAX,
            ..v1::GetStatusResponse::default()
        };
        if let Some(head) = head {
            response.revision = head.revision.0;
            response.cluster_id = head.cluster_id.to_string();
            response.digest = value::digits(&head.digest);
            response.ledger_time = Some(value::timestamp(head.ledger_time));
            response.in_migration = head.in_migration;
            response.behaviour = head.behaviour;
        }
        Ok(Response::new(response))
    }

    async fn add_learner(
        &self,
        request: Request<v1::AddLearnerRequest>,
    ) -> Result<Response<v1::AddLearnerResponse>, Status> {
        let request = request.into_inner();
        for (field, address) in
            [("peer_address", &request.peer_address), ("api_address", &request.api_address)]
        {
            address
                .parse::<std::net::SocketAddr>()
                .map_err(|error| status::invalid(&FieldError::new(field, address, error)))?;
        }
        if request.node_id == 0 {
            return Err(status::invalid(&FieldError::new("node_id", 0, "numbers begin at 1")));
        }
        let member = Member { peer_address: request.peer_address, api_address: request.api_address };
        let added = self.0.node.add_learner(request.node_id, member).await;
        added.map_err(|error| self.status_of(&error))?;
        Ok(Response::new(v1::AddLearnerResponse { revision: self.revision() }))
    }

    async fn promote_learner(
        &self,
        request: Request<v1::PromoteLearnerRequest>,
    ) -> Result<Response<v1::PromoteLearnerResponse>, Status> {
        let promoted = self.0.node.promote(request.get_ref().node_id).await;
        promoted.map_err(|error| self.status_of(&error))?;
        Ok(Response::new(v1::PromoteLearnerResponse { revision: self.revision() }))
    }

    async fn remove_member(
        &self,
        request: Request<v1::RemoveMemberRequest>,
    ) -> Result<Response<v1::RemoveMemberResponse>, Status> {
        let v1::RemoveMemberRequest { node_id, even_without_quorum } = request.into_inner();
        if !even_without_quorum {
            self.keeps_quorum_without(node_id)?;
        }
        let removed = self.0.node.remove(node_id).await;
        removed.map_err(|error| self.status_of(&error))?;
        Ok(Response::new(v1::RemoveMemberResponse { revision: self.revision() }))
    }

    async fn transfer_leadership(
        &self,
        request: Request<v1::TransferLeadershipRequest>,
    ) -> Result<Response<v1::TransferLeadershipResponse>, Status> {
        let transferred = self.0.node.transfer_leader(request.get_ref().node_id).await;
        let leader_id = transferred.map_err(|error| self.status_of(&error))?;
        Ok(Response::new(v1::TransferLeadershipResponse { revision: self.revision(), leader_id }))
    }

    async fn trigger_snapshot(
        &self,
        _request: Request<v1::TriggerSnapshotRequest>,
    ) -> Result<Response<v1::TriggerSnapshotResponse>, Status> {
        self.0.node.trigger_snapshot().await.map_err(|error| self.status_of(&error))?;
        Ok(Response::new(v1::TriggerSnapshotResponse { revision: self.revision() }))
    }

    type BackupStream = BoxStream<'static, Result<v1::BackupResponse, Status>>;

    async fn backup(
        &self,
        request: Request<v1::BackupRequest>,
    ) -> Result<Response<Self::BackupStream>, Status> {
        let v1::BackupRequest { next_index, incremental } = request.into_inner();
        let program = env!("CARGO_PKG_VERSION").into();
        let order = BackupOrder { next: next_index, incremental, program };
        let source = self.0.node.backup(order).await.map_err(|error| match error {
            BackupError::Refused(why) => status::not_now("NO_BACKUP", &why, &format!("无法备份：{why}")),
            other => status::fault(&other.to_string()),
        })?;
        let (sender, receiver) = mpsc::channel(PARTS_WAITING_MAX);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = send_parts(&source, &sender) {
                drop(sender.blocking_send(Err(status::fault(&error.to_string()))));
            }
        });
        let parts = unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
        Ok(Response::new(Box::pin(parts)))
    }

    async fn raise_behaviour(
        &self,
        request: Request<v1::RaiseBehaviourRequest>,
    ) -> Result<Response<v1::RaiseBehaviourResponse>, Status> {
        let request = request.get_ref();
        self.0.node.know_behaviour(request.behaviour).await.map_err(|why| {
            status::not_now("MEMBER_TOO_OLD", &why, &format!("有成员未应答或版本过旧：{why}"))
        })?;
        let command = Ok(Command::RaiseBehaviour(request.behaviour));
        let raised = self.0.command(&request.request_id, request.validate_only, command).await;
        raised.map(|(revision, outcome)| Response::new(v1::RaiseBehaviourResponse { revision, outcome }))
    }
}

/// Parts of a backup that wait to be sent: about so many MiB.
const PARTS_WAITING_MAX: usize = 8;

fn send_parts(
    source: &Source,
    sender: &mpsc::Sender<Result<v1::BackupResponse, Status>>,
) -> std::io::Result<()> {
    use v1::backup_response::Part;
    let send = |part| {
        let response = v1::BackupResponse { revision: source.manifest.revision, part: Some(part) };
        sender.blocking_send(Ok(response)).map_err(std::io::Error::other)
    };
    for (listed, path) in &source.files {
        let (name, sha256) = (listed.name.clone(), listed.sha256.clone());
        send(Part::File(v1::BackupFile { name, bytes: listed.bytes, sha256 }))?;
        each_piece(path, |bytes, crc32c| send(Part::Piece(v1::BackupPiece { bytes, crc32c })))?;
    }
    send(Part::Manifest(source.manifest.seal()?))
}
