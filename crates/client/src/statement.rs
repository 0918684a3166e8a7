//! Statements as a stream that goes on where it broke off.

use crate::client::Client;
use crate::error::{Error, Verdict, judge};
use std::time::Duration;
use tokio::time::Instant;
use tonic::Status;
use zonebook_api::v1;
use zonebook_api::v1::balance_service_client::BalanceServiceClient;

const REPLY_BYTES_MAX: usize = 64 << 20;
const PAUSE: Duration = Duration::from_millis(100);

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
        let mut deadline = Instant::now() + self.deadline();
        loop {
            let broke = match self.statement_once(&request).await? {
                Err(status) => status,
                Ok(mut stream) => {
                    let mut skip = told.unwrap_or(0);
                    loop {
                        match stream.message().await {
                            Ok(None) => return Ok(()),
                            Err(status) => break status,
                            Ok(Some(mut reply)) => {
                                deadline = Instant::now() + self.deadline();
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

    async fn statement_once(
        &self,
        request: &v1::StreamStatementRequest,
    ) -> Result<Result<tonic::Streaming<v1::StreamStatementResponse>, Status>, Error> {
        let (address, channel) = self.stream_channel()?;
        let mut service = BalanceServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
        let answer = service.stream_statement(request.clone()).await;
        if answer.is_err() {
            self.distrust(&address);
        }
        Ok(answer.map(tonic::Response::into_inner))
    }
}
