//! The archive: what is sealed is what the log held, the same on every node, and whatever happens to it is noticed.

use bytes::Bytes;
use std::io;
use tempfile::TempDir;
use zonebook_codec::envelope::{self, Kind};
use zonebook_store::archive::{Archive, ArchiveFolder, Range};
use zonebook_store::log::{Done, Log, LogRecord, LogState, Poisoned};

/// A log that holds some entries and can only be read, a few at a time.
struct Entries(Vec<LogRecord>);

impl Entries {
    fn of(range: std::ops::Range<u64>) -> Self {
        let entry = |index: u64| {
            let bytes =
                envelope::seal(Kind::LogEntry, format!("entry {index}, much like the others").as_bytes());
            LogRecord { index, bytes: bytes.into() }
        };
        Self(range.map(entry).collect())
    }
}

impl Log for Entries {
    fn state(&self) -> io::Result<LogState> {
        Ok(LogState::default())
    }
    fn read(&self, from: u64, to: u64, _: usize) -> io::Result<Vec<LogRecord>> {
        let wanted = self.0.iter().filter(|record| (from..to).contains(&record.index));
        Ok(wanted.take(3).cloned().collect())
    }
    fn append(&self, _: Vec<LogRecord>, _: Done) {}
    fn save_vote(&self, _: Bytes, _: Done) {}
    fn save_committed(&self, _: Bytes) {}
    fn truncate_after(&self, _: Option<u64>) {}
    fn purge(&self, _: u64, _: Bytes) {}
    fn on_poisoned(&self, _: Poisoned) {}
}

const RANGE: Range = Range { first: 8, last: 15 };

fn sealed() -> (TempDir, ArchiveFolder) {
    let folder = TempDir::new().unwrap();
    let archive = ArchiveFolder::open(folder.path()).unwrap();
    archive.seal(RANGE, &Entries::of(0..20)).unwrap();
    (folder, archive)
}

fn file(folder: &TempDir, ending: &str) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.display().to_string().ends_with(ending)).unwrap()
}

#[test]
fn what_is_sealed_comes_back() {
    let (_folder, archive) = sealed();
    assert!(archive.is_sealed(RANGE).unwrap());
    assert_eq!(archive.read(RANGE).unwrap(), Entries::of(8..16).0);
    assert!(!archive.is_sealed(Range { first: 0, last: 7 }).unwrap());
}

#[test]
fn all_nodes_seal_the_same_bytes() {
    let (one, _) = sealed();
    let (other, _) = sealed();
    let bytes = |folder| std::fs::read(file(folder, ".zst")).unwrap();
    assert_eq!(bytes(&one), bytes(&other));
}

#[test]
fn a_log_with_a_gap_is_not_sealed() {
    let folder = TempDir::new().unwrap();
    let archive = ArchiveFolder::open(folder.path()).unwrap();
    let error = archive.seal(RANGE, &Entries::of(0..12)).unwrap_err();
    assert!(error.to_string().contains("lacks entry 12"), "{error}");
    assert!(!archive.is_sealed(RANGE).unwrap());
    drop(ArchiveFolder::open(folder.path()).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "what was unfinished is gone");
}

#[test]
fn every_flipped_byte_is_noticed() {
    let (folder, archive) = sealed();
    for ending in [".zst", ".sha256"] {
        let path = file(&folder, ending);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x40;
            std::fs::write(&path, &damaged).unwrap();
            assert!(archive.read(RANGE).is_err(), "byte {at} of {}", path.display());
        }
        std::fs::write(&path, &whole).unwrap();
    }
    assert!(archive.read(RANGE).is_ok());
}
