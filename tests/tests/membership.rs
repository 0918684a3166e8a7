//! The cluster as operators change it: nodes join and leave, leadership moves, a behaviour is raised; a node whose data
//! folder was wiped or rolled back does not come back under its number.

use std::time::{Duration, Instant};
use tempfile::TempDir;
use zonebook_cli::processes::digests_agree;
use zonebook_store::stored_state;
use zonebook_tests::folder::{copy, files};
use zonebook_tests::server::Server;
use zonebook_tests::{month, printed, run, said};

/// Node 1 alone, and nodes that have joined it.
fn joined(folder: &TempDir, nodes: u64) -> Vec<Server> {
    let mut first = Server::prepare(&folder.path().join("1"), "cluster", 1, "");
    first.start();
    let mut servers = vec![first];
    for node in 2..=nodes {
        join(folder, &mut servers, node);
    }
    servers
}

/// A new node joins under a number.
fn join(folder: &TempDir, servers: &mut Vec<Server>, node: u64) {
    let mut server = Server::prepare(&folder.path().join(node.to_string()), "cluster", node, "join = true\n");
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
    let unsure = asked.run(&["cluster", "raise-behaviour", "2"]);
    assert!(said(&unsure).contains("does not answer"), "{}", said(&unsure));
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

/// What rots on one node of three is named and not served; the node joins anew under another number and has everything.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_node_is_named_and_refilled_by_the_others() {
    let folder = TempDir::new().unwrap();
    let mut servers = joined(&folder, 3);
    let _ = servers[0].shown(&["import", &month().display().to_string(), "--clock", "manifest"]);
    let shown = ["export", "balances", "-o", "csv", "--timeout", "10"];
    let whole = servers[0].shown(&shown);
    assert_eq!(servers[2].shown(&shown), whole);
    let mut victim = servers.pop().unwrap();
    victim.stop();
    let tables = files(&victim.data.join("groups/1/ledger")).into_iter();
    let tables = tables.filter(|path| path.extension().is_some_and(|ending| ending == "sst"));
    let table = tables.max_by_key(|path| std::fs::metadata(path).unwrap().len()).unwrap();
    let mut bytes = std::fs::read(&table).unwrap();
    // In blocks of rows, which come first: the node may start, and meets it when it reads.
    let rows = bytes.len() * 3 / 5;
    bytes[..rows].iter_mut().step_by(256).for_each(|byte| *byte ^= 0x10);
    std::fs::write(&table, bytes).unwrap();
    let data = victim.data.display().to_string();
    let verified = run(&["offline", "verify", &data]);
    assert_eq!(verified.status.code(), Some(7), "{}", said(&verified));
    let name = table.file_name().unwrap().to_str().unwrap();
    assert!(said(&verified).contains(name), "{name} is not named: {}", said(&verified));
    victim.spawn();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let served = victim.run(&shown);
        if served.status.success() {
            assert_eq!(printed(&served), whole, "damage is served");
        } else if said(&served).contains("orruption") || victim.said().contains("orruption") {
            break;
        }
        assert!(Instant::now() < deadline, "{}\n{}", said(&served), victim.said());
    }
    assert_eq!(servers[0].shown(&shown), whole, "the others go on");
    victim.kill();
    std::fs::remove_dir_all(&victim.data).unwrap();
    let removed = servers[0].run(&["cluster", "remove", "3"]);
    assert!(removed.status.success(), "{}", said(&removed));
    join(&folder, &mut servers, 4);
    let client = servers[0].client();
    digests_agree(&client, 3).await.unwrap();
    assert_eq!(servers[2].shown(&shown), whole);
    servers.iter_mut().for_each(Server::stop);
    let state = |server: &Server| stored_state(&server.data.join("groups/1")).unwrap();
    let difference = state(&servers[0]).first_difference(&state(&servers[2])).unwrap();
    assert!(difference.is_none(), "{}", difference.unwrap());
}
