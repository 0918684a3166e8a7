//! What stands in front of a node's port: it lets through what the way from the caller lets through.
//!
//! Members are told one address of each other, so one proxy takes the calls of all. The first frame on a connection
//! between nodes names the one that calls (`crates/consensus/src/frame.rs`), which is read here and passed on.

use crate::nemesis::link::{CLIENTS, Links, Way};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use zonebook_codec::envelope::{HEADER_BYTES, Kind, payload_length};
use zonebook_codec::plain;

const CHUNK_BYTES: usize = 16 << 10;
/// How often a port is asked for that something else may hold for a moment.
const BIND_ATTEMPTS: u32 = 50;
const BIND_PAUSE: Duration = Duration::from_millis(100);

/// Who calls a port.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Callers {
    /// Clients, who do not say who they are.
    Clients,
    /// Other nodes, who do.
    Peers,
}

/// A proxy, closed when dropped.
pub struct Proxy {
    /// Where it is reached.
    pub address: SocketAddr,
    front: Front,
    open: Option<JoinHandle<()>>,
}

#[derive(Clone)]
struct Front {
    node: u64,
    target: SocketAddr,
    callers: Callers,
    links: Links,
}

impl Proxy {
    /// In front of a node's port; closed.
    #[must_use]
    pub fn new(address: SocketAddr, node: u64, target: SocketAddr, callers: Callers, links: &Links) -> Self {
        let front = Front { node, target, callers, links: links.clone() };
        Self { address, front, open: None }
    }

    /// Takes connections.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn open(&mut self) -> io::Result<()> {
        self.close();
        let mut attempt = 0;
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Err(_) if attempt < BIND_ATTEMPTS => attempt += 1,
                bound => break bound?,
            }
            tokio::time::sleep(BIND_PAUSE).await;
        };
        self.open = Some(tokio::spawn(self.front.clone().listen(listener)));
        Ok(())
    }

    /// Breaks all connections and refuses new ones, as the port of a process that is gone does.
    pub fn close(&mut self) {
        if let Some(open) = self.open.take() {
            open.abort();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.close();
    }
}

impl Front {
    async fn listen(self, listener: TcpListener) {
        // Dropped with this task, and the connections with it.
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                    connections.spawn(self.clone().carry(stream));
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn carry(self, mut caller: TcpStream) -> io::Result<()> {
        caller.set_nodelay(true)?;
        let (from, introduction) = match self.callers {
            Callers::Clients => (CLIENTS, Vec::new()),
            Callers::Peers => introduction(&mut caller).await?,
        };
        let (there, back) = ((from, self.node), (self.node, from));
        let links = self.links.clone();
        let carried = async {
            links.pass(there).await;
            let mut target = TcpStream::connect(self.target).await?;
            target.set_nodelay(true)?;
            target.write_all(&introduction).await?;
            let (from_caller, to_caller) = caller.into_split();
            let (from_target, to_target) = target.into_split();
            tokio::try_join!(
                pump(from_caller, to_target, there, &links),
                pump(from_target, to_caller, back, &links)
            )
        };
        tokio::select! {
            carried = carried => carried.map(|_| ()),
            () = links.broken(there) => Ok(()),
        }
    }
}

/// The first frame of a connection between nodes, and which node it is from.
async fn introduction(caller: &mut TcpStream) -> io::Result<(u64, Vec<u8>)> {
    let mut frame = vec![0; HEADER_BYTES];
    caller.read_exact(&mut frame).await?;
    let length = payload_length(Kind::PeerFrame, &frame).map_err(io::Error::other)?;
    let mut payload = vec![0; length];
    caller.read_exact(&mut payload).await?;
    // The folder's draw, its session, that one's draw, and how far its log goes.
    type Life = ([u8; 16], u64, [u8; 16], u64);
    type Hello = (u64, String, u64, Life, u64);
    let (_tag, _cluster_id, from, _life, _to): Hello = plain::decode(&payload).map_err(io::Error::other)?;
    frame.append(&mut payload);
    Ok((from, frame))
}

async fn pump(
    mut source: OwnedReadHalf,
    mut target: OwnedWriteHalf,
    way: Way,
    links: &Links,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = source.read(&mut chunk).await?;
        links.pass(way).await;
        if read == 0 {
            return target.shutdown().await;
        }
        target.write_all(chunk.get(..read).unwrap_or_default()).await?;
    }
}
