//! Rows that the applier read or wrote lately, so that a hot position is not looked for in the tables again.
//!
//! Only the applier writes the state, so what it wrote last is what stands there; readers have views of their own and
//! never see this.

use compact_str::CompactString;
use quick_cache::UnitWeighter;
use quick_cache::unsync::{Cache, DefaultLifecycle};
use rustc_hash::FxBuildHasher;
use std::cell::RefCell;
use std::sync::Arc;
use zonebook_ledger::error::Fault;
use zonebook_ledger::reference::{ReferenceKey, ReferenceKind};
use zonebook_ledger::state::{Key, Order, Read, Row, Visit, Writes};
use zonebook_ledger::time::Date;

/// About 400 bytes each.
const ROWS: usize = 200_000;
/// Codes of reference data with their dated rows, mostly one or none.
const CODES: usize = 20_000;

type Entries<K, V> = Cache<K, V, UnitWeighter, FxBuildHasher>;

/// What stands under a key; `None`: nothing.
type Known = Option<Row>;

/// What reference data says of a code, and the rows that say it, in order of their first day.
type Code = (ReferenceKind, CompactString);
type Dated = Arc<[(Date, Row)]>;

fn entries<K: Eq + std::hash::Hash, V>(count: usize) -> Entries<K, V> {
    let lifecycle = DefaultLifecycle::default();
    Entries::with(count, count as u64, UnitWeighter, FxBuildHasher, lifecycle)
}

/// Whether a row is likely to be read again. Others would only drive out what is: what is written once for those who
/// read, and what says that a number was seen, which the tables tell in time for the few that come twice.
const fn is_read_again(key: &Key) -> bool {
    !matches!(
        key,
        Key::Journal(_)
            | Key::Event(_)
            | Key::BookMovement(_)
            | Key::Request(_)
            | Key::FiledDocument(_)
            | Key::Message(_)
            | Key::Original(_)
            | Key::DocumentMessage(_)
            | Key::Receipt(_)
            | Key::Deadline(_)
            | Key::LayerMoment(_)
            | Key::Overdraft(_)
    )
}

/// Rows by key, those that are not there included.
pub struct RowCache {
    rows: RefCell<Entries<Key, Known>>,
    codes: RefCell<Entries<Code, Dated>>,
}

impl RowCache {
    pub fn new() -> Self {
        let mut rows = entries(ROWS);
        // At once: it would double ever again while it fills, and each time copy all that it has.
        rows.reserve(ROWS);
        Self { rows: RefCell::new(rows), codes: RefCell::new(entries(CODES)) }
    }

    /// Takes over what was written, and leaves its room empty.
    pub fn merge(&self, writes: &mut Writes) {
        let (mut rows, mut codes) = (self.rows.borrow_mut(), self.codes.borrow_mut());
        for (key, change) in writes.drain(..) {
            if let Key::Reference(ReferenceKey { kind, code, .. }) = &key {
                codes.remove(&(*kind, code.clone()));
            }
            if is_read_again(&key) {
                rows.insert(key, change);
            }
        }
    }

    /// Forgets everything: the state was replaced.
    pub fn clear(&self) {
        self.rows.borrow_mut().clear();
        self.codes.borrow_mut().clear();
    }

    /// A state, read through this.
    pub fn over<'a>(&'a self, state: &'a dyn Read) -> CachedRead<'a> {
        CachedRead { cache: self, state }
    }
}

/// A state that is read through a cache.
pub struct CachedRead<'a> {
    cache: &'a RowCache,
    state: &'a dyn Read,
}

impl CachedRead<'_> {
    /// All dated rows of a code.
    fn dated(&self, kind: ReferenceKind, code: &CompactString) -> Result<Dated, Fault> {
        let wanted = (kind, code.clone());
        if let Some(dated) = self.cache.codes.borrow_mut().get(&wanted) {
            return Ok(Arc::clone(dated));
        }
        let key = |from| Key::Reference(ReferenceKey { kind, code: code.clone(), from });
        let mut dated = Vec::new();
        self.state.scan(&key(Date(i32::MIN)), &key(Date(i32::MAX)), Order::Forward, &mut |key, row| {
            if let Key::Reference(key) = key {
                dated.push((key.from, row));
            }
            Visit::Continue(())
        })?;
        let dated: Dated = dated.into();
        self.cache.codes.borrow_mut().insert(wanted, Arc::clone(&dated));
        Ok(dated)
    }
}

