//! Messages in their official XML.

use crate::gateway::Gateway;
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::message_service_server::MessageService;
use zonebook_api::{status, v1, value};
use zonebook_exchange::buyer::BuyerKey;
use zonebook_exchange::receive;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::permission::Principal;
use zonebook_ledger::query;

/// Bytes of one message, at most.
const MESSAGE_BYTES_MAX: usize = 4 << 20;
/// Messages in one batch, at most.
const BATCH_MAX: usize = 1_000;
const SOURCE_BYTES_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 256;

/// `MessageService`.
pub struct Messages(pub Gateway);

fn at_most(field: &str, found: usize, limit: usize) -> Field<()> {
    if found <= limit {
        return Ok(());
    }
    Err(FieldError::new(field, format!("{found} bytes"), format!("at most {limit} bytes")))
}

fn proposal(message: &v1::InboundMessage, buyers: Option<&BuyerKey>) -> Field<Proposal> {
    if message.source.is_empty() {
        return Err(FieldError::new("source", "", "must be given"));
    }
    at_most("source", message.source.len(), SOURCE_BYTES_MAX)?;
    at_most("name", message.name.len(), NAME_BYTES_MAX)?;
    at_most("content", message.content.len(), MESSAGE_BYTES_MAX)?;
    let ledger_time = message.ledger_time.as_ref().map(|time| value::instant("ledger_time", time));
    let received = receive(&message.source, message.sequence, &message.name, &message.content, buyers);
    Ok(Proposal {
        principal: Principal::loopback(),
        request_id: None,
        ledger_time: ledger_time.transpose()?,
        command: Command::Receive(Box::new(received)),
    })
}

impl Messages {
    /// Reading XML is work: it is done where it may block.
    async fn take(
        &self,
        messages: Vec<v1::InboundMessage>,
        validate_only: bool,
    ) -> Result<(u64, Vec<v1::Outcome>), Status> {
        let buyers = self.0.buyers.clone();
        let read = tokio::task::spawn_blocking(move || {
            let numbered = messages.iter().enumerate();
            numbered
                .map(|(index, message)| {
                    let read = proposal(message, buyers.as_deref());
                    read.map_err(|error| error.within(&format!("messages[{index}]")))
                })
                .collect::<Field<Vec<Proposal>>>()
        });
        let read = read.await.map_err(|error| status::fault(&error.to_string()))?;
        self.0.commands(read.map_err(|error| status::invalid(&error))?, validate_only).await
    }
}

#[tonic::async_trait]
impl MessageService for Messages {
    async fn receive_message(
        &self,
        request: Request<v1::ReceiveMessageRequest>,
    ) -> Result<Response<v1::ReceiveMessageResponse>, Status> {
        let request = request.into_inner();
        let missing = || status::invalid(&FieldError::new("message", "", "must be given"));
        let message = request.message.ok_or_else(missing)?;
        let (revision, mut outcomes) = self.take(vec![message], request.validate_only).await?;
        Ok(Response::new(v1::ReceiveMessageResponse { revision, outcome: outcomes.pop() }))
    }

    async fn batch_receive_messages(
        &self,
        request: Request<v1::BatchReceiveMessagesRequest>,
    ) -> Result<Response<v1::BatchReceiveMessagesResponse>, Status> {
        let request = request.into_inner();
        if request.messages.len() > BATCH_MAX {
            let rule = format!("at most {BATCH_MAX}");
            return Err(status::invalid(&FieldError::new("messages", request.messages.len(), rule)));
        }
        let (revision, outcomes) = self.take(request.messages, request.validate_only).await?;
        Ok(Response::new(v1::BatchReceiveMessagesResponse { revision, outcomes }))
    }

    async fn get_message_outcome(
        &self,
        request: Request<v1::GetMessageOutcomeRequest>,
    ) -> Result<Response<v1::GetMessageOutcomeResponse>, Status> {
        let request = request.into_inner();
        let (source, sequence) = (request.source.as_str().into(), request.sequence);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, query::received_one(view, source, sequence)?))
        });
        let (revision, received) = found.await?;
        let name = || format!("{sequence} of {}", request.source);
        let received = received.ok_or_else(|| status::not_found("message", &name()))?;
        let outcome = Some(value::message_outcome(&received));
        Ok(Response::new(v1::GetMessageOutcomeResponse { revision: revision.0, outcome }))
    }

    async fn list_message_outcomes(
        &self,
        request: Request<v1::ListMessageOutcomesRequest>,
    ) -> Result<Response<v1::ListMessageOutcomesResponse>, Status> {
        let request = request.into_inner();
        let source = Some(request.source.as_str().into()).filter(|_| !request.source.is_empty());
        let (rows, after) = (page::rows(request.page_size), page::after(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let received = query::received(view, source.as_ref(), after.as_ref(), rows)?;
            Ok((query::revision(view)?, received))
        });
        let (revision, received) = found.await?;
        let last = received.last().map(|received| (received.source.clone(), received.sequence));
        let next_page_token = page::next(received.len(), rows, last);
        let outcomes = received.iter().map(value::message_outcome).collect();
        Ok(Response::new(v1::ListMessageOutcomesResponse { revision: revision.0, outcomes, next_page_token }))
    }
}
