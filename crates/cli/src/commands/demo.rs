//! `demo`: the main job from end to end, on real processes and real disks, checked against expected tables.

use super::{cluster, export, import};
use crate::arguments::{Clock, Demo};
use crate::failure::{Failure, code};
use crate::output;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use zonebook_api::v1;
use zonebook_client::{Client, Options};
use zonebook_exchange::tables;

const NODES: u64 = 3;
/// The cut-offs of the samples (`RULES.md` 1.4).
const CUT_OFFS: [&str; 3] =
    ["CUT1=2026-06-11T00:00:00", "CUT2=2026-06-21T00:00:00", "END=2026-07-01T00:00:00"];
/// How long a node may take to be there.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// Tells what is going on, with the time since the beginning.
struct Narrator {
    started: Instant,
    quiet: bool,
}

impl Narrator {
    fn say(&self, text: &str) {
        if !self.quiet {
            eprintln!("[{:6.1}s] {text}", self.started.elapsed().as_secs_f64());
        }
    }
}

struct Cluster {
    folder: PathBuf,
    addresses: Vec<String>,
    processes: BTreeMap<u64, Child>,
}

fn free_port() -> std::io::Result<std::net::TcpListener> {
    std::net::TcpListener::bind("127.0.0.1:0")
}

impl Cluster {
    /// Writes the settings of three nodes. Ports are held until all are drawn, so that no two are the same.
    fn prepare(folder: &Path) -> Result<Self, Failure> {
        let mut held = Vec::new();
        let mut draw = || -> std::io::Result<String> {
            let listener = free_port()?;
            let address = listener.local_addr()?.to_string();
            held.push(listener);
            Ok(address)
        };
        let mut addresses = BTreeMap::new();
        for node in 1..=NODES {
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
        Ok(Self { folder: folder.into(), addresses, processes: BTreeMap::new() })
    }

    fn start(&mut self, node: u64) -> Result<(), Failure> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join(format!("node-{node}.log")))?;
        let process = Command::new(std::env::current_exe()?)
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
    async fn kill(&mut self, node: u64) -> Result<(), Failure> {
        if let Some(mut process) = self.processes.remove(&node) {
            process.kill().await?;
        }
        Ok(())
    }

