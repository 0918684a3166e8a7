//! One command in, one outcome and the rows to write out.
//!
//! Order of decisions: permission, before anything of the state is revealed; the request key; the delivery key; the
//! document key; the ledger time; then the rules of the document (`design.md` 2, 5, 6). A repeat answers with the stored
//! outcome and takes no revision, it only binds its request id; every other command takes one and leaves an event, also
//! when it is refused. Before the ledger is created there is none to leave it in.

use crate::behaviour::BEHAVIOUR_FIRST;
use crate::code::BookNo;
use crate::command::{Command, Proposal, RequestId};
use crate::digest::{canonical, fingerprint, sha256};
use crate::document::{Document, ListFiling};
use crate::error::Fault;
use crate::event::{CommandKind, Event, SeenRequest};
use crate::message::{Content, Label, Sha256};
use crate::outcome::{Applied, Outcome, Revision, Verdict};
use crate::permission::{Principal, roles_for};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::rules::work::{Finished, Stop, Work};
use crate::rules::{
    adjustments, boms, book_orders, books, calendars, campaigns, carry_over, closing, consumption,
    corrections, credit, customs_results, deadlines, differences, direct_exits, disposals, gate, guarantees,
    holds, intake, leases, licences, lists, lots, orders, outbox, overdrafts, parameters, parcel_returns,
    parcels, parties, passes, permits, reference, registrations, release, repairs, sales, slips, standing,
    status_changes, tallies, tolerances, transfer_forms, verification, work_orders, zones,
};
use crate::state::{Assignments, Books, Deliveries, Events, Head, Heads, Read, Requests, Writes, get};
use crate::time::{Instant, UtcOffset};
use compact_str::CompactString;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How long outcomes are kept under their request id (`design.md` 2.5).
pub const REQUEST_DAYS: i64 = 90;

/// Applies a command.
///
/// # Errors
/// The state could not be read: the node stops without effect. Nothing else is an error.
pub fn apply(
    state: &dyn Read,
    record_time: Instant,
    proposal: &Proposal,
) -> Result<(Applied, Writes), Fault> {
    let before = get::<Heads>(state, ())?;
    let mut head = next_head(before.as_deref(), record_time)?;
    let document_fingerprint = document_fingerprint(&proposal.command);
    let command_fingerprint = match &document_fingerprint {
        Some(document) => fingerprint(&(CommandKind::File, document)),
        None => fingerprint(&proposal.command),
    };
    if let Err(refusal) = permitted(state, before.is_some(), proposal)? {
        if before.is_none() {
            return Ok((before_creation(head, refusal), Writes::default()));
        }
        return Ok(conclude(head, proposal, command_fingerprint, Judged::refused(refusal), None));
    }
    let request = proposal.request_id.map(|id| (id, proposal.principal.clone()));
    if let Some(request) = &request {
        match seen_request(state, &head, request, &command_fingerprint)? {
            Seen::Before(revision) => return Ok((stored(state, revision)?, Writes::default())),
            Seen::Otherwise(refusal) => {
                return Ok(conclude(head, proposal, command_fingerprint, Judged::refused(refusal), None));
            }
            Seen::Never => {}
        }
    }
    if let Command::Receive(message) = &proposal.command {
        let delivery = (message.source.clone(), message.sequence);
        if let Some(first) = get::<Deliveries>(state, delivery)? {
            if first.sha256 == message.sha256 {
                return repeat(state, first.revision, command_fingerprint, request);
            }
            let refusal = Refusal::new(Reason::DeliveryConflict)
                .field("sequence", message.sequence)
                .document(&first.name);
            return Ok(conclude(head, proposal, command_fingerprint, Judged::refused(refusal), request));
        }
    }
    if let Command::File(document) = &proposal.command
        && let Some(revision) = intake::filed_before(state, document, document_fingerprint.as_ref())?
    {
        return repeat(state, revision, command_fingerprint, request);
    }
    if let Err(refusal) = set_ledger_time(&mut head, before.as_deref(), proposal) {
        return Ok(conclude(head, proposal, command_fingerprint, Judged::refused(*refusal), request));
    }
    let judged = judge(state, &head, proposal, document_fingerprint)?;
    Ok(conclude(head, proposal, command_fingerprint, judged, request))
}

