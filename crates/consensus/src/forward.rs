//! Commands passed on to the leader, many at a time over one connection, in order.

use crate::connection::Dialer;
use crate::error::ProposeError;
use crate::frame::{self, Request, Response};
use crate::gather::Outcome;
use crate::raft::{Raft, Runtime};
use bytes::Bytes;
use futures::future::select;
use openraft::AsyncRuntime;
use openraft::async_runtime::WatchReceiver;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

const CONNECT_DEADLINE: Duration = Duration::from_secs(1);
/// An answer that is owed for longer than this, twice over at most, will not come: the connection is given up, or a few
/// lost answers would keep everything behind them from being proposed.
const ANSWER_DEADLINE: Duration = Duration::from_secs(5);

struct Forwarded {
    proposals: Vec<Bytes>,
    answer: oneshot::Sender<Outcome>,
}

/// Passes commands on.
pub struct Forwarder {
    dialer: Dialer,
    raft: Raft,
    current: Option<(u64, mpsc::UnboundedSender<Forwarded>)>,
}

/// By tag, so the first is the one that waits longest; in order, so that all of them are answered in order.
type Pending = Arc<Mutex<BTreeMap<u64, oneshot::Sender<Outcome>>>>;

impl Forwarder {
    pub fn new(dialer: Dialer, raft: Raft) -> Self {
        Self { dialer, raft, current: None }
    }

    /// Sends commands behind those sent before. The gatherer bounds how much is under way.
    pub fn send(&mut self, leader: u64, address: &str, proposals: Vec<Bytes>) -> oneshot::Receiver<Outcome> {
        let (answer, answered) = oneshot::channel();
        let mut forwarded = Forwarded { proposals, answer };
        if let Some((to, sender)) = &self.current
            && *to == leader
        {
            match sender.send(forwarded) {
                Ok(()) => return answered,
                Err(mpsc::error::SendError(back)) => forwarded = back,
            }
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        drop(sender.send(forwarded));
        let (dialer, address) = (self.dialer.clone(), address.to_owned());
        let deposed = deposed(self.raft.clone(), leader);
        drop(Runtime::spawn(async move { forward(&dialer, leader, &address, receiver, deposed).await }));
        self.current = Some((leader, sender));
        answered
    }
}

/// Ends when another node leads.
async fn deposed(raft: Raft, leader: u64) {
    let mut watched = raft.metrics();
    loop {
        let leads = watched.borrow_watched().current_leader;
        if leads.is_some_and(|other| other != leader) || watched.changed().await.is_err() {
            return;
        }
    }
}

/// One connection's life. What was not sent was not proposed; what was sent and got no answer is unknown.
///
/// A leader that stands still or is cut off breaks no connection: without a look at who leads, the few commands that it
/// owes an answer would keep a node from proposing for seconds after another leader, or this node itself, could serve.
async fn forward(
    dialer: &Dialer,
    leader: u64,
    address: &str,
    mut receiver: mpsc::UnboundedReceiver<Forwarded>,
    deposed: impl Future<Output = ()>,
) {
    let dialled = timeout(CONNECT_DEADLINE, dialer.dial(leader, address)).await;
    let stream = match dialled.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into())) {
        Ok(stream) => stream,
        Err(error) => {
            receiver.close();
            while let Some(forwarded) = receiver.recv().await {
                let why = format!("leader {leader} is not reached: {error}");
                drop(forwarded.answer.send(Err(ProposeError::NotProposed(why))));
            }
            return;
        }
    };
    let (mut reader, mut writer) = tokio::io::split(stream);
    let pending: Pending = Arc::default();
    let answers = Arc::clone(&pending);
    let reading = async move {
        while let Ok((tag, response)) = frame::read::<Response>(&mut reader).await {
            if let Some(answer) = answers.lock().remove(&tag) {
                drop(answer.send(outcome_of(response)));
            }
        }
    };
    let waiting = Arc::clone(&pending);
    let writing = async {
        let mut tag = 0;
        while let Some(forwarded) = receiver.recv().await {
            tag += 1;
            waiting.lock().insert(tag, forwarded.answer);
            if frame::write(&mut writer, tag, &Request::Forward(forwarded.proposals)).await.is_err() {
                break;
            }
        }
    };
    {
        let (reading, writing, overdue) = (pin!(reading), pin!(writing), pin!(overdue(&pending)));
        select(select(reading, writing), select(overdue, pin!(deposed))).await;
    }
    receiver.close();
    // Dropping the senders of `pending` says that the outcome is unknown.
    drop(std::mem::take(&mut *pending.lock()));
    while let Ok(forwarded) = receiver.try_recv() {
        let why = format!("the connection to leader {leader} broke");
        drop(forwarded.answer.send(Err(ProposeError::NotProposed(why))));
    }
}

