//! `offline`: work on a data folder or a backup without a server.

use crate::arguments::{Offline, Online, RestoreFrom};
use crate::failure::{Failure, code};
use crate::moment;
use crate::output::{self, Column};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::{Duration, Instant};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::time::LocalTime;
use zonebook_server::offline::{self, Member, OfflineError, Replayed, Report, Restore, Stop};

const CHECKED: &[Column<'static>] = &[
    Column("kind", "/kind"),
    Column("path", "/path"),
    Column("count", "/count"),
    Column("damage", "/damage"),
];
const REPLAYED: &[Column<'static>] = &[
    Column("entries", "/entries"),
    Column("revision", "/revision"),
    Column("digest", "/digest"),
    Column("compared_at", "/compared_at"),
];
const RESTORED: &[Column<'static>] = &[
    Column("cluster", "/cluster"),
    Column("former", "/former"),
    Column("revision", "/revision"),
    Column("digest", "/digest"),
    Column("compared_at", "/compared_at"),
];
const TOLD_EVERY: Duration = Duration::from_secs(5);

impl From<OfflineError> for Failure {
    fn from(error: OfflineError) -> Self {
        let code = match &error {
            OfflineError::Identity(_) | OfflineError::Refused(_) => code::FAILED,
            OfflineError::Io(_)
            | OfflineError::Damaged(_)
            | OfflineError::Fault(_)
            | OfflineError::History(_) => code::DIFFERENT,
        };
        Self::new(code, error)
    }
}

pub async fn run(online: &Online, command: Offline) -> Result<(), Failure> {
    let online = online.clone();
    // The work blocks for as long as it takes.
    let done = tokio::task::spawn_blocking(move || match command {
        Offline::Verify { folder } => verified(&online, &offline::verify(&folder)?),
        Offline::Replay { folder, scratch } => {
            let scratch = scratch.unwrap_or_else(std::env::temp_dir);
            replayed(&online, &offline::replay(&folder, &scratch, &mut telling(&online))?)
        }
        Offline::Restore(command) => restore(&online, command),
    });
    done.await.map_err(|error| Failure::new(code::FAILED, error))?
}

/// Says now and then how far the work is.
fn telling(online: &Online) -> impl FnMut(u64) + use<> {
    let quiet = online.quiet || !std::io::stderr().is_terminal();
    let mut last = Instant::now();
    move |index| {
        if !quiet && last.elapsed() > TOLD_EVERY {
            last = Instant::now();
            eprintln!("executed up to entry {index}");
        }
    }
}

fn verified(online: &Online, report: &Report) -> Result<(), Failure> {
    let whole = report.checked.iter().map(
        |checked| json!({ "kind": checked.kind, "path": checked.path, "count": checked.count, "damage": "" }),
    );
    let damaged = report.damages.iter().map(|damage| {
        json!({ "kind": damage.kind, "path": damage.path, "count": Value::Null, "damage": damage.what })
    });
    let rows: Vec<Value> = whole.chain(damaged).collect();
    output::rows(online.output, CHECKED, &rows)?;
    if report.damages.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = report.damages.iter().map(ToString::to_string).collect();
    Err(Failure::new(code::DIFFERENT, format!("damaged:\n  {}", lines.join("\n  "))))
}

fn replayed(online: &Online, replayed: &Replayed) -> Result<(), Failure> {
    let row = json!({
        "entries": replayed.entries,
        "revision": replayed.revision,
        "digest": replayed.digest,
        "compared_at": replayed.compared_at,
        "difference": replayed.difference,
    });
    output::rows(online.output, REPLAYED, &[row])?;
    match &replayed.difference {
        None => Ok(()),
        Some(difference) => Err(Failure::new(code::DIFFERENT, format!("the first difference: {difference}"))),
    }
}

fn restore(online: &Online, command: RestoreFrom) -> Result<(), Failure> {
    let stop = match (command.revision, &command.time) {
        (Some(revision), _) => Stop::At(Revision(revision)),
        (None, Some(text)) => {
            let time = LocalTime::parse(text)
                .map_err(|error| Failure::usage(format!("{text}: no time YYYY-MM-DDThh:mm:ss: {error}")))?;
            Stop::Before(moment::ZONE.instant(time))
        }
        (None, None) => Stop::Never,
    };
    let member = Member { peer_address: command.peer.to_string(), api_address: command.api.to_string() };
    let order = Restore {
        from: command.from,
        to: command.to.clone(),
        stop,
        cluster: command.cluster,
        node: command.node,
        member,
    };
    let restored = offline::restore(&order, &mut telling(online))?;
    let row = json!({
        "cluster": restored.cluster,
        "former": restored.former,
        "revision": restored.revision,
        "digest": restored.digest,
        "compared_at": restored.compared_at,
    });
    output::rows(online.output, RESTORED, &[row])?;
    if !online.quiet {
        eprintln!(
            "restored. Next: see that no node of cluster {} serves the same clients; write into the settings\n  \
             cluster = \"{}\"\n  node = {}\n  data = {:?}\n  api = \"{}\"\n  peer = \"{}\"\n\
             start `zonebook serve --config FILE`, and let further nodes join with `zonebook cluster add`",
            restored.former, restored.cluster, command.node, command.to, command.api, command.peer
        );
    }
    Ok(())
}
