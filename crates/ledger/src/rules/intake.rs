//! Intake of messages, and the keys under which messages and documents are recognised (`RULES.md` 2.4, 2.5; `design.md` 2.5).

use super::work::{Stop, Work};
use super::{customs_results, holds, outbox, sales};
use crate::apply::file;
use crate::code::{
    AdjustmentNo, BookNo, CampaignNo, CarryOverNo, ConsumptionNo, CorrectionNo, DifferenceNo, DisposalNo,
    LeaseNo, ListNo, ParcelNo, PassNo, PermitNo, RegistrationNo, ReturnNo, SlipNo, StatusChangeNo, TallyNo,
    TransferFormNo, WorkOrderNo,
};
use crate::command::{Command, Proposal};
use crate::difference::DifferenceRef;
use crate::digest::fingerprint;
use crate::document::{
    CampaignFiling, CampaignStep, Document, ListFiling, ParcelFiling, SaleAction, TransferFormFiling,
    WorkOrderStep,
};
use crate::error::Fault;
use crate::event::{Delivery, SeenMessage, SeenRequest};
use crate::message::{Content, Message, Sha256};
use crate::movement::DocumentState;
use crate::outcome::{Revision, Verdict};
use crate::permission::Principal;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::rules::work::Finished;
use crate::state::{
    Adjustments, Books, Campaigns, CarryOvers, ConsumptionStandings, Consumptions, Corrections, Deliveries,
    DifferenceReports, Differences, Disposals, DocumentMessages, FiledDocuments, Head, Leases, Messages,
    Movements, Originals, ParcelReturns, Parcels, Passes, Periods, Permits, Read, Registrations, Slips,
    StatusChanges, Tallies, TransferForms, UnsupportedNumbers, WorkOrders, get,
};
use compact_str::{CompactString, format_compact};
use std::sync::Arc;

/// A message, from its delivery to the rules of its document. The first check that fails ends the matter.
pub(crate) fn receive(work: &mut Work<'_>, by: &Principal, message: &Message) -> Result<Verdict, Stop> {
    remember_delivery(work, message);
    keep_original(work, message)?;
    let (label, key, filed, document, names) = match &message.content {
        Content::Unreadable(refusal) => return Err(Stop::Refused(refusal.clone())),
        Content::Invalid { refusal, .. } => return Err(Stop::Refused(refusal.clone())),
        Content::Keyed { label, key, filed, document, names } => (label, key, *filed, document, names),
    };
    work.document = Some(label.business_id.clone());
    if matches!(document.as_deref(), Ok(Document::CustomsResult(_))) {
        customs_results::must_be_taken(work, &label.kind)?;
    }
    if let Some(seen) = work.get::<Messages>(key.clone())? {
        if filed && seen.sha256 != message.sha256 {
            return Err(Refusal::new(Reason::MessageIdConflict).field("message_id", key).into());
        }
        return Ok(Verdict::Duplicate);
    }
    remember_key(work, message, key);
    let own = document.as_ref().is_ok_and(|document| opens(document)).then_some(&label.business_id);
    let waits = document.as_ref().is_ok_and(|document| waits(document));
    for name in names.iter().filter(|name| !waits && Some(*name) != own) {
        if let Some(lacks) = work.get::<UnsupportedNumbers>(name.clone())? {
            let refusal = Refusal::new(Reason::Unsupported).document(name).field("supported", lacks);
            return Err(refusal.into());
        }
    }
    let document = document.as_ref().map_err(|refusal| Stop::Refused(refusal.clone()))?;
    work.by_message = true;
    file(work, by, document)?;
    remember_document(work, document, fingerprint(&**document))?;
    if !(label.business_id.is_empty() && matches!(**document, Document::CustomsResult(_))) {
        work.document = Some(label.business_id.clone());
    }
    work.remove_if_there::<UnsupportedNumbers>(label.business_id.clone())?;
    Ok(Verdict::Accepted)
}

pub(crate) fn remember_delivery(work: &mut Work<'_>, message: &Message) {
    let delivery =
        Delivery { name: message.name.clone(), sha256: message.sha256, revision: work.head.revision };
    work.put::<Deliveries>((message.source.clone(), message.sequence), Arc::new(delivery));
}

