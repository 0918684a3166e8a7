//! What survives a power cut, one event a line:
//!
//! * `created INODE PATH`: a new, empty file; nothing of it is synced, nor its name;
//! * `made PATH`: a new folder, whose name is not synced;
//! * `synced INODE LENGTH`: the file is safe up to a length;
//! * `renamed FROM TO KEPT`: a name has changed; what stood there before is kept under another name, `-` if nothing did;
//! * `folder PATH`: the names in a folder are safe.

use crate::file::{Identity, identity_at, identity_of, is_ours, path_of};
use libc::c_int;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

fn journal() -> Option<PathBuf> {
    std::env::var_os("ZONEBOOK_JOURNAL").map(PathBuf::from)
}

/// Appended by one call of the system, so that lines of several threads do not mix.
fn note(line: &str) -> Option<()> {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(journal()?).ok()?;
    file.write_all(format!("{line}\n").as_bytes()).ok()
}

pub fn created(file: c_int) -> Option<()> {
    let (path, identity) = (path_of(file)?, identity_of(file)?);
    // One that has something in it was there before.
    if !is_ours(&path) || identity.length > 0 {
        return None;
    }
    note(&format!("created {} {}", identity.inode, path.display()))
}

pub fn made(path: &Path) -> Option<()> {
    if !is_ours(path) {
        return None;
    }
    note(&format!("made {}", path.display()))
}

pub fn synced(file: c_int, before: Option<Identity>) -> Option<()> {
    let path = path_of(file)?;
    if !is_ours(&path) {
        return None;
    }
    let before = before?;
    if before.is_folder {
        return note(&format!("folder {}", path.display()));
    }
    note(&format!("synced {} {}", before.inode, before.length))
}

static KEPT: AtomicU64 = AtomicU64::new(0);

/// Keeps what a rename is about to replace.
pub fn keep(to: &Path) -> Option<PathBuf> {
    if !is_ours(to) || identity_at(to)?.is_folder {
        return None;
    }
    let number = KEPT.fetch_add(1, Ordering::Relaxed);
    let kept = journal()?.with_extension(format!("{}-{number}", std::process::id()));
    std::fs::copy(to, &kept).ok()?;
    Some(kept)
}

pub fn renamed(from: &Path, to: &Path, kept: Option<PathBuf>) -> Option<()> {
    if !is_ours(to) {
        return None;
    }
    let kept = kept.map_or_else(|| "-".to_owned(), |kept| kept.display().to_string());
    note(&format!("renamed {} {} {kept}", from.display(), to.display()))
}
