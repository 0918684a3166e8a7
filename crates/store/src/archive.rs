//! The archive: the log's entries for ever, sealed into segments before the log is purged (`design.md` 6).
//!
//! A segment holds a fixed range of indexes, so the segments of all nodes are the same, byte for byte. It is a stream of
//! zstd: a header, then each entry in its stored form, which carries its own checksum. `NAME.zst.sha256` beside it is in
//! the form that `sha256sum -c` reads; it is written last, so a segment without it does not count. What was written is
//! read back before the log may forget it.

use crate::files::{fsync_folder, write_whole};
use crate::log::{Log, LogRecord};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use zonebook_codec::envelope::{self, Kind};

/// What is read from the log at a time.
const READ_BYTES_MAX: usize = 4 << 20;
/// An entry is at most this long (`design.md` 10), with room for its envelope.
const ENTRY_BYTES_MAX: usize = 64 << 20;
/// Of zstd: fast, and about as small as the levels above it for rows that differ in a few bytes.
const LEVEL: i32 = 3;

/// The entries from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// The first index.
    pub first: u64,
    /// The last index.
    pub last: u64,
}

/// Where segments are kept. Two implementations: a folder here, memory in `sim`.
pub trait Archive: Send + Sync + 'static {
    /// Whether a segment is there, whole.
    ///
    /// # Errors
    /// The archive could not be read.
    fn is_sealed(&self, range: Range) -> io::Result<bool>;

    /// Seals a segment from the log. It is durable and has been read back when this returns.
    ///
    /// # Errors
    /// The log does not hold all of it, or it could not be written.
    fn seal(&self, range: Range, log: &dyn Log) -> io::Result<()>;
}

/// Hands the entries of a range on, in order.
///
/// # Errors
/// The log does not hold all of them, or what they are handed to fails.
pub fn each_entry(
    log: &dyn Log,
    range: Range,
    mut take: impl FnMut(&LogRecord) -> io::Result<()>,
) -> io::Result<()> {
    let mut next = range.first;
    while next <= range.last {
        let records = log.read(next, range.last.saturating_add(1), READ_BYTES_MAX)?;
        for record in &records {
            if record.index != next {
                return Err(io::Error::other(format!(
                    "the log has entry {} in place of {next}",
                    record.index
                )));
            }
            take(record)?;
            next += 1;
        }
        if records.is_empty() {
            return Err(io::Error::other(format!("the log lacks entry {next}")));
        }
    }
    Ok(())
}

/// A folder of segments.
pub struct ArchiveFolder(PathBuf);

impl ArchiveFolder {
    /// Opens or creates it; what a crash left unfinished is removed.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "new") {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Self(folder.into()))
    }

    fn segment(&self, range: Range) -> PathBuf {
        self.0.join(format!("{:020}-{:020}.zst", range.first, range.last))
    }

    /// Reads a segment, checked against its SHA-256, its header and the checksums of its entries.
    ///
    /// # Errors
    /// It is not there, or not what was sealed.
    pub fn read(&self, range: Range) -> io::Result<Vec<LogRecord>> {
        let mut records = Vec::new();
        self.check(range, |record| records.push(record))?;
        Ok(records)
    }

    fn check(&self, range: Range, mut take: impl FnMut(LogRecord)) -> io::Result<()> {
        let path = self.segment(range);
        let written = std::fs::read_to_string(sum_path(&path))?;
        if written != sum_line(&path, &hash(&path)?) {
            return Err(damaged(&path, "its SHA-256 is another one"));
        }
        let mut stream = zstd::Decoder::new(BufReader::new(File::open(&path)?))?;
        if read_block(&mut stream)?.as_deref() != Some(&*header(range)) {
            return Err(damaged(&path, "its header is not that of its name"));
        }
        let mut index = range.first;
        while let Some(bytes) = read_block(&mut stream)? {
            envelope::open(Kind::LogEntry, &bytes).map_err(|error| damaged(&path, &error.to_string()))?;
            take(LogRecord { index, bytes: bytes.into() });
            index += 1;
        }
        if index == range.last + 1 { Ok(()) } else { Err(damaged(&path, "entries are missing")) }
    }
}

impl Archive for ArchiveFolder {
    fn is_sealed(&self, range: Range) -> io::Result<bool> {
        sum_path(&self.segment(range)).try_exists()
    }

    fn seal(&self, range: Range, log: &dyn Log) -> io::Result<()> {
        let path = self.segment(range);
        let beside = path.with_extension("new");
        let mut stream = zstd::Encoder::new(BufWriter::new(File::create(&beside)?), LEVEL)?;
        write_block(&mut stream, &header(range))?;
        each_entry(log, range, |record| write_block(&mut stream, &record.bytes))?;
        let file = stream.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&beside, &path)?;
        fsync_folder(&self.0)?;
        write_whole(&sum_path(&path), sum_line(&path, &hash(&path)?).as_bytes())?;
        self.check(range, |_| {})
    }
}

fn damaged(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("archive segment {}: {what}", path.display()))
}

fn header(range: Range) -> Bytes {
    let bounds = [range.first.to_le_bytes(), range.last.to_le_bytes()].concat();
    envelope::seal(Kind::ArchiveSegment, &bounds).into()
}

fn write_block(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    stream.write_all(&length.to_le_bytes())?;
    stream.write_all(bytes)
}

/// The next block; `None` at the end.
fn read_block(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match stream.read(&mut length[..1])? {
        0 => return Ok(None),
        _ => stream.read_exact(&mut length[1..])?,
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > ENTRY_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a block of {length} bytes")));
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

fn sum_path(segment: &Path) -> PathBuf {
    let mut name = segment.as_os_str().to_owned();
    name.push(".sha256");
    name.into()
}

fn sum_line(segment: &Path, hash: &str) -> String {
    let name = segment.file_name().unwrap_or_default().to_string_lossy();
    format!("{hash}  {name}\n")
}

fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
