//! All rows of a state, one after the other: to check each of them, and to compare two states.

use crate::database::Database;
use crate::rocks_state::MARK_KEY;
use crate::view::{RocksView, fault};
use bytes::Bytes;
use rocksdb::{IteratorMode, ReadOptions};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use zonebook_codec::{key, row};
use zonebook_ledger::error::Fault;
use zonebook_ledger::state::{Key, Row};

/// The tables of a state.
pub struct StateTables(Arc<Database>);

/// A row as it is stored: key and value.
type StoredRow = (Box<[u8]>, Box<[u8]>);

/// The first row in which two states differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// Its key.
    pub key: Key,
    /// What the first of them has there.
    pub first: Option<Row>,
    /// What the second has there.
    pub second: Option<Row>,
}

/// Rows are looked up so many at a time.
const LOOKUPS: usize = 1_000;
/// Rows are printed up to this length: an event may be long.
const SHOWN_CHARACTERS_MAX: usize = 600;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |row: &Option<Row>| {
            let text = row.as_ref().map_or_else(|| "nothing".to_owned(), |row| format!("{row:?}"));
            match text.char_indices().nth(SHOWN_CHARACTERS_MAX) {
                Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
                None => text,
            }
        };
        let (first, second) = (shown(&self.first), shown(&self.second));
        write!(f, "table {}, {:?}: {first} against {second}", self.table, self.key)
    }
}

impl StateTables {
    pub(crate) fn new(database: Arc<Database>) -> Self {
        Self(database)
    }

    /// The mark of how far the state has come; `None` for an empty one.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn mark(&self) -> Result<Option<Bytes>, Fault> {
        Ok(self.0.get(MARK_KEY).map_err(fault)?.map(Bytes::from))
    }

    /// For queries.
    #[must_use]
    pub fn view(&self) -> RocksView {
        RocksView::of(Arc::clone(&self.0))
    }

    /// Reads every row, and every block of every file with its checksum; says how many rows there are.
    ///
    /// # Errors
    /// A file is damaged, or a row is not one; the text names it.
    pub fn check(&self) -> Result<u64, Fault> {
        // Of files whose rows are all hidden by newer ones, too.
        for file in self.0.live_files().map_err(fault)? {
            for at in [file.start_key, file.end_key].into_iter().flatten() {
                self.0.get_pinned(&at).map_err(|error| fault(format!("{}: {error}", file.name)))?;
            }
        }
        let (mut rows, mut scanned) = (0, Vec::with_capacity(LOOKUPS));
        for stored in self.rows() {
            let (at, value) = stored?;
            open(&at, &value)?;
            scanned.push((at, value));
            rows += 1;
            if scanned.len() == LOOKUPS {
                self.look_up(std::mem::take(&mut scanned))?;
            }
        }
        self.look_up(scanned)?;
        Ok(rows)
    }

    /// A lookup reads what a scan does not: the filters, piece by piece. It must find what the scan found.
    fn look_up(&self, scanned: Vec<StoredRow>) -> Result<(), Fault> {
        let found = self.0.multi_get(scanned.iter().map(|(at, _)| at));
        for ((at, value), found) in scanned.iter().zip(found) {
            if found.map_err(fault)?.as_deref() != Some(value) {
                return Err(Fault(format!("row {}: a scan finds it, a lookup does not", hex(at))));
            }
        }
        Ok(())
    }

    /// The first row in which two states differ. What stands beside the tables, how far each has come, is not compared.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Fault> {
        let (mut ours, mut theirs) = (self.rows(), other.rows());
        let (mut our, mut their) = (ours.next().transpose()?, theirs.next().transpose()?);
        loop {
            let order = match (&our, &their) {
                (None, None) => return Ok(None),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((a, _)), Some((b, _))) => a.cmp(b),
            };
            let (first, second) = match order {
                Ordering::Less => (our.as_ref(), None),
                Ordering::Greater => (None, their.as_ref()),
                Ordering::Equal => (our.as_ref(), their.as_ref()),
            };
            if let Some(difference) = differ(first, second)? {
                return Ok(Some(difference));
            }
            our = ours.next().transpose()?;
            their = theirs.next().transpose()?;
        }
    }

    fn rows(&self) -> impl Iterator<Item = Result<StoredRow, Fault>> + '_ {
        let mut options = ReadOptions::default();
        options.set_verify_checksums(true);
        options.fill_cache(false);
        // Above the mark, which is no row.
        options.set_iterate_lower_bound([MARK_KEY, &[0]].concat());
        self.0.iterator_opt(IteratorMode::Start, options).map(|entry| entry.map_err(fault))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn open(at: &[u8], value: &[u8]) -> Result<(Key, Row), Fault> {
    let damaged = |error: zonebook_codec::Error| Fault(format!("row {}: {error}", hex(at)));
    let table = at.first().copied().unwrap_or(0);
    Ok((key::decode(at).map_err(damaged)?, row::decode(table, value).map_err(damaged)?))
}

/// Equal bytes are equal rows. Rows that were written by different releases may be equal all the same.
fn differ(first: Option<&StoredRow>, second: Option<&StoredRow>) -> Result<Option<Difference>, Fault> {
    if first == second {
        return Ok(None);
    }
    let opened = |stored: Option<&StoredRow>| stored.map(|(at, value)| open(at, value)).transpose();
    let (first, second) = (opened(first)?, opened(second)?);
    let Some((key, _)) = first.as_ref().or(second.as_ref()) else { return Ok(None) };
    let (key, first, second) =
        (key.clone(), first.as_ref().map(|(_, row)| row), second.as_ref().map(|(_, row)| row));
    if first == second {
        return Ok(None);
    }
    Ok(Some(Difference { table: key.table(), key, first: first.cloned(), second: second.cloned() }))
}