    /// Tells all nodes to stop, and waits until they have.
    async fn stop(&mut self) -> Result<(), Failure> {
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
                    return Err(Failure::new(
                        code::FAILED,
                        format!("node {node} did not stop in order: {other:?}"),
                    ));
                }
            }
        }
        self.processes.clear();
        Ok(())
    }

    fn client(&self) -> Client {
        let options = Options { deadline: Duration::from_secs(60), attempt: Duration::from_secs(5) };
        Client::new(self.addresses.clone(), options)
    }

    /// Says what ended a node that is not there any more.
    fn check_alive(&mut self) -> Result<(), Failure> {
        for (node, process) in &mut self.processes {
            if let Some(status) = process.try_wait()? {
                let log =
                    std::fs::read_to_string(self.folder.join(format!("node-{node}.log"))).unwrap_or_default();
                return Err(Failure::new(code::FAILED, format!("node {node} ended ({status}):\n{log}")));
            }
        }
        Ok(())
    }

    async fn wait_for_leader(&mut self) -> Result<u64, Failure> {
        let deadline = Instant::now() + START_PATIENCE;
        let client = Client::new(
            self.addresses.clone(),
            Options { deadline: Duration::from_secs(2), attempt: Duration::from_secs(1) },
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

    /// Waits until all nodes are at the same revision, and compares their digests.
    async fn digests_agree(&self) -> Result<(u64, String), Failure> {
        let deadline = Instant::now() + START_PATIENCE;
        let client = self.client();
        loop {
            let (found, _) = cluster::statuses(&client).await?;
            let first = found.first().cloned().unwrap_or_default();
            let complete = found.len() as u64 == NODES;
            if complete && found.iter().all(|status| status.revision == first.revision) {
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
}

/// Compares a table with the expected one, row by row.
fn compare(name: &str, found: &str, expected: &Path) -> Result<usize, Failure> {
    let expected_text = std::fs::read_to_string(expected)
        .map_err(|error| Failure::usage(format!("{}: {error}", expected.display())))?;
    if found == expected_text {
        return Ok(found.lines().count().saturating_sub(1));
    }
    let mut message = format!("{name} differs from {}:", expected.display());
    let pairs = found.lines().map(Some).chain(std::iter::repeat(None));
    let wanted = expected_text.lines().map(Some).chain(std::iter::repeat(None));
    let different = pairs.zip(wanted).take_while(|(a, b)| a.is_some() || b.is_some()).filter(|(a, b)| a != b);
    for (found, wanted) in different.take(10) {
        let _ =
            write!(message, "\n  found    {}\n  expected {}", found.unwrap_or("-"), wanted.unwrap_or("-"));
    }
    Err(Failure::new(code::DIFFERENT, message))
}

/// Exports all tables and compares each with the month's expected one.
async fn compare_all(client: &Client, month: &Path, source: &str) -> Result<Vec<(String, usize)>, Failure> {
    let table = |error: tables::TableError| Failure::new(code::FAILED, error);
    let cut_offs: Result<Vec<_>, Failure> = CUT_OFFS.iter().map(|text| export::CutOff::parse(text)).collect();
    let cut_offs = cut_offs?;
    let found = [
        ("outcomes.csv", tables::outcomes(&export::outcomes(client, source).await?)),
        ("balances.csv", tables::balances(&export::balances(client, &cut_offs, false).await?)),
        ("boundary.csv", tables::balances(&export::balances(client, &cut_offs, true).await?)),
        ("movements.csv", tables::movements(&export::movements(client).await?)),
    ];
    let mut compared = Vec::new();
    for (name, text) in found {
        let rows = compare(name, &text.map_err(table)?, &month.join("expected").join(name))?;
        compared.push((name.to_owned(), rows));
    }
    Ok(compared)
}

pub async fn run(command: Demo, quiet: bool) -> Result<(), Failure> {
    let temporary = tempfile::TempDir::with_prefix("zonebook-demo-")?;
    let folder = match &command.keep {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            std::fs::canonicalize(folder)?
        }
        None => temporary.path().to_path_buf(),
    };
    let narrator = Narrator { started: Instant::now(), quiet };
    let mut cluster = Cluster::prepare(&folder)?;
    let played = play(&command, &narrator, &mut cluster).await;
    if played.is_err() {
        narrator.say(&format!("logs of the nodes: {}", folder.display()));
        if command.keep.is_none() {
            // Keeps what explains the failure.
            let kept = temporary.keep();
            narrator.say(&format!("kept for you to look at: {}", kept.display()));
        }
    }
    played
}

async fn play(command: &Demo, narrator: &Narrator, cluster: &mut Cluster) -> Result<(), Failure> {
    let plan = import::month(&command.month, Clock::Manifest, None)?;
    narrator.say(&format!("starting {NODES} nodes, each a process with a data folder of its own"));
    for node in 1..=NODES {
        cluster.start(node)?;
    }
    let leader = cluster.wait_for_leader().await?;
    narrator.say(&format!("node {leader} leads"));
    let client = cluster.client();
    if let Some(folder) = &plan.reference {
        import::define_reference(&client, folder, false).await?;
    }
    let (count, half) = (plan.deliveries.len(), plan.deliveries.len() / 2);
    let (first, second) = plan.deliveries.split_at(half);
    let mut tally = import::Tally::default();
    narrator.say(&format!("handing in {count} messages of {}", command.month.display()));
    match command.chaos {
        None => {
            import::hand_in(&client, &plan.source, first, false, |delivery, outcome| {
                tally.add(&delivery.name, &outcome);
            })
            .await?;
            let leader = cluster.wait_for_leader().await?;
            narrator.say(&format!("{half} are in; kill -9 of the leader, node {leader}"));
            cluster.kill(leader).await?;
            import::hand_in(&client, &plan.source, second, false, |delivery, outcome| {
                tally.add(&delivery.name, &outcome);
            })
            .await?;
            let other = cluster.wait_for_leader().await?;
            narrator.say(&format!("all are in, under node {other}; node {leader} comes back"));
            cluster.start(leader)?;
        }
        Some(seconds) => chaos(cluster, narrator, &client, &plan, seconds).await?,
    }
    let (revision, digest) = cluster.digests_agree().await?;
    narrator.say(&format!(
        "all nodes are at revision {revision} with digest {}…",
        digest.get(..16).unwrap_or_default()
    ));
    for (table, rows) in compare_all(&client, &command.month, &plan.source).await? {
        narrator.say(&format!("{table}: {rows} rows, all as expected"));
    }
    show(narrator, &client).await?;
    narrator.say("handing everything in a second time");
    let mut again = import::Tally::default();
    import::hand_in(&client, &plan.source, &plan.deliveries, false, |delivery, outcome| {
        again.add(&delivery.name, &outcome);
    })
    .await?;
    if again.repeated != count as u64 {
        return Err(Failure::new(
            code::DIFFERENT,
            format!("only {} of {count} messages were recognised", again.repeated),
        ));
    }
    compare_all(&client, &command.month, &plan.source).await?;
    narrator.say("every message was recognised, nothing changed");
    cluster.stop().await?;
    for node in 1..=NODES {
        cluster.start(node)?;
    }
    cluster.wait_for_leader().await?;
    let (after, same) = cluster.digests_agree().await?;
    if (after, &same) != (revision, &digest) {
        return Err(Failure::new(code::DIFFERENT, "the digest after a restart of all nodes is another one"));
    }
    narrator.say("all nodes stopped and started again: same revision, same digest");
    cluster.stop().await?;
    output::write("demo: everything as expected\n")
}

/// Hands everything in, message by message, while a node is killed and started again every so many seconds.
async fn chaos(
    cluster: &mut Cluster,
    narrator: &Narrator,
    client: &Client,
    plan: &import::Plan,
    seconds: f64,
) -> Result<(), Failure> {
    let pause = Duration::try_from_secs_f64(seconds).map_err(Failure::usage)?;
    let one_by_one = async {
        for delivery in plan.deliveries.chunks(1) {
            import::hand_in(client, &plan.source, delivery, false, |_, _| {}).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok::<(), Failure>(())
    };
    let mut handing_in = std::pin::pin!(one_by_one);
    let mut victim = 0;
    loop {
        tokio::select! {
            done = &mut handing_in => return done,
            () = tokio::time::sleep(pause) => {
                victim = victim % NODES + 1;
                narrator.say(&format!("kill -9 of node {victim}, and start"));
                cluster.kill(victim).await?;
                cluster.start(victim)?;
            }
        }
    }
}

/// One list's life, as an officer would look it up.
async fn show(narrator: &Narrator, client: &Client) -> Result<(), Failure> {
    let lists =
        client.list_movements(v1::ListMovementsRequest { page_size: 100, ..Default::default() }).await?;
    let passed = lists.movements.into_iter().find(|movement| {
        movement.state == "POSTED" && !movement.gate_time.is_empty() && !movement.release_time.is_empty()
    });
    if let Some(movement) = passed {
        let local = |time: &Option<prost_types::Timestamp>| {
            time.as_ref().map(|time| crate::moment::local(time).to_string()).unwrap_or_default()
        };
        narrator.say(&format!(
            "for instance list {}: reserved {}, released {}, through the gate {}, posted {}",
            movement.list_no,
            local(&movement.pre_posted_time),
            movement.release_time,
            movement.gate_time,
            local(&movement.posted_time)
        ));
    }
    Ok(())
}
