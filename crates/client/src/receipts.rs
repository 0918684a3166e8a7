//! Receipts as a stream that goes on where it broke off.

use crate::client::Client;
use crate::error::{Error, Verdict, judge};
use std::time::Duration;
use tokio::time::Instant;
use zonebook_api::v1;
use zonebook_api::v1::message_service_client::MessageServiceClient;

/// A message of the stream is at most this long: one receipt may be longer than a chunk.
const REPLY_BYTES_MAX: usize = 64 << 20;
const PAUSE: Duration = Duration::from_millis(100);

impl Client {
    /// Hands over each receipt of a recipient from behind a number on, in order; answers with the number of the last one.
    /// With `follow` it goes on for as long as the receipts are taken. A stream that breaks is taken up again behind the
    /// last receipt that was handed over, on whichever node answers, until no node has answered for the deadline.
    ///
    /// # Errors
    /// No node answers, the recipient is none, or a receipt is not taken.
    pub async fn receive_receipts<E: From<Error>>(
        &self,
        recipient: &str,
        after: u64,
        follow: bool,
        mut take: impl FnMut(v1::Receipt) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut after = after;
        let mut deadline = Instant::now() + self.deadline();
        loop {
            let request =
                v1::StreamReceiptsRequest { recipient: recipient.into(), after, follow, consistency: None };
            let (_, channel) = self.stream_channel()?;
            let mut service = MessageServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
            let broke = match service.stream_receipts(request).await {
                Err(status) => status,
                Ok(stream) => {
                    let mut stream = stream.into_inner();
                    loop {
                        match stream.message().await {
                            Ok(None) => return Ok(after),
                            Err(status) => break status,
                            Ok(Some(reply)) => {
                                deadline = Instant::now() + self.deadline();
                                for receipt in reply.receipts {
                                    let sequence = receipt.sequence;
                                    take(receipt)?;
                                    after = sequence;
                                }
                            }
                        }
                    }
                }
            };
            let why = match judge(broke) {
                Verdict::Final(error) => return Err(error.into()),
                Verdict::Again(why) | Verdict::AgainUnknown(why) => why,
            };
            if Instant::now() + PAUSE >= deadline {
                return Err(Error::Unavailable(why).into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
