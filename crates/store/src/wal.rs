//! The end of RocksDB's write-ahead log: torn by a crash, or damaged?
//!
//! A record that is longer than what is left of the file was being written when the power went; RocksDB drops it, and
//! rightly so: it was never acknowledged. But a flipped bit in the length of the last record looks the same, and that one
//! may have been acknowledged. The checksum tells them apart: it does not cover the length, so it still fits to the bytes
//! that are there.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Records never cross from one block to the next.
const BLOCK_BYTES: u64 = 32 << 10;
/// CRC32C, length and type.
const HEADER_BYTES: usize = 7;

/// Refuses a log whose last record has a damaged length. Anything else RocksDB finds by itself.
///
/// # Errors
/// It is damaged so; the text names file and offset. Or it cannot be read.
pub(crate) fn check_end(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log")
            && let Some(offset) = damaged_length(&path)?
        {
            let path = path.display();
            return Err(io::Error::other(format!(
                "{path}: the length of the record at offset {offset} is damaged (its checksum fits to what is there)"
            )));
        }
    }
    Ok(())
}

fn damaged_length(path: &Path) -> io::Result<Option<u64>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let block = length.saturating_sub(1) / BLOCK_BYTES * BLOCK_BYTES;
    file.seek(SeekFrom::Start(block))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut rest = &bytes[..];
    while let Some((header, behind)) = rest.split_at_checked(HEADER_BYTES) {
        let [c0, c1, c2, c3, l0, l1, kind] = *header else { return Ok(None) };
        match behind.split_at_checked(usize::from(u16::from_le_bytes([l0, l1]))) {
            Some((_, next)) => rest = next,
            None => {
                let crc = crc32c::crc32c_append(crc32c::crc32c(&[kind]), behind);
                let fits = masked(crc) == u32::from_le_bytes([c0, c1, c2, c3]);
                let offset = block + (bytes.len() - rest.len()) as u64;
                return Ok(fits.then_some(offset));
            }
        }
    }
    Ok(None)
}

/// RocksDB stores checksums so that the checksum of bytes with checksums in them is none by chance.
fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(payload: &[u8]) -> Vec<u8> {
        let crc = masked(crc32c::crc32c_append(crc32c::crc32c(&[1]), payload)).to_le_bytes();
        let length = u16::try_from(payload.len()).unwrap().to_le_bytes();
        [&crc[..], &length, &[1], payload].concat()
    }

    #[test]
    fn a_damaged_length_is_told_from_a_torn_record() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("000001.log");
        let whole = [record(b"first"), record(b"second")].concat();
        std::fs::write(&path, &whole).unwrap();
        assert!(check_end(folder.path()).is_ok());
        for length in record(b"first").len()..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(check_end(folder.path()).is_ok(), "torn at {length}");
        }
        let mut damaged = whole;
        damaged[record(b"first").len() + 5] ^= 0x10;
        std::fs::write(&path, damaged).unwrap();
        let error = check_end(folder.path()).unwrap_err().to_string();
        assert!(error.contains("the length of the record at offset 12 is damaged"), "{error}");
    }
}