/// Ends when an answer is overdue.
async fn overdue(pending: &Pending) {
    let mut owed = None;
    loop {
        Runtime::sleep(ANSWER_DEADLINE).await;
        let oldest = pending.lock().keys().next().copied();
        if oldest.is_some() && oldest == owed {
            return;
        }
        owed = oldest;
    }
}

fn outcome_of(response: Response) -> Outcome {
    match response {
        Response::Applied(applied) => Ok(applied),
        Response::NotProposed(why) => Err(ProposeError::NotProposed(why)),
        Response::Overloaded(milliseconds) => {
            Err(ProposeError::Overloaded { again_after: Duration::from_millis(milliseconds) })
        }
        Response::NoRoom(why) => Err(ProposeError::NoRoom(why)),
        Response::OutcomeUnknown(why) => Err(ProposeError::OutcomeUnknown(why)),
        other => Err(ProposeError::OutcomeUnknown(format!("unexpected answer {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Acquaintance;
    use crate::frame::{Hello, Welcome};
    use crate::transport::{Stream, Transport};
    use futures::future::BoxFuture;
    use std::io;
    use tokio::sync::watch;
    use zonebook_store::identity::{Life, Recognition};

    struct Anybody;

    impl Acquaintance for Anybody {
        fn life(&self) -> Life {
            Life::default()
        }

        fn recognise(&self, _node: u64, _life: Life) -> io::Result<Recognition> {
            Ok(Recognition::Known)
        }

        fn saw(&self, _node: u64, _reached: u64) -> io::Result<()> {
            Ok(())
        }
    }

    /// Leads to a node that welcomes, takes everything and answers nothing, as one that was cut off.
    struct Silence;

    impl Transport for Silence {
        fn connect(&self, _address: &str) -> BoxFuture<'static, io::Result<Box<dyn Stream>>> {
            let (ours, mut theirs) = tokio::io::duplex(1 << 16);
            drop(tokio::spawn(async move {
                let (tag, _): (u64, Hello) = frame::read(&mut theirs).await?;
                let welcome: Welcome = Ok(Life::default());
                frame::write(&mut theirs, tag, &welcome).await?;
                while frame::read::<Request>(&mut theirs).await.is_ok() {}
                io::Result::Ok(())
            }));
            Box::pin(async move { Ok(Box::new(ours) as Box<dyn Stream>) })
        }
    }

    #[tokio::test]
    async fn what_a_silent_leader_owes_is_unknown_as_soon_as_another_leads() {
        let dialer = Dialer {
            transport: Arc::new(Silence),
            cluster_id: "test".into(),
            node_id: 1,
            acquaintance: Arc::new(Anybody),
            life: Life::default(),
            unrecognised_by: watch::Sender::default(),
        };
        let (sender, receiver) = mpsc::unbounded_channel();
        let (answer, answered) = oneshot::channel();
        drop(sender.send(Forwarded { proposals: vec![Bytes::from_static(b"command")], answer }));
        let began = tokio::time::Instant::now();
        let elected = Duration::from_millis(100);
        forward(&dialer, 2, "nowhere", receiver, tokio::time::sleep(elected)).await;
        assert!(answered.await.is_err(), "sent without an answer");
        assert!(began.elapsed() < ANSWER_DEADLINE, "{:?}", began.elapsed());
    }
}
