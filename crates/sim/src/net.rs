//! The simulated network, and whom a node has met on it.

use futures::future::BoxFuture;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use zonebook_consensus::{Acquaintance, Listener, Stream, Transport};
use zonebook_store::identity::{Life, Recognition};

/// Where every node listens.
pub const PORT: u16 = 9000;

/// Connects over turmoil.
pub struct SimulatedTransport;

impl Transport for SimulatedTransport {
    fn connect(&self, address: &str) -> BoxFuture<'static, io::Result<Box<dyn Stream>>> {
        let address = address.to_owned();
        Box::pin(async move {
            let stream = turmoil::net::TcpStream::connect(address).await?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}

/// Listens on turmoil.
pub struct SimulatedListener(turmoil::net::TcpListener);

impl SimulatedListener {
    /// On the port of all nodes.
    ///
    /// # Errors
    /// It is in use.
    pub async fn bind() -> io::Result<Self> {
        turmoil::net::TcpListener::bind((IpAddr::from(Ipv4Addr::UNSPECIFIED), PORT)).await.map(Self)
    }
}

impl Listener for SimulatedListener {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Box<dyn Stream>>> {
        Box::pin(async move {
            let (stream, _) = self.0.accept().await?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}

/// Remembers whom a node has met, across its crashes.
pub struct Memory {
    incarnation: [u8; 16],
    met: Mutex<BTreeMap<u64, [u8; 16]>>,
}

impl Memory {
    /// Of a node that has met nobody.
    #[must_use]
    pub fn new(node_id: u64) -> Self {
        Self { incarnation: u128::from(node_id).to_be_bytes(), met: Mutex::default() }
    }
}

impl Acquaintance for Memory {
    fn life(&self) -> Life {
        Life { incarnation: self.incarnation, ..Life::default() }
    }

    fn recognise(&self, node: u64, life: Life) -> io::Result<Recognition> {
        let known = *self.met.lock().entry(node).or_insert(life.incarnation) == life.incarnation;
        Ok(if known { Recognition::Known } else { Recognition::Wiped })
    }

    fn saw(&self, _node: u64, _reached: u64) -> io::Result<()> {
        Ok(())
    }
}
