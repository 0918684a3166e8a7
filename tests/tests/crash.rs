//! `kill -9` of one node, of the leader and of all three under load: what was acknowledged is there, once, on every node.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;
use zonebook_cli::processes::Processes;
use zonebook_client::{Client, Packer};
use zonebook_tests::load::{Acknowledged, call, file_book, is_there_once};
use zonebook_tests::zonebook;

const NODES: u64 = 3;
const CALLERS: u64 = 8;
const ROUNDS: u64 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once_whoever_is_killed() {
    let folder = TempDir::new().unwrap();
    let mut cluster = Processes::prepare(folder.path(), &zonebook(), NODES).unwrap();
    for node in 1..=NODES {
        cluster.start(node).unwrap();
    }
    cluster.wait_for_leader().await.unwrap();
    let client = cluster.client();
    file_book(&client).await;
    let acknowledged = Acknowledged::default();
    let packer = Packer::new(client.clone());
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call(packer.clone(), caller, Arc::clone(&acknowledged)));
    }
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(700 + random.next_u64() % 600)).await;
        let leader = cluster.wait_for_leader().await.unwrap();
        let victims: Vec<u64> = match round % 3 {
            0 => vec![leader],
            1 => (1..=NODES).collect(),
            _ => vec![leader % NODES + 1],
        };
        for victim in &victims {
            cluster.kill(*victim).await.unwrap();
        }
        for victim in victims {
            cluster.start(victim).unwrap();
        }
        let before = acknowledged.lock().unwrap().len();
        while acknowledged.lock().unwrap().len() <= before {
            assert!(callers.try_join_next().is_none(), "a caller gave up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    callers.abort_all();
    while callers.join_next().await.is_some() {}
    cluster.wait_for_leader().await.unwrap();
    cluster.digests_agree().await.unwrap();
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > 100, "only {} lists were acknowledged", acknowledged.len());
    for address in cluster.addresses.clone() {
        let one = Client::new([address], zonebook_client::Options::default());
        is_there_once(&one, &acknowledged).await;
    }
    cluster.stop().await.unwrap();
}
