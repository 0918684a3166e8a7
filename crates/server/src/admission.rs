//! Bytes of requests that are read or worked on at a time: what is over is refused before it is read.
//!
//! The queue in front of replication bounds what waits for the log; this bounds what comes before it, so that ten
//! thousand clients who all send their largest batch at once cost a refusal each and not the node's memory.

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};
use zonebook_api::status;

/// When to come back: what is read now is answered by then, or refused itself.
const AGAIN_AFTER: Duration = Duration::from_millis(500);
/// A message of gRPC begins with a flag and its length.
const PREFIX_BYTES: usize = 5;

/// How much may be taken at a time, and how much is.
#[derive(Clone, Debug)]
pub struct Admission {
    taken: Arc<AtomicUsize>,
    bytes_max: usize,
}

impl Admission {
    /// At most so many bytes of messages at a time.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self { taken: Arc::default(), bytes_max }
    }

    fn take(&self, bytes: usize) -> Result<(), Status> {
        let before = self.taken.fetch_add(bytes, Ordering::Relaxed);
        // A message larger than all the room is taken when nothing else is.
        if before > 0 && before + bytes > self.bytes_max {
            self.taken.fetch_sub(bytes, Ordering::Relaxed);
            return Err(status::overloaded(AGAIN_AFTER));
        }
        Ok(())
    }
}

/// What one call has taken; given back when it is dropped.
#[derive(Debug)]
struct Taken {
    admission: Admission,
    bytes: AtomicUsize,
}

impl Taken {
    fn take(&self, bytes: usize) -> Result<(), Status> {
        self.admission.take(bytes)?;
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    fn give_back(&self) {
        let bytes = self.bytes.swap(0, Ordering::Relaxed);
        self.admission.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl<S> Layer<S> for Admission {
    type Service = Admitted<S>;

    fn layer(&self, inner: S) -> Admitted<S> {
        Admitted { inner, admission: self.clone() }
    }
}

/// A service behind the admission.
#[derive(Clone, Debug)]
pub struct Admitted<S> {
    inner: S,
    admission: Admission,
}

type Answer<R> = Pin<Box<dyn Future<Output = Result<R, Infallible>> + Send>>;

impl<S, R> Service<http::Request<Body>> for Admitted<S>
where
    S: Service<http::Request<Body>, Response = R, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = R;
    type Error = Infallible;
    type Future = Answer<R>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Answer<R> {
        let taken = Arc::new(Taken { admission: self.admission.clone(), bytes: AtomicUsize::new(0) });
        let counted = Arc::clone(&taken);
        let request =
            request.map(|body| Body::new(Counted { body, taken: counted, framing: Framing::default() }));
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answered = answer.await;
            drop(taken);
            answered
        })
    }
}

/// A body whose messages are counted when their length is read.
struct Counted {
    body: Body,
    taken: Arc<Taken>,
    framing: Framing,
}

