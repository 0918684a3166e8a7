//! `cluster`: members, leadership, snapshots, the behaviour in force.

use super::show_outcome;
use crate::arguments::{Cluster, Online};
use crate::failure::Failure;
use crate::json;
use crate::output::{self, Column, Format};
use std::time::Duration;
use zonebook_api::v1;
use zonebook_client::{Client, Options};

const STATUS: &[Column<'static>] = &[
    Column("node", "/node_id"),
    Column("role", "/role"),
    Column("leader", "/leader_id"),
    Column("term", "/term"),
    Column("revision", "/revision"),
    Column("applied", "/applied_index"),
    Column("last", "/last_index"),
    Column("snapshot", "/snapshot_index"),
    Column("purged", "/purged_index"),
    Column("ledger_time", "/ledger_time"),
    Column("migration", "/in_migration"),
    Column("digest", "/digest"),
    Column("behaviour", "/behaviour"),
    Column("version", "/version"),
];

/// What each member says of itself; members that do not answer are named.
pub async fn statuses(client: &Client) -> Result<(Vec<v1::GetStatusResponse>, Vec<String>), Failure> {
    let first = client.find_leader().await?;
    let (mut found, mut silent) = (Vec::new(), Vec::new());
    for member in &first.members {
        // The one that was asked has answered, also where it is reached in another way than the others know.
        if member.node_id == first.node_id {
            found.push(first.clone());
            continue;
        }
        let patience = Duration::from_secs(3);
        let options = Options { deadline: patience, attempt: patience, ..Options::default() };
        let one = Client::new([member.api_address.clone()], options);
        match one.get_status(v1::GetStatusRequest {}).await {
            Ok(status) => found.push(status),
            Err(error) => silent.push(format!("node {} at {}: {error}", member.node_id, member.api_address)),
        }
    }
    Ok((found, silent))
}

/// What a node says of itself, and what it does in the cluster as it knows.
fn with_role(status: &v1::GetStatusResponse) -> Result<serde_json::Value, Failure> {
    let mut row = json::value("GetStatusResponse", status)?;
    let own = status.members.iter().find(|member| member.node_id == status.node_id);
    let role = match own.map(v1::Member::role) {
        Some(v1::MemberRole::Voter) if status.leader_id == status.node_id => "LEADER",
        Some(v1::MemberRole::Voter) => "VOTER",
        Some(v1::MemberRole::Learner) => "LEARNER",
        Some(v1::MemberRole::Unspecified) | None => "",
    };
    if let Some(fields) = row.as_object_mut() {
        fields.insert("role".into(), role.into());
    }
    Ok(row)
}

pub async fn run(online: &Online, command: Cluster) -> Result<(), Failure> {
    let client = online.client();
    let said = match command {
        Cluster::Status => {
            let (found, silent) = statuses(&client).await?;
            for line in silent {
                eprintln!("{line}");
            }
            let rows: Result<Vec<_>, _> = found.iter().map(with_role).collect();
            return output::rows(online.output, STATUS, &rows?);
        }
        Cluster::Snapshot => {
            client.trigger_snapshot(v1::TriggerSnapshotRequest {}).await?;
            "a snapshot is being taken".to_owned()
        }
        Cluster::Add { node_id, peer, api, promote } => {
            client.find_leader().await?;
            let (peer_address, api_address) = (peer.to_string(), api.to_string());
            client.add_learner(v1::AddLearnerRequest { node_id, peer_address, api_address }).await?;
            if promote {
                client.promote_learner(v1::PromoteLearnerRequest { node_id }).await?;
                format!("node {node_id} has caught up and votes")
            } else {
                format!("node {node_id} has caught up and listens; `zonebook cluster promote` lets it vote")
            }
        }
        Cluster::Promote { node_id } => {
            client.find_leader().await?;
            client.promote_learner(v1::PromoteLearnerRequest { node_id }).await?;
            format!("node {node_id} votes")
        }
        Cluster::RaiseBehaviour { behaviour, change } => {
            client.find_leader().await?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::RaiseBehaviourRequest { request_id, validate_only, behaviour };
            return show_outcome(online, client.raise_behaviour(request).await?.outcome);
        }
        Cluster::Remove { node_id, even_without_quorum } => {
            client.find_leader().await?;
            client.remove_member(v1::RemoveMemberRequest { node_id, even_without_quorum }).await?;
            format!("node {node_id} is no member any more; its number must not be used again")
        }
        Cluster::Transfer { node_id } => {
            client.find_leader().await?;
            let transferred = client.transfer_leadership(v1::TransferLeadershipRequest { node_id }).await?;
            format!("node {} leads", transferred.leader_id)
        }
    };
    if online.output == Format::Table && !online.quiet {
        eprintln!("{said}");
    }
    Ok(())
}