/// Gives a revision to a command that is not carried out: one that no replica can read, or that operators refused on
/// every node (`serve --refuse`).
///
/// # Errors
/// As [`apply`].
pub fn pass_over(
    state: &dyn Read,
    record_time: Instant,
    refusal: Refusal,
) -> Result<(Applied, Writes), Fault> {
    let before = get::<Heads>(state, ())?;
    let head = next_head(before.as_deref(), record_time)?;
    let by = By {
        principal: Principal(CompactString::const_new("")),
        command: CommandKind::PassedOver,
        label: None,
    };
    Ok(record(head, by, sha256(b""), Judged::refused(refusal), None))
}

fn next_head(before: Option<&Head>, record_time: Instant) -> Result<Head, Fault> {
    let mut head = before.cloned().unwrap_or(Head {
        cluster_id: CompactString::const_new(""),
        utc_offset: UtcOffset::CHINA,
        revision: Revision(0),
        record_time: Instant(0),
        ledger_time: Instant(0),
        digest: [0; 32],
        behaviour: BEHAVIOUR_FIRST,
        in_migration: true,
    });
    let next = head.revision.0.checked_add(1).ok_or_else(|| Fault("revisions are used up".into()))?;
    head.revision = Revision(next);
    head.record_time = head.record_time.max(record_time);
    Ok(head)
}

fn permitted(state: &dyn Read, initialised: bool, proposal: &Proposal) -> Result<Result<(), Refusal>, Fault> {
    if matches!(proposal.command, Command::Initialise(_) | Command::Found(_)) && !initialised {
        return Ok(Ok(()));
    }
    let roles = get::<Assignments>(state, proposal.principal.clone())?.unwrap_or_default();
    let needed = roles_for(&proposal.command);
    if needed.iter().any(|role| roles.contains(role)) {
        return Ok(Ok(()));
    }
    let names: Vec<&str> = needed.iter().map(|role| role.code()).collect();
    Ok(Err(Refusal::new(Reason::PermissionDenied)
        .field("principal", &proposal.principal.0)
        .expected(names.join(" or "))))
}

/// There is no ledger yet that could record this. Were it recorded, it would be the first command, which only the
/// creation may be, and nobody could create the ledger any more.
fn before_creation(head: Head, refusal: Refusal) -> Applied {
    Applied {
        revision: Revision(0),
        repeated: false,
        record_time: head.record_time,
        ledger_time: head.ledger_time,
        outcome: Outcome {
            verdict: Verdict::Refused(Box::new(refusal)),
            document: None,
            state: None,
            changed: Vec::new(),
        },
        balances: Vec::new(),
        lots: Vec::new(),
    }
}

enum Seen {
    Never,
    Before(Revision),
    Otherwise(Refusal),
}

fn seen_request(
    state: &dyn Read,
    head: &Head,
    request: &(RequestId, Principal),
    command: &Sha256,
) -> Result<Seen, Fault> {
    if let Some(seen) = get::<Requests>(state, request.clone())? {
        return Ok(if seen.fingerprint == *command {
            Seen::Before(seen.revision)
        } else {
            Seen::Otherwise(Refusal::new(Reason::RequestIdReused))
        });
    }
    let oldest = head.record_time.0.saturating_sub(REQUEST_DAYS.saturating_mul(86_400_000));
    Ok(if request.0.made_at().0 < oldest {
        Seen::Otherwise(Refusal::new(Reason::RequestIdTooOld))
    } else {
        Seen::Never
    })
}

/// The outcome that an earlier command left.
///
/// # Errors
/// There is no event at that revision, or the state cannot be read.
pub fn stored(state: &dyn Read, revision: Revision) -> Result<Applied, Fault> {
    let event = get::<Events>(state, revision)?
        .ok_or_else(|| Fault(format!("no event at revision {}", revision.0)))?;
    Ok(Applied {
        revision,
        repeated: true,
        record_time: event.record_time,
        ledger_time: event.ledger_time,
        outcome: event.outcome.clone(),
        balances: Vec::new(),
        lots: Vec::new(),
    })
}

