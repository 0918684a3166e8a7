//! The cluster as operators change it: nodes join and leave, leadership moves, a behaviour is raised; a node whose data
//! folder was wiped or rolled back does not come back under its number.

use std::time::{Duration, Instant};
use tempfile::TempDir;
use zonebook_tests::folder::copy;
use zonebook_tests::said;
use zonebook_tests::server::Server;

/// Node 1 alone, and nodes that have joined it.
fn joined(folder: &TempDir, nodes: u64) -> Vec<Server> {
    let mut first = Server::prepare(&folder.path().join("1"), "cluster", 1, "");
    first.start();
    let mut servers = vec![first];
    for node in 2..=nodes {
        let mut server =
            Server::prepare(&folder.path().join(node.to_string()), "cluster", node, "join = true\n");
        server.spawn();
        let id = node.to_string();
        let add = ["cluster", "add", &id, "--peer", &server.peer, "--api", &server.api, "--promote"];
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let added = servers[0].run(&add);
            if added.status.success() {
                break;
            }
            assert!(Instant::now() < deadline, "{}", said(&added));
        }
        server.wait();
        servers.push(server);
    }
    servers
}

fn leader(servers: &[Server]) -> u64 {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        for server in servers {
            let output = server.run(&["cluster", "status", "-o", "json", "--timeout", "5"]);
            let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            if let Some(leader) = all[0]["leader_id"].as_u64().filter(|leader| *leader != 0) {
                return leader;
            }
        }
        assert!(Instant::now() < deadline, "there is no leader");
    }
}

#[test]
fn nodes_join_and_leave_and_the_quorum_is_kept() {
    let folder = TempDir::new().unwrap();
    let mut servers = joined(&folder, 3);
    let status = servers[0].shown(&["cluster", "status", "-o", "json"]);
    let all: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 3, "{status}");
    assert_eq!(all[0]["members"].as_array().unwrap().len(), 3, "{status}");
    let from = leader(&servers);
    let to = from % 3 + 1;
    let moved = servers[0].run(&["cluster", "transfer", &to.to_string()]);
    assert!(moved.status.success(), "{}", said(&moved));
    assert_eq!(leader(&servers), to);
    let too_high = servers[0].run(&["cluster", "raise-behaviour", "99"]);
    assert!(said(&too_high).contains("knows behaviours up to"), "{}", said(&too_high));
    // With one node down, taking another one away would leave one of two.
    let down = from;
    servers[usize::try_from(down - 1).unwrap()].kill();
    std::thread::sleep(Duration::from_secs(4));
    let other = (1..=3).find(|node| *node != down && *node != to).unwrap();
    let asked = &servers[usize::try_from(to - 1).unwrap()];
    let refused = asked.run(&["cluster", "remove", &other.to_string()]);
    assert!(!refused.status.success());
    assert!(said(&refused).contains("could decide nothing"), "{}", said(&refused));
    let late = asked.run(&["cluster", "raise-behaviour", "2"]);
    assert!(said(&late).contains("does not answer") || said(&late).contains("knows"), "{}", said(&late));
    let removed = asked.run(&["cluster", "remove", &down.to_string()]);
    assert!(removed.status.success(), "{}", said(&removed));
    let left = asked.status();
    assert_eq!(left["members"].as_array().unwrap().len(), 2, "{left}");
}

#[test]
fn a_rolled_back_or_wiped_node_refuses_to_start() {
    let folder = TempDir::new().unwrap();
    let mut servers = joined(&folder, 3);
    let mut victim = servers.pop().unwrap();
    let data = victim.data.clone();
    let older = folder.path().join("older");
    victim.stop();
    copy(&data, &older);
    victim.start();
    let change = ["parameter", "set", "PARCEL_VALUE_MAX", "6000", "--from", "2099-01-01"];
    assert!(servers[0].run(&change).status.success());
    victim.stop();
    std::fs::remove_dir_all(&data).unwrap();
    copy(&older, &data);
    victim.spawn();
    assert_eq!(victim.ended(), Some(1));
    assert!(victim.said().contains("rolled back to an older copy"), "{}", victim.said());
    assert!(victim.said().contains("cluster add"), "{}", victim.said());
    std::fs::remove_dir_all(&data).unwrap();
    victim.spawn();
    assert_eq!(victim.ended(), Some(1));
    assert!(servers[0].run(&["balance", "list"]).status.success(), "the others go on");
}
