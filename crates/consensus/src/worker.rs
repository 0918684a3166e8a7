//! Where work on the state runs: on a thread of its own, or in place in a simulation.
//!
//! RocksDB calls inside an asynchronous task would stall every other task of its thread (`engineering.md` 1.5 #26).

use parking_lot::Mutex;
use std::io;
use std::sync::{Arc, mpsc};
use tokio::sync::oneshot;

/// How the work on the state is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// On a thread of its own.
    Thread,
    /// In place: deterministic.
    Inline,
}

impl Execution {
    /// Does something beside the work on the state, where it may block.
    ///
    /// # Errors
    /// It panicked.
    pub async fn beside<R: Send + 'static>(self, work: impl FnOnce() -> R + Send + 'static) -> io::Result<R> {
        match self {
            Self::Inline => Ok(work()),
            Self::Thread => tokio::task::spawn_blocking(work).await.map_err(io::Error::other),
        }
    }
}

type Job<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Something that only one job at a time works on, in the order of the calls.
pub struct Worker<T> {
    kind: Arc<WorkerKind<T>>,
}

impl<T> Clone for Worker<T> {
    fn clone(&self) -> Self {
        Self { kind: Arc::clone(&self.kind) }
    }
}

enum WorkerKind<T> {
    /// `None` tells the thread to let go of the value and end.
    Thread(mpsc::Sender<Option<Job<T>>>),
    Inline(Mutex<T>),
}

impl<T: Send + 'static> Worker<T> {
    /// Takes charge of a value.
    pub fn new(execution: Execution, mut value: T) -> io::Result<Self> {
        let kind = match execution {
            Execution::Inline => WorkerKind::Inline(Mutex::new(value)),
            Execution::Thread => {
                let (sender, receiver) = mpsc::channel::<Option<Job<T>>>();
                std::thread::Builder::new().name("apply".into()).spawn(move || {
                    while let Ok(Some(job)) = receiver.recv() {
                        job(&mut value);
                    }
                })?;
                WorkerKind::Thread(sender)
            }
        };
        Ok(Self { kind: Arc::new(kind) })
    }

    /// Lets go of the value once what was asked for is done, whoever still holds this: replication's own tasks end in
    /// their time, and the value must not wait for them.
    pub fn close(&self) {
        if let WorkerKind::Thread(sender) = &*self.kind {
            drop(sender.send(None));
        }
    }

    /// Runs a job and waits for what it returns.
    ///
    /// # Errors
    /// The thread is gone: an earlier job panicked.
    pub async fn run<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> io::Result<R> {
        match &*self.kind {
            WorkerKind::Inline(value) => Ok(job(&mut value.lock())),
            WorkerKind::Thread(sender) => {
                let (answer, answered) = oneshot::channel();
                let gone = || io::Error::other("the apply thread is gone");
                let job: Job<T> = Box::new(move |value| drop(answer.send(job(value))));
                sender.send(Some(job)).map_err(|_| gone())?;
                answered.await.map_err(|_| gone())
            }
        }
    }
}