/// The outcome of what came before under another request id. The new one is bound to it as well: who knows only the id
/// can ask for the outcome, and nobody can use the id for something else.
fn repeat(
    state: &dyn Read,
    revision: Revision,
    fingerprint: Sha256,
    request: Option<(RequestId, Principal)>,
) -> Result<(Applied, Writes), Fault> {
    let mut writes = Writes::default();
    if let Some(request) = request {
        let seen = SeenRequest { fingerprint, revision };
        writes.insert(crate::state::Key::Request(request), Some(crate::state::Row::Request(seen)));
    }
    Ok((stored(state, revision)?, writes))
}

/// Ledger time: record time, except in a migration (`design.md` 6). The first live command on a document ends the
/// migration for good; reference data does not.
fn set_ledger_time(head: &mut Head, before: Option<&Head>, proposal: &Proposal) -> Result<(), Box<Refusal>> {
    let last = before.map_or(Instant(0), |head| head.ledger_time);
    let reference = matches!(
        proposal.command,
        Command::Initialise(_)
            | Command::Found(_)
            | Command::DefineZone(_)
            | Command::ConvertZone(_)
            | Command::DefineParty(_)
            | Command::Guarantee(_)
            | Command::Licence(_)
            | Command::SetCreditLevel(_)
            | Command::SetParameter(_)
            | Command::SetTolerance(_)
            | Command::ImportReference(_)
            | Command::SetCalendar(_)
            | Command::RecordOverdue
            | Command::RaiseBehaviour(_)
            | Command::AcknowledgeReceipts(_)
    );
    match proposal.ledger_time {
        Some(_) if !head.in_migration => return Err(Box::new(Refusal::new(Reason::MigrationEnded))),
        Some(time) if time < last => {
            return Err(untimely(
                head,
                Reason::LedgerTimeBehind,
                time,
                format!("not before {}", shown(head, last)),
            ));
        }
        Some(time) if time > head.record_time => {
            let limit = format!("not after {}", shown(head, head.record_time));
            return Err(untimely(head, Reason::LedgerTimeAhead, time, limit));
        }
        Some(time) => head.ledger_time = time,
        None if reference && head.in_migration => {}
        None => {
            head.in_migration = false;
            head.ledger_time = last.max(head.record_time);
        }
    }
    Ok(())
}

fn untimely(head: &Head, reason: Reason, time: Instant, limit: String) -> Box<Refusal> {
    Box::new(Refusal::new(reason).field("ledger_time", shown(head, time)).expected(limit))
}

fn shown(head: &Head, time: Instant) -> String {
    head.utc_offset.local(time).to_string()
}

/// Of a document filed by call: computed once, the key of the request and of the document rest on it.
fn document_fingerprint(command: &Command) -> Option<Sha256> {
    match command {
        Command::File(document) => Some(fingerprint(&**document)),
        _ => None,
    }
}

/// What the rules made of a command.
struct Judged {
    verdict: Verdict,
    finished: Finished,
}

impl Judged {
    fn refused(refusal: Refusal) -> Self {
        Self { verdict: Verdict::Refused(Box::new(refusal)), finished: Finished::default() }
    }
}

fn judge(
    state: &dyn Read,
    head: &Head,
    proposal: &Proposal,
    document: Option<Sha256>,
) -> Result<Judged, Fault> {
    let mut work = Work::new(state, head.clone(), proposal.ledger_time.is_some());
    // A panic in a rule is a fault of ours that must not stop every replica at once (`design.md` 5).
    let decided = catch_unwind(AssertUnwindSafe(|| {
        let verdict = decide(&mut work, proposal, document)?;
        leases::secure(&mut work)?;
        deadlines::keep_current(&mut work)?;
        outbox::tell(&mut work, state, &proposal.command, &verdict)?;
        Ok(verdict)
    }))
    .unwrap_or_else(|_| Err(Stop::Broken("a rule panicked".into())));
    let decided = decided.and_then(|verdict| work.audit().map(|()| verdict));
    match decided {
        Ok(verdict) => Ok(Judged { verdict, finished: work.finish() }),
        Err(Stop::Refused(refusal)) => {
            let document = work.document.clone();
            let mut judged = intake::refused(state, head, proposal, *refusal)?;
            judged.finished.document = judged.finished.document.or(document);
            Ok(Judged { verdict: judged.verdict, finished: judged.finished })
        }
        Err(Stop::Fault(fault)) => Err(fault),
        Err(Stop::Broken(what)) => broken(state, head, proposal, &work, &what),
    }
}

