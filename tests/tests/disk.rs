//! Disks that fail, are slow, run full, and lose what was not synced: what was acknowledged is there, once, or the node
//! says that it cannot go on.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use zonebook_api::v1;
use zonebook_bench::books::{self, Book};
use zonebook_cli::processes::digests_agree;
use zonebook_client::{Client, Error, Options, Packer, request_id};
use zonebook_store::StoredLog;
use zonebook_store::archive::ArchiveFolder;
use zonebook_tests::disk::Disk;
use zonebook_tests::folder::files;
use zonebook_tests::load::{self, Acknowledged, is_there, is_there_once, list_no};
use zonebook_tests::server::Server;
use zonebook_tests::{run, said};

const ITEMS: u64 = 10;
/// Snapshots, segments of the archive and purges as often as they can be.
const SHORT_LOG: &str =
    "snapshot_log_mib = 0\nkeep_log_mib = 0\nkeep_log_entries = 64\narchive_entries = 8\n";

fn client(server: &Server) -> Client {
    let patience = Duration::from_secs(3);
    let options = Options { deadline: patience, attempt: patience, ..Options::default() };
    Client::new([server.api.clone()], options)
}

async fn submit(client: &Client, book: &Book, number: u64) -> Result<(), Error> {
    let list = books::list(book, list_no(number), format!("D{number}"), 1..=3);
    let request =
        v1::SubmitMovementRequest { request_id: request_id(), validate_only: false, list: Some(list) };
    let reply = client.submit_movement(request).await?;
    assert_eq!(reply.outcome.unwrap().verdict(), v1::Verdict::Accepted);
    Ok(())
}

/// Submits until a call fails, or for a time; the numbers that were acknowledged, and the first number that is free again.
async fn work(client: &Client, book: &Book, from: u64, time: Duration) -> (Vec<u64>, u64) {
    let (mut acknowledged, until) = (Vec::new(), Instant::now() + time);
    for number in from.. {
        if Instant::now() > until {
            return (acknowledged, number);
        }
        match submit(client, book, number).await {
            Ok(()) => acknowledged.push(number),
            Err(_) => return (acknowledged, number + 1),
        }
    }
    unreachable!()
}

async fn prepared(server: &Server) -> (Client, Book) {
    let client = client(server);
    let book = books::prepare(&client, books::STORE, ITEMS).await.unwrap();
    (client, book)
}

