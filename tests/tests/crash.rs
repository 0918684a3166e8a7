//! `kill -9` of one node, of the leader and of all three under load: what was acknowledged is there, once, on every node.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;
use zonebook_api::v1;
use zonebook_cli::processes::Processes;
use zonebook_client::{Client, Packer};
use zonebook_tests::load::{Acknowledged, call, file_book};
use zonebook_tests::zonebook;

const NODES: u64 = 3;
const CALLERS: u64 = 8;
const ROUNDS: u64 = 4;

async fn verify(client: &Client, acknowledged: &BTreeMap<String, (String, u64)>) {
    let mut lists = 0_u64;
    let mut request = v1::ListMovementsRequest::default();
    let mut states = BTreeMap::new();
    loop {
        let page = client.list_movements(request.clone()).await.unwrap();
        for movement in page.movements {
            lists += 1;
            states.insert(movement.list_no, movement.accepted_revision);
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    for (id, (list_no, revision)) in acknowledged {
        assert_eq!(states.get(list_no), Some(revision), "list {list_no} of request {id}");
    }
    let positions = client
        .list_positions(v1::ListPositionsRequest { place: "ZONE".into(), ..Default::default() })
        .await
        .unwrap()
        .positions;
    let reserved: u64 = positions
        .iter()
        .filter_map(|position| position.counters.as_ref()?.decrease_pending.as_ref())
        .map(|measure| measure.declared.parse::<u64>().unwrap())
        .sum();
    assert_eq!(reserved, lists * 3, "each accepted list reserved its three units once");
}

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
        verify(&one, &acknowledged).await;
    }
    cluster.stop().await.unwrap();
}
