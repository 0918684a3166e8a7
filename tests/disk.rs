//! A server whose disk fails when it is told to, and whose power can be cut.

use crate::zonebook;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use tempfile::TempDir;

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
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("disk/data")
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("node.toml")
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
    #[must_use]
    pub fn environment(&self) -> BTreeMap<String, PathBuf> {
        BTreeMap::from([
            ("LD_PRELOAD".into(), library()),
            ("ZONEBOOK_DISK".into(), self.folder.path().join("disk")),
            ("ZONEBOOK_FAULTS".into(), self.folder.path().join("faults")),
            ("ZONEBOOK_JOURNAL".into(), self.journal()),
        ])
    }

    /// Takes away what was not synced, or not all of it: from each file a part of its end, from folders names that are new
    /// or changed. No process may work on it. Says how many bytes and names were lost.
    ///
    /// # Panics
    /// The disk cannot be changed, or its journal not be read.
    pub fn cut_power(&self, seed: u64) -> (u64, u64) {
        let journal = fs::read_to_string(self.journal()).unwrap_or_default();
        let mut chance = Chance(seed);
        let safe = Safe::of(&journal);
        let names = safe.names.into_iter().rev().filter(|name| chance.coin() && name.undo()).count();
        let mut bytes = 0;
        for path in files(&self.folder.path().join("disk")) {
            let found = fs::metadata(&path).expect("a file that is there");
            let kept = safe.lengths.get(&found.ino()).copied().unwrap_or(0).min(found.len());
            let rest = found.len() - kept;
            let left = if chance.coin() { 0 } else { chance.below(rest + 1) };
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

/// Numbers from a seed (splitmix64): enough to choose what is lost.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
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

/// All files below a folder, in order.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

/// A node that is a cluster by itself, on a disk of ours, on the same addresses at each start.
pub struct Machine {
    /// Its disk.
    pub disk: Disk,
    address: String,
    process: Option<Child>,
}

impl Machine {
    /// Starts it, with more settings (lines of TOML).
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start(settings: &str) -> Self {
        let free = || std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let held = [free(), free(), free()];
        let addresses = held.each_ref().map(|port| port.local_addr().expect("a port is free").to_string());
        drop(held);
        let [api, peer, http] = &addresses;
        let disk = Disk::new();
        let settings =
            format!("data = {:?}\napi = {api:?}\npeer = {peer:?}\nhttp = {http:?}\n{settings}", disk.data());
        fs::write(disk.settings(), settings).expect("settings can be written");
        let mut machine = Self { disk, address: api.clone(), process: None };
        machine.again();
        machine
    }

    /// Where clients reach it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Starts it again.
    ///
    /// # Panics
    /// It does not answer.
    pub fn again(&mut self) {
        self.begin();
        let deadline = Instant::now() + Duration::from_secs(30);
        while !crate::run(&["cluster", "status", "--timeout", "1", "--server", self.address()])
            .status
            .success()
        {
            assert!(Instant::now() < deadline, "it does not answer: {}", self.said());
            assert!(self.is_alive(), "it ended: {}", self.said());
        }
    }

    /// Starts its process, whatever comes of it.
    ///
    /// # Panics
    /// There is no process.
    pub fn begin(&mut self) {
        let log =
            fs::OpenOptions::new().create(true).append(true).open(self.log()).expect("a log can be written");
        let process = Command::new(zonebook())
            .args(["serve", "--config"])
            .arg(self.disk.settings())
            .envs(self.disk.environment())
            .stderr(log)
            .spawn();
        self.process = Some(process.expect("zonebook starts"));
    }

    fn log(&self) -> PathBuf {
        self.disk.folder.path().join("log")
    }

    /// What it said on standard error, since it was made.
    #[must_use]
    pub fn said(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn is_alive(&mut self) -> bool {
        self.process.as_mut().is_some_and(|process| process.try_wait().ok().flatten().is_none())
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    /// It does not.
    pub fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(60);
        let process = self.process.as_mut().expect("it was started");
        loop {
            if let Some(status) = process.try_wait().expect("a process of ours") {
                self.process = None;
                return status;
            }
            assert!(Instant::now() < deadline, "it goes on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.kill();
    }
}