/// Keeps the bytes of a message, once, and that they are about its document.
fn keep_original(work: &mut Work<'_>, message: &Message) -> Result<(), Fault> {
    if let Some(original) = &message.original
        && work.get::<Originals>(message.sha256)?.is_none()
    {
        work.put::<Originals>(message.sha256, Arc::new((**original).clone()));
    }
    let business_id = match &message.content {
        Content::Unreadable(_) => return Ok(()),
        // The envelope of a receipt does not say what it is about.
        Content::Keyed { label, document: Ok(document), .. } if label.business_id.is_empty() => {
            document.number()
        }
        Content::Invalid { label, .. } | Content::Keyed { label, .. } => label.business_id.clone(),
    };
    if !business_id.is_empty() {
        work.put::<DocumentMessages>((business_id, work.head.revision), message.sha256);
    }
    Ok(())
}

fn remember_key(work: &mut Work<'_>, message: &Message, key: &CompactString) {
    let seen = SeenMessage { sha256: message.sha256, revision: work.head.revision };
    work.put::<Messages>(key.clone(), seen);
}

/// What stays of a refused command: for a message its delivery and its key, and for what is unsupported a note, so that
/// documents which name it are told the same.
///
/// A message that is refused `UNSUPPORTED` does not bind its key: it may come again after an upgrade.
pub(crate) fn refused(
    state: &dyn Read,
    head: &Head,
    proposal: &Proposal,
    refusal: Refusal,
) -> Result<Refused, Fault> {
    let mut work = Work::new(state, head.clone(), false);
    match &proposal.command {
        Command::Receive(message) => {
            remember_delivery(&mut work, message);
            keep_original(&mut work, message)?;
            match &message.content {
                Content::Unreadable(_) => {}
                Content::Invalid { label, .. } => work.document = Some(label.business_id.clone()),
                Content::Keyed { label, key, document, names, .. } => {
                    work.document = Some(label.business_id.clone());
                    match refusal.reason {
                        // Of a type that is not taken today: its key stays free, it may come again.
                        Reason::MessageIdConflict | Reason::SchemaInvalid => {}
                        Reason::Unsupported => {
                            // What the envelope says is checked against nothing; the document's own number counts.
                            if names.first() == Some(&label.business_id) {
                                note_unsupported(&mut work, &label.business_id, &refusal)?;
                            }
                        }
                        _ => remember_key(&mut work, message, key),
                    }
                    let judged = !matches!(refusal.reason, Reason::MessageIdConflict | Reason::SchemaInvalid);
                    if let (Ok(document), true) = (document, judged) {
                        work.state = state_of(&work, document)?;
                    }
                }
            }
        }
        Command::File(document) => {
            work.document = Some(document.number());
            work.state = state_of(&work, document)?;
        }
        Command::OrderDisposal(order) => {
            work.document = Some(order.disposal_no.as_str().into());
            work.state = disposal_state(&work, &order.disposal_no)?;
        }
        Command::DecideAdjustment(order) => {
            work.document = Some(order.adjustment_no.as_str().into());
            work.state = adjustment_state(&work, &order.adjustment_no)?;
        }
        Command::ReturnList(order) => {
            work.document = Some(order.list_no.as_str().into());
            work.state = list_state(&work, &order.list_no)?;
        }
        Command::OrderList(order) => {
            work.document = Some(order.list_no.as_str().into());
            work.state = list_state(&work, &order.list_no)?;
        }
        Command::OrderDocument(order) => {
            work.document = Some(order.number.as_str().into());
            work.state = holds::found(work.state(), order.kind, &order.number)?.map(|(state, _)| state);
        }
        Command::OrderVerification(order) => {
            work.document = Some(order.book_no.as_str().into());
            work.state = period_state(&work, &order.book_no, order.sequence)?;
        }
        Command::AllowOverdraft(order) => {
            work.document = Some(order.list_no.as_str().into());
            work.state = list_state(&work, &order.list_no)?;
        }
        Command::OrderDifference(order) => {
            work.document = Some(order.difference_no.as_str().into());
            let line = DifferenceRef { difference_no: order.difference_no.clone(), line: order.line };
            work.state = work.get::<Differences>(line)?.map(|row| row.document_state());
        }
        Command::DecideTally(order) => {
            work.document = Some(order.tally_no.as_str().into());
            work.state = work.get::<Tallies>(order.tally_no.clone())?.map(|tally| tally.state());
        }
        Command::DecideCorrection(decision) => {
            work.document = Some(decision.correction_no.as_str().into());
            work.state = correction_state(&work, &decision.correction_no)?;
        }
        _ => {}
    }
    outbox::tell_refusal(&mut work, &proposal.command, refusal.reason)?;
    Ok(Refused { verdict: Verdict::Refused(Box::new(refusal)), finished: work.finish() })
}

