//! A view is the state at its moment, also for work that keeps nothing of what it reads in the cache.

use bytes::Bytes;
use std::sync::Arc;
use tempfile::TempDir;
use zonebook_ledger::code::{BookNo, PartNo};
use zonebook_ledger::state::{Key, Order, Row, Visit, Writes};
use zonebook_store::RocksState;
use zonebook_store::state::{StateStore, View};

/// Rows of parts of a book stand for any rows: all there is to one is that it is there.
fn key(number: u64) -> Key {
    let (book, part) = (BookNo::new("B").unwrap(), PartNo::new("P").unwrap());
    Key::Part((book, part, number))
}

fn numbers(view: &dyn View) -> Vec<Key> {
    let mut found = Vec::new();
    let all = view.scan(&key(0), &key(u64::MAX), Order::Forward, &mut |key, _| {
        found.push(key);
        Visit::Continue(())
    });
    all.unwrap();
    found
}

#[test]
fn the_moment_stays_when_the_cache_is_passed_by() {
    let folder = TempDir::new().unwrap();
    let state = RocksState::open(folder.path()).unwrap();
    let write = |number, row: Option<Row>| {
        state.write(&Writes::from_iter([(key(number), row)]), Bytes::from_static(b"mark")).unwrap();
    };
    write(1, Some(Row::Part(())));
    state.flush().unwrap();
    write(2, Some(Row::Part(())));
    let view = state.view();
    write(1, None);
    write(3, Some(Row::Part(())));
    let passing: Arc<dyn View> = view.in_passing().expect("RocksDB has a cache");
    drop(view);
    assert_eq!(numbers(&*passing), [key(1), key(2)]);
    assert_eq!(passing.row(&key(1)).unwrap(), Some(Row::Part(())));
    assert_eq!(passing.row(&key(3)).unwrap(), None);
    assert_eq!(numbers(&*state.view()), [key(2), key(3)]);
}
