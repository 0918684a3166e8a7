//! The house as README draws it: dependencies point down only, and each room keeps out what it must.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use zonebook_tests::root;

/// Crate, and the crates of ours that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ledger", &[]),
    ("reconcile", &["ledger"]),
    ("codec", &["ledger"]),
    ("store", &["ledger", "codec"]),
    ("consensus", &["ledger", "codec", "store"]),
    ("api", &["ledger", "reconcile"]),
    ("exchange", &["ledger", "reconcile"]),
    ("server", &["ledger", "codec", "store", "consensus", "api", "exchange", "reconcile"]),
    ("client", &["api"]),
    ("cli", &["ledger", "reconcile", "server", "client", "exchange", "api"]),
    ("trial", &["ledger"]),
    ("sim", &["ledger", "codec", "store", "consensus", "trial"]),
    ("bench", &["client", "api"]),
];

/// Libraries that only some crates may name.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("openraft", &["consensus"]),
    ("rocksdb", &["store"]),
    ("bincode", &["codec"]),
    ("turmoil", &["sim"]),
    ("clap", &["cli", "bench", "sim"]),
];

/// Texts that must not stand in the sources of a crate, and why.
const NEVER: &[(&str, &[&str], &str)] = &[
    (
        "ledger",
        &[
            "std::fs",
            "std::net",
            "SystemTime",
            "std::time",
            "tokio",
            "rand",
            "prost",
            "rocksdb",
            "openraft",
            "HashMap<",
        ],
        "the core is pure: no I/O, clock, randomness, protobuf or order that differs between replicas",
    ),
    (
        "reconcile",
        &["std::fs", "std::net", "SystemTime", "std::time", "tokio", "rand", "prost", "HashMap<", "Overlay"],
        "differences are functions of a view: no I/O, clock, randomness, and nothing written",
    ),
    ("consensus", &["zonebook_exchange", "rocksdb"], "replication decides nothing about goods"),
    ("exchange", &["std::fs", "std::net", "SystemTime", "tokio"], "formats are functions of their input"),
];

fn manifest(name: &str) -> toml::Table {
    let path = root().join("crates").join(name).join("Cargo.toml");
    std::fs::read_to_string(&path).unwrap().parse().unwrap()
}

fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = manifest(name);
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The text of a source file without its tests and comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_crate_has_its_row() {
    let rooms: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let rows: BTreeSet<String> = MAY_USE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(rooms, rows);
}

#[test]
fn dependencies_point_down_only() {
    let rows: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for (name, allowed) in rows {
        for dependency in dependencies(name) {
            if let Some(ours) = dependency.strip_prefix("zonebook-") {
                assert!(allowed.contains(&ours), "{name} must not use {ours}");
            }
        }
    }
}

#[test]
fn libraries_stay_in_their_rooms() {
    for (library, rooms) in ONLY_IN {
        for (name, _) in MAY_USE {
            if !rooms.contains(name) {
                assert!(!dependencies(name).contains(*library), "{name} must not use {library}");
            }
        }
    }
}

#[test]
fn sentences_of_absence_hold() {
    for (name, texts, why) in NEVER {
        for path in sources(&root().join("crates").join(name).join("src")) {
            let code = code(&path);
            for text in *texts {
                assert!(!code.contains(text), "{} names {text}: {why}", path.display());
            }
        }
    }
}

#[test]
fn nothing_unfinished_stands_behind_an_interface() {
    for (name, _) in MAY_USE {
        for path in sources(&root().join("crates").join(name).join("src")) {
            let code = code(&path);
            for text in ["todo!(", "unimplemented!(", "dbg!("] {
                assert!(!code.contains(text), "{} has {text}", path.display());
            }
        }
    }
}

#[test]
fn the_top_level_holds_what_it_should() {
    let known = [
        "Cargo.lock",
        "Cargo.toml",
        "README.md",
        "clippy.toml",
        "crates",
        "docs",
        "proto",
        "scripts",
        "tests",
    ];
    for entry in std::fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || known.contains(&name.as_str()), "{name} stands at the top level");
    }
}

#[test]
fn readme_names_what_is_there() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for (name, _) in MAY_USE {
        assert!(readme.contains(&format!("| `{name}` |")), "README has no row for {name}");
    }
    let quoted = readme.split('`').skip(1).step_by(2);
    for path in quoted.filter(|text| {
        text.starts_with("crates/") || text.starts_with("scripts/") || text.starts_with("tests/")
    }) {
        let path = path.split_whitespace().next().unwrap_or_default();
        assert!(root().join(path).exists(), "README names {path}, which is not there");
    }
}
