//! Receipts as a stream that goes on where it broke off.

use crate::client::{Client, REPLY_BYTES_MAX};
use crate::error::Error;
use zonebook_api::v1;
use zonebook_api::v1::message_service_client::MessageServiceClient;

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
        let opens = |channel, after: &mut u64| {
            // One receipt may be longer than a chunk.
            let mut service = MessageServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
            let (recipient, after) = (recipient.into(), *after);
            let request = v1::StreamReceiptsRequest { recipient, after, follow, consistency: None };
            async move { service.stream_receipts(request).await }
        };
        self.receive(after, opens, |after, reply: v1::StreamReceiptsResponse| {
            for receipt in reply.receipts {
                let sequence = receipt.sequence;
                take(receipt)?;
                *after = sequence;
            }
            Ok(())
        })
        .await
    }
}
