//! Rows that the applier read or wrote lately, so that a hot position is not looked for in the tables again.
//!
//! Only the applier writes the state, so what it wrote last is what stands there; readers have views of their own and
//! never see this.

use quick_cache::unsync::Cache;
use rustc_hash::FxBuildHasher;
use std::cell::RefCell;
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Order, Read, Row, Visit, Writes};

/// About 400 bytes each.
const ROWS: usize = 200_000;

type Rows = Cache<Key, Row, quick_cache::UnitWeighter, FxBuildHasher>;

/// Rows by key.
pub struct RowCache(RefCell<Rows>);

impl RowCache {
    pub fn new() -> Self {
        let rows = Rows::with(
            ROWS,
            ROWS as u64,
            quick_cache::UnitWeighter,
            FxBuildHasher,
            quick_cache::unsync::DefaultLifecycle::default(),
        );
        Self(RefCell::new(rows))
    }

    /// Takes over what was written, and leaves its room empty.
    pub fn merge(&self, writes: &mut Writes) {
        let mut rows = self.0.borrow_mut();
        for (key, change) in writes.drain(..) {
            match (change, &key) {
                // Read once at most: they would only drive out what is read again.
                (Some(_), Key::Journal(_) | Key::Event(_) | Key::BookMovement(_)) => {}
                (Some(row), _) => rows.insert(key, row),
                (None, _) => drop(rows.remove(&key)),
            }
        }
    }

    /// Forgets everything: the state was replaced.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
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

impl Read for CachedRead<'_> {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        if let Some(row) = self.cache.0.borrow_mut().get(key) {
            return Ok(Some(row.clone()));
        }
        let found = self.state.row(key)?;
        if let Some(row) = &found {
            self.cache.0.borrow_mut().insert(key.clone(), row.clone());
        }
        Ok(found)
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        self.state.scan(from, to, order, visit)
    }
}
