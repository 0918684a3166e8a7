//! Backups taken under load, full and incremental; what is restored of them is what a replay of the history comes to.

use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;
use zonebook_api::v1;
use zonebook_client::Packer;
use zonebook_tests::load::{Acknowledged, call, file_book, list};
use zonebook_tests::server::Server;
use zonebook_tests::{month, printed, run, said};

const CALLERS: u64 = 6;
const SETTINGS: &str = "archive_entries = 16\n";
const TABLES: [&[&str]; 3] = [
    &["export", "balances", "-o", "csv"],
    &["export", "movements", "-o", "csv"],
    &["export", "outcomes", "-o", "csv"],
];

/// What a command printed as JSON.
fn json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["-o", "json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    serde_json::from_str(&printed(&output)).expect("JSON")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Restores as a cluster of its own; what it says.
fn restored(from: &Path, to: &Path, more: &[&str]) -> Value {
    let (from, to) = (text(from), text(to));
    let arguments = ["offline", "restore", "--from", &from, "--to", &to, "--cluster", "again"];
    json(&[&arguments, more].concat())[0].clone()
}

/// The history of a folder comes to what is kept there, row by row.
fn replays(folder: &Path) -> Value {
    let replayed = json(&["offline", "replay", &text(folder)])[0].clone();
    assert_eq!(replayed["difference"], Value::Null, "{replayed}");
    assert!(replayed["compared_at"].is_u64(), "nothing was compared: {replayed}");
    replayed
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_is_what_a_replay_comes_to() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::prepare(folder.path(), "first", 1, SETTINGS);
    server.start();
    file_book(&server.client()).await;
    let acknowledged = Acknowledged::default();
    let packer = Packer::new(server.client());
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call(packer.clone(), caller, Arc::clone(&acknowledged)));
    }
    let backups = folder.path().join("backups");
    let to = text(&backups);
    let early = server.run(&["backup", "--to", &to, "--incremental"]);
    assert_eq!(early.status.code(), Some(2), "{}", said(&early));
    let mut revisions = Vec::new();
    for incremental in [&[][..], &["--incremental"], &["--incremental"]] {
        tokio::time::sleep(Duration::from_millis(800)).await;
        let before = acknowledged.lock().unwrap().len();
        let taken = server.shown(&[&["backup", "--to", &to, "-o", "json"], incremental].concat());
        let taken: Value = serde_json::from_str(&taken).unwrap();
        revisions.push(taken[0]["revision"].as_u64().unwrap());
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while acknowledged.lock().unwrap().len() <= before {
            assert!(std::time::Instant::now() < deadline, "writes stand still beside a backup");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    callers.abort_all();
    while callers.join_next().await.is_some() {}
    assert!(revisions.is_sorted() && revisions[0] < revisions[2], "{revisions:?}");
    assert!(std::fs::read_dir(backups.join("archive")).unwrap().count() > 4, "segments were sealed");

    // The backup that was taken under load.
    let verified = run(&["offline", "verify", &to]);
    assert!(verified.status.success(), "{}", said(&verified));
    replays(&backups);
    let under_load = folder.path().join("under-load");
    let made = restored(&backups, &under_load, &[]);
    assert_eq!(made["revision"].as_u64(), Some(revisions[2]));
    assert!(made["compared_at"].is_u64(), "the state in the backup was compared: {made}");
    assert_eq!(replays(&under_load)["digest"], made["digest"]);

    // At rest everything can be compared from outside, too.
    let _ = server.shown(&["backup", "--to", &to, "--incremental"]);
    let tables: Vec<String> = TABLES.iter().map(|table| server.shown(table)).collect();
    let at = server.status();
    server.stop();
    assert_eq!(replays(&server.data)["digest"], at["digest"]);
    let whole = folder.path().join("whole");
    let mut again = Server::prepare(&folder.path().join("again"), "again", 1, SETTINGS);
    let made = restored(&backups, &whole, &["--api", &again.api, "--peer", &again.peer]);
    assert_eq!((&made["revision"], &made["digest"]), (&at["revision"], &at["digest"]));
    again.at(whole.clone());
    again.start();
    let tables_again: Vec<String> = TABLES.iter().map(|table| again.shown(table)).collect();
    assert_eq!(tables_again, tables);
    // A request that the first cluster has answered is known to the restored one.
    let (id, (list_no, revision)) =
        acknowledged.lock().unwrap().iter().next().map(|(id, known)| (id.clone(), known.clone())).unwrap();
    let (caller, count) = list_no.trim_start_matches("QD").split_once('-').unwrap();
    let (caller, count): (u64, u64) = (caller.parse().unwrap(), count.parse().unwrap());
    let same = list(&format!("{caller}-{count}"), caller * 7 + count);
    let submission = v1::Submission { request_id: id, list: Some(same) };
    let outcome = Packer::new(again.client()).submit(submission).await.unwrap();
    assert!(outcome.repeated_request, "{outcome:?}");
    assert_eq!(outcome.revision, revision);
    // And it goes on: new lists, a backup of its own, the same digests when executed again.
    let submission = v1::Submission { request_id: zonebook_client::request_id(), list: Some(list("new", 3)) };
    let outcome = Packer::new(again.client()).submit(submission).await.unwrap();
    assert_eq!(outcome.verdict(), v1::Verdict::Accepted, "{:?}", outcome.refusal);
    let mixed = again.run(&["backup", "--to", &to]);
    assert_eq!(mixed.status.code(), Some(1), "{}", said(&mixed));
    assert!(said(&mixed).contains("backups of first"), "{}", said(&mixed));
    again.stop();
    replays(&whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_stops_where_it_is_told_to() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::prepare(folder.path(), "first", 1, SETTINGS);
    server.start();
    file_book(&server.client()).await;
    // Many commands in one entry: the end falls within it.
    let lists = (0..40).map(|count| v1::Submission {
        request_id: zonebook_client::request_id(),
        list: Some(list(&format!("stop-{count}"), count)),
    });
    let request = v1::BatchSubmitMovementsRequest { submissions: lists.collect(), ..Default::default() };
    server.client().batch_submit_movements(request).await.unwrap();
    let backups = folder.path().join("backups");
    let _ = server.shown(&["backup", "--to", &text(&backups)]);
    let last = server.status()["revision"].as_u64().unwrap();
    let mut again = Server::prepare(&folder.path().join("again"), "again", 1, SETTINGS);
    for revision in [2, last / 2, last] {
        let to = folder.path().join(format!("at-{revision}"));
        let revision_text = revision.to_string();
        let more = ["--revision", &revision_text, "--api", &again.api, "--peer", &again.peer];
        let made = restored(&backups, &to, &more);
        assert_eq!(made["revision"].as_u64(), Some(revision));
        replays(&to);
        again.at(to);
        again.start();
        assert_eq!(again.status()["revision"].as_u64(), Some(revision));
        assert_eq!(again.status()["digest"], made["digest"]);
        let as_of = format!("X={revision}");
        for table in [&["export", "balances"][..], &["export", "balances", "--boundary"]] {
            let table = [table, &["--as-of", &as_of, "-o", "csv"]].concat();
            assert_eq!(again.shown(&table), server.shown(&table), "{table:?} at {revision}");
        }
        again.stop();
    }
    for (more, part) in [
        (["--revision", "1000000"], "there is no revision 1000000"),
        (["--time", "1970-01-01T00:00:00"], "nothing happened before"),
        (["--cluster", "first"], "needs another name"),
    ] {
        let (from, to) = (text(&backups), text(&folder.path().join("never")));
        let output = run(&[&["offline", "restore", "--from", &from, "--to", &to], &more[..]].concat());
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(part), "{}", said(&output));
        assert!(!folder.path().join("never").exists(), "nothing is left behind");
    }
    let (from, to) = (text(&backups), text(&server.data));
    let full = run(&["offline", "restore", "--from", &from, "--to", &to]);
    assert!(said(&full).contains("is not empty"), "{}", said(&full));
    server.stop();
}

#[test]
fn a_restore_stops_before_a_moment() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::prepare(folder.path(), "first", 1, SETTINGS);
    server.start();
    let _ = server.shown(&["import", &text(&month()), "--clock", "manifest"]);
    let backups = folder.path().join("backups");
    let _ = server.shown(&["backup", "--to", &text(&backups)]);
    let mut again = Server::prepare(&folder.path().join("again"), "again", 1, SETTINGS);
    let to = folder.path().join("then");
    let more = ["--time", "2026-06-11T00:00:00", "--api", &again.api, "--peer", &again.peer];
    let made = restored(&backups, &to, &more);
    assert!(made["revision"].as_u64() < server.status()["revision"].as_u64());
    replays(&to);
    again.at(to);
    again.start();
    let then = ["export", "balances", "--as-of", "CUT1=2026-06-11T00:00:00", "-o", "csv"];
    let tables = server.shown(&then);
    assert!(tables.lines().count() > 10, "{tables}");
    assert_eq!(again.shown(&then), tables);
    again.stop();
    server.stop();
}
