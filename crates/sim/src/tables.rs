//! Rows with the versions that they had, so that a view costs nothing and any earlier moment can be read.

use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Order, Read, Row, Visit, Writes};
use zonebook_store::state::View;

/// A row at the versions at which it changed; `None` where it was removed.
type History = Vec<(u64, Option<Row>)>;

/// All rows, with their past.
#[derive(Default)]
pub struct Tables {
    rows: BTreeMap<Key, History>,
}

impl Tables {
    /// Changes rows at a version, which is not below any before.
    pub fn write<'a>(&mut self, version: u64, writes: impl IntoIterator<Item = (&'a Key, &'a Option<Row>)>) {
        for (key, change) in writes {
            self.rows.entry(key.clone()).or_default().push((version, change.clone()));
        }
    }

    /// Forgets everything after a version.
    pub fn go_back(&mut self, version: u64) {
        for history in self.rows.values_mut() {
            history.retain(|(written, _)| *written <= version);
        }
        self.rows.retain(|_, history| !history.is_empty());
    }

    /// The rows at a version, in order.
    pub fn rows(&self, version: u64) -> impl Iterator<Item = (&Key, &Row)> {
        self.rows.iter().filter_map(move |(key, history)| Some((key, at(history, version)?.as_ref()?)))
    }

    /// A row at a version.
    #[must_use]
    pub fn row(&self, key: &Key, version: u64) -> Option<&Row> {
        at(self.rows.get(key)?, version)?.as_ref()
    }
}

/// What stood at a version.
pub fn at<T>(history: &[(u64, T)], version: u64) -> Option<&T> {
    let after = history.partition_point(|(written, _)| *written <= version);
    history.get(after.checked_sub(1)?).map(|(_, value)| value)
}

/// The rows at one version.
pub struct Moment {
    /// With their past.
    pub tables: Arc<RwLock<Tables>>,
    /// Which.
    pub version: u64,
}

impl Moment {
    /// All rows, in order.
    #[must_use]
    pub fn all(&self) -> Vec<(Key, Row)> {
        let tables = self.tables.read();
        tables.rows(self.version).map(|(key, row)| (key.clone(), row.clone())).collect()
    }
}

impl View for Moment {}

impl Read for Moment {
    fn row(&self, key: &Key) -> Result<Option<Row>, Fault> {
        Ok(self.tables.read().row(key, self.version).cloned())
    }

    fn scan(
        &self,
        from: &Key,
        to: &Key,
        order: Order,
        visit: &mut dyn FnMut(Key, Row) -> Visit,
    ) -> Result<(), Fault> {
        let tables = self.tables.read();
        let mut range = tables.rows.range(from.clone()..=to.clone());
        while let Some((key, history)) = order.next(&mut range) {
            if let Some(Some(row)) = at(history, self.version)
                && visit(key.clone(), row.clone()).is_break()
            {
                break;
            }
        }
        Ok(())
    }
}

/// What differs between what was written and what should have been, for messages; nothing if they are the same.
#[must_use]
pub fn difference(found: &Writes, due: &Writes) -> Option<String> {
    let differs = |(key, change): &(&Key, &Option<Row>)| due.get(*key) != Some(*change);
    let wrong = found.iter().find(differs).map(|(key, _)| key);
    let lacking = || due.keys().find(|key| !found.contains_key(*key));
    wrong.or_else(lacking).map(|key| format!("{key:?}: {:?} in place of {:?}", found.get(key), due.get(key)))
}
