//! Receipts as a stream that goes on where it broke off.

use crate::client::Client;
use crate::error::Error;
use crate::patience::Patience;
use zonebook_api::v1;
use zonebook_api::v1::message_service_client::MessageServiceClient;

/// A message of the stream is at most this long: one receipt may be longer than a chunk.
const REPLY_BYTES_MAX: usize = 64 << 20;

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
        let mut patience = Patience::new(self);
        loop {
            let request =
                v1::StreamReceiptsRequest { recipient: recipient.into(), after, follow, consistency: None };
            let (address, channel) = self.stream_channel()?;
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
                                patience.renew();
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
            patience.again(&address, broke).await?;
        }
    }
}