fn decide(work: &mut Work<'_>, proposal: &Proposal, fingerprint: Option<Sha256>) -> Result<Verdict, Stop> {
    match &proposal.command {
        Command::Initialise(genesis) => orders::found(work, genesis, BEHAVIOUR_FIRST)?,
        Command::Found(founding) => orders::found(work, &founding.genesis, founding.behaviour)?,
        Command::DefineZone(zone) => zones::define(work, zone)?,
        Command::ConvertZone(conversion) => zones::convert(work, conversion)?,
        Command::DefineParty(party) => parties::define(work, party)?,
        Command::File(document) => {
            file(work, &proposal.principal, document)?;
            if let Some(fingerprint) = fingerprint {
                intake::remember_document(work, document, fingerprint)?;
            }
        }
        Command::Receive(message) => return intake::receive(work, &proposal.principal, message),
        Command::AcknowledgeReceipts(acknowledgement) => outbox::acknowledge(work, acknowledgement)?,
        Command::SetStops(order) => orders::set_stops(work, order)?,
        Command::OrderBook(order) => book_orders::order(work, order)?,
        Command::SetLotMethod(order) => lots::set_method(work, order)?,
        Command::ReturnList(order) => lists::return_list(work, order)?,
        Command::OrderDisposal(order) => disposals::order(work, &proposal.principal, order)?,
        Command::DecideAdjustment(order) => adjustments::decide(work, &proposal.principal, order)?,
        Command::OrderList(order) => standing::order(work, order)?,
        Command::DecideCorrection(decision) => corrections::decide(work, decision)?,
        Command::Guarantee(order) => guarantees::order(work, order)?,
        Command::SetCreditLevel(order) => credit::set(work, order)?,
        Command::SetParameter(wanted) => parameters::set(work, wanted)?,
        Command::ImportReference(import) => reference::import(work, import)?,
        Command::SetCalendar(order) => calendars::set(work, order)?,
        Command::RecordOverdue => deadlines::record_overdue(work)?,
        Command::RaiseBehaviour(behaviour) => orders::raise_behaviour(work, *behaviour)?,
        Command::OrderVerification(order) => verification::order(work, &proposal.principal, order)?,
        Command::AllowOverdraft(order) => overdrafts::order(work, order)?,
        Command::DecideTally(order) => tallies::decide(work, &proposal.principal, order)?,
        Command::OrderDifference(order) => differences::order(work, &proposal.principal, order)?,
        Command::SetTolerance(order) => tolerances::set(work, order)?,
        Command::Licence(order) => licences::order(work, order)?,
        Command::OrderBom(order) => boms::order(work, order)?,
        Command::DirectExit(order) => direct_exits::order(work, order)?,
        Command::OwnGroup(order) => repairs::register(work, order)?,
        Command::OrderDocument(order) => holds::order(work, order)?,
    }
    Ok(Verdict::Accepted)
}

