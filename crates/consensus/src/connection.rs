//! A connection to another node, made when it is needed, one request at a time.

use crate::config::Acquaintance;
use crate::frame::{self, Hello, Rejection, Request, Response, Welcome};
use crate::transport::{Stream, Transport};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use zonebook_store::identity::{Life, Recognition};

/// Who connects: what a node says of itself.
#[derive(Clone)]
pub struct Dialer {
    pub transport: Arc<dyn Transport>,
    pub cluster_id: String,
    pub node_id: u64,
    pub acquaintance: Arc<dyn Acquaintance>,
    /// What it says of its data folder.
    pub life: Life,
    /// Nodes that do not recognise this one, and what they take it for.
    pub unrecognised_by: watch::Sender<BTreeMap<u64, Recognition>>,
}

impl Dialer {
    /// Checks that another node is the one that was met before under its number.
    pub fn recognise(&self, node: u64, life: Life) -> Result<(), Rejection> {
        match self.acquaintance.recognise(node, life) {
            Ok(Recognition::Known) => Ok(()),
            Ok(other) => Err(Rejection::Unrecognised(other)),
            Err(error) => Err(Rejection::NotMeant(format!("node {node} could not be remembered: {error}"))),
        }
    }

    /// Notes that another node does not recognise this one.
    pub fn is_unrecognised_by(&self, node: u64, as_what: Recognition) {
        if self.unrecognised_by.send_if_modified(|nodes| nodes.insert(node, as_what) != Some(as_what)) {
            tracing::warn!(node, "another node met this one with another or a newer data folder");
        }
    }

    /// Connects and introduces itself; the other node checks that it is the one that was meant.
    pub async fn dial(&self, to: u64, address: &str) -> io::Result<Box<dyn Stream>> {
        let mut stream = self.transport.connect(address).await?;
        let cluster_id = self.cluster_id.clone();
        let hello = Hello { cluster_id, from: self.node_id, life: self.life, to };
        frame::write(&mut *stream, 0, &hello).await?;
        let (_, welcome): (u64, Welcome) = frame::read(&mut *stream).await?;
        match welcome {
            Ok(life) => {
                if let Err(rejection) = self.recognise(to, life) {
                    if let Rejection::Unrecognised(as_what) = rejection {
                        frame::write(&mut *stream, 0, &Request::Unrecognised(as_what)).await?;
                    }
                    return Err(io::Error::other(rejection.of(to)));
                }
            }
            Err(Rejection::NotMeant(reason)) => {
                tracing::warn!(to, reason, "no connection");
                return Err(io::Error::other(reason));
            }
            Err(rejection @ Rejection::Unrecognised(as_what)) => {
                self.is_unrecognised_by(to, as_what);
                return Err(io::Error::other(rejection.of(self.node_id)));
            }
        }
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