/// A refusal with what stays of its command.
pub(crate) struct Refused {
    pub(crate) verdict: Verdict,
    pub(crate) finished: Finished,
}

/// Whether it is the first that is heard of a document: what was not supported of it before does not matter then.
fn opens(document: &Document) -> bool {
    match document {
        Document::Book(filing) => filing.change_no.is_none(),
        Document::List(filing) => matches!(filing, ListFiling::File(_)),
        Document::Parcels(filing) => !matches!(filing, ParcelFiling::Cancel(_)),
        Document::Sales(filing) => filing.action == SaleAction::File,
        Document::Permit(filing) => filing.change_no.is_none(),
        Document::Slip(filing) => filing.change_no.is_none(),
        Document::Pass(_)
        | Document::Consumption(_)
        | Document::Correction(_)
        | Document::Tally(_)
        | Document::ParcelReturn(_)
        | Document::Disposal(_)
        | Document::Adjustment(_)
        | Document::Registration(_)
        | Document::StatusChange(_)
        | Document::CarryOver(_) => true,
        Document::WorkOrder(filing) => matches!(filing.step, WorkOrderStep::Open(_)),
        Document::Lease(filing) => filing.change_no == 0,
        Document::TransferForm(filing) => matches!(filing, TransferFormFiling::File(_)),
        Document::Campaign(filing) => matches!(filing.step, CampaignStep::Open(_)),
        Document::Differences(filing) => filing.part == 1,
        Document::Verification(_)
        | Document::Passage(_)
        | Document::Notice(_)
        | Document::Assignment(_)
        | Document::CustomsResult(_)
        | Document::PassVoid(_)
        | Document::PermitClosing(_)
        | Document::SlipVoid(_)
        | Document::ConsumptionChange(_)
        | Document::ConsumptionVoid(_) => false,
    }
}

/// Whether it may come before what it is about, and is held until then (`RULES.md` 8.3, 8.5).
const fn waits(document: &Document) -> bool {
    matches!(document, Document::Passage(_) | Document::Notice(_) | Document::CustomsResult(_))
}

/// Whether any document is known by a number; a document that could not be read does not say of which type it is.
fn is_known(work: &Work<'_>, number: &CompactString) -> Result<bool, Fault> {
    macro_rules! known {
        ($($table:ident: $number:ident),*) => {$(
            if let Ok(number) = $number::new(number)
                && work.get::<$table>(number)?.is_some()
            {
                return Ok(true);
            }
        )*};
    }
    known!(
        Books: BookNo, Movements: ListNo, Passes: PassNo, Permits: PermitNo, Slips: SlipNo,
        Consumptions: ConsumptionNo, Disposals: DisposalNo, Adjustments: AdjustmentNo, Parcels: ParcelNo,
        ParcelReturns: ReturnNo, Leases: LeaseNo, Corrections: CorrectionNo, Tallies: TallyNo,
        WorkOrders: WorkOrderNo, Registrations: RegistrationNo, StatusChanges: StatusChangeNo,
        CarryOvers: CarryOverNo, Campaigns: CampaignNo, DifferenceReports: DifferenceNo,
        TransferForms: TransferFormNo
    );
    Ok(false)
}

