//! Cross checks run by themselves: a break shows in the figures of a node, and grows older there, without being asked for.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use zonebook_tests::server::Server;
use zonebook_tests::{month, printed};

/// Breaks of each check with the age of the oldest.
type Told = BTreeMap<String, (u64, u64)>;

const CHECKS: [&str; 6] = ["TRANSFERS", "PASSES", "SLIPS", "PARCELS", "LEASES", "SALES"];

/// What the figures say once the checks have run on everything that is there.
fn told(server: &Server) -> Told {
    let revision = server.status()["revision"].as_u64().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let metrics = server.metrics();
        if metrics.get("zonebook_checked_revision").is_some_and(|checked| *checked >= revision) {
            let figure = |name: &str, check: &str| metrics[&format!("{name}{{check=\"{check}\"}}")];
            let of =
                |check: &str| (figure("zonebook_breaks", check), figure("zonebook_break_age_days", check));
            return CHECKS.iter().map(|check| ((*check).to_owned(), of(check))).collect();
        }
        assert!(Instant::now() < deadline, "the checks do not run: {metrics:?}\n{}", server.said());
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// What `zonebook check` says of the same.
fn asked(server: &Server) -> Told {
    let mut all: Told = CHECKS.iter().map(|check| ((*check).to_owned(), (0, 0))).collect();
    let rows: serde_json::Value =
        serde_json::from_str(&printed(&server.run(&["check", "-o", "json"]))).unwrap();
    for row in rows.as_array().unwrap() {
        let (count, oldest) = all.get_mut(row["check"].as_str().unwrap()).unwrap();
        *count += 1;
        *oldest = (*oldest).max(row["age_days"].as_u64().unwrap_or_default());
    }
    all
}

/// A month whose only message comes so late: the ledger's clock goes on to then.
fn later(folder: &TempDir, file: &str, arrived_at: &str) -> String {
    let month_later = folder.path().join(arrived_at);
    std::fs::create_dir_all(month_later.join("messages")).unwrap();
    std::fs::copy(month().join("messages").join(file), month_later.join("messages").join(file)).unwrap();
    let rows = std::fs::read_to_string(month().join("manifest.csv")).unwrap();
    let (head, row) =
        (rows.lines().next().unwrap(), rows.lines().find(|row| row.contains(file)).unwrap().to_owned());
    let mut fields: Vec<&str> = row.split(',').collect();
    fields[0] = "1";
    fields[2] = arrived_at;
    std::fs::write(month_later.join("manifest.csv"), format!("{head}\n{}\n", fields.join(","))).unwrap();
    month_later.display().to_string()
}

#[test]
fn a_break_shows_by_itself_and_grows_older() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::prepare(&folder.path().join("node"), "checks", 1, "check_every_seconds = 1\n");
    server.start();
    assert!(told(&server).values().all(|(breaks, _)| *breaks == 0), "nothing is there yet");
    let _ = server.shown(&["import", &month().display().to_string(), "--clock", "manifest"]);
    let at_the_end = told(&server);
    assert_eq!(at_the_end, asked(&server));

    // The month leaves documents that wait. Nobody files anything more of the trade; only time goes on.
    let file = std::fs::read_dir(month().join("messages")).unwrap().next().unwrap().unwrap().file_name();
    let file = file.to_str().unwrap().to_owned();
    let _ = server.shown(&["import", &later(&folder, &file, "2026-08-01T00:00:00"), "--clock", "manifest"]);
    let in_august = told(&server);
    assert_eq!(in_august, asked(&server));
    assert!(in_august.values().map(|(breaks, _)| breaks).sum::<u64>() > 0, "{in_august:?}");
    let _ = server.shown(&["import", &later(&folder, &file, "2026-08-11T00:00:00"), "--clock", "manifest"]);
    let ten_days_later = told(&server);
    assert_eq!(ten_days_later, asked(&server));
    for (check, (breaks, oldest)) in in_august.iter().filter(|(_, (breaks, _))| *breaks > 0) {
        assert_eq!(ten_days_later[check], (*breaks, oldest + 10), "{check}");
    }
}