/// Files a document, by whichever way it came.
pub(crate) fn file(work: &mut Work<'_>, by: &Principal, document: &Document) -> Result<(), Stop> {
    work.document = Some(document.number());
    match document {
        Document::Book(filing) => books::file(work, filing),
        Document::List(ListFiling::File(list)) => lists::file(work, list),
        Document::List(ListFiling::Change { change_no, list }) => lists::change(work, *change_no, list),
        Document::List(ListFiling::Withdraw { change_no, list_no }) => {
            lists::withdraw(work, *change_no, list_no)
        }
        Document::Correction(filing) => corrections::file(work, filing),
        Document::Tally(filing) => tallies::file(work, filing),
        Document::Assignment(assignment) => release::assign(work, assignment),
        Document::Pass(filing) => gate::file_pass(work, filing),
        Document::PassVoid(void) => passes::void(work, void),
        Document::Passage(report) => gate::report(work, report),
        Document::Notice(notice) => release::notice(work, notice),
        Document::CustomsResult(result) => customs_results::take(work, result),
        Document::Permit(filing) => permits::file(work, filing),
        Document::PermitClosing(closing) => closing::close(work, closing),
        Document::Slip(filing) => slips::file(work, filing),
        Document::SlipVoid(void) => slips::void(work, void),
        Document::Consumption(filing) => consumption::file(work, filing),
        Document::ConsumptionChange(change) => consumption::change(work, change),
        Document::ConsumptionVoid(void) => consumption::void(work, void),
        Document::Disposal(filing) => disposals::file(work, filing),
        Document::Lease(filing) => leases::file(work, filing),
        Document::WorkOrder(filing) => work_orders::file(work, filing),
        Document::Registration(filing) => registrations::file(work, filing),
        Document::StatusChange(filing) => status_changes::file(work, filing),
        Document::CarryOver(filing) => carry_over::file(work, filing),
        Document::Verification(filing) => verification::file(work, filing),
        Document::Adjustment(filing) => adjustments::file(work, filing),
        Document::Parcels(filing) => parcels::file(work, filing),
        Document::ParcelReturn(filing) => parcel_returns::file(work, filing),
        Document::Campaign(filing) => campaigns::file(work, filing),
        Document::Differences(filing) => differences::file(work, by, filing),
        Document::Sales(filing) => sales::file(work, filing),
        Document::TransferForm(filing) => transfer_forms::file(work, filing),
    }
}

/// A check on our own work failed: nothing of it stays, the books it touched are stopped, the outcome says so.
fn broken(
    state: &dyn Read,
    head: &Head,
    proposal: &Proposal,
    work: &Work<'_>,
    what: &str,
) -> Result<Judged, Fault> {
    let mut books: BTreeSet<BookNo> = work.books().clone();
    if let Command::File(document) = &proposal.command
        && let Document::List(ListFiling::File(list) | ListFiling::Change { list, .. }) = &**document
    {
        books.insert(list.book_no.clone());
    }
    let mut stopped = Work::new(state, head.clone(), false);
    for book_no in books {
        if let Some(book) = get::<Books>(state, book_no.clone())? {
            let mut book = (*book).clone();
            book.faulted = true;
            stopped.put::<Books>(book_no, Arc::new(book));
        }
    }
    if let Command::Receive(message) = &proposal.command {
        // Its key stays free, so that it may come again; that it came is on record.
        intake::remember_delivery(&mut stopped, message);
    }
    let value: String = what.chars().take(500).collect();
    let refusal = Refusal::new(Reason::InternalFault).field("check", value);
    let mut finished = stopped.finish();
    finished.document = work.document.clone();
    Ok(Judged { verdict: Verdict::Refused(Box::new(refusal)), finished })
}

/// Who asked for what, as the event keeps it.
struct By {
    principal: Principal,
    command: CommandKind,
    label: Option<Label>,
}

fn conclude(
    head: Head,
    proposal: &Proposal,
    fingerprint: Sha256,
    judged: Judged,
    request: Option<(RequestId, Principal)>,
) -> (Applied, Writes) {
    let label = match &proposal.command {
        Command::Receive(message) => match &message.content {
            Content::Unreadable(_) => None,
            Content::Invalid { label, .. } | Content::Keyed { label, .. } => Some(label.clone()),
        },
        _ => None,
    };
    let by = By { principal: proposal.principal.clone(), command: kind_of(&proposal.command), label };
    record(head, by, fingerprint, judged, request)
}

