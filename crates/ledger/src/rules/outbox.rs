//! Receipts: who is told what, written in the same step as the event that they tell of (`domain.md` 5.1, `design.md` 8).
//!
//! Told are the judgement on a document that has an audit message of its own, each list that is posted, and each passage
//! of a vehicle. Nobody is told of a repeat, of a message that cannot be read, or of what another party's document did
//! beyond these; parcels and consumption slips have no audit message in the published schemas that could say no.

use super::work::{Stop, Work};
use crate::book::BookKind;
use crate::code::{BookNo, DocumentNo, ListNo, PassNo, SlipNo};
use crate::command::Command;
use crate::document::{Document, LinkedType, ListFiling, PassageStage};
use crate::error::Fault;
use crate::message::Content;
use crate::movement::{DocumentState, Movement};
use crate::outcome::Verdict;
use crate::reason::Reason;
use crate::receipt::{Acknowledgement, Filing, Receipt, ReceiptKind, Recipient, Ruling};
use crate::refusal::Refusal;
use crate::state::{Books, Held, Mailboxes, Movements, Outbox, Passes, Permits, Read, Slips, get};
use crate::time::LocalTime;
use compact_str::CompactString;
use std::sync::Arc;

/// Writes the receipts of a command that was carried out. `before` is the state without it.
pub(crate) fn tell(
    work: &mut Work<'_>,
    before: &dyn Read,
    command: &Command,
    verdict: &Verdict,
) -> Result<(), Fault> {
    if *verdict != Verdict::Accepted {
        return Ok(());
    }
    if let Command::ReturnList(order) = command
        && let Some(movement) = work.get::<Movements>(order.list_no.clone())?
    {
        let told = Told { kind: ReceiptKind::ListAudit, change_no: movement.version, filing: Filing::New };
        let recipient = Recipient::Party(movement.owner.clone());
        let receipt = told.of(order.list_no.as_str(), Ruling::Returned);
        write(work, recipient, Receipt { remark: order.reason.clone(), ..receipt })?;
    }
    let document = document_of(command);
    if let Some(document) = document
        && let Some(told) = audit(document)
        && let Some(recipient) = recipient_of(work, document)?
    {
        let (ruling, content_version) = passed(work, document)?;
        let receipt = Receipt { content_version, ..told.of(&document.number(), ruling) };
        write(work, recipient, receipt)?;
    }
    let named: Vec<(CompactString, DocumentState)> =
        work.named().iter().map(|(number, state)| (number.clone(), *state)).collect();
    let reported = match document {
        Some(Document::Passage(report)) => report.passed_at,
        _ => None,
    };
    for (number, state) in &named {
        tell_passage(work, before, number, *state, reported)?;
    }
    for (number, _) in named.iter().filter(|(_, state)| *state == DocumentState::Posted) {
        tell_posting(work, number)?;
    }
    Ok(())
}

/// Writes the receipt of a document that a rule refused.
pub(crate) fn tell_refusal(work: &mut Work<'_>, command: &Command, reason: Reason) -> Result<(), Fault> {
    // The first message with this key was judged, this one was not; nor was one of a type that is not taken.
    if matches!(reason, Reason::MessageIdConflict | Reason::SchemaInvalid | Reason::MalformedXml) {
        return Ok(());
    }
    if let Some(document) = document_of(command)
        && let Some(told) = audit(document)
        && let Some(recipient) = recipient_of(work, document)?
    {
        write(work, recipient, told.of(&document.number(), Ruling::Returned))?;
    }
    Ok(())
}

/// A recipient has its receipts up to a number. One before the last that it named changes nothing.
pub(crate) fn acknowledge(work: &mut Work<'_>, wanted: &Acknowledgement) -> Result<(), Stop> {
    let mut mailbox = work.get::<Mailboxes>(wanted.recipient.clone())?.unwrap_or_default();
    if wanted.up_to > mailbox.last {
        return Err(Refusal::new(Reason::ReceiptUnknown)
            .field("up_to", wanted.up_to)
            .expected(format!("at most {}", mailbox.last))
            .document(&wanted.recipient)
            .into());
    }
    work.document = Some(wanted.recipient.as_str().into());
    if wanted.up_to > mailbox.acknowledged {
        mailbox.acknowledged = wanted.up_to;
        work.put::<Mailboxes>(wanted.recipient.clone(), mailbox);
    }
    Ok(())
}

/// What a receipt is of.
struct Told {
    kind: ReceiptKind,
    change_no: u64,
    filing: Filing,
}

