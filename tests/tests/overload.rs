//! More than a node can take: the rest is told when to come back, nothing of it is done, and what was taken is done once.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use tokio::task::JoinSet;
use zonebook_api::v1;
use zonebook_bench::books::{self, Book};
use zonebook_client::{Client, Error, Options, request_id};
use zonebook_tests::Node;
use zonebook_tests::load::{is_there, list_no};

const LISTS: usize = 600;
const LINES: u64 = 500;
const CONNECTIONS: usize = 8;
/// Open connections that say nothing more.
const IDLE: u64 = 10_000;
/// Open files beside the connections.
const OTHER_FILES: u64 = 200;

fn client(node: &Node) -> Client {
    let patience = Duration::from_secs(120);
    let options = Options { deadline: patience, attempt: patience, waits_when_busy: false };
    Client::new([node.address().to_owned()], options)
}

fn list(book: &Book, number: usize) -> v1::InventoryList {
    books::list(book, list_no(number), format!("D{number}"), 1..=LINES)
}

/// All lists at once; the numbers of those that were accepted, and of those that were sent away.
async fn flood(clients: &[Client], book: &Book) -> (Vec<usize>, Vec<usize>) {
    let mut calls = JoinSet::new();
    for number in 0..LISTS {
        let (client, list) = (clients[number % clients.len()].clone(), list(book, number));
        calls.spawn(async move {
            let request = v1::SubmitMovementRequest {
                request_id: request_id(),
                validate_only: false,
                list: Some(list),
            };
            (number, client.submit_movement(request).await)
        });
    }
    let (mut accepted, mut sent_away) = (Vec::new(), Vec::new());
    while let Some(done) = calls.join_next().await {
        match done.unwrap() {
            (number, Ok(reply)) => {
                assert_eq!(reply.outcome.unwrap().verdict(), v1::Verdict::Accepted);
                accepted.push(number);
            }
            (number, Err(Error::Overloaded { again_after, why })) => {
                assert!(again_after >= Duration::from_millis(50), "{why}");
                sent_away.push(number);
            }
            (number, Err(other)) => panic!("list {number}: {other}"),
        }
    }
    (accepted, sent_away)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_told_when_to_come_back() {
    let node = Node::start();
    let asking = client(&node);
    let book = books::prepare(&asking, books::STORE, LINES).await.unwrap();
    let clients: Vec<Client> = (0..CONNECTIONS).map(|_| asking.unshared()).collect();
    let (accepted, sent_away) = flood(&clients, &book).await;
    assert!(!sent_away.is_empty(), "{LISTS} lists of {LINES} lines at once were all taken");
    assert!(!accepted.is_empty());
    for number in accepted {
        assert!(is_there(&asking, &list_no(number)).await, "list {number} was accepted");
    }
    for &number in &sent_away {
        assert!(!is_there(&asking, &list_no(number)).await, "list {number} was sent away");
    }
    // A client that waits gets through with all of them, and the memory of the flood is given back.
    let patient = Client::new(
        [node.address().to_owned()],
        Options { deadline: Duration::from_secs(120), ..Options::default() },
    );
    let mut calls = JoinSet::new();
    for &number in &sent_away {
        let (client, list) = (patient.clone(), list(&book, number));
        calls.spawn(async move {
            let request = v1::SubmitMovementRequest {
                request_id: request_id(),
                validate_only: false,
                list: Some(list),
            };
            client.submit_movement(request).await.map(|_| ())
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap().unwrap();
    }
    for number in 0..LISTS {
        assert!(is_there(&asking, &list_no(number)).await, "list {number} came back");
    }
    let memory = node.memory() >> 20;
    assert!(memory < 2_048, "{memory} MiB");
}

/// The beginning of a connection of HTTP/2, and its settings: all defaults.
const HELLO: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

fn idle(node: &Node) -> TcpStream {
    let mut stream = TcpStream::connect(node.address()).unwrap();
    stream.write_all(HELLO).unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(head[3], 4, "the server's settings");
    stream
}

/// How many of the connections this machine lets a process have; told when it is fewer.
fn connections_allowed() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    let allowed = maximum.map_or(IDLE, |maximum| IDLE.min(maximum.saturating_sub(OTHER_FILES)));
    if allowed < IDLE {
        eprintln!("ONLY {allowed} OF {IDLE} CONNECTIONS: the hard limit of open files is {maximum:?}");
    }
    allowed
}

#[tokio::test(flavor = "multi_thread")]
async fn many_idle_connections_cost_little_and_nobody_is_shut_out() {
    let node = Node::start();
    let asking = client(&node);
    let book = books::prepare(&asking, books::STORE, 10).await.unwrap();
    let before = node.memory();
    let idle: Vec<TcpStream> = (0..connections_allowed()).map(|_| idle(&node)).collect();
    let each = node.memory().saturating_sub(before) / idle.len() as u64;
    assert!(each < 128 << 10, "{each} bytes for each connection");
    let request = v1::SubmitMovementRequest {
        request_id: request_id(),
        validate_only: false,
        list: Some(books::list(&book, "QD1".into(), "D1".into(), 1..=10)),
    };
    let reply = asking.unshared().submit_movement(request).await.unwrap();
    assert_eq!(reply.outcome.unwrap().verdict(), v1::Verdict::Accepted);
    eprintln!("{each} bytes for each of {} connections", idle.len());
}