fn note_unsupported(work: &mut Work<'_>, number: &CompactString, refusal: &Refusal) -> Result<(), Fault> {
    if !number.is_empty() && !is_known(work, number)? {
        let lacks = match (&refusal.field, &refusal.value) {
            (Some(field), Some(value)) => format_compact!("{field} {value}"),
            _ => number.clone(),
        };
        work.put::<UnsupportedNumbers>(number.clone(), lacks);
    }
    Ok(())
}

/// The state of the document with the number of another one.
fn state_of(work: &Work<'_>, document: &Document) -> Result<Option<DocumentState>, Fault> {
    Ok(match document {
        Document::Book(filing) => work.get::<Books>(filing.book_no.clone())?.map(|_| DocumentState::Filed),
        Document::List(filing) => list_state(work, filing.list_no())?,
        Document::Correction(filing) => correction_state(work, &filing.correction_no)?,
        Document::Tally(filing) => work.get::<Tallies>(filing.tally_no.clone())?.map(|tally| tally.state()),
        Document::Assignment(assignment) => list_state(work, &assignment.list_no)?,
        Document::Pass(filing) => pass_state(work, &filing.pass_no)?,
        Document::PassVoid(void) => pass_state(work, &void.pass_no)?,
        Document::Passage(report) => pass_state(work, &report.pass_no)?,
        Document::Notice(_) => None,
        Document::CustomsResult(result) => customs_results::found(work, result)?.0,
        Document::Permit(filing) => permit_state(work, &filing.permit_no)?,
        Document::PermitClosing(closing) => permit_state(work, &closing.permit_no)?,
        Document::Slip(filing) => slip_state(work, &filing.slip_no)?,
        Document::SlipVoid(void) => slip_state(work, &void.slip_no)?,
        Document::Consumption(filing) => consumption_state(work, &filing.consumption_no)?,
        Document::ConsumptionChange(change) => consumption_state(work, &change.content.consumption_no)?,
        Document::ConsumptionVoid(void) => consumption_state(work, &void.consumption_no)?,
        Document::Disposal(filing) => disposal_state(work, &filing.disposal_no)?,
        Document::Lease(filing) => work.get::<Leases>(filing.lease_no.clone())?.map(|lease| lease.state),
        Document::WorkOrder(filing) => {
            work.get::<WorkOrders>(filing.order_no.clone())?.map(|order| order.state)
        }
        Document::Registration(filing) => {
            work.get::<Registrations>(filing.registration_no.clone())?.map(|_| DocumentState::Posted)
        }
        Document::StatusChange(filing) => {
            work.get::<StatusChanges>(filing.status_change_no.clone())?.map(|_| DocumentState::Posted)
        }
        Document::CarryOver(filing) => {
            work.get::<CarryOvers>(filing.carry_over_no.clone())?.map(|_| DocumentState::Posted)
        }
        Document::Campaign(filing) => {
            work.get::<Campaigns>(filing.campaign_no.clone())?.map(|campaign| campaign.state)
        }
        Document::Differences(filing) => {
            work.get::<DifferenceReports>(filing.difference_no.clone())?.map(|_| DocumentState::Filed)
        }
        Document::Verification(filing) => {
            work.get::<Books>(filing.book_no.clone())?.map(|_| DocumentState::Filed)
        }
        Document::Adjustment(filing) => adjustment_state(work, &filing.adjustment_no)?,
        Document::Parcels(filing) => match filing.first() {
            Some(number) => work.get::<Parcels>(number.clone())?.map(|parcel| parcel.state),
            None => None,
        },
        Document::TransferForm(filing) => {
            work.get::<TransferForms>(filing.form_no().clone())?.map(|form| form.state)
        }
        Document::Sales(filing) => sales::is_said(work, filing)?.then_some(DocumentState::Filed),
        Document::ParcelReturn(filing) => {
            work.get::<ParcelReturns>(filing.return_no.clone())?.map(|_| DocumentState::Posted)
        }
    })
}

fn list_state(work: &Work<'_>, list_no: &ListNo) -> Result<Option<DocumentState>, Fault> {
    let Some(list) = work.get::<Movements>(list_no.clone())? else { return Ok(None) };
    let book = work.get::<Books>(list.book_no.clone())?;
    Ok(Some(book.map_or(list.state, |book| list.state_in(&book))))
}

