//! Makes the archive of a node that joined later whole: what was purged before it came is fetched from the others.
//!
//! Otherwise the history would leave the cluster with the last node that had seen all of it. Segments are fixed ranges and
//! the same on every node, so any of them can give one; each entry carries its checksum, and what was fetched is read back.

use crate::connection::{Connection, Dialer};
use crate::frame::{Request, Response};
use crate::raft::{Raft, Runtime};
use crate::status::metrics;
use openraft::AsyncRuntime;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zonebook_store::archive::{Archive, ArchiveFolder, Range};
use zonebook_store::log::Log;

const INTERVAL: Duration = Duration::from_secs(5);
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// Bytes of a segment in one answer.
const PIECE_BYTES: u64 = 4 << 20;

/// Fetches what the archive of this node lacks.
pub struct Historian {
    pub raft: Raft,
    pub dialer: Dialer,
    pub folder: PathBuf,
    pub archive_entries: u64,
}

impl Historian {
    /// Until the node stops.
    pub async fn run(self) {
        loop {
            Runtime::sleep(INTERVAL).await;
            match self.missing() {
                Ok(Some(range)) => {
                    if let Err(error) = self.fetch(range).await {
                        tracing::info!(first = range.first, %error, "a segment of the history is not fetched yet");
                    }
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the archive cannot be read"),
            }
        }
    }

    /// The first segment that is neither here nor in the log.
    fn missing(&self) -> io::Result<Option<Range>> {
        let Some(purged) = metrics(&self.raft).purged else { return Ok(None) };
        let whole = ArchiveFolder::existing(&self.folder).from_the_beginning()?;
        let first = whole.last().map_or(0, |range| range.last + 1);
        let range = Range { first, last: first + self.archive_entries - 1 };
        Ok((first <= purged.index).then_some(range))
    }

    /// One after the other, as long as somebody has them.
    async fn fetch(&self, first: Range) -> io::Result<()> {
        let mut next = Some(first);
        while let Some(range) = next {
            self.fetch_one(range).await?;
            next = self.missing()?;
        }
        Ok(())
    }

    async fn fetch_one(&self, range: Range) -> io::Result<()> {
        let metrics = metrics(&self.raft);
        let members = metrics.membership_config.membership();
        let mut refused = io::Error::other("there is no other node");
        for (node, member) in members.nodes().filter(|(node, _)| **node != self.dialer.node_id) {
            let connection = Connection::new(self.dialer.clone(), *node, member.peer_address.clone());
            // Another ending than that of a segment on its way into place.
            let beside = self.folder.join(range.file_name()).with_extension("fetched.new");
            match receive(connection, range, &beside).await {
                Ok(()) => {
                    let folder = self.folder.clone();
                    let adopt = move || ArchiveFolder::existing(&folder).adopt(range, &beside);
                    return tokio::task::spawn_blocking(adopt).await.map_err(io::Error::other)?;
                }
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }
}

async fn receive(mut connection: Connection, range: Range, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    let mut offset = 0;
    loop {
        let request = Request::Segment { first: range.first, last: range.last, offset };
        match connection.call(&request, ANSWER_WAIT).await? {
            Response::Segment { bytes, total } => {
                offset += bytes.len() as u64;
                file.write_all(&bytes)?;
                if offset >= total {
                    return Ok(());
                }
                if bytes.is_empty() {
                    return Err(io::Error::other("a segment broke off"));
                }
            }
            other => return Err(io::Error::other(format!("unexpected answer {other:?}"))),
        }
    }
}

/// A piece of a segment, and its whole length. One that is not sealed yet is sealed for it, if the log still has all of it
/// and all of it is applied.
pub fn piece(
    kept: &dyn Archive,
    log: &dyn Log,
    applied: u64,
    range: Range,
    offset: u64,
) -> Result<Response, String> {
    let read = || -> io::Result<Response> {
        let folder = kept.folder().ok_or_else(|| io::Error::other("this node keeps no segments in files"))?;
        if !kept.is_sealed(range)? {
            if range.last > applied {
                return Err(io::Error::other("not applied yet"));
            }
            kept.seal(range, log)?;
        }
        let archive = ArchiveFolder::existing(folder);
        archive.sum(range)?;
        let mut file = File::open(archive.segment(range))?;
        let total = file.metadata()?.len();
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(PIECE_BYTES).read_to_end(&mut bytes)?;
        Ok(Response::Segment { bytes, total })
    };
    read().map_err(|error| format!("segment {}: {error}", range.file_name()))
}
