//! Disks that fail, are slow, run full, and lose what was not synced: what was acknowledged is there, once, or the node
//! says that it cannot go on.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use zonebook_api::v1;
use zonebook_bench::books::{self, Book};
use zonebook_client::{Client, Error, Options, request_id};
use zonebook_tests::disk::Disk;
use zonebook_tests::load::{is_there, list_no};
use zonebook_tests::server::Server;

const ITEMS: u64 = 10;

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
    let mut server = disk.server("snapshot_log_mib = 1");
    server.start();
    let (asking, book) = prepared(&server).await;
    disk.fails(rule);
    let (acknowledged, next) = work(&asking, &book, 1, Duration::from_secs(60)).await;
    assert_ne!(server.ended(), Some(0), "{rule}");
    let said = server.said();
    assert!(said.contains("stopped itself") && said.contains(says), "{rule}: {said}");
    disk.fails("");
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

/// Cuts the power again and again, each time while lists are submitted.
#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let cuts: u64 = std::env::var("ZONEBOOK_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(8);
    let seed: u64 = std::env::var("ZONEBOOK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let disk = Disk::new();
    let mut server = disk.server("snapshot_log_mib = 1\nkeep_log_mib = 1");
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
        server.start();
        asking = client(&server);
        for number in &acknowledged {
            assert!(
                is_there(&asking, &list_no(number)).await,
                "seed {seed}, cut {cut}: list {number} is lost"
            );
        }
    }
    eprintln!("{} lists, {bytes} bytes and {names} names lost in {cuts} cuts", acknowledged.len());
    assert!(bytes + names > 0, "the disk lost nothing: the cuts showed nothing");
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
