//! The cluster itself.

use crate::gateway::Gateway;
use tonic::{Request, Response, Status};
use zonebook_api::field::FieldError;
use zonebook_api::v1::cluster_service_server::ClusterService;
use zonebook_api::{status, v1, value};
use zonebook_consensus::{Member, Role};
use zonebook_ledger::query;

/// `ClusterService`.
pub struct Cluster(pub Gateway);

impl Cluster {
    fn revision(&self) -> u64 {
        self.0.node.status().revision.0
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
        let removed = self.0.node.remove(request.get_ref().node_id).await;
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
}
