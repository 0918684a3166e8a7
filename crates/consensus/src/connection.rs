//! A connection to another node, made when it is needed, one request at a time.

use crate::frame::{self, Hello, Request, Response};
use crate::transport::{Stream, Transport};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Who connects: what a node says of itself.
#[derive(Clone)]
pub struct Dialer {
    pub transport: Arc<dyn Transport>,
    pub cluster_id: String,
    pub node_id: u64,
}

impl Dialer {
    /// Connects and introduces itself; the other node checks that it is the one that was meant.
    pub async fn dial(&self, to: u64, address: &str) -> io::Result<Box<dyn Stream>> {
        let mut stream = self.transport.connect(address).await?;
        let hello = Hello { cluster_id: self.cluster_id.clone(), from: self.node_id, to };
        frame::write(&mut *stream, 0, &hello).await?;
        let (_, answer): (u64, Result<(), String>) = frame::read(&mut *stream).await?;
        answer.map_err(|reason| io::Error::other(format!("node {to} at {address} refused: {reason}")))?;
        Ok(stream)
    }
}

/// A connection that is made again after an error.
pub struct Connection {
    dialer: Dialer,
    to: u64,
    address: String,
    stream: Option<Box<dyn Stream>>,
    tag: u64,
}

impl Connection {
    pub fn new(dialer: Dialer, to: u64, address: String) -> Self {
        Self { dialer, to, address, stream: None, tag: 0 }
    }

    /// Asks and waits for the answer. After an error the connection is dropped: a late answer would be taken for that
    /// of the next request.
    pub async fn call(&mut self, request: &Request, deadline: Duration) -> io::Result<Response> {
        let answer = timeout(deadline, self.try_call(request)).await;
        let answer = answer.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        if answer.is_err() {
            self.stream = None;
        }
        match answer? {
            Response::Refused(reason) => Err(io::Error::other(reason)),
            response => Ok(response),
        }
    }

    async fn try_call(&mut self, request: &Request) -> io::Result<Response> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(self.dialer.dial(self.to, &self.address).await?),
        };
        self.tag += 1;
        frame::write(&mut **stream, self.tag, request).await?;
        let (tag, response) = frame::read(&mut **stream).await?;
        if tag != self.tag {
            return Err(io::Error::other(format!("answer {tag} to request {}", self.tag)));
        }
        Ok(response)
    }
}
