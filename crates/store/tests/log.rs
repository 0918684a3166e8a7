//! The log after a power cut: what survives is a beginning of what was asked for, whole entries only.

use bytes::Bytes;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use tempfile::TempDir;
use zonebook_codec::envelope::{self, Kind};
use zonebook_store::RocksLog;
use zonebook_store::log::{Log, LogRecord};

const GROUP: u32 = 1;
/// Entries, each synced by itself.
const LAST: u64 = 6;

fn record(index: u64) -> LogRecord {
    let body = format!("entry {index} {}", "x".repeat(20 + usize::try_from(index).unwrap()));
    LogRecord { index, bytes: envelope::seal(Kind::LogEntry, body.as_bytes()).into() }
}

fn vote(index: u64) -> Bytes {
    format!("vote of {index}").into_bytes().into()
}

fn waited(ask: impl FnOnce(zonebook_store::log::Done)) {
    let (done, durable) = mpsc::channel();
    ask(Box::new(move |result| done.send(result).unwrap()));
    durable.recv().unwrap().unwrap();
}

fn open(folder: &Path) -> std::io::Result<RocksLog> {
    RocksLog::open(folder, GROUP)
}

/// The write-ahead log that is written now.
fn write_ahead(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "log")).max().unwrap()
}

/// In memory where there is such a folder: these tests open hundreds of databases, and cut and flip bytes themselves.
fn room() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

fn copied(folder: &Path) -> TempDir {
    let copy = room();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    copy
}

/// A log as a running process leaves it, and how long its write-ahead log was when each vote and entry was durable.
fn written() -> (TempDir, Vec<usize>) {
    let folder = room();
    let log = open(folder.path()).unwrap();
    let mut lengths = Vec::new();
    let length = || usize::try_from(std::fs::metadata(write_ahead(folder.path())).unwrap().len()).unwrap();
    for index in 1..=LAST {
        waited(|done| log.save_vote(vote(index), done));
        lengths.push(length());
        waited(|done| log.append(vec![record(index)], done));
        lengths.push(length());
    }
    (copied(folder.path()), lengths)
}

/// How many steps a log holds, which must be a beginning of all of them.
fn steps(log: &RocksLog) -> usize {
    let state = log.state().unwrap();
    let last = state.last.map_or(0, |record| record.index);
    let records = log.read(0, u64::MAX, usize::MAX).unwrap();
    assert_eq!(records, (1..=last).map(record).collect::<Vec<_>>());
    let steps = 2 * usize::try_from(last).unwrap();
    match state.vote {
        None => assert_eq!(last, 0),
        Some(found) if found == vote(last) => {}
        Some(found) => {
            assert_eq!(found, vote(last + 1));
            return steps + 1;
        }
    }
    steps
}

#[test]
fn a_cut_at_any_byte_leaves_whole_entries() {
    let (folder, lengths) = written();
    let bytes = std::fs::read(write_ahead(folder.path())).unwrap();
    let first = lengths[lengths.len() - 5];
    for cut in first..=*lengths.last().unwrap() {
        let torn = copied(folder.path());
        std::fs::write(write_ahead(torn.path()), &bytes[..cut]).unwrap();
        let log = open(torn.path()).unwrap();
        let durable = lengths.iter().filter(|length| **length <= cut).count();
        assert_eq!(steps(&log), durable, "cut at {cut}");
        // It goes on from there.
        let next = log.state().unwrap().last.map_or(0, |record| record.index) + 1;
        waited(|done| log.append(vec![record(next)], done));
        drop(log);
        assert_eq!(open(torn.path()).unwrap().state().unwrap().last, Some(record(next)));
    }
}

