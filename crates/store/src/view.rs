//! The state in RocksDB at one moment.

use crate::database::Database;
use crate::state::View;
use rocksdb::{DB, Direction, IteratorMode, ReadOptions, SnapshotWithThreadMode};
use self_cell::self_cell;
use std::fmt;
use std::sync::Arc;
use zonebook_codec::{key, row};
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Order, Read, Row, Visit};

type DatabaseSnapshot<'a> = SnapshotWithThreadMode<'a, DB>;

self_cell! {
    struct Pin {
        owner: Arc<Database>,
        #[not_covariant]
        dependent: DatabaseSnapshot,
    }
}

/// A snapshot that keeps its database open.
pub struct RocksView {
    pin: Arc<Pin>,
    /// Whether blocks that are read stay in the cache.
    fills_cache: bool,
}

impl RocksView {
    /// The state as it is now.
    #[must_use]
    pub(crate) fn of(database: Arc<Database>) -> Self {
        Self { pin: Arc::new(Pin::new(database, |database| database.snapshot())), fills_cache: true }
    }

    fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        options.fill_cache(self.fills_cache);
        options
    }
}

impl View for RocksView {
    fn in_passing(&self) -> Option<Arc<dyn View>> {
        Some(Arc::new(Self { pin: Arc::clone(&self.pin), fills_cache: false }))
    }
}

pub(crate) fn fault(error: impl fmt::Display) -> Fault {
    Fault(error.to_string())
}

fn decode(at: &[u8], stored: &[u8]) -> Result<Row, Fault> {
    let table = at.first().copied().unwrap_or(0);
    row::decode(table, stored).map_err(fault)
}

impl Read for RocksView {
    fn row(&self, wanted: &Key) -> Result<Option<Row>, Fault> {
        let at = key::encode(wanted);
        self.pin.with_dependent(|_, snapshot| {
            let stored = snapshot.get_pinned_opt(&at, self.options()).map_err(fault)?;
            stored.map(|stored| decode(&at, &stored)).transpose()
        })
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        let (low, high) = (key::encode(from), key::encode(to));
        self.pin.with_dependent(|_, snapshot| {
            let mut options = self.options();
            options.set_iterate_lower_bound(low.clone());
            // The upper bound of RocksDB is exclusive: the smallest key above `high`.
            options.set_iterate_upper_bound([&high[..], &[0]].concat());
            let mode = match order {
                Order::Forward => IteratorMode::From(&low, Direction::Forward),
                Order::Backward => IteratorMode::From(&high, Direction::Reverse),
            };
            for entry in snapshot.iterator_opt(mode, options) {
                let (at, stored) = entry.map_err(fault)?;
                if visit(key::decode(&at).map_err(fault)?, decode(&at, &stored)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}
