//! Figures of a verification as a stream that goes on where it broke off.

use crate::client::Client;
use crate::error::Error;
use crate::patience::Patience;
use zonebook_api::v1;
use zonebook_api::v1::reconciliation_service_client::ReconciliationServiceClient;

const REPLY_BYTES_MAX: usize = 64 << 20;

impl Client {
    /// Hands over the figures of a verification and how far the work has come, some at a time. A stream that breaks is
    /// taken up again behind the last figures, of the same revision, on whichever node answers. Dropping the future ends
    /// the work on the node.
    ///
    /// # Errors
    /// There is no such verification, no node answers until the deadline, or figures are not taken.
    pub async fn receive_verification<E: From<Error>>(
        &self,
        mut request: v1::StreamVerificationRequest,
        mut take: impl FnMut(v1::StreamVerificationResponse) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut patience = Patience::new(self);
        loop {
            let (address, channel) = self.stream_channel()?;
            let mut service =
                ReconciliationServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
            let broke = match service.stream_verification(request.clone()).await {
                Err(status) => status,
                Ok(stream) => {
                    let mut stream = stream.into_inner();
                    loop {
                        match stream.message().await {
                            Ok(None) => return Ok(()),
                            Err(status) => break status,
                            Ok(Some(reply)) => {
                                patience.renew();
                                if !reply.resume_token.is_empty() {
                                    request.resume_token.clone_from(&reply.resume_token);
                                }
                                take(reply)?;
                            }
                        }
                    }
                }
            };
            patience.again(&address, broke).await?;
        }
    }
}
