//! Many callers' lists, packed into the messages of one stream: what waits while messages are under way goes together.

use crate::client::{Client, REPLY_BYTES_MAX};
use crate::error::Error;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use zonebook_api::v1;
use zonebook_api::v1::movement_service_client::MovementServiceClient;

/// Messages under way.
const IN_FLIGHT_MAX: usize = 3;
/// Lines in a message, roughly.
const LINES_TARGET: usize = 4_000;
const WAITING_MAX: usize = 16 << 10;
const RECONNECT_PAUSE: Duration = Duration::from_millis(50);
/// After a message that found too much waiting.
const OVERLOAD_PAUSE: Duration = Duration::from_millis(300);

/// Why a stream ended, and when to begin the next.
struct Ended {
    why: String,
    pause: Duration,
}

impl Ended {
    fn now(why: impl Into<String>) -> Self {
        Self { why: why.into(), pause: RECONNECT_PAUSE }
    }
}

struct Waiting {
    submission: v1::Submission,
    deadline: Instant,
    answer: oneshot::Sender<Result<v1::Outcome, Error>>,
}

/// Submits lists of many callers over one stream. Clones share it.
#[derive(Clone)]
pub struct Packer {
    sender: mpsc::Sender<Waiting>,
    deadline: Duration,
}

impl Packer {
    /// Over a client; must be called within a tokio runtime.
    #[must_use]
    pub fn new(client: Client) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let deadline = client.deadline();
        tokio::spawn(Task { client, receiver, back: VecDeque::new() }.run());
        Self { sender, deadline }
    }

    /// Submits a list and waits for its outcome, which may be a refusal. Sent again under the same request id when the
    /// stream breaks, until the client's deadline.
    ///
    /// # Errors
    /// There is no outcome, or none that is known.
    pub async fn submit(&self, submission: v1::Submission) -> Result<v1::Outcome, Error> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { submission, deadline: Instant::now() + self.deadline, answer };
        let ended = || Error::Unavailable("the client is closed".into());
        self.sender.send(waiting).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }
}

struct Task {
    client: Client,
    receiver: mpsc::Receiver<Waiting>,
    /// What a broken stream left without answer, to be sent first.
    back: VecDeque<Waiting>,
}

type Sent = VecDeque<Vec<Waiting>>;

impl Task {
    async fn run(mut self) {
        loop {
            if self.back.is_empty() {
                let Some(first) = self.receiver.recv().await else { return };
                self.back.push_back(first);
            }
            // A node that leads saves a hop; failing to find it is no reason not to try.
            drop(self.client.find_leader().await);
            let mut sent = Sent::new();
            let ended = self.stream(&mut sent).await;
            let Some(Ended { why, pause }) = ended else { return };
            let mut unanswered: VecDeque<Waiting> = sent.into_iter().flatten().collect();
            unanswered.append(&mut self.back);
            self.back = unanswered;
            self.give_up_on_late(&why);
            tokio::time::sleep(pause).await;
        }
    }

    fn give_up_on_late(&mut self, why: &str) {
        let now = Instant::now();
        let (late, rest) = self.back.drain(..).partition(|waiting: &Waiting| waiting.deadline <= now);
        self.back = rest;
        for waiting in Vec::from(late) {
            drop(waiting.answer.send(Err(Error::OutcomeUnknown(why.into()))));
        }
    }

    /// One stream's life; says why it broke, nothing when all callers are gone.
    async fn stream(&mut self, sent: &mut Sent) -> Option<Ended> {
        let (address, channel) = match self.client.stream_channel() {
            Ok(found) => found,
            Err(error) => return Some(Ended::now(error.to_string())),
        };
        let (requests, outgoing) = mpsc::channel(IN_FLIGHT_MAX);
        let mut service = MovementServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
        let mut answers = match service.stream_submit_movements(ReceiverStream::new(outgoing)).await {
            Ok(answers) => answers.into_inner(),
            Err(status) => {
                self.client.distrust(&address);
                return Some(Ended::now(status.message()));
            }
        };
        let mut tag = 0;
        loop {
            while sent.len() < IN_FLIGHT_MAX {
                let packed = self.pack();
                if packed.is_empty() {
                    break;
                }
                tag += 1;
                let submissions = packed.iter().map(|waiting| waiting.submission.clone()).collect();
                sent.push_back(packed);
                let request = v1::StreamSubmitMovementsRequest { tag, submissions };
                if requests.send(request).await.is_err() {
                    self.client.distrust(&address);
                    return Some(Ended::now("the stream broke"));
                }
            }
            let room = sent.len() < IN_FLIGHT_MAX;
            tokio::select! {
                answer = next(&mut answers), if !sent.is_empty() => match answer {
                    Ok(answer) => {
                        if let Some(ended) = self.answer(sent, answer) {
                            return Some(ended);
                        }
                    }
                    Err(why) => {
                        self.client.distrust(&address);
                        return Some(Ended::now(why));
                    }
                },
                waiting = self.receiver.recv(), if room => match waiting {
                    Some(waiting) => self.back.push_back(waiting),
                    None if sent.is_empty() => return None,
                    None => {}
                },
            }
        }
    }

    /// What waits, up to a message's size.
    fn pack(&mut self) -> Vec<Waiting> {
        let (mut packed, mut lines) = (Vec::new(), 0);
        while lines < LINES_TARGET {
            let Some(waiting) = self.back.pop_front().or_else(|| self.receiver.try_recv().ok()) else {
                break;
            };
            lines += waiting.submission.list.as_ref().map_or(0, |list| list.lines.len().max(1));
            packed.push(waiting);
        }
        packed
    }

    /// Hands outcomes to who waits for them; says why the message has to be sent again.
    fn answer(&mut self, sent: &mut Sent, answer: v1::StreamSubmitMovementsResponse) -> Option<Ended> {
        let packed = sent.pop_front().unwrap_or_default();
        match answer.error_reason.as_str() {
            "" if answer.outcomes.len() == packed.len() => {
                for (waiting, outcome) in packed.into_iter().zip(answer.outcomes) {
                    drop(waiting.answer.send(Ok(outcome)));
                }
                None
            }
            "INVALID_ARGUMENT" => {
                self.answer_invalid(packed, &answer.error_message);
                None
            }
            reason => {
                sent.push_front(packed);
                let pause = if reason == "OVERLOADED" { OVERLOAD_PAUSE } else { RECONNECT_PAUSE };
                Some(Ended { why: answer.error_message, pause })
            }
        }
    }

    /// One list of the message cannot be read: it alone is answered so, the others are sent again.
    fn answer_invalid(&mut self, packed: Vec<Waiting>, message: &str) {
        let index = message.strip_prefix("submissions[").and_then(|rest| rest.split(']').next());
        let index = index.and_then(|digits| digits.parse::<usize>().ok());
        for (at, waiting) in packed.into_iter().enumerate().rev() {
            if index.is_none_or(|index| index == at) {
                let refusal = v1::Refusal {
                    reason: "INVALID_ARGUMENT".into(),
                    text_en: message.into(),
                    ..v1::Refusal::default()
                };
                drop(waiting.answer.send(Err(Error::Invalid { refusal: Box::new(refusal) })));
            } else {
                self.back.push_front(waiting);
            }
        }
    }
}

async fn next(
    answers: &mut Streaming<v1::StreamSubmitMovementsResponse>,
) -> Result<v1::StreamSubmitMovementsResponse, String> {
    match answers.message().await {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err("the stream ended".into()),
        Err(status) => Err(status.message().into()),
    }
}
