//! Runs the simulator as a process: seeds of one process must not run beside each other.

// Each test binary uses its own part of this.
#![allow(dead_code)]

use std::process::{Command, Output};

/// What it printed for these arguments.
pub fn simulate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zonebook-sim")).args(arguments).output().unwrap()
}

/// Its lines.
pub fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// What it complained of.
pub fn explained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
