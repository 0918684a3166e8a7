//! `demo`: the main job from end to end, on real processes and real disks, checked against expected tables.

use super::{export, import, reconcile};
use crate::arguments::{Clock, Demo};
use crate::failure::{Failure, code};
use crate::output;
use crate::processes::Processes;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use zonebook_api::v1;
use zonebook_client::Client;
use zonebook_exchange::tables;

const NODES: u64 = 3;
/// The cut-offs of the samples (`RULES.md` 1.4).
const CUT_OFFS: [&str; 3] =
    ["CUT1=2026-06-11T00:00:00", "CUT2=2026-06-21T00:00:00", "END=2026-07-01T00:00:00"];

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
    let end = CUT_OFFS.last().and_then(|text| text.split_once('=')).map(|(_, moment)| moment);
    let reckoned = reconcile::reckon(client, &month.join("count.csv"), end).await?;
    let reconciliation = tables::reconciliation(&export::reconciliation(&reckoned)?);
    let mut compared = Vec::new();
    let days = ("2026-06-01", "2026-06-30");
    let verified = export::verification(client, &month.join("count.csv"), days).await?;
    let counted =
        [("reconciliation.csv", reconciliation), ("verification.csv", tables::verification(&verified))];
    for (name, text) in found.into_iter().chain(counted) {
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
    let played = play_all(&command, &narrator, &folder).await;
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

/// Each month on a cluster of its own.
async fn play_all(command: &Demo, narrator: &Narrator, folder: &Path) -> Result<(), Failure> {
    for (month, count) in command.month.iter().zip(1_u64..) {
        let folder = folder.join(format!("month-{count}"));
        std::fs::create_dir_all(&folder)?;
        let mut cluster = Processes::prepare(&folder, &std::env::current_exe()?, NODES)?;
        play(month, command.chaos, narrator, &mut cluster).await?;
    }
    output::write("demo: everything as expected\n")
}

async fn play(
    month: &Path,
    chaos_seconds: Option<f64>,
    narrator: &Narrator,
    cluster: &mut Processes,
) -> Result<(), Failure> {
    let plan = import::month(month, Clock::Manifest, None)?;
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
    narrator.say(&format!("handing in {count} messages of {}", month.display()));
    match chaos_seconds {
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
    for (table, rows) in compare_all(&client, month, &plan.source).await? {
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
    compare_all(&client, month, &plan.source).await?;
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
    cluster.stop().await
}

/// Hands everything in, message by message, while a node is killed and started again every so many seconds.
async fn chaos(
    cluster: &mut Processes,
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
