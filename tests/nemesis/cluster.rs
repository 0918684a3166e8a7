//! Server processes with a proxy in front of each port that others use.

use crate::nemesis::chronicle::Chronicle;
use crate::nemesis::link::Links;
use crate::nemesis::port::Ports;
use crate::nemesis::proxy::{Callers, Proxy};
use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use zonebook_api::v1;
use zonebook_client::{Client, Options};

/// How long a node may take to stop in order.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// How long the nodes may take to come to the same revision when nothing is filed and nothing is broken any more.
const CATCH_UP_PATIENCE: Duration = Duration::from_secs(120);

struct Site {
    api: Proxy,
    peer: Proxy,
    /// The api port itself, for who watches from above the trouble.
    direct: String,
    process: Option<Child>,
}

/// A cluster whose nodes reach each other through proxies. The processes are killed when it is dropped.
pub struct Cluster {
    folder: PathBuf,
    program: PathBuf,
    /// The ways between the nodes.
    pub links: Links,
    pub(super) chronicle: Chronicle,
    ports: Ports,
    sites: BTreeMap<u64, Site>,
    /// The last number that was given to a node.
    last: u64,
    addresses: watch::Sender<Vec<String>>,
}

impl Cluster {
    /// Without nodes yet, with its data in a folder.
    #[must_use]
    pub fn new(folder: &Path, program: &Path, chronicle: Chronicle) -> Self {
        Self {
            folder: folder.into(),
            program: program.into(),
            links: Links::default(),
            chronicle,
            ports: Ports::default(),
            sites: BTreeMap::new(),
            last: 0,
            addresses: watch::Sender::default(),
        }
    }

    /// Where clients reach the nodes, as it changes.
    #[must_use]
    pub fn addresses(&self) -> watch::Receiver<Vec<String>> {
        self.addresses.subscribe()
    }

    /// The numbers of all nodes, those that are down included.
    #[must_use]
    pub fn nodes(&self) -> Vec<u64> {
        self.sites.keys().copied().collect()
    }

    fn site(&mut self, node: u64) -> Result<&mut Site> {
        self.sites.get_mut(&node).with_context(|| format!("there is no node {node}"))
    }

    /// Where a node says that it is reached: by peers, by clients.
    ///
    /// # Errors
    /// There is no such node.
    pub fn advertised(&self, node: u64) -> Result<(String, String)> {
        let site = self.sites.get(&node).with_context(|| format!("there is no node {node}"))?;
        Ok((site.peer.address.to_string(), site.api.address.to_string()))
    }

