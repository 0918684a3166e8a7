//! Files that are there whole or not at all.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Makes the names in a folder survive a power cut.
///
/// # Errors
/// The folder cannot be synced.
pub fn fsync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Puts a file in the place of another: written beside it, synced, renamed, and the folder synced.
///
/// # Errors
/// One of these fails; the old file is in place then.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("a file without folder"))?;
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, path)?;
    fsync_folder(folder)
}

/// Length and SHA-256, in hexadecimal, of a file.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let bytes = io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok((bytes, hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
