//! `cluster`: members, leadership, snapshots.

use crate::arguments::{Cluster, Online};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use std::time::Duration;
use zonebook_api::v1;
use zonebook_client::{Client, Options};

const STATUS: &[Column<'static>] = &[
    Column("node", "/node_id"),
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
    Column("version", "/version"),
];

/// What each member says of itself; members that do not answer are named.
pub async fn statuses(client: &Client) -> Result<(Vec<v1::GetStatusResponse>, Vec<String>), Failure> {
    let first = client.find_leader().await?;
    let (mut found, mut silent) = (Vec::new(), Vec::new());
    for member in &first.members {
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

pub async fn run(online: &Online, command: Cluster) -> Result<(), Failure> {
    let client = online.client();
    let said = match command {
        Cluster::Status => {
            let (found, silent) = statuses(&client).await?;
            for line in silent {
                eprintln!("{line}");
            }
            return output::many(online.output, STATUS, "GetStatusResponse", &found);
        }
        Cluster::Snapshot => {
            client.trigger_snapshot(v1::TriggerSnapshotRequest {}).await?;
            "a snapshot is being taken".to_owned()
        }
        Cluster::AddLearner { node_id, peer_address, api_address } => {
            client.find_leader().await?;
            client.add_learner(v1::AddLearnerRequest { node_id, peer_address, api_address }).await?;
            format!("node {node_id} has caught up and listens")
        }
        Cluster::Promote { node_id } => {
            client.find_leader().await?;
            client.promote_learner(v1::PromoteLearnerRequest { node_id }).await?;
            format!("node {node_id} votes")
        }
        Cluster::Remove { node_id } => {
            client.find_leader().await?;
            client.remove_member(v1::RemoveMemberRequest { node_id }).await?;
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
