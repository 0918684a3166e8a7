//! A cluster of server processes on loopback: for the demo and for tests that kill.

use crate::commands::cluster;
use crate::failure::{Failure, code};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use zonebook_client::{Client, Options};

/// How long a node may take to be there.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// A cluster of server processes, stopped when dropped.
pub struct Processes {
    folder: PathBuf,
    program: PathBuf,
    /// Where clients reach the nodes, in order of their numbers from 1.
    pub addresses: Vec<String>,
    processes: BTreeMap<u64, Child>,
}

fn free_port() -> std::io::Result<std::net::TcpListener> {
    std::net::TcpListener::bind("127.0.0.1:0")
}

impl Processes {
    /// Writes the settings of some nodes. Ports are held until all are drawn, so that no two are the same.
    ///
    /// # Errors
    /// The folder cannot be written, or there is no port.
    pub fn prepare(folder: &Path, program: &Path, nodes: u64) -> Result<Self, Failure> {
        let mut held = Vec::new();
        let mut draw = || -> std::io::Result<String> {
            let listener = free_port()?;
            let address = listener.local_addr()?.to_string();
            held.push(listener);
            Ok(address)
        };
        let mut addresses = BTreeMap::new();
        for node in 1..=nodes {
            addresses.insert(node, [draw()?, draw()?, draw()?]);
        }
        let mut members = String::new();
        for (node, [api, peer, _]) in &addresses {
            let _ = write!(members, "\n[[members]]\nnode = {node}\npeer = \"{peer}\"\napi = \"{api}\"\n");
        }
        for (node, [api, peer, http]) in &addresses {
            let data = folder.join(format!("node-{node}"));
            let settings = format!(
                "cluster = \"demo\"\nnode = {node}\ndata = {data:?}\napi = \"{api}\"\npeer = \"{peer}\"\nhttp = \"{http}\"\n{members}"
            );
            std::fs::write(folder.join(format!("node-{node}.toml")), settings)?;
        }
        let addresses = addresses.into_values().map(|[api, ..]| api).collect();
        Ok(Self { folder: folder.into(), program: program.into(), addresses, processes: BTreeMap::new() })
    }

    /// Starts a node.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(&mut self, node: u64) -> Result<(), Failure> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join(format!("node-{node}.log")))?;
        let process = Command::new(&self.program)
            .arg("serve")
            .arg("--config")
            .arg(self.folder.join(format!("node-{node}.toml")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        self.processes.insert(node, process);
        Ok(())
    }

    /// `kill -9`
    ///
    /// # Errors
    /// The process cannot be killed.
    pub async fn kill(&mut self, node: u64) -> Result<(), Failure> {
        if let Some(mut process) = self.processes.remove(&node) {
            process.kill().await?;
        }
        Ok(())
    }

    /// Tells all nodes to stop, and waits until they have.
    ///
    /// # Errors
    /// One of them did not stop in order.
    pub async fn stop(&mut self) -> Result<(), Failure> {
        for (node, process) in &mut self.processes {
            if let Some(id) = process.id().and_then(|id| i32::try_from(id).ok())
                && let Some(id) = rustix::process::Pid::from_raw(id)
            {
                rustix::process::kill_process(id, rustix::process::Signal::TERM)
                    .map_err(std::io::Error::from)?;
            }
            let ended = tokio::time::timeout(Duration::from_secs(20), process.wait()).await;
            match ended {
                Ok(Ok(status)) if status.success() => {}
                other => {
                    let log = log_of(&self.folder, *node);
                    return Err(Failure::new(
                        code::FAILED,
                        format!("node {node} did not stop in order: {other:?}\n{log}"),
                    ));
                }
            }
        }
        self.processes.clear();
        Ok(())
    }

    /// A client of the cluster that does not give up soon.
    #[must_use]
    pub fn client(&self) -> Client {
        let options = Options {
            deadline: Duration::from_secs(60),
            attempt: Duration::from_secs(5),
            ..Options::default()
        };
        Client::new(self.addresses.clone(), options)
    }

    /// Says what ended a node that is not there any more.
    fn check_alive(&mut self) -> Result<(), Failure> {
        for (node, process) in &mut self.processes {
            if let Some(status) = process.try_wait()? {
                let log = log_of(&self.folder, *node);
                return Err(Failure::new(code::FAILED, format!("node {node} ended ({status}):\n{log}")));
            }
        }
        Ok(())
    }

    /// Waits until a node leads and the ledger is there; says which.
    ///
    /// # Errors
    /// A node ended, or it takes too long.
    pub async fn wait_for_leader(&mut self) -> Result<u64, Failure> {
        let deadline = Instant::now() + START_PATIENCE;
        let client = Client::new(
            self.addresses.clone(),
            Options {
                deadline: Duration::from_secs(2),
                attempt: Duration::from_secs(1),
                ..Options::default()
            },
        );
        while Instant::now() < deadline {
            self.check_alive()?;
            if let Ok(status) = client.find_leader().await
                && status.leader_id != 0
                && status.revision > 0
                && self.processes.contains_key(&status.leader_id)
            {
                return Ok(status.leader_id);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Failure::new(code::FAILED, "the nodes did not elect a leader"))
    }

    /// As [`digests_agree`], of all nodes.
    ///
    /// # Errors
    /// As there.
    pub async fn digests_agree(&self) -> Result<(u64, String), Failure> {
        digests_agree(&self.client(), self.addresses.len()).await
    }
}

/// Waits until so many nodes of a cluster are at the same revision, and compares their digests; says which they are.
///
/// # Errors
/// The digests differ, or it takes too long.
pub async fn digests_agree(client: &Client, nodes: usize) -> Result<(u64, String), Failure> {
    let deadline = Instant::now() + START_PATIENCE;
    loop {
        let (found, _) = cluster::statuses(client).await?;
        let first = found.first().cloned().unwrap_or_default();
        if found.len() == nodes && found.iter().all(|status| status.revision == first.revision) {
            if found.iter().all(|status| status.digest == first.digest) {
                return Ok((first.revision, first.digest));
            }
            return Err(Failure::new(
                code::DIFFERENT,
                "the nodes have different digests at the same revision",
            ));
        }
        if Instant::now() > deadline {
            return Err(Failure::new(code::FAILED, "the nodes did not reach the same revision"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What a node has said.
fn log_of(folder: &Path, node: u64) -> String {
    std::fs::read_to_string(folder.join(format!("node-{node}.log"))).unwrap_or_default()
}