#[test]
fn a_flipped_bit_is_named_but_in_the_last_record_where_it_is_a_torn_end() {
    let (folder, lengths) = written();
    let bytes = std::fs::read(write_ahead(folder.path())).unwrap();
    let (mut named, mut cut) = (0, 0);
    // Each byte of a vote and an entry in the middle, and of the last entry.
    let end = *lengths.last().unwrap();
    let last = lengths[lengths.len() - 2];
    for at in (lengths[4]..lengths[6]).chain(last..end) {
        let rotten = copied(folder.path());
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        std::fs::write(write_ahead(rotten.path()), damaged).unwrap();
        match open(rotten.path()) {
            Ok(log) => {
                assert!(at >= last, "byte {at} is forgotten");
                assert_eq!(steps(&log), lengths.len() - 1);
                cut += 1;
            }
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(".log: corruption: the record at byte"), "{text}");
                named += 1;
            }
        }
    }
    // The length of the last record is not covered by its checksum, which shows that only the length is wrong.
    let length_bytes = 2;
    assert_eq!(named, lengths[6] - lengths[4] + length_bytes);
    assert_eq!(cut, end - last - length_bytes);
}

#[test]
fn what_was_truncated_is_not_read_again() {
    let folder = TempDir::new().unwrap();
    {
        let log = open(folder.path()).unwrap();
        waited(|done| log.append((1..=LAST).map(record).collect(), done));
    }
    // Nothing of it is in memory now.
    let log = open(folder.path()).unwrap();
    log.truncate_after(Some(2));
    assert_eq!(log.read(1, u64::MAX, usize::MAX).unwrap(), [record(1), record(2)]);
    // Another entry than the one that stood there.
    let other = LogRecord { index: 3, bytes: record(9).bytes };
    log.append(vec![other.clone()], Box::new(|_| {}));
    assert_eq!(log.read(2, u64::MAX, usize::MAX).unwrap().len(), 1, "what the database has comes first");
    assert_eq!(log.read(3, u64::MAX, usize::MAX).unwrap(), std::slice::from_ref(&other));
    drop(log);
    // Nor by who opens it next.
    let log = open(folder.path()).unwrap();
    assert_eq!(log.state().unwrap().last, Some(other.clone()));
    assert_eq!(log.read(0, u64::MAX, usize::MAX).unwrap(), [record(1), record(2), other]);
    log.truncate_after(None);
    assert!(log.read(0, u64::MAX, usize::MAX).unwrap().is_empty());
    drop(log);
    let log = open(folder.path()).unwrap();
    assert_eq!(log.state().unwrap().last, None);
    assert!(log.read(0, u64::MAX, usize::MAX).unwrap().is_empty());
}

#[test]
fn what_was_purged_is_not_read_again() {
    let folder = TempDir::new().unwrap();
    {
        let log = open(folder.path()).unwrap();
        waited(|done| log.append((1..=LAST).map(record).collect(), done));
        log.purge(3, vote(3));
        assert_eq!(log.read(0, u64::MAX, usize::MAX).unwrap(), (4..=LAST).map(record).collect::<Vec<_>>());
    }
    let log = open(folder.path()).unwrap();
    assert_eq!(log.state().unwrap().purged, Some((3, vote(3))));
    assert_eq!(log.read(0, u64::MAX, usize::MAX).unwrap(), (4..=LAST).map(record).collect::<Vec<_>>());
    log.purge(LAST, vote(LAST));
    drop(log);
    let log = open(folder.path()).unwrap();
    assert_eq!((log.state().unwrap().purged, log.state().unwrap().last), (Some((LAST, vote(LAST))), None));
    assert!(log.read(0, u64::MAX, usize::MAX).unwrap().is_empty());
}

#[test]
fn a_hole_is_an_error() {
    let folder = TempDir::new().unwrap();
    {
        let log = open(folder.path()).unwrap();
        waited(|done| log.append(vec![record(1), record(2), record(4)], done));
    }
    let log = open(folder.path()).unwrap();
    let error = log.read(1, u64::MAX, usize::MAX).unwrap_err();
    assert!(error.to_string().contains("entry 3 is missing"), "{error}");
}