    /// Starts an empty node under a number that was never used: the first one is the cluster, others wait to be added.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn new_node(&mut self) -> Result<u64> {
        self.last += 1;
        let node = self.last;
        let mut draw = || self.ports.draw();
        let (api, peer, http, api_front, peer_front) = (draw()?, draw()?, draw()?, draw()?, draw()?);
        let member = if node == 1 {
            format!("\n[[members]]\nnode = {node}\npeer = \"{peer_front}\"\napi = \"{api_front}\"\n")
        } else {
            "join = true\n".to_owned()
        };
        let data = self.folder.join(format!("node-{node}"));
        // Little log, so that snapshots are taken and the log is purged many times in a run.
        let settings = format!(
            "cluster = \"nemesis\"\nnode = {node}\ndata = {data:?}\napi = \"{api}\"\npeer = \"{peer}\"\n\
             http = \"{http}\"\nsnapshot_log_mib = 1\nkeep_log_mib = 1\n{member}"
        );
        std::fs::write(self.settings(node), settings)?;
        let site = Site {
            api: Proxy::new(api_front, node, api, Callers::Clients, &self.links),
            peer: Proxy::new(peer_front, node, peer, Callers::Peers, &self.links),
            direct: api.to_string(),
            process: None,
        };
        self.sites.insert(node, site);
        self.start(node).await?;
        self.tell_addresses();
        Ok(node)
    }

    fn tell_addresses(&self) {
        let addresses = self.sites.values().map(|site| site.api.address.to_string()).collect();
        self.addresses.send_replace(addresses);
    }

    fn settings(&self, node: u64) -> PathBuf {
        self.folder.join(format!("node-{node}.toml"))
    }

    /// What a node has said.
    #[must_use]
    pub fn log_of(&self, node: u64) -> String {
        std::fs::read_to_string(self.folder.join(format!("node-{node}.log"))).unwrap_or_default()
    }

    /// Starts a node that is down.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start(&mut self, node: u64) -> Result<()> {
        self.chronicle.line(format_args!("node {node} starts"));
        let log = self.folder.join(format!("node-{node}.log"));
        let log = std::fs::File::options().create(true).append(true).open(log)?;
        let process = Command::new(&self.program)
            .arg("serve")
            .arg("--config")
            .arg(self.settings(node))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let site = self.site(node)?;
        site.process = Some(process);
        site.api.open().await?;
        site.peer.open().await?;
        Ok(())
    }

    /// `kill -9`
    ///
    /// # Errors
    /// It is not running.
    pub async fn kill(&mut self, node: u64) -> Result<()> {
        self.chronicle.line(format_args!("node {node} is killed"));
        let site = self.site(node)?;
        if let Some(mut process) = site.process.take() {
            process.kill().await?;
        }
        site.api.close();
        site.peer.close();
        Ok(())
    }

    /// Tells a node to stop and waits until it has.
    ///
    /// # Errors
    /// It does not stop in order.
    pub async fn stop(&mut self, node: u64) -> Result<()> {
        self.chronicle.line(format_args!("node {node} is told to stop"));
        self.signal(node, Signal::TERM)?;
        let site = self.site(node)?;
        let Some(mut process) = site.process.take() else { bail!("node {node} is not running") };
        let ended = tokio::time::timeout(STOP_PATIENCE, process.wait()).await;
        site.api.close();
        site.peer.close();
        let status = ended.with_context(|| format!("node {node} does not stop"))??;
        ensure!(status.success(), "node {node} did not stop in order: {status}\n{}", self.log_of(node));
        Ok(())
    }

    fn signal(&mut self, node: u64, signal: Signal) -> Result<()> {
        let process = self.site(node)?.process.as_ref().and_then(Child::id);
        let process = process.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        kill_process(process.with_context(|| format!("node {node} is not running"))?, signal)?;
        Ok(())
    }

    /// `SIGSTOP`: it goes on listening and says nothing.
    ///
    /// # Errors
    /// It is not running.
    pub fn pause(&mut self, node: u64) -> Result<()> {
        self.chronicle.line(format_args!("node {node} stands still"));
        self.signal(node, Signal::STOP)
    }

    /// `SIGCONT`
    ///
    /// # Errors
    /// It is not running.
    pub fn resume(&mut self, node: u64) -> Result<()> {
        self.chronicle.line(format_args!("node {node} goes on"));
        self.signal(node, Signal::CONT)
    }

    /// Kills a node for ever; clients forget its address.
    ///
    /// # Errors
    /// It is not there.
    pub async fn retire(&mut self, node: u64) -> Result<()> {
        self.kill(node).await?;
        self.sites.remove(&node);
        self.tell_addresses();
        Ok(())
    }

    /// Says which node ended by itself, and what it said.
    ///
    /// # Errors
    /// One did.
    pub fn check_alive(&mut self) -> Result<()> {
        for node in self.nodes() {
            let ended = match &mut self.site(node)?.process {
                None => None,
                Some(process) => process.try_wait()?,
            };
            if let Some(status) = ended {
                bail!("node {node} ended by itself ({status}):\n{}", tail(&self.log_of(node)));
            }
        }
        Ok(())
    }

    /// A client of one node, not hindered by what the proxies do.
    ///
    /// # Errors
    /// There is no such node.
    pub fn direct(&self, node: u64, deadline: Duration) -> Result<Client> {
        let site = self.sites.get(&node).with_context(|| format!("there is no node {node}"))?;
        Ok(Client::new([site.direct.clone()], Options { deadline, attempt: deadline, ..Options::default() }))
    }

    /// What a node says of itself.
    pub async fn status(&self, node: u64) -> Option<v1::GetStatusResponse> {
        let client = self.direct(node, Duration::from_millis(500)).ok()?;
        client.get_status(v1::GetStatusRequest {}).await.ok()
    }

    /// The node that says of itself that it leads in the latest term.
    pub async fn leader(&self) -> Option<v1::GetStatusResponse> {
        let mut found: Option<v1::GetStatusResponse> = None;
        for node in self.nodes() {
            if let Some(status) = self.status(node).await
                && status.leader_id == status.node_id
                && found.as_ref().is_none_or(|other| other.term < status.term)
            {
                found = Some(status);
            }
        }
        found
    }

    /// Waits for a leader.
    ///
    /// # Errors
    /// A node ended, or there is none in time.
    pub async fn wait_for_leader(&mut self, patience: Duration) -> Result<v1::GetStatusResponse> {
        let deadline = Instant::now() + patience;
        loop {
            self.check_alive()?;
            if let Some(status) = self.leader().await
                && status.revision > 0
            {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "the nodes elected no leader within {patience:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until all nodes are at one revision, and compares their digests; says which revision it is.
    ///
    /// # Errors
    /// The digests differ, a node ended, or it takes too long.
    pub async fn agree(&mut self) -> Result<(u64, String)> {
        let deadline = Instant::now() + CATCH_UP_PATIENCE;
        loop {
            self.check_alive()?;
            let mut heads = BTreeMap::new();
            for node in self.nodes() {
                heads.insert(node, self.status(node).await.map(|status| (status.revision, status.digest)));
            }
            if let Some(Some(first)) = heads.values().next().cloned()
                && heads.values().all(|head| head.as_ref().is_some_and(|head| head.0 == first.0))
            {
                ensure!(
                    heads.values().all(|head| head.as_ref() == Some(&first)),
                    "the nodes have different digests at revision {}: {heads:?}",
                    first.0
                );
                return Ok(first);
            }
            ensure!(Instant::now() < deadline, "the nodes did not come to one revision: {heads:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// The last lines.
fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines.get(lines.len().saturating_sub(40)..).unwrap_or_default().join("\n")
}
