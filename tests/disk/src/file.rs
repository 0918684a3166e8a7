//! Files behind numbers.

use libc::c_int;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where an open file is.
pub fn path_of(file: c_int) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/self/fd/{file}")).ok()
}

/// A file, whatever it is called: its number on the disk, and how long it is.
#[derive(Clone, Copy)]
pub struct Identity {
    pub inode: u64,
    pub length: u64,
    pub is_folder: bool,
}

pub fn identity_of(file: c_int) -> Option<Identity> {
    identity_at(Path::new(&format!("/proc/self/fd/{file}")))
}

pub fn identity_at(path: &Path) -> Option<Identity> {
    let found = std::fs::metadata(path).ok()?;
    Some(Identity { inode: found.ino(), length: found.len(), is_folder: found.is_dir() })
}

/// Whether a path lies on the disk that is watched.
pub fn is_ours(path: &Path) -> bool {
    std::env::var_os("ZONEBOOK_DISK").is_some_and(|disk| path.starts_with(disk))
}
