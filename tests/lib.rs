//! Helpers shared by the tests across crates.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// The month that the project carries along.
#[must_use]
pub fn month() -> PathBuf {
    root().join("tests/samples/month-s")
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
