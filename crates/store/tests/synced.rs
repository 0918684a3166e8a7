//! What the log answers as durable has been synced at that moment, byte and name. The test runs itself again in a process
//! whose disk remembers what was synced, and there with a disk that lies, to show that it would notice.

#[path = "../../../tests/safe.rs"]
#[allow(dead_code)]
mod safe;

use bytes::Bytes;
use safe::{Safe, journal, watched};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc;
use tempfile::TempDir;
use zonebook_store::RocksLog;
use zonebook_store::log::{Done, Log, LogRecord};

const STEPS: u64 = 5;

fn write_ahead(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "log")).max().unwrap()
}

/// Asks for something alone; what was written for it must be safe when it is answered.
fn is_safe_when_answered(folder: &Path, what: &str, ask: impl FnOnce(Done)) {
    let before = std::fs::metadata(write_ahead(folder)).unwrap().len();
    let (done, durable) = mpsc::channel();
    let at = folder.to_owned();
    // In the call itself: what is synced a moment later is too late.
    ask(Box::new(move |result: std::io::Result<()>| {
        let log = write_ahead(&at);
        let journal = journal(at.ancestors().nth(2).unwrap());
        let safe = Safe::of(&std::fs::read_to_string(journal).unwrap());
        let length = std::fs::metadata(&log).unwrap().len();
        done.send(result.map(|()| (length, safe.length(&log), safe.has_name(&log)))).unwrap();
    }));
    let (length, synced, is_named) = durable.recv().unwrap().unwrap();
    assert!(length > before, "{what} is not in the log");
    assert_eq!(synced, length, "{what} is not synced");
    assert!(is_named, "the name of the log that has {what} is not synced");
}

fn votes_and_entries(folder: &Path) {
    let log = RocksLog::open(folder, 1).unwrap();
    let bytes = |name: &str, number: u64| Bytes::from(format!("{name} {number}"));
    for step in 1..=STEPS {
        is_safe_when_answered(folder, "a vote", |done| log.save_vote(bytes("vote", step), done));
        let record = LogRecord { index: step, bytes: bytes("entry", step) };
        is_safe_when_answered(folder, "an entry", |done| log.append(vec![record], done));
        // What waits for nobody goes with what is asked for next.
        log.save_committed(bytes("committed", step));
        log.truncate_after(Some(step));
        is_safe_when_answered(folder, "a second vote", |done| log.save_vote(bytes("again", step), done));
    }
}

const TEST: &str = "what_the_log_answers_is_synced";

/// This test once more, on a disk where something fails.
fn again(faults: &str) -> Output {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("disk")).unwrap();
    std::fs::write(folder.path().join("faults"), faults).unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", TEST, "--nocapture"]).envs(watched(folder.path()));
    again.output().unwrap()
}

#[test]
fn what_the_log_answers_is_synced() {
    if let Some(disk) = std::env::var_os("ZONEBOOK_DISK") {
        return votes_and_entries(&Path::new(&disk).join("raft"));
    }
    let run = again("");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lied = again("sync lie raft/");
    let said = String::from_utf8_lossy(&lied.stderr);
    assert!(!lied.status.success() && said.contains("is not synced"), "{said}");
}