/// Writes the event, the head with the running digest, and the request key.
fn record(
    mut head: Head,
    by: By,
    fingerprint: Sha256,
    judged: Judged,
    request: Option<(RequestId, Principal)>,
) -> (Applied, Writes) {
    let Judged { verdict, mut finished } = judged;
    let outcome = Outcome {
        verdict,
        document: finished.document.take(),
        state: finished.state,
        changed: std::mem::take(&mut finished.changed),
    };
    let accepted = outcome.is_accepted();
    if accepted
        && let Some(Some(crate::state::Row::Head(new))) = finished.writes.get(&crate::state::Key::Head(()))
    {
        // Only the first command and `RaiseBehaviour` write the head themselves.
        head.cluster_id = new.cluster_id.clone();
        head.utc_offset = new.utc_offset;
        head.behaviour = new.behaviour;
    }
    let mut bytes = canonical(&(
        &head.digest,
        head.revision,
        head.record_time,
        head.ledger_time,
        &by.principal,
        &fingerprint,
        &outcome,
    ));
    bytes.extend_from_slice(&canonical(&finished.counters_after));
    if !finished.layers_after.is_empty() {
        bytes.extend_from_slice(&canonical(&finished.layers_after));
    }
    head.digest = sha256(&bytes);
    let event = Event {
        record_time: head.record_time,
        ledger_time: head.ledger_time,
        principal: by.principal,
        command: by.command,
        fingerprint,
        label: by.label,
        outcome: outcome.clone(),
        steps: finished.steps,
        digest: head.digest,
    };
    let applied = Applied {
        revision: head.revision,
        repeated: false,
        record_time: head.record_time,
        ledger_time: head.ledger_time,
        outcome,
        balances: finished.balances,
        lots: finished.lots,
    };
    let mut writes = finished.writes;
    let mut put = |key, row| writes.insert(key, Some(row));
    if let Some(request) = request {
        let seen = SeenRequest { fingerprint, revision: head.revision };
        put(crate::state::Key::Request(request), crate::state::Row::Request(seen));
    }
    put(crate::state::Key::Event(head.revision), crate::state::Row::Event(Arc::new(event)));
    put(crate::state::Key::Head(()), crate::state::Row::Head(Arc::new(head)));
    (applied, writes)
}

const fn kind_of(command: &Command) -> CommandKind {
    match command {
        Command::Initialise(_) => CommandKind::Initialise,
        Command::Found(_) => CommandKind::Found,
        Command::DefineZone(_) => CommandKind::DefineZone,
        Command::ConvertZone(_) => CommandKind::ConvertZone,
        Command::DefineParty(_) => CommandKind::DefineParty,
        Command::File(_) => CommandKind::File,
        Command::Receive(_) => CommandKind::Receive,
        Command::AcknowledgeReceipts(_) => CommandKind::AcknowledgeReceipts,
        Command::SetStops(_) => CommandKind::SetStops,
        Command::OrderBook(_) => CommandKind::OrderBook,
        Command::SetLotMethod(_) => CommandKind::SetLotMethod,
        Command::ReturnList(_) => CommandKind::ReturnList,
        Command::OrderDisposal(_) => CommandKind::OrderDisposal,
        Command::DecideAdjustment(_) => CommandKind::DecideAdjustment,
        Command::OrderList(_) => CommandKind::OrderList,
        Command::DecideCorrection(_) => CommandKind::DecideCorrection,
        Command::Guarantee(_) => CommandKind::Guarantee,
        Command::SetCreditLevel(_) => CommandKind::SetCreditLevel,
        Command::SetParameter(_) => CommandKind::SetParameter,
        Command::ImportReference(_) => CommandKind::ImportReference,
        Command::SetCalendar(_) => CommandKind::SetCalendar,
        Command::RecordOverdue => CommandKind::RecordOverdue,
        Command::RaiseBehaviour(_) => CommandKind::RaiseBehaviour,
        Command::OrderVerification(_) => CommandKind::OrderVerification,
        Command::AllowOverdraft(_) => CommandKind::AllowOverdraft,
        Command::DecideTally(_) => CommandKind::DecideTally,
        Command::OrderDifference(_) => CommandKind::OrderDifference,
        Command::SetTolerance(_) => CommandKind::SetTolerance,
        Command::Licence(_) => CommandKind::Licence,
        Command::OrderBom(_) => CommandKind::OrderBom,
        Command::DirectExit(_) => CommandKind::DirectExit,
        Command::OwnGroup(_) => CommandKind::OwnGroup,
        Command::OrderDocument(_) => CommandKind::OrderDocument,
    }
}