impl Told {
    fn of(&self, number: &str, ruling: Ruling) -> Receipt {
        Receipt {
            kind: self.kind,
            number: number.into(),
            change_no: self.change_no,
            filing: self.filing,
            ruling,
            content_version: None,
            passed_at: None,
            remark: CompactString::const_new(""),
            revision: crate::outcome::Revision(0),
        }
    }
}

fn document_of(command: &Command) -> Option<&Document> {
    match command {
        Command::File(document) => Some(document),
        Command::Receive(message) => match &message.content {
            Content::Keyed { document, .. } => document.as_deref().ok(),
            Content::Unreadable(_) | Content::Invalid { .. } => None,
        },
        _ => None,
    }
}

/// The audit message of a document, where it has one.
fn audit(document: &Document) -> Option<Told> {
    let new = |kind, change_no| Some(Told { kind, change_no, filing: Filing::New });
    let counted = |kind, change_no: Option<u64>| {
        let filing = if change_no.is_none() { Filing::New } else { Filing::Change };
        Some(Told { kind, change_no: change_no.unwrap_or(0), filing })
    };
    match document {
        Document::Book(filing) => Some(Told {
            kind: match filing.kind {
                BookKind::Logistics => ReceiptKind::LogisticsBookAudit,
                BookKind::Processing => ReceiptKind::ProcessingBookAudit,
            },
            change_no: filing.change_no.unwrap_or(0),
            filing: if filing.change_no.is_none() { Filing::New } else { Filing::Change },
        }),
        Document::List(filing) => {
            let (change_no, filing) = match filing {
                ListFiling::File(_) => (0, Filing::New),
                ListFiling::Change { change_no, .. } => (*change_no, Filing::Change),
                ListFiling::Withdraw { change_no, .. } => (*change_no, Filing::Withdrawal),
            };
            Some(Told { kind: ReceiptKind::ListAudit, change_no, filing })
        }
        Document::Pass(_) => new(ReceiptKind::PassAudit, 0),
        Document::Permit(filing) => counted(ReceiptKind::PermitAudit, filing.change_no),
        Document::Slip(filing) => counted(ReceiptKind::SlipAudit, filing.change_no),
        Document::Verification(filing) => new(ReceiptKind::VerificationAudit, filing.sequence),
        Document::Passage(_)
        | Document::Notice(_)
        | Document::CustomsResult(_)
        | Document::Consumption(_)
        | Document::ConsumptionChange(_)
        | Document::ConsumptionVoid(_)
        | Document::Disposal(_)
        | Document::Adjustment(_)
        | Document::Differences(_)
        | Document::Lease(_)
        | Document::ParcelReturn(_)
        | Document::Correction(_)
        | Document::Tally(_)
        | Document::Assignment(_)
        | Document::PassVoid(_)
        | Document::PermitClosing(_)
        | Document::SlipVoid(_)
        | Document::WorkOrder(_)
        | Document::Registration(_)
        | Document::StatusChange(_)
        | Document::CarryOver(_)
        | Document::Campaign(_)
        | Document::Sales(_)
        | Document::TransferForm(_)
        | Document::Parcels(_) => None,
    }
}

/// Who is told of a document: the enterprise that it names as its own, or that owns what it is about; of a pass that links
/// nothing known, the office.
fn recipient_of(work: &Work<'_>, document: &Document) -> Result<Option<Recipient>, Fault> {
    Ok(match document {
        Document::Book(filing) => Some(Recipient::Party(filing.owner.clone())),
        Document::List(ListFiling::File(list) | ListFiling::Change { list, .. }) => {
            Some(Recipient::Party(list.owner.clone()))
        }
        Document::List(ListFiling::Withdraw { list_no, .. }) => {
            work.get::<Movements>(list_no.clone())?.map(|list| Recipient::Party(list.owner.clone()))
        }
        Document::Permit(filing) => Some(Recipient::Party(filing.owner.clone())),
        Document::Slip(filing) => work
            .get::<Permits>(filing.permit_no.clone())?
            .map(|permit| Recipient::Party(permit.owner.clone())),
        Document::Pass(filing) => {
            let owner = owner_of_pass(work, filing.linked_type, &filing.linked, filing.book_no.as_ref())?;
            Some(owner.unwrap_or_else(|| Recipient::Office(filing.office.clone())))
        }
        Document::Verification(filing) => owner_of_book(work, &filing.book_no)?,
        _ => None,
    })
}

fn owner_of_book(work: &Work<'_>, book_no: &BookNo) -> Result<Option<Recipient>, Fault> {
    Ok(work.get::<Books>(book_no.clone())?.map(|book| Recipient::Party(book.owner.clone())))
}

