//! What survives a power cut, one event a line:
//!
//! * `created INODE PATH`: a new, empty file; nothing of it is synced, nor its name;
//! * `made PATH`: a new folder, whose name is not synced;
//! * `synced INODE LENGTH`: the file is safe up to a length;
//! * `renamed FROM TO KEPT`: a name has changed; what stood there before is kept under another name, `-` if nothing did;
//! * `linked PATH`: a further name of a file;
//! * `removed PATH KEPT`: a name is gone; the file is kept under another one;
//! * `unmade PATH`: the name of a folder is gone;
//! * `folder PATH`: the names in a folder are safe.
//!
//! What is kept is the file itself under a further name, so that what was synced of it stays known by its number.

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

/// Keeps the file that is about to lose a name.
pub fn keep(name: &Path) -> Option<PathBuf> {
    if !is_ours(name) || identity_at(name)?.is_folder {
        return None;
    }
    let number = KEPT.fetch_add(1, Ordering::Relaxed);
    let kept = journal()?.with_extension(format!("{}-{number}", std::process::id()));
    std::fs::hard_link(name, &kept).ok()?;
    Some(kept)
}

pub fn linked(path: &Path) -> Option<()> {
    if !is_ours(path) {
        return None;
    }
    note(&format!("linked {}", path.display()))
}

/// A name is gone: of a file that was kept, or of a folder.
pub fn removed(path: &Path, kept: Option<PathBuf>) -> Option<()> {
    if !is_ours(path) {
        return None;
    }
    match kept {
        Some(kept) => note(&format!("removed {} {}", path.display(), kept.display())),
        None => note(&format!("unmade {}", path.display())),
    }
}

pub fn renamed(from: &Path, to: &Path, kept: Option<PathBuf>) -> Option<()> {
    if !is_ours(to) {
        return None;
    }
    let kept = kept.map_or_else(|| "-".to_owned(), |kept| kept.display().to_string());
    note(&format!("renamed {} {} {kept}", from.display(), to.display()))
}
