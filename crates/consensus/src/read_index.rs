//! Where a linearizable read must wait for: one question to the leader serves all reads that came before it.

use crate::connection::{Connection, Dialer};
use crate::frame::{Request, Response};
use crate::raft::Raft;
use openraft::ReadPolicy;
use openraft::async_runtime::WatchReceiver;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

/// How long the leader may take to confirm that it leads.
const ROUND_DEADLINE: Duration = Duration::from_secs(2);

/// The index, or why there is none.
pub type ReadIndex = Result<u64, String>;

/// What the last round that was answered has shown.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed {
    /// When it began, by a clock that never jumps.
    pub began: Instant,
    /// What is up to here includes everything that was answered anywhere before then.
    pub index: u64,
}

/// Asks for read indexes, one round at a time.
pub struct Rounds {
    pub raft: Raft,
    pub dialer: Dialer,
    pub receiver: mpsc::Receiver<oneshot::Sender<ReadIndex>>,
    pub confirmed: watch::Sender<Option<Confirmed>>,
}

impl Rounds {
    /// Until the queue is closed.
    pub async fn run(mut self) {
        let mut connection: Option<(u64, Connection)> = None;
        while let Some(first) = self.receiver.recv().await {
            let mut waiting = vec![first];
            while let Ok(next) = self.receiver.try_recv() {
                waiting.push(next);
            }
            let began = Instant::now();
            let answer = self.ask(&mut connection).await;
            if let Ok(index) = answer {
                self.confirmed.send_replace(Some(Confirmed { began, index }));
            }
            for reader in waiting {
                drop(reader.send(answer.clone()));
            }
        }
    }

    async fn ask(&self, connection: &mut Option<(u64, Connection)>) -> ReadIndex {
        let metrics = self.raft.metrics().borrow_watched().clone();
        let leader = metrics.current_leader.ok_or("there is no leader")?;
        if leader == self.dialer.node_id {
            let asked = self.raft.get_read_log_id(ReadPolicy::ReadIndex);
            let answered = tokio::time::timeout(ROUND_DEADLINE, asked).await;
            let read = answered.map_err(|_| "the leader is not confirmed in time".to_owned())?;
            return read.map(|(read, _)| read.index()).map_err(|error| error.to_string());
        }
        let node = metrics.membership_config.membership().get_node(&leader).cloned();
        let address = node.ok_or("the leader is not a member")?.peer_address;
        if connection.as_ref().is_none_or(|(to, _)| *to != leader) {
            *connection = Some((leader, Connection::new(self.dialer.clone(), leader, address)));
        }
        let (_, connection) = connection.as_mut().ok_or("no connection")?;
        match connection.call(&Request::ReadIndex, ROUND_DEADLINE).await {
            Ok(Response::ReadIndex(index)) => Ok(index),
            Ok(other) => Err(format!("unexpected answer {other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }
}
