//! Helpers shared by the tests across crates, and the [`nemesis`] over real processes.

pub mod nemesis;

pub mod disk;
pub mod folder;
pub mod load;
pub mod safe;
pub mod server;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// The month of storage books that the project carries along.
#[must_use]
pub fn month() -> PathBuf {
    root().join("tests/samples/month-s")
}

/// The month of all kinds of books that the project carries along.
#[must_use]
pub fn mixed_month() -> PathBuf {
    root().join("tests/samples/month-a")
}

/// The binary `zonebook` of the profile that the tests were built with; `scripts/test` builds it before them.
///
/// # Panics
/// It is not there.
#[must_use]
pub fn zonebook() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let found = test.parent().and_then(Path::parent).map(|profile| profile.join("zonebook"));
    let found = found.expect("a test lies in a profile's folder");
    assert!(found.is_file(), "{} is missing: cargo build --bins", found.display());
    found
}

/// Runs `zonebook` to its end.
///
/// # Panics
/// It cannot be started.
#[must_use]
pub fn run(arguments: &[&str]) -> Output {
    Command::new(zonebook()).args(arguments).current_dir(root()).output().expect("zonebook starts")
}

/// What a command said on standard error.
#[must_use]
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command printed.
#[must_use]
pub fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A node of its own on ports of its own.
pub struct Node {
    process: Child,
    address: String,
    _folder: TempDir,
}

impl Node {
    /// Starts it and waits until it answers.
    ///
    /// # Panics
    /// It does not.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more said to `serve`.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn start_with(more: &[&str]) -> Self {
        let folder = TempDir::new().expect("a node can be started");
        let free = || std::net::TcpListener::bind("127.0.0.1:0").expect("a node can be started");
        let held = [free(), free(), free()];
        let [api, peer, http] =
            held.each_ref().map(|port| port.local_addr().expect("a node can be started").to_string());
        drop(held);
        let process = Command::new(zonebook())
            .args(["serve", "--api", &api, "--peer", &peer, "--http", &http, "--data"])
            .arg(folder.path().join("data"))
            .args(more)
            .stderr(Stdio::null())
            .spawn()
            .expect("a node can be started");
        let node = Self { process, address: api, _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !node.run(&["cluster", "status", "--timeout", "1"]).status.success() {
            assert!(Instant::now() < deadline, "the node does not answer");
        }
        node
    }

    /// One that has taken over the mixed month.
    ///
    /// # Panics
    /// It did not take it over.
    #[must_use]
    pub fn with_mixed_month(more: &[&str]) -> Self {
        let node = Self::start_with(more);
        node.shown(&["import", &mixed_month().display().to_string(), "--clock", "manifest"]);
        node
    }

    /// Where clients reach it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Memory that it holds now, in bytes.
    ///
    /// # Panics
    /// The system does not say.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).expect("the system tells of processes");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it tells of memory");
        let kibibytes = line.trim().trim_end_matches(" kB").parse::<u64>().expect("in KiB");
        kibibytes << 10
    }

    /// Runs `zonebook` against it.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&[arguments, &["--server", &self.address]].concat())
    }

    /// The same, and what it printed.
    ///
    /// # Panics
    /// It failed.
    pub fn shown(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        printed(&output)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A node that has taken over the mixed month, and a folder for files.
pub struct Office {
    /// The node.
    pub node: Node,
    /// The folder.
    pub folder: TempDir,
}

impl Office {
    /// Opens it.
    ///
    /// # Panics
    /// It cannot be opened.
    #[must_use]
    pub fn open() -> Self {
        Self::open_with(&[])
    }

    /// The same with more said to `serve`.
    ///
    /// # Panics
    /// As [`Self::open`].
    #[must_use]
    pub fn open_with(more: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder can be made");
        Self { node: Node::with_mixed_month(more), folder }
    }

    /// Writes a file; its path.
    ///
    /// # Panics
    /// It cannot be written.
    #[must_use]
    pub fn written(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file can be written");
        path.display().to_string()
    }

    /// Runs a command on a document.
    #[must_use]
    pub fn file(&self, arguments: &[&str], text: &str) -> Output {
        self.node.run(&[arguments, &[self.written("document.json", text).as_str()]].concat())
    }
}

/// A command is carried out, and what it is about is then in a state.
///
/// # Panics
/// It is not.
pub fn accepted(output: &Output, state: &str) {
    assert!(output.status.success(), "{}", said(output));
    assert!(printed(output).contains(state), "{}", printed(output));
}

/// A document is refused because its number is taken.
///
/// # Panics
/// It is not.
pub fn taken(output: &Output) {
    assert_eq!(output.status.code(), Some(5), "{}", said(output));
    assert!(said(output).contains("DOCUMENT_EXISTS"), "{}", said(output));
}

/// A command is refused for a reason.
///
/// # Panics
/// It is not.
pub fn refused(output: &Output, reason: &str) {
    assert_eq!(output.status.code(), Some(4), "{}", said(output));
    assert!(said(output).contains(reason), "{}", said(output));
}