impl Counted {
    /// The answer has begun: what came so far is with the service, and what comes now is a stream's.
    fn is_stream(&self) -> bool {
        Arc::strong_count(&self.taken) == 1
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.framing.is_between_messages() && self.is_stream() {
            self.taken.give_back();
        }
        let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)?) else {
            return Poll::Ready(None);
        };
        if let Some(data) = frame.data_ref() {
            let announced = self.framing.read(data);
            if announced > 0 {
                self.taken.take(announced)?;
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Where in a stream of messages a body stands.
#[derive(Debug, Default)]
struct Framing {
    prefix: Vec<u8>,
    /// Bytes that the message lacks.
    missing: usize,
}

impl Framing {
    fn is_between_messages(&self) -> bool {
        self.prefix.is_empty() && self.missing == 0
    }

    /// Reads on; the lengths of the messages that begin here.
    fn read(&mut self, mut data: &[u8]) -> usize {
        let mut announced = 0;
        while !data.is_empty() {
            let skipped = self.missing.min(data.len());
            self.missing -= skipped;
            data = data.get(skipped..).unwrap_or_default();
            let wanted = PREFIX_BYTES - self.prefix.len();
            let (prefix, rest) = data.split_at(wanted.min(data.len()));
            self.prefix.extend_from_slice(prefix);
            data = rest;
            if let [_, length @ ..] = self.prefix.as_slice()
                && let Ok(length) = <[u8; 4]>::try_from(length)
            {
                self.missing = u32::from_be_bytes(length) as usize;
                announced += self.missing;
                self.prefix.clear();
            }
        }
        announced
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::{BodyExt, Full, StreamBody};
    use proptest::prelude::*;
    use tower::ServiceExt;

    fn message(length: usize) -> Vec<u8> {
        let mut bytes = vec![0];
        bytes.extend(u32::try_from(length).unwrap().to_be_bytes());
        bytes.resize(PREFIX_BYTES + length, 7);
        bytes
    }

    proptest! {
        #[test]
        fn lengths_are_read_however_a_body_is_cut(
            lengths in prop::collection::vec(0_usize..100, 0..10), cut in 1_usize..40
        ) {
            let bytes: Vec<u8> = lengths.iter().flat_map(|length| message(*length)).collect();
            let mut framing = Framing::default();
            let announced: usize = bytes.chunks(cut).map(|chunk| framing.read(chunk)).sum();
            prop_assert_eq!(announced, lengths.iter().sum::<usize>());
            prop_assert!(framing.is_between_messages());
        }
    }

    /// Reads the whole request, then waits to be told to answer.
    async fn call(
        admission: &Admission,
        bytes: Vec<u8>,
        answer: tokio::sync::oneshot::Receiver<()>,
    ) -> Option<Status> {
        let answer = Arc::new(tokio::sync::Mutex::new(Some(answer)));
        let service = admission.layer(tower::service_fn(move |request: http::Request<Body>| {
            let answer = Arc::clone(&answer);
            async move {
                let read = request.into_body().collect().await;
                if let Some(answer) = answer.lock().await.take() {
                    drop(answer.await);
                }
                Ok::<_, Infallible>(read.err())
            }
        }));
        let request = http::Request::new(Body::new(Full::new(Bytes::from(bytes))));
        service.oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_over_is_refused_with_when_to_come_back_and_room_is_given_back() {
        let admission = Admission::new(1_000);
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (first, other) = (admission.clone(), admission.clone());
        let first = tokio::spawn(async move { call(&first, message(900), answered).await });
        while admission.taken.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        let (_, now) = tokio::sync::oneshot::channel();
        let refused = call(&other, message(200), now).await.unwrap();
        assert_eq!(refused.code(), tonic::Code::ResourceExhausted);
        assert_eq!(status::again_after(&refused), Some(AGAIN_AFTER));
        let (_, now) = tokio::sync::oneshot::channel();
        assert!(call(&other, message(100), now).await.is_none(), "there is room for this");
        answer.send(()).unwrap();
        assert!(first.await.unwrap().is_none());
        assert_eq!(admission.taken.load(Ordering::Relaxed), 0);
        let (_, now) = tokio::sync::oneshot::channel();
        assert!(call(&other, message(5_000), now).await.is_none(), "alone, what is larger than all the room");
        assert_eq!(admission.taken.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_stream_takes_one_message_at_a_time() {
        let admission = Admission::new(1_000);
        let frames = (0..50).map(|_| Ok::<_, Status>(Frame::data(Bytes::from(message(600)))));
        let body = Body::new(StreamBody::new(futures::stream::iter(frames)));
        let service = admission.layer(tower::service_fn(|request: http::Request<Body>| async move {
            Ok::<_, Infallible>(request.into_body())
        }));
        let mut body = service.oneshot(http::Request::new(body)).await.unwrap();
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            read += frame.unwrap().data_ref().unwrap().len();
        }
        assert_eq!(read, 50 * (600 + PREFIX_BYTES));
        drop(body);
        assert_eq!(admission.taken.load(Ordering::Relaxed), 0);
    }
}