fn period_state(work: &Work<'_>, book_no: &BookNo, sequence: u64) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Periods>((book_no.clone(), sequence))?.map(|period| period.state))
}

fn disposal_state(work: &Work<'_>, number: &DisposalNo) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Disposals>(number.clone())?.map(|disposal| disposal.state))
}

fn adjustment_state(work: &Work<'_>, number: &AdjustmentNo) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Adjustments>(number.clone())?.map(|adjustment| adjustment.state))
}
fn correction_state(work: &Work<'_>, number: &CorrectionNo) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Corrections>(number.clone())?.map(|correction| correction.state))
}

fn pass_state(work: &Work<'_>, pass_no: &PassNo) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Passes>(pass_no.clone())?.map(|pass| pass.state))
}

fn permit_state(work: &Work<'_>, permit_no: &PermitNo) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Permits>(permit_no.clone())?.map(|permit| permit.state))
}

fn consumption_state(work: &Work<'_>, number: &ConsumptionNo) -> Result<Option<DocumentState>, Fault> {
    if let Some(standing) = work.get::<ConsumptionStandings>(number.clone())? {
        return Ok(Some(standing.state));
    }
    Ok(work.get::<Consumptions>(number.clone())?.map(|_| DocumentState::Posted))
}

fn slip_state(work: &Work<'_>, slip_no: &SlipNo) -> Result<Option<DocumentState>, Fault> {
    Ok(work.get::<Slips>(slip_no.clone())?.map(|slip| slip.state))
}

/// Key of an accepted document: type, number, change number; of a verification, what it says.
fn document_key(document: &Document, fingerprint: &Sha256) -> Option<CompactString> {
    let book = |number: &BookNo, change: u64| format_compact!("BOOK/{number}/{change}");
    let list = |number: &ListNo, change: u64| format_compact!("LIST/{number}/{change}");
    let permit = |number: &PermitNo, change: u64| format_compact!("PERMIT/{number}/{change}");
    let slip = |number: &SlipNo, change: u64| format_compact!("SLIP/{number}/{change}");
    let used_anew = |number: &ConsumptionNo, change: u64| format_compact!("CONSUMPTION/{number}/{change}");
    match document {
        Document::Book(filing) => Some(book(&filing.book_no, filing.change_no.unwrap_or(0))),
        Document::List(ListFiling::File(content)) => Some(list(&content.list_no, 0)),
        Document::List(ListFiling::Change { change_no, list: content }) => {
            Some(list(&content.list_no, *change_no))
        }
        Document::List(ListFiling::Withdraw { change_no, list_no }) => Some(list(list_no, *change_no)),
        Document::Correction(filing) => Some(format_compact!("CORRECTION/{}", filing.correction_no)),
        Document::Tally(filing) => Some(format_compact!("TALLY/{}", filing.tally_no)),
        Document::Pass(filing) => Some(format_compact!("PASS/{}", filing.pass_no)),
        Document::PassVoid(void) => Some(format_compact!("PASS/{}/CANCELLED", void.pass_no)),
        Document::Permit(filing) => Some(permit(&filing.permit_no, filing.change_no.unwrap_or(0))),
        Document::PermitClosing(closing) => Some(permit(&closing.permit_no, closing.change_no)),
        Document::Slip(filing) => Some(slip(&filing.slip_no, filing.change_no.unwrap_or(0))),
        Document::SlipVoid(void) => Some(slip(&void.slip_no, void.change_no)),
        Document::Consumption(filing) => Some(format_compact!("CONSUMPTION/{}", filing.consumption_no)),
        Document::ConsumptionChange(change) => {
            Some(used_anew(&change.content.consumption_no, change.change_no))
        }
        Document::ConsumptionVoid(void) => Some(used_anew(&void.consumption_no, void.change_no)),
        Document::Disposal(filing) => Some(format_compact!("DISPOSAL/{}", filing.disposal_no)),
        // A period is declared more than once: customs asks for supplements, long declarations come in parts.
        Document::Verification(filing) => {
            let content: CompactString =
                fingerprint.iter().map(|byte| format_compact!("{byte:02x}")).collect();
            Some(format_compact!("VERIFICATION/{}/{}/{content}", filing.book_no, filing.sequence))
        }
        Document::Adjustment(filing) => Some(format_compact!("ADJUSTMENT/{}", filing.adjustment_no)),
        Document::Lease(filing) => Some(format_compact!("LEASE/{}/{}", filing.lease_no, filing.change_no)),
        Document::WorkOrder(filing) => {
            Some(format_compact!("WORK_ORDER/{}/{}", filing.order_no, filing.step.event_no()))
        }
        Document::Registration(filing) => Some(format_compact!("REGISTRATION/{}", filing.registration_no)),
        Document::StatusChange(filing) => Some(format_compact!("STATUS_CHANGE/{}", filing.status_change_no)),
        Document::CarryOver(filing) => Some(format_compact!("CARRY_OVER/{}", filing.carry_over_no)),
        Document::Campaign(filing) => Some(campaign_key(filing)),
        Document::Differences(filing) => {
            Some(format_compact!("DIFFERENCES/{}/{}", filing.difference_no, filing.part))
        }
        Document::Parcels(ParcelFiling::File(parcels)) => {
            parcels.first().map(|parcel| format_compact!("PARCELS/{}", parcel.parcel_no))
        }
        Document::Parcels(ParcelFiling::FileCited(parcels)) => {
            parcels.first().map(|cited| format_compact!("PARCELS/{}", cited.parcel.parcel_no))
        }
        Document::Parcels(ParcelFiling::Cancel(numbers)) => {
            numbers.first().map(|number| format_compact!("PARCELS/{number}/CANCELLED"))
        }
        Document::ParcelReturn(filing) => Some(format_compact!("PARCEL_RETURN/{}", filing.return_no)),
        Document::TransferForm(filing) => {
            Some(format_compact!("TRANSFER_FORM/{}/{}", filing.form_no(), filing.change_no()))
        }
        // What was taken back may be said again.
        Document::Passage(_)
        | Document::Notice(_)
        | Document::Assignment(_)
        | Document::CustomsResult(_)
        | Document::Sales(_) => None,
    }
}

