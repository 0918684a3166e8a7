//! A server on a data folder that tests look into: started, stopped in order, started again.

use crate::{run, said, zonebook};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use zonebook_client::{Client, Options};

/// How long it may take until it answers or has ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with settings of its own.
pub struct Server {
    folder: PathBuf,
    node: u64,
    /// Its data folder.
    pub data: PathBuf,
    /// Where clients reach it.
    pub api: String,
    /// Where other nodes reach it.
    pub peer: String,
    http: String,
    settings: String,
    /// What its process is told beside the environment of the tests.
    pub environment: BTreeMap<String, PathBuf>,
    process: Option<Child>,
}

/// Addresses on which nothing listens yet.
fn free_addresses<const N: usize>() -> [String; N] {
    let held: [_; N] =
        std::array::from_fn(|_| std::net::TcpListener::bind("127.0.0.1:0").expect("a port can be had"));
    held.each_ref().map(|port| port.local_addr().expect("a port has an address").to_string())
}

impl Server {
    /// Settings and folders under `folder`; `more` are further settings in TOML. What a server does by itself at an interval
    /// it does only where they say so.
    ///
    /// # Panics
    /// The folder cannot be written.
    #[must_use]
    pub fn prepare(folder: &Path, cluster: &str, node: u64, more: &str) -> Self {
        let [api, peer, http] = free_addresses();
        let data = folder.join("data");
        let by_itself = ["tick_seconds", "check_every_seconds"].iter().filter(|key| !more.contains(**key));
        let quiet: String = by_itself.map(|key| format!("{key} = 0\n")).collect();
        let mut server = Self {
            folder: folder.into(),
            node,
            data,
            api,
            peer,
            http,
            settings: format!("cluster = \"{cluster}\"\nnode = {node}\n{quiet}{more}"),
            environment: BTreeMap::new(),
            process: None,
        };
        std::fs::create_dir_all(folder).expect("a folder can be made");
        server.at(server.data.clone());
        server
    }

    /// Servers that were not started yet become the members that form one cluster.
    pub fn form(servers: &mut [Self]) {
        let mut members = String::new();
        for Self { node, peer, api, .. } in &*servers {
            let _ = write!(members, "\n[[members]]\nnode = {node}\npeer = {peer:?}\napi = {api:?}\n");
        }
        for server in servers {
            server.settings.push_str(&members);
        }
    }

    /// The same server on another data folder.
    pub fn at(&mut self, data: PathBuf) {
        self.data = data;
    }

    /// The file of its settings, written anew.
    ///
    /// # Panics
    /// It cannot be written.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        let mut text = String::new();
        let (data, api, peer, http) = (&self.data, &self.api, &self.peer, &self.http);
        let _ = write!(text, "data = {data:?}\napi = \"{api}\"\npeer = \"{peer}\"\nhttp = \"{http}\"\n");
        text.push_str(&self.settings);
        let path = self.folder.join("node.toml");
        std::fs::write(&path, text).expect("settings can be written");
        path
    }

    fn log(&self) -> PathBuf {
        self.folder.join("node.log")
    }

    /// What it has said.
    #[must_use]
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Starts it without waiting.
    ///
    /// # Panics
    /// It cannot be started.
    pub fn spawn(&mut self) {
        let log = File::options().create(true).append(true).open(self.log()).expect("a log can be written");
        let process = Command::new(zonebook())
            .args(["serve", "--config"])
            .arg(self.settings())
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.process = Some(process.expect("a server can be started"));
    }

    /// Starts it and waits until it answers.
    ///
    /// # Panics
    /// It does not.
    pub fn start(&mut self) {
        self.spawn();
        self.wait();
    }

    /// Waits until it answers.
    ///
    /// # Panics
    /// It does not.
    pub fn wait(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.run(&["cluster", "status", "--timeout", "1"]).status.success() {
            assert!(Instant::now() < deadline, "the server does not answer: {}", self.said());
        }
    }

    /// Waits until it ends by itself; its exit code.
    ///
    /// # Panics
    /// It does not end.
    pub fn ended(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        let process = self.process.as_mut().expect("it was started");
        loop {
            if let Some(status) = process.try_wait().expect("a process can be asked") {
                self.process = None;
                return status.code();
            }
            assert!(Instant::now() < deadline, "the server goes on: {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Tells it to stop, and waits until it has.
    ///
    /// # Panics
    /// It does not stop in order.
    pub fn stop(&mut self) {
        let process = self.process.as_mut().expect("it was started");
        let told = Command::new("kill").arg(process.id().to_string()).status().expect("kill can be called");
        assert!(told.success(), "the server was gone: {}", self.said());
        assert_eq!(self.ended(), Some(0), "{}", self.said());
    }

    /// `kill -9`.
    ///
    /// # Panics
    /// It cannot be killed.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("it was started");
        process.kill().expect("it can be killed");
        process.wait().expect("it ends");
    }

    /// Runs `zonebook` against it.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&[arguments, &["--server", &self.api]].concat())
    }

    /// The same, and what it printed.
    ///
    /// # Panics
    /// It failed.
    #[must_use]
    pub fn shown(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}\n{}", said(&output), self.said());
        crate::printed(&output)
    }

    /// The figures that it shows of itself, by name with labels.
    ///
    /// # Panics
    /// It does not show them.
    #[must_use]
    pub fn metrics(&self) -> BTreeMap<String, u64> {
        let mut stream = std::net::TcpStream::connect(&self.http).expect("it listens");
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").expect("it can be asked");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it answers");
        let figure = |line: &str| {
            let (name, figure) = line.rsplit_once(' ')?;
            Some((name.to_owned(), figure.parse().ok()?))
        };
        text.lines().filter(|line| !line.starts_with('#')).filter_map(figure).collect()
    }

    /// What it says of itself.
    ///
    /// # Panics
    /// It does not answer.
    #[must_use]
    pub fn status(&self) -> serde_json::Value {
        let text = self.shown(&["cluster", "status", "-o", "json"]);
        let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        all[0].clone()
    }

    /// A client of it.
    #[must_use]
    pub fn client(&self) -> Client {
        let options = Options { deadline: PATIENCE, attempt: Duration::from_secs(10), ..Options::default() };
        Client::new([self.api.clone()], options)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
