//! What is safe on a disk that is watched: the preload library of `tests/disk` and what it has written down.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The preload library of the profile that the tests were built with; `scripts/test` builds it before them.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test.parent().and_then(Path::parent).expect("a test lies in a profile's folder");
    let found = profile.join("libzonebook_disk.so");
    assert!(found.is_file(), "{} is missing: cargo build -p zonebook-disk", found.display());
    found
}

/// The journal of a disk that is kept under a folder.
#[must_use]
pub fn journal(folder: &Path) -> PathBuf {
    folder.join("journal")
}

/// What a process has to be told to work on the disk that is kept under a folder: `disk`, beside it `faults` and the journal.
#[must_use]
pub fn watched(folder: &Path) -> BTreeMap<String, PathBuf> {
    BTreeMap::from([
        ("LD_PRELOAD".into(), library()),
        ("ZONEBOOK_DISK".into(), folder.join("disk")),
        ("ZONEBOOK_FAULTS".into(), folder.join("faults")),
        ("ZONEBOOK_JOURNAL".into(), journal(folder)),
    ])
}

/// A name that may be lost: its folder was not synced since.
pub enum Name {
    /// Of a new file.
    Created(PathBuf),
    /// Of a new folder.
    Made(PathBuf),
    /// Of what had another one.
    Renamed {
        /// The name that it had.
        from: PathBuf,
        /// The name that it has.
        to: PathBuf,
        /// Where there is what it replaced.
        kept: Option<PathBuf>,
    },
    /// That a file had, and may have again.
    Removed {
        /// The name.
        path: PathBuf,
        /// Where the file is.
        kept: PathBuf,
    },
    /// That a folder had, and may have again.
    Unmade(PathBuf),
}

impl Name {
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Created(path) | Self::Made(path) | Self::Unmade(path) | Self::Removed { path, .. } => {
                path.parent()
            }
            Self::Renamed { to, .. } => to.parent(),
        }
    }

    /// Takes it back, if it still is what it was made.
    #[must_use]
    pub fn undo(&self) -> bool {
        match self {
            Self::Created(path) => fs::remove_file(path).is_ok(),
            Self::Made(path) => fs::remove_dir_all(path).is_ok(),
            Self::Renamed { from, to, kept } => {
                if from.exists() || fs::rename(to, from).is_err() {
                    return false;
                }
                kept.as_ref().is_none_or(|kept| fs::hard_link(kept, to).is_ok())
            }
            // Not over what has got the name since.
            Self::Removed { path, kept } => fs::hard_link(kept, path).is_ok(),
            Self::Unmade(path) => fs::create_dir(path).is_ok(),
        }
    }
}

/// What a journal says is safe.
#[derive(Default)]
pub struct Safe {
    /// Files by their numbers on the disk, up to which length.
    pub lengths: BTreeMap<u64, u64>,
    /// Names that are not, in the order in which they were made.
    pub names: Vec<Name>,
}

impl Safe {
    /// Up to which length a file is safe.
    ///
    /// # Panics
    /// There is no such file.
    #[must_use]
    pub fn length(&self, file: &Path) -> u64 {
        let inode = fs::metadata(file).expect("a file that is there").ino();
        self.lengths.get(&inode).copied().unwrap_or(0)
    }

    /// Whether all names on the way to a file are safe.
    #[must_use]
    pub fn has_name(&self, file: &Path) -> bool {
        self.names.iter().all(|name| match name {
            Name::Created(path) | Name::Made(path) | Name::Renamed { to: path, .. } => {
                !file.starts_with(path)
            }
            Name::Removed { .. } | Name::Unmade(_) => true,
        })
    }

    /// Reads a journal.
    ///
    /// # Panics
    /// It is none.
    #[must_use]
    pub fn of(journal: &str) -> Self {
        let mut safe = Self::default();
        for line in journal.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["created", inode, path] => {
                    safe.lengths.insert(number(inode), 0);
                    safe.names.push(Name::Created(path.into()));
                }
                ["made", path] => safe.names.push(Name::Made(path.into())),
                ["synced", inode, length] => {
                    let known = safe.lengths.entry(number(inode)).or_default();
                    *known = (*known).max(number(length));
                }
                ["renamed", from, to, kept] => {
                    let kept = Some(PathBuf::from(kept)).filter(|kept| *kept != Path::new("-"));
                    safe.names.push(Name::Renamed { from: from.into(), to: to.into(), kept });
                }
                ["linked", path] => safe.names.push(Name::Created(path.into())),
                ["removed", path, kept] => {
                    safe.names.push(Name::Removed { path: path.into(), kept: kept.into() });
                }
                ["unmade", path] => safe.names.push(Name::Unmade(path.into())),
                ["folder", path] => safe.names.retain(|name| name.folder() != Some(Path::new(path))),
                other => panic!("the journal says {other:?}"),
            }
        }
        safe
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("the journal has numbers")
}
