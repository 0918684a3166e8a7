//! A database that tells when it is closed.
//!
//! RocksDB's destructor waits for its background threads. A process that ends meanwhile dies in their hands, so who stops
//! must know when the destructor is through; the count of an `Arc` around the database says only that it has begun.

use crate::files::make_folder;
use crate::records;
use rocksdb::{DB, Options};
use std::io;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Weak};

/// What all databases of a store hold while they are open.
#[derive(Clone, Default)]
pub(crate) struct Open(Arc<()>);

impl Open {
    pub(crate) fn openness(&self) -> Openness {
        Openness(Arc::downgrade(&self.0))
    }
}

/// An open database.
pub(crate) struct Database {
    // Fields are dropped in this order: the token goes when the destructor is through.
    database: DB,
    _open: Open,
}

/// Whether any database of a store is still open, without keeping it so.
#[derive(Clone, Debug)]
pub struct Openness(Weak<()>);

impl Openness {
    /// Whether all destructors are through.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.strong_count() == 0
    }
}

impl Database {
    pub(crate) fn open(options: &Options, path: &Path, open: &Open) -> io::Result<Self> {
        make_folder(path)?;
        records::check(path)?;
        let database = DB::open(options, path).map_err(io::Error::other)?;
        Ok(Self { database, _open: open.clone() })
    }

    /// Opens one without changing a byte of it.
    pub(crate) fn open_read_only(options: &Options, path: &Path) -> io::Result<Self> {
        records::inspect(path)?;
        let database = DB::open_for_read_only(options, path, false).map_err(io::Error::other)?;
        Ok(Self { database, _open: Open::default() })
    }
}

impl Deref for Database {
    type Target = DB;

    fn deref(&self) -> &DB {
        &self.database
    }
}
