//! The generation of the state in force: a damaged name brings back no old one, and destroys none.

use bytes::Bytes;
use std::path::Path;
use tempfile::TempDir;
use zonebook_ledger::state::Writes;
use zonebook_store::RocksState;
use zonebook_store::state::StateStore;

fn opened(folder: &Path) -> std::io::Result<Option<Bytes>> {
    let state = RocksState::open(folder)?;
    let mark = state.mark().map_err(std::io::Error::other);
    let openness = state.openness();
    drop(state);
    while !openness.is_closed() {
        std::thread::yield_now();
    }
    mark
}

fn written() -> TempDir {
    let folder = TempDir::new().unwrap();
    let state = RocksState::open(folder.path()).unwrap();
    state.write(&Writes::default(), Bytes::from_static(b"mark")).unwrap();
    state.flush().unwrap();
    folder
}

#[test]
fn a_damaged_name_destroys_nothing() {
    let folder = written();
    let current = folder.path().join("CURRENT");
    let whole = std::fs::read(&current).unwrap();
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << bit;
            std::fs::write(&current, &damaged).unwrap();
            assert!(opened(folder.path()).is_err(), "{:?}", String::from_utf8_lossy(&damaged));
        }
    }
    std::fs::remove_file(&current).unwrap();
    let missing = opened(folder.path()).unwrap_err().to_string();
    assert!(missing.contains("missing, though there is a state"), "{missing}");
    std::fs::write(&current, &whole).unwrap();
    assert_eq!(opened(folder.path()).unwrap(), Some(Bytes::from_static(b"mark")));
}

#[test]
fn the_former_form_is_read() {
    let folder = written();
    let current = folder.path().join("CURRENT");
    std::fs::write(&current, "1\n").unwrap();
    assert_eq!(opened(folder.path()).unwrap(), Some(Bytes::from_static(b"mark")));
    std::fs::write(&current, "3\n").unwrap();
    let error = opened(folder.path()).unwrap_err().to_string();
    assert!(error.contains("names generation 3, which is not there"), "{error}");
    assert!(folder.path().join("ledger/1").is_dir());
}
