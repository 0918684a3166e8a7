//! Where the sample months and the published schemas are.
#![allow(dead_code)]

pub mod replay;

use std::path::{Path, PathBuf};

/// The months that are part of the repository: of storage alone, and of all businesses.
pub const MONTHS: [&str; 2] = ["month-s", "month-a"];

/// A month of the repository.
pub fn month(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples").join(name)
}

/// A file or folder beside the repository, where the published schemas are: `ZONEBOOK_SHARED`, or `shared` next to the
/// workspace. Says so loudly when it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ZONEBOOK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("SKIPPED: {} is not there; set ZONEBOOK_SHARED to the folder that has {path}", found.display());
    None
}

/// The columns of a table of a month, by name.
pub fn table(file: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}
