//! A server whose disk fails when it is told to, and whose power can be cut.

use crate::folder::files;
use crate::safe::{Safe, journal, watched};
use crate::server::Server;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
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

    /// Where something is put that is not on this disk.
    #[must_use]
    pub fn aside(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
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
        watched(self.folder.path())
    }

    /// A server that is a cluster by itself and has its data here; `more` are further settings in TOML.
    #[must_use]
    pub fn server(&self, more: &str) -> Server {
        self.member(1, more)
    }

    /// The same as a node of a cluster; `Server::form` makes one of several.
    #[must_use]
    pub fn member(&self, node: u64, more: &str) -> Server {
        let mut server = Server::prepare(self.folder.path(), "disk", node, more);
        server.at(self.data());
        server.environment = self.environment();
        server
    }

    /// Takes away what was not synced, or not all of it: from each file a part of its end, from folders names that are new
    /// or changed; names that were removed come back. No process may work on it. Says how many bytes were lost, and how many
    /// names are as they were before.
    ///
    /// # Panics
    /// The disk cannot be changed, or its journal not be read.
    pub fn cut_power(&self, seed: u64) -> (u64, u64) {
        let written = fs::read_to_string(journal(self.folder.path())).unwrap_or_default();
        let mut chance = Chance::new(seed, 0);
        let safe = Safe::of(&written);
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
        for path in files(self.folder.path()) {
            if path.file_stem().is_some_and(|name| name == "journal") && path.extension().is_some() {
                fs::remove_file(path).expect("what was kept for this cut can be removed");
            }
        }
        // What is left now is what the disk has.
        fs::write(
            journal(self.folder.path()),
            files(&self.folder.path().join("disk")).iter().fold(String::new(), |text, path| {
                let found = fs::metadata(path).expect("a file that is there");
                text + &format!("synced {} {}\n", found.ino(), found.len())
            }),
        )
        .expect("the journal can be written");
        (bytes, names as u64)
    }
}
