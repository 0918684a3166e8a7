//! Messages in their official XML.

use super::book::answer;
use super::number;
use crate::gateway::Gateway;
use crate::page;
use crate::receipts::{self, CHUNK_RECEIPTS_MAX};
use futures::StreamExt;
use futures::stream::{BoxStream, unfold};
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::get_printout_request::Document;
use zonebook_api::v1::message_service_server::MessageService;
use zonebook_api::{correspondence, status, v1, value};
use zonebook_exchange::buyer::BuyerKey;
use zonebook_exchange::{original, print, receive, write};
use zonebook_ledger::code::{BookNo, CustomsNo, DocumentNo, ListNo, PassNo};
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::correspondence as ledger;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::query;
use zonebook_ledger::receipt::Recipient;
use zonebook_ledger::state::{Books, Lines, Passes, get};
use zonebook_ledger::time::UtcOffset;
use zonebook_store::state::View;

/// Bytes of one message, at most.
const MESSAGE_BYTES_MAX: usize = 4 << 20;
/// Messages in one batch, at most.
const BATCH_MAX: usize = 1_000;
const SOURCE_BYTES_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 256;
/// How long a stream that has sent everything waits before it looks for more.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What goes down a stream of receipts.
type Sent = Result<v1::StreamReceiptsResponse, Status>;

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
    ) -> Result<(u64, Vec<v1::Outcome>, Vec<v1::KeptOriginal>), Status> {
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
        let read = read.map_err(|error| status::invalid(&error))?;
        let kept = read.iter().filter_map(|proposal| match &proposal.command {
            Command::Receive(message) => {
                Some(correspondence::kept(&message.sha256, message.original.as_deref()))
            }
            _ => None,
        });
        let kept = kept.collect();
        let (revision, outcomes) = self.0.commands(read, validate_only).await?;
        Ok((revision, outcomes, kept))
    }

    /// Sends receipts until the last one, or for as long as the caller listens.
    async fn send(&self, request: v1::StreamReceiptsRequest, recipient: Recipient, sender: Sender<Sent>) {
        let mut after = request.after;
        let mut reached = false;
        loop {
            let wanted = recipient.clone();
            let found = self.0.read(request.consistency.as_ref(), move |view| {
                receipts::chunk(view, &wanted, (after, u64::MAX), None, CHUNK_RECEIPTS_MAX)
            });
            let chunk = match found.await {
                Ok(chunk) => chunk,
                Err(status) => {
                    drop(sender.send(Err(status)).await);
                    return;
                }
            };
            let ended = chunk.ended;
            // A stream that follows says once that it has reached the end, so that the caller need not guess.
            if !chunk.receipts.is_empty() || (ended && request.follow && !reached) {
                reached = ended;
                after = chunk.seen;
                let revision = chunk.revision.0;
                let reply = v1::StreamReceiptsResponse { revision, receipts: chunk.receipts };
                if sender.send(Ok(reply)).await.is_err() {
                    return;
                }
            }
            match (ended, request.follow) {
                (true, false) => return,
                (true, true) => tokio::select! {
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                    () = sender.closed() => return,
                },
                (false, _) => {}
            }
        }
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
        let (revision, mut outcomes, mut originals) = self.take(vec![message], request.validate_only).await?;
        let (outcome, original) = (outcomes.pop(), originals.pop());
        Ok(Response::new(v1::ReceiveMessageResponse { revision, outcome, original }))
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
        let (revision, outcomes, originals) = self.take(request.messages, request.validate_only).await?;
        Ok(Response::new(v1::BatchReceiveMessagesResponse { revision, outcomes, originals }))
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

    async fn get_original(
        &self,
        request: Request<v1::GetOriginalRequest>,
    ) -> Result<Response<v1::GetOriginalResponse>, Status> {
        let request = request.into_inner();
        let name = correspondence::message_name(request.name.as_ref());
        let name = name.map_err(|error| status::invalid(&error))?;
        let shown = format!("{name:?}");
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let Some((sha256, kept)) = ledger::original(view, &name)? else { return Ok(None) };
            let content = match &kept {
                Some(kept) => original::bytes(kept)
                    .ok_or_else(|| Fault(format!("the bytes of {name:?} are not those that were kept")))?,
                None => Vec::new(),
            };
            let original = Some(correspondence::kept(&sha256, kept.as_deref()));
            let revision = query::revision(view)?.0;
            Ok(Some(v1::GetOriginalResponse { revision, original, content }))
        });
        found.await?.map(Response::new).ok_or_else(|| status::not_found("message", &shown))
    }

    async fn list_gaps(
        &self,
        request: Request<v1::ListGapsRequest>,
    ) -> Result<Response<v1::ListGapsResponse>, Status> {
        let request = request.into_inner();
        if request.source.is_empty() {
            return Err(status::invalid(&FieldError::new("source", "", "must be given")));
        }
        let (rows, after) = (page::rows(request.page_size), page::after::<u64>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let source = request.source.as_str().into();
            Ok((query::revision(view)?, ledger::gaps(view, &source, after, rows)?))
        });
        let (revision, gaps) = found.await?;
        let next_page_token = page::next(gaps.len(), rows, gaps.last().map(|gap| gap.last));
        let gaps = gaps.iter().map(|gap| v1::Gap { first: gap.first, last: gap.last }).collect();
        Ok(Response::new(v1::ListGapsResponse { revision: revision.0, gaps, next_page_token }))
    }

    type StreamReceiptsStream = BoxStream<'static, Sent>;

    async fn stream_receipts(
        &self,
        request: Request<v1::StreamReceiptsRequest>,
    ) -> Result<Response<Self::StreamReceiptsStream>, Status> {
        let request = request.into_inner();
        let recipient = correspondence::recipient(&request.recipient);
        let recipient = recipient.map_err(|error| status::invalid(&error))?;
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let messages = Self(self.0.clone());
        tokio::spawn(async move { messages.send(request, recipient, sender).await });
        let sent =
            unfold(
                receiver,
                |mut receiver| async move { receiver.recv().await.map(|sent| (sent, receiver)) },
            );
        Ok(Response::new(sent.boxed()))
    }

    async fn list_receipts(
        &self,
        request: Request<v1::ListReceiptsRequest>,
    ) -> Result<Response<v1::ListReceiptsResponse>, Status> {
        let request = request.into_inner();
        let recipient = correspondence::recipient(&request.recipient);
        let recipient = recipient.map_err(|error| status::invalid(&error))?;
        let after: Option<u64> = page::after(&request.page_token)?;
        let after = after.unwrap_or_else(|| request.from.saturating_sub(1));
        let up_to = if request.to == 0 { u64::MAX } else { request.to };
        let rows = page::rows(request.page_size).min(CHUNK_RECEIPTS_MAX);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let document = Some(request.document.as_str()).filter(|document| !document.is_empty());
            receipts::chunk(view, &recipient, (after, up_to), document, rows)
        });
        let chunk = found.await?;
        let next_page_token = if chunk.ended { String::new() } else { page::next(1, 1, Some(chunk.seen)) };
        let (revision, receipts) = (chunk.revision.0, chunk.receipts);
        Ok(Response::new(v1::ListReceiptsResponse { revision, receipts, next_page_token }))
    }

    async fn get_mailbox(
        &self,
        request: Request<v1::GetMailboxRequest>,
    ) -> Result<Response<v1::GetMailboxResponse>, Status> {
        let request = request.into_inner();
        let recipient = correspondence::recipient(&request.recipient);
        let recipient = recipient.map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, ledger::mailbox(view, &recipient)?))
        });
        let (revision, mailbox) = found.await?;
        let (last, acknowledged) = (mailbox.last, mailbox.acknowledged);
        Ok(Response::new(v1::GetMailboxResponse { revision: revision.0, last, acknowledged }))
    }

    async fn acknowledge_receipts(
        &self,
        request: Request<v1::AcknowledgeReceiptsRequest>,
    ) -> Result<Response<v1::AcknowledgeReceiptsResponse>, Status> {
        let request = request.get_ref();
        let command = correspondence::acknowledgement(request);
        answer!(
            AcknowledgeReceiptsResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn list_receipt_differences(
        &self,
        request: Request<v1::ListReceiptDifferencesRequest>,
    ) -> Result<Response<v1::ListReceiptDifferencesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) = (page::rows(request.page_size), page::after::<Revision>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, ledger::differences(view, after, rows)?))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(revision, _)| *revision));
        let differences =
            found.iter().map(|(revision, found)| correspondence::difference(*revision, found)).collect();
        let revision = revision.0;
        Ok(Response::new(v1::ListReceiptDifferencesResponse { revision, differences, next_page_token }))
    }

    async fn get_reminder(
        &self,
        request: Request<v1::GetReminderRequest>,
    ) -> Result<Response<v1::GetReminderResponse>, Status> {
        let request = request.into_inner();
        let sender = number("sender", &request.sender, CustomsNo::new)?;
        let document = number("document", &request.document, DocumentNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let head = query::head(view)?.ok_or_else(|| Fault("there is no ledger".into()))?;
            let book = match BookNo::new(document.as_str()) {
                Ok(book_no) => get::<Books>(view, book_no)?,
                Err(_) => None,
            };
            let asked = if book.is_some() { write::Asked::Book } else { write::Asked::List };
            let sent_at = head.utc_offset.local(head.record_time);
            let (number, pre_entry_no) = (document.as_str(), request.pre_entry_no.as_str());
            let revision = head.revision.0;
            Ok((revision, write::ask_again(sender.as_str(), asked, number, pre_entry_no, sent_at, revision)))
        });
        let (revision, written) = found.await?;
        Ok(Response::new(v1::GetReminderResponse {
            revision,
            r#type: written.kind.into(),
            file_name: written.file_name,
            content: written.bytes,
        }))
    }

    async fn get_printout(
        &self,
        request: Request<v1::GetPrintoutRequest>,
    ) -> Result<Response<v1::GetPrintoutResponse>, Status> {
        let request = request.into_inner();
        let missing = || status::invalid(&FieldError::new("document", "", "must be given"));
        let document = request.document.ok_or_else(missing)?;
        let wanted = Wanted::read(&document)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let head = query::head(view)?.ok_or_else(|| Fault("there is no ledger".into()))?;
            Ok((head.revision.0, wanted.print(view, head.utc_offset)?))
        });
        let (revision, html) = found.await?;
        let (Document::ListNo(name) | Document::PassNo(name)) = &document;
        let html = html.ok_or_else(|| status::not_found("document", name))?;
        Ok(Response::new(v1::GetPrintoutResponse { revision, html }))
    }
}

/// What is printed.
enum Wanted {
    List(ListNo),
    Pass(PassNo),
}

impl Wanted {
    fn read(document: &Document) -> Result<Self, Status> {
        match document {
            Document::ListNo(text) => number("list_no", text, ListNo::new).map(Self::List),
            Document::PassNo(text) => number("pass_no", text, PassNo::new).map(Self::Pass),
        }
    }

    fn print(self, view: &dyn View, utc_offset: UtcOffset) -> Result<Option<String>, Fault> {
        match self {
            Self::List(list_no) => {
                let Some(list) = query::movement(view, list_no.clone())? else { return Ok(None) };
                let lines = get::<Lines>(view, (list_no, list.content_version))?.unwrap_or_default();
                Ok(Some(print::list(&list, &lines, utc_offset)))
            }
            Self::Pass(pass_no) => {
                let pass = get::<Passes>(view, pass_no.clone())?;
                Ok(pass.map(|pass| print::pass(&pass_no, &pass, utc_offset)))
            }
        }
    }
}
