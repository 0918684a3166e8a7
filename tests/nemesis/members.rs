//! Members come and go, as an operator has it done: asked for again until it is so.

use crate::nemesis::cluster::Cluster;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};
use zonebook_api::v1;
use zonebook_api::v1::MemberRole;
use zonebook_client::Client;

/// How long a change of members may take with nothing else broken.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long one call to the leader may take.
const CALL: Duration = Duration::from_secs(30);

/// What a node is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Learner,
    Voter,
    Gone,
}

fn standing(status: &v1::GetStatusResponse, node: u64) -> Standing {
    let member = status.members.iter().find(|member| member.node_id == node);
    match member.map(v1::Member::role) {
        None => Standing::Gone,
        Some(MemberRole::Voter) => Standing::Voter,
        Some(_) => Standing::Learner,
    }
}

impl Cluster {
    /// Starts an empty node and makes it a voter; its number.
    ///
    /// # Errors
    /// It is none in time.
    pub async fn join(&mut self) -> Result<u64> {
        let node = self.new_node().await?;
        self.make(node, Standing::Learner).await?;
        self.make(node, Standing::Voter).await?;
        Ok(node)
    }

    /// Takes a node out of the cluster, and then its process and its data for good.
    ///
    /// # Errors
    /// It is still a member after a long time.
    pub async fn dismiss(&mut self, node: u64) -> Result<()> {
        self.expel(node).await?;
        self.retire(node).await
    }

    /// Takes a node out of the cluster.
    ///
    /// # Errors
    /// As [`Cluster::dismiss`].
    pub async fn expel(&mut self, node: u64) -> Result<()> {
        self.make(node, Standing::Gone).await
    }

    async fn make(&mut self, node: u64, wanted: Standing) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut last = String::new();
        while Instant::now() < deadline {
            let leader = self.wait_for_leader(PATIENCE).await?;
            if standing(&leader, node) == wanted {
                self.chronicle.line(format_args!("node {node} is {wanted:?}"));
                return Ok(());
            }
            let client = self.direct(leader.node_id, CALL)?;
            if let Err(error) = self.ask(&client, node, wanted).await {
                last = error.to_string();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        bail!("node {node} is not {wanted:?} after {PATIENCE:?}: {last}")
    }

    async fn ask(&self, client: &Client, node_id: u64, wanted: Standing) -> Result<()> {
        match wanted {
            Standing::Learner => {
                let (peer_address, api_address) = self.advertised(node_id)?;
                client.add_learner(v1::AddLearnerRequest { node_id, peer_address, api_address }).await?;
            }
            Standing::Voter => {
                client.promote_learner(v1::PromoteLearnerRequest { node_id }).await?;
            }
            Standing::Gone => {
                client.remove_member(v1::RemoveMemberRequest { node_id, even_without_quorum: false }).await?;
            }
        }
        Ok(())
    }
}
