//! Figures of a verification as a stream that goes on where it broke off.

use crate::client::{Client, REPLY_BYTES_MAX};
use crate::error::Error;
use zonebook_api::v1;
use zonebook_api::v1::reconciliation_service_client::ReconciliationServiceClient;

impl Client {
    /// Hands over the figures of a verification and how far the work has come, some at a time. A stream that breaks is
    /// taken up again behind the last figures, of the same revision, on whichever node answers. Dropping the future ends
    /// the work on the node.
    ///
    /// # Errors
    /// There is no such verification, no node answers until the deadline, or figures are not taken.
    pub async fn receive_verification<E: From<Error>>(
        &self,
        request: v1::StreamVerificationRequest,
        mut take: impl FnMut(v1::StreamVerificationResponse) -> Result<(), E>,
    ) -> Result<(), E> {
        let opens = |channel, request: &mut v1::StreamVerificationRequest| {
            let mut service =
                ReconciliationServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
            let request = request.clone();
            async move { service.stream_verification(request).await }
        };
        let taken = self.receive(request, opens, |request, reply: v1::StreamVerificationResponse| {
            if !reply.resume_token.is_empty() {
                request.resume_token.clone_from(&reply.resume_token);
            }
            take(reply)
        });
        taken.await.map(drop)
    }
}