/// A rule strikes while lists are submitted: the node stops and says why; started again, it has what it acknowledged.
async fn strikes(rule: &str, says: &str) {
    let disk = Disk::new();
    let mut server = disk.server(SHORT_LOG);
    server.start();
    let (asking, book) = prepared(&server).await;
    disk.fails(rule);
    let (acknowledged, next) = work(&asking, &book, 1, Duration::from_secs(60)).await;
    assert_ne!(server.ended(), Some(0), "{rule}");
    let said = server.said();
    assert!(said.contains("stopped itself") && said.contains(says), "{rule}: {said}");
    disk.fails("");
    is_whole(&server);
    server.start();
    let asking = client(&server);
    for number in acknowledged {
        assert!(is_there(&asking, &list_no(number)).await, "{rule}: list {number} was acknowledged");
    }
    submit(&asking, &book, next).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_sync_of_the_log_stops_the_node() {
    strikes("sync EIO raft/ 5", "Input/output error").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_of_the_log_stops_the_node() {
    strikes("write EIO raft/ 7", "Input/output error").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_log_stops_the_node() {
    strikes("write ENOSPC raft/ 9", "No space left on device").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_of_the_state_stops_the_node() {
    strikes("write EIO groups/1/ledger/", "Input/output error").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_cannot_be_made_stops_the_node() {
    strikes("open EIO groups/1/ledger/", "Input/output error").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_cannot_be_written_stops_the_node() {
    strikes("sync EIO groups/1/snapshots/", "Input/output error").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_cannot_be_put_in_place_stops_the_node() {
    strikes("rename EIO groups/1/snapshots/", "Input/output error").await;
}

/// History that is not kept is not purged.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_cannot_be_written_stops_the_node() {
    strikes("rename EIO groups/1/archive/", "the archive cannot be written: Input/output error").await;
}

/// A backup asks for segments, too; it breaks off and says why, and the node goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_segment_that_cannot_be_written_breaks_a_backup_off() {
    let disk = Disk::new();
    let mut server = disk.server("archive_entries = 4");
    server.start();
    let (asking, book) = prepared(&server).await;
    let to = disk.aside("backup");
    let backup = || server.run(&["backup", "--to", &to, "--timeout", "20"]);
    for (number, call) in (0..).zip(["open", "write", "sync", "rename"]) {
        for list in 1..=4 {
            submit(&asking, &book, number * 4 + list).await.unwrap();
        }
        disk.fails(&format!("{call} EIO groups/1/archive/"));
        let broken = backup();
        assert!(
            !broken.status.success() && said(&broken).contains("Input/output error"),
            "{call}: {}",
            said(&broken)
        );
        disk.fails("");
        let taken = backup();
        assert!(taken.status.success(), "{call}: {}", said(&taken));
        let verified = run(&["offline", "verify", &to]);
        assert!(verified.status.success(), "{call}: {}", said(&verified));
    }
    server.stop();
    is_whole(&server);
}

/// What fails while a node starts is named, and nothing is lost by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_open_its_files_says_so_and_loses_nothing() {
    let disk = Disk::new();
    let mut server = disk.server(SHORT_LOG);
    server.start();
    let (asking, book) = prepared(&server).await;
    let (acknowledged, _) = work(&asking, &book, 1, Duration::from_secs(2)).await;
    assert!(!acknowledged.is_empty());
    for rule in [
        "open EIO disk/data/identity",
        "rename EIO disk/data/identity",
        "open EIO disk/data/raft/",
        "rename EIO disk/data/raft/",
        "truncate EIO disk/data/raft/",
        "open EIO groups/1/ledger/",
        "rename EIO groups/1/ledger/",
        "open EIO groups/1/CURRENT",
        "rename EIO groups/1/CURRENT",
    ] {
        server.kill();
        // As if the power had gone while a record was written: opening cuts it off.
        let newest = files(&server.data.join("raft")).into_iter();
        let newest =
            newest.filter(|path| path.extension().is_some_and(|ending| ending == "log")).max().unwrap();
        std::fs::File::options().append(true).open(newest).unwrap().write_all(&[1; 5]).unwrap();
        disk.fails(rule);
        let before = server.said().len();
        server.spawn();
        assert_eq!(server.ended(), Some(1), "{rule}");
        let said = &server.said()[before..];
        let named = ["identity", "raft", "groups/1"].into_iter().find(|part| rule.contains(part)).unwrap();
        assert!(said.contains("Input/output error") && said.contains(named), "{rule}: {said}");
        disk.fails("");
        is_whole(&server);
        server.start();
        let asking = client(&server);
        for number in &acknowledged {
            assert!(is_there(&asking, &list_no(number)).await, "{rule}: list {number} was acknowledged");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_runs_full_serves_reads_and_says_so_before() {
    let disk = Disk::new();
    let mut server = disk.server("");
    server.start();
    let (asking, book) = prepared(&server).await;
    submit(&asking, &book, 1).await.unwrap();
    disk.fails("free 104857600");
    // It measures once a second.
    let deadline = Instant::now() + Duration::from_secs(20);
    let (mut taken, mut why) = (1, String::new());
    while why.is_empty() {
        assert!(Instant::now() < deadline, "it takes changes still");
        match submit(&asking, &book, taken + 1).await {
            Ok(()) => taken += 1,
            Err(Error::Unavailable(text)) => why = text,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(why.contains("100 MiB free under") && why.contains("reserve of 512 MiB"), "{why}");
    assert!(
        is_there(&asking, &list_no(taken)).await && !is_there(&asking, &list_no(taken + 1)).await,
        "reads are served"
    );
    disk.fails("free 10737418240");
    let deadline = Instant::now() + Duration::from_secs(20);
    while submit(&asking, &book, taken + 1).await.is_err() {
        assert!(Instant::now() < deadline, "there is room again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_disk_is_slow_and_nothing_else() {
    let disk = Disk::new();
    let mut server = disk.server("");
    server.start();
    let (asking, book) = prepared(&server).await;
    disk.fails("sync slow=300 raft/");
    for number in 1..=5 {
        submit(&asking, &book, number).await.unwrap();
    }
}

/// How often the power is to go, and the seed of what is lost then.
fn cuts(cuts: u64) -> (u64, u64) {
    let told = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    (told("ZONEBOOK_CUTS").unwrap_or(cuts), told("ZONEBOOK_SEED").unwrap_or(1))
}

/// What a stopped node has on its disk is whole; that includes that its archive has what its log has purged.
fn is_whole(server: &Server) {
    let verified = run(&["offline", "verify", &server.data.display().to_string()]);
    assert!(verified.status.success(), "{}", said(&verified));
}

/// Segments of the archive of a stopped node, and the first entry that its log has not purged.
fn kept(server: &Server) -> (usize, u64) {
    let archive = ArchiveFolder::existing(&server.data.join("groups/1/archive"));
    let log = StoredLog::open(&server.data.join("raft"), 1).unwrap();
    let purged = log.state().unwrap().purged;
    (archive.segments().unwrap().len(), purged.map_or(0, |(index, _)| index + 1))
}

/// Cuts the power again and again, each time while lists are submitted.
#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let (cuts, seed) = cuts(8);
    let disk = Disk::new();
    let mut server = disk.server(SHORT_LOG);
    server.start();
    let (mut asking, book) = prepared(&server).await;
    let (mut acknowledged, mut next) = (BTreeSet::new(), 1);
    let (mut bytes, mut names) = (0, 0);
    for cut in 0..cuts {
        let (working, with) = (asking.clone(), book.clone());
        let from = next;
        let work = tokio::spawn(async move { work(&working, &with, from, Duration::from_secs(60)).await });
        tokio::time::sleep(Duration::from_millis(300 + cut * 137 % 900)).await;
        server.kill();
        let (done, free) = work.await.unwrap();
        acknowledged.extend(done);
        next = free;
        let lost = disk.cut_power(seed.wrapping_mul(1_000).wrapping_add(cut));
        (bytes, names) = (bytes + lost.0, names + lost.1);
        is_whole(&server);
        server.start();
        asking = client(&server);
        for number in &acknowledged {
            assert!(
                is_there(&asking, &list_no(number)).await,
                "seed {seed}, cut {cut}: list {number} is lost"
            );
        }
    }
    server.kill();
    let (segments, purged) = kept(&server);
    eprintln!(
        "{} lists, {bytes} bytes and {names} names lost in {cuts} cuts, {segments} segments, {purged} entries purged",
        acknowledged.len()
    );
    assert!(bytes + names > 0, "the disk lost nothing: the cuts showed nothing");
    assert!(segments > 0 && purged > 0, "nothing was archived and purged");
}

/// Who led in which term, as nodes tell it: one of them in each.
#[derive(Default)]
struct Leaders(BTreeMap<u64, u64>);

impl Leaders {
    /// Notes what all tell; the highest term.
    async fn note(&mut self, servers: &[Server]) -> u64 {
        for server in servers {
            let status = server.client().get_status(v1::GetStatusRequest {}).await.unwrap();
            let (term, leader) = (status.term, status.leader_id);
            if leader != 0 {
                assert_eq!(*self.0.entry(term).or_insert(leader), leader, "two led in term {term}");
            }
        }
        self.0.keys().next_back().copied().unwrap_or_default()
    }
}

/// The power of all nodes of a cluster goes at once, while lists are submitted.
#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_of_all_nodes_takes_nothing_that_was_acknowledged() {
    let (cuts, seed) = cuts(1);
    let disks: [Disk; 3] = Default::default();
    let mut servers: Vec<Server> =
        (1..).zip(&disks).map(|(node, disk)| disk.member(node, SHORT_LOG)).collect();
    Server::form(&mut servers);
    servers.iter_mut().for_each(Server::spawn);
    servers.iter().for_each(Server::wait);
    let patience = Duration::from_secs(120);
    let options = Options { deadline: patience, attempt: Duration::from_secs(5), ..Options::default() };
    let asking = Client::new(servers.iter().map(|server| server.api.clone()), options);
    load::file_book(&asking).await;
    let acknowledged = Acknowledged::default();
    let packer = Packer::new(asking.clone());
    let mut callers = JoinSet::new();
    for caller in 0..4 {
        callers.spawn(load::call(packer.clone(), caller, Arc::clone(&acknowledged)));
    }
    let count = || acknowledged.lock().unwrap().len();
    let mut leaders = Leaders::default();
    let (mut bytes, mut names, mut segments, mut purged) = (0, 0, 0, 0);
    for cut in 0..cuts {
        // Each node seals its own segments.
        for (server, disk) in servers.iter().zip(&disks) {
            let _ = server.shown(&["backup", "--to", &disk.aside(&format!("backup-{cut}"))]);
        }
        let before = count();
        let term = leaders.note(&servers).await;
        while count() < before + 100 {
            assert!(callers.try_join_next().is_none(), "a caller gave up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        servers.iter_mut().for_each(Server::kill);
        for (node, disk) in (0..).zip(&disks) {
            let lost = disk.cut_power(seed.wrapping_mul(1_000).wrapping_add(cut * 3 + node));
            (bytes, names) = (bytes + lost.0, names + lost.1);
        }
        for server in &servers {
            is_whole(server);
            let found = kept(server);
            (segments, purged) = (segments.max(found.0), purged.max(found.1));
        }
        servers.iter_mut().for_each(Server::spawn);
        servers.iter().for_each(Server::wait);
        assert!(leaders.note(&servers).await >= term, "a vote is forgotten");
        let before = count();
        while count() == before {
            assert!(callers.try_join_next().is_none(), "a caller gave up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    callers.shutdown().await;
    let addresses = servers.iter().map(|server| server.api.clone());
    digests_agree(&asking, servers.len()).await.unwrap();
    leaders.note(&servers).await;
    let acknowledged = acknowledged.lock().unwrap().clone();
    for address in addresses {
        let options = Options { deadline: patience, ..Options::default() };
        is_there_once(&Client::new([address], options), &acknowledged).await;
    }
    eprintln!(
        "{} lists, {bytes} bytes and {names} names lost in {cuts} cuts, {segments} segments, {purged} entries purged",
        acknowledged.len()
    );
    assert!(bytes + names > 0, "the disks lost nothing: the cuts showed nothing");
    assert!(segments > 0 && purged > 0, "nothing was archived and purged");
}

/// The other side of the test above: a disk that lies about syncs loses what was acknowledged, and the test sees it.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_lies_is_found_out_by_the_same_test() {
    let disk = Disk::new();
    let mut server = disk.server("");
    server.start();
    let (asking, book) = prepared(&server).await;
    disk.fails("sync lie raft/");
    let (acknowledged, _) = work(&asking, &book, 1, Duration::from_secs(1)).await;
    assert!(!acknowledged.is_empty());
    server.kill();
    disk.cut_power(4);
    disk.fails("");
    server.start();
    let asking = client(&server);
    let mut lost = 0;
    for number in acknowledged {
        lost += usize::from(!is_there(&asking, &list_no(number)).await);
    }
    assert!(lost > 0, "nothing is lost although nothing was synced");
}
