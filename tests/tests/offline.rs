//! What lies on disk: every flipped byte is found and named, nothing of it is served, and a node's work is left alone.

use std::path::Path;
use tempfile::TempDir;
use zonebook_api::v1;
use zonebook_client::Packer;
use zonebook_tests::folder::{copy, files};
use zonebook_tests::load::{file_book, list};
use zonebook_tests::server::Server;
use zonebook_tests::{printed, run, said};

const SETTINGS: &str = "archive_entries = 8\n";

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn verify(folder: &Path) -> (Option<i32>, String) {
    let output = run(&["offline", "verify", &text(folder)]);
    (output.status.code(), format!("{}{}", printed(&output), said(&output)))
}

/// A node with something of every kind on its disk, and a backup of it.
async fn worked(folder: &Path) -> Server {
    let mut server = Server::prepare(folder, "first", 1, SETTINGS);
    server.start();
    file_book(&server.client()).await;
    let packer = Packer::new(server.client());
    for count in 0..30 {
        let submission = v1::Submission {
            request_id: zonebook_client::request_id(),
            list: Some(list(&format!("flip-{count}"), count)),
        };
        packer.submit(submission).await.unwrap();
    }
    let _ = server.shown(&["backup", "--to", &text(&folder.join("backups"))]);
    server
}

/// Places in a file: its ends, and some in between.
fn places(length: usize) -> Vec<usize> {
    let mut places: Vec<usize> = [0, 1, length / 7, length / 3, length / 2, length * 5 / 6].into();
    places.extend([length.saturating_sub(9), length.saturating_sub(1)]);
    places.retain(|place| *place < length);
    places.dedup();
    places
}

/// What RocksDB keeps beside the data and nobody reads: its own diary, and settings that the program gives it anyway.
fn carries_no_data(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("LOG")
        || name == "LOCK"
        || name == "lock"
        || name == "IDENTITY"
        || name.starts_with("OPTIONS")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_flipped_byte_is_found_and_named() {
    let folder = TempDir::new().unwrap();
    let mut server = worked(folder.path()).await;
    let running = run(&["offline", "verify", &text(&server.data)]);
    assert_eq!(running.status.code(), Some(1), "{}", said(&running));
    assert!(said(&running).contains("in use by another process"), "{}", said(&running));
    server.stop();
    let mut kinds = std::collections::BTreeMap::new();
    for kept in [server.data.clone(), folder.path().join("backups")] {
        let before: Vec<Vec<u8>> = files(&kept).iter().map(|path| std::fs::read(path).unwrap()).collect();
        let (code, report) = verify(&kept);
        assert_eq!(code, Some(0), "{report}");
        let after: Vec<Vec<u8>> = files(&kept).iter().map(|path| std::fs::read(path).unwrap()).collect();
        assert!(before == after, "verification changes nothing");
        for path in files(&kept).into_iter().filter(|path| !carries_no_data(path)) {
            let whole = std::fs::read(&path).unwrap();
            for place in places(whole.len()) {
                let mut damaged = whole.clone();
                damaged[place] ^= 0x10;
                std::fs::write(&path, &damaged).unwrap();
                let (code, report) = verify(&kept);
                let at = path.strip_prefix(folder.path()).unwrap().display();
                assert_eq!(code, Some(7), "byte {place} of {} in {at} is flipped:\n{report}", whole.len());
                let name = path.file_name().unwrap().to_str().unwrap();
                let named = report.contains(name)
                    || path.ancestors().skip(1).take(3).any(|folder| report.contains(&text(folder)));
                assert!(named, "{at} is not named:\n{report}");
                *kinds.entry(name.rsplit('.').next().unwrap_or_default().to_owned()).or_insert(0) += 1;
            }
            std::fs::write(&path, &whole).unwrap();
        }
        assert_eq!(verify(&kept).0, Some(0));
    }
    for kind in ["log", "sst", "zst", "sha256", "zonebook", "identity", "CURRENT"] {
        assert!(kinds.contains_key(kind), "no {kind} was flipped: {kinds:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_is_never_served() {
    let folder = TempDir::new().unwrap();
    let mut server = worked(folder.path()).await;
    let shown = ["export", "balances", "-o", "csv", "--timeout", "10"];
    let whole = server.shown(&shown);
    server.stop();
    let kept = server.data.clone();
    let victims = files(&kept).into_iter().filter(|path| {
        let path = text(path);
        !path.contains("snapshots") && !path.contains("archive")
    });
    for (number, victim) in victims.filter(|path| !carries_no_data(path)).enumerate() {
        let data = folder.path().join(format!("damaged-{number}"));
        copy(&kept, &data);
        let victim = data.join(victim.strip_prefix(&kept).unwrap());
        let mut bytes = std::fs::read(&victim).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let place = bytes.len() / 2;
        bytes[place] ^= 0x10;
        std::fs::write(&victim, bytes).unwrap();
        server.at(data);
        server.spawn();
        let answered = server.run(&shown);
        if answered.status.success() {
            assert_eq!(printed(&answered), whole, "{} is served", victim.display());
        }
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_not_what_the_history_says_is_named() {
    let folder = TempDir::new().unwrap();
    let mut server = worked(folder.path()).await;
    server.stop();
    // The state of another history under this one's log and archive.
    let elsewhere = folder.path().join("elsewhere");
    let mut other = Server::prepare(&elsewhere, "first", 1, SETTINGS);
    other.start();
    file_book(&other.client()).await;
    other.stop();
    let state = server.data.join("groups/1/ledger");
    std::fs::remove_dir_all(&state).unwrap();
    copy(&other.data.join("groups/1/ledger"), &state);
    let output = run(&["offline", "replay", &text(&server.data)]);
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    assert!(said(&output).contains("the first difference: table "), "{}", said(&output));
}