/// The goods on one vehicle belong to one enterprise: the owner of the first document that is known.
fn owner_of_pass(
    work: &Work<'_>,
    linked_type: LinkedType,
    linked: &[DocumentNo],
    book_no: Option<&BookNo>,
) -> Result<Option<Recipient>, Fault> {
    if let Some(book_no) = book_no {
        return owner_of_book(work, book_no);
    }
    for number in linked {
        let owner = match linked_type {
            LinkedType::List => match ListNo::new(number.as_str()) {
                Ok(list_no) => {
                    work.get::<Movements>(list_no)?.map(|list| Recipient::Party(list.owner.clone()))
                }
                Err(_) => None,
            },
            LinkedType::Slip => match SlipNo::new(number.as_str()) {
                Ok(slip_no) => match work.get::<Slips>(slip_no)? {
                    Some(slip) => owner_of_book(work, &slip.book_no)?,
                    None => None,
                },
                Err(_) => None,
            },
            LinkedType::Bill => None,
        };
        if owner.is_some() {
            return Ok(owner);
        }
    }
    Ok(None)
}

/// What is said of a document that was accepted, and which version of its lines.
fn passed(work: &Work<'_>, document: &Document) -> Result<(Ruling, Option<u64>), Fault> {
    let Document::List(filing) = document else { return Ok((Ruling::Passed, None)) };
    let Some(list) = work.get::<Movements>(filing.list_no().clone())? else {
        return Ok((Ruling::Passed, None));
    };
    Ok(match list.state {
        DocumentState::PrePosted | DocumentState::InTransit => {
            (Ruling::PreDeducted, Some(list.content_version))
        }
        DocumentState::Withdrawn => (Ruling::Passed, None),
        _ => (Ruling::Passed, Some(list.content_version)),
    })
}

fn tell_passage(
    work: &mut Work<'_>,
    before: &dyn Read,
    number: &str,
    state: DocumentState,
    reported: Option<LocalTime>,
) -> Result<(), Fault> {
    if !matches!(state, DocumentState::GateOne | DocumentState::Passed) {
        return Ok(());
    }
    // A slip is said to be passed by the same word.
    let Ok(pass_no) = PassNo::new(number) else { return Ok(()) };
    let Some(pass) = work.get::<Passes>(pass_no.clone())? else { return Ok(()) };
    let owner = owner_of_pass(work, pass.linked_type, &pass.linked, pass.book_no.as_ref())?;
    let Some(recipient) = owner else { return Ok(()) };
    let ruling = match state {
        DocumentState::GateOne => Ruling::GateOne,
        _ if through_gate_one(before, &pass_no)? => Ruling::GateTwo,
        _ => Ruling::SingleGate,
    };
    let told = Told { kind: ReceiptKind::Passage, change_no: 0, filing: Filing::New };
    let passed_at = reported.or(pass.passed_at);
    write(work, recipient, Receipt { passed_at, ..told.of(number, ruling) })
}

/// Whether gate one of two had been reported before this command: of the pass, ahead of it, or while customs stopped it.
fn through_gate_one(before: &dyn Read, pass_no: &PassNo) -> Result<bool, Fault> {
    let known = get::<Passes>(before, pass_no.clone())?;
    if known.is_some_and(|pass| pass.state == DocumentState::GateOne) {
        return Ok(true);
    }
    let held = get::<Held>(before, pass_no.clone())?;
    Ok(held.is_some_and(|held| held.0.iter().any(|report| report.stage == PassageStage::GateOne)))
}

fn tell_posting(work: &mut Work<'_>, number: &str) -> Result<(), Fault> {
    let Ok(list_no) = ListNo::new(number) else { return Ok(()) };
    let Some(list) = work.get::<Movements>(list_no)? else { return Ok(()) };
    let Movement { version, content_version, owner, .. } = &*list;
    let told = Told { kind: ReceiptKind::ListPosting, change_no: *version, filing: Filing::New };
    let receipt = Receipt { content_version: Some(*content_version), ..told.of(number, Ruling::Passed) };
    write(work, Recipient::Party(owner.clone()), receipt)
}

/// Puts a receipt behind the last one of its recipient.
fn write(work: &mut Work<'_>, recipient: Recipient, receipt: Receipt) -> Result<(), Fault> {
    let mut mailbox = work.get::<Mailboxes>(recipient.clone())?.unwrap_or_default();
    mailbox.last = mailbox.last.saturating_add(1);
    let receipt = Receipt { revision: work.head.revision, ..receipt };
    work.put::<Outbox>((recipient.clone(), mailbox.last), Arc::new(receipt));
    work.put::<Mailboxes>(recipient, mailbox);
    Ok(())
}