/// Key of a step of a count campaign. No code has a line end in it, so that no two sheets share a key.
fn campaign_key(filing: &CampaignFiling) -> CompactString {
    let number = &filing.campaign_no;
    match &filing.step {
        CampaignStep::Open(_) => format_compact!("COUNT/{number}"),
        CampaignStep::Record(sheet) => {
            format_compact!("COUNT/{number}\n{}\n{}", sheet.counter, sheet.sheet_no)
        }
        CampaignStep::Close { .. } | CampaignStep::Cancel { .. } => format_compact!("COUNT/{number}\nEND"),
    }
}

/// Keeps the key of a document that was accepted. A refusal never binds a document number.
///
/// Of a verification that messages bring more than once (`RULES.md` 13.4 takes each) the first acceptance counts.
pub(crate) fn remember_document(
    work: &mut Work<'_>,
    document: &Document,
    fingerprint: Sha256,
) -> Result<(), Fault> {
    let Some(key) = document_key(document, &fingerprint) else { return Ok(()) };
    let again = matches!(document, Document::Verification(_));
    if !(again && work.get::<FiledDocuments>(key.clone())?.is_some()) {
        let seen = SeenRequest { fingerprint, revision: work.head.revision };
        work.put::<FiledDocuments>(key, seen);
    }
    Ok(())
}

/// The revision that accepted the same document with the same content, if one did.
pub(crate) fn filed_before(
    state: &dyn Read,
    document: &Document,
    fingerprint: Option<&Sha256>,
) -> Result<Option<Revision>, Fault> {
    let Some(fingerprint) = fingerprint else { return Ok(None) };
    let Some(key) = document_key(document, fingerprint) else { return Ok(None) };
    let Some(seen) = get::<FiledDocuments>(state, key)? else { return Ok(None) };
    Ok((seen.fingerprint == *fingerprint).then_some(seen.revision))
}
