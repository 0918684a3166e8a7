//! An archive that keeps nothing but what must be the same on every node.

use crate::oracle::Oracle;
use std::io;
use zonebook_codec::envelope::{self, Kind};
use zonebook_store::archive::{Archive, Range, each_entry};
use zonebook_store::log::Log;

/// The archive of one node: outlives the crashes of its host, as what it seals is durable at once.
pub struct SimulatedArchive {
    /// Whose.
    pub node_id: u64,
    /// What it seals is shown to.
    pub oracle: Oracle,
}

impl Archive for SimulatedArchive {
    fn is_sealed(&self, range: Range) -> io::Result<bool> {
        Ok(self.oracle.is_sealed(self.node_id, range))
    }

    fn seal(&self, range: Range, log: &dyn Log) -> io::Result<()> {
        let mut entries = Vec::new();
        each_entry(log, range, |record| {
            // As the archive on disk, which is read back.
            envelope::open(Kind::LogEntry, &record.bytes).map_err(io::Error::other)?;
            entries.push(record.bytes.clone());
            Ok(())
        })?;
        self.oracle.sealed(self.node_id, range, &entries);
        Ok(())
    }
}
