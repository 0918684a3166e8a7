//! Statements as a stream that goes on where it broke off.

use crate::client::Client;
use crate::error::Error;
use crate::patience::Patience;
use zonebook_api::v1;
use zonebook_api::v1::balance_service_client::BalanceServiceClient;

const REPLY_BYTES_MAX: usize = 64 << 20;

impl Client {
    /// Hands over a statement, some of it at a time; the head comes first. A stream that breaks is taken up again at the
    /// same revision behind what was handed over, on whichever node answers: what is told of a revision is always the
    /// same.
    ///
    /// # Errors
    /// There is no such statement, no node answers until the deadline, or a part is not taken.
    pub async fn receive_statement<E: From<Error>>(
        &self,
        mut request: v1::StreamStatementRequest,
        mut take: impl FnMut(v1::StreamStatementResponse) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut told: Option<usize> = None;
        let mut patience = Patience::new(self);
        loop {
            let (address, channel) = self.stream_channel()?;
            let mut service = BalanceServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
            let broke = match service.stream_statement(request.clone()).await {
                Err(status) => status,
                Ok(stream) => {
                    let mut stream = stream.into_inner();
                    let mut skip = told.unwrap_or(0);
                    loop {
                        match stream.message().await {
                            Ok(None) => return Ok(()),
                            Err(status) => break status,
                            Ok(Some(mut reply)) => {
                                patience.renew();
                                request.at_revision = reply.revision;
                                let known = skip.min(reply.pieces.len());
                                skip -= known;
                                reply.pieces.drain(..known);
                                if told.is_some() {
                                    reply.head = None;
                                }
                                told = Some(told.unwrap_or(0) + reply.pieces.len());
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
