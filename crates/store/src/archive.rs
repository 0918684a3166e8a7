//! The archive: the log's entries for ever, sealed into segments before the log is purged (`design.md` 6).
//!
//! A segment holds a fixed range of indexes, so the segments of all nodes are the same, byte for byte. It is a stream of
//! zstd: a header, then each entry in its stored form, which carries its own checksum. `NAME.zst.sha256` beside it is in
//! the form that `sha256sum -c` reads; it is written last, so a segment without it does not count. What was written is
//! read back before the log may forget it.

use crate::files::{fsync_folder, make_folder, sha256_of, write_whole};
use crate::log::{Log, LogRecord};
use bytes::Bytes;
use parking_lot::Mutex;
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

impl Range {
    /// The name of its segment.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{:020}-{:020}.zst", self.first, self.last)
    }

    /// The range that a segment's name says.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let (first, last) = name.strip_suffix(".zst")?.split_once('-')?;
        let range = Self { first: first.parse().ok()?, last: last.parse().ok()? };
        (range.first <= range.last && range.file_name() == name).then_some(range)
    }
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

    /// The folder of the segments, for a backup; `None` where they are not files.
    fn folder(&self) -> Option<&Path> {
        None
    }
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
pub struct ArchiveFolder {
    folder: PathBuf,
    /// One segment is sealed at a time: by the keeper of the log, or for a backup.
    sealing: Mutex<()>,
}

impl ArchiveFolder {
    /// Opens or creates it; what a crash left unfinished is removed.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn open(folder: &Path) -> io::Result<Self> {
        make_folder(folder)?;
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "new") {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Self::existing(folder))
    }

    /// One that is only read: nothing is made, nothing removed.
    #[must_use]
    pub fn existing(folder: &Path) -> Self {
        Self { folder: folder.into(), sealing: Mutex::new(()) }
    }

    /// Where a segment is.
    #[must_use]
    pub fn segment(&self, range: Range) -> PathBuf {
        self.folder.join(range.file_name())
    }

    /// The sealed segments, in order; none where there is no folder.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn segments(&self) -> io::Result<Vec<Range>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut ranges = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let sealed = name.to_str().and_then(|name| name.strip_suffix(SUM_SUFFIX));
            ranges.extend(sealed.and_then(Range::of_name));
        }
        ranges.sort_unstable();
        Ok(ranges)
    }

    /// The sealed segments that follow each other from the first entry of all on.
    ///
    /// # Errors
    /// As [`Self::segments`].
    pub fn from_the_beginning(&self) -> io::Result<Vec<Range>> {
        let mut ranges = self.segments()?;
        let mut next = 0;
        let whole = ranges.iter().take_while(|range| {
            let follows = range.first == next;
            next = range.last.saturating_add(1);
            follows
        });
        let count = whole.count();
        ranges.truncate(count);
        Ok(ranges)
    }

    /// Reads a segment, checked against its SHA-256, its header and the checksums of its entries.
    ///
    /// # Errors
    /// It is not there, or not what was sealed.
    pub fn read(&self, range: Range) -> io::Result<Vec<LogRecord>> {
        let mut records = Vec::new();
        self.each(range, |record| {
            records.push(record);
            Ok(())
        })?;
        Ok(records)
    }

    /// Hands the entries of a segment on, in order; checked as [`Self::read`] does.
    ///
    /// # Errors
    /// As [`Self::read`], or what they are handed to fails.
    pub fn each(&self, range: Range, take: impl FnMut(LogRecord) -> io::Result<()>) -> io::Result<()> {
        let path = self.segment(range);
        let (_, found) = sha256_of(&path)?;
        let written = std::fs::read(sum_path(&path))?;
        if written != sum_line(&path, &found).as_bytes() {
            return Err(damaged(&path, "its SHA-256 is another one"));
        }
        read_segment(&path, range, take)
    }

    /// The SHA-256 that was written down when a segment was sealed.
    ///
    /// # Errors
    /// There is none, or what stands there is none.
    pub fn sum(&self, range: Range) -> io::Result<String> {
        let path = self.segment(range);
        let line = std::fs::read_to_string(sum_path(&path))?;
        match line.split_once("  ") {
            Some((hash, _)) if line == sum_line(&path, hash) => Ok(hash.to_owned()),
            _ => Err(damaged(&path, "what stands beside it is no SHA-256 of it")),
        }
    }

    /// Takes a segment in from a file beside the folder: renamed, with its SHA-256, and read back.
    ///
    /// # Errors
    /// It is not the segment of this range, or cannot be written.
    pub fn adopt(&self, range: Range, file: &Path) -> io::Result<()> {
        let _one = self.sealing.lock();
        read_segment(file, range, |_| Ok(()))?;
        let path = self.segment(range);
        File::open(file)?.sync_all()?;
        std::fs::rename(file, &path)?;
        self.write_sum(&path)?;
        self.each(range, |_| Ok(()))
    }

    fn write_sum(&self, path: &Path) -> io::Result<()> {
        fsync_folder(&self.folder)?;
        let (_, found) = sha256_of(path)?;
        write_whole(&sum_path(path), sum_line(path, &found).as_bytes())
    }
}

