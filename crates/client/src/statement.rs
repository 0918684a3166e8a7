//! Statements as a stream that goes on where it broke off.

use crate::client::{Client, REPLY_BYTES_MAX};
use crate::error::Error;
use zonebook_api::v1;
use zonebook_api::v1::balance_service_client::BalanceServiceClient;

/// How far a statement was handed over.
struct Place {
    request: v1::StreamStatementRequest,
    /// Pieces that were handed over; none while the head was not.
    told: Option<usize>,
    /// Pieces of these that the stream under way still has to repeat.
    skip: usize,
}

impl Client {
    /// Hands over a statement, some of it at a time; the head comes first. A stream that breaks is taken up again at the
    /// same revision behind what was handed over, on whichever node answers: what is told of a revision is always the
    /// same.
    ///
    /// # Errors
    /// There is no such statement, no node answers until the deadline, or a part is not taken.
    pub async fn receive_statement<E: From<Error>>(
        &self,
        request: v1::StreamStatementRequest,
        mut take: impl FnMut(v1::StreamStatementResponse) -> Result<(), E>,
    ) -> Result<(), E> {
        let opens = |channel, place: &mut Place| {
            place.skip = place.told.unwrap_or(0);
            let mut service = BalanceServiceClient::new(channel).max_decoding_message_size(REPLY_BYTES_MAX);
            let request = place.request.clone();
            async move { service.stream_statement(request).await }
        };
        let taken = self.receive(
            Place { request, told: None, skip: 0 },
            opens,
            |place, mut reply: v1::StreamStatementResponse| {
                place.request.at_revision = reply.revision;
                let known = place.skip.min(reply.pieces.len());
                place.skip -= known;
                reply.pieces.drain(..known);
                if place.told.is_some() {
                    reply.head = None;
                }
                place.told = Some(place.told.unwrap_or(0) + reply.pieces.len());
                take(reply)
            },
        );
        taken.await.map(drop)
    }
}
