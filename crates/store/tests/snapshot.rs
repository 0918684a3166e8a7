//! A snapshot on its way to another node: it brings every row of every table and nothing else, and whatever was damaged,
//! lost or doubled on the way is not let in.

#[path = "../../codec/tests/common/mod.rs"]
mod samples;

use bytes::Bytes;
use samples::{Seed, every_table};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zonebook_ledger::state::{Key, Row, Writes};
use zonebook_store::RocksState;
use zonebook_store::snapshot::{Frame, SnapshotReader, SnapshotReceiver};
use zonebook_store::state::{Snapshot, StateStore};

fn rows_of(number: u64) -> Vec<(Key, Row)> {
    every_table(&Seed { code: "T1".into(), text: format!("text {number}"), number, raw: 7, full: true })
}

fn write(state: &RocksState, rows: &[(Key, Row)], mark: &'static str) {
    let rows = rows.iter().map(|(key, row)| (key.clone(), Some(row.clone())));
    state.write(&Writes::from_iter(rows), Bytes::from_static(mark.as_bytes())).unwrap();
}

/// A node's state, in more than one file.
struct Kept {
    folder: TempDir,
    state: RocksState,
}

impl Kept {
    fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let state = RocksState::open(folder.path()).unwrap();
        Self { folder, state }
    }

    /// Something of every table, twice; and what is not in it any more.
    fn full() -> Self {
        let kept = Self::empty();
        write(&kept.state, &rows_of(1), "first");
        kept.state.flush().unwrap();
        write(&kept.state, &rows_of(2), "second");
        let (gone, _) = rows_of(1).pop().unwrap();
        kept.state.write(&Writes::from_iter([(gone, None)]), Bytes::from_static(b"mark")).unwrap();
        kept
    }

    /// One that has come elsewhere: rows that the other lacks.
    fn astray() -> Self {
        let kept = Self::empty();
        write(&kept.state, &rows_of(3), "astray");
        kept
    }

    fn snapshot(&self) -> Snapshot {
        let mark = self.state.mark().unwrap().unwrap();
        self.state.pin(mark).unwrap().finish().unwrap()
    }

    fn receiving(&self) -> PathBuf {
        self.folder.path().join("snapshots/unfinished-incoming-0")
    }

    fn received(&self, frames: impl IntoIterator<Item = Frame>) -> std::io::Result<Snapshot> {
        let mut receiver = SnapshotReceiver::new(&self.receiving())?;
        for frame in frames {
            receiver.accept(frame)?;
        }
        receiver.finish()
    }

    fn has_all_of(&self, other: &Self) {
        assert_eq!(self.state.mark(), other.state.mark());
        let difference = self.state.tables().first_difference(&other.state.tables()).unwrap();
        assert!(difference.is_none(), "{}", difference.unwrap());
    }

    fn reopened(self) -> Self {
        let Self { folder, state } = self;
        drop(state);
        let state = RocksState::open(folder.path()).unwrap();
        Self { folder, state }
    }
}

fn frames(snapshot: &Snapshot) -> Vec<Frame> {
    SnapshotReader::open(snapshot).unwrap().map(Result::unwrap).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Places in something: some fifty, its ends among them.
fn places(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by((length / 50).max(1)).chain(length.checked_sub(1))
}

#[test]
fn every_row_of_every_table_comes_and_nothing_else_stays() {
    let (from, to) = (Kept::full(), Kept::astray());
    let received = to.received(frames(&from.snapshot())).unwrap();
    // What is written while it travels is not in it.
    let (late, row) = rows_of(4).remove(0);
    let before = from.state.view().row(&late).unwrap();
    from.state.write(&Writes::from_iter([(late.clone(), Some(row))]), Bytes::from_static(b"late")).unwrap();
    to.state.install(received).unwrap();
    from.state.write(&Writes::from_iter([(late, before)]), Bytes::from_static(b"mark")).unwrap();
    to.has_all_of(&from);
    let tables: std::collections::BTreeSet<_> = rows_of(2).iter().map(|(key, _)| key.table()).collect();
    assert_eq!(tables.len(), rows_of(2).len(), "a row of each table");
    assert!(to.state.tables().check().unwrap() > tables.len() as u64);
    to.reopened().has_all_of(&from);
}

#[test]
fn what_changed_on_the_way_is_refused() {
    let (from, to) = (Kept::full(), Kept::astray());
    let whole = frames(&from.snapshot());
    let mut tried = 0;
    for at in 0..whole.len() {
        let length = match &whole[at] {
            Frame::Manifest(bytes) | Frame::Chunk { bytes, .. } => bytes.len(),
            Frame::Memory { .. } | Frame::End => 0,
        };
        for place in places(length) {
            let mut damaged = whole.clone();
            if let Frame::Manifest(bytes) | Frame::Chunk { bytes, .. } = &mut damaged[at] {
                bytes[place] ^= 0x04;
            }
            assert!(to.received(damaged).is_err(), "byte {place} of frame {at}");
            assert!(!to.receiving().exists(), "what is refused takes no room");
            tried += 1;
        }
        let mut without = whole.clone();
        without.remove(at);
        assert!(to.received(without).is_err(), "without frame {at}");
        if matches!(whole[at], Frame::Chunk { .. }) {
            let mut doubled = whole.clone();
            doubled.insert(at, whole[at].clone());
            assert!(to.received(doubled).is_err(), "frame {at} twice");
        }
    }
    assert!(tried > 200, "{tried} bytes were changed");
    to.has_all_of(&Kept::astray());
    // Asked for again it comes.
    to.state.install(to.received(whole).unwrap()).unwrap();
    to.has_all_of(&from);
}

#[test]
fn what_rots_after_it_came_is_not_installed() {
    let (from, to) = (Kept::full(), Kept::astray());
    let whole = frames(&from.snapshot());
    to.received(whole.clone()).unwrap();
    let mut tables = 0;
    for path in files(&to.receiving()) {
        let received = to.received(whole.clone()).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        match bytes.get_mut(middle) {
            Some(byte) => *byte ^= 0x04,
            None => bytes.push(0x04),
        }
        std::fs::write(&path, bytes).unwrap();
        assert!(to.state.install(received).is_err(), "{} was damaged", path.display());
        tables += usize::from(path.extension().is_some_and(|ending| ending == "sst"));
    }
    assert!(tables > 1, "{tables} tables came");
    assert_eq!(to.state.latest_snapshot().unwrap(), None);
    let to = to.reopened();
    to.has_all_of(&Kept::astray());
    to.state.install(to.received(whole).unwrap()).unwrap();
    to.has_all_of(&from);
}
