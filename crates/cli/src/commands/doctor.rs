//! `doctor`: looks for what is wrong and says what to do about it.

use super::cluster::statuses;
use crate::arguments::{Doctor, Online};
use crate::failure::{Failure, code};
use crate::output;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// An fsync slower than this eats up the deadline of an append (`engineering.md` 1.6).
const FSYNC_WARNING: Duration = Duration::from_millis(70);
const FREE_BYTES_WARNING: u64 = 5 << 30;
const PROBES: usize = 100;

struct Finding {
    good: bool,
    text: String,
}

fn finding(good: bool, text: String) -> Finding {
    Finding { good, text }
}

pub async fn run(online: &Online, command: Doctor) -> Result<(), Failure> {
    let mut findings = cluster(online).await;
    if let Some(folder) = &command.data {
        findings.extend(disk(folder)?);
    }
    for found in &findings {
        output::write(&format!("{} {}\n", if found.good { "ok   " } else { "WRONG" }, found.text))?;
    }
    if findings.iter().all(|found| found.good) {
        Ok(())
    } else {
        Err(Failure::new(code::FAILED, "something is wrong, see above"))
    }
}

async fn cluster(online: &Online) -> Vec<Finding> {
    let (found, silent) = match statuses(&online.client()).await {
        Ok(found) => found,
        Err(failure) => return vec![finding(false, failure.message)],
    };
    let mut findings: Vec<Finding> = silent.into_iter().map(|text| finding(false, text)).collect();
    let leaders: Vec<u64> = found.iter().map(|status| status.leader_id).collect();
    let agreed = leaders.first().is_some_and(|first| *first != 0 && leaders.iter().all(|l| l == first));
    findings.push(finding(agreed, format!("leader as the members see it: {leaders:?}")));
    let mut digests: BTreeMap<u64, Vec<(u64, &str)>> = BTreeMap::new();
    for status in &found {
        digests.entry(status.revision).or_default().push((status.node_id, &status.digest));
    }
    for (revision, nodes) in digests {
        let same = nodes.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b));
        let names: Vec<u64> = nodes.iter().map(|(node, _)| *node).collect();
        findings.push(finding(same, format!("digests at revision {revision} of nodes {names:?} agree")));
    }
    let versions: Vec<&str> = found.iter().map(|status| status.version.as_str()).collect();
    let same = versions.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
    findings.push(finding(same, format!("versions: {versions:?}")));
    findings
}

fn disk(folder: &Path) -> Result<Vec<Finding>, Failure> {
    let probe = tempfile::tempfile_in(folder)
        .map_err(|error| Failure::usage(format!("{}: {error}", folder.display())))?;
    let mut times = Vec::with_capacity(PROBES);
    for _ in 0..PROBES {
        let started = Instant::now();
        (&probe).write_all(&[0; 4096])?;
        probe.sync_data()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times.get(PROBES * share / 100).copied().unwrap_or_default();
    let (median, worst) = (at(50), at(99));
    let fsync = format!("fsync of 4 KiB under {}: median {median:.2?}, p99 {worst:.2?}", folder.display());
    let room = rustix::fs::statvfs(folder).map_err(std::io::Error::from)?;
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    Ok(vec![
        finding(worst < FSYNC_WARNING, fsync),
        finding(free > FREE_BYTES_WARNING, format!("free room: {} GiB", free >> 30)),
    ])
}
