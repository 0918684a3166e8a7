//! Files that are there whole or not at all.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Makes the names in a folder survive a power cut.
///
/// # Errors
/// The folder cannot be synced.
pub fn fsync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes a folder whose name survives a power cut, with those on the way to it: what is synced in a folder without a name is
/// lost all the same.
///
/// # Errors
/// One of them cannot be made, or the one around it not be synced.
pub fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let around = path.parent().filter(|around| !around.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(around)?;
    std::fs::create_dir(path)?;
    fsync_folder(around)
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

/// A folder that goes when it is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Made anew.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(path: &Path) -> io::Result<Self> {
        if path.exists() {
            std::fs::remove_dir_all(path)?;
        }
        std::fs::create_dir_all(path)?;
        Ok(Self(path.into()))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// It stays: it is somebody else's now.
    #[must_use]
    pub fn kept(mut self) -> PathBuf {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.0.display(), "a folder that is not needed stays until the next start");
        }
    }
}