impl Archive for ArchiveFolder {
    fn is_sealed(&self, range: Range) -> io::Result<bool> {
        sum_path(&self.segment(range)).try_exists()
    }

    fn seal(&self, range: Range, log: &dyn Log) -> io::Result<()> {
        let _one = self.sealing.lock();
        if self.is_sealed(range)? {
            return Ok(());
        }
        let path = self.segment(range);
        let beside = path.with_extension("new");
        write_segment(&beside, range, |take| each_entry(log, range, take))?;
        std::fs::rename(&beside, &path)?;
        self.write_sum(&path)?;
        self.each(range, |_| Ok(()))
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.folder)
    }
}

/// What entries are handed to, one after the other.
pub type TakeEntry<'a> = &'a mut dyn FnMut(&LogRecord) -> io::Result<()>;

/// Writes the entries of a range to a file in the form of a segment, and syncs it.
///
/// # Errors
/// The entries do not come, or the file cannot be written.
pub fn write_segment(
    path: &Path,
    range: Range,
    entries: impl FnOnce(TakeEntry<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut stream = zstd::Encoder::new(BufWriter::new(File::create(path)?), LEVEL)?;
    write_block(&mut stream, &header(range))?;
    entries(&mut |record| write_block(&mut stream, &record.bytes))?;
    let file = stream.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// Hands the entries of a file in the form of a segment on, checked against its header and their own checksums.
///
/// # Errors
/// It is not what was written, or what they are handed to fails.
pub fn read_segment(
    path: &Path,
    range: Range,
    mut take: impl FnMut(LogRecord) -> io::Result<()>,
) -> io::Result<()> {
    let unreadable = |error: io::Error| damaged(path, &error.to_string());
    let mut stream = zstd::Decoder::new(BufReader::new(File::open(path)?))?;
    if read_block(&mut stream).map_err(unreadable)?.as_deref() != Some(&*header(range)) {
        return Err(damaged(path, "its header is not that of its name"));
    }
    let mut index = range.first;
    while let Some(bytes) = read_block(&mut stream).map_err(unreadable)? {
        envelope::open(Kind::LogEntry, &bytes)
            .map_err(|error| damaged(path, &format!("entry {index}: {error}")))?;
        take(LogRecord { index, bytes: bytes.into() })?;
        index += 1;
    }
    if index == range.last + 1 { Ok(()) } else { Err(damaged(path, "entries are missing")) }
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

const SUM_SUFFIX: &str = ".sha256";

fn sum_path(segment: &Path) -> PathBuf {
    let mut name = segment.as_os_str().to_owned();
    name.push(SUM_SUFFIX);
    name.into()
}

fn sum_line(segment: &Path, hash: &str) -> String {
    let name = segment.file_name().unwrap_or_default().to_string_lossy();
    format!("{hash}  {name}\n")
}
