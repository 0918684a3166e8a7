//! What the former format version wrote is read; a format that is not known is refused by name.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use zonebook_tests::server::Server;
use zonebook_tests::{printed, root, run, said};

/// The folder that the former release wrote, unpacked anew.
fn former(folder: &Path) -> PathBuf {
    let data = folder.join("former");
    std::fs::create_dir_all(&data).unwrap();
    let packed = root().join("tests/former/data.tar.gz");
    let unpacked = Command::new("tar").arg("-xzf").arg(packed).arg("-C").arg(&data).status().unwrap();
    assert!(unpacked.success());
    data
}

fn kept(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/former").join(name)).unwrap()
}

#[test]
fn what_the_former_version_wrote_is_served() {
    let folder = TempDir::new().unwrap();
    let data = former(folder.path());
    let text = data.display().to_string();
    let verified = run(&["offline", "verify", &text]);
    assert!(verified.status.success(), "{}", said(&verified));
    let replayed = run(&["offline", "replay", &text]);
    assert!(replayed.status.success(), "{}", said(&replayed));
    let mut server = Server::prepare(folder.path(), "former", 1, "");
    server.at(data);
    server.start();
    let status = server.status();
    let head = format!("{} {}\n", status["revision"], status["digest"].as_str().unwrap());
    assert_eq!(head, kept("head.txt"));
    assert_eq!(server.shown(&["export", "balances", "-o", "csv"]), kept("balances.csv"));
    let _ = server.shown(&["backup", "--to", &folder.path().join("backups").display().to_string()]);
    server.stop();
    // What this release has written over it is read again.
    server.start();
    assert_eq!(server.status()["digest"], status["digest"]);
    server.stop();
}

/// What the former release wrote goes on under its behaviour until another one is put in force, and a replay keeps to that.
#[test]
fn what_the_former_version_wrote_changes_its_behaviour_when_it_is_told() {
    let folder = TempDir::new().unwrap();
    let data = former(folder.path());
    let text = data.display().to_string();
    let mut server = Server::prepare(folder.path(), "former", 1, "");
    server.at(data);
    server.start();
    let behaviours = |server: &Server| {
        let status = server.status();
        ["behaviour", "behaviour_max"].map(|name| status[name].as_u64().unwrap())
    };
    let [former, newest] = behaviours(&server);
    assert!(former < newest, "{former} {newest}");
    let raise = |server: &Server| server.run(&["cluster", "raise-behaviour", &newest.to_string()]);
    let raised = raise(&server);
    assert!(raised.status.success(), "{}", said(&raised));
    assert_eq!(behaviours(&server), [newest; 2]);
    let again = raise(&server);
    let says = format!("none: {newest}, the highest that this release knows, is in force");
    assert!(!again.status.success() && said(&again).contains(&says), "{}", said(&again));
    let change = ["parameter", "set", "PARCEL_VALUE_MAX", "6000", "--from", "2099-01-01"];
    assert!(server.run(&change).status.success());
    server.stop();
    let replayed = run(&["offline", "replay", &text]);
    assert!(replayed.status.success(), "{}", said(&replayed));
    server.start();
    assert_eq!(behaviours(&server), [newest; 2]);
    server.stop();
}

#[test]
fn a_format_that_is_not_known_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let data = former(folder.path());
    let identity = data.join("identity");
    let mut bytes = std::fs::read(&identity).unwrap();
    // The version stands behind the kind.
    bytes[2] = 77;
    std::fs::write(&identity, bytes).unwrap();
    let mut server = Server::prepare(folder.path(), "former", 1, "");
    server.at(data.clone());
    server.spawn();
    assert_eq!(server.ended(), Some(1));
    assert!(server.said().contains("Identity has format version 77"), "{}", server.said());
    let verified = run(&["offline", "verify", &data.display().to_string()]);
    assert_eq!(verified.status.code(), Some(7), "{}{}", printed(&verified), said(&verified));
    assert!(said(&verified).contains("Identity has format version 77"), "{}", said(&verified));
}
