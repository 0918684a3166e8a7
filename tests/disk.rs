//! A server whose disk fails when it is told to, and whose power can be cut.

use crate::folder::files;
use crate::server::Server;
use crate::zonebook;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zonebook_sim::Chance;

/// A disk: a folder, rules of what fails, and a journal of what is safe.
pub struct Disk {
    folder: TempDir,
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

/// The preload library of the profile that the tests were built with; `scripts/test` builds it before them.
fn library() -> PathBuf {
    let found = zonebook().with_file_name("libzonebook_disk.so");
    assert!(found.is_file(), "{} is missing: cargo build -p zonebook-disk", found.display());
    found
}

impl Disk {
    /// An empty one, on which nothing fails.
    ///
    /// # Panics
    /// No folder can be made.
    #[must_use]
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder can be made");
        fs::create_dir(folder.path().join("disk")).expect("a folder can be made");
        Self { folder }
    }

    /// Where a node has its data.
    fn data(&self) -> PathBuf {
        self.folder.path().join("disk/data")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// What fails from now on, in the form of `tests/disk/src/faults.rs`.
    ///
    /// # Panics
    /// The rules cannot be written.
    pub fn fails(&self, rules: &str) {
        // Replaced at once: a process reads them at any time.
        let new = self.folder.path().join("faults.new");
        fs::write(&new, rules).expect("rules can be written");
        fs::rename(new, self.folder.path().join("faults")).expect("rules can be written");
    }

    /// What a process has to be told to work on this disk.
    fn environment(&self) -> BTreeMap<String, PathBuf> {
        BTreeMap::from([
            ("LD_PRELOAD".into(), library()),
            ("ZONEBOOK_DISK".into(), self.folder.path().join("disk")),
            ("ZONEBOOK_FAULTS".into(), self.folder.path().join("faults")),
            ("ZONEBOOK_JOURNAL".into(), self.journal()),
        ])
    }

    /// A server that is a cluster by itself and has its data here; `more` are further settings in TOML.
    #[must_use]
    pub fn server(&self, more: &str) -> Server {
        let mut server = Server::prepare(self.folder.path(), "disk", 1, more);
        server.at(self.data());
        server.environment = self.environment();
        server
    }

    /// Takes away what was not synced, or not all of it: from each file a part of its end, from folders names that are new
    /// or changed. No process may work on it. Says how many bytes and names were lost.
    ///
    /// # Panics
    /// The disk cannot be changed, or its journal not be read.
    pub fn cut_power(&self, seed: u64) -> (u64, u64) {
        let journal = fs::read_to_string(self.journal()).unwrap_or_default();
        let mut chance = Chance::new(seed, 0);
        let safe = Safe::of(&journal);
        let names = safe.names.into_iter().rev().filter(|name| chance.one_in(2) && name.undo()).count();
        let mut bytes = 0;
        for path in files(&self.folder.path().join("disk")) {
            let found = fs::metadata(&path).expect("a file that is there");
            let kept = safe.lengths.get(&found.ino()).copied().unwrap_or(0).min(found.len());
            let rest = found.len() - kept;
            let left = if chance.one_in(2) { 0 } else { chance.below(rest + 1) };
            if left < rest {
                let file = fs::OpenOptions::new().write(true).open(&path).expect("a file that is there");
                file.set_len(kept + left).expect("a file can be cut");
                bytes += rest - left;
            }
        }
        // What is left now is what the disk has.
        fs::write(
            self.journal(),
            files(&self.folder.path().join("disk")).iter().fold(String::new(), |text, path| {
                let found = fs::metadata(path).expect("a file that is there");
                text + &format!("synced {} {}\n", found.ino(), found.len())
            }),
        )
        .expect("the journal can be written");
        (bytes, names as u64)
    }
}

/// A name that may be lost: its folder was not synced since.
enum Name {
    Created(PathBuf),
    Renamed { from: PathBuf, to: PathBuf, kept: Option<PathBuf> },
}

impl Name {
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Created(path) => path.parent(),
            Self::Renamed { to, .. } => to.parent(),
        }
    }

    /// Takes it back, if it still is what it was made.
    fn undo(&self) -> bool {
        match self {
            Self::Created(path) => fs::remove_file(path).is_ok(),
            Self::Renamed { from, to, kept } => {
                if from.exists() || fs::rename(to, from).is_err() {
                    return false;
                }
                kept.as_ref().is_none_or(|kept| fs::copy(kept, to).is_ok())
            }
        }
    }
}

/// What a journal says is safe.
#[derive(Default)]
struct Safe {
    /// Files by their numbers on the disk, up to which length.
    lengths: BTreeMap<u64, u64>,
    /// Names that are not, in the order in which they were made.
    names: Vec<Name>,
}

impl Safe {
    fn of(journal: &str) -> Self {
        let mut safe = Self::default();
        for line in journal.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["created", inode, path] => {
                    safe.lengths.insert(number(inode), 0);
                    safe.names.push(Name::Created(path.into()));
                }
                ["synced", inode, length] => {
                    let known = safe.lengths.entry(number(inode)).or_default();
                    *known = (*known).max(number(length));
                }
                ["renamed", from, to, kept] => {
                    let kept = Some(PathBuf::from(kept)).filter(|kept| *kept != Path::new("-"));
                    safe.names.push(Name::Renamed { from: from.into(), to: to.into(), kept });
                }
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
