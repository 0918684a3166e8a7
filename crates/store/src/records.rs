//! RocksDB's files of records (write-ahead logs and manifests), checked before RocksDB reads them.
//!
//! RocksDB 11 takes a damaged length for a torn end and forgets what follows, and some damaged types send it into an
//! endless loop. So each record's checksum is checked here first (`db/log_format.h`: blocks of 32 KiB; a record is a masked
//! CRC-32C over type and payload, a length and a type). What is bad and has good records behind it is damage, and is named;
//! so is a last record that is whole but for its length.
//! What is bad at the very end was being written when the power went: of a log it is cut off, which costs nothing that was
//! acknowledged. A bit that rots elsewhere in the last record looks the same; only the other nodes can tell.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

const BLOCK_BYTES: usize = 32 << 10;
const HEADER_BYTES: usize = 7;

/// What a file of records holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Whole records only.
    Whole,
    /// Whole records up to here, then the beginning of one.
    Torn(usize),
    /// A record here is bad, and there are good ones behind it.
    Damaged(usize),
}

/// Checks the files of a database before it is opened; a torn end of its newest log is cut off.
///
/// # Errors
/// A record is damaged: the error names file and place. Or a file cannot be read.
pub(crate) fn check(folder: &Path) -> io::Result<()> {
    if !folder.try_exists()? {
        return Ok(());
    }
    let mut logs = logs(folder)?;
    let newest = logs.pop();
    for log in logs {
        whole(&log)?;
    }
    if let Some(newest) = newest {
        cut_torn_end(&newest)?;
    }
    match manifest(folder) {
        Ok(manifest) => whole(&manifest),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The same without cutting anything off: an incomplete end is left, any other damage is an error.
///
/// # Errors
/// As [`check`].
pub(crate) fn inspect(folder: &Path) -> io::Result<()> {
    for log in logs(folder)? {
        whole(&log)?;
    }
    whole(&manifest(folder)?)
}

/// The write-ahead logs that hold anything, the newest last.
fn logs(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut logs = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_log = path.extension().is_some_and(|ending| ending == "log");
        if is_log && std::fs::metadata(&path)?.len() > 0 {
            logs.push(path);
        }
    }
    logs.sort_unstable();
    Ok(logs)
}

/// The manifest in force.
fn manifest(folder: &Path) -> io::Result<PathBuf> {
    Ok(folder.join(std::fs::read_to_string(folder.join("CURRENT"))?.trim_end()))
}

/// The incomplete end of a file that RocksDB goes on from by itself is no concern here.
fn whole(path: &Path) -> io::Result<()> {
    let bytes = std::fs::read(path).map_err(|error| named(path, &error.to_string()))?;
    match scan(&bytes) {
        Found::Whole => Ok(()),
        Found::Torn(at) if is_incomplete(&bytes, at) => Ok(()),
        Found::Torn(at) | Found::Damaged(at) => Err(damaged(path, at)),
    }
}

fn cut_torn_end(path: &Path) -> io::Result<()> {
    let bytes = std::fs::read(path).map_err(|error| named(path, &error.to_string()))?;
    match scan(&bytes) {
        Found::Whole => Ok(()),
        Found::Damaged(at) => Err(damaged(path, at)),
        Found::Torn(at) => {
            tracing::warn!(file = %path.display(), at, bytes = bytes.len() - at, "cutting off what was being written");
            let file = File::options().write(true).open(path)?;
            file.set_len(at as u64)?;
            file.sync_all()
        }
    }
}

fn damaged(path: &Path, at: usize) -> io::Error {
    named(path, &format!("corruption: the record at byte {at} is damaged"))
}

fn named(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()))
}

/// What begins at a place.
enum Record {
    /// A good record, up to here.
    Good(usize),
    /// Too little room for another record: filled with zeros, up to the end of the block.
    Trailer(usize),
    Bad,
}

fn record_at(bytes: &[u8], at: usize) -> Record {
    let room = BLOCK_BYTES - at % BLOCK_BYTES;
    if room < HEADER_BYTES {
        return Record::Trailer((at + room).min(bytes.len()));
    }
    let read = || {
        let (header, rest) = bytes.get(at..)?.split_first_chunk::<HEADER_BYTES>()?;
        let [a, b, c, d, low, high, kind] = *header;
        let length = usize::from(u16::from_le_bytes([low, high]));
        let payload = rest.get(..length).filter(|_| HEADER_BYTES + length <= room && kind != 0)?;
        let sum = crc32c::crc32c_append(crc32c::crc32c(&[kind]), payload);
        (mask(sum) == u32::from_le_bytes([a, b, c, d])).then_some(at + HEADER_BYTES + length)
    };
    read().map_or(Record::Bad, Record::Good)
}