impl Read for CachedRead<'_> {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        if !is_read_again(key) {
            return self.state.row(key);
        }
        if let Some(known) = self.cache.rows.borrow_mut().get(key) {
            return Ok(known.clone());
        }
        let found = self.state.row(key)?;
        self.cache.rows.borrow_mut().insert(key.clone(), found.clone());
        Ok(found)
    }

    /// What holds of a code on a day is asked for each line of a list; other ranges are read where they are.
    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        let (Key::Reference(low), Key::Reference(high)) = (from, to) else {
            return self.state.scan(from, to, order, visit);
        };
        if (low.kind, &low.code) != (high.kind, &high.code) {
            return self.state.scan(from, to, order, visit);
        }
        let dated = self.dated(low.kind, &low.code)?;
        let mut within = dated.iter().filter(|(day, _)| (low.from..=high.from).contains(day));
        while let Some((day, row)) = order.next(&mut within) {
            let key = Key::Reference(ReferenceKey { from: *day, ..low.clone() });
            if visit(key, row.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use zonebook_ledger::outcome::Revision;
    use zonebook_ledger::reference::{Reference, ReferenceRow};
    use zonebook_ledger::state::MemoryState;

    /// A state that counts how often it is asked.
    #[derive(Default)]
    struct Asked {
        state: MemoryState,
        times: Cell<usize>,
    }

    impl Read for Asked {
        fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
            self.times.set(self.times.get() + 1);
            self.state.row(key)
        }

        fn scan(
            &self,
            from: &Key,
            to: &Key,
            order: Order,
            visit: &mut dyn FnMut(Key, Row) -> Visit,
        ) -> Result<(), Fault> {
            self.times.set(self.times.get() + 1);
            self.state.scan(from, to, order, visit)
        }
    }

    /// Currencies stand for any rows.
    fn key(code: &str, from: i32) -> Key {
        Key::Reference(ReferenceKey { kind: ReferenceKind::Currency, code: code.into(), from: Date(from) })
    }

    fn named(name: &str) -> Row {
        let row =
            ReferenceRow::Named { iso: "CNY".into(), name_zh: "人民币".into(), name_en: name.into() };
        Row::Reference(Arc::new(Reference { row, source: "table".into(), line: 1, revision: Revision(1) }))
    }

    fn write(cache: &RowCache, asked: &mut Asked, key: Key, row: Option<Row>) {
        let mut writes = Writes::from_iter([(key, row)]);
        asked.state.merge(writes.clone());
        cache.merge(&mut writes);
        assert!(writes.is_empty());
    }

    fn days(cache: &RowCache, asked: &Asked, (from, to): (i32, i32), order: Order) -> Vec<i32> {
        let mut days = Vec::new();
        let scanned = cache.over(asked).scan(&key("142", from), &key("142", to), order, &mut |key, _| {
            days.extend(if let Key::Reference(key) = key { Some(key.from.0) } else { None });
            Visit::Continue(())
        });
        scanned.expect("memory is read");
        days
    }

    #[test]
    fn a_row_is_what_was_written_last_and_is_asked_for_once() {
        let (cache, mut asked) = (RowCache::new(), Asked::default());
        let row = |asked: &Asked| cache.over(asked).row(&key("142", 1)).expect("memory is read");
        assert_eq!((row(&asked), row(&asked)), (None, None));
        assert_eq!(asked.times.get(), 1, "what is not there is known not to be there");
        for written in [Some(named("first")), Some(named("second")), None] {
            write(&cache, &mut asked, key("142", 1), written.clone());
            assert_eq!(row(&asked), written);
        }
        assert_eq!(asked.times.get(), 1);
        cache.clear();
        row(&asked);
        assert_eq!(asked.times.get(), 2);
    }

    #[test]
    fn what_is_said_of_a_code_is_scanned_once_until_more_is_said() {
        let (cache, mut asked) = (RowCache::new(), Asked::default());
        for day in [1, 2, 5] {
            write(&cache, &mut asked, key("142", day), Some(named("yuan")));
            write(&cache, &mut asked, key("143", day), Some(named("another")));
        }
        assert_eq!(days(&cache, &asked, (i32::MIN, 4), Order::Backward), [2, 1]);
        assert_eq!(days(&cache, &asked, (2, 5), Order::Forward), [2, 5]);
        assert_eq!(days(&cache, &asked, (3, 4), Order::Forward), []);
        assert_eq!(asked.times.get(), 1);
        write(&cache, &mut asked, key("142", 3), Some(named("yuan")));
        write(&cache, &mut asked, key("142", 2), None);
        assert_eq!(days(&cache, &asked, (i32::MIN, i32::MAX), Order::Forward), [1, 3, 5]);
        assert_eq!(asked.times.get(), 2);
    }
}
