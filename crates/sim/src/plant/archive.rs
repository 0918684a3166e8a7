//! An archive that forgets.

use super::Plant;
use std::io;
use std::sync::Arc;
use zonebook_store::archive::{Archive, Range};
use zonebook_store::log::Log;

/// An archive with a bug in it, if there is one for it.
pub fn planted(plant: Option<Plant>, archive: Arc<dyn Archive>) -> Arc<dyn Archive> {
    if plant == Some(Plant::LoseSegment) { Arc::new(Forgetful(archive)) } else { archive }
}

struct Forgetful(Arc<dyn Archive>);

/// Every third segment.
fn is_forgotten(range: Range) -> bool {
    (range.last + 1) / (range.last + 1 - range.first) % 3 == 2
}

impl Archive for Forgetful {
    fn is_sealed(&self, range: Range) -> io::Result<bool> {
        Ok(is_forgotten(range) || self.0.is_sealed(range)?)
    }

    fn seal(&self, range: Range, log: &dyn Log) -> io::Result<()> {
        if is_forgotten(range) { Ok(()) } else { self.0.seal(range, log) }
    }
}