/// Sums of bytes that hold sums themselves are turned, so that they do not check themselves.
const fn mask(sum: u32) -> u32 {
    sum.rotate_right(15).wrapping_add(0xa282_ead8)
}

fn scan(bytes: &[u8]) -> Found {
    let mut at = 0;
    while at < bytes.len() {
        match record_at(bytes, at) {
            Record::Good(next) | Record::Trailer(next) => at = next,
            Record::Bad if has_wrong_length(bytes, at) || has_good_behind(bytes, at) => {
                return Found::Damaged(at);
            }
            Record::Bad => return Found::Torn(at),
        }
    }
    Found::Whole
}

/// Whether the last record is whole but for its length, which its checksum does not cover.
fn has_wrong_length(bytes: &[u8], at: usize) -> bool {
    let end = bytes.len().min((at / BLOCK_BYTES + 1) * BLOCK_BYTES);
    let record = bytes.get(at..end).and_then(<[u8]>::split_first_chunk::<HEADER_BYTES>);
    record.is_some_and(|([a, b, c, d, _, _, kind], payload)| {
        let sum = crc32c::crc32c_append(crc32c::crc32c(&[*kind]), payload);
        mask(sum) == u32::from_le_bytes([*a, *b, *c, *d])
    })
}

/// Whether a good record begins behind a place: anywhere in the same block, or at the beginning of a later one.
fn has_good_behind(bytes: &[u8], at: usize) -> bool {
    let next_block = (at / BLOCK_BYTES + 1) * BLOCK_BYTES;
    let in_block = at + 1..next_block.min(bytes.len());
    let blocks = (next_block..bytes.len()).step_by(BLOCK_BYTES);
    in_block.chain(blocks).any(|at| matches!(record_at(bytes, at), Record::Good(_)))
}

/// Whether the last record only lacks its end.
fn is_incomplete(bytes: &[u8], at: usize) -> bool {
    let Some([.., low, high, _]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<HEADER_BYTES>()) else {
        return true;
    };
    at + HEADER_BYTES + usize::from(u16::from_le_bytes([*low, *high])) > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn push(file: &mut Vec<u8>, kind: u8, payload: &[u8]) {
        let sum = mask(crc32c::crc32c_append(crc32c::crc32c(&[kind]), payload));
        file.extend(sum.to_le_bytes());
        file.extend(u16::try_from(payload.len()).unwrap().to_le_bytes());
        file.push(kind);
        file.extend(payload);
    }

    /// Records as RocksDB lays them out: cut at the ends of blocks.
    fn written(payloads: &[Vec<u8>]) -> (Vec<u8>, Vec<usize>) {
        let (mut file, mut ends) = (Vec::new(), vec![0]);
        for payload in payloads {
            let (mut rest, mut first) = (payload.as_slice(), true);
            loop {
                let room = BLOCK_BYTES - file.len() % BLOCK_BYTES;
                if room < HEADER_BYTES {
                    file.resize(file.len() + room, 0);
                    continue;
                }
                let (part, left) = rest.split_at(rest.len().min(room - HEADER_BYTES));
                let kind = match (first, left.is_empty()) {
                    (true, true) => 1,
                    (true, false) => 2,
                    (false, false) => 3,
                    (false, true) => 4,
                };
                push(&mut file, kind, part);
                (rest, first) = (left, false);
                if rest.is_empty() {
                    break;
                }
            }
            ends.push(file.len());
        }
        (file, ends)
    }

    proptest! {
        #[test]
        fn a_cut_is_a_torn_end(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20_000), 1..8),
            share in 0.0_f64..1.0
        ) {
            let (file, ends) = written(&payloads);
            prop_assert_eq!(scan(&file), Found::Whole);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let cut = (file.len() as f64 * share) as usize;
            match scan(&file[..cut]) {
                Found::Whole => {}
                Found::Torn(at) => prop_assert!(at <= cut && ends.iter().all(|end| *end <= at || *end > cut)),
                Found::Damaged(at) => prop_assert!(false, "damaged at {}", at),
            }
        }

        #[test]
        fn a_flip_is_found_where_it_is(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20_000), 2..8),
            share in 0.0_f64..1.0, bit in 0_u8..8
        ) {
            let (mut file, ends) = written(&payloads);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let at = (file.len() as f64 * share) as usize;
            let is_trailer = (at..file.len()).take(HEADER_BYTES).any(|at| at % BLOCK_BYTES == 0) && file[at] == 0;
            prop_assume!(!is_trailer);
            file[at] ^= 1 << bit;
            let last = ends[ends.len() - 2];
            match scan(&file) {
                Found::Damaged(found) => prop_assert!(found <= at),
                Found::Torn(found) => prop_assert!(at >= last && found <= at, "{at} of {last}"),
                Found::Whole => prop_assert!(false, "not found"),
            }
        }
    }
}
