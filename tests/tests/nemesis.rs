//! A short nemesis over three real processes: each fault once or so, from one seed. `scripts/nemesis` goes on for longer.

use std::time::Duration;
use tempfile::TempDir;
use zonebook_tests::nemesis::fault::Fault;
use zonebook_tests::nemesis::run::{Report, Settings, run};
use zonebook_tests::zonebook;

/// How long a probing client may be without an answer after a leader's death. Three seconds are promised and measured by
/// `scripts/nemesis`; here other tests may have the processors.
const FAILOVER_MAX: Duration = Duration::from_secs(15);

async fn survived(seed: u64, seconds: u64, faults: &[Fault]) -> Report {
    let folder = TempDir::new().unwrap();
    let settings = Settings {
        seed,
        nodes: 3,
        trouble: Duration::from_secs(seconds),
        faults: faults.to_vec(),
        clients: 6,
        pause: Duration::from_millis(30),
        folder: folder.path().into(),
        program: zonebook(),
        shown: false,
    };
    let report = run(&settings).await.unwrap();
    if !report.violations.is_empty() {
        let kept = folder.keep();
        panic!("{report}kept in {}; more of it: scripts/nemesis --seed {seed}", kept.display());
    }
    eprint!("{report}");
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once_whatever_the_nemesis_does() {
    let faults = [
        Fault::IsolateLeader,
        Fault::PauseLeader,
        Fault::OneWay,
        Fault::KillAll,
        Fault::SeverLinks,
        Fault::Replace,
    ];
    let report = survived(1, 45, &faults).await;
    assert!(report.ends.get("accepted").is_some_and(|accepted| *accepted > 100), "{report}");
    assert_eq!(report.journals, 3);
    assert!(report.items > 10 && report.readings > 50, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_knows_all_addresses_writes_again_soon_after_a_leaders_death() {
    let report = survived(2, 25, &[Fault::KillLeader, Fault::PauseLeader, Fault::IsolateLeader]).await;
    assert!(report.failovers.contains_key(&Fault::KillLeader), "{report}");
    assert!(report.failovers.values().flatten().all(|took| *took < FAILOVER_MAX), "{report}");
}
